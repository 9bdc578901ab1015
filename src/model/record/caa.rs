//! CAA: who may issue certificates (RFC 8659).

use crate::error::Result;
use crate::model::field::Field;
use crate::model::record::words::{Word, Words, quote};

/// Registered tags. Another one would be kept by servers and ignored by authorities: a typing error that opens the door.
const TAGS: [&str; 7] = [
    "contactemail",
    "contactphone",
    "iodef",
    "issue",
    "issuemail",
    "issuevmc",
    "issuewild",
];

/// Flags, tag, value.
pub(super) fn caa(field: Field<'_>) -> Result<String> {
    let mut words = Words::quoted(field)?;
    let flags = words.number("flags", 0xff)?;
    let tag = words.next("tag")?;
    let offset = tag.offset;
    let tag = tag.text.to_ascii_lowercase();
    if !TAGS.contains(&tag.as_str()) {
        let error = field.refuse_at(offset, "a tag that no authority knows");
        return Err(error.hint(format!("known are {}", TAGS.join(", "))));
    }
    let value = words.next("value")?;
    words.end()?;
    check_value(&field, &tag, &value)?;
    Ok(format!("{flags} {tag} {}", quote(&value.text)))
}

fn check_value(field: &Field<'_>, tag: &str, value: &Word) -> Result<()> {
    let text = value.text.trim_matches(' ');
    if text.is_empty() {
        return Err(field
            .refuse_at(value.offset, "the value is empty")
            .hint("no authority at all is written \";\""));
    }
    match tag {
        "issue" | "issuewild" | "issuemail" | "issuevmc" => {
            let issuer = text.split(';').next().unwrap_or_default().trim_matches(' ');
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
            if !issuer.bytes().all(plain)
                || issuer
                    .split('.')
                    .any(|label| label.is_empty() && !issuer.is_empty())
            {
                return Err(field.refuse_at(value.offset, "not the domain of a certificate authority"));
            }
        }
        "iodef"
            if !["mailto:", "http://", "https://"]
                .iter()
                .any(|scheme| text.starts_with(scheme)) =>
        {
            return Err(field.refuse_at(value.offset, "a mailto:, http:// or https:// URL is needed"));
        }
        _ => {}
    }
    Ok(())
}
