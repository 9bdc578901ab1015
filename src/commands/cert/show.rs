//! `hostctl cert show NAME`.

use crate::certificate::store;
use crate::commands::{Take, scope};
use crate::error::Result;
use crate::model::{CertificateName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificate
    #[arg(value_name = "NAME")]
    name: Given<CertificateName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    context.ui.one(&store::find(&*session, &name, account).await?)
}
