//! The file layer: where the file is looked for, and TOML into settings, with the line of each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::keys;
use super::layers::{Origin, Setting};
use super::url::plain;
use super::value::Value;
use crate::error::{Error, Result};

/// Where the system's file is.
pub const SYSTEM_FILE: &str = "/etc/hostctl/hostctl.toml";

/// The settings of a file, and what it holds besides.
#[derive(Debug, Default)]
pub struct Parsed {
    /// By path with dots.
    pub settings: BTreeMap<String, Setting>,
    /// In the order of their lines.
    pub unknown: Vec<Unknown>,
}

/// A key nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    segments: Vec<String>,
    path: PathBuf,
    line: usize,
}

impl Unknown {
    /// The refusal: file, line and nearest known key.
    #[must_use]
    pub fn error(&self) -> Error {
        let segments: Vec<&str> = self.segments.iter().map(String::as_str).collect();
        let error = at(
            &self.path,
            self.line,
            &format!("unknown key `{}`", plain(&segments.join("."))),
        );
        match keys::nearest(&segments) {
            Some(known) => error.hint(format!("the nearest known key is `{}`", plain(&known))),
            None => error,
        }
    }
}

/// The places for a file that nobody named, the first that exists wins.
#[must_use]
pub fn usual_places(variables: &BTreeMap<String, String>) -> Vec<PathBuf> {
    // XDG Base Directory Specification: relative paths are to be ignored.
    let directory = |name: &str| {
        variables
            .get(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let personal = directory("XDG_CONFIG_HOME").or_else(|| Some(directory("HOME")?.join(".config")));
    let personal = personal.map(|directory| directory.join("hostctl/hostctl.toml"));
    std::iter::once(PathBuf::from(SYSTEM_FILE))
        .chain(personal)
        .collect()
}

/// Parses the text of the file at `path`. Deep nesting is refused by the parser, at 80 levels.
///
/// # Errors
/// `usage` naming file and line.
pub fn parse(path: &Path, text: &str) -> Result<Parsed> {
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        at(path, line, &plain(error.message()))
    })?;
    let mut reader = Reader {
        path,
        text,
        parsed: Parsed::default(),
    };
    reader.table(&mut Vec::new(), document.get_ref())?;
    reader.parsed.unknown.sort_by_key(|unknown| unknown.line);
    Ok(reader.parsed)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    parsed: Parsed,
}

impl Reader<'_> {
    fn table(&mut self, above: &mut Vec<String>, table: &DeTable<'_>) -> Result<()> {
        for (key, value) in table {
            above.push(key.get_ref().to_string());
            let line = line_of(self.text, key.span().start);
            self.entry(above, value.get_ref(), line)?;
            above.pop();
        }
        Ok(())
    }

    fn entry(&mut self, segments: &mut Vec<String>, value: &DeValue<'_>, line: usize) -> Result<()> {
        let borrowed: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let Some(key) = keys::find(&borrowed) {
            let path = segments.join(".");
            let value = Value::from_toml(key.kind, value)
                .map_err(|wrong| at(self.path, line, &format!("`{path}` {wrong}")))?;
            let origin = Origin::File {
                path: self.path.to_owned(),
                line,
            };
            self.parsed.settings.insert(path, Setting { value, origin });
            return Ok(());
        }
        let is_section = keys::is_section(&borrowed);
        if is_section && keys::is_name(&borrowed) && !is_valid_name(borrowed[borrowed.len() - 1]) {
            let name = plain(borrowed[borrowed.len() - 1]);
            let rule = "names are lower-case letters, digits, `-` and `_`, at most 63, without `__`";
            return Err(at(
                self.path,
                line,
                &format!("the name `{name}` is not allowed: {rule}"),
            ));
        }
        match value {
            DeValue::Table(inner) if is_section || !inner.is_empty() => self.table(segments, inner),
            _ if is_section => {
                let section = segments.join(".");
                Err(at(self.path, line, &format!("`{section}` must be a table")))
            }
            _ => {
                let unknown = Unknown {
                    segments: segments.clone(),
                    path: self.path.to_owned(),
                    line,
                };
                self.parsed.unknown.push(unknown);
                Ok(())
            }
        }
    }
}

