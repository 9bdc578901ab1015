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
    /// Those on the clusters that hostctl did not make
    #[arg(long)]
    foreign: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let clusters = Clusters::new(&context.config);
    if let Some(cluster) = &args.cluster {
        clusters.pick(Some(cluster))?;
    }
    let session = context.session().await?;
    if args.foreign {
        let mut rows = Vec::new();
        for name in clusters.names() {
            if args.cluster.as_deref().is_none_or(|only| only == name) {
                let limit = context.within(LOOK);
                rows.extend(database::list_foreign(&*session, &clusters, name, limit).await?);
            }
        }
        rows.sort_by(|one, other| (&one.name, &one.cluster).cmp(&(&other.name, &other.cluster)));
        return context.ui.all(&rows);
    }
    let account = scope::visible(context, &*session).await?;
    let cluster = args.cluster.as_deref();
    let listing = database::list(&*session, &clusters, account, cluster, context.within(LOOK)).await?;
    listing.notes.iter().for_each(|note| context.ui.warn(note));
    context.ui.all(&listing.databases)
}
