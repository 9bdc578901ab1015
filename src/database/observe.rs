//! Reading the world before a plan is made: what is in the way is found here, without any effect.

use std::time::Duration;

use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::catalog;
use super::clusters::Link;
use super::entry::Entrants;
use super::failure::{changed, foreign};
use super::inventory::{self, Database, find};
use super::record::exists;
use super::subject::{is_made_by, is_marked, mark, mark_in, trash_of};
use super::{Clusters, Dependent, Door, RowState, Subject, dependents, replaced, suspend};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::DatabaseName;

/// A database that is wanted.
#[derive(Clone, Debug)]
pub struct Request {
    /// The database and its login role.
    pub name: DatabaseName,
    /// The account that is to own it.
    pub account_id: Uuid,
    /// The account's name.
    pub account: String,
    /// The cluster; absent where it goes without saying.
    pub cluster: Option<String>,
    /// One of the server's locales; template0's where absent.
    pub locale: Option<String>,
    /// Extensions, in the order of installing.
    pub extensions: Vec<String>,
    /// How many sessions at once, unlimited where absent.
    pub connections: Option<u32>,
    /// The longest statement, the server's setting where absent.
    pub statement_timeout: Option<Duration>,
    /// The longest idle transaction, the server's setting where absent.
    pub idle_in_transaction_timeout: Option<Duration>,
}

