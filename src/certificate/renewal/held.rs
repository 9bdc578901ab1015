//! What ends soon and would be renewed now, were its authorities not to be left alone: told once for each such time.

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::claim::{ASKABLE, FREE, OURS, Selection};
use super::{LEFT_ALONE, Renewer};
use crate::certificate::notice::FIRST_NOTICE;
use crate::certificate::rows::{Parameter, query};
use crate::error::{Error, Kind, Result};

/// A certificate that nobody may ask for.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// By what it is called.
    pub name: String,
    /// Its authorities.
    cas: Vec<String>,
    /// When the first of them may be asked.
    pub until: Timestamp,
}

impl HeldBack {
    /// As an error.
    #[must_use]
    pub fn error(&self) -> Error {
        let cas = self.cas.join(" and ");
        let message = format!(
            "certificate {} ends soon, and {cas} is to be left alone until {}",
            self.name, self.until
        );
        Error::new(Kind::Busy, "throttled", message).hint("hostctl ca limits")
    }
}

/// Has whatever is due, ends soon and may be asked of nobody wait for the first of its authorities. Gives what that is.
///
/// # Errors
/// Those of the control database.
pub async fn hold_back(client: &impl GenericClient, renewer: &Renewer) -> Result<Vec<HeldBack>> {
    let condition = Selection::Due.condition();
    let statement = format!(
        "WITH held AS (SELECT c.name, u.until FROM hostctl.certificates c
                JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation,
                LATERAL (SELECT min(w.until) AS until FROM (SELECT max(p.until) AS until FROM hostctl.ca_pauses p
                    WHERE p.ca = ANY (c.cas) AND p.scope IN ('orders', 'requests') GROUP BY p.ca) AS w) AS u
                WHERE {condition} AND {FREE} AND {OURS} AND NOT {ASKABLE}
                    AND g.not_after <= hostctl.now() + make_interval(days => $6)
                FOR UPDATE OF c SKIP LOCKED)
            UPDATE hostctl.certificates c SET next_at = h.until, next_reason = $7, last_error = $7,
                last_error_at = hostctl.now()
            FROM held h WHERE c.name = h.name RETURNING c.name, c.cas, h.until"
    );
    let horizon = renewer.horizon.as_secs_f64();
    let parameters: [Parameter<'_>; 7] = [
        (&renewer.host, Type::TEXT),
        (&renewer.has_ports, Type::BOOL),
        (&renewer.account, Type::UUID),
        (&horizon, Type::FLOAT8),
        (&None::<Vec<String>>, Type::TEXT_ARRAY),
        (&FIRST_NOTICE, Type::INT4),
        (&LEFT_ALONE, Type::TEXT),
    ];
    let rows = query(client, "the renewals", &statement, &parameters).await?;
    let held = rows.iter().map(|row| HeldBack {
        name: row.get(0),
        cas: row.get(1),
        until: row.get(2),
    });
    Ok(held.collect())
}
