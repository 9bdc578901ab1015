//! `hostctl mail box list`.

use crate::commands::{Take, scope};
use crate::error::Result;
use crate::mail::{boxes, domain};
use crate::model::{DomainName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those of this domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<Given<DomainName>>,
    /// Those that others wrote into the control database
    #[arg(long)]
    foreign: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.domain.map(|given| given.take(&context.ui));
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    if args.foreign {
        // Also in domains that others wrote.
        let rows = boxes::list_foreign(&*session, account, name.as_ref()).await?;
        return context.ui.all(&rows);
    }
    if let Some(name) = &name {
        domain::find(&*session, name, account).await?;
    }
    context
        .ui
        .all(&boxes::list(&*session, account, name.as_ref()).await?)
}
