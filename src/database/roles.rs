//! `database.roles`: the owner, whom nobody becomes, and the tenant's role, which may not log in yet.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::catalog::{self, Role};
use super::clusters::{Link, Way};
use super::drop_roles::drop_both;
use super::failure::{changed, failed, foreign, mid_effect};
use super::subject::{is_made_by, is_marked};
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// The secret of the step: the password's SCRAM verifier.
pub(super) const VERIFIER: &str = "verifier";
/// What no tenant may do.
const POWERLESS: &str = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

/// Makes both roles of a database in one transaction.
#[derive(Debug, Serialize, Deserialize)]
pub struct Roles {
    /// The database that they are for.
    #[serde(flatten)]
    pub subject: Subject,
    /// How many sessions the tenant may have, unlimited where absent.
    pub connections: Option<u32>,
    /// `statement_timeout` of the tenant's sessions, the server's where absent.
    pub statement_timeout_ms: Option<u64>,
    /// `idle_in_transaction_session_timeout`, the server's where absent.
    pub idle_in_transaction_timeout_ms: Option<u64>,
}

impl OutsideStep for Roles {
    const KIND: &'static str = "database.roles";
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
        mid_effect()?;
        match link
            .client
            .batch_execute(&self.statements(&link, marker, verifier.expose()))
            .await
        {
            Ok(()) => Ok(self.output()),
            Err(error) if sqlstate::is_duplicate(&error) => self.taken(&link, marker).await,
            Err(error) => Err(failed(&self.words(), error)),
        }
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            // Both are made by one transaction and go by one: whoever changed one of them is asked.
            Found::Changed(evidence) => {
                return Err(Failure::refused(
                    changed(evidence).hint(self.as_they_were(marker)),
                ));
            }
        }
        mid_effect()?;
        let names = [self.subject.name.to_string(), self.subject.owner.clone()];
        drop_both(world, &link, names, &self.subject, marker.operation, marker).await
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl Roles {
    fn words(&self) -> String {
        format!("the roles of {}", self.subject.words())
    }

    fn output(&self) -> Value {
        json!({ "owner": self.subject.owner, "role": self.subject.name })
    }

    /// What puts the marks of both roles back, and takes from them what no tenant has.
    fn as_they_were(&self, marker: Marker) -> String {
        let mark = literal(&marker.to_string());
        let names = [self.subject.name.as_str(), &self.subject.owner].map(identifier);
        names
            .map(|name| format!("ALTER ROLE {name} {POWERLESS}; COMMENT ON ROLE {name} IS {mark}"))
            .join("; ")
    }

    /// Sent as one message, hence one transaction.
    fn statements(&self, link: &Link, marker: Marker, verifier: &str) -> String {
        let (owner, login) = (
            identifier(&self.subject.owner),
            identifier(self.subject.name.as_str()),
        );
        let limit = self
            .connections
            .map(|limit| format!(" CONNECTION LIMIT {limit}"))
            .unwrap_or_default();
        let mark = literal(&marker.to_string());
        let mut statements = vec![
            format!("CREATE ROLE {owner} NOLOGIN {POWERLESS}"),
            format!(
                "CREATE ROLE {login} NOLOGIN {POWERLESS}{limit} PASSWORD {}",
                literal(verifier)
            ),
            format!("COMMENT ON ROLE {owner} IS {mark}"),
            format!("COMMENT ON ROLE {login} IS {mark}"),
            link.join(&self.subject.owner),
        ];
        let settings = [
            ("statement_timeout", self.statement_timeout_ms),
            (
                "idle_in_transaction_session_timeout",
                self.idle_in_transaction_timeout_ms,
            ),
        ];
        let set = settings
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| (name, value)));
        statements.extend(set.map(|(name, value)| format!("ALTER ROLE {login} SET {name} = '{value}ms'")));
        statements.join("; ")
    }

    /// A name is taken: by this very step, or by somebody.
    async fn taken(&self, link: &Link, marker: Marker) -> Result<Value, Failure> {
        match self.look(link, marker).await.map_err(Failure::unknown)? {
            Found::Ours(output) => Ok(output),
            Found::Absent => {
                let message = format!("{}: the name was taken for a moment", self.words());
                Err(Failure::not_now(Error::new(Kind::Conflict, "exists", message)))
            }
            Found::Changed(evidence) => Err(Failure::refused(changed(evidence))),
            Found::Foreign(_) => Err(Failure::refused(taken(link, &self.subject).await)),
        }
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let name = self.subject.name.as_str();
        let [owner, login] = catalog::roles(link, [&self.subject.owner, name]).await?;
        let is_ours = |role: &Role| is_made_by(role.comment.as_deref(), marker.operation);
        Ok(match (owner, login) {
            (None, None) => Found::Absent,
            (Some(owner), Some(login)) if is_ours(&owner) && is_ours(&login) => {
                if owner.is_privileged || login.is_privileged {
                    Found::Changed(format!("role {name} was given privileges that no tenant has"))
                } else {
                    Found::Ours(self.output())
                }
            }
            (None, Some(login)) if !is_ours(&login) => {
                Found::Foreign(format!("role {name} is somebody else's"))
            }
            (_, _) => Found::Changed(format!(
                "of the roles {} and {name} not both are ours",
                self.subject.owner
            )),
        })
    }
}

/// Why the role's name cannot be had: in its comment is a mark or not.
async fn taken(link: &Link, subject: &Subject) -> Error {
    let name = subject.name.as_str();
    match catalog::roles(link, [name]).await {
        Ok([role])
            if role
                .as_ref()
                .is_some_and(|role| is_marked(role.comment.as_deref())) =>
        {
            Error::new(
                Kind::Conflict,
                "exists",
                format!("role {name} exists already on {}", subject.cluster),
            )
            .hint(format!("hostctl db show {name}"))
        }
        Ok(_) => foreign(format!(
            "there is a role {name} on {} that hostctl did not make",
            subject.cluster
        )),
        Err(error) => error,
    }
}
