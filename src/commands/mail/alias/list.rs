//! `hostctl mail alias list`.

use crate::commands::{Take, scope};
use crate::error::Result;
use crate::mail::{alias, domain};
use crate::model::{DomainName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only those of this domain
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<Given<DomainName>>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.domain.map(|given| given.take(&context.ui));
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    if let Some(name) = &name {
        domain::find(&*session, name, account).await?;
    }
    context
        .ui
        .all(&alias::list(&*session, account, name.as_ref()).await?)
}
