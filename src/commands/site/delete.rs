//! `hostctl site delete DOMAIN [--purge]`.

use std::time::Duration;

use serde_json::json;

use crate::commands::{Take, deleted};
use crate::error::Result;
use crate::model::{DomainName, Given};
use crate::runner::{Change, Context};
use crate::site::{self, Reach};

const LOOK: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    domain: Given<DomainName>,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let domain = args.domain.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new("site.delete", domain.as_str(), json!({}))
        .confirm(format!(
            "delete site {domain} with its database, mail, zone and certificate?"
        ))
        .run(context, async |session, world, _| {
            let account = context.account_filter(session).await?;
            let found = site::find(&**session, &domain, account).await?;
            let reach = Reach {
                clusters: &world.clusters,
                providers: &world.providers,
                hooks: &world.hooks,
            };
            let deadline = context.within(LOOK);
            site::plan_delete(session, reach, &context.config, &found, fate, deadline).await
        })
        .await;
    args.delete.tell(context, "site", domain.as_str(), change).await
}
