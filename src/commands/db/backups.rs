//! `hostctl db backups [NAME]`.

use crate::commands::{Take, scope};
use crate::database;
use crate::error::Result;
use crate::model::{DatabaseName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those of this database
    #[arg(value_name = "NAME")]
    name: Option<Given<DatabaseName>>,
    /// Only those from this cluster
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.map(|name| name.take(&context.ui));
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let name = name.as_ref().map(DatabaseName::as_str);
    let backups = database::backups(&*session, name, account, args.cluster.as_deref()).await?;
    context.ui.all(&backups)
}
