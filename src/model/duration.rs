//! Lengths of time on the command line and in the configuration, and the time to live of records.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};
use crate::model::field::{Field, for_serde};
use crate::model::number::{split_unit, whole};
use crate::model::{Given, text_type};

/// Units in milliseconds, from large to small.
const UNITS: [(&str, u64); 6] = [
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// 100 years of 365 days: added to any clock it stays a date.
const LONGEST: u64 = 36_500 * 86_400_000;

/// A length of time in milliseconds, 0 to 36,500 days: `--since 24h`, `--timeout 30s`, `trash = "14d"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

text_type!(Span);

impl Span {
    /// A whole number and one unit of ms, s, m, h, d (24 hours), w (7 days). A bare `0` is the one number that needs no unit.
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("duration", input);
        field.check(64)?;
        if input == "0" {
            return Ok(Given::plain(Span(0)));
        }
        let milliseconds = milliseconds(&field)?;
        if milliseconds > LONGEST {
            return Err(field.refuse("longer than 36500d"));
        }
        Ok(Given::plain(Span(milliseconds)))
    }

    /// As the standard library has it.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl From<Duration> for Span {
    /// Without fractions of a millisecond; at most the longest.
    fn from(duration: Duration) -> Self {
        Span(u64::try_from(duration.as_millis()).map_or(LONGEST, |milliseconds| milliseconds.min(LONGEST)))
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.duration()
    }
}

impl fmt::Display for Span {
    /// In the largest unit that divides it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = UNITS
            .iter()
            .find(|(_, size)| self.0 != 0 && self.0.is_multiple_of(*size));
        let (name, size) = largest.unwrap_or(&("s", 1_000));
        f.pad(&format!("{}{name}", self.0 / size))
    }
}

fn milliseconds(field: &Field<'_>) -> Result<u64> {
    let (digits, unit) = split_unit(field.input);
    if digits.is_empty() {
        return Err(field
            .refuse("a whole number and a unit are needed")
            .hint("such as 30s, 24h or 14d"));
    }
    let number = whole(digits, u64::MAX).map_err(|rule| field.refuse(rule))?;
    if unit.is_empty() {
        return Err(field
            .refuse("the unit is missing (ms, s, m, h, d, w)")
            .hint(format!("such as {digits}s")));
    }
    let (_, size) = UNITS
        .iter()
        .find(|(name, _)| *name == unit)
        .ok_or_else(|| field.refuse_at(digits.len(), "one unit of ms, s, m, h, d, w is needed"))?;
    Ok(number.saturating_mul(*size))
}

/// The time to live of records in seconds. In JSON a number; a manifest may also say `"1h"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ttl(u32);

impl Ttl {
    /// What a record gets when nothing is said: an hour.
    pub const DEFAULT: Ttl = Ttl(3600);

    /// The least that may be asked for, in seconds: below it resolvers hammer the servers or ignore it.
    pub const MINIMUM: u32 = 30;

    /// The most there is, in seconds: 2^31 − 1 (RFC 2181 §8).
    pub const MAXIMUM: u32 = 0x7fff_ffff;

    /// Seconds, or a whole number with one unit: `3600`, `1h`.
    ///
    /// # Errors
    /// `invalid` outside 30 to 2147483647 seconds, and for fractions of a second.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let (seconds, is_bare) = Ttl::read(input)?;
        let ttl =
            Ttl::from_seconds(seconds).map_err(|error| error.context(format_args!("TTL \"{input}\"")))?;
        let bare = is_bare.then(|| Given::plain(ttl));
        Ok(bare.unwrap_or_else(|| Given::normalised(ttl, input, &ttl.to_string())))
    }

    /// The seconds, and whether they stood there without a unit.
    fn read(input: &str) -> Result<(u64, bool)> {
        let field = Field::new("TTL", input);
        field.check(64)?;
        match split_unit(input) {
            (_, "") => whole(input, u64::MAX)
                .map(|seconds| (seconds, true))
                .map_err(|rule| field.refuse(rule)),
            (_, "ms") => Err(field.refuse("whole seconds are needed")),
            _ => Ok((milliseconds(&field)? / 1_000, false)),
        }
    }

    /// As [`Ttl::parse`], however short: what a zone may hold that others keep, 0 included.
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse_any(input: &str) -> Result<Self> {
        let (seconds, _) = Ttl::read(input)?;
        match u32::try_from(seconds) {
            Ok(seconds) if seconds < Ttl::MINIMUM => Ok(Ttl(seconds)),
            _ => Ttl::from_seconds(seconds).map_err(|error| error.context(format_args!("TTL \"{input}\""))),
        }
    }

    /// That many seconds, within the limits of [`Ttl::parse`].
    ///
    /// # Errors
    /// `invalid`.
    pub fn from_seconds(seconds: u64) -> Result<Self> {
        match u32::try_from(seconds) {
            Ok(seconds) if seconds < Ttl::MINIMUM => Err(Error::invalid(format!(
                "shorter than the minimum of {} seconds",
                Ttl::MINIMUM
            ))),
            Ok(seconds) if seconds <= Ttl::MAXIMUM => Ok(Ttl(seconds)),
            _ => Err(Error::invalid(format!(
                "longer than {} seconds (RFC 2181)",
                Ttl::MAXIMUM
            ))),
        }
    }

    /// What a server holds, however short. A value with the highest bit set means 0 (RFC 2181 §8).
    #[must_use]
    pub fn observed(seconds: u32) -> Self {
        Ttl(if seconds > Ttl::MAXIMUM { 0 } else { seconds })
    }

    /// The seconds.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl Default for Ttl {
    fn default() -> Self {
        Ttl::DEFAULT
    }
}

