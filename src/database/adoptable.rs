//! Whether a database that somebody else made can become ours, and the plan of it. What cannot be brought into the shape
//! of ours, and back, is refused with the reason.

use serde_json::json;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::adopt::{self, Image, SchemaImage};
use super::catalog::{self, Role, Stored};
use super::clusters::Link;
use super::failure::foreign;
use super::inventory::find;
use super::plan::{Created, change};
use super::record::exists;
use super::subject::{is_marked, owner_of};
use super::{Adopt, Clusters, Record, Subject};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Plan, PlannedStep};
use crate::model::DatabaseName;

/// A database that can become ours.
#[derive(Debug)]
pub struct Adoptable {
    name: DatabaseName,
    cluster: String,
    substrate: String,
    host: String,
    port: u16,
    image: Image,
}

/// Looks whether a database can be adopted, and takes its image.
///
/// # Errors
/// `not_found`; `conflict`: `exists` where it is ours, `foreign` where another hostctl made it, `not_adoptable` with all that
/// is in the way.
pub async fn observe_adopt(
    client: &impl GenericClient,
    clusters: &Clusters,
    name: &DatabaseName,
    cluster: Option<&str>,
    deadline: Deadline,
) -> Result<Adoptable> {
    let (cluster, _) = clusters.pick(cluster)?;
    if let Some(row) = find(client, name, Some(cluster)).await? {
        return Err(exists(&row.subject()?));
    }
    let link = clusters.link(cluster, deadline).await?;
    let look = examine(clusters, &link, name, deadline);
    let image = deadline.run(&link.place, look).await?;
    let (host, port) = clusters.address(cluster)?;
    Ok(Adoptable {
        name: name.clone(),
        cluster: cluster.to_owned(),
        substrate: link.substrate.clone(),
        host,
        port,
        image,
    })
}

async fn examine(clusters: &Clusters, link: &Link, name: &DatabaseName, deadline: Deadline) -> Result<Image> {
    let words = format!("database {name} on {}", link.cluster);
    let [stored] = catalog::databases(link, [name.as_str()]).await?;
    let [login] = catalog::roles(link, [name.as_str()]).await?;
    let Some(stored) = stored else {
        let error = Error::new(Kind::NotFound, "not_found", format!("no {words}"));
        return Err(error.hint("hostctl db list --foreign"));
    };
    let comments = [Some(&stored.comment), login.as_ref().map(|role| &role.comment)];
    if comments
        .into_iter()
        .flatten()
        .any(|comment| is_marked(comment.as_deref()))
    {
        return Err(foreign(format!(
            "{words} or its role bears a mark of hostctl, but is not in this inventory"
        )));
    }
    let Some(login) = login else {
        let what = format!("there is no role {name} (CREATE ROLE {name} LOGIN makes one)");
        return Err(refused(&words, &[what]));
    };
    let problems = in_the_way(link, &stored, &login, name).await?;
    if !problems.is_empty() {
        return Err(refused(&words, &problems));
    }
    let (acl, is_plain) = adopt::database_acl(link, name.as_str()).await?;
    let mut problems = Vec::new();
    if !is_plain {
        problems.push("rights on it were handed on by others than its owner".to_owned());
    }
    let inside = clusters.look_into(&link.cluster, name.as_str(), deadline).await?;
    let schema = look_at_public(&inside, name, &stored.owner, &mut problems).await?;
    problems.extend(strangers(&inside, name, login.oid).await?);
    if !problems.is_empty() {
        return Err(refused(&words, &problems));
    }
    Ok(Image {
        owner: stored.owner,
        database_comment: stored.comment,
        role_comment: login.comment,
        acl,
        schema,
    })
}

/// What of database and role we cannot change, or may not.
async fn in_the_way(link: &Link, stored: &Stored, login: &Role, name: &DatabaseName) -> Result<Vec<String>> {
    let statement = "SELECT d.datistemplate OR NOT d.datallowconn OR d.datconnlimit = -2,
            has_database_privilege(d.oid, 'CONNECT'), o.rolsuper,
            ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                WHERE m.member = $2 ORDER BY 1),
            ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.oid IN ($2, d.datdba) AND r.rolname <> current_user
                AND NOT pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION') ORDER BY 1),
            current_user::text
        FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba WHERE d.oid = $1";
    let parameters = [(&stored.oid as _, Type::OID), (&login.oid as _, Type::OID)];
    let rows = link.client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("database {name}"), error))?;
    let Some(row) = rows.first() else {
        return Ok(vec!["it has just gone".to_owned()]);
    };
    let (is_closed, may_enter, is_superuser): (bool, bool, bool) = (row.get(0), row.get(1), row.get(2));
    let groups: Vec<String> = row.get(3);
    let (not_given, us): (Vec<String>, String) = (row.get(4), row.get(5));
    let owner = &stored.owner;
    let all = [
        (is_closed, "it is a template, or takes no connections".to_owned()),
        (
            !may_enter && !is_closed,
            format!("hostctl may not enter it (GRANT CONNECT ON DATABASE {name} to the role of hostctl)"),
        ),
        (
            is_superuser && !link.is_superuser,
            format!(
                "it belongs to {owner}, a superuser (ALTER DATABASE {name} OWNER TO {name} by a superuser)"
            ),
        ),
        (
            login.is_privileged,
            format!(
                "role {name} may do what no tenant may: superuser, createdb, createrole, replication or bypassrls"
            ),
        ),
        (
            !login.can_login,
            format!("role {name} may not log in (ALTER ROLE {name} LOGIN)"),
        ),
        (
            !groups.is_empty(),
            format!("role {name} is a member of {}", groups.join(", ")),
        ),
        // Before, CREATEROLE was enough.
        (
            link.version >= 160_000 && !is_superuser && !not_given.is_empty(),
            format!(
                "hostctl may not act as {0} (GRANT {0} TO {us} WITH ADMIN OPTION by a superuser)",
                not_given.join(", ")
            ),
        ),
    ];
    Ok(all
        .into_iter()
        .filter(|(is_so, _)| *is_so)
        .map(|(_, what)| what)
        .collect())
}

