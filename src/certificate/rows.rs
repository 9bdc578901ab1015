//! What the steps on rows have in common.

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};

use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;
use crate::model::CertificateName;

/// A value and its type: with both, a statement needs one round trip.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// What the marker of a row begins with that this step wrote, in whatever epoch.
pub(super) fn mark(marker: Marker) -> String {
    format!("hostctl:{}:{}.", marker.short(), marker.step)
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

/// The certificate in words.
pub(super) fn described(name: &CertificateName) -> String {
    format!("certificate {name}")
}

/// The key that an operation claims.
pub(super) fn resource(name: &CertificateName) -> String {
    format!("certificate:{name}")
}

/// There is no such certificate.
pub(super) fn missing(name: &CertificateName) -> Error {
    Error::new(Kind::NotFound, "not_found", format!("no {}", described(name))).hint("hostctl cert list")
}

/// The rows are not as the plan saw them.
pub(super) fn changed(name: &CertificateName) -> Error {
    let message = format!("{} is not as it was when this was planned", described(name));
    Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl cert show {name}"))
}