/// The place for a database that is wanted; nothing is there.
#[derive(Clone, Debug)]
pub struct Room {
    /// The cluster's name.
    pub cluster: String,
    /// Its system identifier.
    pub substrate: String,
    /// Where clients find it.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// A database that is there and ours, by the inventory and by its marks.
#[derive(Clone, Debug)]
pub struct Existing {
    /// The row of the inventory.
    pub database: Database,
    /// As the steps store it.
    pub subject: Subject,
    /// The comment on the database.
    pub database_comment: String,
    /// The comment on the login role.
    pub role_comment: String,
    /// Whether the tenant may log in.
    pub can_login: bool,
    /// What keeps the roles from being dropped, elsewhere on the cluster.
    pub in_the_way: Vec<Dependent>,
    /// Logical replication that keeps the database.
    pub slots: Vec<String>,
    /// What keeps the tenant out or lets it in.
    pub door: Door,
    /// The number of the database in its cluster.
    pub oid: u32,
    /// The restores whose replaced databases are kept, with the numbers of these.
    pub replaced: Vec<(Uuid, u32)>,
    /// Who may enter the database.
    pub(super) entrants: Entrants,
}

impl Existing {
    /// Whether it is open, its row says so, and no verb that suspends or resumes has marked it: the second word of its comment
    /// would be that mark.
    pub(super) fn was_never_shut(&self) -> bool {
        self.database.state == RowState::ACTIVE
            && self.door.can_login
            && self.door.can_connect
            && mark_in(Some(&self.database_comment), 1).is_none()
    }
}

/// Looks whether a database can be made.
///
/// # Errors
/// `conflict`, reason `exists` or `foreign`, where the name is taken; `denied`, reason `extension`; `usage` for a locale
/// or an extension that the server does not have.
pub async fn observe_create(
    client: &impl GenericClient,
    clusters: &Clusters,
    request: &Request,
    deadline: Deadline,
) -> Result<Room> {
    let (cluster, configured) = clusters.pick(request.cluster.as_deref())?;
    check_allowed(cluster, &configured.extensions, &request.extensions)?;
    let (row, link) = tokio::join!(
        find(client, &request.name, Some(cluster)),
        clusters.link(cluster, deadline)
    );
    if let Some(row) = row? {
        return Err(exists(&row.subject()?));
    }
    let link = link?;
    let look = async {
        check_free(&link, &request.name).await?;
        check_locale(&link, request.locale.as_deref()).await?;
        check_available(&link, &request.extensions).await
    };
    deadline.run(&link.place, look).await?;
    let (host, port) = clusters.address(cluster)?;
    Ok(Room {
        cluster: cluster.to_owned(),
        substrate: link.substrate.clone(),
        host,
        port,
    })
}

/// Looks at a database that is to be changed or deleted, and makes sure that it is ours.
///
/// # Errors
/// `not_found`; `conflict`, reason `foreign` where the cluster has one that we did not make, `changed` where ours is not
/// as we left it, `substrate` where the cluster is another one.
pub async fn observe_existing(
    client: &impl GenericClient,
    clusters: &Clusters,
    name: &DatabaseName,
    cluster: Option<&str>,
    deadline: Deadline,
) -> Result<Existing> {
    let row = find(client, name, cluster).await?;
    let Some(database) = row else {
        return Err(missing(clusters, name, cluster, deadline).await);
    };
    let subject = database.subject()?;
    let link = clusters.link(&database.cluster, deadline).await?;
    if link.substrate != database.substrate {
        let message = format!(
            "cluster {} is another one than the one that {name} lies in",
            database.cluster
        );
        return Err(Error::new(Kind::Conflict, "substrate", message).hint("hostctl config show --origin"));
    }
    deadline
        .run(&link.place, examine(&link, database, subject.clone()))
        .await
}

/// Looks at a database that the inventory is to know no longer, and makes sure that the cluster has lost it: that it is gone,
/// another one, or not as we left it.
///
/// # Errors
/// `conflict`, reason `ours`, where it is ours still; `not_found`; those of reaching the cluster.
pub async fn observe_lost(
    client: &impl GenericClient,
    clusters: &Clusters,
    name: &DatabaseName,
    cluster: Option<&str>,
    deadline: Deadline,
) -> Result<Database> {
    let Some(row) = find(client, name, cluster).await? else {
        return Err(inventory::not_found(name));
    };
    let cluster = Some(row.cluster.as_str());
    match observe_existing(client, clusters, name, cluster, deadline).await {
        Ok(existing) => {
            let message = format!("{} is ours and as we left it", existing.subject.words());
            Err(Error::new(Kind::Conflict, "ours", message).hint(format!("hostctl db delete {name}")))
        }
        Err(error) if matches!(error.reason(), "foreign" | "changed" | "substrate") => Ok(row),
        Err(error) => Err(error),
    }
}

async fn examine(link: &Link, database: Database, subject: Subject) -> Result<Existing> {
    let [stored] = catalog::databases(link, [subject.name.as_str()]).await?;
    let [login, owner] = catalog::roles(link, [subject.name.as_str(), &subject.owner]).await?;
    let words = subject.words();
    let (Some(stored), Some(login), Some(owner)) = (stored, login, owner) else {
        return Err(changed(format!(
            "{words} is in the inventory, but its database or a role of it is gone"
        ))
        .hint(forget_hint(&subject)));
    };
    let is_ours = is_made_by(stored.comment.as_deref(), database.database_operation)
        && is_made_by(login.comment.as_deref(), database.role_operation)
        && is_made_by(owner.comment.as_deref(), database.role_operation);
    if !is_ours {
        let message = format!("{words} is in the inventory, but in the cluster it does not bear our mark");
        let hint = format!(
            "{}; or if it is ours all the same: COMMENT ON DATABASE {} IS '{}'; COMMENT ON ROLE {}, {} alike",
            forget_hint(&subject),
            subject.name,
            mark(database.database_operation),
            subject.name,
            subject.owner
        );
        return Err(foreign(message).hint(hint));
    }
    if stored.owner != subject.owner {
        return Err(changed(format!("{words} belongs to {} now", stored.owner)));
    }
    let replaced = replaced::of(link, &subject.owner).await?;
    let kept: Vec<String> = replaced.iter().map(|(by, _)| trash_of(*by)).collect();
    let names = [subject.name.to_string(), subject.owner.clone()];
    let mut in_the_way = dependents::of(link, &subject, &names).await?;
    in_the_way.retain(|dependent| {
        let goes_before = |name: &String| name == subject.name.as_str() || kept.contains(name);
        !dependent.goes_with_roles && !dependent.database.as_ref().is_some_and(goes_before)
    });
    let slots = slots(link, &subject).await?;
    let Some(door) = suspend::door(link, &subject).await? else {
        return Err(changed(format!("{words} is gone")));
    };
    Ok(Existing {
        database_comment: stored.comment.unwrap_or_default(),
        role_comment: login.comment.unwrap_or_default(),
        can_login: login.can_login,
        in_the_way,
        slots,
        door,
        oid: stored.oid,
        replaced,
        entrants: Entrants::of(link, subject.name.as_str()).await?,
        database,
        subject,
    })
}

fn forget_hint(subject: &Subject) -> String {
    format!("hostctl db delete {} --forget", subject.name)
}

/// The slots of logical replication out of the database.
async fn slots(link: &Link, subject: &Subject) -> Result<Vec<String>> {
    let statement = "SELECT slot_name::text FROM pg_replication_slots WHERE database = $1 ORDER BY 1";
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&subject.name.as_str(), Type::TEXT)];
    let rows = link.client.query_typed(statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("cluster {}", link.cluster), error))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The inventory knows no such database; perhaps the cluster does.