/// What in the database is of another role than its login, as far as it is not an extension's: it could neither be dumped
/// nor changed by the tenant. Up to five.
async fn strangers(inside: &Link, name: &DatabaseName, login: u32) -> Result<Vec<String>> {
    // What came with the server itself has a number below 16384; a bootstrap superuser is in no pg_shdepend.
    let statement = "SELECT format('%s belongs to %I', thing, pg_get_userbyid(owner)) FROM (
            SELECT format('%I.%I', n.nspname, c.relname) AS thing, c.relowner AS owner, c.oid, 'pg_class'::regclass AS class
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_(temp|toast)'
            UNION ALL SELECT format('%I.%I', n.nspname, p.proname), p.proowner, p.oid, 'pg_proc'::regclass
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            UNION ALL SELECT format('%I.%I', n.nspname, t.typname), t.typowner, t.oid, 'pg_type'::regclass
                FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                WHERE t.typrelid = 0 AND t.typelem = 0 AND n.nspname !~ '^pg_(temp|toast)'
            UNION ALL SELECT format('schema %I', nspname), nspowner, oid, 'pg_namespace'::regclass
                FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
            UNION ALL SELECT format('large object %s', oid), lomowner, oid, 'pg_largeobject'::regclass
                FROM pg_largeobject_metadata) found
        WHERE (oid >= 16384 OR class = 'pg_largeobject'::regclass) AND owner <> $1
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = class AND d.objid = found.oid AND d.deptype = 'e')
        ORDER BY class, thing LIMIT 5";
    let rows = inside.client.query_typed(statement, &[(&login, Type::OID)]).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("database {name}"), error))?;
    let things = rows.iter().map(|row| row.get::<_, String>(0));
    Ok(things
        .map(|thing| format!("{thing} (ALTER … OWNER TO {name})"))
        .collect())
}

/// Schema `public`, where the tenant gets it in place of the database's owner.
async fn look_at_public(
    inside: &Link,
    name: &DatabaseName,
    database_owner: &str,
    problems: &mut Vec<String>,
) -> Result<Option<SchemaImage>> {
    let Some(owner) = adopt::schema_owner(inside).await? else {
        return Ok(None);
    };
    if owner == name.as_str() {
        return Ok(None);
    }
    if owner == "pg_database_owner" || owner == database_owner {
        let (acl, is_plain) = adopt::schema_acl(inside).await?;
        if !is_plain {
            problems.push("rights on schema public were handed on by others than its owner".to_owned());
        }
        return Ok(Some(SchemaImage { owner, acl }));
    }
    let statement = "SELECT has_schema_privilege($1::text, 'public', 'CREATE')";
    let rows = inside
        .client
        .query_typed(statement, &[(&name.as_str(), Type::TEXT)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error("schema public", error))?;
    if !rows.first().is_some_and(|row| row.get(0)) {
        problems.push(format!(
            "schema public belongs to {owner}, and {name} may not create in it"
        ));
    }
    Ok(None)
}

fn refused(words: &str, problems: &[String]) -> Error {
    let message = format!("{words} cannot be adopted: {}", problems.join("; "));
    Error::new(Kind::Conflict, "not_adoptable", message).hint("put that right, then give the command again")
}

/// Plans that the database and its role become ours, for `account`. The plan's result is a [`Created`] without password.
///
/// # Errors
/// `internal`.
pub fn plan_adopt(operation: Uuid, found: &Adoptable, account: &crate::account::Account) -> Result<Plan> {
    let subject = Subject {
        cluster: found.cluster.clone(),
        substrate: found.substrate.clone(),
        name: found.name.clone(),
        owner: owner_of(operation),
    };
    let created = Created {
        database: found.name.to_string(),
        account: account.name.clone(),
        cluster: found.cluster.clone(),
        owner: subject.owner.clone(),
        role: found.name.to_string(),
        host: found.host.clone(),
        port: found.port,
        password: None,
        operation,
    };
    let before = format!("owner {}; {}", found.image.owner, found.image.acl);
    let after = format!("owner {}; {} alone may enter", subject.owner, found.name);
    let adopt = Adopt {
        subject: subject.clone(),
        image: found.image.clone(),
    };
    let words = subject.words();
    let record = Record {
        subject,
        account_id: account.id,
    };
    Ok(Plan {
        kind: "db.create",
        target: found.name.to_string(),
        account: Some(account.id),
        request: json!({ "name": found.name, "cluster": found.cluster, "adopt": true }),
        steps: vec![
            PlannedStep::outside(
                &adopt,
                change("adopt", words.clone(), Some(&before), Some(&after)),
            )?,
            PlannedStep::in_control(&record, change("record", words, None, Some("active")))?,
        ],
        claims: Vec::new(),
        result: serde_json::to_value(created).map_err(|_| Error::internal("a result that is no JSON"))?,
    })
}
