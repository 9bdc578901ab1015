//! `database.adopt`: a database and a role that somebody else made become ours, and can be given back as they were.
//!
//! Marks, owner, rights, and the owner of schema `public` change in one transaction inside the database. What is in the
//! database and the role's password stay as they are.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::acl::{Acl, COLUMNS, Grant};
use super::catalog::{self, leave};
use super::clusters::{Link, Way};
use super::failure::{changed, failed, is, mid_effect};
use super::subject::is_made_by;
use super::{Clusters, Subject};
use crate::control::quote::{identifier, literal};
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Takes a database over.
#[derive(Debug, Serialize, Deserialize)]
pub struct Adopt {
    /// The database; its owner is the one it will have.
    #[serde(flatten)]
    pub subject: Subject,
    /// As it was.
    pub(super) image: Image,
}

/// What is changed, as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Image {
    pub owner: String,
    pub database_comment: Option<String>,
    pub role_comment: Option<String>,
    pub acl: Acl,
    /// Schema `public`, where it is handed to the tenant.
    pub schema: Option<SchemaImage>,
}

/// Schema `public` as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SchemaImage {
    pub owner: String,
    pub acl: Acl,
}

impl OutsideStep for Adopt {
    const KIND: &'static str = "database.adopt";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(output) => return Ok(output),
            Found::Absent => {}
            Found::Changed(evidence) | Found::Foreign(evidence) => {
                return Err(Failure::refused(changed(evidence)));
            }
        }
        let inside = world
            .enter_database(&self.subject, self.name(), marker)
            .await
            .map_err(Failure::not_now)?;
        let joined = self.to_join(&inside).await.map_err(Failure::not_now)?;
        mid_effect()?;
        let statements = self.statements(&inside, &joined, marker);
        let done = inside.client.batch_execute(&statements.join("; ")).await;
        done.map_err(|error| failed(&self.subject.words(), error))?;
        Ok(self.output())
    }

    async fn undo(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Back)
            .await
            .map_err(Failure::not_now)?;
        match self.look(&link, marker).await.map_err(Failure::not_now)? {
            Found::Ours(_) => {}
            Found::Absent | Found::Foreign(_) => return Ok(()),
            Found::Changed(evidence) => return Err(Failure::refused(changed(evidence))),
        }
        let inside = world
            .enter_database(&self.subject, self.name(), marker)
            .await
            .map_err(Failure::not_now)?;
        if self.image.schema.is_some() {
            let owner = schema_owner(&inside).await.map_err(Failure::not_now)?;
            if owner.as_deref() != Some(self.name()) {
                let message = format!(
                    "schema public of {} has another owner by now",
                    self.subject.words()
                );
                return Err(Failure::refused(changed(message)));
            }
        }
        let joined = self.to_join(&inside).await.map_err(Failure::not_now)?;
        mid_effect()?;
        let statements = self.reversal(&inside, &joined);
        let done = inside.client.batch_execute(&statements.join("; ")).await;
        done.map_err(
            |error| match is(&error, &SqlState::DEPENDENT_OBJECTS_STILL_EXIST) {
                true => self.owns_more(error),
                false => failed(&self.subject.words(), error),
            },
        )
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        self.look(&link, marker).await
    }
}

impl Adopt {
    fn name(&self) -> &str {
        self.subject.name.as_str()
    }

    /// What a restore has replaced, for example.
    fn owns_more(&self, error: tokio_postgres::Error) -> Failure {
        let words = self.subject.words();
        let message = format!("the owner that {words} was given owns something else, perhaps in the trash");
        let error = Error::new(Kind::Conflict, "in_use", message).source(error);
        Failure::refused(
            error.hint("hostctl op trash list; what lies there goes with hostctl op trash purge"),
        )
    }

    fn output(&self) -> Value {
        json!({ "owner": self.subject.owner, "role": self.subject.name })
    }

