//! The part of a PostgreSQL URL behind the `?`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use strsim::damerau_levenshtein;

use super::parse::{decode, invalid};
use super::{SslMode, TargetSessionAttrs};
use crate::config::url::plain;
use crate::error::{Error, Result};

const KNOWN: [&str; 7] = [
    "host",
    "port",
    "sslmode",
    "sslrootcert",
    "connect_timeout",
    "target_session_attrs",
    "application_name",
];
const LONGEST_TIMEOUT: u64 = 3600;

#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub host: Option<String>,
    pub port: Option<String>,
    pub sslmode: Option<SslMode>,
    pub sslrootcert: Option<PathBuf>,
    pub connect_timeout: Option<Duration>,
    pub target_session_attrs: TargetSessionAttrs,
    pub application_name: Option<String>,
}

impl Parameters {
    pub(super) fn parse(query: &str) -> Result<Self> {
        let mut parameters = Parameters::default();
        let mut seen = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let Some((name, value)) = pair.split_once('=') else {
                return Err(invalid("holds a parameter without `=`"));
            };
            let (name, value) = (decode(name)?, decode(value)?);
            if seen.contains(&name) {
                return Err(invalid(&format!("holds the parameter `{}` twice", plain(&name))));
            }
            parameters.set(&name, value)?;
            seen.push(name);
        }
        Ok(parameters)
    }

    fn set(&mut self, name: &str, value: String) -> Result<()> {
        match name {
            "host" => self.host = Some(value),
            "port" => self.port = Some(value),
            "sslmode" => self.sslmode = Some(word(name, &SslMode::ALL, &value)?),
            "sslrootcert" => self.sslrootcert = ca_file(&value)?,
            "connect_timeout" => self.connect_timeout = Some(timeout(&value)?),
            "target_session_attrs" => {
                self.target_session_attrs = word(name, &TargetSessionAttrs::ALL, &value)?;
            }
            "application_name" => self.application_name = Some(application_name(value)?),
            "password" => {
                return Err(invalid(
                    "holds the password as a parameter; put it in a password_file",
                ));
            }
            _ => return Err(unknown(name)),
        }
        Ok(())
    }
}

fn unknown(name: &str) -> Error {
    let error = invalid(&format!("holds the unknown parameter `{}`", plain(name)));
    let nearest = KNOWN
        .iter()
        .map(|known| (damerau_levenshtein(known, name), *known))
        .min();
    match nearest {
        Some((distance, known)) if distance <= 3 => {
            error.hint(format!("the nearest known parameter is `{known}`"))
        }
        _ => error.hint(format!("known are {}", KNOWN.join(", "))),
    }
}

fn word<T: Copy>(name: &str, words: &[(&str, T)], value: &str) -> Result<T> {
    let found = words
        .iter()
        .find(|(word, _)| *word == value)
        .map(|(_, meaning)| *meaning);
    found.ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        invalid(&format!("holds an unknown `{name}`")).hint(format!("known are {}", known.join(", ")))
    })
}

/// `system` means the system's roots, as in libpq since PostgreSQL 16.
fn ca_file(value: &str) -> Result<Option<PathBuf>> {
    match value {
        "system" => Ok(None),
        path if Path::new(path).is_absolute() => Ok(Some(PathBuf::from(path))),
        _ => Err(invalid(
            "holds an `sslrootcert` that is neither an absolute path nor `system`",
        )),
    }
}

/// libpq's 0 waits for ever; here every call has a deadline.
fn timeout(value: &str) -> Result<Duration> {
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = value
        .parse()
        .ok()
        .filter(|seconds| is_number && (1..=LONGEST_TIMEOUT).contains(seconds));
    let wrong = || {
        invalid(&format!(
            "holds a `connect_timeout` that is not 1 to {LONGEST_TIMEOUT} seconds"
        ))
    };
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

/// PostgreSQL replaces what is not printable ASCII and cuts at 63 bytes, both silently.
fn application_name(value: String) -> Result<String> {
    let is_right = (1..=63).contains(&value.len()) && value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if is_right {
        Ok(value)
    } else {
        Err(invalid(
            "holds an `application_name` that is not 1 to 63 printable ASCII characters",
        ))
    }
}
