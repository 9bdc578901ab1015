//! Comparing the world with the journal after a fail-over or a restore of the control database: what the rooms' `markers()`
//! found, judged by the journal, and the one operation that settles it and registers the new life.

use std::collections::BTreeSet;

use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::config::Config;
use crate::database;
use crate::dns::{self, Protected};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::hook;
use crate::journal::{
    self, Finding, Life, Marker, Operation, Plan, PlannedStep, Readmit, RegisterLife, Sighting, State,
};
use crate::mail;
use crate::site::{self, Reach};

/// What stands for every item that may be chosen without being named.
pub const ALL: &str = "all";

/// The control database, and everything that it does not account for.
#[derive(Debug)]
pub struct Survey {
    /// The life of the control database that was looked at.
    pub life: Life,
    /// In the order of places.
    pub items: Vec<Item>,
}

/// One thing of a [`Survey`].
#[derive(Debug)]
pub struct Item {
    /// What was seen.
    pub sighting: Sighting,
    thing: Thing,
}

#[derive(Debug)]
enum Thing {
    Database(Box<database::Marked>),
    Zone(Box<dns::Marked>),
    Operation(Box<Operation>),
    Row,
}

/// What shall become of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// It is ours again.
    Adopt,
    /// It goes.
    Remove,
    /// Nothing.
    Leave,
}

/// What a person has chosen.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Items to adopt, or [`ALL`].
    pub adopt: Vec<String>,
    /// Items to remove, or [`ALL`].
    pub remove: Vec<String>,
}

impl Choice {
    /// What becomes of this item. [`ALL`] is never more than what bears a mark that only we can have written: what is suspect
    /// or missing has to be named.
    #[must_use]
    pub fn wish(&self, item: &Sighting) -> Wish {
        let named = |names: &[String]| names.contains(&item.item);
        let all = |names: &[String]| names.iter().any(|name| name == ALL);
        let may_go_unnamed = !matches!(item.finding, Finding::Suspect | Finding::Missing);
        match () {
            () if named(&self.adopt) => Wish::Adopt,
            () if named(&self.remove) => Wish::Remove,
            () if may_go_unnamed && all(&self.adopt) && item.adopting.is_some() => Wish::Adopt,
            () if may_go_unnamed && all(&self.remove) && item.removing.is_some() => Wish::Remove,
            () => Wish::Leave,
        }
    }

    /// Refuses what cannot be meant.
    ///
    /// # Errors
    /// `usage` for an item that is named twice; `not_found` for one that is not there; `conflict` for one that cannot be
    /// adopted or removed.
    pub fn check(&self, items: &[Item]) -> Result<()> {
        let adopted: BTreeSet<&String> = self.adopt.iter().collect();
        if let Some(name) = self.remove.iter().find(|name| adopted.contains(name)) {
            return Err(Error::invalid(format!("{name} is to be adopted and removed")));
        }
        for (names, how) in [(&self.adopt, "adopted"), (&self.remove, "removed")] {
            for name in names.iter().filter(|name| *name != ALL) {
                let item = items.iter().find(|item| item.sighting.item == *name);
                let item = item.ok_or_else(|| none(name))?;
                let can = match how {
                    "adopted" => item.sighting.adopting,
                    _ => item.sighting.removing,
                };
                if can.is_none() {
                    return Err(item.sighting.refused(how));
                }
            }
        }
        Ok(())
    }
}

fn none(name: &str) -> Error {
    let message = format!("there is nothing to reconcile that is called {name}");
    Error::new(Kind::NotFound, "not_found", message).hint("hostctl op reconcile --dry-run")
}

/// Asks every room, and lets the journal judge. Somewhere that cannot be asked is an error: nobody could say what is there.
///
/// # Errors
/// Those of the control database, of clusters and of providers.
pub async fn survey(client: &Client, reach: Reach<'_>, deadline: Deadline) -> Result<Survey> {
    let life = journal::life(client).await?;
    let mut found = Vec::new();
    for operation in journal::of_earlier_lives(client).await? {
        found.push((earlier(&operation), Thing::Operation(Box::new(operation))));
    }
    for cluster in reach.clusters.names() {
        let marked = database::markers(client, reach.clusters, cluster, deadline).await;
        for marked in marked.map_err(unasked)? {
            found.push((marked.sighting.clone(), Thing::Database(Box::new(marked))));
        }
    }
    for provider in reach.providers.names() {
        let asked = dns::markers(client, reach.providers, provider);
        let marked = deadline.run(&format!("dns {provider}"), asked).await;
        for marked in marked.map_err(unasked)? {
            found.push((marked.sighting.clone(), Thing::Zone(Box::new(marked))));
        }
    }
    let rows = mail::markers(client).await?.into_iter();
    let steps = hook::markers(client).await?.into_iter();
    found.extend(rows.chain(steps).map(|sighting| (sighting, Thing::Row)));
    let operations: BTreeSet<Uuid> = found
        .iter()
        .filter_map(|(sighting, _)| sighting.marker.map(|marker| marker.operation))
        .collect();
    let operations: Vec<Uuid> = operations.into_iter().collect();
    let known = journal::known(client, &operations).await?;
    let judged = found.into_iter().filter_map(|(sighting, thing)| {
        let sighting = sighting.judged(&known)?;
        Some(Item { sighting, thing })
    });
    Ok(Survey {
        life,
        items: judged.collect(),
    })
}

fn unasked(error: Error) -> Error {
    error.hint("bring it back, or take it out of the configuration: as long as it cannot be asked nobody knows what is there")
}

