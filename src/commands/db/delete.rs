//! `hostctl db delete NAME [--purge]`.

use serde_json::json;

use super::{LOOK, check_cluster, check_visible, claim};
use crate::commands::{Take, deleted};
use crate::database;
use crate::error::Result;
use crate::model::{ClusterName, DatabaseName, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<ClusterName>,
    #[command(flatten)]
    delete: deleted::Delete,
    #[command(flatten)]
    lost: deleted::Forget,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let cluster = args.cluster.as_ref().map(ClusterName::as_str);
    check_cluster(context, cluster)?;
    if args.lost.forget {
        return forget(&name, cluster, context).await;
    }
    let change = Change::new("db.delete", name.as_str(), json!({ "cluster": cluster }))
        .claims(claim(context, &name, cluster))
        .confirm(format!(
            "delete database {name}, its roles and all that is in it?"
        ))
        .run(context, async |session, world, _| {
            check_visible(context, &**session, &name, cluster).await?;
            let limit = context.within(LOOK);
            let existing =
                database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?;
            database::plan_delete(&existing, fate)
        })
        .await;
    args.delete.tell(context, "database", name.as_str(), change).await
}

async fn forget(name: &DatabaseName, cluster: Option<&str>, context: &Context) -> Result<()> {
    let asked = json!({ "cluster": cluster, "forget": true });
    let change = Change::new("db.delete", name.as_str(), asked)
        .claims(claim(context, name, cluster))
        .confirm(format!(
            "forget database {name}? What the cluster has of this name stays"
        ))
        .run(context, async |session, world, _| {
            check_visible(context, &**session, name, cluster).await?;
            let limit = context.within(LOOK);
            let row = database::observe_lost(&**session, &world.clusters, name, cluster, limit).await?;
            database::plan_forget(&row)
        })
        .await;
    deleted::tell_forgotten(context, "database", name.as_str(), change)
}
