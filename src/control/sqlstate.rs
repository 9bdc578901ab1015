//! From a PostgreSQL error to ours, by SQLSTATE alone: the text may be in any language.

use tokio_postgres::error::{DbError, SqlState};

use crate::error::{Error, Kind};
use crate::model::escape::excerpt;

/// A transition was refused because another process took the operation over (raised by our own functions).
pub const FENCED: &str = "HC001";
/// A transition was refused because this session does not hold the operation's lock.
pub const LOCK_LOST: &str = "HC002";
/// A transition that the life of a step does not have.
pub const ILLEGAL: &str = "HC003";

/// The error for a failed statement, `what` naming the attempt (`database shop on main`).
#[must_use]
pub fn error(what: &str, error: tokio_postgres::Error) -> Error {
    let made = match error.as_db_error() {
        Some(refusal) => refused(what, refusal),
        None if is_lost(&error) => Error::new(
            Kind::Unavailable,
            "connection_lost",
            format!("{what}: the connection to PostgreSQL was lost"),
        ),
        None => Error::internal(format!(
            "{what}: PostgreSQL and hostctl do not understand each other: {error}"
        )),
    };
    made.source(error)
}

/// Whether the connection is gone, so that the outcome of the statement is unknown.
#[must_use]
pub fn is_lost(error: &tokio_postgres::Error) -> bool {
    let shuts_down = |state: &SqlState| {
        matches!(
            *state,
            SqlState::ADMIN_SHUTDOWN
                | SqlState::CRASH_SHUTDOWN
                | SqlState::CANNOT_CONNECT_NOW
                | SqlState::IDLE_SESSION_TIMEOUT
        ) || state.code().starts_with("08")
    };
    match error.code() {
        Some(state) => shuts_down(state),
        None => {
            error.is_closed()
                || std::error::Error::source(error)
                    .is_some_and(<dyn std::error::Error + 'static>::is::<std::io::Error>)
        }
    }
}

/// Whether the thing that was to be made exists: names of databases, roles and rows, also under concurrency.
#[must_use]
pub fn is_duplicate(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|state| {
        [
            SqlState::DUPLICATE_DATABASE,
            SqlState::DUPLICATE_OBJECT,
            SqlState::UNIQUE_VIOLATION,
        ]
        .contains(state)
    })
}

/// The constraint that refused a row for what it refers to, or for what refers to it.
#[must_use]
pub fn foreign_key(error: &Error) -> Option<&str> {
    let refusal = behind(error)?.as_db_error()?;
    let is_that = *refusal.code() == SqlState::FOREIGN_KEY_VIOLATION;
    is_that.then(|| refusal.constraint().unwrap_or("a foreign key"))
}

/// Whether another session's lock stood in the way.
#[must_use]
pub fn is_locked_out(error: &Error) -> bool {
    let state = behind(error).and_then(tokio_postgres::Error::code);
    state.is_some_and(|state| [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED].contains(state))
}

/// As [`is_lost`], of the error that was made of it.
#[must_use]
pub fn is_cut_off(error: &Error) -> bool {
    behind(error).is_some_and(is_lost)
}

fn behind(error: &Error) -> Option<&tokio_postgres::Error> {
    std::error::Error::source(error)?.downcast_ref()
}

/// Whether the same statement may succeed in a moment.
#[must_use]
pub fn is_passing(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|state| {
        [
            SqlState::OBJECT_IN_USE,
            SqlState::LOCK_NOT_AVAILABLE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::QUERY_CANCELED,
        ]
        .contains(state)
    })
}

fn refused(what: &str, refusal: &DbError) -> Error {
    let (kind, reason) = class(refusal.code());
    let message = format!(
        "{what}: {} (SQLSTATE {})",
        excerpt(refusal.message()),
        refusal.code().code()
    );
    let error = Error::new(kind, reason, message);
    match *refusal.code() {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => error
            .hint("check the user and the password_file in the configuration: hostctl config show --origin"),
        SqlState::INSUFFICIENT_PRIVILEGE => error.hint("hostctl doctor names the missing privilege"),
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            error.hint("this server is a standby; name the primary in the URL")
        }
        _ => error,
    }
}

fn class(state: &SqlState) -> (Kind, &'static str) {
    match *state {
        SqlState::DUPLICATE_DATABASE | SqlState::DUPLICATE_OBJECT | SqlState::UNIQUE_VIOLATION => {
            (Kind::Conflict, "exists")
        }
        SqlState::INSUFFICIENT_PRIVILEGE => (Kind::Denied, "permission"),
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            (Kind::Denied, "authentication")
        }
        SqlState::OBJECT_IN_USE | SqlState::LOCK_NOT_AVAILABLE | SqlState::TOO_MANY_CONNECTIONS => {
            (Kind::Busy, "in_use")
        }
        SqlState::UNDEFINED_OBJECT | SqlState::INVALID_CATALOG_NAME => (Kind::NotFound, "not_found"),
        _ => match state.code() {
            FENCED => (Kind::Busy, "fenced"),
            LOCK_LOST => (Kind::Unavailable, "lock_lost"),
            ILLEGAL => (Kind::Internal, "illegal_transition"),
            _ => (Kind::Unavailable, "postgresql"),
        },
    }
}
