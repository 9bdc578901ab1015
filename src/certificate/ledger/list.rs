//! What is counted, for a person.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::Counted;
use super::admit::{WHAT, window};
use crate::certificate::rows::query;
use crate::config::{Config, OrderLimits, Rate};
use crate::error::{Error, Result};
use crate::model::Span;

/// Over how long is counted where nothing is limited: orders, failures, certificates, domains.
const USUAL: [u64; 4] = [3 * 3600, 3600, 7 * 86_400, 7 * 86_400];

/// One count, or one pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The authority.
    pub ca: String,
    /// `orders`, `failures`, `certificates`, `domain`, or `pause`.
    pub kind: String,
    /// The name, the set of names or the registered domain; nothing for the account as a whole.
    pub subject: Option<String>,
    /// How many there were in the window.
    pub used: Option<i64>,
    /// How many there may be; nothing where there is no limit.
    pub limit: Option<i64>,
    /// Over how long is counted.
    pub window: Option<String>,
    /// When the next one may be asked for; nothing: now.
    pub until: Option<Timestamp>,
    /// The authority's words.
    pub reason: Option<String>,
}

/// Every count that is not zero, and every pause; of all authorities that are configured, or of one.
///
/// # Errors
/// Those of the control database.
pub async fn limits(client: &impl GenericClient, config: &Config, ca: Option<&str>) -> Result<Vec<Limit>> {
    let mut rates = Rates::default();
    for (name, acme) in config
        .acme
        .iter()
        .filter(|(name, _)| ca.is_none_or(|ca| ca == *name))
    {
        rates.add(name, &acme.limits);
    }
    let statement = "SELECT r.ca, r.kind, nullif(l.subject, ''), count(*), r.most, r.span,
            CASE WHEN count(*) >= r.most
                THEN (array_agg(l.at ORDER BY l.at DESC))[r.most::integer] + make_interval(secs => r.seen) END, NULL
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::float8[], $5::float8[]) AS r(ca, kind, most, span, seen)
        JOIN hostctl.ca_ledger l ON l.ca = r.ca AND l.kind = r.kind
            AND l.at > hostctl.now() - make_interval(secs => r.seen)
        GROUP BY r.ca, r.kind, l.subject, r.most, r.span, r.seen
        UNION ALL SELECT p.ca, 'pause', p.scope, NULL, NULL, NULL, p.until, p.reason FROM hostctl.ca_pauses p
        WHERE p.until > hostctl.now() AND ($6::text IS NULL OR p.ca = $6)
        ORDER BY 1, 2, 3";
    let parameters = [
        (&rates.cas as _, Type::TEXT_ARRAY),
        (&rates.kinds as _, Type::TEXT_ARRAY),
        (&rates.most as _, Type::INT8_ARRAY),
        (&rates.spans as _, Type::FLOAT8_ARRAY),
        (&rates.seen as _, Type::FLOAT8_ARRAY),
        (&ca as _, Type::TEXT),
    ];
    let rows = query(client, WHAT, statement, &parameters).await?;
    rows.iter().map(limit).collect()
}

#[derive(Default)]
struct Rates<'a> {
    cas: Vec<&'a str>,
    kinds: Vec<&'static str>,
    most: Vec<Option<i64>>,
    spans: Vec<f64>,
    seen: Vec<f64>,
}

impl<'a> Rates<'a> {
    fn add(&mut self, ca: &'a str, limits: &OrderLimits) {
        let rates: [Option<Rate>; 4] = [limits.orders, limits.failures, limits.certificates, limits.domain];
        for ((counted, rate), usual) in Counted::ALL.into_iter().zip(rates).zip(USUAL) {
            let span = rate
                .map_or(Duration::from_secs(usual), |rate| rate.window)
                .as_secs_f64();
            self.cas.push(ca);
            self.kinds.push(counted.word());
            self.most.push(rate.map(|rate| rate.count.into()));
            self.spans.push(span);
            self.seen.push(window(span));
        }
    }
}

fn limit(row: &tokio_postgres::Row) -> Result<Limit> {
    let kind: &str = row.get(1);
    let name = match kind {
        "pause" => "pause",
        word => Counted::from_word(word)
            .ok_or_else(|| Error::internal("a count of an unknown kind"))?
            .name(),
    };
    let span: Option<f64> = row.get(5);
    Ok(Limit {
        ca: row.get(0),
        kind: name.to_owned(),
        subject: row.get(2),
        used: row.get(3),
        limit: row.get(4),
        window: span.map(|seconds| Span::from(Duration::from_secs_f64(seconds)).to_string()),
        until: row.get(6),
        reason: row.get(7),
    })
}
