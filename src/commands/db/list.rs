//! `hostctl db list`.

use super::LOOK;
use crate::commands::scope;
use crate::database::{self, Clusters};
use crate::error::Result;
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those on this cluster
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Only those that are larger than their quota
    #[arg(long)]
    over_quota: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let clusters = Clusters::new(&context.config);
    if let Some(cluster) = &args.cluster {
        clusters.pick(Some(cluster))?;
    }
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let cluster = args.cluster.as_deref();
    let mut listing = database::list(&*session, &clusters, account, cluster, context.within(LOOK)).await?;
    listing.notes.iter().for_each(|note| context.ui.warn(note));
    if args.over_quota {
        listing.databases.retain(database::Database::is_over_quota);
    }
    context.ui.all(&listing.databases)
}
