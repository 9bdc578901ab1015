//! Whole numbers as people and servers write them: digits and nothing else.

use std::str::FromStr;

use crate::model::escape::excerpt;

/// A whole number up to `maximum`, or the rule it breaks: no sign, blank, point, separator, exponent, leading zero or
/// foreign digit.
pub(super) fn whole(text: &str, maximum: u64) -> Result<u64, String> {
    if text.is_empty() {
        return Err("a number is missing".to_owned());
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("\"{}\" is not a whole number", excerpt(text)));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(format!("\"{}\" has a leading zero", excerpt(text)));
    }
    u64::from_str(text)
        .ok()
        .filter(|number| *number <= maximum)
        .ok_or_else(|| format!("{} is larger than {maximum}", excerpt(text)))
}

/// The digits at the beginning and the rest.
pub(super) fn split_unit(text: &str) -> (&str, &str) {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_and_nothing_else() {
        for bad in [
            "",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1.0",
            "1,0",
            "1_0",
            "1e3",
            "0x1",
            "01",
            "00",
            "１",
            "256",
            "18446744073709551616",
        ] {
            assert!(whole(bad, 255).is_err(), "{bad}");
        }
        for (good, number) in [("0", 0), ("1", 1), ("255", 255)] {
            assert_eq!(whole(good, 255), Ok(number));
        }
        assert_eq!(whole("18446744073709551615", u64::MAX), Ok(u64::MAX));
    }
}
