//! Planning changes of records. Pure: from what is asked and what was observed to steps.
//!
//! Every edit works on the set as it was read, so that values of others survive; what is sent in the end is the whole set.

mod import;
mod others;
mod words;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::inventory::RecordRow;
use super::observe::Observed;
use super::provider;
use super::rrset::{Member, RrSet};
use super::step::{self, OfZone, RecordsChange, RecordsRecord, SetImages};
use super::zone;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::model::record::{RecordSet, conflicts};
use crate::model::{RecordData, RecordName, RecordType, Ttl};

pub use import::import_edits;
pub use others::check_names;
pub use words::in_brief;

/// One wish about one set.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which set.
    pub name: RecordName,
    /// Which set.
    pub rtype: RecordType,
    /// What becomes of it.
    pub action: Action,
}

/// What becomes of a set.
#[derive(Clone, Debug)]
pub enum Action {
    /// These values are added, and switched on where they were off. Without a TTL that of the set is kept, or the default taken.
    Add(Vec<RecordData>, Option<Ttl>),
    /// As `Add`; values that somebody else has put there already become ours.
    Adopt(Vec<RecordData>, Option<Ttl>),
    /// These values replace all that is there, with this TTL or the default.
    Set(Vec<RecordData>, Option<Ttl>),
    /// As `Set`, of what is served: what the provider keeps without serving it stays so.
    Serve(Vec<RecordData>, Ttl),
    /// These values are removed, or all of them where none are named.
    Delete(Vec<RecordData>),
}

/// The steps, and what a person should know before they are taken.
#[derive(Debug)]
pub struct RecordsPlan {
    /// Empty where everything is already as it shall be.
    pub steps: Vec<PlannedStep>,
    /// Values of others that would be replaced: ask first. `www.example.test A 192.0.2.9`.
    pub replaces_foreign: Vec<String>,
    /// Values of ours that would be replaced, and belong to another account than the one that asks: ask first as well.
    pub replaces_others: Vec<String>,
    /// Every set that was named, as it is and as it shall be, also where that is the same.
    pub sets: Vec<SetImages>,
}

type Key = (RecordName, RecordType);

/// Plans all edits as one change: one request, one new serial.
///
/// # Errors
/// `not_found` for a zone or a value that is not there; `conflict` with reasons `foreign` (the zone is neither ours nor bound
/// to its provider, or a value that is to be deleted is not ours), `taken` (a value that would go or come is another account's,
/// in a zone that is nobody's), `ttl`, `cname`, `spf`; `invalid` for what no zone may hold.
pub fn plan_change(observed: &Observed, edits: &[Edit], account: Uuid) -> Result<RecordsPlan> {
    observed.check_account(account)?;
    let Some(live) = &observed.live else {
        return Err(observed.missing());
    };
    if !observed.is_ours() && !observed.target.is_bound {
        let provider = &observed.target.location.provider;
        let hint = format!(
            "zones = [\"{}\"] below [dns.{provider}] lets hostctl keep records in it",
            observed.zone
        );
        return Err(observed.foreign().hint(hint));
    }
    let mut wanted: BTreeMap<Key, Option<RrSet>> = BTreeMap::new();
    let mark = provider::update::mark_name(&observed.zone)?;
    for edit in edits {
        if edit.name == mark && edit.rtype == RecordType::Txt {
            let message = format!("{mark} TXT is where hostctl keeps its mark of the last change");
            return Err(Error::new(Kind::Usage, "reserved", message));
        }
        let key = (edit.name.clone(), edit.rtype);
        let current = match wanted.get(&key) {
            Some(set) => set.clone(),
            None => live.set(&edit.name, edit.rtype).cloned(),
        };
        wanted.insert(key, after(observed, edit, current)?);
    }
    let sets: Vec<SetImages> = wanted
        .into_iter()
        .map(|((name, rtype), after)| SetImages {
            before: live.set(&name, rtype).cloned(),
            after,
            name,
            rtype,
        })
        .collect();
    let changes = sets.iter().filter(|images| images.before != images.after);
    let images: Vec<SetImages> = changes.cloned().collect();
    others::check_values(observed, &images, account)?;
    check(observed, &live.sets, &images)?;
    if observed.target.takes_updates && !images.is_empty() {
        provider::update::check(live, &step::changes(&images))?;
    }
    let adopted = adopted(observed, edits, account);
    if images.is_empty() && adopted.is_empty() {
        return Ok(RecordsPlan {
            steps: Vec::new(),
            replaces_foreign: Vec::new(),
            replaces_others: Vec::new(),
            sets,
        });
    }
    let is_others = |row: Option<&RecordRow>| row.is_some_and(|row| row.account != account);
    Ok(RecordsPlan {
        replaces_foreign: others::replaced(observed, &images, |row| row.is_none()),
        replaces_others: others::replaced(observed, &images, is_others),
        steps: steps(observed, images, adopted, account)?,
        sets,
    })
}

