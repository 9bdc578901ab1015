//! Counting, and letting in or not.

use jiff::Timestamp;
use ring::digest;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, IsolationLevel};
use uuid::Uuid;

use super::counts::{Count, Occasion, counts};
use super::{Admission, Counted, Full, write};
use crate::certificate::ca::{self, Asked};
use crate::certificate::rows::query;
use crate::config::OrderLimits;
use crate::control::{Session, sqlstate};
use crate::error::{Error, Result};

pub(super) const WHAT: &str = "the ledger of authorities";
/// The first key of the lock ("ledg"), the second is the authority's.
const CLASS: i32 = 0x6C65_6467;
/// How long an authority remembers that it has issued for the same names.
const REMEMBERED: &str = "120 days";
/// The authority hears of a request a moment after it was counted, and its window ends as much later: at most so many
/// seconds, and a sixtieth of a short window.
const LATER: f64 = 60.0;

/// A new order that is going to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Of which authority.
    pub ca: &'a str,
    /// Its limits.
    pub limits: &'a OrderLimits,
    /// Which order; none where it is not known yet.
    pub order: Option<Uuid>,
    /// For which names and addresses.
    pub identifiers: &'a [String],
    /// Whether it says which certificate it replaces.
    pub replaces: bool,
}

/// Counts the order if there is room for it: to be called before each request for it that is sent.
///
/// # Errors
/// Those of the control database.
pub async fn admit(session: &mut Session, request: &Request<'_>) -> Result<Admission> {
    // What is counted after the lock was had has to see what was written before it was.
    let builder = session
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted);
    let transaction = builder.start().await.map_err(failed)?;
    let counts = counted(&transaction, request).await?;
    if counts.iter().any(|count| count.rate.is_some()) {
        lock(&transaction, request.ca).await?;
    }
    let admission = room(&transaction, request, &counts).await?;
    if admission == Admission::Now {
        write::reserve(&transaction, request, &counts).await?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(admission)
}

/// Whether there is room for the order now; nothing is counted.
///
/// # Errors
/// Those of the control database.
pub async fn look(client: &impl GenericClient, request: &Request<'_>) -> Result<Admission> {
    let counts = counted(client, request).await?;
    room(client, request, &counts).await
}

/// When the authority may be asked for that order, by its own word and by ours: the later of the two; nothing where it may be
/// asked now.
///
/// # Errors
/// Those of the control database.
pub async fn not_before(client: &impl GenericClient, request: &Request<'_>) -> Result<Option<Timestamp>> {
    let pause = ca::paused(client, request.ca, Asked::Order(request.identifiers)).await?;
    let full = match look(client, request).await? {
        Admission::Now => None,
        Admission::NotBefore(at, _) => Some(at),
    };
    Ok(full.max(pause.map(|pause| pause.until)))
}

async fn counted(client: &impl GenericClient, request: &Request<'_>) -> Result<Vec<Count>> {
    let occasion = match request.limits.exempts_renewals {
        true if request.replaces => Occasion::Replaces,
        true if has_same_names(client, request).await? => Occasion::SameNames,
        _ => Occasion::New,
    };
    Ok(counts(request.limits, request.identifiers, occasion))
}

/// Whether the authority has issued for exactly these names lately.
async fn has_same_names(client: &impl GenericClient, request: &Request<'_>) -> Result<bool> {
    let statement = "SELECT FROM hostctl.certificate_generations WHERE ca = $1 AND identifiers @> $2
            AND identifiers <@ $2 AND not_before > hostctl.now() - $3::text::interval LIMIT 1";
    let parameters = [
        (&request.ca as _, Type::TEXT),
        (&request.identifiers as _, Type::TEXT_ARRAY),
        (&REMEMBERED as _, Type::TEXT),
    ];
    Ok(!query(client, WHAT, statement, &parameters).await?.is_empty())
}

/// The limit that is reached for longest, if any is.
async fn room(client: &impl GenericClient, request: &Request<'_>, counts: &[Count]) -> Result<Admission> {
    let limited: Vec<(&Count, _)> = counts
        .iter()
        .filter_map(|count| Some((count, count.rate?)))
        .collect();
    if limited.is_empty() {
        return Ok(Admission::Now);
    }
    let kinds: Vec<&str> = limited.iter().map(|(count, _)| count.counted.word()).collect();
    let subjects: Vec<&str> = limited.iter().map(|(count, _)| count.subject.as_str()).collect();
    let most: Vec<i64> = limited.iter().map(|(_, rate)| rate.count.into()).collect();
    let spans: Vec<f64> = limited
        .iter()
        .map(|(_, rate)| window(rate.window.as_secs_f64()))
        .collect();
    // With so many in the window it is full until the oldest of the newest so many leaves it.
    let statement = "SELECT a.number, f.at + make_interval(secs => a.span)
        FROM unnest($2::text[], $3::text[], $4::bigint[], $5::float8[]) WITH ORDINALITY AS a(kind, subject, most, span, number)
        CROSS JOIN LATERAL (SELECT l.at FROM hostctl.ca_ledger l
            WHERE l.ca = $1 AND l.kind = a.kind AND l.subject = a.subject
                AND l.at > hostctl.now() - make_interval(secs => a.span)
                AND (l.kind = 'order' OR $6::uuid IS NULL OR l.order_id IS DISTINCT FROM $6)
            ORDER BY l.at DESC OFFSET a.most - 1 LIMIT 1) AS f(at)
        ORDER BY 2 DESC LIMIT 1";
    let parameters = [
        (&request.ca as _, Type::TEXT),
        (&kinds as _, Type::TEXT_ARRAY),
        (&subjects as _, Type::TEXT_ARRAY),
        (&most as _, Type::INT8_ARRAY),
        (&spans as _, Type::FLOAT8_ARRAY),
        (&request.order as _, Type::UUID),
    ];
    let rows = query(client, WHAT, statement, &parameters).await?;
    let Some(row) = rows.first() else {
        return Ok(Admission::Now);
    };
    let (number, at): (i64, Timestamp) = (row.get(0), row.get(1));
    let index = usize::try_from(number - 1).unwrap_or_default();
    let (count, rate) = limited
        .get(index)
        .ok_or_else(|| Error::internal("a limit that nobody asked about"))?;
    let full = Full {
        counted: count.counted,
        subject: count.subject.clone(),
        rate: *rate,
    };
    Ok(Admission::NotBefore(at, full))
}

async fn lock(client: &impl GenericClient, ca: &str) -> Result<()> {
    let statement = "SELECT pg_advisory_xact_lock($1, $2)";
    let parameters = [(&CLASS as _, Type::INT4), (&key(ca) as _, Type::INT4)];
    query(client, WHAT, statement, &parameters).await.map(drop)
}

/// Two authorities that share a key wait for one another, which is all.
fn key(ca: &str) -> i32 {
    let digest = digest::digest(&digest::SHA256, ca.as_bytes());
    let first = digest.as_ref().first_chunk::<4>();
    i32::from_be_bytes(*first.unwrap_or(&[0; 4]))
}

/// The window of an authority as it looks from here, in seconds.
pub(super) fn window(seconds: f64) -> f64 {
    seconds + (seconds / 60.0).min(LATER)
}

fn failed(error: tokio_postgres::Error) -> Error {
    sqlstate::error(WHAT, error)
}

/// What is counted when an order is asked for; failures are counted when they happen.
pub(super) fn is_written(count: &Count) -> bool {
    count.counted != Counted::Failures
}
