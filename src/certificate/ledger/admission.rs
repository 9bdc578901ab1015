//! Whether an authority may be asked now.

use std::fmt;

use jiff::Timestamp;

use crate::config::Rate;
use crate::error::{Error, Kind};
use crate::model::Span;
use crate::model::escape::excerpt;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// New orders of the account.
    Orders,
    /// Failed proofs of a name.
    Failures,
    /// Certificates for exactly the same names.
    Certificates,
    /// Certificates below a registered domain.
    Domain,
}

impl Counted {
    pub(super) const ALL: [Counted; 4] = [
        Counted::Orders,
        Counted::Failures,
        Counted::Certificates,
        Counted::Domain,
    ];

    /// The word in the table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Counted::Orders => "order",
            Counted::Failures => "failure",
            Counted::Certificates => "certificate",
            Counted::Domain => "domain",
        }
    }

    /// The word in output.
    pub(super) fn name(self) -> &'static str {
        match self {
            Counted::Orders => "orders",
            Counted::Failures => "failures",
            Counted::Certificates => "certificates",
            Counted::Domain => "domain",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Counted::ALL.into_iter().find(|counted| counted.word() == word)
    }
}

/// A limit that is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    /// Of what.
    pub counted: Counted,
    /// Of which name, names or registered domain; empty for the account.
    pub subject: String,
    /// How many there may be.
    pub rate: Rate,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, window) = (self.rate.count, Span::from(self.rate.window));
        let subject = excerpt(&self.subject);
        match self.counted {
            Counted::Orders => write!(f, "{count} orders in {window}"),
            Counted::Failures => write!(f, "{count} failed proofs of {subject} in {window}"),
            Counted::Certificates => write!(f, "{count} certificates for {subject} in {window}"),
            Counted::Domain => write!(f, "{count} certificates below {subject} in {window}"),
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Now,
    /// It would be too often.
    NotBefore(Timestamp, Full),
}

impl Admission {
    /// The refusal, if it is one; `ca` is the name of the authority.
    ///
    /// # Errors
    /// `busy`, reason `rate_limited`.
    pub fn check(self, ca: &str) -> Result<(), Error> {
        let Admission::NotBefore(at, full) = self else {
            return Ok(());
        };
        let message = format!("{ca} allows {full}, and that is reached: not before {at}");
        Err(Error::new(Kind::Busy, "rate_limited", message).hint(format!("hostctl ca limits {ca}")))
    }
}
