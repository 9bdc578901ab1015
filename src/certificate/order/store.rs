//! Reading and writing `certificate_orders`. Whoever was taken over writes nothing any more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::certificate::authorities::Authorities;
use crate::certificate::failure::before;
use crate::certificate::rows::{Parameter, query};
use crate::certificate::{ledger, store};
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::{CertificateName, RecordName, ZoneName};

const WHAT: &str = "the orders of certificates";

/// Why nothing is begun anew as long as an order is kept.
pub(in crate::certificate) const GONE_ON_WITH: &str = "its order is gone on with";
/// No order lasts for longer, whatever its authority says.
const LONGEST: &str = "30 days";
/// So long a host that has put files into the world for an order is waited for to take them away, and an authority that may
/// have issued to say so.
const SILENCE: &str = "1 hour";
/// When it is, should what is kept come to nothing.
const AGAIN: &str = "10 minutes";

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The authority has not heard of it.
    Planned,
    /// It has.
    Ordered,
    /// Every name is proved.
    Validated,
    /// The request was sent, or is about to be.
    Finalizing,
    /// The certificate is kept.
    Issued,
    /// The authority has refused.
    Failed,
    /// It was given up.
    Abandoned,
}

impl State {
    const ALL: [State; 7] = [
        State::Planned,
        State::Ordered,
        State::Validated,
        State::Finalizing,
        State::Issued,
        State::Failed,
        State::Abandoned,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::Planned => "planned",
            State::Ordered => "ordered",
            State::Validated => "validated",
            State::Finalizing => "finalizing",
            State::Issued => "issued",
            State::Failed => "failed",
            State::Abandoned => "abandoned",
        }
    }

    fn from_word(word: &str) -> Result<Self> {
        let found = State::ALL.into_iter().find(|state| state.word() == word);
        found.ok_or_else(|| Error::internal("an order in an unknown state"))
    }
}

/// What an order put into the world to prove a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Answer {
    /// A value of a TXT record.
    #[serde(rename = "dns-01")]
    Txt {
        /// In which zone.
        zone: ZoneName,
        /// At which name, aliases followed.
        name: RecordName,
        /// The digest.
        value: String,
    },
    /// A file below a web root.
    #[serde(rename = "http-01")]
    File {
        /// On which host.
        host: String,
        /// Where.
        path: std::path::PathBuf,
        /// What is in it.
        text: String,
    },
}

/// An order.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which.
    pub id: Uuid,
    /// Of which authority.
    pub ca: String,
    /// The certificate.
    pub certificate: String,
    /// What it is for.
    pub identifiers: Vec<String>,
    /// The key, sealed for the certificate.
    pub key_sealed: Option<String>,
    /// The request in DER.
    pub csr: Vec<u8>,
    /// Where it stands.
    pub state: State,
    /// Where it is.
    pub url: Option<String>,
    /// What was handed out, in PEM.
    pub chain: Option<String>,
    /// What is in the world for it, or is about to be.
    pub answers: Vec<Answer>,
    /// Whether nothing has come of it for so long that nobody waits for the host that began it, or for its authority.
    pub is_let_lie: bool,
    /// Whether the authority has forgotten it by now, whatever became of it.
    pub is_over: bool,
}

/// The order `id`.
///
/// # Errors
/// Those of the control database.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Row>> {
    let statement = "SELECT id, ca, certificate, identifiers, key_sealed, csr, state, url, chain, answers,
            least(expires_at, created_at + $2::text::interval) < hostctl.now(),
            changed_at + $3::text::interval < hostctl.now()
        FROM hostctl.certificate_orders WHERE id = $1";
    let parameters = [
        (&id as _, Type::UUID),
        (&LONGEST as _, Type::TEXT),
        (&SILENCE as _, Type::TEXT),
    ];
    let rows = query(client, WHAT, statement, &parameters).await?;
    rows.first().map(row).transpose()
}

