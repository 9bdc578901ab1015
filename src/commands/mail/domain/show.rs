//! `hostctl mail domain show DOMAIN`.

use super::row::{Shown, dns};
use crate::commands::{Take, scope};
use crate::error::Result;
use crate::mail::domain;
use crate::model::{DomainName, Given};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let found = domain::find(&*session, &name, account).await?;
    let key = domain::public_key(&*session, &name).await?;
    let records = dns(&name, key.as_ref(), &context.config.mail).unwrap_or_else(|error| {
        context.ui.warn(&format!("no DNS records can be told: {error}"));
        Vec::new()
    });
    context.ui.one(&Shown::of(found, records))
}
