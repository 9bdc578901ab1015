//! What this host was taken off: our files go, whatever else lies beside them stays.

use serde_json::json;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::Station;
use crate::certificate::rows::{described, query};
use crate::control::{Session, sqlstate};
use crate::env::crash::{self, Phase, Point};
use crate::error::{Error, Result};
use crate::model::CertificateName;
use crate::trail::{self, Event, Outcome};

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing of ours lies here any more. What others put beside it, by name, does.
    Gone(Vec<String>),
    /// Another process is at work on it.
    Busy,
}

/// The certificates that `host` was taken off and may still hold. What is placed there is not one of them.
///
/// # Errors
/// Those of the control database.
pub async fn leaving(client: &impl GenericClient, host: &str) -> Result<Vec<CertificateName>> {
    let statement = "SELECT l.certificate FROM hostctl.certificate_leftovers l WHERE l.host = $1
            AND NOT EXISTS (SELECT FROM hostctl.certificate_places p WHERE p.certificate = l.certificate AND p.host = l.host)
        ORDER BY l.certificate";
    let rows = query(
        client,
        "the certificates of this host",
        statement,
        &[(&host, Type::TEXT)],
    )
    .await?;
    rows.iter().map(|row| row.get::<_, &str>(0).parse()).collect()
}

impl Station<'_> {
    /// Removes what we put here of a certificate that was taken off this host. Killed at any line, the next run does what is
    /// left.
    ///
    /// # Errors
    /// `unavailable`, reason `file`; those of the control database.
    pub async fn leave(&self, name: &CertificateName) -> Result<Left> {
        let mut others = Vec::new();
        if self.layout.has(name) {
            let Some(folder) = self.layout.open(name)? else {
                return Ok(Left::Busy);
            };
            // Placed here again meanwhile: whoever deploys it holds the directory, and it is ours now.
            if super::is_placed(&**self.authorities.session().await?, name, self.host)
                .await?
                .is_some()
            {
                return Ok(Left::Busy);
            }
            others = folder.remove()?;
            crash::point(0, Point::EffectDone, Phase::Do)?;
        }
        self.forget(&mut *self.authorities.session().await?, name, &others)
            .await?;
        Ok(Left::Gone(others))
    }

    async fn forget(&self, session: &mut Session, name: &CertificateName, others: &[String]) -> Result<()> {
        let failed = |error| sqlstate::error("the places of certificates", error);
        let statement =
            "DELETE FROM hostctl.certificate_leftovers WHERE certificate = $1 AND host = $2 RETURNING 1";
        let parameters = [(&name.as_str() as _, Type::TEXT), (&self.host as _, Type::TEXT)];
        let event = Event {
            action: "cert.deploy",
            target: name.as_str(),
            account: None,
            outcome: Outcome::Success,
            operation: None,
            details: json!({ "host": self.host, "removed": true, "left_of_others": others }),
        };
        let transaction = session.transaction().await.map_err(failed)?;
        query(&transaction, &described(name), statement, &parameters).await?;
        trail::append(&transaction, self.actor, &event).await?;
        transaction
            .commit()
            .await
            .map_err(|error: tokio_postgres::Error| -> Error { failed(error) })
    }
}