fn row(row: &tokio_postgres::Row) -> Result<Row> {
    let answers = serde_json::from_value(row.get(9))
        .map_err(|error| Error::internal("the answers of an order cannot be read").source(error))?;
    Ok(Row {
        id: row.get(0),
        ca: row.get(1),
        certificate: row.get(2),
        identifiers: row.get(3),
        key_sealed: row.get(4),
        csr: row.get(5),
        state: State::from_word(row.get(6))?,
        url: row.get(7),
        chain: row.get(8),
        answers,
        is_over: row.get(10),
        is_let_lie: row.get(11),
    })
}

/// Gives the order of `operation` up, where one is open: the next one may be made.
///
/// # Errors
/// Those of the control database.
pub async fn give_up(client: &impl GenericClient, operation: Uuid) -> Result<()> {
    let statement = "UPDATE hostctl.certificate_orders SET state = 'abandoned', key_sealed = NULL, changed_at = hostctl.now()
        WHERE operation_id = $1 AND state NOT IN ('issued', 'failed', 'abandoned') RETURNING id";
    for row in query(client, WHAT, statement, &[(&operation, Type::UUID)]).await? {
        ledger::release(client, row.get(0)).await?;
    }
    Ok(())
}

/// Refuses to take `zone` away while an order that is open proves names in it: what it has put there would come back with
/// the zone, and nobody would take it away any more.
///
/// # Errors
/// `busy`, reason `ordering`.
pub async fn check_zone(client: &impl GenericClient, zone: &ZoneName) -> Result<()> {
    let statement = "SELECT certificate FROM hostctl.certificate_orders
        WHERE state NOT IN ('issued', 'failed', 'abandoned') AND answers @> $1 LIMIT 1";
    let answers = serde_json::json!([{ "kind": "dns-01", "zone": zone }]);
    let found = query(client, WHAT, statement, &[(&answers, Type::JSONB)]).await?;
    let Some(row) = found.first() else {
        return Ok(());
    };
    let certificate: &str = row.get(0);
    let message = format!("the order of certificate {certificate} is proving names in zone {zone}");
    Err(Error::new(Kind::Busy, "ordering", message).hint("wait until it has ended: hostctl op list --open"))
}

/// An order that a step works on, through a session of its own.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) world: &'a Authorities,
    pub(super) id: Uuid,
    pub(super) marker: Marker,
}