    /// The roles that we have to act as and are no member of.
    async fn to_join(&self, inside: &Link) -> Result<Vec<String>> {
        let schema = self.image.schema.as_ref().map(|schema| schema.owner.as_str());
        let mut roles = vec![self.image.owner.as_str(), self.name()];
        roles.extend(schema.filter(|owner| *owner != "pg_database_owner"));
        // Since PostgreSQL 16 a member may be one that can grant the role and cannot act as it.
        let is_one = if inside.version >= 160_000 {
            "pg_has_role(r.oid, 'USAGE') AND pg_has_role(r.oid, 'SET')"
        } else {
            "EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles u ON u.oid = m.member
                WHERE m.roleid = r.oid AND u.rolname = current_user)"
        };
        let statement = format!(
            "SELECT r.rolname::text FROM pg_roles r WHERE r.rolname = ANY($1) AND r.rolname <> current_user
                AND NOT ({is_one}) ORDER BY 1"
        );
        // Who may do anything needs no membership.
        if inside.is_superuser {
            return Ok(Vec::new());
        }
        let rows = inside
            .client
            .query_typed(&statement, &[(&roles, Type::TEXT_ARRAY)])
            .await;
        let rows = rows.map_err(|error| sqlstate::error(&self.subject.words(), error))?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Sent as one message, hence one transaction.
    fn statements(&self, inside: &Link, joined: &[String], marker: Marker) -> Vec<String> {
        let (owner, name) = (identifier(&self.subject.owner), identifier(self.name()));
        let (database, mark) = (format!("DATABASE {name}"), literal(&marker.to_string()));
        let powerless = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";
        let mut statements: Vec<String> = joined.iter().map(|role| inside.join(role)).collect();
        statements.extend([
            format!("CREATE ROLE {owner} NOLOGIN {powerless}"),
            format!("COMMENT ON ROLE {owner} IS {mark}"),
            inside.join(&self.subject.owner),
            format!("COMMENT ON ROLE {name} IS {mark}"),
            format!("ALTER {database} OWNER TO {owner}"),
            format!("COMMENT ON {database} IS {mark}"),
        ]);
        let others: Vec<Option<&str>> = self.image.acl.grantees();
        let others = others
            .into_iter()
            .filter(|role| *role != Some(self.image.owner.as_str()));
        statements.extend(Acl::revoke(&database, &others.collect::<Vec<_>>()));
        statements.extend(self.shape().grant(&database));
        if self.image.schema.is_some() {
            statements.push(format!("ALTER SCHEMA public OWNER TO {name}"));
        }
        statements.extend(joined.iter().map(|role| leave(role)));
        statements
    }

    fn reversal(&self, inside: &Link, joined: &[String]) -> Vec<String> {
        let (owner, name) = (identifier(&self.subject.owner), identifier(self.name()));
        let (database, before) = (format!("DATABASE {name}"), &self.image);
        let mut statements: Vec<String> = joined.iter().map(|role| inside.join(role)).collect();
        if let Some(schema) = &before.schema {
            statements.push(format!(
                "ALTER SCHEMA public OWNER TO {}",
                identifier(&schema.owner)
            ));
            let mut involved = schema.acl.grantees();
            involved.extend([Some(self.name()), Some(schema.owner.as_str())]);
            statements.extend(Acl::revoke("SCHEMA public", &involved));
            statements.extend(schema.acl.grant("SCHEMA public"));
        }
        statements.extend([
            format!(
                "COMMENT ON {database} IS {}",
                comment(before.database_comment.as_deref())
            ),
            format!(
                "COMMENT ON ROLE {name} IS {}",
                comment(before.role_comment.as_deref())
            ),
            format!("ALTER {database} OWNER TO {}", identifier(&before.owner)),
        ]);
        let involved = [None, Some(self.name()), Some(before.owner.as_str())];
        statements.extend(Acl::revoke(&database, &involved));
        statements.extend(before.acl.grant(&database));
        statements.extend(joined.iter().map(|role| leave(role)));
        statements.push(format!("DROP ROLE {owner}"));
        statements
    }

