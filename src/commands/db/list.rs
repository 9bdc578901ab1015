//! `hostctl db list`.

use super::{LOOK, check_cluster};
use crate::commands::scope;
use crate::database::{self, Clusters};
use crate::error::Result;
use crate::model::ClusterName;
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those on this cluster
    #[arg(long, value_name = "NAME")]
    cluster: Option<ClusterName>,
    /// Only those that are larger than their quota
    #[arg(long)]
    over_quota: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let cluster = args.cluster.as_ref().map(ClusterName::as_str);
    check_cluster(context, cluster)?;
    let clusters = Clusters::new(&context.config);
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let mut listing = database::list(&*session, &clusters, account, cluster, context.within(LOOK)).await?;
    listing.notes.iter().for_each(|note| context.ui.warn(note));
    if args.over_quota {
        listing.databases.retain(database::Database::is_over_quota);
    }
    context.ui.all(&listing.databases)
}
