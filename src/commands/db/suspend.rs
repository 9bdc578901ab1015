//! `hostctl db suspend NAME` and `hostctl db resume NAME`.

use serde_json::json;

use super::{LOOK, check_visible, claim, row::Altered};
use crate::commands::Take;
use crate::database::{self, Existing};
use crate::error::Result;
use crate::journal::Plan;
use crate::model::{DatabaseName, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
}

pub(super) async fn suspend(args: Args, context: &Context) -> Result<()> {
    run(args, context, "db.suspend", database::plan_suspend).await
}

pub(super) async fn resume(args: Args, context: &Context) -> Result<()> {
    run(args, context, "db.resume", database::plan_resume).await
}

async fn run(
    args: Args,
    context: &Context,
    kind: &'static str,
    plan: impl Fn(&Existing) -> Result<Plan>,
) -> Result<()> {
    let name = args.name.take(&context.ui);
    let cluster = args.cluster.as_deref();
    let outcome = Change::new(kind, name.as_str(), json!({ "cluster": cluster }))
        .claims(claim(context, &name, cluster))
        .run(context, async |session, world, _| {
            check_visible(context, &**session, &name, cluster).await?;
            let limit = context.within(LOOK);
            plan(&database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?)
        })
        .await?;
    Altered::tell(context, &outcome)
}
