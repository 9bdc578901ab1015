//! `hostctl dns zone delete ZONE [--purge]`.

use serde_json::{Value, json};

use crate::certificate::order;
use crate::commands::scope::visible;
use crate::commands::{Take, deleted};
use crate::dns::zone::{plan_delete, plan_forget};
use crate::dns::{Observed, Protected, observe};
use crate::error::Result;
use crate::journal::Plan;
use crate::model::{Given, ZoneName};
use crate::output::words::Count;
use crate::runner::{Change, Context, Proposal};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The zone
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
    #[command(flatten)]
    delete: deleted::Delete,
    #[command(flatten)]
    lost: deleted::Forget,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = args.zone.take(&context.ui);
    let fate = args.delete.fate(context);
    let protected = Protected::new(&context.config);
    let change = Change::new(
        "dns.zone.delete",
        zone.as_str(),
        json!({ "forget": args.lost.forget }),
    )
    .run(context, async |session, world, _| {
        let observed = observe(&**session, &world.providers, &zone, None).await?;
        if let Some(account) = visible(context, &**session).await? {
            observed.check_account(account)?;
        }
        order::check_zone(&**session, &zone).await?;
        let (steps, question, state) = if args.lost.forget {
            let question = format!("forget zone {zone}? What the provider has of this name stays");
            (plan_forget(&observed)?, question, "forgotten")
        } else {
            let backup = observed.backup(&world.providers, fate).await?;
            let steps = plan_delete(&observed, &protected, backup.as_ref(), fate)?;
            (steps, question(&observed), "deleted")
        };
        let plan = Plan {
            kind: "dns.zone.delete",
            target: zone.to_string(),
            account: observed.row.as_ref().map(|row| row.account),
            request: Value::Null,
            steps,
            claims: Vec::new(),
            result: json!({ "zone": zone, "state": state }),
        };
        Ok(Proposal {
            question: Some(question),
            ..Proposal::from(plan)
        })
    })
    .await;
    if args.lost.forget {
        return deleted::tell_forgotten(context, "zone", zone.as_str(), change);
    }
    args.delete.tell(context, "zone", zone.as_str(), change).await
}

/// `delete zone example.test with its 12 records, 3 of them not made by hostctl?`
fn question(observed: &Observed) -> String {
    let sets = observed.live.iter().flat_map(|live| &live.sets);
    let records = Count(sets.map(|set| set.members.len()).sum(), "record");
    let foreign = match observed.foreign_count() {
        0 => String::new(),
        count => format!(", {count} of them not made by hostctl"),
    };
    format!("delete zone {} with its {records}{foreign}?", observed.zone)
}
