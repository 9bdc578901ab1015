//! What has to be published, and where: draft-ietf-dnsop-domain-verification-techniques.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::config;
use crate::error::{Error, Kind, Result};
use crate::model::{DomainName, RecordType};

/// RFC 4648 §6, in lower case and without padding, so that it is a label of DNS too.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// A name of DNS is no longer, without its final dot.
const LONGEST: usize = 253;

/// What is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The name alone.
    Host,
    /// The name and everything below it.
    Domain,
}

/// How.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A TXT record.
    Txt,
    /// An alias.
    Cname,
    /// A page; it proves a host only.
    Http,
}

impl Scope {
    /// The word in options, rows and names.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Scope::Host => "host",
            Scope::Domain => "domain",
        }
    }
}

impl Method {
    /// The word in options and rows.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Method::Txt => "txt",
            Method::Cname => "cname",
            Method::Http => "http",
        }
    }

    /// The type of record that is looked for; nothing where it is a page.
    #[must_use]
    pub fn record_type(self) -> Option<RecordType> {
        match self {
            Method::Txt => Some(RecordType::Txt),
            Method::Cname => Some(RecordType::Cname),
            Method::Http => None,
        }
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        [Scope::Host, Scope::Domain]
            .into_iter()
            .find(|scope| scope.word() == text)
            .ok_or_else(|| Error::invalid("a scope is host or domain"))
    }
}

impl FromStr for Method {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        [Method::Txt, Method::Cname, Method::Http]
            .into_iter()
            .find(|method| method.word() == text)
            .ok_or_else(|| Error::invalid("a method is txt, cname or http"))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// `TXT`, `CNAME` or `HTTP`.
    pub r#type: &'static str,
    /// Of a record the name, of a page the URL.
    pub name: String,
    /// Of a record the value, of a page the whole text.
    pub value: String,
    /// Until when it has to be seen.
    pub until: Timestamp,
}

/// Refuses a public suffix: below it everything belongs to strangers.
///
/// # Errors
/// `usage`, reason `public_suffix`.
pub fn check_suffix(name: &DomainName) -> Result<()> {
    if !name.is_public_suffix() {
        return Ok(());
    }
    let message = format!("domain {name}: a public suffix, below which everything belongs to strangers");
    Err(Error::new(Kind::Usage, "public_suffix", message))
}

/// A token of 160 bits.
pub(super) fn token() -> Result<String> {
    Ok(base32(&clock::random::<20>()?))
}

/// The last part of a URL: 80 bits, of which the token does not follow.
pub(super) fn path() -> Result<String> {
    Ok(base32(&clock::random::<10>()?))
}

/// The name of the record.
pub(super) fn record_name(name: &str, scope: Scope) -> String {
    format!("_hostctl-{scope}-challenge.{name}")
}

/// Where the alias points to.
///
/// # Errors
/// `usage` where no zone for it is configured, or the name would be too long.
pub(super) fn target(config: &config::Domain, token: &str) -> Result<String> {
    let Some(zone) = &config.challenge_zone else {
        let error = Error::configuration("no zone is configured that an alias could point into");
        return Err(
            error.hint("set challenge_zone below [domain] in the configuration file, or use --method txt")
        );
    };
    let target = format!("{token}.{}", zone.trim_end_matches('.').to_ascii_lowercase());
    check_length(&target, "[domain] challenge_zone")?;
    Ok(target)
}

/// Where the page is.
pub(super) fn url(config: &config::Domain, name: &str, path: &str) -> String {
    let port = match config.http_port {
        80 => String::new(),
        port => format!(":{port}"),
    };
    format!("http://{name}{port}/.well-known/hostctl-challenge/{path}")
}

/// Refuses a name below which the record's name would be longer than DNS allows.
pub(super) fn check_length(name: &str, what: &str) -> Result<()> {
    if name.len() <= LONGEST {
        return Ok(());
    }
    let message = format!(
        "{what}: the name of the record would have {} bytes, and {LONGEST} are allowed",
        name.len()
    );
    Err(Error::invalid(message))
}

fn base32(bytes: &[u8]) -> String {
    let groups = bytes.chunks(5).flat_map(|chunk| {
        let mut bits = [0; 8];
        bits[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(bits);
        (0..8)
            .rev()
            .map(move |group| usize::try_from(bits >> (group * 5) & 31).unwrap_or_default())
    });
    groups.map(|group| char::from(ALPHABET[group])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_160_bits_and_is_a_label() {
        assert_eq!(base32(b"fooba"), "mzxw6ytb", "RFC 4648 §10");
        assert_eq!(base32(&[0xff; 5]), "77777777");
        let (one, other) = (token().expect("entropy"), token().expect("entropy"));
        assert_eq!((one.len(), path().expect("entropy").len()), (32, 16));
        assert_ne!(one, other);
    }

    #[test]
    fn words_and_values_are_one_to_one() {
        for scope in [Scope::Host, Scope::Domain] {
            assert_eq!(scope.word().parse::<Scope>().expect("a scope"), scope);
        }
        for method in [Method::Txt, Method::Cname, Method::Http] {
            assert_eq!(method.word().parse::<Method>().expect("a method"), method);
        }
        assert!("HOST".parse::<Scope>().is_err() && "dns".parse::<Method>().is_err());
    }

    #[test]
    fn the_name_says_what_is_proven() {
        assert_eq!(
            record_name("example.test", Scope::Domain),
            "_hostctl-domain-challenge.example.test"
        );
        let long = format!("{}.test", "a.".repeat(120) + "a");
        assert!(check_length(&record_name(&long, Scope::Host), "domain name").is_err());
    }
}
