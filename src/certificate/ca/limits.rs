//! What counts against the limits of an authority, as far as all hosts together know.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use crate::certificate::rows::query;
use crate::error::Result;

/// One count, or one pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The authority.
    pub ca: String,
    /// `orders`, `failures`, `certificates`, or `pause`.
    pub kind: String,
    /// The name or the set of names; nothing for the account as a whole.
    pub subject: Option<String>,
    /// How many there were in the window.
    pub used: Option<i64>,
    /// Over how long is counted.
    pub window: Option<String>,
    /// When the oldest one counts no more, or the pause is over.
    pub until: Timestamp,
    /// The authority's words.
    pub reason: Option<String>,
}

/// Every count that is not zero, and every pause; of all authorities, or of one.
///
/// # Errors
/// Those of the control database.
pub async fn limits(client: &impl GenericClient, ca: Option<&str>) -> Result<Vec<Limit>> {
    // The windows are those of the largest public authority; who has others counts in its own.
    let statement = "WITH windows(kind, name, span, words) AS (VALUES
            ('order', 'orders', interval '3 hours', '3h'), ('failure', 'failures', interval '1 hour', '1h'),
            ('certificate', 'certificates', interval '7 days', '7d'))
        SELECT l.ca, w.name, nullif(l.subject, ''), count(*), w.words, min(l.at) + w.span, NULL
        FROM hostctl.ca_ledger l JOIN windows w ON w.kind = l.kind
        WHERE l.at > hostctl.now() - w.span AND ($1::text IS NULL OR l.ca = $1)
        GROUP BY l.ca, w.name, l.subject, w.words, w.span
        UNION ALL SELECT p.ca, 'pause', p.scope, NULL, NULL, p.until, p.reason FROM hostctl.ca_pauses p
        WHERE p.until > hostctl.now() AND ($1::text IS NULL OR p.ca = $1)
        ORDER BY 1, 2, 3";
    let rows = query(
        client,
        "the ledger of authorities",
        statement,
        &[(&ca, Type::TEXT)],
    )
    .await?;
    let limit = |row: &tokio_postgres::Row| Limit {
        ca: row.get(0),
        kind: row.get(1),
        subject: row.get(2),
        used: row.get(3),
        window: row.get(4),
        until: row.get(5),
        reason: row.get(6),
    };
    Ok(rows.iter().map(limit).collect())
}
