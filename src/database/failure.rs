//! From PostgreSQL's error to how sure we are of the outcome.

use tokio_postgres::error::SqlState;

use crate::control::sqlstate;
use crate::env::crash;
use crate::error::{Error, Kind};
use crate::journal::Failure;

/// The failure of a statement, or of several sent as one message: the server runs those as one transaction.
pub(super) fn failed(what: &str, error: tokio_postgres::Error) -> Failure {
    let is_unknown = sqlstate::is_lost(&error) || error.as_db_error().is_none();
    let is_passing = sqlstate::is_passing(&error);
    let error = sqlstate::error(what, error);
    match (is_unknown, is_passing) {
        (true, _) => Failure::unknown(error),
        (false, true) => Failure::not_now(error),
        (false, false) => Failure::refused(error),
    }
}

/// Whether the server answered with this code.
pub(super) fn is(error: &tokio_postgres::Error, state: &SqlState) -> bool {
    error.code() == Some(state)
}

/// Part of the effect may be there: a place where tests let the program die.
pub(super) fn mid_effect() -> Result<(), Failure> {
    crash::mid_effect().map_err(Failure::unknown)
}

/// Somebody changed what was ours; it is for a person.
pub(super) fn changed(message: impl Into<String>) -> Error {
    Error::new(Kind::Conflict, "changed", message)
}

/// What is there was not made by us.
pub(super) fn foreign(message: impl Into<String>) -> Error {
    Error::new(Kind::Conflict, "foreign", message)
        .hint("choose another name; hostctl touches nothing that it did not make")
}

/// What is done cannot be taken back.
pub(super) fn forward_only(message: impl Into<String>) -> Failure {
    Failure::refused(Error::new(Kind::Conflict, "forward_only", message))
}
