//! What on a cluster bears a mark of ours and is not accounted for by the inventory, and rows of the inventory whose database
//! is not there. A mark alone proves nothing: whoever owns a database can write its comment. So a database counts as made by
//! us only where its owner is a role of ours that bears the same mark, which no tenant can make.

mod judge;

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::entry::{CONNECT, Entrants, columns};
use super::inventory::{Database, on_cluster};
use super::plan::{KIND, Kept};
use super::plan_backup::REPLACED;
use super::remark::Kind;
use super::subject::{hidden_of, trash_of};
use super::{Clusters, Subject};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};
use crate::journal::{Marker, Sighting};
use crate::trash;

/// One of them, with what is needed to plan its adoption or removal.
#[derive(Clone, Debug)]
pub struct Marked {
    /// For people, and for the journal to judge.
    pub sighting: Sighting,
    /// The cluster's name in the configuration.
    pub(super) cluster: String,
    /// Its system identifier.
    pub(super) substrate: String,
    pub(super) thing: Thing,
}

impl Marked {
    /// Whether adopting it needs an account that is to own it.
    #[must_use]
    pub fn needs_account(&self) -> bool {
        matches!(self.thing, Thing::Whole { .. })
    }
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum Thing {
    /// A database with both roles, as `db create` makes it.
    Whole {
        subject: Subject,
        comments: [String; 3],
        can_login: bool,
        replaced: Vec<(Uuid, u32)>,
        entrants: Entrants,
    },
    /// A database or role in the inventory with another mark than it should bear.
    Relabelled {
        subject: Subject,
        kind: Kind,
        name: String,
        comment: String,
        after: String,
    },
    /// The database of a row, hidden by an operation that deleted it.
    Hidden {
        row: Database,
        by: Marker,
        /// The number of its login role.
        login: u32,
    },
    /// A part of something unfinished.
    Leftover {
        kind: Kind,
        name: String,
        comment: Option<String>,
        owner: Option<String>,
    },
    /// A mark that anybody may have written.
    Suspect {
        kind: Kind,
        name: String,
        comment: String,
        owner: Option<String>,
    },
    /// A row without its database.
    Missing { row: Database },
}

/// What was seen of a database or a role.
struct Seen {
    comment: Option<String>,
    /// Of a database.
    owner: Option<String>,
    oid: u32,
    can_login: bool,
    /// Of a database: who may enter it.
    entrants: Entrants,
}

/// A cluster and what should be on it.
struct Snapshot {
    cluster: String,
    substrate: String,
    databases: BTreeMap<String, Seen>,
    roles: BTreeMap<String, Seen>,
    rows: Vec<Database>,
    /// Names of databases and roles that the trash accounts for.
    kept: BTreeSet<String>,
}

/// Everything of that kind on `cluster`, by name: databases, roles, then rows.
///
/// # Errors
/// Those of the control database and of the cluster; `conflict`, reason `substrate`, where the cluster is another one than
/// the rows say.
pub async fn markers(
    client: &impl GenericClient,
    clusters: &Clusters,
    cluster: &str,
    deadline: Deadline,
) -> Result<Vec<Marked>> {
    let rows = on_cluster(client, cluster).await?;
    let kept = kept(client, cluster).await?;
    let link = clusters.link(cluster, deadline).await?;
    if let Some(row) = rows.iter().find(|row| row.substrate != link.substrate) {
        let message = format!(
            "cluster {cluster} is another one than the one that {} lies in",
            row.name
        );
        return Err(Error::new(crate::error::Kind::Conflict, "substrate", message)
            .hint("hostctl config show --origin"));
    }
    let names: Vec<&str> = rows
        .iter()
        .flat_map(|row| [row.name.as_str(), row.owner.as_str()])
        .collect();
    let databases = format!(
        "SELECT datname::text, shobj_description(oid, 'pg_database'), pg_get_userbyid(datdba)::text, oid, true, {}
        FROM pg_database d WHERE datname = ANY($1) OR datname ~ '^hc_' OR shobj_description(oid, 'pg_database') ~ '^hostctl:'",
        columns(CONNECT)
    );
    let roles = "SELECT rolname::text, shobj_description(oid, 'pg_authid'), NULL, oid, rolcanlogin,
            '{}'::oid[], '{}'::bool[], '{}'::oid[] FROM pg_roles WHERE rolname = ANY($1) OR rolname ~ '^hc_' OR shobj_description(oid, 'pg_authid') ~ '^hostctl:'";
    let ask = async |statement: &str| {
        let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&names, Type::TEXT_ARRAY)];
        let answer = link.client.query_typed(statement, &parameters).await;
        let answer = answer.map_err(|error| sqlstate::error(&format!("cluster {cluster}"), error))?;
        Ok(answer.iter().map(seen).collect::<BTreeMap<String, Seen>>())
    };
    let what = format!("cluster {cluster}");
    let snapshot = Snapshot {
        cluster: cluster.to_owned(),
        substrate: link.substrate.clone(),
        databases: deadline.run(&what, ask(&databases)).await?,
        roles: deadline.run(&what, ask(roles)).await?,
        rows,
        kept,
    };
    snapshot.marked()
}

fn seen(row: &tokio_postgres::Row) -> (String, Seen) {
    let seen = Seen {
        comment: row.get(1),
        owner: row.get(2),
        oid: row.get(3),
        can_login: row.get(4),
        entrants: Entrants::read(row, 5),
    };
    (row.get(0), seen)
}

/// The names on `cluster` that belong to what lies in the trash.
async fn kept(client: &impl GenericClient, cluster: &str) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in trash::list(client, &trash::Selection::default()).await? {
        let is_here = entry.name.split('/').next() == Some(cluster);
        if is_here && entry.kind == REPLACED {
            names.insert(trash_of(entry.operation));
        }
        if !is_here || entry.kind != KIND {
            continue;
        }
        let kept: Kept = serde_json::from_value(entry.content)
            .map_err(|error| Error::internal("the trash does not tell which database it is").source(error))?;
        names.insert(hidden_of(entry.operation, &kept.subject.name));
        names.insert(kept.subject.owner);
        names.extend(kept.replaced.into_iter().map(|(by, _)| trash_of(by)));
    }
    Ok(names)
}
