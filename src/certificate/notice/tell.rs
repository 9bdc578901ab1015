//! Finding what is to be told, telling it, and marking that it was.

use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};

use super::due::{FIRST_NOTICE, Life, is_calm, is_due, stage};
use super::words::{Cause, Notice};
use crate::certificate::rows::query;
use crate::control::{Session, sqlstate};
use crate::env::crash::{self, Phase, Point};
use crate::error::{Error, Result};

const WHAT: &str = "the ends of certificates";
/// The key of the lock ("noti"): whoever has it tells for all.
const LOCK: i64 = 0x6E6F_7469;

/// A notice, and what marks it as told.
struct Found {
    notice: Notice,
    stage: i32,
    /// The host and generation that it is about; none where it is about the certificate as a whole.
    place: Option<(String, i32)>,
}

/// Tells what is due by `say`, and marks it. Gives how much there was to tell; nothing where another process is telling it.
///
/// # Errors
/// Those of the control database; what was told by then is told again.
pub async fn tell(session: &mut Session, mut say: impl FnMut(&Notice)) -> Result<usize> {
    let transaction = session.transaction().await.map_err(failed)?;
    let lock = "SELECT pg_try_advisory_xact_lock($1)";
    let locked = query(&transaction, WHAT, lock, &[(&LOCK, Type::INT8)]).await?;
    if !locked.first().is_some_and(|row| row.get(0)) {
        return Ok(0);
    }
    let found = due(&transaction).await?;
    for found in &found {
        say(&found.notice);
    }
    crash::point(0, Point::BeforeCommit, Phase::Do)?;
    mark(&transaction, &found).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(found.len())
}

/// Everything that is due and not yet told.
async fn due(client: &impl GenericClient) -> Result<Vec<Found>> {
    let statement = "SELECT hostctl.now(), c.name, g.not_before, g.not_after, c.state, c.challenge, c.next_at,
            coalesce(c.leased_until > hostctl.now(), false), c.failures, coalesce(c.last_error, ''), c.noticed_days,
            (SELECT coalesce(array_agg(p.host ORDER BY p.host), '{}') FROM hostctl.certificate_places p
                WHERE p.certificate = c.name AND p.generation = c.generation)
        FROM hostctl.certificate_generations g JOIN hostctl.certificates c
            ON c.name = g.certificate AND c.generation = g.number
        WHERE g.not_after <= hostctl.now() + make_interval(days => $1) AND c.noticed_days IS DISTINCT FROM 0
        ORDER BY g.not_after, c.name";
    let rows = query(client, WHAT, statement, &[(&FIRST_NOTICE, Type::INT4)]).await?;
    let mut found: Vec<Found> = rows.iter().filter_map(of_certificate).collect();
    // What a host serves although there is something newer: not as long as it has just been made, and every host is about
    // to fetch it; but a failure or a day that is the last one is told at once.
    let statement =
        "SELECT hostctl.now(), c.name, g.not_after, p.host, p.generation, c.generation, p.last_error,
            CASE WHEN p.noticed_generation = p.generation THEN p.noticed_days END
        FROM hostctl.certificate_places p JOIN hostctl.certificates c ON c.name = p.certificate
        JOIN hostctl.certificate_generations g ON g.certificate = p.certificate AND g.number = p.generation
        JOIN hostctl.certificate_generations n ON n.certificate = c.name AND n.number = c.generation
        WHERE p.generation <> c.generation AND g.not_after <= hostctl.now() + make_interval(days => $1)
            AND (n.created_at <= hostctl.now() - interval '1 hour' OR p.failures > 0
                OR g.not_after <= hostctl.now() + interval '1 day')
        ORDER BY g.not_after, c.name, p.host";
    let rows = query(client, WHAT, statement, &[(&FIRST_NOTICE, Type::INT4)]).await?;
    found.extend(rows.iter().filter_map(of_place));
    Ok(found)
}

fn of_certificate(row: &Row) -> Option<Found> {
    let (now, life) = (
        row.get::<_, Timestamp>(0),
        Life {
            not_before: row.get(2),
            not_after: row.get(3),
            next: row.get(6),
            is_leased: row.get(7),
            failures: row.get(8),
        },
    );
    let stage = stage(life.not_after, now).filter(|stage| is_due(*stage, row.get(10)))?;
    let error: String = row.get(9);
    let cause = match (row.get(4), row.get(5)) {
        ("revoked", _) => Cause::Revoked,
        (_, "imported") => Cause::Imported,
        _ if life.failures > 0 || !error.is_empty() => Cause::Failing(life.failures, error),
        _ if is_calm(&life, now) => return None,
        _ => Cause::Planned(life.next),
    };
    let notice = Notice {
        certificate: row.get(1),
        not_after: life.not_after,
        left_s: life.not_after.as_second() - now.as_second(),
        cause,
        hosts: row.get(11),
    };
    Some(Found {
        notice,
        stage,
        place: None,
    })
}

fn of_place(row: &Row) -> Option<Found> {
    let (now, not_after): (Timestamp, Timestamp) = (row.get(0), row.get(2));
    let stage = stage(not_after, now).filter(|stage| is_due(*stage, row.get(7)))?;
    let (host, served): (String, i32) = (row.get(3), row.get(4));
    let cause = Cause::Behind {
        host: host.clone(),
        served,
        wanted: row.get(5),
        error: row.get(6),
    };
    let notice = Notice {
        certificate: row.get(1),
        not_after,
        left_s: not_after.as_second() - now.as_second(),
        cause,
        hosts: Vec::new(),
    };
    Some(Found {
        notice,
        stage,
        place: Some((host, served)),
    })
}

async fn mark(client: &impl GenericClient, found: &[Found]) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = found
        .iter()
        .map(|found| found.notice.certificate.as_str())
        .collect();
    let stages: Vec<i32> = found.iter().map(|found| found.stage).collect();
    let hosts: Vec<Option<&str>> = found
        .iter()
        .map(|found| found.place.as_ref().map(|(host, _)| host.as_str()))
        .collect();
    let served: Vec<Option<i32>> = found
        .iter()
        .map(|found| found.place.as_ref().map(|(_, served)| *served))
        .collect();
    let statement = "WITH told AS (SELECT * FROM unnest($1::text[], $2::integer[], $3::text[], $4::integer[])
                AS t(name, stage, host, generation)),
            places AS (UPDATE hostctl.certificate_places p SET noticed_days = t.stage, noticed_generation = t.generation
                FROM told t WHERE p.certificate = t.name AND p.host = t.host RETURNING 1)
        UPDATE hostctl.certificates c SET noticed_days = t.stage FROM told t
        WHERE c.name = t.name AND t.host IS NULL RETURNING 1";
    let parameters = [
        (&names as _, Type::TEXT_ARRAY),
        (&stages as _, Type::INT4_ARRAY),
        (&hosts as _, Type::TEXT_ARRAY),
        (&served as _, Type::INT4_ARRAY),
    ];
    query(client, WHAT, statement, &parameters).await.map(drop)
}

fn failed(error: tokio_postgres::Error) -> Error {
    sqlstate::error(WHAT, error)
}
