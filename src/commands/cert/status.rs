//! `hostctl cert status [NAME]`.

use crate::certificate::store;
use crate::commands::{Take, scope};
use crate::error::Result;
use crate::model::{CertificateName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this certificate
    #[arg(value_name = "NAME")]
    name: Option<Given<CertificateName>>,
    /// Only on this host
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.map(|given| given.take(&context.ui));
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    if let Some(name) = &name {
        store::find(&*session, name, account).await?;
    }
    let name = name.as_ref().map(CertificateName::as_str);
    context
        .ui
        .all(&store::status(&*session, account, name, args.host.as_deref()).await?)
}
