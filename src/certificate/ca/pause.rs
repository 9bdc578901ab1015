//! What an authority wants us to leave alone for a while, and what counts against its limits: remembered for all hosts.

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use crate::certificate::acme::{Failed, Problem};
use crate::certificate::authorities::Authorities;
use crate::certificate::rows::query;
use crate::error::{Error, Kind, Result};

const WHAT: &str = "the pauses of authorities";
/// Everything that is ordered there.
const ORDERS: &str = "orders";

/// Remembers that an authority wants to be left alone. What cannot be remembered is no reason to fail.
pub async fn heed(world: &Authorities, ca: &str, failed: &Failed) {
    let Failed::Refused(problem) = failed else {
        return;
    };
    let Some(wait) = problem.retry_after.filter(|_| problem.is_throttling()) else {
        return;
    };
    let seconds = wait.as_secs_f64();
    if let Err(error) = remember(world, ca, seconds, problem).await {
        tracing::warn!(%error, "the pause of an authority could not be remembered");
    }
}

async fn remember(world: &Authorities, ca: &str, seconds: f64, problem: &Problem) -> Result<()> {
    let statement = "INSERT INTO hostctl.ca_pauses AS p (ca, scope, until, reason)
        VALUES ($1, $2, hostctl.now() + make_interval(secs => $3), $4)
        ON CONFLICT (ca, scope) DO UPDATE SET until = greatest(p.until, excluded.until), reason = excluded.reason
        RETURNING 1";
    let words = problem.words();
    let parameters = [
        (&ca as _, Type::TEXT),
        (&ORDERS as _, Type::TEXT),
        (&seconds as _, Type::FLOAT8),
        (&words as _, Type::TEXT),
    ];
    let session = world.session().await?;
    query(&**session, WHAT, statement, &parameters).await.map(drop)
}

/// Refuses as long as the authority wants to be left alone.
///
/// # Errors
/// `busy`, reason `throttled`, with the time at which it may go on.
pub async fn check_pause(client: &impl GenericClient, ca: &str) -> Result<()> {
    let statement =
        "SELECT until, reason FROM hostctl.ca_pauses WHERE ca = $1 AND scope = $2 AND until > hostctl.now()";
    let parameters = [(&ca as _, Type::TEXT), (&ORDERS as _, Type::TEXT)];
    let rows = query(client, WHAT, statement, &parameters).await?;
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let (until, reason): (Timestamp, String) = (row.get(0), row.get(1));
    let message = format!("{ca} wants to be left alone until {until}: {reason}");
    Err(Error::new(Kind::Busy, "throttled", message).hint(format!("hostctl ca limits {ca}")))
}

/// Counts a name that could not be proved.
pub async fn note_failure(world: &Authorities, ca: &str, name: &str) {
    let noted = async {
        let statement =
            "INSERT INTO hostctl.ca_ledger (ca, kind, subject) VALUES ($1, 'failure', $2) RETURNING 1";
        let parameters = [(&ca as _, Type::TEXT), (&name as _, Type::TEXT)];
        let session = world.session().await?;
        query(&**session, "the ledger of authorities", statement, &parameters).await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "a failure could not be counted");
    }
}
