//! The variable layer: `HOSTCTL_CONTROL__URL` is `control.url`.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use super::file::is_valid_name;
use super::keys::{self, Key};
use super::layers::{Origin, Setting};
use super::url::plain;
use super::value::Value;
use crate::error::{Error, Result};

const PREFIX: &str = "HOSTCTL_";

/// A variable that is no key of the file.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// The name; `*` at the end stands for anything.
    pub name: &'static str,
    /// One line for the README.
    pub documentation: &'static str,
}

/// The variables that are no keys of the file. Whoever needs one reads it from the environment.
pub static VARIABLES: &[Variable] = &[
    Variable {
        name: "HOSTCTL_CONFIG",
        documentation: "the configuration file, as `--config`",
    },
    Variable {
        name: "HOSTCTL_LOG",
        documentation: "a tracing filter for the log on stderr",
    },
    Variable {
        name: "HOSTCTL_ACCOUNT",
        documentation: "the account, as `--account`",
    },
    Variable {
        name: "HOSTCTL_KEYRING",
        documentation: "the key ring, instead of `keyring.file`",
    },
    Variable {
        name: "HOSTCTL_HOOK_*",
        documentation: "what hooks and steps are told; never configuration",
    },
    Variable {
        name: "HOSTCTL_CRASH*",
        documentation: "kills the process at a named point; test builds only",
    },
    Variable {
        name: "HOSTCTL_CLOCK_SHIFT",
        documentation: "puts the clock ahead by so many seconds; test builds only",
    },
];

/// The settings in `variables`. Names of clusters and their like that stand in the `file` are found whether they are
/// spelt with `-` or `_`; others are taken in lower case.
///
/// # Errors
/// `usage` naming the variable, and the nearest known one.
pub fn parse(
    variables: &BTreeMap<String, String>,
    file: &BTreeMap<String, Setting>,
) -> Result<BTreeMap<String, Setting>> {
    let mut settings = BTreeMap::new();
    let ours = variables
        .iter()
        .filter_map(|(name, value)| Some((name, name.strip_prefix(PREFIX)?, value)));
    for (name, rest, value) in ours {
        if is_reserved(name) {
            continue;
        }
        let segments = segments(rest, file);
        let borrowed: Vec<&str> = segments.iter().map(String::as_str).collect();
        let Some(key) = keys::find(&borrowed) else {
            check_unknown(name, rest, &borrowed)?;
            continue;
        };
        check_name(name, key, &borrowed)?;
        let value = Value::from_text(key.kind, value)
            .map_err(|wrong| Error::configuration(format!("the variable {} {wrong}", plain(name))))?;
        settings.insert(
            segments.join("."),
            Setting {
                value,
                origin: Origin::Variable(name.clone()),
            },
        );
    }
    Ok(settings)
}

/// The variable that sets the key at `path`.
#[must_use]
pub fn name_of(path: &str) -> String {
    format!(
        "{PREFIX}{}",
        path.replace('.', "__").replace('-', "_").to_ascii_uppercase()
    )
}

fn is_reserved(name: &str) -> bool {
    VARIABLES
        .iter()
        .any(|variable| match variable.name.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => name == variable.name,
        })
}

fn segments(rest: &str, file: &BTreeMap<String, Setting>) -> Vec<String> {
    let lower: Vec<String> = rest.split("__").map(str::to_ascii_lowercase).collect();
    let [section, name, key] = lower.as_slice() else {
        return lower;
    };
    let known = file.keys().find_map(|path| {
        let (known_section, path) = path.split_once('.')?;
        let (known, _) = path.split_once('.')?;
        (known_section == section && known.replace('-', "_") == *name).then(|| known.to_owned())
    });
    vec![
        section.clone(),
        known.unwrap_or_else(|| name.clone()),
        key.clone(),
    ]
}

fn check_name(variable: &str, key: &Key, segments: &[&str]) -> Result<()> {
    let is_wrong = key
        .path
        .split('.')
        .zip(segments)
        .any(|(part, name)| part == "*" && !is_valid_name(name));
    if is_wrong {
        return Err(Error::configuration(format!(
            "the variable {} holds a name that is not allowed",
            plain(variable)
        )));
    }
    Ok(())
}

