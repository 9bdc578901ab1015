//! The stand-in: a role that logs in for one operation with a password that nobody learns, and is gone afterwards.
//!
//! What a tenant's database runs (a dump, an archive) must not run as us, who could do anything on the cluster: a
//! `SET ROLE` can be undone by the very commands that it is to contain. The stand-in is nobody outside of what it is
//! given for the occasion.

use std::time::Duration;

use super::catalog::{self, end_sessions_of, end_unseen_in, sessions_of, unseen_in};
use super::clusters::Link;
use super::failure::{changed, failed};
use super::subject::{is_made_by, staging_of, stand_in_of};
use super::{Clusters, Subject, verifier};
use crate::control::connect::Target;
use crate::control::quote::{identifier, literal};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::model::password::Password;
use crate::model::secret::Secret;

/// How long an ended session may take to be gone.
pub(super) const LEAVING: Duration = Duration::from_secs(10);
/// Between two looks.
pub(super) const PAUSE: Duration = Duration::from_millis(5);
/// How many looks in a row have to find nobody.
pub(super) const LOOKS: u32 = 2;
/// `pg_dump` and `pg_restore` take one session each: while they have it, nobody else can.
const SESSIONS: u32 = 1;

/// The stand-in of an operation, for as long as it lives.
pub(super) struct StandIn {
    /// Its name.
    pub role: String,
    /// Its password.
    pub password: Secret,
}

impl StandIn {
    /// Makes it anew. `grants` says what it is given, from its quoted name; all of it in one transaction.
    pub async fn make(
        link: &Link,
        marker: Marker,
        grants: impl FnOnce(&str) -> Vec<String>,
    ) -> Result<StandIn, Failure> {
        remove(link, marker).await?;
        let password = Password::generate().map_err(Failure::refused)?;
        let role = stand_in_of(marker.operation);
        let quoted = identifier(&role);
        let mut statements = vec![
            format!(
                "CREATE ROLE {quoted} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                    CONNECTION LIMIT {SESSIONS} PASSWORD {}",
                literal(verifier(&password).map_err(Failure::refused)?.expose())
            ),
            format!("COMMENT ON ROLE {quoted} IS {}", literal(&marker.to_string())),
        ];
        statements.extend(grants(&quoted));
        let made = link.client.batch_execute(&statements.join("; ")).await;
        made.map_err(|error| failed(&format!("role {role}"), error))?;
        let password = Secret::new(password.expose());
        Ok(StandIn { role, password })
    }

    /// How it enters `database`.
    pub fn target(&self, clusters: &Clusters, subject: &Subject, database: &str) -> Result<Target> {
        let target = clusters.target(&subject.cluster)?.database(database);
        Ok(target.login(&self.role, self.password.clone()))
    }
}

/// Whether the operation's stand-in is there.
pub(super) async fn is_there(link: &Link, marker: Marker) -> Result<bool> {
    let [role] = catalog::roles(link, [stand_in_of(marker.operation).as_str()]).await?;
    Ok(role.is_some())
}

/// Ends its sessions, takes back what it was given and drops it. It must own nothing in any database.
pub(super) async fn remove(link: &Link, marker: Marker) -> Result<(), Failure> {
    let name = stand_in_of(marker.operation);
    let [role] = catalog::roles(link, [name.as_str()])
        .await
        .map_err(Failure::not_now)?;
    let Some(role) = role else { return Ok(()) };
    if !is_made_by(role.comment.as_deref(), marker.operation) || role.is_privileged {
        return Err(Failure::refused(changed(format!(
            "role {name} is not as hostctl made it"
        ))));
    }
    shut_out(link, marker).await?;
    let quoted = identifier(&name);
    // DROP OWNED takes back what it was given on databases; the transaction ends our membership with the role.
    let statements = [
        link.join(&name),
        format!("DROP OWNED BY {quoted}"),
        format!("DROP ROLE {quoted}"),
    ];
    let removed = link.client.batch_execute(&statements.join("; ")).await;
    removed.map_err(|error| failed(&format!("role {name}"), error))
}

/// Lets nobody log in as the operation's stand-in any more, and ends whoever is in: an archive may have told its password to
/// somebody, or given it another one.
pub(super) async fn shut_out(link: &Link, marker: Marker) -> Result<(), Failure> {
    let (role, staging) = (stand_in_of(marker.operation), staging_of(marker.operation));
    let quoted = identifier(&role);
    let close = format!("ALTER ROLE {quoted} NOLOGIN CONNECTION LIMIT 0 PASSWORD NULL");
    let deadline = Deadline::after(LEAVING);
    // Who is in can change its password at the same instant, or hold what it has changed: then it has to go first.
    while let Err(error) = link.client.batch_execute(&close).await {
        if deadline.is_spent() || link.client.is_closed() {
            return Err(Failure::unknown(failed(&format!("role {role}"), error).error));
        }
        end(link, &role, &staging).await?;
    }
    end_all(link, &role, &staging).await
}

/// Ends the sessions of `role` until there is none, seen or unseen in `database`: one that was logging in when it was shut
/// out may come late.
pub(super) async fn end_all(link: &Link, role: &str, database: &str) -> Result<(), Failure> {
    let deadline = Deadline::after(LEAVING);
    let mut quiet = 0;
    while quiet < LOOKS {
        let left = sessions_of(link, role).await.map_err(Failure::unknown)?
            + unseen_in(link, database).await.map_err(Failure::unknown)?;
        if left == 0 {
            quiet += 1;
        } else if deadline.is_spent() {
            let message = format!("sessions of role {role} on {} do not end", link.cluster);
            return Err(Failure::unknown(Error::new(Kind::Busy, "in_use", message)));
        } else {
            quiet = 0;
            end(link, role, database).await?;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

async fn end(link: &Link, role: &str, database: &str) -> Result<(), Failure> {
    let with = |statement: String| [link.join(role), statement, catalog::leave(role)].join("; ");
    let ended = link.client.batch_execute(&with(end_sessions_of(role))).await;
    ended.map_err(|error| Failure::unknown(failed(&format!("role {role}"), error).error))?;
    // Whose it is cannot be seen. The server lets us end none that is not the role's: another one is no failure.
    link.client
        .batch_execute(&with(end_unseen_in(database)))
        .await
        .ok();
    Ok(())
}
