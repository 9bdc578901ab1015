//! Taking what is due, so that of many processes on many hosts one renews it. Time is the database's alone.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::Life;
use crate::certificate::notice::FIRST_NOTICE;
use crate::certificate::rows::{Parameter, query};
use crate::certificate::store::Wanted;
use crate::error::Result;
use crate::model::CertificateName;

const WHAT: &str = "the renewals";
/// How long a lease holds that is not extended: who is silent for so long counts as dead.
pub const LEASE: Duration = Duration::from_secs(600);
/// The first key of the lock of the process of a host that has its ports ("cert").
const PORTS: i32 = 1_667_592_820;

/// Who renews.
#[derive(Clone, Debug)]
pub struct Renewer {
    /// The process, for persons.
    pub holder: String,
    /// The host, as certificates are placed on it.
    pub host: String,
    /// Only those of this account.
    pub account: Option<Uuid>,
    /// Whether this process is the one of its host that answers on ports.
    pub has_ports: bool,
    /// What falls due within this time is due: nobody looks again before.
    pub horizon: Duration,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Whatever is due.
    Due,
    /// These, as far as they are due; what failed before is not waited for.
    Named(Vec<String>),
    /// These, due or not.
    Forced(Vec<String>),
}

/// A certificate that is ours to renew as long as the lease holds.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What is wanted.
    pub wanted: Wanted,
    /// Which lease.
    pub fence: i64,
    /// The generation that is to be replaced.
    pub generation: Option<i32>,
    /// How often it failed already.
    pub failures: i32,
    /// From when until when the one that is to be replaced is valid.
    pub life: Option<Life>,
    /// Whether that is over soon, or over: the first notice of it is due.
    pub is_ending: bool,
    /// The authority that issued it, and its name there (RFC 9773 §4.1).
    pub replaces: Option<(String, String)>,
    /// Whether it is to lie on this host.
    pub is_placed_here: bool,
    /// What is run after a deployment, where that is not what the host's configuration says.
    pub deploy_hook: Option<Vec<String>>,
}

/// What is due, or not yet.
#[derive(Clone, Debug)]
pub struct Due {
    /// By what it is called.
    pub name: String,
    /// When it is due.
    pub next_at: Option<Timestamp>,
    /// Why then.
    pub why: Option<String>,
}

/// What a person asked for by name and does not get.
#[derive(Clone, Debug)]
pub struct Asked {
    /// When it is due.
    pub next_at: Option<Timestamp>,
    /// Who is at work on it.
    pub holder: Option<String>,
    /// Whether this host may renew it.
    pub is_ours: bool,
    /// Whether an authority can be asked for it at all.
    pub is_renewed: bool,
    /// Whether one of its authorities may be asked now.
    pub is_askable: bool,
}

/// One process of a host answers on its ports, and renews what is proved there: whether it is this one, for as long as the
/// session lives.
///
/// # Errors
/// Those of the control database.
pub async fn take_host(client: &impl GenericClient, host: &str) -> Result<bool> {
    let statement = "SELECT pg_try_advisory_lock($1, hashtext($2))";
    let parameters = [(&PORTS as _, Type::INT4), (&host as _, Type::TEXT)];
    let rows = query(client, WHAT, statement, &parameters).await?;
    Ok(rows.first().is_some_and(|row| row.get(0)))
}

/// Has whatever would be renewed later than `before` its end be renewed then; never in the first half of its life. What
/// waits after an attempt goes on waiting.
///
/// # Errors
/// Those of the control database.
pub async fn bring_forward(client: &impl GenericClient, before: Duration) -> Result<()> {
    let statement = "UPDATE hostctl.certificates c SET next_at = w.latest, next_reason = 'so long before its end'
        FROM hostctl.certificate_generations g,
            LATERAL (SELECT g.not_after - least(make_interval(secs => $1), (g.not_after - g.not_before) / 2)) AS w(latest)
        WHERE g.certificate = c.name AND g.number = c.generation AND c.next_at > w.latest AND c.failures = 0 AND c.last_error IS NULL
            AND c.challenge <> 'imported' AND c.leased_by IS NULL RETURNING 1";
    let seconds = before.as_secs_f64();
    query(client, WHAT, statement, &[(&seconds, Type::FLOAT8)])
        .await
        .map(drop)
}

