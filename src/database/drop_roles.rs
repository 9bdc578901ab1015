//! The end of both roles of a database, with what other tenants granted them.

use std::time::Duration;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::catalog::{self, leave};
use super::clusters::Link;
use super::dependents::{self, Dependent, identifiers};
use super::failure::{changed, failed, is};
use super::subject::{is_made_by, is_marked, operation_of};
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::journal::{Failure, Marker};

/// For how long a tenant that grants again what was just taken back is outrun.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(5);
/// How long tenants may keep what was granted locked before they are put out of that database, and how often that is tried.
const LOCK_TIMEOUT_MS: u32 = 3_000;
const ATTEMPTS: u32 = 4;
/// Other sessions `a` that hold a lock on a role `r`.
const HOLDERS: &str = "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_roles r ON r.oid = l.objid
    WHERE l.locktype = 'object' AND l.classid = 'pg_authid'::regclass AND l.granted AND l.pid <> pg_backend_pid()";

/// Drops those of the two roles `names` that `operation` made; what is not there or not ours stays as it is. What tenants
/// of other databases of ours granted them goes with them.
pub(super) async fn drop_both(
    world: &Clusters,
    link: &Link,
    names: [String; 2],
    subject: &Subject,
    operation: Uuid,
    marker: Marker,
) -> Result<(), Failure> {
    let found = catalog::roles(link, names.each_ref().map(String::as_str))
        .await
        .map_err(Failure::not_now)?;
    let mut ours = Vec::new();
    for (name, role) in names.into_iter().zip(found) {
        let Some(role) = role.filter(|role| is_made_by(role.comment.as_deref(), operation)) else {
            continue;
        };
        if role.is_privileged {
            let message = format!(
                "role {name} on {} was given privileges that no tenant has",
                subject.cluster
            );
            return Err(Failure::refused(changed(message)));
        }
        ours.push(name);
    }
    let ending = Ending {
        world,
        subject,
        names: ours,
        marker,
    };
    ending.drop(link).await
}

/// A tenant with a session.
struct Insider {
    role: String,
    /// Whether we are a member of it, and may end its sessions.
    is_member: bool,
}

/// What became of some statements.
enum Ran {
    Done,
    /// Something depends on the roles, or changed while it was looked at, for which the server has no code but that of an
    /// internal error.
    Depends,
    /// Somebody has locked something for too long.
    Locked(Failure),
}

struct Ending<'a> {
    world: &'a Clusters,
    subject: &'a Subject,
    /// Of the roles to drop.
    names: Vec<String>,
    marker: Marker,
}

