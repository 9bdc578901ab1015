//! What is on the clusters and not in the inventory.

use std::collections::BTreeSet;

use serde::Serialize;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::Clusters;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::Result;

/// A database that is not ours, in the shape of those that are.
#[derive(Clone, Debug, Serialize)]
pub struct Foreign {
    /// The database.
    pub name: String,
    /// Nobody's.
    pub account: Option<String>,
    /// The cluster it is on.
    pub cluster: String,
    /// The role that owns it there.
    pub owner: String,
    /// None that we know of.
    pub role: Option<String>,
    /// `foreign`.
    pub state: &'static str,
    /// Bytes on disk, where we may know.
    pub size_bytes: Option<i64>,
    /// None.
    pub quota_bytes: Option<i64>,
    /// Nobody knows.
    pub created_at: Option<jiff::Timestamp>,
}

/// The databases of `cluster` that are not in the inventory, by name; neither templates nor what an operation of ours has
/// under way.
///
/// # Errors
/// Those of the control database and of the cluster.
pub async fn list_foreign(
    client: &impl GenericClient,
    clusters: &Clusters,
    cluster: &str,
    deadline: Deadline,
) -> Result<Vec<Foreign>> {
    let statement = "SELECT h.name FROM hostctl.hosting_accounts h WHERE h.cluster = $1";
    let ours = client.query_typed(statement, &[(&cluster, Type::TEXT)]).await;
    let ours = ours.map_err(|error| sqlstate::error("the databases", error))?;
    let ours: BTreeSet<&str> = ours.iter().map(|row| row.get(0)).collect();
    let link = clusters.link(cluster, deadline).await?;
    let statement = "SELECT d.datname::text, pg_get_userbyid(d.datdba)::text,
            CASE WHEN d.datconnlimit <> -2 AND has_database_privilege(d.oid, 'CONNECT') THEN pg_database_size(d.oid) END
        FROM pg_database d WHERE NOT d.datistemplate AND d.datname !~ '^hc_(stage|trash)_'
        ORDER BY d.datname COLLATE \"C\"";
    let ask = async {
        let rows = link.client.query_typed(statement, &[]).await;
        rows.map_err(|error| sqlstate::error(&format!("cluster {cluster}"), error))
    };
    let rows = deadline.run(&link.place, ask).await?;
    let others = rows.iter().filter(|row| !ours.contains(row.get::<_, &str>(0)));
    Ok(others
        .map(|row| Foreign {
            name: row.get(0),
            account: None,
            cluster: cluster.to_owned(),
            owner: row.get(1),
            role: None,
            state: "foreign",
            size_bytes: row.get(2),
            quota_bytes: None,
            created_at: None,
        })
        .collect())
}
