//! `acme.revoke`: the authority is told that a certificate is not to be trusted any more. Whoever asks twice is told that it
//! is so already, which is as good: after a crash it is simply asked again.

use rustls::pki_types::CertificateDer;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use super::Reason;
use crate::certificate::acme::{Account, AccountKey, Failed, Repeat, Signer, encode};
use crate::certificate::authorities::Authorities;
use crate::certificate::failure::{before, refusal};
use crate::certificate::key::is_shared;
use crate::certificate::rows::{described, query, resource};
use crate::certificate::store;
use crate::certificate::x509::{Chain, Key};
use crate::env::crash;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::CertificateName;

/// Revokes a generation.
#[derive(Debug, Serialize, Deserialize)]
pub struct Revoke {
    pub(super) certificate: CertificateName,
    pub(super) number: i32,
    pub(super) ca: String,
    pub(super) directory: String,
    pub(super) reason: Reason,
    /// Whether another one is to take its place.
    pub(super) renews: bool,
}

/// The generation as it stands.
struct Row {
    leaf: CertificateDer<'static>,
    key_sealed: Option<String>,
    is_revoked: bool,
    /// Whether it is not the one that is served, but that one has the same key.
    shares_its_key: bool,
}

impl OutsideStep for Revoke {
    const KIND: &'static str = "acme.revoke";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    async fn apply(&self, world: &Authorities, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let row = self.row(world).await.map_err(before)?;
        if !row.is_revoked {
            self.tell(world, &row).await?;
            crash::mid_effect().map_err(Failure::unknown)?;
            self.mark(world, &row, marker).await.map_err(Failure::unknown)?;
        }
        Ok(self.output())
    }

    /// There is no way back.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        Ok(match self.row(world).await?.is_revoked {
            true => Found::Ours(self.output()),
            false => Found::Absent,
        })
    }
}

impl Revoke {
    fn output(&self) -> Value {
        json!({ "certificate": self.certificate, "generation": self.number })
    }

    /// By our account; where it may not, or there is none any more, by the key of the certificate.
    async fn tell(&self, world: &Authorities, row: &Row) -> Result<(), Failure> {
        let payload = json!({ "certificate": encode(&row.leaf), "reason": self.reason.code() });
        let refused = match self.account(world).await.map_err(before)? {
            Ok(account) => {
                let url = &account.client.directory.revoke_cert;
                match account.post(url, &payload, Repeat::Harmless).await {
                    Err(Failed::Refused(problem))
                        if matches!(problem.word(), "unauthorized" | "accountDoesNotExist") =>
                    {
                        problem.error(&self.ca)
                    }
                    said => return self.heard(said.map(drop)),
                }
            }
            Err(none) => none,
        };
        let Some(sealed) = row.key_sealed.as_deref() else {
            return Err(Failure::refused(refused));
        };
        let key = self.own_key(world, sealed).map_err(before)?;
        let client = world.client(&self.ca).await.map_err(before)?;
        let url = &client.directory.revoke_cert;
        let said = client.post(&key, Signer::Key, url, Some(&payload), Repeat::Harmless);
        self.heard(said.await.map(drop))
    }

    fn heard(&self, said: Result<(), Failed>) -> Result<(), Failure> {
        match said {
            Err(Failed::Refused(problem)) if problem.word() == "alreadyRevoked" => Ok(()),
            said => said.map_err(|failed| refusal(&self.ca, failed)),
        }
    }

    /// Our account, or why there is none that could be asked.
    async fn account(&self, world: &Authorities) -> Result<Result<Account, Error>> {
        let session = world.session().await?;
        match world.account(&session, &self.ca).await {
            Ok(account) => Ok(Ok(account)),
            Err(error) if error.reason() == "no_account" => Ok(Err(error)),
            Err(error) => Err(error),
        }
    }

    fn own_key(&self, world: &Authorities, sealed: &str) -> Result<AccountKey> {
        let pem = store::open_key(&world.keyring()?, &self.certificate, sealed)?;
        AccountKey::of_certificate(&Key::read(pem.expose().as_bytes())?.pkcs8()?)
    }

    async fn row(&self, world: &Authorities) -> Result<Row> {
        let statement =
            "SELECT g.chain, g.key_sealed, g.revoked_at IS NOT NULL, current.chain FROM hostctl.certificate_generations g
            LEFT JOIN hostctl.certificates c ON c.name = g.certificate AND c.generation <> g.number
            LEFT JOIN hostctl.certificate_generations current
                ON current.certificate = c.name AND current.number = c.generation
            WHERE g.certificate = $1 AND g.number = $2";
        let parameters = [
            (&self.certificate.as_str() as _, Type::TEXT),
            (&self.number as _, Type::INT4),
        ];
        let what = described(&self.certificate);
        let rows = query(&**world.session().await?, &what, statement, &parameters).await?;
        let gone = || Error::internal("a certificate that is revoked and not there");
        let row = rows.first().ok_or_else(gone)?;
        let leaf = |chain: &str| Ok(Chain::read(chain.as_bytes())?.certificates().first().cloned());
        let revoked = leaf(row.get(0))?.ok_or_else(gone)?;
        let served = row.get::<_, Option<&str>>(3).map(leaf).transpose()?.flatten();
        Ok(Row {
            shares_its_key: match &served {
                Some(served) => is_shared(&revoked, served)?,
                None => false,
            },
            leaf: revoked,
            key_sealed: row.get(1),
            is_revoked: row.get(2),
        })
    }

    /// Writes it down: of the generation, and of the certificate where that is the one to be served, or where its key is
    /// somebody else's too.
    async fn mark(&self, world: &Authorities, row: &Row, marker: Marker) -> Result<()> {
        let statement = "WITH mine AS (SELECT FROM hostctl.operations WHERE id = $3 AND epoch = $4),
            revoked AS (UPDATE hostctl.certificate_generations g SET revoked_at = hostctl.now(), revocation_reason = $5
                FROM mine WHERE g.certificate = $1 AND g.number = $2 RETURNING 1),
            marked AS (UPDATE hostctl.certificates c SET state = 'revoked',
                    next_at = CASE WHEN $6 THEN hostctl.now() END, ari_ask_at = CASE WHEN $6 THEN c.ari_ask_at END,
                    next_reason = CASE WHEN $6 THEN 'it was revoked' ELSE 'it was revoked, and is not to be renewed' END
                FROM revoked WHERE c.name = $1 AND c.generation = $2),
            spoilt AS (UPDATE hostctl.certificates c SET next_at = hostctl.now(), next_reason = 'its key is compromised'
                FROM revoked WHERE c.name = $1 AND c.generation <> $2 AND $7)
            SELECT 1 FROM revoked";
        let spoils_another = self.renews && self.reason == Reason::KeyCompromise && row.shares_its_key;
        let parameters = [
            (&self.certificate.as_str() as _, Type::TEXT),
            (&self.number as _, Type::INT4),
            (&marker.operation as _, Type::UUID),
            (&marker.epoch as _, Type::INT8),
            (&self.reason.code() as _, Type::INT4),
            (&self.renews as _, Type::BOOL),
            (&spoils_another as _, Type::BOOL),
        ];
        let what = described(&self.certificate);
        let session = world.session().await?;
        match query(&**session, &what, statement, &parameters).await?.is_empty() {
            false => Ok(()),
            true => Err(Error::new(
                Kind::Busy,
                "fenced",
                "another process has taken the operation over",
            )),
        }
    }
}
