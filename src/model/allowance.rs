//! How many of something an account may have.

use std::fmt;

use crate::error::Result;
use crate::model::field::Field;
use crate::model::number::whole;
use crate::model::{Given, text_type};

/// A limit on a number of things: a whole number, 0 included, or `unlimited`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// This many.
    AtMost(u32),
    /// As many as there may be.
    Unlimited,
}

text_type!(Allowance);

impl Allowance {
    /// Digits alone, or `unlimited`.
    ///
    /// # Errors
    /// `invalid` for anything else, and for more than 2^31 − 1.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("limit", input);
        field.check(64)?;
        if input == "unlimited" {
            return Ok(Given::plain(Allowance::Unlimited));
        }
        let number = whole(input, u64::from(i32::MAX.unsigned_abs()))
            .map_err(|rule| field.refuse(rule).hint("a whole number such as 10, or unlimited"))?;
        let most = u32::try_from(number).map_err(|_| field.refuse("larger than 2147483647"))?;
        Ok(Given::plain(Allowance::AtMost(most)))
    }

    /// The number; nothing where there is no limit.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        match self {
            Allowance::AtMost(most) => Some(most.into()),
            Allowance::Unlimited => None,
        }
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Allowance::AtMost(most) => write!(f, "{most}"),
            Allowance::Unlimited => f.pad("unlimited"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_digits_or_spelt_out() {
        for (text, number) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("2147483647", Some(2_147_483_647)),
            ("unlimited", None),
        ] {
            let parsed: Allowance = text.parse().expect(text);
            assert_eq!((parsed.number(), parsed.to_string().as_str()), (number, text));
        }
        for bad in [
            "",
            " 1",
            "+1",
            "-1",
            "01",
            "1.5",
            "2147483648",
            "Unlimited",
            "none",
            "1\n",
            "٣",
        ] {
            assert!(bad.parse::<Allowance>().is_err(), "{bad:?}");
        }
    }
}
