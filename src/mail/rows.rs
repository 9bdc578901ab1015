//! What the steps on rows have in common: telling whose a row is, keeping a whole row, and saying what stands in the way.

use serde_json::Value;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{Marker, PlannedStep};
use crate::model::Secret;
use crate::trash::{self, Fate};

/// A value and its type: with both, a statement needs one round trip.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// The name under which a row that is changed or removed travels with its step: the whole of it as JSON, whatever columns
/// later releases add, password hash and sealed key included.
pub(super) const ROW: &str = "row";

/// Whether a row bears a mark of ours; what others write bears none.
pub(super) const OURS: &str = "coalesce(starts_with(marker, 'hostctl:'), false)";

/// What the marker of a row begins with that this step wrote, in whatever epoch.
pub(super) fn mark(marker: Marker) -> String {
    format!("hostctl:{}:{}.", marker.short(), marker.step)
}

/// Which step wrote a row last, whole and as JSON; nothing where it was none of ours.
pub(super) fn marker(row: &Secret) -> Option<Marker> {
    let row: Value = serde_json::from_str(row.expose()).unwrap_or_default();
    row.get("marker").and_then(Value::as_str).and_then(Marker::parse)
}

/// Whether a row, whole and as JSON, was written last by `operation`.
pub(super) fn was_written_by(row: &Secret, operation: Uuid) -> bool {
    marker(row).is_some_and(|marker| marker.operation == operation)
}

/// A text of a row, whole and as JSON; empty where there is none.
pub(super) fn text_in(row: &Secret, key: &str) -> String {
    let row: Value = serde_json::from_str(row.expose()).unwrap_or_default();
    row.get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Runs a statement that returns rows; `what` is for the message.
pub(super) async fn query(
    client: &impl GenericClient,
    what: &str,
    statement: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<Row>> {
    client
        .query_typed(statement, parameters)
        .await
        .map_err(|error| sqlstate::error(what, error))
}

/// The row is not as the plan saw it: somebody wrote it who holds no claim.
pub(super) fn changed(what: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "changed",
        format!("{what} is not as it was when this was planned"),
    )
    .hint("look at it, then give the command again")
}

/// It is there already.
pub(super) fn exists(what: &str, show: &str) -> Error {
    Error::new(Kind::Conflict, "exists", format!("{what} exists already")).hint(show)
}

/// Somebody else wrote it; `adopt` is what makes it ours.
pub(super) fn foreign(what: &str, adopt: &str) -> Error {
    Error::new(
        Kind::Conflict,
        "foreign",
        format!("{what} was not made by hostctl"),
    )
    .hint(adopt)
}

/// It is not there.
pub(super) fn missing(what: &str, hint: &str) -> Error {
    Error::new(Kind::NotFound, "not_found", format!("no {what}")).hint(hint)
}

/// A mail domain, called `what`, goes only after what is in it; `content` is that in words.
pub(super) fn not_empty(what: &str, domain: &str, content: &str) -> Error {
    Error::new(Kind::Conflict, "not_empty", format!("{what} has {content}"))
        .hint(format!("hostctl mail box list --domain {domain}"))
}

/// A step that removes a row, with what keeps it in the trash, `content` included, if that is its fate.
pub(super) fn kept_or_gone(
    step: PlannedStep,
    kind: &str,
    name: &str,
    account: Uuid,
    fate: Fate,
) -> Result<Vec<PlannedStep>> {
    match fate {
        Fate::Purged => Ok(vec![step]),
        Fate::Kept(retention) => Ok(vec![
            step.keep_secrets(),
            trash::keep(kind, name, Some(account), Value::Null, retention)?,
        ]),
    }
}
