//! What became of a renewal: written under its lease alone, with the time of the next attempt.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::{Claimed, LEFT_ALONE, back_off};
use crate::certificate::notice::FIRST_NOTICE;
use crate::certificate::order::GONE_ON_WITH;
use crate::certificate::rows::{Parameter, described, query};
use crate::certificate::store;
use crate::error::Result;
use crate::model::CertificateName;

/// How long a name that does not lead to us is left alone: looking costs no place below anybody's limits.
const PENDING: (Duration, Duration) = (Duration::from_secs(600), Duration::from_secs(3600));
/// Who found somebody else at work looks again: not in the same run, for which a minute ahead is now.
const AGAIN: Duration = Duration::from_secs(90);
/// `tick` goes on with what is kept; should that come to nothing, it is begun anew.
const KEPT: Duration = Duration::from_secs(600);

/// How it ended, where it did not end with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No authority issued one.
    Failed,
    /// Something has to change before one is asked.
    Pending,
    /// It takes longer; recovery goes on with it.
    Kept,
    /// Another operation is at work on it.
    Busy,
    /// A person wanted it to stop.
    Interrupted,
    /// Its authorities are asked no oftener than they allow; when the first of them may be. It is no failure.
    Limited(Option<Timestamp>),
}

/// A certificate after it was renewed.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The generation that is to be served.
    pub generation: Option<i32>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Until when it is valid.
    pub not_after: Option<Timestamp>,
    /// When it is looked at next.
    pub next_at: Option<Timestamp>,
}

/// Writes down why it was not renewed, and gives it back. When it is tried next; nothing where the lease is not ours any
/// more: then nothing was written.
///
/// # Errors
/// Those of the control database.
pub async fn record(
    client: &impl GenericClient,
    item: &Claimed,
    outcome: Outcome,
    error: &str,
) -> Result<Option<Timestamp>> {
    let now = store::now(client).await?;
    let left = item.life.and_then(|life| life.left(now));
    let (pause, counts, why) = match outcome {
        Outcome::Failed => (
            back_off(item.failures, left),
            1,
            format!("tried again after failure {}", item.failures + 1),
        ),
        Outcome::Pending => {
            let times = u32::try_from(item.failures + 1).unwrap_or(1);
            let pause = (PENDING.0 * times.min(6)).min(PENDING.1);
            (pause, 1, "it waits for what has to change".to_owned())
        }
        Outcome::Kept => (KEPT, 0, GONE_ON_WITH.to_owned()),
        Outcome::Busy => (AGAIN, 0, "another operation is at work on it".to_owned()),
        Outcome::Interrupted => (AGAIN, 0, "it was interrupted".to_owned()),
        Outcome::Limited(at) => {
            let wait = at.map_or(Duration::ZERO, |at| at.duration_since(now).unsigned_abs());
            (wait.max(AGAIN), 0, "the limits of its authorities".to_owned())
        }
    };
    // Where every authority wants to be left alone, there is nothing to try before the first of them is to be asked again.
    let statement =
        "WITH pause AS (SELECT min(p.until) AS until FROM hostctl.certificates c, unnest(c.cas) AS a(ca),
                LATERAL (SELECT max(p.until) AS until FROM hostctl.ca_pauses p WHERE p.ca = a.ca
                    AND p.scope IN ('orders', 'requests') AND p.until > hostctl.now()) AS p
                WHERE c.name = $1 HAVING count(p.until) = count(*))
        UPDATE hostctl.certificates c SET failures = c.failures + $3, last_error = coalesce($4, c.last_error),
            last_error_at = CASE WHEN $4 IS NULL THEN c.last_error_at ELSE hostctl.now() END,
            next_at = greatest(hostctl.now() + make_interval(secs => $5), (SELECT until FROM pause)),
            next_reason = CASE WHEN EXISTS (SELECT FROM pause) THEN $7 ELSE $6 END,
            leased_by = NULL, leased_until = NULL
        WHERE c.name = $1 AND c.fence = $2 AND c.leased_by IS NOT NULL RETURNING c.next_at";
    let is_news = !matches!(outcome, Outcome::Busy | Outcome::Interrupted);
    let error = is_news.then_some(error);
    let pause = pause.as_secs_f64();
    let parameters: [Parameter<'_>; 7] = [
        (&item.wanted.name.as_str(), Type::TEXT),
        (&item.fence, Type::INT8),
        (&counts, Type::INT4),
        (&error, Type::TEXT),
        (&pause, Type::FLOAT8),
        (&why, Type::TEXT),
        (&LEFT_ALONE, Type::TEXT),
    ];
    let rows = query(client, &described(&item.wanted.name), statement, &parameters).await?;
    Ok(rows.first().map(|row| row.get(0)))
}

/// Whether anything ends soon, or has ended, that could not be renewed when that was tried last (also where its order is kept),
/// that nobody renews though it is late, or that a host still serves after there was another one.
///
/// # Errors
/// Those of the control database.
pub async fn is_failing(client: &impl GenericClient) -> Result<bool> {
    let statement = "SELECT EXISTS (SELECT FROM hostctl.certificate_generations g JOIN hostctl.certificates c
            ON c.name = g.certificate AND c.generation = g.number
        WHERE g.not_after <= hostctl.now() + make_interval(days => $1)
            AND (c.failures > 0 OR c.last_error IS NOT NULL
                OR c.challenge <> 'imported' AND c.state <> 'revoked' AND c.next_at IS NOT NULL
                    AND hostctl.now() > g.not_before + (g.not_after - g.not_before) * 0.75 AND c.next_at < hostctl.now()
                    AND (c.leased_until IS NULL OR c.leased_until < hostctl.now())))
        OR EXISTS (SELECT FROM hostctl.certificate_places p JOIN hostctl.certificates c ON c.name = p.certificate
            JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = p.generation
        WHERE p.generation <> c.generation AND g.not_after <= hostctl.now() + make_interval(days => $1))";
    let parameters = [(&FIRST_NOTICE as _, Type::INT4)];
    let rows = query(client, "the renewals", statement, &parameters).await?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// How the certificate stands now.
///
/// # Errors
/// Those of the control database.
pub async fn standing(client: &impl GenericClient, name: &CertificateName) -> Result<Option<Standing>> {
    let statement = "SELECT c.generation, g.serial, g.not_after, c.next_at FROM hostctl.certificates c
        LEFT JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation
        WHERE c.name = $1";
    let parameters = [(&name.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(name), statement, &parameters).await?;
    Ok(rows.first().map(|row| Standing {
        generation: row.get(0),
        serial: row.get(1),
        not_after: row.get(2),
        next_at: row.get(3),
    }))
}
