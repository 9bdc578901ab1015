//! `hostctl dns record list ZONE`.

use crate::commands::Take;
use crate::commands::scope::visible;
use crate::dns::{RecordSummary, list_records, observe};
use crate::error::Result;
use crate::model::{Given, RecordName, RecordType, ZoneName};
use crate::output::Format;
use crate::runner::{Context, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The zone
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
    /// Only those of this name; @ is the zone itself
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Only those of this type
    #[arg(long = "type", value_name = "TYPE")]
    rtype: Option<Given<RecordType>>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = args.zone.take(&context.ui);
    let name = args
        .name
        .as_ref()
        .map(|name| RecordName::parse(name, zone.domain()))
        .transpose()?;
    let name = name.map(|name| name.take(&context.ui).to_string());
    let rtype = args.rtype.map(|rtype| rtype.take(&context.ui).to_string());
    let session = context.session().await?;
    let observed = observe(&*session, &World::new(&context.config).providers, &zone, None).await?;
    if let Some(account) = visible(context, &*session).await? {
        observed.check_account(account)?;
    }
    let is_meant =
        |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
    let mut sets = list_records(&observed)?;
    sets.retain(|set| is_meant(&name, &set.name) && is_meant(&rtype, &set.r#type));
    if context.ui.options().format == Format::Table {
        sets = sets.into_iter().map(RecordSummary::marked).collect();
    }
    context.ui.all(&sets)
}
