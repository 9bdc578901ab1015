//! Which of several configured by name is meant: the flag, then `main`, the only one, or the one with `default = true`.

use std::collections::BTreeMap;

use super::url::plain;
use crate::error::{Error, Result};

/// What is configured several times, by name.
pub trait Choice {
    /// The section and the flag, such as `cluster` for `[cluster.NAME]` and `--cluster`.
    const SECTION: &'static str;
    /// The flag that names one.
    const FLAG: &'static str = Self::SECTION;

    /// Whether it says `default = true`.
    fn is_default(&self) -> bool;
}

/// The one that is meant, with its name.
///
/// # Errors
/// `usage` where the flag names none, none is configured, or it cannot be told which.
pub fn pick<'a, T: Choice>(
    configured: &'a BTreeMap<String, T>,
    flag: Option<&str>,
) -> Result<(&'a str, &'a T)> {
    let section = T::SECTION;
    if let Some(name) = flag {
        let found = configured.get_key_value(name).map(named);
        return found.ok_or_else(|| unknown(section, name, configured.keys()));
    }
    if let Some(main) = configured.get_key_value("main") {
        return Ok(named(main));
    }
    let mut preferred = configured
        .iter()
        .filter(|(_, one)| configured.len() == 1 || one.is_default());
    match (preferred.next(), preferred.next()) {
        (Some(one), None) => Ok(named(one)),
        _ if configured.is_empty() => {
            let message = format!("no [{section}.NAME] is configured");
            Err(Error::configuration(message).hint(format!("add [{section}.main] to the configuration file")))
        }
        _ => {
            let names = list(configured.keys());
            let message = format!("which {section} is meant cannot be told: configured are {names}");
            Err(Error::configuration(message)
                .hint(format!("--{} NAME, or `default = true` in one of them", T::FLAG)))
        }
    }
}

fn named<'a, T>((name, one): (&'a String, &'a T)) -> (&'a str, &'a T) {
    (name.as_str(), one)
}

fn unknown<'a>(section: &str, name: &str, known: impl Iterator<Item = &'a String>) -> Error {
    let error = Error::configuration(format!("no [{section}.{}] is configured", plain(name)));
    match list(known) {
        known if known.is_empty() => error,
        known => error.hint(format!("configured: {known}")),
    }
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(bool);

    impl Choice for One {
        const SECTION: &'static str = "cluster";

        fn is_default(&self) -> bool {
            self.0
        }
    }

    fn picked(names: &[(&str, bool)], flag: Option<&str>) -> Result<String> {
        let configured = names
            .iter()
            .map(|(name, is_default)| ((*name).to_owned(), One(*is_default)))
            .collect();
        pick(&configured, flag).map(|(name, _)| name.to_owned())
    }

    #[test]
    fn the_flag_then_main_then_the_only_one_then_the_default() {
        assert_eq!(
            picked(&[("a", false), ("main", false)], Some("a")).expect("flag"),
            "a"
        );
        assert_eq!(
            picked(&[("a", true), ("main", false)], None).expect("main"),
            "main"
        );
        assert_eq!(picked(&[("a", false)], None).expect("only"), "a");
        assert_eq!(picked(&[("a", false), ("b", true)], None).expect("default"), "b");
    }

    #[test]
    fn what_cannot_be_told_is_asked() {
        let error = picked(&[("a", false), ("b", false)], None).expect_err("unclear");
        assert_eq!(
            error.message(),
            "which cluster is meant cannot be told: configured are a, b"
        );
        assert!(picked(&[("a", true), ("b", true)], None).is_err());
        let error = picked(&[("a", false)], Some("b")).expect_err("unknown");
        assert_eq!(
            (error.message(), error.hint_text()),
            ("no [cluster.b] is configured", Some("configured: a"))
        );
        assert_eq!(
            picked(&[], None).expect_err("none").message(),
            "no [cluster.NAME] is configured"
        );
    }
}
