//! `hostctl domain show NAME`.

use super::row::Shown;
use crate::commands::{Take, scope};
use crate::domain::{self, Scope};
use crate::error::Result;
use crate::model::{DomainName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "NAME")]
    name: Given<DomainName>,
    /// Which, where there are both: `host` or `domain`
    #[arg(long, value_name = "SCOPE")]
    scope: Option<Scope>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let challenge = domain::one(&*session, &name, args.scope, account).await?;
    context.ui.one(&Shown::new(challenge, None, context))
}
