//! Words and strings of presentation form (RFC 1035 §5.1).

use std::fmt::Write as _;

/// A word of a record's data.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// As it stands there, without quotes.
    pub raw: String,
    /// What it means, escapes resolved.
    pub bytes: Vec<u8>,
}

/// The words between blanks, quoted ones without their quotes; nothing where a quote is not closed or an escape stands
/// for no byte.
pub(super) fn split(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_matches([' ', '\t']);
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(inside) => {
                let end = end(inside, |byte| byte == b'"')?;
                (&inside[..end], inside.get(end + 1..)?)
            }
            None => rest.split_at(end(rest, |byte| matches!(byte, b' ' | b'\t')).unwrap_or(rest.len())),
        };
        words.push(Word {
            raw: word.to_owned(),
            bytes: unescaped(word)?,
        });
        rest = after.trim_start_matches([' ', '\t']);
    }
    Some(words)
}

/// Where the first byte outside of an escape is that ends the word.
fn end(text: &str, ends: impl Fn(u8) -> bool) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let is_end = !is_escaped && ends(byte);
        is_escaped = !is_escaped && byte == b'\\';
        is_end
    })
}

fn unescaped(word: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
        } else if rest.first()?.is_ascii_digit() {
            let digits = std::str::from_utf8(rest.get(..3)?).ok()?;
            bytes.push(digits.parse().ok()?);
            rest = &rest[3..];
        } else {
            bytes.push(rest[0]);
            rest = &rest[1..];
        }
    }
    Some(bytes)
}

/// A string in quotes.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            0x20..=0x7e => text.push(char::from(*byte)),
            other => {
                let _ = write!(text, "\\{other:03}");
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_apart() {
        let words = |text| {
            split(text).map(|words| {
                words
                    .into_iter()
                    .map(|word| String::from_utf8(word.bytes).expect("text"))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(words(" 10\t mx. "), Some(vec!["10".to_owned(), "mx.".to_owned()]));
        assert_eq!(
            words("0 issue \"a b\\\" c\" \"\""),
            Some(vec![
                "0".to_owned(),
                "issue".to_owned(),
                "a b\" c".to_owned(),
                String::new()
            ])
        );
        assert_eq!(words("\\065\\;"), Some(vec!["A;".to_owned()]));
        for text in ["\"open", "\\", "\\25", "\\256", "\"\\\""] {
            assert_eq!(words(text), None, "{text}");
        }
    }
}
