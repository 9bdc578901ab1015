//! Zones as master files (RFC 1035 §5): reading, writing, comparing. Pure.
//!
//! A file is taken whole or not at all, and it reads no other file and makes up no records: `$INCLUDE` and `$GENERATE` are
//! refused. The SOA is the server's business and is passed over, as is our own mark.

mod entries;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use self::entries::{Entry, Word, at};
use super::live::LiveZone;
use super::provider::update;
use super::rrset::{NewRecord, RrSet};
use crate::error::{Error, Result};
use crate::model::record::is_absolute;
use crate::model::{RecordData, RecordName, RecordType, Ttl, ZoneName};

/// Signatures and proofs, which the server makes.
const SIGNING: [u16; 4] = [46, 47, 50, 51];

/// The records of a file. A TTL may be as short as others can set it.
///
/// # Errors
/// `invalid` or `reserved`, naming the line.
pub fn parse(zone: &ZoneName, text: &str) -> Result<Vec<NewRecord>> {
    let mut reader = Reader {
        zone,
        origin: zone.domain().absolute(),
        ttl: None,
        owner: None,
        ttls: BTreeMap::new(),
        records: Vec::new(),
    };
    for entry in entries::entries(text.strip_prefix('\u{feff}').unwrap_or(text))? {
        let line = entry.line;
        reader
            .entry(&entry)
            .map_err(|error| match error.message().starts_with("line ") {
                true => error,
                false => error.context(format!("line {line}")),
            })?;
    }
    Ok(reader.records)
}

struct Reader<'a> {
    zone: &'a ZoneName,
    /// What relative names end with, its final dot included.
    origin: String,
    ttl: Option<Ttl>,
    owner: Option<RecordName>,
    /// The TTL of each set, and the line that gave it.
    ttls: BTreeMap<(RecordName, RecordType), (Ttl, usize)>,
    records: Vec<NewRecord>,
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Entry) -> Result<()> {
        let mut words = entry.words.as_slice();
        let first = &words[0];
        if !entry.inherits_owner {
            words = &words[1..];
            if !first.is_quoted && first.text.starts_with('$') {
                return self.directive(entry.line, &first.text, words);
            }
            self.owner = Some(self.name(first)?);
        }
        let owner = self.owner.clone();
        let owner = owner.ok_or_else(|| at(entry.line, "the first record has no name"))?;
        let (ttl, rest) = self.head(words)?;
        let Some((rtype, data)) = rest.split_first() else {
            return Err(at(entry.line, "the type is missing"));
        };
        let rtype = RecordType::parse(&rtype.text)?.value;
        if SIGNING.contains(&rtype.number()) {
            return Err(at(
                entry.line,
                &format!("{rtype}: the server signs the zone itself"),
            ));
        }
        let is_mark = rtype == RecordType::Txt && owner == update::mark_name(self.zone)?;
        if rtype == RecordType::Soa || is_mark {
            return Ok(());
        }
        let data = self.data(rtype, data)?;
        self.put(
            entry.line,
            NewRecord {
                name: owner,
                ttl,
                data,
            },
        )
    }

    fn directive(&mut self, line: usize, name: &str, words: &[Word]) -> Result<()> {
        match (name.to_ascii_uppercase().as_str(), words) {
            ("$ORIGIN", [origin]) => {
                self.origin = self.name(origin)?.absolute();
                Ok(())
            }
            ("$TTL", [ttl]) => {
                self.ttl = Some(Ttl::parse_any(&ttl.text)?);
                Ok(())
            }
            ("$ORIGIN" | "$TTL", _) => Err(at(line, &format!("{name} takes one word"))),
            _ => Err(at(
                line,
                &format!("{} is not carried out", crate::model::escape::excerpt(name)),
            )
            .hint("write the records themselves into the file")),
        }
    }

    /// TTL and class, in any order, each at most once (RFC 1035 §5.1).
    fn head<'w>(&self, words: &'w [Word]) -> Result<(Ttl, &'w [Word])> {
        let (mut ttl, mut has_class, mut rest) = (None, false, words);
        while let Some((word, after)) = rest.split_first() {
            if ttl.is_none() && word.text.starts_with(|first: char| first.is_ascii_digit()) {
                ttl = Some(Ttl::parse_any(&word.text)?);
            } else if !has_class && word.text.eq_ignore_ascii_case("IN") {
                has_class = true;
            } else {
                break;
            }
            rest = after;
        }
        Ok((ttl.or(self.ttl).unwrap_or(Ttl::DEFAULT), rest))
    }

    /// A name that a server can hold, also one that nobody could give.
    fn name(&self, word: &Word) -> Result<RecordName> {
        let (absolute, zone) = (self.absolute(word), self.zone.domain());
        RecordName::parse(&absolute, zone)
            .map(|given| given.value)
            .or_else(|refused| {
                let name = RecordName::from_presentation(&absolute).ok();
                name.filter(|name| name.is_inside(zone)).ok_or(refused)
            })
    }

    fn data(&self, rtype: RecordType, words: &[Word]) -> Result<RecordData> {
        if let Some(Word {
            text,
            is_quoted: false,
        }) = words.first()
            && text == "\\#"
        {
            return generic(rtype, words);
        }
        let target = match rtype {
            _ if rtype.is_target() => Some(0),
            RecordType::Mx | RecordType::Https | RecordType::Svcb => Some(1),
            RecordType::Srv => Some(3),
            RecordType::Naptr => Some(5),
            _ => None,
        };
        let word = |(index, word): (usize, &Word)| match word.is_quoted {
            true => format!("\"{}\"", word.text),
            false if Some(index) == target => self.absolute(word),
            false => word.text.clone(),
        };
        let text = words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ");
        match rtype {
            RecordType::Txt => RecordData::from_presentation(rtype, &text),
            // The server knows what it means, as it does where it gave it to us.
            RecordType::Unknown(_) if rtype.is_named() => RecordData::from_presentation(rtype, &text),
            // Servers hold what nobody should write: names with escapes, of special use, of one label.
            _ => RecordData::parse(rtype, &text, self.zone.domain())
                .map(|given| given.value)
                .or_else(|refused| update::of_text(rtype, &text).ok_or(refused)),
        }
    }

    fn absolute(&self, word: &Word) -> String {
        match word.text.as_str() {
            "@" => self.origin.clone(),
            name if is_absolute(name) => name.to_owned(),
            name => format!("{name}.{}", self.origin),
        }
    }

    fn put(&mut self, line: usize, record: NewRecord) -> Result<()> {
        let key = (record.name.clone(), record.data.rtype());
        let (ttl, first) = *self.ttls.entry(key).or_insert((record.ttl, line));
        if ttl != record.ttl {
            let (name, rtype, new) = (&record.name, record.data.rtype(), record.ttl);
            let rule = format!(
                "{name} {rtype} has TTL {new}, and {ttl} in line {first}; a set has one (RFC 2181 §5.2)"
            );
            return Err(at(line, &rule));
        }
        self.records.push(record);
        Ok(())
    }
}

