//! Sizes that limit something: bytes with their unit, or `unlimited` spelt out.

use std::fmt;

use crate::error::{Error, Result};
use crate::model::field::Field;
use crate::model::number::{split_unit, whole};
use crate::model::{Given, text_type};

/// Units and their bytes, powers of 1,024; the first spelling of a size is the canonical one. From large to small.
const UNITS: [(&str, u64); 10] = [
    ("T", 1 << 40),
    ("TiB", 1 << 40),
    ("G", 1 << 30),
    ("GiB", 1 << 30),
    ("M", 1 << 20),
    ("MiB", 1 << 20),
    ("K", 1 << 10),
    ("k", 1 << 10),
    ("KiB", 1 << 10),
    ("B", 1),
];

/// A limit in bytes. Never 0: mail servers read that as no limit at all.
///
/// | written | bytes |
/// |---|---|
/// | `10B` | 10 |
/// | `10K`, `10k`, `10KiB` | 10,240 |
/// | `10M`, `10MiB` | 10,485,760 |
/// | `10G`, `10GiB` | 10,737,418,240 |
/// | `10T`, `10TiB` | 10,995,116,277,760 |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quota {
    /// This many bytes: 1 to 2^63 − 1, as a `bigint` holds them.
    Bytes(u64),
    /// No limit.
    Unlimited,
}

text_type!(Quota);

impl Quota {
    /// A whole number with a unit, or `unlimited`.
    ///
    /// # Errors
    /// `invalid`: a missing or unknown unit, anything but digits before it, 0, or more than 2^63 − 1 bytes.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("quota", input);
        field.check(64)?;
        if input == "unlimited" {
            return Ok(Given::plain(Quota::Unlimited));
        }
        let (digits, unit) = split_unit(input);
        if digits.is_empty() {
            return Err(field
                .refuse("a whole number and a unit are needed")
                .hint("such as 500M, 2G or unlimited"));
        }
        let number = whole(digits, i64::MAX.unsigned_abs()).map_err(|rule| field.refuse(rule))?;
        let (_, size) = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or_else(|| unknown_unit(&field, digits, unit))?;
        let bytes = number
            .checked_mul(*size)
            .ok_or_else(|| field.refuse("larger than 9223372036854775807 bytes"))?;
        Ok(Given::plain(Quota::from_bytes(bytes).map_err(|error| {
            error.context(format_args!("quota \"{input}\""))
        })?))
    }

    /// A limit of this many bytes.
    ///
    /// # Errors
    /// `invalid` for 0 and for more than 2^63 − 1.
    pub fn from_bytes(bytes: u64) -> Result<Self> {
        match bytes {
            0 => Err(Error::invalid("0 is not a quota").hint("write unlimited if no limit is meant")),
            bytes if bytes > i64::MAX.unsigned_abs() => {
                Err(Error::invalid("larger than 9223372036854775807 bytes"))
            }
            bytes => Ok(Quota::Bytes(bytes)),
        }
    }

    /// The bytes; nothing where there is no limit.
    #[must_use]
    pub fn bytes(self) -> Option<u64> {
        match self {
            Quota::Bytes(bytes) => Some(bytes),
            Quota::Unlimited => None,
        }
    }
}

fn unknown_unit(field: &Field<'_>, digits: &str, unit: &str) -> Error {
    if unit.is_empty() {
        return field
            .refuse("the unit is missing (B, K, M, G, T)")
            .hint(format!("such as {digits}M"));
    }
    let error = field.refuse_at(digits.len(), "unknown unit (B, K, M, G, T are known)");
    match UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) {
        Some((name, _)) => error.hint(format!("use {digits}{name}")),
        None => error,
    }
}

impl fmt::Display for Quota {
    /// In the largest unit that divides it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quota::Bytes(bytes) = self else {
            return f.pad("unlimited");
        };
        let (name, size) = UNITS
            .iter()
            .find(|(_, size)| bytes.is_multiple_of(*size))
            .unwrap_or(&("B", 1));
        f.pad(&format!("{}{name}", bytes / size))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn units_are_powers_of_1024() {
        for (input, bytes, shown) in [
            ("10B", 10, "10B"),
            ("10k", 10_240, "10K"),
            ("10K", 10_240, "10K"),
            ("10KiB", 10_240, "10K"),
            ("10M", 10_485_760, "10M"),
            ("10MiB", 10_485_760, "10M"),
            ("10G", 10_737_418_240, "10G"),
            ("1GiB", 1_073_741_824, "1G"),
            ("10T", 10_995_116_277_760, "10T"),
            ("10TiB", 10_995_116_277_760, "10T"),
            ("1024M", 1_073_741_824, "1G"),
            ("1536M", 1_610_612_736, "1536M"),
            (
                "9223372036854775807B",
                9_223_372_036_854_775_807,
                "9223372036854775807B",
            ),
            ("8388607T", 9_223_370_937_343_148_032, "8388607T"),
        ] {
            let quota = Quota::parse(input).expect(input).value;
            assert_eq!((quota, quota.to_string().as_str()), (Quota::Bytes(bytes), shown));
        }
        assert_eq!("unlimited".parse::<Quota>().expect("word"), Quota::Unlimited);
    }

    #[test]
    fn anything_else_is_refused() {
        for input in [
            "",
            " ",
            "26GIGOTS",
            "M",
            "12Q",
            "123",
            "0",
            "0M",
            "007M",
            "+1M",
            "-1M",
            "1.5G",
            "1,5G",
            "1_000M",
            "１０M",
            "0x10M",
            "1e9",
            "1e9B",
            "10 M",
            " 10M",
            "10M ",
            "10M\n",
            "10MB",
            "10m",
            "10g",
            "10Mi",
            "18446744073709551616B",
            "9223372036854775808B",
            "9999999T",
            "8388608T",
            "Unlimited",
            "none",
            "10\u{200b}M",
            "∞",
        ] {
            let error = Quota::parse(input).expect_err(input);
            assert_eq!(
                (error.kind().exit_code(), error.reason()),
                (2, "invalid"),
                "{input:?}"
            );
        }
        assert_eq!(
            Quota::parse("123").expect_err("unit").hint_text(),
            Some("such as 123M")
        );
        assert_eq!(
            Quota::parse("10g").expect_err("case").hint_text(),
            Some("use 10G")
        );
    }

    #[test]
    fn no_limit_is_more_than_any() {
        assert!(Quota::Unlimited > Quota::Bytes(i64::MAX.unsigned_abs()));
        assert_eq!(
            (Quota::Unlimited.bytes(), Quota::Bytes(1).bytes()),
            (None, Some(1))
        );
        assert!(Quota::from_bytes(0).is_err() && Quota::from_bytes(u64::MAX).is_err());
    }

    proptest! {
        #[test]
        fn what_is_accepted_round_trips(input in "\\PC{0,12}|[0-9]{1,20}(B|k|K|M|G|T|[KMGT]iB)?") {
            if let Ok(given) = Quota::parse(&input) {
                prop_assert_eq!(Quota::parse(&given.value.to_string()).expect("canonical"), given);
            }
        }
    }
}
