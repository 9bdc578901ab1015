//! `hostctl dns zone import ZONE FILE`.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::file;
use crate::commands::Take;
use crate::commands::dns::{record, tell_unseen};
use crate::dns::records::{Edit, check_names, import_edits, plan_change};
use crate::dns::{observe, readable};
use crate::error::{Error, Result};
use crate::journal::Plan;
use crate::model::{Given, ZoneName};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome, Proposal};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The zone, which exists
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
    /// The master file; - is stdin
    #[arg(value_name = "FILE")]
    file: String,
    /// Delete records of ours that the file does not have
    #[arg(long)]
    prune: bool,
}

#[derive(Serialize, Deserialize)]
struct Imported {
    zone: String,
    changed: usize,
    unchanged: usize,
    #[serde(default)]
    state: String,
    #[serde(default)]
    operation: Option<String>,
}

impl Row for Imported {
    const NOUN: &'static str = "zone";
    const COLUMNS: &'static [Column] = &[
        Column::new("zone"),
        Column::new("changed").titled("sets changed"),
        Column::new("unchanged").titled("sets unchanged"),
        Column::new("state").state(),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = args.zone.take(&context.ui);
    let sets = file::sets(context, &zone, &args.file).await?;
    let asked = json!({ "zone": zone, "sets": sets, "prune": args.prune });
    let outcome = Change::new("dns.zone.import", zone.as_str(), asked)
        .run(context, async |session, world, _| {
            let observed = observe(&**session, &world.providers, &zone, None).await?;
            let account = record::owner(context, session, &observed).await?;
            observed.check_account(account)?;
            let edits: Vec<Edit> = import_edits(&observed, readable(&observed)?, &sets, args.prune);
            let planned = plan_change(&observed, &edits, account)?;
            check_names(&**session, &observed, &planned, account).await?;
            let question = record::question(&planned);
            let written = sets.iter().filter(|set| edits.iter().any(|edit| (&edit.name, edit.rtype) == set.key()));
            let plan = Plan {
                kind: "dns.zone.import",
                target: zone.to_string(),
                account: Some(account),
                request: serde_json::Value::Null,
                result: json!({ "zone": zone, "changed": edits.len(), "unchanged": sets.len() - written.count() }),
                steps: planned.steps,
                claims: Vec::new(),
            };
            Ok(Proposal {
                question,
                ..Proposal::from(plan)
            })
        })
        .await?;
    let (result, state, operation) = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(result) => {
            context.ui.note(&format!("zone {zone} is so already; unchanged"));
            (result, "unchanged", None)
        }
        Outcome::Done(done) => {
            tell_unseen(&context.ui, &done);
            (done.result, "imported", Some(done.operation.to_string()))
        }
    };
    let read: Imported = serde_json::from_value(result)
        .map_err(|error| Error::internal("the result of an operation cannot be read").source(error))?;
    context.ui.one(&Imported {
        state: state.to_owned(),
        operation,
        ..read
    })
}
