//! An operation and its steps as they stand in the journal.

use serde_json::Value;
use uuid::Uuid;

use super::{Marker, Place, Secrets};

/// One row of the journal's steps.
#[derive(Debug)]
pub struct StepRecord {
    /// The operation.
    pub operation: Uuid,
    /// Its place in the plan, from 0.
    pub number: u32,
    /// `capability.verb`.
    pub kind: String,
    /// The version of `parameters`.
    pub version: i32,
    /// The thing: `database:main/shop`.
    pub resource: String,
    /// Where the effect lies.
    pub place: Place,
    /// As planned.
    pub parameters: Value,
    /// Opened secrets, by name.
    pub secrets: Secrets,
    /// After this step the operation only goes forward.
    pub is_pivot: bool,
    /// Where the step stands.
    pub state: StepState,
    /// What the step left behind when it was done.
    pub output: Option<Value>,
}

impl StepRecord {
    /// The mark of this step in `epoch`.
    #[must_use]
    pub fn marker(&self, epoch: i64) -> Marker {
        Marker {
            operation: self.operation,
            step: self.number,
            epoch,
        }
    }
}

/// Defines an enum whose variants are words in the database.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of a life.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word that stands for it in the database and in output.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            /// The value behind a word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.word() == word)
            }
        }
    };
}

words! {
    /// The life of a step.
    StepState {
        /// Nothing was begun.
        Pending = "pending",
        /// The attempt is recorded; the effect may or may not be there.
        Intent = "intent",
        /// The attempt ended without an answer.
        Unknown = "unknown",
        /// The effect is there.
        Applied = "applied",
        /// The attempt failed, provably without effect.
        NotApplied = "not_applied",
        /// The taking back is recorded.
        Undoing = "undoing",
        /// The effect is gone.
        Undone = "undone",
        /// The effect could not be taken back.
        UndoStuck = "undo_stuck",
        /// A person took what is there for good.
        Accepted = "accepted",
    }
}

words! {
    /// The life of an operation.
    State {
        /// Going forward.
        Running = "running",
        /// Going back.
        Unwinding = "unwinding",
        /// Everything is there.
        Succeeded = "succeeded",
        /// Nothing is there; verified.
        RolledBack = "rolled_back",
        /// A person is needed.
        Stuck = "stuck",
        /// Ended by a person.
        Abandoned = "abandoned",
    }
}

impl StepState {
    /// Whether a step in this state keeps a stuck operation from its end.
    #[must_use]
    pub fn is_residue(self, is_past_pivot: bool) -> bool {
        match self {
            StepState::UndoStuck | StepState::Unknown | StepState::Intent | StepState::Undoing => true,
            // What remains on the way forward is what is missing.
            StepState::Pending | StepState::NotApplied => is_past_pivot,
            StepState::Applied | StepState::Undone | StepState::Accepted => false,
        }
    }
}

impl State {
    /// Whether recovery has something to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            State::Running | State::Unwinding => true,
            State::Succeeded | State::RolledBack | State::Stuck | State::Abandoned => false,
        }
    }
}