impl fmt::Display for Ttl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::str::FromStr for Ttl {
    type Err = Error;

    fn from_str(input: &str) -> Result<Self> {
        Ttl::parse(input).map(|given| given.value)
    }
}

impl std::str::FromStr for Given<Ttl> {
    type Err = Error;

    fn from_str(input: &str) -> Result<Self> {
        Ttl::parse(input)
    }
}

impl Serialize for Ttl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Ttl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a TTL in seconds, or a string such as \"1h\"")]
        enum Either {
            Seconds(u64),
            Text(String),
        }
        let ttl = match Either::deserialize(deserializer)? {
            Either::Seconds(seconds) => Ttl::from_seconds(seconds).map_err(|error| error.context("TTL")),
            Either::Text(text) => text.parse(),
        };
        ttl.map_err(for_serde)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_duration_is_a_number_and_a_unit() {
        for (input, milliseconds, shown) in [
            ("250ms", 250, "250ms"),
            ("30s", 30_000, "30s"),
            ("90s", 90_000, "90s"),
            ("60s", 60_000, "1m"),
            ("24h", 86_400_000, "1d"),
            ("14d", 1_209_600_000, "2w"),
            ("0", 0, "0s"),
            ("0s", 0, "0s"),
            ("36500d", LONGEST, "36500d"),
        ] {
            let span = Span::parse(input).expect(input).value;
            assert_eq!(span.duration(), Duration::from_millis(milliseconds), "{input}");
            assert_eq!(span.to_string(), shown);
        }
    }

    #[test]
    fn bad_durations_are_refused() {
        for input in [
            "",
            " ",
            "1",
            "s",
            "-1s",
            "+1s",
            "1.5h",
            "01s",
            "1h30",
            "1h30m",
            "1 h",
            "1H",
            "1y",
            "1e3s",
            "１s",
            "36501d",
            "99999999999999999999w",
            "18446744073709551615w",
            "1s\n",
            "5 parsecs",
        ] {
            assert_eq!(
                Span::parse(input).expect_err(input).reason(),
                "invalid",
                "{input:?}"
            );
        }
    }

    #[test]
    fn a_ttl_is_in_seconds_between_its_limits() {
        for (input, seconds) in [
            ("30", 30),
            ("3600", 3600),
            ("1h", 3600),
            ("1d", 86_400),
            ("2147483647", 2_147_483_647),
        ] {
            assert_eq!(Ttl::parse(input).expect(input).value.seconds(), seconds);
        }
        for input in [
            "0",
            "29",
            "-1",
            "2147483648",
            "1h30",
            "99999999999999999999",
            "24856d",
            "1.5",
            "500ms",
            "030",
            "",
            "1h ",
            "4000w4",
        ] {
            assert_eq!(
                Ttl::parse(input).expect_err(input).reason(),
                "invalid",
                "{input:?}"
            );
        }
        let message = "TTL \"0\": shorter than the minimum of 30 seconds";
        assert_eq!(Ttl::parse("0").expect_err("zero").message(), message);
    }

    #[test]
    fn a_ttl_is_a_number_in_json_and_may_be_a_string() {
        assert_eq!(serde_json::to_string(&Ttl::DEFAULT).expect("json"), "3600");
        for (text, seconds) in [("300", 300), ("\"300\"", 300), ("\"1h\"", 3600)] {
            assert_eq!(serde_json::from_str::<Ttl>(text).expect(text).seconds(), seconds);
        }
        for text in ["0", "-1", "1.5", "2147483648", "\"0\"", "null", "true"] {
            assert!(serde_json::from_str::<Ttl>(text).is_err(), "{text}");
        }
        assert_eq!(
            (Ttl::observed(5).seconds(), Ttl::observed(1 << 31).seconds()),
            (5, 0)
        );
    }

    proptest! {
        #[test]
        fn what_is_accepted_round_trips(input in "\\PC{0,12}|[0-9]{1,12}(ms|s|m|h|d|w)?") {
            if let Ok(given) = Span::parse(&input) {
                prop_assert_eq!(Span::parse(&given.value.to_string()).expect("canonical"), given);
            }
            if let Ok(given) = Ttl::parse(&input) {
                prop_assert_eq!(Ttl::parse(&given.value.to_string()).expect("canonical").value, given.value);
            }
        }
    }
}
