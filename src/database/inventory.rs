//! Reading the inventory, with what the clusters say of it.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};
use uuid::Uuid;

use super::observe::missing as missing_because;
use super::subject::is_made_by;
use super::{Clusters, Subject};
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::DatabaseName;

/// A tenant's database, as in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Database {
    /// The database.
    pub name: String,
    /// The account that owns it.
    pub account: String,
    /// The cluster it is on.
    pub cluster: String,
    /// The NOLOGIN role that owns it there.
    pub owner: String,
    /// The role that logs in.
    pub role: String,
    /// `active` or `suspended`.
    pub state: String,
    /// Bytes on disk; absent where the cluster could not be asked.
    pub size_bytes: Option<i64>,
    /// How large it should be at most, where that was said. Nobody enforces it.
    pub quota_bytes: Option<i64>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The limit of sessions that its role gets back when it is resumed.
    #[serde(skip)]
    pub suspended_connections: Option<i32>,
    /// Whether the tenant may make schemas, as it was asked for; absent where nobody has said it.
    #[serde(skip)]
    pub may_create: Option<bool>,
    /// The account.
    #[serde(skip)]
    pub account_id: Uuid,
    /// The system identifier of the cluster.
    #[serde(skip)]
    pub substrate: String,
    /// The operation that made the database.
    #[serde(skip)]
    pub database_operation: Uuid,
    /// The operation that made the roles.
    #[serde(skip)]
    pub role_operation: Uuid,
}

/// Databases, and what could not be found out about them, in words.
#[derive(Debug)]
pub struct Listing {
    /// By name, then by cluster.
    pub databases: Vec<Database>,
    /// For stderr.
    pub notes: Vec<String>,
}

/// A tenant's database and where its clients find it.
#[derive(Clone, Debug, Serialize)]
pub struct Details {
    /// As in a list.
    #[serde(flatten)]
    pub database: Database,
    /// The cluster's host as configured.
    pub host: String,
    /// Its port.
    pub port: u16,
}

const SELECT: &str = "SELECT h.name, a.name, h.cluster, h.owner_role, h.login_role, h.state, h.created_at,
        h.account_id, h.substrate, h.database_operation, h.role_operation, h.suspended_connections, h.quota_bytes,
        h.may_create
    FROM hostctl.hosting_accounts h JOIN hostctl.accounts a ON a.id = h.account_id";

/// The databases of `account` and on `cluster`, where these are given. A cluster that cannot be asked gives a note and no sizes.
///
/// # Errors
/// Those of the control database.
pub async fn list(
    client: &impl GenericClient,
    clusters: &Clusters,
    account: Option<Uuid>,
    cluster: Option<&str>,
    deadline: Deadline,
) -> Result<Listing> {
    let statement = format!(
        "{SELECT} WHERE ($1::uuid IS NULL OR h.account_id = $1) AND ($2::text IS NULL OR h.cluster = $2)
            ORDER BY h.name COLLATE \"C\", h.cluster"
    );
    let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&account, Type::UUID), (&cluster, Type::TEXT)];
    let rows = client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error("the databases", error))?;
    let mut listing = Listing {
        databases: rows.iter().map(database).collect(),
        notes: Vec::new(),
    };
    add_sizes(&mut listing, clusters, deadline).await;
    Ok(listing)
}

/// The databases of `account`, by cluster and name, without their sizes.
///
/// # Errors
/// Those of the control database.
pub async fn owned(client: &impl GenericClient, account: Uuid) -> Result<Vec<Database>> {
    let statement = format!("{SELECT} WHERE h.account_id = $1 ORDER BY h.cluster, h.name");
    let rows = client.query_typed(&statement, &[(&account, Type::UUID)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the databases", error))?;
    Ok(rows.iter().map(database).collect())
}

/// The databases of `cluster`, by name, without their sizes.
///
/// # Errors
/// Those of the control database.
pub(super) async fn on_cluster(client: &impl GenericClient, cluster: &str) -> Result<Vec<Database>> {
    let statement = format!("{SELECT} WHERE h.cluster = $1 ORDER BY h.name");
    let rows = client.query_typed(&statement, &[(&cluster, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error("the databases", error))?;
    Ok(rows.iter().map(database).collect())
}

/// The database `name` with its size; the second value is what could not be found out, in words.
///
/// # Errors
/// `not_found`; `usage` where several clusters have one and none is named.
pub async fn show(
    client: &impl GenericClient,
    clusters: &Clusters,
    name: &DatabaseName,
    cluster: Option<&str>,
    deadline: Deadline,
) -> Result<(Details, Vec<String>)> {
    let Some(database) = find(client, name, cluster).await? else {
        let missing = not_found(name);
        // What keeps the cluster from answering is no news to whoever asks for what the inventory does not know.
        return Err(match missing_because(clusters, name, cluster, deadline).await {
            error if error.reason() == "foreign" => missing.hint("hostctl db list --foreign"),
            _ => missing,
        });
    };
    let (host, port) = clusters.address(&database.cluster)?;
    let mut listing = Listing {
        databases: vec![database],
        notes: Vec::new(),
    };
    add_sizes(&mut listing, clusters, deadline).await;
    let Listing { mut databases, notes } = listing;
    let database = databases
        .pop()
        .ok_or_else(|| Error::internal("a list that lost its row"))?;
    Ok((Details { database, host, port }, notes))
}

/// The row of the database `name`, without its size.
///
/// # Errors
/// `usage` where several clusters have one and none is named.
pub async fn find(
    client: &impl GenericClient,
    name: &DatabaseName,
    cluster: Option<&str>,
) -> Result<Option<Database>> {
    let statement =
        format!("{SELECT} WHERE h.name = $1 AND ($2::text IS NULL OR h.cluster = $2) ORDER BY h.cluster");
    let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&name.as_str(), Type::TEXT), (&cluster, Type::TEXT)];
    let rows = client.query_typed(&statement, &parameters).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("database {name}"), error))?;
    match rows.as_slice() {
        [] => Ok(None),
        [row] => Ok(Some(database(row))),
        several => {
            let clusters: Vec<String> = several.iter().map(|row| database(row).cluster).collect();
            let message = format!("several clusters have a database {name}: {}", clusters.join(", "));
            Err(Error::invalid(message).hint("--cluster NAME"))
        }
    }
}