impl Desk<'_> {
    /// The row as it stands.
    pub(super) async fn row(&self) -> Result<Row> {
        let found = find(&**self.world.session().await?, self.id).await?;
        found.ok_or_else(|| Error::internal("an order without a row"))
    }

    /// The row of an order that may come to something yet.
    pub(super) async fn live_row(&self) -> Result<Row, Failure> {
        let row = self.row().await.map_err(before)?;
        match row.state {
            State::Failed | State::Abandoned => {
                let message = format!("the order at {} was given up", row.ca);
                Err(Failure::refused(Error::new(
                    Kind::Unavailable,
                    "given_up",
                    message,
                )))
            }
            _ => Ok(row),
        }
    }

    /// Refuses for good, once another account has proven to own one of the names.
    pub(super) async fn check_proven(&self, certificate: &CertificateName) -> Result<(), Failure> {
        let session = self.world.session().await.map_err(Failure::not_now)?;
        store::check_proven(&**session, certificate).await.map_err(before)
    }

    /// What the clock of all hosts says.
    pub(super) async fn now(&self) -> Result<Timestamp> {
        store::now(&**self.world.session().await?).await
    }

    /// Whether what this authority has handed out for the certificate was followed by its issuers until now.
    pub(super) async fn has_issuers(&self, row: &Row) -> Result<bool> {
        let statement = "SELECT FROM hostctl.certificate_generations WHERE certificate = $1 AND ca = $2
            AND chain LIKE '%-----BEGIN CERTIFICATE-----%-----BEGIN CERTIFICATE-----%' LIMIT 1";
        let parameters = [(&row.certificate as _, Type::TEXT), (&row.ca as _, Type::TEXT)];
        let session = self.world.session().await?;
        let rows = query(&**session, WHAT, statement, &parameters).await?;
        Ok(!rows.is_empty())
    }

    /// Writes down where the order is.
    pub(super) async fn ordered(&self, url: &str, expires: Option<Timestamp>) -> Result<()> {
        let set = "state = 'ordered', url = $3, expires_at = $4";
        self.change(set, &[(&url, Type::TEXT), (&expires, Type::TIMESTAMPTZ)])
            .await
    }

    /// Writes down where it stands.
    pub(super) async fn state(&self, state: State) -> Result<()> {
        self.change("state = $3", &[(&state.word(), Type::TEXT)]).await
    }

    /// Writes down why it ended without a certificate.
    pub(super) async fn failed(&self, why: &str) -> Result<()> {
        self.change(
            "state = 'failed', error = $3, key_sealed = NULL",
            &[(&why, Type::TEXT)],
        )
        .await
    }

    /// Nothing passes any more, once the authority has forgotten the order.
    pub(super) async fn unless_over(&self, failure: Failure) -> Failure {
        let is_over = failure.is_passing && self.row().await.is_ok_and(|row| row.is_over);
        Failure {
            is_passing: failure.is_passing && !is_over,
            ..failure
        }
    }

    /// Writes down at the certificate, where it is its first, why the order is gone on with later.
    pub(super) async fn kept(&self, why: &str) -> Result<()> {
        let statement = "UPDATE hostctl.certificates c SET last_error = $3, last_error_at = hostctl.now(),
                next_at = hostctl.now() + $4::text::interval, next_reason = $5
            FROM hostctl.certificate_orders r JOIN hostctl.operations o ON o.id = r.operation_id
            WHERE r.id = $1 AND o.epoch = $2 AND c.name = r.certificate AND c.generation IS NULL AND c.leased_by IS NULL
            RETURNING 1";
        let parameters = [
            (&self.id as _, Type::UUID),
            (&self.marker.epoch as _, Type::INT8),
            (&why as _, Type::TEXT),
            (&AGAIN as _, Type::TEXT),
            (&GONE_ON_WITH as _, Type::TEXT),
        ];
        let session = self.world.session().await?;
        query(&**session, WHAT, statement, &parameters).await.map(drop)
    }

    /// Writes down what is about to be put into the world.
    pub(super) async fn answers(&self, answers: &[Answer]) -> Result<()> {
        let answers = serde_json::to_value(answers)
            .map_err(|error| Error::internal("the answers of an order cannot be written").source(error))?;
        self.change("answers = $3", &[(&answers, Type::JSONB)]).await
    }

    /// Writes down what was handed out.
    pub(super) async fn chain(&self, url: &str, chain: &str) -> Result<()> {
        let set = "certificate_url = $3, chain = $4";
        self.change(set, &[(&url, Type::TEXT), (&chain, Type::TEXT)])
            .await
    }

    async fn change(&self, set: &str, values: &[Parameter<'_>]) -> Result<()> {
        let statement = format!(
            "UPDATE hostctl.certificate_orders r SET {set}, changed_at = hostctl.now() FROM hostctl.operations o
            WHERE r.id = $1 AND o.id = r.operation_id AND o.epoch = $2 RETURNING 1"
        );
        let mut parameters: Vec<Parameter<'_>> =
            vec![(&self.id, Type::UUID), (&self.marker.epoch, Type::INT8)];
        parameters.extend(values.iter().map(|(value, kind)| (*value, kind.clone())));
        let session = self.world.session().await?;
        match query(&**session, WHAT, &statement, &parameters).await?.is_empty() {
            false => Ok(()),
            true => Err(Error::new(
                Kind::Busy,
                "fenced",
                "another process has taken the operation over",
            )),
        }
    }
}