/// A name with `__` is meant for us. Of the others only what looks like a slip is refused: an installer or a CI system
/// may have variables of its own under our prefix.
fn check_unknown(name: &str, rest: &str, segments: &[&str]) -> Result<()> {
    let meant = keys::nearest(segments)
        .map(|path| name_of(&path))
        .or_else(|| nearest_reserved(name));
    if !rest.contains("__") && meant.is_none() {
        return Ok(());
    }
    let error = Error::configuration(format!("unknown variable {}", plain(name)));
    Err(match meant {
        Some(meant) => error.hint(format!("the nearest known variable is {}", plain(&meant))),
        None => error,
    })
}

fn nearest_reserved(name: &str) -> Option<String> {
    let near = VARIABLES
        .iter()
        .find(|variable| damerau_levenshtein(variable.name, name) <= 2)?;
    Some(near.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &str, value: &str) -> Result<BTreeMap<String, Setting>> {
        let origin = Origin::Default;
        let setting = Setting {
            value: Value::Boolean(true),
            origin,
        };
        let file = BTreeMap::from([("cluster.eu-west.default".to_owned(), setting)]);
        parse(&BTreeMap::from([(name.to_owned(), value.to_owned())]), &file)
    }

    #[test]
    fn a_variable_is_the_path_in_capitals() {
        for (name, path) in [
            ("HOSTCTL_CONTROL__PASSWORD_FILE", "control.password_file"),
            (
                "HOSTCTL_CLUSTER__MAIN__PASSWORD_FILE",
                "cluster.main.password_file",
            ),
            (
                "HOSTCTL_CLUSTER__EU_WEST__PASSWORD_FILE",
                "cluster.eu-west.password_file",
            ),
            ("HOSTCTL_STATE_DIRECTORY", "state_directory"),
        ] {
            let settings = parsed(name, "/a").expect(name);
            assert_eq!(settings.keys().collect::<Vec<_>>(), [path]);
            assert_eq!(settings[path].origin, Origin::Variable(name.to_owned()));
            assert_eq!(name_of(path), name);
        }
    }

    #[test]
    fn an_unknown_variable_names_the_nearest_known_one() {
        for (name, meant) in [
            ("HOSTCTL_CONTROL__ULR", Some("HOSTCTL_CONTROL__URL")),
            (
                "HOSTCTL_CLUSTER__MAIN__PASSWORDFILE",
                Some("HOSTCTL_CLUSTER__MAIN__PASSWORD_FILE"),
            ),
            ("HOSTCTL_ACOUNT", Some("HOSTCTL_ACCOUNT")),
            ("HOSTCTL_XYZZY__PLUGH", None),
        ] {
            let error = parsed(name, "x").expect_err(name);
            assert_eq!(error.message(), format!("unknown variable {name}"));
            assert_eq!(
                error.hint_text(),
                meant
                    .map(|meant| format!("the nearest known variable is {meant}"))
                    .as_deref()
            );
        }
    }

    #[test]
    fn what_is_not_configuration_is_left_alone() {
        for name in [
            "HOSTCTL_CONFIG",
            "HOSTCTL_HOOK_A__B",
            "HOSTCTL_CRASH",
            "HOSTCTL_VERSION",
            "PATH",
            "HOSTCTLX__Y",
        ] {
            assert!(parsed(name, "x").expect(name).is_empty());
        }
    }

    #[test]
    fn a_wrong_value_names_the_variable_and_does_not_repeat_it() {
        let error = parsed("HOSTCTL_DOMAIN__HTTP_PORT", "hunter2").expect_err("no port");
        assert_eq!(
            error.message(),
            "the variable HOSTCTL_DOMAIN__HTTP_PORT must be a port from 1 to 65535"
        );
        assert!(parsed("HOSTCTL_CLUSTER__-X__URL", "postgres://h/d").is_err());
    }
}
