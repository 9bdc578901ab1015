//! The data of one record.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};
use crate::model::field::{Field, for_serde};
use crate::model::record::{address, caa, digest, service, target, text, words};
use crate::model::{DomainName, Given, RecordType, escape};

/// Bytes of data in presentation form worth reading, TXT apart: the longest is an SVCB with keys.
const LIMIT: usize = 16_384;

/// Bytes of presentation form that a server can return: 64 KiB with each byte as an escape of four.
const RETURNED_LIMIT: usize = 4 * 65_536;

/// The data of a record of some type. Two are equal if they mean the same, whatever their spelling. In plans it is an
/// object of `type` and `presentation`.
#[derive(Clone, Debug)]
pub struct RecordData {
    rtype: RecordType,
    content: Content,
    /// How a server spelt it, where that is not how we do: what is not ours is given back as it was.
    returned: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Content {
    /// The bytes of a TXT.
    Text(Vec<u8>),
    /// The canonical presentation of every other type.
    Plain(String),
}

impl RecordData {
    /// Data as a person gives it: raw text for TXT, presentation form for the others, with targets in full with or
    /// without their final dot.
    ///
    /// # Errors
    /// `invalid`; `reserved` where a target is a name of special use. SOA is always refused.
    pub fn parse(rtype: RecordType, value: &str, zone: &DomainName) -> Result<Given<Self>> {
        let name = format!("{rtype} record");
        let field = Field::new(&name, value);
        if rtype == RecordType::Txt {
            return Ok(text::parse(&field)?.map(|bytes| RecordData::of(rtype, Content::Text(bytes))));
        }
        if rtype == RecordType::Soa {
            return Err(field.refuse("the server keeps the SOA itself"));
        }
        field.check(if matches!(rtype, RecordType::Unknown(_)) {
            RETURNED_LIMIT
        } else {
            LIMIT
        })?;
        if value.starts_with(' ') || value.ends_with(' ') {
            return Err(field.refuse("blank at an edge"));
        }
        let canonical = canonical(rtype, field, Some(zone))?;
        let data = RecordData::of(rtype, Content::Plain(canonical.clone()));
        Ok(Given::normalised(data, value, &canonical))
    }

    /// As [`RecordData::parse`], and also what only servers know the meaning of, such as ALIAS: by its name, in the
    /// presentation form in which a server gave it to us. A target is given in full, as that of a CNAME.
    ///
    /// # Errors
    /// As [`RecordData::parse`].
    pub fn parse_any(rtype: RecordType, value: &str, zone: &DomainName) -> Result<Given<Self>> {
        match rtype {
            RecordType::Unknown(_) if !rtype.is_named() || value.starts_with("\\#") => {
                RecordData::parse(rtype, value, zone)
            }
            RecordType::Unknown(_) if rtype.is_target() => {
                let target = RecordData::parse(RecordType::Cname, value, zone)?;
                let data = RecordData::from_presentation(rtype, &target.value.presentation())?;
                Ok(target.map(|_| data))
            }
            RecordType::Unknown(_) => RecordData::from_presentation(rtype, value).map(Given::plain),
            _ => RecordData::parse(rtype, value, zone),
        }
    }

    /// Data that a server returned, in presentation form. What our own parser would refuse (a server may hold it, and it
    /// may be somebody else's) is kept as it is.
    ///
    /// # Errors
    /// `invalid` where it cannot be presentation form on one line: control characters outside TXT, quotes that are not closed,
    /// comments, parentheses.
    pub fn from_presentation(rtype: RecordType, returned: &str) -> Result<Self> {
        let name = format!("{rtype} record as returned");
        let field = Field::new(&name, returned);
        field.check_length(RETURNED_LIMIT)?;
        let content = if rtype == RecordType::Txt {
            Content::Text(text::from_presentation(returned)?)
        } else {
            field.check_characters(|character| matches!(character, ' '..='~' | '\t'))?;
            let tidy = returned.replace('\t', " ");
            let field = Field::new(&name, tidy.trim_matches(' '));
            Content::Plain(canonical(rtype, field, None).unwrap_or_else(|_| field.input.to_owned()))
        };
        let data = RecordData::of(rtype, content);
        let differs = data.presentation() != returned;
        match (&data.content, words::is_inert(returned)) {
            (_, true) => Ok(RecordData {
                returned: differs.then(|| returned.to_owned()),
                ..data
            }),
            (Content::Text(_), false) => Ok(data),
            (Content::Plain(_), false) => {
                Err(field.refuse("an open quote, a comment or a parenthesis in it"))
            }
        }
    }

