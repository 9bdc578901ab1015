//! Endings of operations as errors: what they mean for whoever asked, and what helps.

use uuid::Uuid;

use crate::error::{Error, Kind};
use crate::journal::Ending;

/// An ending that is no success, as an error.
pub(super) fn error_of(ending: Ending, id: Uuid) -> Error {
    match ending {
        Ending::Done => Error::internal("a success is no error"),
        Ending::RolledBack(cause) => rolled_back(&cause, id),
        Ending::Stuck(cause, residue) => {
            let of = if residue.is_empty() {
                String::new()
            } else {
                format!(" ({})", residue.join(", "))
            };
            Error::new(
                Kind::Stuck,
                "stuck",
                format!("{}; what was done could not be taken back{of}", cause.message()),
            )
            .operation(id.to_string())
            .hint(format!("hostctl op show {id}"))
        }
        Ending::Left(cause) => left(&cause, id),
        Ending::Kept(cause) => kept(&cause, id),
        Ending::Lost(cause) if cause.reason() != "fenced" => left(&cause, id),
        Ending::Lost(cause) => Error::new(
            Kind::Busy,
            "fenced",
            format!("{}; this process did nothing more", cause.message()),
        )
        .operation(id.to_string())
        .hint(format!("hostctl op show {id}")),
    }
}

pub(super) fn rolled_back(cause: &Error, id: Uuid) -> Error {
    let kind = match cause.kind() {
        kind @ (Kind::Conflict
        | Kind::Denied
        | Kind::Busy
        | Kind::Interrupted
        | Kind::Usage
        | Kind::NotFound) => kind,
        _ => Kind::Unavailable,
    };
    let error = Error::new(
        kind,
        cause.reason(),
        format!("{}; everything was rolled back", cause.message()),
    );
    let error = error.operation(id.to_string());
    match cause.hint_text() {
        Some(hint) => error.hint(hint),
        None => error.hint(format!("hostctl op show {id}")),
    }
}

/// What recovery goes on with instead of taking it back; why is its source.
pub(super) fn kept(cause: &Error, id: Uuid) -> Error {
    if cause.kind() == Kind::Interrupted {
        return left(cause, id);
    }
    let message = format!(
        "{}; what was begun is kept, and `tick` goes on with it",
        cause.message()
    );
    Error::new(Kind::Busy, "left_to_recovery", message)
        .operation(id.to_string())
        .hint(format!("hostctl op recover {id}"))
        .source(cause.again())
}

pub(super) fn left(cause: &Error, id: Uuid) -> Error {
    let kind = if cause.kind() == Kind::Interrupted {
        Kind::Interrupted
    } else {
        Kind::Stuck
    };
    Error::new(
        kind,
        "left_to_recovery",
        format!("{}; the operation is left to recovery", cause.message()),
    )
    .operation(id.to_string())
    .hint(format!("hostctl op recover {id}"))
}
