//! Which open operations one host alone can go on with: what has to be done next, or taken back, lies there.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};

/// So long an operation is left to its host, as long as it can be taken back; then others take back what they can, also of
/// one that its host would have gone on with, and say what is left.
const PATIENCE: &str = "1 hour";

/// Where an operation can be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// On each of these something has to be done.
    hosts: Vec<String>,
    /// Whether that host has let it lie for too long.
    is_overdue: bool,
}

impl Bound {
    /// Whether `host` is one that has to go on.
    #[must_use]
    pub fn is_on(&self, host: &str) -> bool {
        self.hosts.iter().any(|bound| bound == host)
    }

    /// Whether another than `host` has had its time.
    #[must_use]
    pub fn is_let_lie(&self, host: &str) -> bool {
        !self.is_on(host) && self.is_overdue
    }

    /// Whether it is left to another host than `host`.
    #[must_use]
    pub fn is_elsewhere(&self, host: &str) -> bool {
        !self.is_on(host) && !self.is_overdue
    }

    /// Why nothing is done about it here.
    #[must_use]
    pub fn error(&self) -> Error {
        let message = format!("only {} can go on with it", self.hosts.join(", "));
        Error::new(Kind::Busy, "elsewhere", message)
    }
}

/// The open operations that are bound to hosts.
///
/// # Errors
/// Those of the control database.
pub async fn bound(client: &impl GenericClient) -> Result<BTreeMap<Uuid, Bound>> {
    // Forward the next step decides; back every step of which something may be there. An order (of another room, read and never
    // written here) has a clock of its own, by which its files are left behind: before that there is no sense in trying.
    let statement = "SELECT o.id, array_agg(DISTINCT substr(s.substrate, 6)),
            greatest(l.moved_at, r.changed_at) < hostctl.now() - $1::text::interval
                AND NOT (o.resumes AND o.state = 'running' AND coalesce(l.is_past, false))
        FROM hostctl.operations o
        CROSS JOIN LATERAL (SELECT max(p.updated_at) AS moved_at,
                min(p.number) FILTER (WHERE p.state NOT IN ('applied', 'accepted')) AS next,
                bool_or(p.is_pivot AND p.state NOT IN ('pending', 'not_applied', 'undone')) AS is_past
            FROM hostctl.operation_steps p WHERE p.operation_id = o.id) AS l
        CROSS JOIN LATERAL (SELECT max(c.changed_at) AS changed_at FROM hostctl.certificate_orders c
            WHERE c.operation_id = o.id) AS r
        JOIN hostctl.operation_steps s ON s.operation_id = o.id AND s.substrate LIKE 'host:%'
            AND CASE WHEN o.state = 'running' AND (o.resumes OR l.is_past) THEN s.number = l.next
                ELSE s.state NOT IN ('pending', 'not_applied', 'undone', 'accepted') END
        WHERE o.state IN ('running', 'unwinding') GROUP BY o.id, o.resumes, l.moved_at, l.is_past, r.changed_at";
    let rows = client.query_typed(statement, &[(&PATIENCE, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the journal", error))?;
    let bound = rows.iter().map(|row| {
        let bound = Bound {
            hosts: row.get(1),
            is_overdue: row.get(2),
        };
        (row.get(0), bound)
    });
    Ok(bound.collect())
}
