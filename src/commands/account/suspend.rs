//! `hostctl account suspend NAME` and `hostctl account resume NAME`.

use serde_json::json;

use super::LOOK;
use super::row::Changed;
use crate::account::{self, Account};
use crate::commands::Take;
use crate::control::Session;
use crate::database::{self, Existing};
use crate::error::Result;
use crate::journal::PlannedStep;
use crate::mail::domain;
use crate::model::{AccountName, Given};
use crate::runner::{Change, Context, Outcome, World};
use crate::tenant;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The account
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
}

pub(super) async fn suspend(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let outcome = Change::new("account.suspend", name.as_str(), json!({}))
        .run(context, async |session, world, _| {
            let found = account::find(&**session, &name).await?;
            let domains = domain::list(&**session, Some(found.id)).await?;
            tenant::check_protected(&domains, &context.config)?;
            let mut open = databases(context, session, world, &found).await?;
            open.retain(|existing| existing.database.state == "active");
            tenant::plan_account_suspend(&found, &open, close)
        })
        .await?;
    tell(context, &name, outcome, "suspended")
}

pub(super) async fn resume(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let outcome = Change::new("account.resume", name.as_str(), json!({}))
        .run(context, async |session, world, _| {
            let found = account::find(&**session, &name).await?;
            let mut closed = databases(context, session, world, &found).await?;
            closed.retain(|existing| found.closed_databases.contains(&tenant::key(existing)));
            tenant::plan_account_resume(&found, &closed, open)
        })
        .await?;
    tell(context, &name, outcome, "active")
}

async fn databases(
    context: &Context,
    session: &Session,
    world: &World,
    account: &Account,
) -> Result<Vec<Existing>> {
    let mut found = Vec::new();
    for row in database::owned(&**session, account.id).await? {
        let (name, limit) = (row.name.parse()?, context.within(LOOK));
        let cluster = Some(row.cluster.as_str());
        found.push(database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?);
    }
    Ok(found)
}

fn close(existing: &Existing) -> Result<Vec<PlannedStep>> {
    Ok(database::plan_suspend(existing)?.steps)
}

fn open(existing: &Existing) -> Result<Vec<PlannedStep>> {
    Ok(database::plan_reopen(existing)?.steps)
}

fn tell(context: &Context, name: &AccountName, outcome: Outcome, state: &'static str) -> Result<()> {
    let operation = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => {
            context
                .ui
                .note(&format!("account {name} is {state} already; unchanged"));
            None
        }
        Outcome::Done(done) => Some(done.operation.to_string()),
    };
    context.ui.one(&Changed {
        account: name.to_string(),
        state,
        operation,
    })
}
