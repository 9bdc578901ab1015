//! SVCB and HTTPS: how to reach a service (RFC 9460).

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::Result;
use crate::model::field::Field;
use crate::model::number::whole;
use crate::model::record::target::{Zone, absolute_or_root};
use crate::model::record::words::{Word, Words};

/// Keys of parameters and their numbers (RFC 9460 §14.3.2, RFC 9461, RFC 9540).
const KEYS: [(&str, u16); 9] = [
    ("mandatory", 0),
    ("alpn", 1),
    ("no-default-alpn", 2),
    ("port", 3),
    ("ipv4hint", 4),
    ("ech", 5),
    ("ipv6hint", 6),
    ("dohpath", 7),
    ("ohttp", 8),
];

/// Priority, target, parameters in the order of their numbers. Priority 0 is an alias and takes none.
pub(super) fn service(field: Field<'_>, zone: Zone<'_>) -> Result<String> {
    let mut words = Words::quoted(field)?;
    let priority = words.number("priority", 0xffff)?;
    let target = words.next("target")?;
    let target = absolute_or_root(&field, &target, zone, true)?;
    let parameters = parameters(&field, &words.rest())?;
    if priority == 0 && !parameters.is_empty() {
        return Err(field.refuse("priority 0 is an alias and takes no parameters"));
    }
    let mut shown = format!("{priority} {target}");
    for (number, value) in &parameters {
        shown.push(' ');
        shown.push_str(&key_name(*number));
        if !value.is_empty() {
            shown.push('=');
            shown.push_str(value);
        }
    }
    Ok(shown)
}

fn parameters(field: &Field<'_>, words: &[Word]) -> Result<BTreeMap<u16, String>> {
    let mut parameters = BTreeMap::new();
    for word in words {
        let (key, value) = word.text.split_once('=').unwrap_or((&word.text, ""));
        let number =
            key_number(key).ok_or_else(|| field.refuse_at(word.offset, "a parameter that is not known"))?;
        let value = canonical(number, value)
            .map_err(|rule| field.refuse_at(word.offset, format_args!("{key}: {rule}")))?;
        if parameters.insert(number, value).is_some() {
            return Err(field.refuse_at(word.offset, format_args!("{key} is given twice")));
        }
    }
    check_together(field, &parameters)?;
    Ok(parameters)
}

fn check_together(field: &Field<'_>, parameters: &BTreeMap<u16, String>) -> Result<()> {
    if parameters.contains_key(&2) && !parameters.contains_key(&1) {
        return Err(field.refuse("no-default-alpn needs alpn (RFC 9460 §7.1.1)"));
    }
    let mandatory = parameters.get(&0).map(String::as_str).unwrap_or_default();
    match mandatory
        .split(',')
        .filter_map(key_number)
        .find(|number| !parameters.contains_key(number))
    {
        Some(missing) => Err(field.refuse(format_args!(
            "mandatory names {}, which is missing",
            key_name(missing)
        ))),
        None => Ok(()),
    }
}

/// The value in its one spelling, or the rule that it breaks.
fn canonical(number: u16, value: &str) -> Result<String, String> {
    // Blanks, quotes and backslashes would have to be escaped twice over (RFC 9460 §A.1); no registered key needs them.
    if value
        .bytes()
        .any(|byte| !byte.is_ascii_graphic() || matches!(byte, b'"' | b'\\'))
    {
        return Err("blanks, quotes and backslashes are not allowed".to_owned());
    }
    match number {
        0 => mandatory(value),
        2 | 8 if value.is_empty() => Ok(String::new()),
        2 | 8 => Err("takes no value".to_owned()),
        _ if value.is_empty() && KEYS.iter().any(|(_, known)| *known == number) => {
            Err("the value is missing".to_owned())
        }
        1 if value.split(',').any(|id| id.is_empty() || id.len() > 255) => {
            Err("an empty protocol".to_owned())
        }
        3 => whole(value, 0xffff).map(|port| port.to_string()),
        4 => list(
            value,
            |address| {
                address
                    .parse::<Ipv4Addr>()
                    .ok()
                    .map(|address| address.to_string())
            },
            "not an IPv4 address",
        ),
        6 => list(
            value,
            |address| {
                address
                    .parse::<Ipv6Addr>()
                    .ok()
                    .map(|address| address.to_string())
            },
            "not an IPv6 address",
        ),
        5 if !value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')) =>
        {
            Err("not base64".to_owned())
        }
        7 if !value.starts_with('/') => Err("a path begins with a slash".to_owned()),
        _ => Ok(value.to_owned()),
    }
}

/// Other keys, each once, in the order of their numbers (RFC 9460 §8).
fn mandatory(value: &str) -> Result<String, String> {
    let keys: Option<Vec<u16>> = value.split(',').map(key_number).collect();
    let mut keys = keys.ok_or("names a parameter that is not known")?;
    let given = keys.len();
    keys.sort_unstable();
    keys.dedup();
    if keys.len() < given || keys.contains(&0) {
        return Err("names a parameter twice, or itself".to_owned());
    }
    Ok(keys.into_iter().map(key_name).collect::<Vec<_>>().join(","))
}

fn list(value: &str, one: impl Fn(&str) -> Option<String>, rule: &str) -> Result<String, String> {
    let items: Option<Vec<String>> = value.split(',').map(one).collect();
    items.map(|items| items.join(",")).ok_or_else(|| rule.to_owned())
}

/// The number of a parameter's key.
#[must_use]
pub fn key_number(key: &str) -> Option<u16> {
    let known = KEYS
        .iter()
        .find(|(name, _)| *name == key)
        .map(|(_, number)| *number);
    known.or_else(|| {
        whole(key.strip_prefix("key")?, 0xfffe)
            .ok()
            .and_then(|number| u16::try_from(number).ok())
    })
}

/// The name of a parameter's key.
#[must_use]
pub fn key_name(number: u16) -> String {
    let known = KEYS.iter().find(|(_, own)| *own == number);
    known.map_or_else(|| format!("key{number}"), |(name, _)| (*name).to_owned())
}
