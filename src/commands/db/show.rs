//! `hostctl db show NAME`.

use super::{LOOK, check_cluster, check_visible};
use crate::commands::Take;
use crate::database::{self, Clusters};
use crate::error::Result;
use crate::model::{ClusterName, DatabaseName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<ClusterName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let cluster = args.cluster.as_ref().map(ClusterName::as_str);
    check_cluster(context, cluster)?;
    let clusters = Clusters::new(&context.config);
    let session = context.session().await?;
    check_visible(context, &*session, &name, cluster).await?;
    let (details, notes) = database::show(&*session, &clusters, &name, cluster, context.within(LOOK)).await?;
    for note in &notes {
        context.ui.warn(note);
    }
    context.ui.one(&details)
}