/// Plans the end of every value that `account` has in a zone which is not its own: those at the provider are deleted, and
/// rows of values that others have deleted go.
///
/// # Errors
/// As [`plan_change`].
pub fn plan_release(observed: &Observed, account: Uuid) -> Result<Vec<PlannedStep>> {
    let holds = |row: &RecordRow| {
        let set = observed
            .live
            .as_ref()
            .and_then(|live| live.set(&row.name, row.data.rtype()));
        set.is_some_and(|set| set.holds(&row.data))
    };
    let rows = observed
        .owned_rows()
        .into_iter()
        .filter(|row| row.account == account);
    let (live, stale): (Vec<RecordRow>, Vec<RecordRow>) = rows.partition(holds);
    let edits: Vec<Edit> = live
        .into_iter()
        .map(|row| Edit {
            name: row.name,
            rtype: row.data.rtype(),
            action: Action::Delete(vec![row.data]),
        })
        .collect();
    let mut steps = Vec::new();
    if !edits.is_empty() {
        steps = plan_change(observed, &edits, account)?.steps;
    }
    if !stale.is_empty() {
        let counted = format!("{} removed", stale.len());
        let record = RecordsRecord {
            zone: observed.zone.clone(),
            of: observed.row.as_ref().map(OfZone::new),
            add: Vec::new(),
            remove: stale,
        };
        let change = zone::change("record", "inventory of zone", &observed.zone, None, Some(counted));
        steps.push(PlannedStep::in_control(&record, change)?);
    }
    Ok(steps)
}

/// The set as it shall be.
fn after(observed: &Observed, edit: &Edit, current: Option<RrSet>) -> Result<Option<RrSet>> {
    match &edit.action {
        Action::Add(values, ttl) | Action::Adopt(values, ttl) => add(edit, current, values, *ttl).map(Some),
        Action::Set(values, ttl) => {
            let mut set = new_set(edit, ttl.unwrap_or(Ttl::DEFAULT));
            set.comments = current.map(|current| current.comments).unwrap_or_default();
            insert(&mut set, values);
            Ok((!set.members.is_empty()).then_some(set))
        }
        Action::Serve(values, ttl) => {
            let mut set = current.unwrap_or_else(|| new_set(edit, *ttl));
            set.ttl = ttl.seconds();
            set.members
                .retain(|member| member.disabled && !values.contains(&member.data));
            insert(&mut set, values);
            Ok(Some(set))
        }
        Action::Delete(values) => delete(observed, edit, current, values),
    }
}

fn add(edit: &Edit, current: Option<RrSet>, values: &[RecordData], ttl: Option<Ttl>) -> Result<RrSet> {
    let mut set = current.unwrap_or_else(|| new_set(edit, ttl.unwrap_or(Ttl::DEFAULT)));
    if let Some(ttl) = ttl.filter(|ttl| ttl.seconds() != set.ttl) {
        let (Edit { name, rtype, .. }, old, new) = (edit, set.ttl, ttl.seconds());
        let message = format!("{name} {rtype} has TTL {old}, not {new}; a set has one (RFC 2181 §5.2)");
        return Err(Error::new(Kind::Conflict, "ttl", message).hint(format!(
            "--ttl {old}, or dns record set with all values to change it"
        )));
    }
    insert(&mut set, values);
    Ok(set)
}

fn delete(
    observed: &Observed,
    edit: &Edit,
    current: Option<RrSet>,
    values: &[RecordData],
) -> Result<Option<RrSet>> {
    let Edit { name, rtype, .. } = edit;
    let missing = |what: String| {
        Error::new(
            Kind::NotFound,
            "not_found",
            format!("no record {name} {rtype}{what} in zone {}", observed.zone),
        )
        .hint(format!("hostctl dns record list {}", observed.zone))
    };
    let mut set = current.ok_or_else(|| missing(String::new()))?;
    if let Some(value) = values.iter().find(|value| !set.holds(value)) {
        return Err(missing(format!(" {value}")));
    }
    let goes = |member: &Member| values.is_empty() || values.contains(&member.data);
    if let Some(foreign) = set
        .members
        .iter()
        .find(|member| goes(member) && !observed.owns(name, &member.data))
    {
        let message = format!("{name} {rtype} {} was not made by hostctl", foreign.data);
        return Err(Error::new(Kind::Conflict, "foreign", message)
            .hint("dns record set replaces values of others, after asking"));
    }
    set.members.retain(|member| !goes(member));
    Ok((!set.members.is_empty()).then_some(set))
}

