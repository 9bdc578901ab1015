//! `hostctl dns zone list`.

use super::row::Foreign;
use crate::commands::scope::visible;
use crate::dns::{list_foreign, list_zones};
use crate::error::Result;
use crate::runner::{Context, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Those at the providers that hostctl did not make
    #[arg(long)]
    foreign: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let world = World::new(&context.config);
    if args.foreign {
        let mut rows = Vec::new();
        for provider in context.config.dns.keys() {
            let names = list_foreign(&*session, &world.providers, provider).await?;
            rows.extend(names.into_iter().map(|name| Foreign {
                name,
                account: None,
                provider: provider.clone(),
                serial: None,
                state: "foreign",
            }));
        }
        rows.sort_by(|one, other| one.name.cmp(&other.name));
        return context.ui.all(&rows);
    }
    let account = visible(context, &*session).await?;
    let (zones, silent) = list_zones(&*session, &world.providers, account).await?;
    for error in silent {
        context
            .ui
            .warn(&format!("{}; serials are left out", error.message()));
    }
    context.ui.all(&zones)
}
