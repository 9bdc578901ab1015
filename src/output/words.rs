//! Numbers, lists, sizes and times as a person says them.

use std::fmt;

use jiff::Timestamp;

/// A number of things: `no records`, `1 record`, `2 records` ([`Count`] says `0 records`).
#[derive(Clone, Copy, Debug)]
pub struct Count<'a>(pub usize, pub &'a str);

impl fmt::Display for Count<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => write!(f, "1 {}", self.1),
            count => write!(f, "{count} {}", plural(self.1)),
        }
    }
}

/// The plural of a regular English noun; of several words the last one changes.
#[must_use]
pub fn plural(noun: &str) -> String {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| noun.ends_with(suffix));
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{noun}es");
    }
    match noun.strip_suffix('y') {
        Some(stem) if !ends(&["ay", "ey", "oy", "uy"]) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    }
}

/// Things as a sentence lists them: `a`, `a and b`, `a, b and c`.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            let glue = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " and ",
                _ => ", ",
            };
            write!(f, "{glue}{item}")?;
        }
        Ok(())
    }
}

/// How many of many things are named.
const NAMED: usize = 10;

/// The first ten of many things, and how many more there are: `a, b, … and 23 more`. Up to ten are listed as [`Listed`] does.
#[derive(Clone, Copy, Debug)]
pub struct First<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for First<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((named, rest)) = self
            .0
            .split_at_checked(NAMED)
            .filter(|(_, rest)| !rest.is_empty())
        else {
            return write!(f, "{}", Listed(self.0));
        };
        for item in named {
            write!(f, "{item}, ")?;
        }
        write!(f, "… and {} more", rest.len())
    }
}

/// A number of bytes in binary units with at most one decimal: `512 B`, `1.5 GiB`.
#[derive(Clone, Copy, Debug)]
pub struct Bytes(pub u64);

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1024 {
            return write!(f, "{} B", self.0);
        }
        // Tenths, rounded: 1023.96 KiB is 1 MiB, not 1024 KiB.
        let tenths = |power: u32| (u128::from(self.0) * 10 + (1 << (10 * power)) / 2) >> (10 * power);
        let mut power = 1;
        while power < 6 && tenths(power) >= 10_240 {
            power += 1;
        }
        let (whole, tenth) = (tenths(power) / 10, tenths(power) % 10);
        let unit = UNITS[power as usize - 1];
        if tenth == 0 {
            write!(f, "{whole} {unit}")
        } else {
            write!(f, "{whole}.{tenth} {unit}")
        }
    }
}

/// A time as seen from `now`: `just now`, `3 minutes ago`, `in 2 days`. Rounded down to one unit.
#[derive(Clone, Copy, Debug)]
pub struct Relative {
    /// The time.
    pub time: Timestamp,
    /// From where it is seen.
    pub now: Timestamp,
}

const STEPS: [(u64, &str); 6] = [
    (31_557_600, "year"),
    (2_629_800, "month"),
    (86_400, "day"),
    (3600, "hour"),
    (60, "minute"),
    (1, "second"),
];

impl fmt::Display for Relative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let distance = self.time.as_second() - self.now.as_second();
        let seconds = distance.unsigned_abs();
        let step = STEPS.iter().find(|(length, _)| seconds >= *length);
        let Some((length, unit)) = step else {
            return f.write_str("just now");
        };
        let count = Count(usize::try_from(seconds / length).unwrap_or(usize::MAX), unit);
        if distance > 0 {
            write!(f, "in {count}")
        } else {
            write!(f, "{count} ago")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_things_the_first_ten_are_named() {
        let numbers: Vec<usize> = (1..=33).collect();
        assert_eq!(First(&numbers[..2]).to_string(), "1 and 2");
        assert_eq!(
            First(&numbers[..10]).to_string(),
            "1, 2, 3, 4, 5, 6, 7, 8, 9 and 10"
        );
        assert_eq!(
            First(&numbers).to_string(),
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … and 23 more"
        );
    }

    #[test]
    fn nothing_ever_says_1_records() {
        assert_eq!(Count(0, "record").to_string(), "0 records");
        assert_eq!(Count(1, "record").to_string(), "1 record");
        assert_eq!(Count(2, "record").to_string(), "2 records");
        for (one, many) in [
            ("alias", "aliases"),
            ("box", "boxes"),
            ("key", "keys"),
            ("entry", "entries"),
            ("mail box", "mail boxes"),
        ] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn a_list_reads_like_a_sentence() {
        let shown = |items: &[&str]| Listed(items).to_string();
        assert_eq!(shown(&[]), "");
        assert_eq!(shown(&["a"]), "a");
        assert_eq!(shown(&["a", "b"]), "a and b");
        assert_eq!(shown(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn sizes_are_rounded_to_a_tenth_and_never_reach_1024() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (1024 * 1024 - 1, "1 MiB"),
            (3 << 29, "1.5 GiB"),
            (u64::MAX, "16 EiB"),
        ] {
            assert_eq!(Bytes(bytes).to_string(), shown);
        }
    }

    #[test]
    fn times_are_told_from_now() {
        let now = Timestamp::from_second(1_800_000_000).expect("valid");
        for (offset, shown) in [
            (0, "just now"),
            (-1, "1 second ago"),
            (-180, "3 minutes ago"),
            (-3599, "59 minutes ago"),
            (7200, "in 2 hours"),
            (-86_400, "1 day ago"),
            (90 * 86_400, "in 2 months"),
            (-800 * 86_400, "2 years ago"),
        ] {
            let time = Timestamp::from_second(1_800_000_000 + offset).expect("valid");
            assert_eq!(Relative { time, now }.to_string(), shown);
        }
    }
}