/// There is no such database in the inventory.
pub(super) fn not_found(name: &DatabaseName) -> Error {
    Error::new(Kind::NotFound, "not_found", format!("no database {name}")).hint("hostctl db list")
}

impl Database {
    /// Whether it is known to be larger than it should be.
    #[must_use]
    pub fn is_over_quota(&self) -> bool {
        matches!((self.size_bytes, self.quota_bytes), (Some(size), Some(quota)) if size > quota)
    }

    /// As the steps store it.
    ///
    /// # Errors
    /// `usage` where the row holds a name that is none.
    pub fn subject(&self) -> Result<Subject> {
        Ok(Subject {
            cluster: self.cluster.clone(),
            substrate: self.substrate.clone(),
            name: self.name.parse()?,
            owner: self.owner.clone(),
        })
    }
}

async fn add_sizes(listing: &mut Listing, clusters: &Clusters, deadline: Deadline) {
    let names: BTreeSet<String> = listing
        .databases
        .iter()
        .map(|database| database.cluster.clone())
        .collect();
    let asked = names.into_iter().map(|cluster| {
        let rows: Vec<&Database> = listing
            .databases
            .iter()
            .filter(|row| row.cluster == cluster)
            .collect();
        async move { (sizes(clusters, &cluster, &rows, deadline).await, cluster) }
    });
    for (answer, cluster) in join_all(asked).await {
        match answer {
            Ok(sizes) => {
                for row in listing.databases.iter_mut().filter(|row| row.cluster == cluster) {
                    row.size_bytes = sizes.get(&row.name).copied();
                }
            }
            Err(error) => listing
                .notes
                .push(format!("no sizes from cluster {cluster}: {error}")),
        }
    }
}

async fn sizes(
    clusters: &Clusters,
    cluster: &str,
    rows: &[&Database],
    deadline: Deadline,
) -> Result<BTreeMap<String, i64>> {
    let link = clusters.link(cluster, deadline).await?;
    if let Some(row) = rows.iter().find(|row| row.substrate != link.substrate) {
        let message = format!(
            "its system identifier is {}, and {} lies in {}",
            link.substrate, row.name, row.substrate
        );
        return Err(Error::new(Kind::Conflict, "substrate", message));
    }
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let made_by: BTreeMap<&str, Uuid> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.database_operation))
        .collect();
    // A database may be dropped while it is measured: by its number there is no error, only no size.
    let statement =
        "SELECT datname::text, pg_database_size(oid), shobj_description(oid, 'pg_database') FROM pg_database
        WHERE datname = ANY($1) AND datconnlimit <> -2 AND has_database_privilege(oid, 'CONNECT')";
    let parameters: [(&(dyn ToSql + Sync), Type); 1] = [(&names, Type::TEXT_ARRAY)];
    let ask = async {
        let answer = link.client.query_typed(statement, &parameters).await;
        answer.map_err(|error| sqlstate::error(&format!("cluster {cluster}"), error))
    };
    let answer = deadline.run(&link.place, ask).await?;
    // Where another one has taken the name, its size is nobody's here.
    let is_ours = |row: &&Row| {
        let made_by = made_by.get(row.get::<_, &str>(0));
        made_by.is_some_and(|operation| is_made_by(row.get(2), *operation))
    };
    Ok(answer
        .iter()
        .filter(is_ours)
        .filter_map(|row| Some((row.get(0), row.get::<_, Option<i64>>(1)?)))
        .collect())
}

fn database(row: &Row) -> Database {
    Database {
        name: row.get(0),
        account: row.get(1),
        cluster: row.get(2),
        owner: row.get(3),
        role: row.get(4),
        state: row.get(5),
        size_bytes: None,
        created_at: row.get(6),
        account_id: row.get(7),
        substrate: row.get(8),
        database_operation: row.get(9),
        role_operation: row.get(10),
        suspended_connections: row.get(11),
        quota_bytes: row.get(12),
        may_create: row.get(13),
    }
}
