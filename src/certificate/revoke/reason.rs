//! Why a certificate is revoked (RFC 5280 §5.3.1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The reasons that a subscriber may have. An authority takes the ones that its policy knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// None is given.
    #[default]
    Unspecified,
    /// Somebody else may have the key: it is never used again.
    KeyCompromise,
    /// The owner is called otherwise now.
    AffiliationChanged,
    /// Another certificate has taken its place.
    Superseded,
    /// The names are used no more.
    CessationOfOperation,
    /// The owner may not have it any more.
    PrivilegeWithdrawn,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 6] = [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::PrivilegeWithdrawn,
    ];

    /// The word of RFC 5280.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "keyCompromise",
            Reason::AffiliationChanged => "affiliationChanged",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessationOfOperation",
            Reason::PrivilegeWithdrawn => "privilegeWithdrawn",
        }
    }

    /// The number of RFC 5280.
    #[must_use]
    pub fn code(self) -> i32 {
        match self {
            Reason::Unspecified => 0,
            Reason::KeyCompromise => 1,
            Reason::AffiliationChanged => 3,
            Reason::Superseded => 4,
            Reason::CessationOfOperation => 5,
            Reason::PrivilegeWithdrawn => 9,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Reason {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Reason::ALL
            .into_iter()
            .find(|reason| reason.word().eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let words: Vec<&str> = Reason::ALL.iter().map(|reason| reason.word()).collect();
            Error::invalid(format!("a reason is one of {}", words.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_word_of_the_standard_in_whatever_case() {
        for reason in Reason::ALL {
            assert_eq!(reason.word().parse::<Reason>().expect("known"), reason);
            assert_eq!(
                reason
                    .word()
                    .to_ascii_uppercase()
                    .parse::<Reason>()
                    .expect("known"),
                reason
            );
        }
        for text in ["", "1", "key compromise", "removeFromCRL"] {
            assert!(text.parse::<Reason>().is_err(), "{text}");
        }
    }
}
