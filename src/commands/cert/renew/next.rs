//! Whether the next authority of a list gets its turn.

use jiff::SignedDuration;

use crate::certificate::{renewal, store};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal;
use crate::runner::Context;

/// An order that is kept for longer counts as one of an authority that is away.
const LONG: SignedDuration = SignedDuration::from_hours(1);

/// Whether it does after `error`. Without time nothing is begun there.
pub(super) async fn is_asked(context: &Context, error: &Error) -> bool {
    let has_time = !context.deadline.is_some_and(Deadline::is_spent);
    has_time && (renewal::is_its_own(error) || is_kept_for_long(context, error).await)
}

async fn is_kept_for_long(context: &Context, error: &Error) -> bool {
    let is_kept = error.kind() == Kind::Busy && error.reason() == "left_to_recovery";
    match error.operation_id().filter(|_| is_kept) {
        Some(id) => age(context, id).await.is_ok_and(|age| age > LONG),
        None => false,
    }
}

async fn age(context: &Context, id: &str) -> Result<SignedDuration> {
    let id = id
        .parse()
        .map_err(|_| Error::internal("an operation without an identifier"))?;
    let session = context.session().await?;
    let operation = journal::find(&*session, id).await?;
    let now = store::now(&*session).await?;
    Ok(now.duration_since(operation.started_at))
}
