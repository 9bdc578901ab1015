//! Types that point to another name: CNAME, NS, PTR, MX, SRV, NAPTR.

use crate::error::Result;
use crate::model::field::Field;
use crate::model::record::labels;
use crate::model::record::words::{Word, Words, quote};
use crate::model::{DomainName, HostName};

/// Where a name is to be read: within which zone, for the suggestion.
pub(super) type Zone<'a> = Option<&'a DomainName>;

/// One absolute name; underscores are allowed.
pub(super) fn name(field: Field<'_>, zone: Zone<'_>) -> Result<String> {
    one(field, zone, true)
}

/// One absolute name of a host, without underscores (RFC 2181 §11).
pub(super) fn name_server(field: Field<'_>, zone: Zone<'_>) -> Result<String> {
    one(field, zone, false)
}

fn one(field: Field<'_>, zone: Zone<'_>, underscores: bool) -> Result<String> {
    let mut words = Words::plain(field);
    let word = words.next("target")?;
    words.end()?;
    absolute(&field, &word, zone, underscores)
}

/// Preference and host; `0 .` says that there is no mail (RFC 7505).
pub(super) fn mx(field: Field<'_>, zone: Zone<'_>) -> Result<String> {
    let mut words = Words::plain(field);
    let preference = words.number("preference", 0xffff)?;
    let word = words.next("mail exchanger")?;
    words.end()?;
    if word.text == "." {
        return if preference == 0 {
            Ok("0 .".to_owned())
        } else {
            Err(field
                .refuse("no mail at all is written 0 . (RFC 7505)")
                .hint("use 0 ."))
        };
    }
    Ok(format!("{preference} {}", absolute(&field, &word, zone, false)?))
}

/// Priority, weight, port, host; `.` says that the service is not offered (RFC 2782).
pub(super) fn srv(field: Field<'_>, zone: Zone<'_>) -> Result<String> {
    let mut words = Words::plain(field);
    let priority = words.number("priority", 0xffff)?;
    let weight = words.number("weight", 0xffff)?;
    let port = words.number("port", 0xffff)?;
    let word = words.next("target")?;
    words.end()?;
    Ok(format!(
        "{priority} {weight} {port} {}",
        absolute_or_root(&field, &word, zone, false)?
    ))
}

/// Order, preference, flags, services, expression, replacement (RFC 3403 §4.1).
pub(super) fn naptr(field: Field<'_>, zone: Zone<'_>) -> Result<String> {
    let mut words = Words::quoted(field)?;
    let order = words.number("order", 0xffff)?;
    let preference = words.number("preference", 0xffff)?;
    let flags = words.next("flags")?;
    if !flags.text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(field.refuse_at(flags.offset, "flags are letters and digits"));
    }
    let services = words.next("services")?;
    let expression = words.next("regular expression")?;
    let replacement = words.next("replacement")?;
    words.end()?;
    for string in [&flags, &services, &expression] {
        if string.text.len() > 255 {
            return Err(field.refuse_at(string.offset, "a string longer than 255 bytes"));
        }
    }
    if !expression.text.is_empty() && replacement.text != "." {
        return Err(field.refuse_at(
            replacement.offset,
            "expression and replacement exclude each other (RFC 3403)",
        ));
    }
    let replacement = absolute_or_root(&field, &replacement, zone, true)?;
    let [flags, services, expression] = [flags, services, expression].map(|word| quote(&word.text));
    Ok(format!(
        "{order} {preference} {flags} {services} {expression} {replacement}"
    ))
}

/// A name with its final dot, or the root alone.
pub(super) fn absolute_or_root(
    field: &Field<'_>,
    word: &Word,
    zone: Zone<'_>,
    underscores: bool,
) -> Result<String> {
    if word.text == "." {
        Ok(".".to_owned())
    } else {
        absolute(field, word, zone, underscores)
    }
}

fn absolute(field: &Field<'_>, word: &Word, zone: Zone<'_>, underscores: bool) -> Result<String> {
    let text = if word.raw.contains('\\') {
        &word.raw
    } else {
        &word.text
    };
    let host = match zone {
        Some(zone) => HostName::parse_target(text, zone, underscores),
        None => HostName::parse(text),
    };
    let returned = || {
        let name = (zone.is_none() && labels::is_absolute(text)).then(|| labels::canonical(text));
        name.flatten().map(|name| format!("{name}."))
    };
    match (host, returned()) {
        (Ok(host), _) => Ok(host.value.absolute()),
        // A server holds what nobody could give.
        (Err(_), Some(name)) => Ok(name),
        (Err(error), None) => Err(error.context(field.name)),
    }
}
