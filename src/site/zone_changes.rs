//! From the records that a manifest wants and the zone as it stands to the steps between.
//!
//! Values of others in a set stay, with one exception: where none of the values that were ours is there any more and others
//! stand in their place, somebody replaced ours, and they are replaced in turn (after asking).

use uuid::Uuid;

use super::create::new_records;
use super::records::{self, MailKey};
use crate::config::Config;
use crate::dns::provider::Backup;
use crate::dns::records::{Action, Edit, plan_change};
use crate::dns::step::ZoneForget;
use crate::dns::zone::{self, CreateZone};
use crate::dns::{self, Observed, Protected, RrSet};
use crate::error::Result;
use crate::journal::{Change, PlannedStep, Reversal};
use crate::mail::dkim::PublicKey;
use crate::manifest::{self, Dns, RecordGroup};
use crate::model::{HostName, RecordData, RecordName, RecordType, Ttl};
use crate::trash::Fate;

/// What a zone needs.
#[derive(Debug, Default)]
pub(super) struct ZoneChanges {
    pub steps: Vec<PlannedStep>,
    /// The look whether it is published, for the end.
    pub last: Option<PlannedStep>,
    pub removals: Vec<String>,
    pub replaces: Vec<String>,
}

/// The keys of the mail domain.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    /// The one that signs.
    pub signing: Option<&'a PublicKey>,
    /// Of all that are of use, the one that is to come and the retired ones included: mail that they have signed is under way.
    pub selectors: &'a [String],
}

/// Plans it.
///
/// # Errors
/// Those of `dns`.
#[expect(
    clippy::too_many_arguments,
    reason = "what is wanted, what stands, and how to decide"
)]
pub(super) fn plan(
    site: &manifest::Site,
    dns: &Dns,
    observed: &Observed,
    late: &[String],
    keys: Keys<'_>,
    account: Uuid,
    prunes: bool,
    config: &Config,
) -> Result<ZoneChanges> {
    let mail = site.mail.as_ref().map(|_| MailKey(keys.signing));
    let groups = wanted(site, dns, mail, config)?;
    let is_there = observed.live.is_some() && (observed.row.is_some() || observed.target.is_bound);
    if is_there {
        change(observed, &groups, late, account, prunes.then_some(keys.selectors))
    } else {
        create(observed, groups, account)
    }
}

/// What the zone is to hold besides SOA and NS.
pub(super) fn wanted(
    site: &manifest::Site,
    dns: &Dns,
    mail: Option<MailKey<'_>>,
    config: &Config,
) -> Result<Vec<RecordGroup>> {
    let configured = || config.site_addresses.clone();
    let addresses = dns.addresses.clone().unwrap_or_else(configured);
    let generated = match dns.defaults {
        true => records::generated(&site.domain, &addresses, mail, config)?,
        false => Vec::new(),
    };
    Ok(records::wanted(dns, generated))
}

/// A new zone; also for one that the inventory knows and the provider has lost.
fn create(observed: &Observed, groups: Vec<RecordGroup>, account: Uuid) -> Result<ZoneChanges> {
    let mut changes = ZoneChanges::default();
    let (servers, groups): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|group| is_apex(observed, &group.name, group.rtype));
    let mut names: Vec<RecordData> = servers.into_iter().flat_map(|group| group.values).collect();
    let mut fresh = observed.clone();
    if let Some(row) = fresh.row.take() {
        let owned: Vec<_> = observed.owned.values().flatten().cloned().collect();
        if names.is_empty() {
            let servers = owned
                .iter()
                .filter(|row| is_apex(observed, &row.name, row.data.rtype()));
            names = servers.map(|row| row.data.clone()).collect();
        }
        let change = Change {
            action: "forget",
            resource: format!("inventory of zone {}", observed.zone),
            before: Some(format!("{}, gone at {}", row.state, row.provider)),
            after: None,
            undo: Reversal::Undoable,
        };
        changes.steps.push(PlannedStep::in_control(
            &ZoneForget { row, records: owned },
            change,
        )?);
        fresh.owned.clear();
    }
    let nameservers = names.iter().map(|data| data.value().parse::<HostName>());
    let request = CreateZone {
        account,
        nameservers: nameservers.collect::<Result<_>>()?,
        records: groups.into_iter().flat_map(new_records).collect(),
        allows_public_suffix: false,
    };
    let mut steps = zone::plan_create(&request, &fresh)?;
    changes.last = steps.pop();
    changes.steps.extend(steps);
    Ok(changes)
}

fn change(
    observed: &Observed,
    groups: &[RecordGroup],
    late: &[String],
    account: Uuid,
    pruned_but: Option<&[String]>,
) -> Result<ZoneChanges> {
    let mut changes = ZoneChanges::default();
    let seen = observed.seen_by(account);
    let servers = owned_servers(&seen, groups);
    let mut edits = Vec::new();
    for group in groups.iter().chain(&servers) {
        edits.extend(edit(&seen, group));
    }
    if let Some(selectors) = pruned_but {
        let (more, removals) = extras(&seen, groups, selectors);
        edits.extend(more);
        changes.removals = removals;
    }
    let planned = plan_change(observed, &edits, account)?;
    changes.replaces = planned.replaces_foreign;
    changes.replaces.extend(planned.replaces_others);
    changes.steps = planned.steps;
    changes.last = changes.steps.pop();
    if changes.last.is_none() && !late.is_empty() {
        changes.last = Some(dns::plan_published(observed, late)?);
    }
    Ok(changes)
}

