//! Types of records.

use std::fmt;

use crate::error::Result;
use crate::model::field::Field;
use crate::model::number::whole;
use crate::model::{Given, text_type};

/// The type of a record. A type without a variant is known by its number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordType {
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
    /// Certificate authorities that may issue (RFC 8659).
    Caa,
    /// Alias of another name.
    Cname,
    /// Alias of all names below another name (RFC 6672).
    Dname,
    /// Digest of a child's key.
    Ds,
    /// How to reach a web site (RFC 9460).
    Https,
    /// Mail exchanger.
    Mx,
    /// Rewriting of names (RFC 3403).
    Naptr,
    /// Name server.
    Ns,
    /// Name of an address.
    Ptr,
    /// Start of authority; read only, the server keeps it.
    Soa,
    /// Location of a service (RFC 2782).
    Srv,
    /// Fingerprint of an SSH key (RFC 4255).
    Sshfp,
    /// How to reach a service (RFC 9460).
    Svcb,
    /// Certificate of a TLS server (RFC 6698).
    Tlsa,
    /// Text.
    Txt,
    /// Any other type by its number; data in the form of RFC 3597. Never the number of another variant or of a meta type.
    Unknown(u16),
}

/// Types whose data we know, in the order of their names.
const KNOWN: [(RecordType, &str, u16); 17] = [
    (RecordType::A, "A", 1),
    (RecordType::Aaaa, "AAAA", 28),
    (RecordType::Caa, "CAA", 257),
    (RecordType::Cname, "CNAME", 5),
    (RecordType::Dname, "DNAME", 39),
    (RecordType::Ds, "DS", 43),
    (RecordType::Https, "HTTPS", 65),
    (RecordType::Mx, "MX", 15),
    (RecordType::Naptr, "NAPTR", 35),
    (RecordType::Ns, "NS", 2),
    (RecordType::Ptr, "PTR", 12),
    (RecordType::Soa, "SOA", 6),
    (RecordType::Srv, "SRV", 33),
    (RecordType::Sshfp, "SSHFP", 44),
    (RecordType::Svcb, "SVCB", 64),
    (RecordType::Tlsa, "TLSA", 52),
    (RecordType::Txt, "TXT", 16),
];

/// Types that servers name, of which we know the number only. `ALIAS` and `LUA` are `PowerDNS`'s own.
const NAMED: [(&str, u16); 26] = [
    ("AFSDB", 18),
    ("ALIAS", 65401),
    ("APL", 42),
    ("CDNSKEY", 60),
    ("CDS", 59),
    ("CERT", 37),
    ("CSYNC", 62),
    ("DHCID", 49),
    ("DNSKEY", 48),
    ("EUI48", 108),
    ("EUI64", 109),
    ("HINFO", 13),
    ("IPSECKEY", 45),
    ("KX", 36),
    ("LOC", 29),
    ("LUA", 65402),
    ("NSEC", 47),
    ("NSEC3", 50),
    ("NSEC3PARAM", 51),
    ("OPENPGPKEY", 61),
    ("RP", 17),
    ("RRSIG", 46),
    ("SMIMEA", 53),
    ("SPF", 99),
    ("URI", 256),
    ("ZONEMD", 63),
];

/// Types of questions and of the transport, which no zone holds (RFC 6895 §3.1).
const META: [(&str, u16); 8] = [
    ("ANY", 255),
    ("AXFR", 252),
    ("IXFR", 251),
    ("MAILA", 254),
    ("MAILB", 253),
    ("OPT", 41),
    ("TKEY", 249),
    ("TSIG", 250),
];

text_type!(RecordType);