/// Whether the operator may give something this name: it must be spelt in a variable, too.
#[must_use]
pub fn is_valid_name(name: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    let edges = [name.bytes().next(), name.bytes().next_back()];
    (1..=63).contains(&name.len())
        && name.bytes().all(is_allowed)
        && edges
            .into_iter()
            .flatten()
            .all(|byte| byte.is_ascii_alphanumeric())
        && !name.contains("__")
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn at(path: &Path, line: usize, message: &str) -> Error {
    Error::configuration(format!("{}:{line}: {message}", plain(&path.to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn refusal(text: &str) -> (String, Option<String>) {
        let outcome = parse(Path::new("h.toml"), text).and_then(|parsed| match parsed.unknown.first() {
            Some(unknown) => Err(unknown.error()),
            None => Ok(()),
        });
        let error = outcome.expect_err(text);
        assert_eq!(error.kind(), Kind::Usage);
        (error.message().to_owned(), error.hint_text().map(str::to_owned))
    }

    #[test]
    fn errors_name_the_file_the_line_and_the_key() {
        for (text, message) in [
            (
                "[control]\n\nurl = 5",
                "h.toml:3: `control.url` must be a PostgreSQL URL, found an integer",
            ),
            (
                "[control]\npassword_file = \"x\"",
                "h.toml:2: `control.password_file` must be an absolute path",
            ),
            (
                "[cluster.main]\nextensions = [1]",
                "h.toml:2: `cluster.main.extensions` must be a list of texts",
            ),
            ("control = 1", "h.toml:1: `control` must be a table"),
            ("[[cluster]]\nurl = \"x\"", "h.toml:1: `cluster` must be a table"),
            ("[host]\nname = \"a\"\nname = \"b\"", "h.toml:3: duplicate key"),
            (
                "[resolver]\nauthoritative_port = 99999999999999999999",
                "h.toml:2: `resolver.authoritative_port` must be a port from 1 to 65535",
            ),
            ("\"control.url\" = \"x\"", "h.toml:1: unknown key `control.url`"),
            ("\"a\\u001b[2J\" = 1", "h.toml:1: unknown key `a\\u{1b}[2J`"),
        ] {
            assert_eq!(refusal(text).0, message);
        }
    }

    #[test]
    fn an_unknown_key_names_the_nearest_known_one() {
        let (message, hint) = refusal("[control]\nulr = \"x\"");
        assert_eq!(message, "h.toml:2: unknown key `control.ulr`");
        assert_eq!(hint.as_deref(), Some("the nearest known key is `control.url`"));
        let (message, hint) = refusal("[reslver]");
        assert_eq!(message, "h.toml:1: unknown key `reslver`");
        assert_eq!(hint.as_deref(), Some("the nearest known key is `resolver`"));
    }

    #[test]
    fn names_can_be_spelt_in_a_variable() {
        for name in ["main", "eu-west_1", "1"] {
            assert!(is_valid_name(name), "{name}");
        }
        for name in ["", "Main", "a__b", "-a", "a-", "a.b", "ä", &"a".repeat(64)] {
            assert!(!is_valid_name(name), "{name}");
        }
        assert!(
            refusal("[cluster.Main]\nurl = \"x\"")
                .0
                .starts_with("h.toml:1: the name `Main` is not allowed")
        );
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow_the_stack() {
        for text in [
            format!("a = {}", "[".repeat(400_000)),
            format!("a = {}", "{a=".repeat(200_000)),
            format!("{}a = 1", "a.".repeat(400_000)),
            format!("[{}a]", "a.".repeat(400_000)),
        ] {
            assert!(parse(Path::new("h.toml"), &text).is_err());
        }
    }

    #[test]
    fn a_personal_file_comes_after_the_system_s() {
        let variables = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            usual_places(&pairs.collect())
        };
        let expected = [
            PathBuf::from(SYSTEM_FILE),
            PathBuf::from("/home/a/.config/hostctl/hostctl.toml"),
        ];
        assert_eq!(
            variables(&[("HOME", "/home/a"), ("XDG_CONFIG_HOME", "relative")]),
            expected
        );
        let expected = [
            PathBuf::from(SYSTEM_FILE),
            PathBuf::from("/x/hostctl/hostctl.toml"),
        ];
        assert_eq!(
            variables(&[("HOME", "/home/a"), ("XDG_CONFIG_HOME", "/x")]),
            expected
        );
        assert_eq!(variables(&[]), [PathBuf::from(SYSTEM_FILE)]);
    }
}