pub(super) async fn missing(
    clusters: &Clusters,
    name: &DatabaseName,
    cluster: Option<&str>,
    deadline: Deadline,
) -> Error {
    let look = async {
        let (cluster, _) = clusters.pick(cluster)?;
        check_free(&*clusters.link(cluster, deadline).await?, name).await
    };
    match look.await {
        Ok(()) => inventory::not_found(name),
        Err(error) => error,
    }
}

async fn check_free(link: &Link, name: &DatabaseName) -> Result<()> {
    let [database] = catalog::databases(link, [name.as_str()]).await?;
    let [role] = catalog::roles(link, [name.as_str()]).await?;
    let (what, comment) = match (database, role) {
        (None, None) => return Ok(()),
        (Some(database), _) => ("database", database.comment),
        (None, Some(role)) => ("role", role.comment),
    };
    let evidence = if is_marked(comment.as_deref()) {
        "bears a mark of hostctl, but is not in this inventory"
    } else {
        "was not made by hostctl"
    };
    Err(foreign(format!(
        "there is a {what} {name} on {} that {evidence}",
        link.cluster
    )))
}

pub(super) fn check_allowed(cluster: &str, allowed: &[String], wanted: &[String]) -> Result<()> {
    let Some(refused) = wanted.iter().find(|name| !allowed.contains(name)) else {
        return Ok(());
    };
    let list = if allowed.is_empty() {
        "none".to_owned()
    } else {
        allowed.join(", ")
    };
    let message = format!("extension {refused:?} is not allowed on cluster {cluster} (allowed: {list})");
    Err(Error::new(Kind::Denied, "extension", message)
        .hint(format!("extensions = [...] under [cluster.{cluster}]")))
}

/// Looks whether a database that is there can have these extensions as well.
///
/// # Errors
/// `denied`, reason `extension`; `usage` for one that the server does not have.
pub async fn check_extensions(
    clusters: &Clusters,
    existing: &Existing,
    wanted: &[String],
    deadline: Deadline,
) -> Result<()> {
    let (cluster, configured) = clusters.pick(Some(&existing.subject.cluster))?;
    check_allowed(cluster, &configured.extensions, wanted)?;
    let link = clusters.link(cluster, deadline).await?;
    let look = check_available(&link, wanted);
    deadline.run(&link.place, look).await
}

pub(super) async fn check_available(link: &Link, wanted: &[String]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let statement = "SELECT e.name::text, v.trusted FROM pg_available_extensions e
        JOIN pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version
        WHERE e.name = ANY($1)";
    let rows = link
        .client
        .query_typed(statement, &[(&wanted, Type::TEXT_ARRAY)])
        .await;
    let rows = rows.map_err(|error| sqlstate::error("the extensions", error))?;
    for name in wanted {
        let row = rows.iter().find(|row| row.get::<_, &str>(0) == name);
        let Some(row) = row else {
            let message = format!(
                "extension {name}: the server of cluster {} does not have it",
                link.cluster
            );
            return Err(
                Error::new(Kind::Usage, "extension", message).hint("install the server's contrib package")
            );
        };
        if !row.get::<_, bool>(1) && !link.is_superuser {
            let message =
                format!("extension {name} is not trusted by the server: only a superuser may install it");
            return Err(Error::new(Kind::Denied, "extension", message));
        }
    }
    Ok(())
}

async fn check_locale(link: &Link, wanted: Option<&str>) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    // 6 is UTF8, -1 any encoding.
    let statement = "SELECT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'c' AND collencoding IN (-1, 6)
            AND collcollate = $1 AND collctype = $1)
        OR EXISTS (SELECT FROM pg_database WHERE datname = 'template0' AND datcollate = $1 AND datctype = $1)";
    let rows = link.client.query_typed(statement, &[(&wanted, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the locales", error))?;
    if rows.first().is_some_and(|row| row.get(0)) {
        return Ok(());
    }
    let message = format!(
        "locale {wanted:?}: the server of cluster {} does not have it for UTF-8",
        link.cluster
    );
    Err(Error::new(Kind::Usage, "invalid", message)
        .hint("SELECT DISTINCT collcollate FROM pg_collation lists them"))
}