impl RecordType {
    /// The name of a type in any case, or `TYPE` and its number (RFC 3597 §5).
    ///
    /// # Errors
    /// `invalid` for what is no type, and for meta types (ANY, AXFR, OPT, TSIG, …).
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("record type", input);
        field.check(32)?;
        field.check_characters(|character| character.is_ascii_alphanumeric())?;
        let upper = input.to_ascii_uppercase();
        let number = match by_name(&upper) {
            Some(number) => number,
            None => match upper.strip_prefix("TYPE") {
                Some(digits) => whole(digits, 0xffff).map_err(|rule| field.refuse(rule))?,
                None if META.iter().any(|(name, _)| *name == upper) || upper == "*" => 255,
                None => return Err(unknown(&field, &upper)),
            },
        };
        let number = u16::try_from(number).map_err(|_| field.refuse("no such type"))?;
        let known =
            Self::from_number(number).ok_or_else(|| field.refuse("a meta type, which no zone can hold"))?;
        Ok(Given::normalised(known, input, &known.to_string()))
    }

    /// The type of this number; nothing for meta types and 0.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        // RFC 6895 §3.1: 128 to 255 are questions and meta types.
        if matches!(number, 0 | 41 | 128..=255) {
            return None;
        }
        let known = KNOWN.iter().find(|(_, _, own)| *own == number);
        Some(known.map_or(RecordType::Unknown(number), |(known, _, _)| *known))
    }

    /// Its number in DNS.
    #[must_use]
    pub fn number(self) -> u16 {
        match self {
            RecordType::Unknown(number) => number,
            known => KNOWN
                .iter()
                .find(|(own, _, _)| *own == known)
                .map_or(0, |(_, _, number)| *number),
        }
    }

    /// Whether servers have a name and a presentation form for it, of which we know the name.
    #[must_use]
    pub fn is_named(self) -> bool {
        NAMED.iter().any(|(_, number)| *number == self.number())
    }

    /// Whether its data is the name of something else and nothing more.
    #[must_use]
    pub fn is_target(self) -> bool {
        const ALIAS: u16 = 65401;
        matches!(
            self,
            RecordType::Cname
                | RecordType::Dname
                | RecordType::Ns
                | RecordType::Ptr
                | RecordType::Unknown(ALIAS)
        )
    }

    /// Whether signatures and proofs stand beside everything, an alias too (RFC 4034 §3, §4).
    pub(super) fn stands_beside_alias(self) -> bool {
        matches!(self, RecordType::Unknown(46 | 47))
    }
}

fn by_name(upper: &str) -> Option<u64> {
    let known = KNOWN.iter().map(|(_, name, number)| (*name, *number));
    known
        .chain(NAMED)
        .find(|(name, _)| *name == upper)
        .map(|(_, number)| u64::from(number))
}

fn unknown(field: &Field<'_>, upper: &str) -> crate::error::Error {
    let nearest = KNOWN
        .iter()
        .map(|(_, name, _)| *name)
        .min_by_key(|name| strsim::damerau_levenshtein(name, upper));
    let error = field.refuse("no type of record that is known");
    match nearest {
        Some(name) if strsim::damerau_levenshtein(name, upper) <= 2 => {
            error.hint(format!("did you mean {name}?"))
        }
        _ => error.hint("another type is written TYPE65280, its data \\# 4 0a000001 (RFC 3597)"),
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        let known = KNOWN.iter().map(|(_, name, number)| (*name, *number));
        match known.chain(NAMED).find(|(_, own)| *own == number) {
            Some((name, _)) => f.pad(name),
            None => f.pad(&format!("TYPE{number}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn types_are_named_in_any_case() {
        for (input, stored) in [
            ("A", RecordType::A),
            ("a", RecordType::A),
            ("aaaa", RecordType::Aaaa),
            ("Https", RecordType::Https),
            ("SOA", RecordType::Soa),
            ("TYPE65280", RecordType::Unknown(65280)),
            ("type1", RecordType::A),
            ("DNAME", RecordType::Dname),
        ] {
            let given = RecordType::parse(input).expect(input);
            assert_eq!(given.value, stored);
            assert_eq!(given.note.is_some(), stored.to_string() != input, "{input}");
        }
        assert_eq!(
            RecordType::parse("a").expect("a").note.as_deref(),
            Some("a is stored as A")
        );
    }

    #[test]
    fn meta_types_and_nonsense_are_refused() {
        for input in [
            "ANY", "any", "AXFR", "IXFR", "OPT", "TSIG", "TKEY", "TYPE255", "TYPE41", "TYPE0", "TYPE128",
        ] {
            let message = RecordType::parse(input).expect_err(input).message().to_owned();
            assert_eq!(
                message,
                format!("record type \"{input}\": a meta type, which no zone can hold")
            );
        }
        for input in [
            "",
            "TYPE",
            "TYPE01",
            "TYPE-1",
            "TYPE65536",
            "TYPE+1",
            "*",
            "MX ",
            "M X",
            "A\n",
            "ＡＡＡＡ",
            "A;",
            "FOO",
            "1",
        ] {
            assert_eq!(
                RecordType::parse(input).expect_err(input).reason(),
                "invalid",
                "{input:?}"
            );
        }
        assert_eq!(
            RecordType::parse("CNAMW").expect_err("typo").hint_text(),
            Some("did you mean CNAME?")
        );
    }

    #[test]
    fn every_type_round_trips_by_name_and_number() {
        for number in 0..=u16::MAX {
            let Some(kind) = RecordType::from_number(number) else {
                continue;
            };
            assert_eq!(kind.number(), number);
            assert_eq!(kind.to_string().parse::<RecordType>().expect("name"), kind);
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(input in "\\PC{0,12}|[A-Z]{1,6}|TYPE[0-9]{0,6}") {
            if let Ok(given) = RecordType::parse(&input) {
                prop_assert_eq!(RecordType::parse(&given.value.to_string()).expect("canonical"), Given::plain(given.value));
            }
        }
    }
}