    fn of(rtype: RecordType, content: Content) -> Self {
        RecordData {
            rtype,
            content,
            returned: None,
        }
    }

    /// Its type.
    #[must_use]
    pub fn rtype(&self) -> RecordType {
        self.rtype
    }

    /// What a server takes: names absolute, strings quoted, escaped and split at 255 bytes. What a server returned is
    /// given back as it was. Printable ASCII on one line, fit for a master file.
    #[must_use]
    pub fn presentation(&self) -> String {
        match (&self.returned, &self.content) {
            (Some(returned), _) => returned.clone(),
            (None, Content::Text(bytes)) => text::presentation(bytes),
            (None, Content::Plain(text)) => text.clone(),
        }
    }

    /// What a person gives and gets back: raw text for TXT, the canonical presentation for the others. Printable ASCII.
    #[must_use]
    pub fn value(&self) -> String {
        match &self.content {
            Content::Text(bytes) => text::show(bytes),
            Content::Plain(text) => text.clone(),
        }
    }

    /// Whether it is an SPF policy (RFC 7208 §4.5).
    #[must_use]
    pub fn is_spf(&self) -> bool {
        let Content::Text(bytes) = &self.content else {
            return false;
        };
        let (tag, rest) = bytes.split_at(bytes.len().min(6));
        tag.eq_ignore_ascii_case(b"v=spf1") && rest.first().is_none_or(|next| *next == b' ')
    }

    /// Whether it is a DMARC policy (RFC 7489 §6.6.3), if its name says so too.
    #[must_use]
    pub fn is_dmarc(&self) -> bool {
        let Content::Text(bytes) = &self.content else {
            return false;
        };
        let (tag, rest) = bytes.split_at(bytes.len().min(8));
        tag == b"v=DMARC1"
            && rest
                .first()
                .is_none_or(|next| matches!(next, b';' | b' ' | b'\t'))
    }

    /// Whether it says that there is nothing: `0 .` of MX (RFC 7505), the target `.` of SRV (RFC 2782).
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match (self.rtype, &self.content) {
            (RecordType::Mx | RecordType::Srv, Content::Plain(text)) => text.ends_with(" ."),
            _ => false,
        }
    }
}

/// The one spelling of the data of each type.
fn canonical(rtype: RecordType, field: Field<'_>, zone: Option<&DomainName>) -> Result<String> {
    match rtype {
        RecordType::A => address::a(field),
        RecordType::Aaaa => address::aaaa(field),
        RecordType::Caa => caa::caa(field),
        RecordType::Cname | RecordType::Dname | RecordType::Ptr => target::name(field, zone),
        RecordType::Ns => target::name_server(field, zone),
        RecordType::Mx => target::mx(field, zone),
        RecordType::Srv => target::srv(field, zone),
        RecordType::Naptr => target::naptr(field, zone),
        RecordType::Ds => digest::ds(field),
        RecordType::Tlsa => digest::tlsa(field),
        RecordType::Sshfp => digest::sshfp(field),
        RecordType::Svcb | RecordType::Https => service::service(field, zone),
        RecordType::Unknown(_) => digest::unknown(field),
        RecordType::Soa | RecordType::Txt => {
            Err(Error::internal("neither SOA nor TXT has a canonical spelling"))
        }
    }
}

impl PartialEq for RecordData {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for RecordData {}

impl PartialOrd for RecordData {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RecordData {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rtype
            .cmp(&other.rtype)
            .then_with(|| self.content.cmp(&other.content))
    }
}

impl Hash for RecordData {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.rtype, &self.content).hash(state);
    }
}

impl fmt::Display for RecordData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&escape::escape(&self.value()))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    r#type: RecordType,
    presentation: String,
}

impl Serialize for RecordData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored {
            r#type: self.rtype,
            presentation: self.presentation(),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RecordData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        RecordData::from_presentation(stored.r#type, &stored.presentation).map_err(for_serde)
    }
}

#[cfg(test)]
mod tests;
