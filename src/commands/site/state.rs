//! `hostctl site suspend DOMAIN` and `hostctl site resume DOMAIN`.

use std::time::Duration;

use serde_json::json;

use crate::commands::Take;
use crate::error::Result;
use crate::model::{DomainName, Given};
use crate::runner::{Change, Context, Outcome};
use crate::site::{self, State};

/// How long looking at what belongs to a site may take.
const LOOK: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    domain: Given<DomainName>,
}

pub(super) async fn suspend(args: Args, context: &Context) -> Result<()> {
    change("site.suspend", args, State::Suspended, context).await
}

pub(super) async fn resume(args: Args, context: &Context) -> Result<()> {
    change("site.resume", args, State::Active, context).await
}

async fn change(kind: &'static str, args: Args, state: State, context: &Context) -> Result<()> {
    let domain = args.domain.take(&context.ui);
    let outcome = Change::new(kind, domain.as_str(), json!({}))
        .run(context, async |session, world, _| {
            let account = context.account_filter(session).await?;
            let found = site::find(&**session, &domain, account).await?;
            let limit = context.within(LOOK);
            site::plan_state(session, &world.clusters, &context.config, &found, state, limit).await
        })
        .await?;
    match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => {
            let word = state.word();
            context
                .ui
                .note(&format!("site {domain} is {word} already; unchanged"));
        }
        Outcome::Done(_) => {}
    }
    context
        .ui
        .one(&site::find(&*context.session().await?, &domain, None).await?)
}
