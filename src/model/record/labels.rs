//! Names of DNS between presentation form (RFC 1035 §5.1, RFC 4343 §2.1) and the bytes of their labels.

use std::fmt::Write as _;

/// Bytes of a label, and of a name on the wire (RFC 1035 §2.3.4).
const LABEL: usize = 63;
const NAME: usize = 255;

/// The labels of a name with or without its final dot, escapes resolved; none for the root. Nothing where it is no name.
#[must_use]
pub fn labels(name: &str) -> Option<Vec<Vec<u8>>> {
    if name == "." {
        return Some(Vec::new());
    }
    let mut labels = vec![Vec::new()];
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let byte = match first {
            b'.' if rest.is_empty() => break,
            b'.' => {
                labels.push(Vec::new());
                continue;
            }
            b'\\' => escaped(&mut rest)?,
            plain => *plain,
        };
        labels.last_mut()?.push(byte);
    }
    let is_whole = labels.iter().all(|label| (1..=LABEL).contains(&label.len()));
    let length: usize = labels.iter().map(|label| label.len() + 1).sum();
    (is_whole && length < NAME).then_some(labels)
}

/// The one way to write these labels, without the final dot: printable ASCII without blanks. What a master file takes for
/// something else is escaped.
pub fn name_of<'a>(labels: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut name = String::new();
    for (index, label) in labels.into_iter().enumerate() {
        if index > 0 {
            name.push('.');
        }
        for byte in label {
            match byte {
                b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$' => {
                    name.extend(['\\', char::from(*byte)]);
                }
                b'!'..=b'~' => name.push(char::from(*byte)),
                other => {
                    let _ = write!(name, "\\{other:03}");
                }
            }
        }
    }
    name
}

/// Whether it ends in a dot that is not escaped.
#[must_use]
pub fn is_absolute(name: &str) -> bool {
    name.strip_suffix('.').is_some_and(|rest| {
        let backslashes = rest.bytes().rev().take_while(|byte| *byte == b'\\').count();
        backslashes % 2 == 0
    })
}

/// A name in lower case, as [`name_of`] writes it.
pub(super) fn canonical(name: &str) -> Option<String> {
    let labels = labels(name)?;
    Some(name_of(labels.iter().map(Vec::as_slice)).to_ascii_lowercase())
}

/// The byte after a backslash: itself, or three decimal digits.
fn escaped(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    if !first.is_ascii_digit() {
        *rest = after;
        return Some(*first);
    }
    let digits = std::str::from_utf8(rest.get(..3)?).ok()?;
    *rest = &rest[3..];
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_those_of_a_master_file() {
        for (written, canonical_form) in [
            ("A\\.b.Example.test.", Some("a\\.b.example.test")),
            ("esc\\;x\\\"y.test", Some("esc\\;x\\\"y.test")),
            ("a\\ b.test", Some("a\\032b.test")),
            ("a\\032b.test.", Some("a\\032b.test")),
            ("\\097\\/b\\@.test", Some("a/b\\@.test")),
            ("$x.test", Some("\\$x.test")),
            ("a\\", None),
            ("a\\25", None),
            ("a\\256", None),
            ("a..b", None),
            (".a", None),
        ] {
            assert_eq!(canonical(written).as_deref(), canonical_form, "{written}");
        }
        assert_eq!(labels(".").map(|labels| labels.len()), Some(0));
        for (name, is_it) in [("a.", true), ("a", false), ("a\\.", false), ("a\\\\.", true)] {
            assert_eq!(is_absolute(name), is_it, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_label_is_read_back(given in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..20), 1..6)) {
            let written = name_of(given.iter().map(Vec::as_slice));
            prop_assert!(written.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(labels(&written).expect("labels"), given.clone());
            prop_assert_eq!(labels(&format!("{written}.")).expect("labels"), given);
        }
    }
}
