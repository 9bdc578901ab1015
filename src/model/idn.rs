//! Names in any spelling to the one that DNS stores: lower-case A-labels by UTS #46, non-transitional, with what
//! IDNA2008 (RFC 5891, RFC 5892) and prudence forbid on top.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

use crate::error::Result;
use crate::model::escape::is_invisible;
use crate::model::field::{Field, not_allowed};

/// Bytes of a name, without the final dot (RFC 1035 §2.3.4: 255 on the wire).
pub(super) const NAME_LIMIT: usize = 253;

/// Bytes of a label (RFC 1035 §2.3.4).
pub(super) const LABEL_LIMIT: usize = 63;

/// Bytes of an input worth looking at: a name at its limit with four bytes a character, and a final dot.
const INPUT_LIMIT: usize = 4 * NAME_LIMIT + 4;

/// The canonical form of a name: A-labels, lower case, without the final dot. `extra` are the ASCII characters allowed
/// beside letters, digits, hyphens and dots.
pub(super) fn to_ascii(field: &Field<'_>, extra: &[char]) -> Result<String> {
    if field.input.is_ascii() && field.input.len() > NAME_LIMIT + 1 {
        field.check_length(NAME_LIMIT)?;
    }
    field.check(INPUT_LIMIT)?;
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.');
    field.check_characters(|character| {
        !character.is_ascii() || plain(character) || extra.contains(&character)
    })?;
    check_labels(field)?;
    let ascii = convert(field)?;
    let ascii = ascii.strip_suffix('.').unwrap_or(&ascii);
    check_result(field, ascii, |character| {
        plain(character) || extra.contains(&character)
    })?;
    Ok(ascii.to_owned())
}

/// The form for people: U-labels. Text that is not internationalised stays as it is.
pub(super) fn to_unicode(ascii: &str) -> String {
    let (unicode, result) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    if result.is_ok() {
        unicode.into_owned()
    } else {
        ascii.to_owned()
    }
}

fn uts46(text: &str) -> Option<String> {
    Uts46::new()
        .to_ascii(
            text.as_bytes(),
            AsciiDenyList::EMPTY,
            Hyphens::CheckFirstLast,
            DnsLength::Ignore,
        )
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Labels as written with their offsets. UTS #46 takes three more characters for dots.
fn labels(input: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    input.split_inclusive(['.', '。', '．', '｡']).map(move |part| {
        let start = offset;
        offset += part.len();
        (start, part.trim_end_matches(['.', '。', '．', '｡']))
    })
}

/// What can be said with a position, before anything is mapped.
fn check_labels(field: &Field<'_>) -> Result<()> {
    for (offset, label) in labels(field.input) {
        if label.is_empty() {
            return Err(field.refuse_at(offset, "empty label"));
        }
        if label.starts_with('-') {
            return Err(field.refuse_at(offset, "label begins with a hyphen"));
        }
        if label.ends_with('-') {
            return Err(field.refuse_at(offset + label.len() - 1, "label ends with a hyphen"));
        }
        if label.is_ascii() && label.len() > LABEL_LIMIT {
            return Err(field.refuse_at(offset + LABEL_LIMIT, "label longer than 63 bytes"));
        }
    }
    Ok(())
}

fn convert(field: &Field<'_>) -> Result<String> {
    if let Some(ascii) = uts46(field.input) {
        return Ok(ascii);
    }
    match labels(field.input).find(|(_, label)| uts46(label).is_none()) {
        Some((offset, label)) if label.is_ascii() => Err(field.refuse_at(offset, "invalid punycode")),
        Some((offset, _)) => Err(field.refuse_at(offset, "no valid internationalised label")),
        None => Err(field.refuse("mixes writing directions (RFC 5893)")),
    }
}

/// What can only be said of the mapped name.
fn check_result(field: &Field<'_>, ascii: &str, allowed: impl Fn(char) -> bool) -> Result<()> {
    if let Some(character) = ascii.chars().find(|character| !allowed(*character)) {
        return Err(field.refuse(format_args!("{} (in \"{ascii}\")", not_allowed(character))));
    }
    for label in ascii.split('.') {
        if label.is_empty() || label.starts_with('-') || label.ends_with('-') {
            return Err(field.refuse(format_args!("empty label or hyphen at an edge (in \"{ascii}\")")));
        }
        if label.len() > LABEL_LIMIT {
            return Err(field.refuse(format_args!("label longer than 63 bytes (\"{label}\")")));
        }
        if label.starts_with("xn--") {
            check_u_label(field, label)?;
        }
    }
    if ascii.len() > NAME_LIMIT {
        return Err(field.refuse(format_args!("longer than {NAME_LIMIT} bytes")));
    }
    Ok(())
}

fn check_u_label(field: &Field<'_>, label: &str) -> Result<()> {
    let unicode = to_unicode(label);
    if uts46(&unicode).as_deref() != Some(label) || unicode.is_ascii() {
        return Err(field.refuse(format_args!(
            "punycode \"{label}\" does not stand for what it decodes to"
        )));
    }
    if let Some(character) = unicode
        .chars()
        .find(|character| is_invisible(*character) || is_symbol(*character))
    {
        return Err(field.refuse(format_args!("{} in a domain label", not_allowed(character))));
    }
    let mut alphabets = unicode.chars().filter_map(alphabet);
    let first = alphabets.next();
    match first.and_then(|first| {
        alphabets
            .find(|other| *other != first)
            .map(|other| (first, other))
    }) {
        Some((first, other)) => Err(field.refuse(format_args!(
            "label \"{label}\" mixes {first} and {other} letters that look alike"
        ))),
        None => Ok(()),
    }
}

/// Symbols and punctuation that UTS #46 lets through and IDNA2008 does not (RFC 5892 §2.6): fraction slashes, emoji.
fn is_symbol(character: char) -> bool {
    match u32::from(character) {
        0xb7 | 0x214e | 0x2184 | 0x2e2f => false,
        0x80..=0xbf
        | 0xd7
        | 0xf7
        | 0x2000..=0x2bff
        | 0x2e00..=0x2e7f
        | 0x3000..=0x3004
        | 0x3008..=0x3020
        | 0x3030
        | 0x303d..=0x303f
        | 0xfe10..=0xfe6f
        | 0x1_f000..=0x1_faff => true,
        _ => false,
    }
}

/// The alphabet of a letter, of those alphabets whose letters are taken for each other (Unicode Technical Standard 39 §4).
fn alphabet(character: char) -> Option<&'static str> {
    match u32::from(character) {
        0x61..=0x7a
        | 0xdf..=0x24f
        | 0x250..=0x2af
        | 0x1e00..=0x1eff
        | 0x2c60..=0x2c7f
        | 0xa720..=0xa7ff
        | 0xab30..=0xab6f => Some("Latin"),
        0x370..=0x3ff | 0x1f00..=0x1fff => Some("Greek"),
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => Some("Cyrillic"),
        0x530..=0x58f => Some("Armenian"),
        0x13a0..=0x13ff | 0xab70..=0xabbf => Some("Cherokee"),
        0x2c80..=0x2cff => Some("Coptic"),
        _ => None,
    }
}
