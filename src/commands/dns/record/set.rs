//! `hostctl dns record set ZONE NAME TYPE VALUE…`.

use serde_json::json;

use super::edit::{Which, question};
use crate::dns::records::Action;
use crate::error::Result;
use crate::model::{Given, Ttl};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// The values; every other one of this name and type goes
    #[arg(value_name = "VALUE", required = true)]
    values: Vec<String>,
    /// How long others may keep the records
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    ttl: Given<Ttl>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let named = args.which.take(&args.values, &context.ui)?;
    named.check()?;
    let ttl = args.ttl.value;
    let asked = json!({ "ttl": ttl.seconds() });
    let action = Action::Set(named.values.clone(), Some(ttl));
    match named
        .change(context, "dns.record.set", asked, action, question)
        .await?
    {
        Some(changed) => context.ui.one(&changed),
        None => Ok(()),
    }
}
