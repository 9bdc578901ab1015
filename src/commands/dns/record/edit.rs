//! What adding, setting and deleting records have in common: one set of one zone, from the words to the answer.

use serde_json::{Value, json};
use uuid::Uuid;

use super::row::Changed;
use crate::account;
use crate::commands::Take;
use crate::commands::dns::tell_unseen;
use crate::commands::scope::visible;
use crate::control::Session;
use crate::dns::records::{Action, Edit, RecordsPlan, check_names, plan_change};
use crate::dns::{Observed, observe_name};
use crate::error::Result;
use crate::journal::Plan;
use crate::model::record::check_alone;
use crate::model::{Given, RecordData, RecordName, RecordType, ZoneName};
use crate::output::Ui;
use crate::output::words::First;
use crate::runner::{Change, Context, Outcome, Proposal};

/// Which records.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// The zone
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
    /// The name below the zone; @ is the zone itself, and a final dot makes it absolute
    #[arg(value_name = "NAME")]
    name: String,
    /// The type, such as A, AAAA, CNAME, MX, TXT, SRV or CAA
    #[arg(value_name = "TYPE")]
    rtype: Given<RecordType>,
}

/// The records of a name and type in a zone, and values of them, everything validated.
#[derive(Debug)]
pub(super) struct Named {
    pub zone: ZoneName,
    pub name: RecordName,
    pub rtype: RecordType,
    pub values: Vec<RecordData>,
}

impl Which {
    /// Validates, telling what had to be made canonical.
    ///
    /// # Errors
    /// `usage`.
    pub(super) fn take(&self, values: &[String], ui: &Ui) -> Result<Named> {
        let (zone, rtype) = (self.zone.take(ui), self.rtype.take(ui));
        let name = RecordName::parse(&self.name, zone.domain())?.take(ui);
        let data = |value: &String| Ok(RecordData::parse(rtype, value, zone.domain())?.take(ui));
        let values = values.iter().map(data).collect::<Result<_>>()?;
        Ok(Named {
            zone,
            name,
            rtype,
            values,
        })
    }
}

impl Named {
    /// Refuses, before anybody is asked, values that no zone holds together.
    ///
    /// # Errors
    /// `usage`.
    pub(super) fn check(&self) -> Result<()> {
        check_alone(self.zone.domain(), &self.name, self.rtype, &self.values)
    }

    /// `www.example.test A`
    pub(super) fn words(&self) -> String {
        format!("{} {}", self.name, self.rtype)
    }

    /// Carries the change out; nothing to answer where it was only shown. `ask` makes the question of the plan.
    pub(super) async fn change(
        &self,
        context: &Context,
        verb: &'static str,
        asked: Value,
        action: Action,
        ask: impl Fn(&RecordsPlan) -> Option<String>,
    ) -> Result<Option<Changed>> {
        let edits = [Edit {
            name: self.name.clone(),
            rtype: self.rtype,
            action,
        }];
        let request = json!({ "zone": self.zone, "values": self.values, "options": asked });
        let outcome = Change::new(verb, self.words(), request)
            .run(context, async |session, world, _| {
                let observed = observe_name(&**session, &world.providers, &self.zone, &self.name).await?;
                let account = owner(context, session, &observed).await?;
                let planned = plan_change(&observed, &edits, account)?;
                check_names(&**session, &observed, &planned, account).await?;
                let question = ask(&planned);
                let result = serde_json::to_value(Changed::planned(self, &planned)).unwrap_or_default();
                let plan = Plan {
                    kind: verb,
                    target: self.words(),
                    account: Some(account),
                    request: Value::Null,
                    steps: planned.steps,
                    claims: Vec::new(),
                    result,
                };
                Ok(Proposal {
                    question,
                    ..Proposal::from(plan)
                })
            })
            .await?;
        match outcome {
            Outcome::Shown => Ok(None),
            Outcome::Unchanged(result) => {
                context
                    .ui
                    .note(&format!("{} is so already; unchanged", self.words()));
                Changed::read(&result, "unchanged", None).map(Some)
            }
            Outcome::Done(done) => {
                tell_unseen(&context.ui, &done);
                let state = if done.result.get("ttl").is_some_and(Value::is_null) {
                    "deleted"
                } else {
                    "active"
                };
                Changed::read(&done.result, state, Some(done.operation.to_string())).map(Some)
            }
        }
    }
}

/// Whose the values will be: the named account's, the owner's of the zone, or the only one's in a zone that is bound.
pub(in crate::commands::dns) async fn owner(
    context: &Context,
    session: &Session,
    observed: &Observed,
) -> Result<Uuid> {
    match (visible(context, &**session).await?, &observed.row) {
        (Some(account), _) => Ok(account),
        (None, Some(row)) => Ok(row.account),
        (None, None) if observed.live.is_none() => Ok(Uuid::nil()),
        (None, None) => Ok(account::pick(&**session, None).await?.id),
    }
}

/// Asks for what others made, and for what belongs to another account.
pub(in crate::commands::dns) fn question(plan: &RecordsPlan) -> Option<String> {
    let whose = [
        (&plan.replaces_foreign, "not made by hostctl"),
        (&plan.replaces_others, "of another account"),
    ];
    let parts = whose.into_iter().filter(|(values, _)| !values.is_empty());
    let parts: Vec<String> = parts
        .map(|(values, whose)| format!("{}, {whose}", First(values)))
        .collect();
    (!parts.is_empty()).then(|| format!("replace {}?", parts.join("; ")))
}
