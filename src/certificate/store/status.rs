//! How every certificate stands on every host: one statement, however many there are.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use crate::certificate::order::GONE_ON_WITH;
use crate::certificate::renewal::LEFT_ALONE;
use crate::certificate::rows::query;
use crate::error::Result;

/// A certificate on a host, or on none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// By what it is called.
    pub certificate: String,
    /// The host; nothing for one that is placed nowhere.
    pub host: Option<String>,
    /// `pending` (nothing issued yet), `issued` (placed nowhere), `waiting` (the host has not fetched it yet), `failed`
    /// (to deploy), `deployed`, `expired`, `revoked`.
    pub state: String,
    /// Until when what is to be served is valid.
    pub not_after: Option<Timestamp>,
    /// How many whole days that is; negative where it is over.
    pub days_left: Option<i32>,
    /// `deploy`, `renew`, `issue` or nothing.
    pub next_action: Option<String>,
    /// When that is tried; absent: at once.
    pub next_at: Option<Timestamp>,
    /// Why.
    pub why: Option<String>,
    /// What failed last, on this host or at the authority.
    pub last_error: Option<String>,
    /// When.
    pub last_error_at: Option<Timestamp>,
    /// What the authority says about its renewal.
    pub ca_says: Option<String>,
}

/// Every certificate and host, or those of one account, by name and host.
///
/// # Errors
/// Those of the control database.
pub async fn status(
    client: &impl GenericClient,
    account: Option<Uuid>,
    name: Option<&str>,
    host: Option<&str>,
) -> Result<Vec<Status>> {
    // What is to be done next for the pair comes first: a host that lags behind, else the renewal.
    let statement = "WITH clock AS MATERIALIZED (SELECT hostctl.now() AS now),
            pauses AS MATERIALIZED (SELECT ca, max(until) AS until FROM hostctl.ca_pauses, clock
                WHERE scope IN ('orders', 'requests') AND until > now GROUP BY ca)
        SELECT c.name, p.host,
            CASE WHEN c.generation IS NULL THEN c.state
                WHEN c.state = 'revoked' THEN 'revoked'
                WHEN g.not_after <= now THEN 'expired'
                WHEN p.host IS NULL THEN 'issued'
                WHEN lags AND p.failures > 0 THEN 'failed'
                WHEN lags THEN 'waiting'
                ELSE 'deployed' END,
            g.not_after,
            floor(extract(epoch FROM g.not_after - now) / 86400)::int4,
            CASE WHEN lags THEN 'deploy' WHEN c.next_at IS NULL AND NOT ordered THEN NULL
                WHEN c.generation IS NULL THEN 'issue' ELSE 'renew' END,
            CASE WHEN lags THEN p.next_at ELSE greatest(c.next_at, paused) END,
            CASE WHEN lags AND p.failures > 0 THEN 'tried again after a failure'
                WHEN lags AND p.generation IS NULL THEN 'not on this host yet'
                WHEN lags THEN 'generation ' || p.generation || ' is served, ' || c.generation || ' is to be'
                WHEN c.next_at IS NULL AND c.challenge = 'imported' THEN 'imported: it is not renewed here'
                WHEN c.leased_until > now THEN 'being renewed by ' || coalesce(c.leased_by, 'another process')
                WHEN p.host IS NULL AND c.challenge <> 'dns-01' THEN 'no host can prove it: it is placed nowhere'
                WHEN paused > c.next_at THEN $5
                WHEN c.next_at IS NULL AND ordered THEN $4
                ELSE c.next_reason END,
            CASE WHEN lags THEN coalesce(p.last_error, c.last_error) ELSE c.last_error END,
            CASE WHEN lags AND p.last_error IS NOT NULL THEN p.last_error_at ELSE c.last_error_at END,
            c.ari_explanation
        FROM hostctl.certificates c CROSS JOIN clock
        LEFT JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation
        LEFT JOIN hostctl.certificate_places p ON p.certificate = c.name
        LEFT JOIN LATERAL (SELECT min(u.until) AS until FROM unnest(c.cas) AS a(ca) LEFT JOIN pauses u ON u.ca = a.ca
            HAVING count(u.until) = count(*)) AS pause ON c.challenge <> 'imported'
        CROSS JOIN LATERAL (SELECT p.host IS NOT NULL AND c.generation IS NOT NULL
            AND p.generation IS DISTINCT FROM c.generation, pause.until,
            CASE WHEN c.generation IS NULL THEN EXISTS (SELECT FROM hostctl.certificate_orders r WHERE r.certificate = c.name
                AND r.state IN ('planned', 'ordered', 'validated', 'finalizing')) ELSE false END) AS l(lags, paused, ordered)
        WHERE ($1::uuid IS NULL OR c.account_id = $1) AND ($2::text IS NULL OR c.name = $2)
            AND ($3::text IS NULL OR p.host = $3)
        ORDER BY c.name, p.host";
    let parameters = [
        (&account as _, Type::UUID),
        (&name as _, Type::TEXT),
        (&host as _, Type::TEXT),
        (&GONE_ON_WITH as _, Type::TEXT),
        (&LEFT_ALONE as _, Type::TEXT),
    ];
    let rows = query(client, "the certificates", statement, &parameters).await?;
    Ok(rows.iter().map(row).collect())
}

fn row(row: &Row) -> Status {
    Status {
        certificate: row.get(0),
        host: row.get(1),
        state: row.get(2),
        not_after: row.get(3),
        days_left: row.get(4),
        next_action: row.get(5),
        next_at: row.get(6),
        why: row.get(7),
        last_error: row.get(8),
        last_error_at: row.get(9),
        ca_says: row.get(10),
    }
}