fn earlier(operation: &Operation) -> Sighting {
    let words = operation.kind.replace('.', " ");
    let is_stuck = operation.state == State::Stuck;
    Sighting {
        item: format!("operation:{}", operation.id),
        what: format!(
            "{words} {}, {} in the journal",
            operation.target,
            operation.state.word()
        ),
        place: "control database".to_owned(),
        marker: Some(Marker {
            operation: operation.id,
            step: 0,
            epoch: operation.epoch,
        }),
        resource: None,
        finding: Finding::Earlier,
        adopting: Some(if is_stuck { "may be retried" } else { "is finished" }),
        removing: (!is_stuck).then_some("is taken back"),
        note: (!is_stuck)
            .then(|| "it may have ended before the fail-over, and the journal lost that".to_owned()),
    }
}

/// Plans what was chosen, and that hostctl works in this life of the control database. `account` becomes the owner of what no
/// row knows.
///
/// # Errors
/// `usage` where something is adopted and nobody said for whom; those of the rooms.
pub async fn plan_reconcile(
    client: &Client,
    reach: Reach<'_>,
    config: &Config,
    survey: &Survey,
    choice: &Choice,
    account: Option<Uuid>,
) -> Result<Plan> {
    let mut steps = Vec::new();
    for item in &survey.items {
        match choice.wish(&item.sighting) {
            Wish::Adopt => steps.extend(adopt(client, reach, item, account).await?),
            Wish::Remove => steps.extend(remove(client, reach, config, item).await?),
            Wish::Leave => {}
        }
    }
    let (mut first, last) = site::split_at_pivots(steps);
    if !survey.life.is_registered {
        first.push(RegisterLife::plan(survey.life.incarnation.clone())?);
    }
    first.extend(last);
    Ok(Plan {
        kind: "op.reconcile",
        target: "control database".to_owned(),
        account,
        request: Value::Null,
        steps: first,
        claims: Vec::new(),
        result: Value::Null,
    })
}

/// Whether adopting what was chosen needs to know for whom.
#[must_use]
pub fn needs_account(survey: &Survey, choice: &Choice) -> bool {
    let needs = |item: &&Item| match &item.thing {
        Thing::Database(marked) => marked.needs_account(),
        Thing::Zone(_) => true,
        Thing::Operation(_) | Thing::Row => false,
    };
    let adopted = survey.items.iter();
    adopted
        .filter(|item| choice.wish(&item.sighting) == Wish::Adopt)
        .any(|item| needs(&item))
}

async fn adopt(
    client: &Client,
    reach: Reach<'_>,
    item: &Item,
    account: Option<Uuid>,
) -> Result<Vec<PlannedStep>> {
    let account = account.unwrap_or_default();
    match &item.thing {
        Thing::Database(marked) => database::plan_adopt_marked(marked, account),
        Thing::Zone(marked) => dns::plan_adopt_marked(client, reach.providers, marked, account).await,
        Thing::Operation(operation) => Ok(vec![Readmit::plan(client, operation).await?]),
        Thing::Row => Err(item.sighting.refused("adopted")),
    }
}

async fn remove(client: &Client, reach: Reach<'_>, config: &Config, item: &Item) -> Result<Vec<PlannedStep>> {
    let retention = config.trash_retention;
    match &item.thing {
        Thing::Database(marked) => database::plan_remove_marked(marked, retention),
        Thing::Zone(marked) => {
            let protected = Protected::new(config);
            dns::plan_remove_marked(client, reach.providers, &protected, marked, retention).await
        }
        Thing::Operation(operation) => Ok(vec![Readmit::plan(client, operation).await?]),
        Thing::Row => Err(item.sighting.refused("removed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, finding: Finding) -> Item {
        Item {
            sighting: Sighting {
                item: name.to_owned(),
                what: name.to_owned(),
                place: "cluster main".to_owned(),
                marker: None,
                resource: None,
                finding,
                adopting: (finding != Finding::Suspect).then_some("ours"),
                removing: Some("gone"),
                note: None,
            },
            thing: Thing::Row,
        }
    }

    fn choice(adopt: &[&str], remove: &[&str]) -> Choice {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Choice {
            adopt: owned(adopt),
            remove: owned(remove),
        }
    }

    #[test]
    fn all_is_never_what_may_be_forged_or_is_not_there() {
        let [lost, forged, gone] = [
            ("database:main/shop", Finding::Unknown),
            ("database:main/bait", Finding::Suspect),
            ("zone:main/example.test", Finding::Missing),
        ]
        .map(|(name, finding)| item(name, finding).sighting);
        for all in [choice(&["all"], &[]), choice(&[], &["all"])] {
            assert_ne!(all.wish(&lost), Wish::Leave);
            assert_eq!((all.wish(&forged), all.wish(&gone)), (Wish::Leave, Wish::Leave));
        }
        let named = choice(&["all"], &["database:main/bait"]);
        assert_eq!(
            (named.wish(&lost), named.wish(&forged)),
            (Wish::Adopt, Wish::Remove)
        );
        let but_one = choice(&["all"], &["database:main/shop"]);
        assert_eq!(but_one.wish(&lost), Wish::Remove);
    }

    #[test]
    fn what_is_named_must_be_there_and_possible() {
        let items = [
            item("database:main/shop", Finding::Unknown),
            item("bait", Finding::Suspect),
        ];
        let reason = |choice: Choice| choice.check(&items).map_err(|error| error.reason().to_owned());
        assert_eq!(reason(choice(&["all", "database:main/shop"], &["bait"])), Ok(()));
        assert_eq!(reason(choice(&["bait"], &[])), Err("not_adoptable".to_owned()));
        assert_eq!(reason(choice(&["till"], &[])), Err("not_found".to_owned()));
        assert_eq!(reason(choice(&["bait"], &["bait"])), Err("invalid".to_owned()));
        assert_eq!(reason(choice(&["all"], &["all"])), Err("invalid".to_owned()));
    }
}
