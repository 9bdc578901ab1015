//! What a check came to.

use serde::Serialize;

/// Whether it is proof, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The token was seen wherever it has to be.
    Verified,
    /// It was seen nowhere.
    Absent,
    /// It was seen at some servers, and is not at others.
    Partial,
    /// Its time is over.
    Expired,
    /// What was seen is the token of another account.
    Foreign,
    /// Where the token should be is an alias.
    Alias,
    /// The signatures of the zone do not hold.
    Bogus,
    /// No server that was asked speaks for the zone.
    Lame,
    /// Servers that would have to be heard did not answer.
    Unanswered,
    /// The zone's own servers have it, and too few resolvers do.
    Unspread,
    /// The page leads elsewhere, or inside.
    Refused,
    /// It is proven, and another account has proven it before.
    Taken,
}

impl State {
    /// The word that never changes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::Verified => "verified",
            State::Absent => "absent",
            State::Partial => "partial",
            State::Expired => "expired",
            State::Foreign => "foreign",
            State::Alias => "alias",
            State::Bogus => "bogus",
            State::Lame => "lame",
            State::Unanswered => "unanswered",
            State::Unspread => "unspread",
            State::Refused => "refused",
            State::Taken => "taken",
        }
    }

    /// Whether the same question may have another answer soon, without anybody doing anything else than publishing.
    #[must_use]
    pub fn may_pass(self) -> bool {
        match self {
            State::Absent
            | State::Partial
            | State::Foreign
            | State::Alias
            | State::Bogus
            | State::Lame
            | State::Unanswered
            | State::Unspread
            | State::Refused => true,
            State::Verified | State::Expired | State::Taken => false,
        }
    }
}

/// What one server said, or one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Its name.
    pub server: String,
    /// Where it was asked.
    pub address: Option<String>,
    /// What it said, in words.
    pub said: String,
}

/// What a check came to, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is proof.
    pub state: State,
    /// What was seen where, as a sentence. Names in it are a stranger's: escape it before it reaches a terminal.
    pub found: String,
    /// After how many seconds another answer can be expected.
    pub retry_seconds: Option<u32>,
    /// Every server that was asked.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// One for which nobody had to be asked.
    #[must_use]
    pub fn without_asking(state: State, found: impl Into<String>) -> Self {
        Finding {
            state,
            found: found.into(),
            retry_seconds: None,
            evidence: Vec::new(),
        }
    }
}
