//! `hostctl op reconcile [--adopt ITEM]… [--remove ITEM]…`.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Direction};
use crate::output::words::Count;
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome, Proposal, RECONCILE, Recovered, World, recover};
use crate::site::Reach;
use crate::tenant::{self, Choice, Item, Survey, Wish};

/// How long looking at one place may take.
const LOOK: Duration = Duration::from_secs(30);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Make it ours again, for `--account`; several by giving it again, `all` for whatever is certainly ours
    #[arg(long, value_name = "ITEM")]
    adopt: Vec<String>,
    /// Take it away; several by giving it again, `all` for whatever is certainly ours
    #[arg(long, value_name = "ITEM")]
    remove: Vec<String>,
}

/// One thing that the inventory and the world disagree about.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    item: String,
    what: String,
    r#where: String,
    marker: Option<String>,
    since: Option<Timestamp>,
    finding: String,
    action: String,
    adopting: Option<String>,
    removing: Option<String>,
    note: Option<String>,
}

impl Row for Line {
    const NOUN: &'static str = "thing to reconcile";
    const COLUMNS: &'static [Column] = &[
        Column::new("item"),
        Column::new("what").detail(),
        Column::new("where").detail(),
        Column::new("marker"),
        Column::new("since").time(),
        Column::new("finding").state(),
        Column::new("action"),
        Column::new("adopting").titled("by --adopt"),
        Column::new("removing").titled("by --remove"),
        Column::new("note").detail(),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let choice = Choice {
        adopt: args.adopt.clone(),
        remove: args.remove.clone(),
    };
    if context.settings.is_dry_run {
        return preview(&choice, context).await;
    }
    let asked = json!({ "adopt": args.adopt, "remove": args.remove });
    let outcome = Change::new(RECONCILE, "control database", asked)
        .run(context, async |session, world, _| {
            let reach = reach(world);
            let survey = tenant::survey(session, reach, context.within(LOOK)).await?;
            choice.check(&survey.items)?;
            let account = match tenant::needs_account(&survey, &choice) {
                true => {
                    let named = context.settings.account.as_ref();
                    Some(account::pick(&**session, named).await?.id)
                }
                false => None,
            };
            let config = &context.config;
            let mut plan = tenant::plan_reconcile(session, reach, config, &survey, &choice, account).await?;
            plan.result = lines(&survey.items, |item| done(choice.wish(&item.sighting)))?;
            Ok(Proposal {
                question: question(&survey, &choice),
                plan,
                secrets: Vec::new(),
            })
        })
        .await?;
    let result = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(result) => result,
        Outcome::Done(done) => done.result,
    };
    let rows: Vec<Line> = serde_json::from_value(result)
        .map_err(|error| Error::internal("the result of the operation cannot be read").source(error))?;
    let left = end_readmitted(&rows, context).await?;
    context.ui.all(&rows)?;
    tell_rest(&rows, context);
    left.map_or(Ok(()), Err)
}

fn reach(world: &World) -> Reach<'_> {
    Reach {
        clusters: &world.clusters,
        providers: &world.providers,
        hooks: &world.hooks,
    }
}

/// What there is, and what would become of it.
async fn preview(choice: &Choice, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let world = World::new(&context.config);
    let survey = tenant::survey(&session, reach(&world), context.within(LOOK)).await?;
    choice.check(&survey.items)?;
    let rows = survey.items.iter().map(|item| {
        let action = match choice.wish(&item.sighting) {
            Wish::Adopt => "adopt",
            Wish::Remove => "remove",
            Wish::Leave => "leave",
        };
        line(item, action)
    });
    context.ui.all(&rows.collect::<Vec<_>>())?;
    if !survey.life.is_registered {
        context
            .ui
            .note("the control database was failed over or restored: until this was run without --dry-run nothing else is begun");
    }
    Ok(())
}

fn done(wish: Wish) -> &'static str {
    match wish {
        Wish::Adopt => "adopted",
        Wish::Remove => "removed",
        Wish::Leave => "left",
    }
}

fn line(item: &Item, action: &str) -> Line {
    let seen = &item.sighting;
    Line {
        item: seen.item.clone(),
        what: seen.what.clone(),
        r#where: seen.place.clone(),
        marker: seen.marker.map(|marker| marker.to_string()),
        since: seen.since(),
        finding: seen.finding.word().to_owned(),
        action: action.to_owned(),
        adopting: seen.adopting.map(ToOwned::to_owned),
        removing: seen.removing.map(ToOwned::to_owned),
        note: seen.note.clone(),
    }
}

fn lines(items: &[Item], action: impl Fn(&Item) -> &'static str) -> Result<Value> {
    let lines: Vec<Line> = items.iter().map(|item| line(item, action(item))).collect();
    serde_json::to_value(lines).map_err(|_| Error::internal("a result that is no JSON"))
}

/// Nothing is asked where everything is accounted for.
fn question(survey: &Survey, choice: &Choice) -> Option<String> {
    let count = |wish: Wish| {
        let same = survey.items.iter();
        same.filter(|item| choice.wish(&item.sighting) == wish).count()
    };
    let things = |wish: Wish| Count(count(wish), "thing");
    (!survey.items.is_empty()).then(|| {
        format!(
            "adopt {}, remove {} and leave {} (hostctl op reconcile --dry-run lists them)?",
            things(Wish::Adopt),
            things(Wish::Remove),
            things(Wish::Leave)
        )
    })
}

/// Operations of an earlier life that may be taken over now are ended the way that was chosen. Gives why one of them was not.
async fn end_readmitted(rows: &[Line], context: &Context) -> Result<Option<Error>> {
    let mut left = None;
    for row in rows {
        let id = row
            .item
            .strip_prefix("operation:")
            .and_then(|id| id.parse::<Uuid>().ok());
        let direction = match row.action.as_str() {
            "adopted" => Direction::Forward,
            "removed" => Direction::Back,
            _ => continue,
        };
        let Some(id) = id else { continue };
        let operation = journal::find(&*context.session().await?, id).await?;
        if !operation.state.is_open() {
            continue;
        }
        let wait = context.settings.lock_wait;
        match recover(context, &operation, direction, wait, false).await {
            Ok(Recovered::Ended(_)) => {}
            Ok(Recovered::Left(error)) | Err(error) => {
                context.ui.warn(&format!("{id}: {}", error.message()));
                let message = "an operation of before the fail-over is stuck or still open";
                left =
                    Some(Error::new(Kind::Stuck, "left_to_recovery", message).hint("hostctl op list --open"));
            }
        }
    }
    Ok(left)
}

fn tell_rest(rows: &[Line], context: &Context) {
    let left = rows.iter().filter(|row| row.action == "left").count();
    if left > 0 {
        context.ui.note(&format!(
            "{} left as before; --adopt or --remove settles them",
            Count(left, "thing")
        ));
    }
}