    /// The rights that every database of ours has: its owner's, and the tenant's to enter.
    fn shape(&self) -> Acl {
        let grant = |grantee: &str, privilege: &str| Grant {
            grantee: Some(grantee.to_owned()),
            privilege: privilege.to_owned(),
            is_grantable: false,
        };
        let owner = ["CONNECT", "CREATE", "TEMPORARY"].map(|privilege| grant(&self.subject.owner, privilege));
        let tenant = ["CONNECT", "TEMPORARY"].map(|privilege| grant(self.name(), privilege));
        Acl::of(owner.into_iter().chain(tenant).collect())
    }

    async fn look(&self, link: &Link, marker: Marker) -> Result<Found> {
        let words = self.subject.words();
        let [stored] = catalog::databases(link, [self.name()]).await?;
        let [login, owner] = catalog::roles(link, [self.name(), &self.subject.owner]).await?;
        let (Some(stored), Some(login)) = (stored, login) else {
            return Ok(Found::Changed(format!("{words} or its role is gone")));
        };
        let (acl, _) = database_acl(link, self.name()).await?;
        let is_ours = |comment: &Option<String>| is_made_by(comment.as_deref(), marker.operation);
        let marks = [
            is_ours(&stored.comment),
            is_ours(&login.comment),
            owner.is_some_and(|owner| is_ours(&owner.comment)),
        ];
        Ok(match marks {
            [true, true, true] if stored.owner != self.subject.owner => {
                Found::Changed(format!("{words} belongs to {} now", stored.owner))
            }
            [true, true, true] if acl != self.shape() => {
                Found::Changed(format!("who may enter {words} was changed: {acl}"))
            }
            [true, true, true] if login.is_privileged || !login.can_login => {
                Found::Changed(format!("the role of {words} was changed"))
            }
            [true, true, true] => Found::Ours(self.output()),
            [false, false, false] => {
                let image = (&stored.owner, &stored.comment, &login.comment, &acl);
                let seen = &self.image;
                if image == (&seen.owner, &seen.database_comment, &seen.role_comment, &seen.acl) {
                    Found::Absent
                } else {
                    Found::Foreign(format!("{words} is not as it was when it was looked at"))
                }
            }
            _ => Found::Changed(format!("{words} has lost some of its marks")),
        })
    }
}

fn comment(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}

/// The rights on a database, and whether all of them come from its owner.
pub(super) async fn database_acl(link: &Link, name: &str) -> Result<(Acl, bool)> {
    let statement = format!(
        "SELECT {COLUMNS}, a.grantor = d.datdba
        FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE d.datname = $1"
    );
    read_acl(link, &statement, &[(&name, Type::TEXT)]).await
}

/// The rights on schema `public`, and whether all of them come from its owner.
pub(super) async fn schema_acl(inside: &Link) -> Result<(Acl, bool)> {
    let statement = format!(
        "SELECT {COLUMNS}, a.grantor = n.nspowner
        FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a WHERE n.nspname = 'public'"
    );
    read_acl(inside, &statement, &[]).await
}

async fn read_acl(
    link: &Link,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<(Acl, bool)> {
    let rows = link.client.query_typed(statement, parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("the rights on {}", link.cluster), error))?;
    Ok((Acl::read(&rows), rows.iter().all(|row| row.get(3))))
}

/// The owner of schema `public`, where there is one.
pub(super) async fn schema_owner(inside: &Link) -> Result<Option<String>> {
    let statement = "SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname = 'public'";
    let rows = inside.client.query_typed(statement, &[]).await;
    let rows = rows.map_err(|error| sqlstate::error("schema public", error))?;
    Ok(rows.first().map(|row| row.get(0)))
}