/// What may be renewed from here: a name that is proved by what a host serves, only by one that serves it. An authority
/// that wants to be left alone is left alone, unless there is another one.
pub(super) const OURS: &str = "(c.challenge = 'dns-01' OR EXISTS (SELECT FROM hostctl.certificate_places p
            WHERE p.certificate = c.name AND p.host = $1)
            AND ($2 OR c.challenge = 'http-01' AND c.webroot IS NOT NULL))
        AND c.challenge <> 'imported' AND ($3::uuid IS NULL OR c.account_id = $3)";
pub(super) const FREE: &str = "(c.leased_until IS NULL OR c.leased_until < hostctl.now())";
pub(super) const ASKABLE: &str =
    "EXISTS (SELECT FROM unnest(c.cas) AS a(ca) WHERE NOT EXISTS (SELECT FROM hostctl.ca_pauses p
            WHERE p.ca = a.ca AND p.scope IN ('orders', 'requests') AND p.until > hostctl.now()))";

impl Selection {
    /// `$4` is the horizon in seconds, `$5` the names.
    pub(super) fn condition(&self) -> &'static str {
        match self {
            Selection::Due => {
                "c.next_at <= hostctl.now() + make_interval(secs => $4) AND (c.failures = 0 OR c.next_at <= hostctl.now())
                    AND $5::text[] IS NULL"
            }
            Selection::Named(_) => {
                "c.name = ANY($5::text[]) AND (c.failures > 0 OR c.generation IS NULL
                    OR c.next_at <= hostctl.now() + make_interval(secs => $4))"
            }
            Selection::Forced(_) => "c.name = ANY($5::text[]) AND $4::float8 IS NOT NULL",
        }
    }

    /// The names that were given, if any were.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        match self {
            Selection::Due => None,
            Selection::Named(names) | Selection::Forced(names) => Some(names),
        }
    }
}

/// Takes up to `limit` of what is selected, the most urgent first, and leaves what others have.
///
/// # Errors
/// Those of the control database.
pub async fn claim(
    client: &impl GenericClient,
    renewer: &Renewer,
    selection: &Selection,
    limit: usize,
) -> Result<Vec<Claimed>> {
    let condition = selection.condition();
    let statement = format!(
        "WITH due AS (SELECT c.name FROM hostctl.certificates c WHERE {condition} AND {FREE} AND {OURS} AND {ASKABLE}
                ORDER BY c.next_at, c.name LIMIT $6 FOR UPDATE OF c SKIP LOCKED),
            claimed AS (UPDATE hostctl.certificates c SET leased_by = $7, fence = c.fence + 1,
                    leased_until = hostctl.now() + make_interval(secs => $8)
                FROM due WHERE c.name = due.name RETURNING c.*)
        SELECT c.name, c.account_id, c.identifiers, c.cas, c.challenge, c.key_type, c.reuse_key, c.csr, c.profile,
            c.preferred_chain, c.webroot, c.fence, c.generation, c.failures, g.not_before, g.not_after, g.ca, g.ari_id,
            EXISTS (SELECT FROM hostctl.certificate_places p WHERE p.certificate = c.name AND p.host = $1),
            coalesce(g.not_after <= hostctl.now() + make_interval(days => $9), false), c.deploy_hook
        FROM claimed c LEFT JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation
        ORDER BY c.next_at, c.name"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let (horizon, lease) = (renewer.horizon.as_secs_f64(), LEASE.as_secs_f64());
    let names = selection.names();
    let parameters: [Parameter<'_>; 9] = [
        (&renewer.host, Type::TEXT),
        (&renewer.has_ports, Type::BOOL),
        (&renewer.account, Type::UUID),
        (&horizon, Type::FLOAT8),
        (&names, Type::TEXT_ARRAY),
        (&limit, Type::INT8),
        (&renewer.holder, Type::TEXT),
        (&lease, Type::FLOAT8),
        (&FIRST_NOTICE, Type::INT4),
    ];
    let rows = query(client, WHAT, &statement, &parameters).await?;
    rows.iter().map(claimed).collect()
}