impl Ending<'_> {
    async fn drop(&self, link: &Link) -> Result<(), Failure> {
        let deadline = Deadline::after(PATIENCE);
        loop {
            self.end_grants(link).await?;
            match self.run(link, &self.drops()).await? {
                Ran::Done => return Ok(()),
                // Who has begun to grant something since is ended in the next round.
                Ran::Locked(_) if !deadline.is_spent() => continue,
                Ran::Locked(failure) => return Err(failure),
                Ran::Depends => {}
            }
            let dependents = dependents::of(link, self.subject, &self.names).await;
            let dependents = dependents.map_err(Failure::not_now)?;
            if dependents.iter().any(|dependent| !dependent.goes_with_roles) {
                let kept = dependents.iter().filter(|dependent| !dependent.goes_with_roles);
                return Err(Failure::refused(dependents::in_use(self.subject, kept)));
            }
            if deadline.is_spent() {
                let error = dependents::in_use(self.subject, dependents.iter());
                return Err(Failure::refused(error));
            }
            if self.take_back(&dependents).await? {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Who is granting the roles something right now holds them until its transaction ends, which may be never: the
    /// sessions of tenants that do so are ended.
    async fn end_grants(&self, link: &Link) -> Result<(), Failure> {
        let statement = format!(
            "SELECT DISTINCT a.usename::text, shobj_description(a.usesysid, 'pg_authid'),
                pg_has_role(a.usesysid, 'USAGE') {HOLDERS} AND r.rolname = ANY($1)"
        );
        let rows = link
            .client
            .query_typed(&statement, &[(&self.names, Type::TEXT_ARRAY)])
            .await;
        let rows = rows.map_err(|error| failed(&self.words(), error))?;
        let tenants = rows.iter().filter(|row| is_marked(row.get(1)));
        for (tenant, is_member) in tenants.map(|row| (row.get::<_, &str>(0), row.get::<_, bool>(2))) {
            let names: Vec<String> = self.names.iter().map(|name| literal(name)).collect();
            let end = format!(
                "SELECT pg_terminate_backend(a.pid) {HOLDERS} AND r.rolname IN ({}) AND a.usename = {}",
                names.join(", "),
                literal(tenant)
            );
            let statements = match is_member {
                true => end,
                false => [link.join(tenant), end, leave(tenant)].join("; "),
            };
            let ended = link.client.batch_execute(&statements).await;
            ended.map_err(|error| failed(&self.words(), error))?;
        }
        Ok(())
    }

    fn words(&self) -> String {
        format!("the roles of {}", self.subject.words())
    }

    fn drops(&self) -> Vec<String> {
        let drop = |name: &String| format!("DROP ROLE IF EXISTS {}", identifier(name));
        self.names.iter().map(drop).collect()
    }

    /// Takes back what was granted, one database after the other. The roles go with the last of it, in one transaction:
    /// it might be granted again in between. Tells whether they have gone.
    async fn take_back(&self, dependents: &[Dependent]) -> Result<bool, Failure> {
        let places: Vec<&str> = dependents
            .iter()
            .filter_map(|dependent| dependent.database.as_deref())
            .collect();
        let Some((last, others)) = places.split_last() else {
            return Ok(false);
        };
        for place in others {
            self.take_back_in(place, false).await?;
        }
        self.take_back_in(last, true).await
    }

    async fn take_back_in(&self, database: &str, and_drop: bool) -> Result<bool, Failure> {
        let context = || {
            let words = self.subject.words();
            format!(
                "what the roles of {words} were granted in database {database} has to be taken back there"
            )
        };
        let refused = |error: crate::error::Error| Failure::not_now(error.context(context()));
        let inside = self
            .world
            .enter_database(self.subject, database, self.marker)
            .await
            .map_err(refused)?;
        let explained = |failure: Failure| Failure {
            error: failure.error.context(context()),
            ..failure
        };
        let mut insiders = Vec::new();
        let mut attempt = 1;
        loop {
            let statements = self.taking_back(&inside, &insiders, and_drop);
            let statements = statements.await.map_err(refused)?;
            match self.run(&inside, &statements).await.map_err(explained)? {
                Ran::Done => return Ok(true),
                Ran::Depends => return Ok(false),
                Ran::Locked(failure) if attempt == ATTEMPTS => return Err(explained(failure)),
                Ran::Locked(_) => insiders = self.insiders(&inside).await.map_err(refused)?,
            }
            attempt += 1;
        }
    }

    /// The transaction that takes everything back where `inside` is, and ends the sessions of `insiders` right before: whoever
    /// comes again stands behind us.
    async fn taking_back(&self, inside: &Link, insiders: &[Insider], and_drop: bool) -> Result<Vec<String>> {
        let mut joined = self.to_join(inside).await?;
        let strangers = insiders.iter().filter(|insider| !insider.is_member);
        joined.extend(strangers.map(|insider| insider.role.clone()));
        joined.sort();
        joined.dedup();
        let mut statements = vec![format!("SET lock_timeout = {LOCK_TIMEOUT_MS}")];
        statements.extend(joined.iter().map(|role| inside.join(role)));
        statements.extend(insiders.iter().map(|insider| {
            format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE usename = {} AND datname = current_database() AND pid <> pg_backend_pid()",
                literal(&insider.role)
            )
        }));
        statements.push(format!("DROP OWNED BY {}", identifiers(&self.names)));
        if and_drop {
            statements.extend(self.drops());
        }
        let stays = |role: &&String| !(and_drop && self.names.contains(role));
        statements.extend(joined.iter().filter(stays).map(|role| leave(role)));
        Ok(statements)
    }

    /// The tenants who have a session where `inside` is; no stand-in, which ends by itself.
    async fn insiders(&self, inside: &Link) -> Result<Vec<Insider>> {
        let statement = "SELECT DISTINCT r.rolname::text, shobj_description(r.oid, 'pg_authid'), pg_has_role(r.oid, 'USAGE')
            FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
            WHERE a.datname = current_database() AND NOT r.rolsuper AND r.rolname <> session_user ORDER BY 1";
        let rows = inside.client.query_typed(statement, &[]).await;
        let rows = rows.map_err(|error| sqlstate::error(&self.words(), error))?;
        let tenants = rows
            .iter()
            .filter(|row| is_marked(row.get(1)) && operation_of(row.get(0)).is_none());
        let insider = |row: &tokio_postgres::Row| Insider {
            role: row.get(0),
            is_member: row.get(2),
        };
        Ok(tenants.map(insider).collect())
    }

    /// The roles, and the owners of what they were granted: only who gave something can take it back. Not those that we
    /// are a member of anyway.
    async fn to_join(&self, inside: &Link) -> Result<Vec<String>> {
        let statement = "SELECT DISTINCT r.rolname::text, shobj_description(r.oid, 'pg_authid')
            FROM pg_roles r WHERE NOT r.rolsuper AND NOT pg_has_role(r.oid, 'USAGE')
                AND (r.rolname = ANY($1) OR EXISTS (SELECT FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
                    WHERE d.datname = current_database() AND s.deptype = 'o'
                        AND s.refclassid = 'pg_authid'::regclass AND s.refobjid = r.oid))
            ORDER BY 1";
        let rows = inside
            .client
            .query_typed(statement, &[(&self.names, Type::TEXT_ARRAY)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        let ours = rows.iter().filter(|row| is_marked(row.get(1)));
        Ok(ours.map(|row| row.get(0)).collect())
    }

    /// Sent as one message, hence one transaction.
    async fn run(&self, link: &Link, statements: &[String]) -> Result<Ran, Failure> {
        match link.client.batch_execute(&statements.join("; ")).await {
            Ok(()) => Ok(Ran::Done),
            Err(error)
                if is(&error, &SqlState::DEPENDENT_OBJECTS_STILL_EXIST)
                    || is(&error, &SqlState::INTERNAL_ERROR) =>
            {
                Ok(Ran::Depends)
            }
            Err(error) if is(&error, &SqlState::LOCK_NOT_AVAILABLE) => {
                Ok(Ran::Locked(failed(&self.words(), error)))
            }
            Err(error) => Err(failed(&self.words(), error)),
        }
    }
}
