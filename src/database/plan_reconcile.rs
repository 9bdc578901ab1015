//! From what bears a mark that nobody accounts for to the steps that make it ours again, or take it away. Pure.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::entry::Entrants;
use super::inventory::Database;
use super::markers::{Marked, Thing};
use super::plan::{KIND, Kept, change};
use super::remark::{Commented, Kind};
use super::subject::mark;
use super::{Clear, Forget, Hide, Record, Remark, Subject};
use crate::error::{Error, Result};
use crate::journal::{
    Change, Marker, OutsideStep, Place, PlannedStep, Reversal, Secrets, StepRecord, StepState, Turned,
};
use crate::trash;

/// Plans that it is ours again; a database that no row knows becomes `account`'s.
///
/// # Errors
/// `conflict`, reason `not_adoptable`, where it has to be put right first.
pub fn plan_adopt_marked(marked: &Marked, account: Uuid) -> Result<Vec<PlannedStep>> {
    match &marked.thing {
        Thing::Whole {
            subject,
            comments,
            can_login: true,
            ..
        } => adopt_whole(subject, comments, account),
        Thing::Relabelled {
            subject,
            kind,
            name,
            comment,
            after,
        } => {
            let thing = Commented {
                kind: *kind,
                name: name.clone(),
                before: comment.clone(),
                after: Some(after.clone()),
                as_role: None,
            };
            let step = Remark::of(subject, vec![thing]);
            let described = change("remark", marked.sighting.what.clone(), Some(comment), Some(after));
            Ok(vec![PlannedStep::outside(&step, described)?])
        }
        Thing::Hidden { row, by, login } => Ok(vec![bring_back(row, *by, *login)?]),
        Thing::Whole { .. } | Thing::Leftover { .. } | Thing::Suspect { .. } | Thing::Missing { .. } => {
            Err(marked.sighting.refused("adopted"))
        }
    }
}

/// Plans that it goes: a whole database into the trash for `retention`, what is unfinished for good; of what may be
/// anybody's only the mark, of a row whose database is not there the row.
///
/// # Errors
/// `conflict`, reason `not_removable`.
pub fn plan_remove_marked(marked: &Marked, retention: Duration) -> Result<Vec<PlannedStep>> {
    let what = marked.sighting.what.clone();
    match &marked.thing {
        Thing::Whole {
            subject,
            comments,
            can_login,
            replaced,
            entrants,
        } => {
            let kept = Kept {
                subject: subject.clone(),
                role_operation: made(marked)?.operation,
                replaced: replaced.clone(),
            };
            remove_whole(marked, &kept, &comments[0], *can_login, entrants, retention)
        }
        Thing::Leftover {
            kind,
            name,
            comment,
            owner,
        } => {
            let step = Clear {
                cluster: marked.cluster.clone(),
                substrate: marked.substrate.clone(),
                kind: *kind,
                name: name.clone(),
                comment: comment.clone(),
                owner: owner.clone(),
            };
            let described = Change {
                undo: Reversal::ForwardOnly,
                ..change("drop", what, Some("left over"), None)
            };
            Ok(vec![PlannedStep::outside(&step, described)?.pivot()])
        }
        Thing::Suspect {
            kind,
            name,
            comment,
            owner,
        } => {
            let step = Remark {
                cluster: marked.cluster.clone(),
                substrate: marked.substrate.clone(),
                resource: marked.sighting.item.clone(),
                things: vec![Commented {
                    kind: *kind,
                    name: name.clone(),
                    before: comment.clone(),
                    after: Some(String::new()),
                    as_role: owner.clone(),
                }],
            };
            let described = change("remark", what, Some(comment), None);
            Ok(vec![PlannedStep::outside(&step, described)?])
        }
        Thing::Missing { row } => {
            let forget = Forget::of(row, &row.subject()?);
            let described = change("forget", what, Some(&row.state), None);
            Ok(vec![PlannedStep::in_control(&forget, described)?])
        }
        Thing::Relabelled { .. } | Thing::Hidden { .. } => Err(marked.sighting.refused("removed")),
    }
}

fn adopt_whole(subject: &Subject, comments: &[String; 3], account: Uuid) -> Result<Vec<PlannedStep>> {
    let parts = [
        (Kind::Database, subject.name.as_str()),
        (Kind::Role, subject.name.as_str()),
        (Kind::Role, subject.owner.as_str()),
    ];
    let things = parts.into_iter().zip(comments);
    let things = things.map(|((kind, name), comment)| Commented {
        kind,
        name: name.to_owned(),
        before: comment.clone(),
        after: None,
        as_role: None,
    });
    let remark = Remark::of(subject, things.collect());
    let record = Record {
        subject: subject.clone(),
        account_id: account,
    };
    let words = subject.words();
    let marked = change(
        "adopt",
        words.clone(),
        Some("unknown to the journal"),
        Some("ours"),
    );
    Ok(vec![
        PlannedStep::outside(&remark, marked)?,
        PlannedStep::in_control(&record, change("record", words, None, Some("active")))?,
    ])
}

/// What hid it is taken back, as its own operation would have done.
fn bring_back(row: &Database, by: Marker, login: u32) -> Result<PlannedStep> {
    let subject = row.subject()?;
    let is_active = row.state == "active";
    // Who else might enter it nobody remembers.
    let entrants = match is_active {
        true => Entrants::only(login),
        false => Entrants::default(),
    };
    let hide = Hide {
        subject: subject.clone(),
        database_operation: row.database_operation,
        role_operation: row.role_operation,
        comment: mark(row.database_operation).to_string(),
        can_login: is_active,
        renames_role: true,
        entrants: Some(entrants),
    };
    let step = StepRecord {
        operation: by.operation,
        number: by.step,
        kind: Hide::KIND.to_owned(),
        version: Hide::VERSION,
        resource: subject.resource(),
        place: Place::Outside(subject.substrate.clone()),
        parameters: parameters(&hide)?,
        secrets: Secrets::default(),
        is_pivot: false,
        state: StepState::Applied,
        output: None,
    };
    let described = change("show", subject.words(), Some("hidden"), Some(&row.state));
    Turned::plan(step, by.epoch, described, None)
}

fn parameters(hide: &Hide) -> Result<Value> {
    serde_json::to_value(hide).map_err(|error| Error::internal("a step cannot be written down").source(error))
}

/// Who made it.
fn made(marked: &Marked) -> Result<Marker> {
    let made = marked.sighting.marker;
    made.ok_or_else(|| Error::internal("a database without its mark"))
}

fn remove_whole(
    marked: &Marked,
    kept: &Kept,
    comment: &str,
    can_login: bool,
    entrants: &Entrants,
    retention: Duration,
) -> Result<Vec<PlannedStep>> {
    let subject = &kept.subject;
    let hide = Hide {
        subject: subject.clone(),
        database_operation: made(marked)?.operation,
        role_operation: kept.role_operation,
        comment: comment.to_owned(),
        can_login,
        renames_role: true,
        entrants: Some(entrants.clone()),
    };
    let name = format!("{}/{}", subject.cluster, subject.name);
    let described = change(
        "hide",
        subject.words(),
        Some("unknown to the journal"),
        Some("hidden"),
    );
    Ok(vec![
        PlannedStep::outside(&hide, described)?,
        trash::keep(KIND, &name, None, json!(kept), retention)?,
    ])
}