/// The form that every type has (RFC 3597 §5).
fn generic(rtype: RecordType, words: &[Word]) -> Result<RecordData> {
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>();
    let text = text.join(" ");
    update::of_generic_text(rtype, &text).ok_or_else(|| {
        let shown = crate::model::escape::excerpt(&text);
        Error::invalid(format!("{rtype} record \"{shown}\": no data of this type"))
            .hint("it is \\#, the number of bytes and the bytes: \\# 4 0a000001 (RFC 3597 §5)")
    })
}

/// A zone as a file: SOA first, then name by name. What the provider keeps without serving it stands in comments.
#[must_use]
pub fn write(live: &LiveZone) -> String {
    let zone = live.zone.domain();
    let mut sets: Vec<&RrSet> = live.sets.iter().collect();
    sets.sort_by_key(|set| (set.rtype != RecordType::Soa, !set.name.is_apex(zone), set.key()));
    let mut text = format!("$ORIGIN {}\n$TTL {}\n", zone.absolute(), Ttl::DEFAULT);
    for set in sets {
        let mut members = set.members.clone();
        members.sort();
        for member in members {
            let off = if member.disabled { "; switched off: " } else { "" };
            let name = set.name.relative(zone);
            let data = member.data.presentation();
            let (ttl, rtype) = (set.ttl, set.rtype);
            let _ = writeln!(text, "{off}{name}\t{ttl}\tIN\t{rtype}\t{data}");
        }
    }
    text
}

/// One set that is not the same in zone and file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In the zone; absent where only the file has it.
    pub live: Option<RrSet>,
    /// In the file; absent where only the zone has it.
    pub file: Option<RrSet>,
}

/// What tells the sets of a file from the zone, by name and type. The SOA does not count, nor what the provider keeps
/// without serving it: a file has no word for that.
#[must_use]
pub fn compare(live: &LiveZone, file: &[RrSet]) -> Vec<Difference> {
    let mut found: BTreeMap<_, (Option<&RrSet>, Option<&RrSet>)> = BTreeMap::new();
    let served: Vec<RrSet> = live.sets.iter().filter_map(RrSet::served).collect();
    for set in served.iter().filter(|set| set.rtype != RecordType::Soa) {
        found.entry(set.key()).or_default().0 = Some(set);
    }
    for set in file {
        found.entry(set.key()).or_default().1 = Some(set);
    }
    let different = found.into_values().filter(|(live, file)| live != file);
    different
        .map(|(live, file)| Difference {
            live: live.cloned(),
            file: file.cloned(),
        })
        .collect()
}

/// A file whose text is not UTF-8 has no lines to name.
///
/// # Errors
/// `invalid`, naming the line of the first byte that is none.
pub fn text_of(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        let rule: Error = at(line, "not valid UTF-8");
        rule.hint("a byte is written as its three digits: \\233")
    })
}

#[cfg(test)]
mod tests;
