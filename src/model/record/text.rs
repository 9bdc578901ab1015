//! TXT: raw text as people give it, quoted strings of at most 255 bytes as servers take it.
//!
//! The text of a person is the bytes of the record, except that `\DDD` (three decimal digits) stands for a byte that
//! cannot be typed: below 32, above 126, and 92, the backslash. All other backslashes are themselves, so that what was
//! given is what comes back.

use std::fmt::Write as _;

use crate::error::{Error, Result};
use crate::model::field::Field;
use crate::model::{Given, escape};

/// Bytes of the whole text; with the length of each string it stays below what a record holds (65,535).
const LIMIT: usize = 64_000;

/// Bytes of one string (RFC 1035 §3.3).
const STRING: usize = 255;

/// The bytes of a text as a person gives it.
pub(super) fn parse(field: &Field<'_>) -> Result<Given<Vec<u8>>> {
    field.check_length(4 * LIMIT)?;
    if let Some((offset, character)) = field
        .input
        .char_indices()
        .find(|(_, character)| !character.is_ascii())
    {
        let mut buffer = [0; 4];
        let shown = escape::excerpt(character.encode_utf8(&mut buffer));
        let escaped: Vec<String> = buffer[..character.len_utf8()]
            .iter()
            .map(|byte| format!("\\{byte:03}"))
            .collect();
        let error = field.refuse_at(offset, format_args!("only ASCII is allowed, not '{shown}'"));
        return Err(error.hint(format!("write {} for it", escaped.concat())));
    }
    field.check_visible()?;
    let bytes = unescape(field.input.as_bytes());
    if bytes.len() > LIMIT {
        return Err(field.refuse(format_args!("longer than {LIMIT} bytes ({} given)", bytes.len())));
    }
    let quoted = bytes.len() > 1 && bytes.starts_with(b"\"") && bytes.ends_with(b"\"");
    let note = quoted.then(|| "the quotes are part of the text: TXT is given without them".to_owned());
    Ok(Given { value: bytes, note })
}

/// The text as a person would give it.
pub(super) fn show(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        let starts_an_escape = *byte == b'\\' && escaped_byte(&bytes[index..]).is_some();
        if starts_an_escape || !matches!(byte, 0x20..=0x7e) {
            let _ = write!(shown, "\\{byte:03}");
        } else {
            shown.push(char::from(*byte));
        }
    }
    shown
}

/// Strings of at most 255 bytes in quotes, as a server takes them.
pub(super) fn presentation(bytes: &[u8]) -> String {
    let mut shown = String::with_capacity(bytes.len() + bytes.len() / 64 + 2);
    let empty: &[u8] = &[];
    let strings = bytes.chunks(STRING).chain(bytes.is_empty().then_some(empty));
    for string in strings {
        shown.push_str(if shown.is_empty() { "\"" } else { " \"" });
        for byte in string {
            match byte {
                b'"' | b'\\' => shown.extend(['\\', char::from(*byte)]),
                0x20..=0x7e => shown.push(char::from(*byte)),
                other => {
                    let _ = write!(shown, "\\{other:03}");
                }
            }
        }
        shown.push('"');
    }
    shown
}

/// The bytes of what a server returned: its strings joined, their escapes undone.
pub(super) fn from_presentation(text: &str) -> Result<Vec<u8>> {
    let refused = |rule: &str| Error::invalid(format!("TXT record as returned: {rule}"));
    let mut bytes = Vec::with_capacity(text.len());
    let (mut quoted, mut strings) = (false, false);
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => (quoted, strings) = (!quoted, true),
            b' ' | b'\t' if !quoted => {}
            b'\\' => {
                let (byte, after) =
                    after_backslash(rest).ok_or_else(|| refused("an escape that stands for no byte"))?;
                bytes.push(byte);
                (rest, strings) = (after, true);
            }
            other => {
                bytes.push(*other);
                strings = true;
            }
        }
    }
    match (quoted, strings) {
        (true, _) => Err(refused("a quote is not closed")),
        (false, false) => Err(refused("empty")),
        (false, true) => Ok(bytes),
    }
}

/// The byte after a backslash and what follows it (RFC 1035 §5.1).
fn after_backslash(rest: &[u8]) -> Option<(u8, &[u8])> {
    let (first, after) = rest.split_first()?;
    if first.is_ascii_digit() {
        return Some((three_digits(rest)?, &rest[3..]));
    }
    Some((*first, after))
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        if let Some(byte) = escaped_byte(rest) {
            bytes.push(byte);
            rest = &rest[4..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

/// The byte for which a backslash and three digits stand in the text of a person.
fn escaped_byte(text: &[u8]) -> Option<u8> {
    let byte = three_digits(text.strip_prefix(b"\\")?)?;
    (!matches!(byte, 0x20..=0x7e) || byte == b'\\').then_some(byte)
}

fn three_digits(text: &[u8]) -> Option<u8> {
    let digits = text
        .get(..3)
        .filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