fn insert(set: &mut RrSet, values: &[RecordData]) {
    for data in values {
        let there = set.members.iter_mut().filter(|member| member.data == *data);
        let count = there.map(|member| member.disabled = false).count();
        if count == 0 {
            set.members.push(Member {
                data: data.clone(),
                disabled: false,
            });
        }
    }
}

fn new_set(edit: &Edit, ttl: Ttl) -> RrSet {
    RrSet {
        name: edit.name.clone(),
        rtype: edit.rtype,
        ttl: ttl.seconds(),
        members: Vec::new(),
        comments: Vec::new(),
    }
}

/// What the server might swallow silently, or refuse only after the row was written.
fn check(observed: &Observed, existing: &[RrSet], images: &[SetImages]) -> Result<()> {
    let existing: Vec<RecordSet> = existing
        .iter()
        .map(|set| (set.name.clone(), set.rtype, set.data()))
        .collect();
    let change: Vec<RecordSet> = images
        .iter()
        .map(|image| {
            let data = image.after.as_ref().map(RrSet::data).unwrap_or_default();
            (image.name.clone(), image.rtype, data)
        })
        .collect();
    conflicts(observed.zone.domain(), &existing, &change)
}

/// Rows for the values that are there, are to be adopted, and are not ours.
fn adopted(observed: &Observed, edits: &[Edit], account: Uuid) -> Vec<RecordRow> {
    let mut rows = Vec::new();
    for Edit { name, rtype, action } in edits {
        let Action::Adopt(values, _) = action else {
            continue;
        };
        let set = observed.live.as_ref().and_then(|live| live.set(name, *rtype));
        let there = values
            .iter()
            .filter(|data| set.is_some_and(|set| set.holds(data)));
        let foreign = there.filter(|data| !observed.owns(name, data));
        rows.extend(foreign.map(|data| step::new_row(&observed.zone, account, name, data)));
    }
    rows
}

fn steps(
    observed: &Observed,
    images: Vec<SetImages>,
    adopted: Vec<RecordRow>,
    account: Uuid,
) -> Result<Vec<PlannedStep>> {
    let (mut add, mut remove): (Vec<RecordRow>, Vec<RecordRow>) = (adopted, Vec::new());
    for SetImages {
        name, before, after, ..
    } in &images
    {
        for member in before.iter().flat_map(|set| &set.members) {
            if !after.as_ref().is_some_and(|after| after.holds(&member.data)) {
                remove.extend(observed.owned_row(name, &member.data).cloned());
            }
        }
        for member in after.iter().flat_map(|set| &set.members) {
            let is_new =
                !member.disabled && !before.as_ref().is_some_and(|before| before.serves(&member.data));
            // A stale row (the value went behind our back) is as good as a new one.
            if is_new && !observed.owns(name, &member.data) {
                add.push(step::new_row(&observed.zone, account, name, &member.data));
            }
        }
    }
    let change = Change {
        undo: Reversal::VisibleForTtl,
        ..zone::change(
            "change",
            "records of zone",
            &observed.zone,
            words::shown(images.iter().filter_map(|image| image.before.as_ref())),
            words::shown(images.iter().filter_map(|image| image.after.as_ref())),
        )
    };
    let counted = format!("{} added, {} removed", add.len(), remove.len());
    let inventory = zone::change("record", "inventory of zone", &observed.zone, None, Some(counted));
    let record = RecordsRecord {
        zone: observed.zone.clone(),
        of: observed.row.as_ref().map(OfZone::new),
        add,
        remove,
    };
    let record = PlannedStep::in_control(&record, inventory)?;
    if images.is_empty() {
        // Everything is there already: nothing is written at the provider, and nothing is taken back there.
        return Ok(vec![record]);
    }
    let ours = observed.live.as_ref().filter(|_| observed.is_ours());
    Ok(vec![
        record,
        PlannedStep::outside(
            &RecordsChange {
                location: observed.target.location.clone(),
                zone: observed.zone.clone(),
                made_by: ours.map(|live| live.account.clone()),
                serial: observed.telling_serial(),
                sets: images,
            },
            change,
        )?,
        zone::published(observed)?,
    ])
}

#[cfg(test)]
mod tests;
