//! Reading and writing `certificate_orders`. Whoever was taken over writes nothing any more.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::certificate::authorities::Authorities;
use crate::certificate::rows::{Parameter, query};
use crate::certificate::store;
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;
use crate::model::{RecordName, ZoneName};

const WHAT: &str = "the orders of certificates";

/// Why nothing is begun anew as long as an order is kept.
pub(in crate::certificate) const GONE_ON_WITH: &str = "its order is gone on with";
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
    /// When the authority forgets it.
    pub expires_at: Option<Timestamp>,
}

/// The order `id`.
///
/// # Errors
/// Those of the control database.
pub async fn find(client: &impl GenericClient, id: Uuid) -> Result<Option<Row>> {
    let statement =
        "SELECT id, ca, certificate, identifiers, key_sealed, csr, state, url, chain, answers, expires_at
        FROM hostctl.certificate_orders WHERE id = $1";
    let rows = query(client, WHAT, statement, &[(&id, Type::UUID)]).await?;
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
        expires_at: row.get(10),
    })
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

    /// What the clock of all hosts says.
    pub(super) async fn now(&self) -> Result<Timestamp> {
        store::now(&**self.world.session().await?).await
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