fn claimed(row: &Row) -> Result<Claimed> {
    let life = row.get::<_, Option<Timestamp>>(14).zip(row.get(15));
    let name: CertificateName = row.get::<_, &str>(0).parse()?;
    Ok(Claimed {
        wanted: Wanted {
            name,
            account: row.get(1),
            identifiers: row.get(2),
            cas: row.get(3),
            challenge: row.get(4),
            key_type: row.get(5),
            reuse_key: row.get(6),
            csr: row.get(7),
            profile: row.get(8),
            preferred_chain: row.get(9),
            webroot: row.get(10),
        },
        fence: row.get(11),
        generation: row.get(12),
        failures: row.get(13),
        life: life.map(|(not_before, not_after)| Life {
            not_before,
            not_after,
        }),
        replaces: row.get::<_, Option<String>>(16).zip(row.get(17)),
        is_placed_here: row.get(18),
        is_ending: row.get(19),
        deploy_hook: row.get(20),
    })
}

/// What [`claim`] would take, without taking it.
///
/// # Errors
/// Those of the control database.
pub async fn due(client: &impl GenericClient, renewer: &Renewer, selection: &Selection) -> Result<Vec<Due>> {
    let condition = selection.condition();
    let statement = format!(
        "SELECT c.name, c.next_at, c.next_reason FROM hostctl.certificates c
        WHERE {condition} AND {FREE} AND {OURS} AND {ASKABLE} ORDER BY c.next_at, c.name"
    );
    let horizon = renewer.horizon.as_secs_f64();
    let names = selection.names();
    let parameters: [Parameter<'_>; 5] = [
        (&renewer.host, Type::TEXT),
        (&renewer.has_ports, Type::BOOL),
        (&renewer.account, Type::UUID),
        (&horizon, Type::FLOAT8),
        (&names, Type::TEXT_ARRAY),
    ];
    let rows = query(client, WHAT, &statement, &parameters).await?;
    let due = |row: &Row| Due {
        name: row.get(0),
        next_at: row.get(1),
        why: row.get(2),
    };
    Ok(rows.iter().map(due).collect())
}

impl Renewer {
    /// Why the certificate `name` was not taken.
    ///
    /// # Errors
    /// `not_found`, also where it is of another account.
    pub async fn why_not(&self, client: &impl GenericClient, name: &CertificateName) -> Result<Asked> {
        let statement = format!(
            "SELECT c.next_at, CASE WHEN NOT {FREE} THEN c.leased_by END, {OURS}, c.challenge <> 'imported', {ASKABLE}
            FROM hostctl.certificates c WHERE c.name = $4 AND ($3::uuid IS NULL OR c.account_id = $3)"
        );
        let parameters: [Parameter<'_>; 4] = [
            (&self.host, Type::TEXT),
            (&self.has_ports, Type::BOOL),
            (&self.account, Type::UUID),
            (&name.as_str(), Type::TEXT),
        ];
        let rows = query(client, WHAT, &statement, &parameters).await?;
        let row = rows
            .first()
            .ok_or_else(|| crate::certificate::rows::missing(name))?;
        Ok(Asked {
            next_at: row.get(0),
            holder: row.get(1),
            is_ours: row.get(2),
            is_renewed: row.get(3),
            is_askable: row.get(4),
        })
    }
}

/// Has the leases of what is still at work hold longer.
///
/// # Errors
/// Those of the control database.
pub async fn extend(client: &impl GenericClient, held: &[(String, i64)]) -> Result<()> {
    let set = "leased_until = hostctl.now() + make_interval(secs => $3)";
    change(client, held, set, LEASE.as_secs_f64()).await
}

/// Gives back what nothing was done about, for others to take at once.
///
/// # Errors
/// Those of the control database.
pub async fn give_back(client: &impl GenericClient, held: &[(String, i64)]) -> Result<()> {
    let set = "leased_by = NULL, leased_until = hostctl.now() + make_interval(secs => $3)";
    change(client, held, set, -1.0).await
}

async fn change(client: &impl GenericClient, held: &[(String, i64)], set: &str, seconds: f64) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    let statement = format!(
        "UPDATE hostctl.certificates c SET {set} FROM unnest($1::text[], $2::int8[]) AS h(name, fence)
        WHERE c.name = h.name AND c.fence = h.fence AND c.leased_by IS NOT NULL RETURNING 1"
    );
    let (names, fences): (Vec<&str>, Vec<i64>) =
        held.iter().map(|(name, fence)| (name.as_str(), *fence)).unzip();
    let parameters: [Parameter<'_>; 3] = [
        (&names, Type::TEXT_ARRAY),
        (&fences, Type::INT8_ARRAY),
        (&seconds, Type::FLOAT8),
    ];
    query(client, WHAT, &statement, &parameters).await.map(drop)
}