/// The name servers that we gave the zone, unless the manifest names others.
fn owned_servers(observed: &Observed, groups: &[RecordGroup]) -> Option<RecordGroup> {
    let apex = RecordName::apex(observed.zone.domain());
    if groups
        .iter()
        .any(|group| is_apex(observed, &group.name, group.rtype))
    {
        return None;
    }
    let owned = observed.owned.get(&apex)?.iter();
    let values: Vec<RecordData> = owned
        .filter(|row| row.data.rtype() == RecordType::Ns)
        .map(|row| row.data.clone())
        .collect();
    let live = observed.live.as_ref()?.set(&apex, RecordType::Ns);
    (!values.is_empty()).then(|| RecordGroup {
        ttl: live
            .and_then(|set| Ttl::from_seconds(u64::from(set.ttl)).ok())
            .unwrap_or(Ttl::DEFAULT),
        name: apex,
        rtype: RecordType::Ns,
        values,
    })
}

/// What makes the set of a group as it shall be; nothing where it is.
fn edit(observed: &Observed, group: &RecordGroup) -> Vec<Edit> {
    let with = |action| Edit {
        name: group.name.clone(),
        rtype: group.rtype,
        action,
    };
    let live = observed
        .live
        .as_ref()
        .and_then(|live| live.set(&group.name, group.rtype));
    let Some(live) = live else {
        return vec![with(Action::Add(group.values.clone(), Some(group.ttl)))];
    };
    let is_owned = |data: &RecordData| observed.owns(&group.name, data);
    if is_replaced(observed, group, live) {
        return vec![with(Action::Set(group.values.clone(), Some(group.ttl)))];
    }
    if live.ttl != group.ttl.seconds() {
        // What others have switched off stays so.
        let served = live.members.iter().filter(|member| !member.disabled);
        let others = served.map(|member| &member.data);
        let others = others.filter(|data| !is_owned(data) && !group.values.contains(data));
        let values = group.values.iter().chain(others).cloned().collect();
        let is_left =
            |data: &RecordData| is_owned(data) && !group.values.contains(data) && !live.serves(data);
        let left: Vec<_> = live.data().into_iter().filter(is_left).collect();
        let mut edits = vec![with(Action::Serve(values, group.ttl))];
        edits.extend((!left.is_empty()).then(|| with(Action::Delete(left))));
        return edits;
    }
    let missing: Vec<_> = group
        .values
        .iter()
        .filter(|data| !live.serves(data))
        .cloned()
        .collect();
    let stale: Vec<_> = live
        .data()
        .into_iter()
        .filter(|data| is_owned(data) && !group.values.contains(data))
        .collect();
    let mut edits = Vec::new();
    if !missing.is_empty() {
        edits.push(with(Action::Add(missing, None)));
    }
    if !stale.is_empty() {
        edits.push(with(Action::Delete(stale)));
    }
    edits
}

/// Whether others stand where ours stood.
fn is_replaced(observed: &Observed, group: &RecordGroup, live: &RrSet) -> bool {
    let rows = observed.owned.get(&group.name).into_iter().flatten();
    let mut ours = rows.filter(|row| row.data.rtype() == group.rtype).peekable();
    ours.peek().is_some()
        && !ours.any(|row| live.holds(&row.data))
        && !group.values.iter().any(|data| live.holds(data))
}

/// Values of ours in sets that the manifest does not name, keys of these `selectors` apart.
fn extras(observed: &Observed, groups: &[RecordGroup], selectors: &[String]) -> (Vec<Edit>, Vec<String>) {
    let zone = observed.zone.domain();
    let is_key = |set: &RrSet| {
        let is_below = |selector: &String| {
            RecordName::parse(&format!("{selector}._domainkey"), zone)
                .is_ok_and(|name| name.value == set.name)
        };
        set.rtype == RecordType::Txt && selectors.iter().any(is_below)
    };
    let sets = observed.live.iter().flat_map(|live| &live.sets);
    let is_extra = |set: &&RrSet| {
        let is_named = groups.iter().any(|group| set.key() == (&group.name, group.rtype));
        !is_named && !is_key(set) && set.rtype != RecordType::Soa && !is_apex(observed, &set.name, set.rtype)
    };
    let (mut edits, mut removals) = (Vec::new(), Vec::new());
    for set in sets.filter(is_extra) {
        let owned: Vec<RecordData> = set
            .data()
            .into_iter()
            .filter(|data| observed.owns(&set.name, data))
            .collect();
        if owned.is_empty() {
            continue;
        }
        removals.push(format!("records {} {}", set.name, set.rtype));
        edits.push(Edit {
            name: set.name.clone(),
            rtype: set.rtype,
            action: Action::Delete(owned),
        });
    }
    (edits, removals)
}

/// The end of the zone; it can be brought back where `backup` holds what it could not be made again without.
pub(super) fn drop_zone(
    observed: &Observed,
    backup: Option<&Backup>,
    config: &Config,
) -> Result<ZoneChanges> {
    if observed.row.is_none() {
        return Ok(ZoneChanges::default());
    }
    // What is in it goes with it, and counts.
    let sets = observed.live.iter().flat_map(|live| &live.sets);
    let sets = sets.filter(|set| set.rtype != RecordType::Soa);
    let mut removals = vec![format!("zone {}", observed.zone)];
    removals.extend(sets.map(|set| format!("records {} {}", set.name, set.rtype)));
    Ok(ZoneChanges {
        steps: zone::plan_delete(
            observed,
            &Protected::new(config),
            backup,
            Fate::Kept(config.trash_retention),
        )?,
        removals,
        ..ZoneChanges::default()
    })
}

/// Whether it is the set of the zone's own name servers.
fn is_apex(observed: &Observed, name: &RecordName, rtype: RecordType) -> bool {
    rtype == RecordType::Ns && name.is_apex(observed.zone.domain())
}
