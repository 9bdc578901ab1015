//! `hostctl site show DOMAIN`.

use crate::commands::Take;
use crate::error::Result;
use crate::model::{DomainName, Given};
use crate::runner::Context;
use crate::site;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    domain: Given<DomainName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = context.account_filter(&session).await?;
    context
        .ui
        .one(&site::find(&*session, &args.domain.take(&context.ui), account).await?)
}
