//! What can go wrong, as data: a kind (the exit code), a reason (a word that never changes), a message and a hint.
//!
//! The wording a person reads is made here and in the message given at the place of failure; programs look at the kind
//! and the reason only. Nothing below `commands` decides how an error is shown.

use std::error::Error as StdError;
use std::fmt;

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The class of a failure; each has one exit code, documented in README "Exit codes".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A bug of ours.
    Internal,
    /// Bad arguments, invalid input or configuration; nothing was touched.
    Usage,
    /// No such object.
    NotFound,
    /// Exists already, is not ours, or the world is not as the plan saw it.
    Conflict,
    /// The question was answered with no.
    No,
    /// Someone else holds it, or throttled.
    Busy,
    /// Permission, authentication, a protected object, a limit, a suspended owner.
    Denied,
    /// An outside service failed or the time-out was spent; nothing changed or everything was rolled back.
    Unavailable,
    /// An operation could be neither finished nor undone, or is left to recovery.
    Stuck,
    /// A batch in which some items failed, or a deed that stands although its answer could not be written.
    Partial,
    /// Ctrl-C or SIGTERM.
    Interrupted,
}

impl Kind {
    /// Every kind, in the order of its exit code.
    pub const ALL: [Kind; 11] = [
        Kind::Internal,
        Kind::Usage,
        Kind::NotFound,
        Kind::Conflict,
        Kind::No,
        Kind::Busy,
        Kind::Denied,
        Kind::Unavailable,
        Kind::Stuck,
        Kind::Partial,
        Kind::Interrupted,
    ];

    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Internal => 1,
            Kind::Usage => 2,
            Kind::NotFound => 3,
            Kind::Conflict => 4,
            Kind::No => 5,
            Kind::Busy => 6,
            Kind::Denied => 7,
            Kind::Unavailable => 8,
            Kind::Stuck => 9,
            Kind::Partial => 10,
            Kind::Interrupted => 130,
        }
    }

    /// The word in the `kind` field of the JSON error object.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Internal => "internal",
            Kind::Usage => "usage",
            Kind::NotFound => "not_found",
            Kind::Conflict => "conflict",
            Kind::No => "no",
            Kind::Busy => "busy",
            Kind::Denied => "denied",
            Kind::Unavailable => "unavailable",
            Kind::Stuck => "stuck",
            Kind::Partial => "partial",
            Kind::Interrupted => "interrupted",
        }
    }

    /// The kind behind a word that was stored, for instance in the journal.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A failure. Cheap to move; its parts are behind one pointer.
#[derive(Debug)]
pub struct Error(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: Kind,
    reason: String,
    message: String,
    hint: Option<String>,
    operation: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    is_told: bool,
}

impl Error {
    /// An error of `kind` whose `reason` is a stable word in `snake_case`.
    #[must_use]
    pub fn new(kind: Kind, reason: &str, message: impl Into<String>) -> Self {
        Error(Box::new(Parts {
            kind,
            reason: reason.to_owned(),
            message: message.into(),
            hint: None,
            operation: None,
            source: None,
            is_told: false,
        }))
    }

    /// A bug of ours: a state that the code believes impossible.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(Kind::Internal, "internal", message)
    }

    /// Invalid input, reason `invalid`.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, "invalid", message)
    }

    /// Invalid configuration, reason `configuration`.
    #[must_use]
    pub fn configuration(message: impl Into<String>) -> Self {
        Error::new(Kind::Usage, "configuration", message)
    }

    /// An outside service that failed or did not answer, reason `unavailable`.
    #[must_use]
    pub fn unavailable(message: impl Into<String>) -> Self {
        Error::new(Kind::Unavailable, "unavailable", message)
    }

    /// Adds what the person can do about it: best a command that can be pasted.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Names the operation the error belongs to.
    #[must_use]
    pub fn operation(mut self, id: impl Into<String>) -> Self {
        self.0.operation = Some(id.into());
        self
    }

    /// Keeps the underlying error for logs.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same once more, for whoever asks later; without its source and its operation.
    #[must_use]
    pub fn again(&self) -> Self {
        let again = Error::new(self.kind(), self.reason(), self.message());
        match self.hint_text() {
            Some(hint) => again.hint(hint),
            None => again,
        }
    }

    /// Puts `context: ` before the message.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Self {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// It was told already, or is not to be told again so soon: only the exit code is left.
    #[must_use]
    pub fn told(mut self) -> Self {
        self.0.is_told = true;
        self
    }

    /// Whether there is nothing left to tell.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.0.is_told
    }

    /// The class.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable word.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The sentence for a person, without hint.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What helps, if known.
    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The operation, if one is concerned.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_kinds_are_one_to_one() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::from_word("nonsense"), None);
    }

    #[test]
    fn exit_codes_are_the_documented_ones() {
        let codes: Vec<u8> = Kind::ALL.iter().map(|kind| kind.exit_code()).collect();
        assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130]);
    }
}
