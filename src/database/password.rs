//! `database.password`: another password for the tenant's role.

use postgres_protocol::password::scram_sha_256;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::clusters::{Link, Way};
use super::failure::{changed, failed, forward_only, mid_effect};
use super::roles::VERIFIER;
use super::subject::{is_changed_by, is_made_by};
use super::{Clusters, Subject, catalog};
use crate::control::quote::{identifier, literal};
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::Secret;
use crate::model::password::Password;

/// The SCRAM-SHA-256 verifier of `password` (RFC 5803), SASLprep included: all of the password that the server ever sees.
///
/// # Errors
/// `invalid` for what the server would take for a verifier itself.
pub fn verifier(password: &Password) -> Result<Secret> {
    Ok(Secret::new(scram_sha_256(password.for_postgres()?.as_bytes())))
}

/// Sets the password. The verifier of the one before cannot be read, so that this is not taken back.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetPassword {
    /// The database whose role it is.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that made the roles.
    pub role_operation: Uuid,
    /// The first word of the comment on the role: the mark of that operation.
    pub mark: String,
}

impl OutsideStep for SetPassword {
    const KIND: &'static str = "database.password";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, secrets: &Secrets) -> Result<Value, Failure> {
        let verifier = secrets.get(VERIFIER).map_err(Failure::refused)?;
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(_) | Found::Absent => {}
            Found::Changed(evidence) | Found::Foreign(evidence) => {
                return Err(Failure::refused(changed(evidence)));
            }
        }
        mid_effect()?;
        let role = identifier(self.subject.name.as_str());
        // The second word tells a probe that it was this operation; the first goes on telling whose the role is.
        let statements = format!(
            "ALTER ROLE {role} PASSWORD {}; COMMENT ON ROLE {role} IS {}",
            literal(verifier.expose()),
            literal(&format!("{} {marker}", self.mark))
        );
        let done = link.client.batch_execute(&statements).await;
        done.map(|()| Value::Null)
            .map_err(|error| failed(&self.words(), error))
    }

    /// Only where nothing was done yet.
    async fn undo(&self, world: &Clusters, marker: Marker, secrets: &Secrets) -> Result<(), Failure> {
        match self
            .probe(world, marker, secrets)
            .await
            .map_err(Failure::not_now)?
        {
            Found::Absent | Found::Foreign(_) => Ok(()),
            Found::Ours(_) | Found::Changed(_) => Err(forward_only(format!("{} was changed", self.words()))),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl SetPassword {
    fn words(&self) -> String {
        format!(
            "the password of role {} on {}",
            self.subject.name, self.subject.cluster
        )
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let [role] = catalog::roles(link, [self.subject.name.as_str()]).await?;
        let name = &self.subject.name;
        let Some(role) = role else {
            return Ok(Found::Changed(format!("role {name} is gone")));
        };
        let comment = role.comment.as_deref();
        Ok(match is_made_by(comment, self.role_operation) {
            true if is_changed_by(comment, marker.operation) => Found::Ours(Value::Null),
            true => Found::Absent,
            false => Found::Foreign(format!("role {name} is somebody else's")),
        })
    }
}
