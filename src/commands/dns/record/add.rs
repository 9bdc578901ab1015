//! `hostctl dns record add ZONE NAME TYPE VALUE…`.

use serde_json::json;

use super::edit::Which;
use crate::dns::records::Action;
use crate::error::Result;
use crate::model::{Given, Ttl};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// The values; what is there already stays
    #[arg(value_name = "VALUE", required = true)]
    values: Vec<String>,
    /// How long others may keep the records, such as 1h [default: that of the records there are, else 1h]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Given<Ttl>>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let named = args.which.take(&args.values, &context.ui)?;
    named.check()?;
    let ttl = args.ttl.map(|ttl| ttl.value);
    let asked = json!({ "ttl": ttl.map(Ttl::seconds) });
    let action = Action::Add(named.values.clone(), ttl);
    match named
        .change(context, "dns.record.add", asked, action, |_| None)
        .await?
    {
        Some(changed) => context.ui.one(&changed),
        None => Ok(()),
    }
}
