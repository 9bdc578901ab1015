//! Planning zones. Pure: from a request and what was observed to steps.
//!
//! The row comes first and the zone after it, so that the name is taken before anybody can see the zone; when a zone ends,
//! the row goes first too, because deleting the zone cannot be taken back and is therefore last.

use serde_json::Value;
use uuid::Uuid;

use super::guard::Protected;
use super::inventory::{self, RecordRow, ZoneRow};
use super::observe::Observed;
use super::provider::{Backup, no_mark};
use super::rrset::{Member, NewRecord, RrSet, sets_of};
use super::step::{self, BACKUP, Published, ZoneAdopt, ZoneCreate, ZoneDelete, ZoneForget, ZoneRecord};
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, Marker, PlannedStep, Reversal};
use crate::model::escape::excerpt;
use crate::model::record::conflicts;
use crate::model::{HostName, RecordData, RecordName, RecordType, Ttl, ZoneName};
use crate::trash::{self, Fate};

/// A zone that is asked for.
#[derive(Clone, Debug)]
pub struct CreateZone {
    /// Who is to own it.
    pub account: Uuid,
    /// Its name servers; those of the provider where none are given.
    pub nameservers: Vec<HostName>,
    /// What it is to hold besides SOA and the name servers' NS.
    pub records: Vec<NewRecord>,
    /// Whether a public suffix will do, below which everything belongs to strangers.
    pub allows_public_suffix: bool,
}

/// Seconds: refresh, retry, expire (RIPE-203 for small zones, with a shorter refresh), negative TTL (RFC 2308 §5).
const TIMERS: &str = "10800 3600 604800 3600";

/// Plans a new zone, complete with its first records.
///
/// # Errors
/// `conflict`, reasons `exists`, `foreign` (also where it would hide names of a zone of others, or be hidden by one), `cname`,
/// `spf`; `usage` for a public suffix, where the provider makes
/// no zones, where it would have no name servers, or holds what no
/// zone may hold.
pub fn plan_create(request: &CreateZone, observed: &Observed) -> Result<Vec<PlannedStep>> {
    let zone = &observed.zone;
    if observed.row.is_some() {
        return Err(inventory::exists(zone));
    }
    if observed.live.is_some() {
        return Err(observed.foreign());
    }
    check_makes_zones(observed)?;
    check_suffix(zone, request.allows_public_suffix)?;
    let target = &observed.target;
    observed.around.check_above(zone, &target.location.provider)?;
    let sets = all_sets(request, observed)?;
    observed
        .around
        .check_below(zone, &target.location.provider, &sets)?;
    let record = ZoneRecord {
        zone: zone.clone(),
        account: request.account,
        provider: target.location.provider.clone(),
        records: owned(zone, request.account, &sets),
    };
    let create = ZoneCreate {
        location: target.location.clone(),
        zone: zone.clone(),
        kind: target.kind.clone(),
        soa_edit_api: target.soa_edit_api.clone(),
        sets,
    };
    Ok(vec![
        PlannedStep::in_control(
            &record,
            change(
                "record",
                "inventory of zone",
                zone,
                None,
                Some("active".to_owned()),
            ),
        )?,
        PlannedStep::outside(
            &create,
            change("create", "zone", zone, None, Some(count(&create.sets))),
        )?,
        published(observed)?,
    ])
}

/// Plans that a zone which somebody else made, and every value in it, becomes ours. Nothing that is served changes.
///
/// # Errors
/// `not_found`; `conflict`: `exists` where it is ours, `foreign` where it bears another hostctl's mark, `taken` where another
/// account has records in it; `usage` for a public suffix.
pub fn plan_adopt(request: &CreateZone, observed: &Observed) -> Result<Vec<PlannedStep>> {
    let zone = &observed.zone;
    if observed.row.is_some() {
        return Err(inventory::exists(zone));
    }
    let Some(live) = &observed.live else {
        return Err(observed.missing().hint("hostctl dns zone list --foreign"));
    };
    if !observed.target.marks_zones {
        return Err(no_mark(zone));
    }
    if Marker::parse(&live.account).is_some() {
        let message = format!("zone {zone} bears a mark of hostctl, but is not in this inventory");
        return Err(Error::new(Kind::Conflict, "foreign", message));
    }
    if observed
        .owned_rows()
        .iter()
        .any(|row| row.account != request.account)
    {
        let message = format!("zone {zone} is taken: another account has records in it");
        return Err(Error::new(Kind::Conflict, "taken", message));
    }
    check_suffix(zone, request.allows_public_suffix)?;
    let mut records = owned(zone, request.account, &live.sets);
    // What is ours already stays so, whatever becomes of this.
    records.retain(|row| !observed.owns(&row.name, &row.data));
    let location = observed.target.location.clone();
    let record = ZoneRecord {
        zone: zone.clone(),
        account: request.account,
        provider: location.provider.clone(),
        records,
    };
    let adopt = ZoneAdopt {
        location,
        zone: zone.clone(),
        account_before: live.account.clone(),
    };
    let before = format!(
        "{}, account field \"{}\"",
        count(&live.sets),
        excerpt(&live.account)
    );
    let recorded = change(
        "record",
        "inventory of zone",
        zone,
        None,
        Some("active".to_owned()),
    );
    let adopted = change(
        "adopt",
        "zone",
        zone,
        Some(before),
        Some("ours, records unchanged".to_owned()),
    );
    Ok(vec![
        PlannedStep::in_control(&record, recorded)?,
        PlannedStep::outside(&adopt, adopted)?,
    ])
}

/// Refuses a provider that only has the zones it has.
fn check_makes_zones(observed: &Observed) -> Result<()> {
    if observed.target.makes_zones {
        return Ok(());
    }
    let (zone, provider) = (&observed.zone, &observed.target.location.provider);
    let message = format!("[dns.{provider}] keeps records and makes no zones");
    Err(Error::new(Kind::Usage, "no_zones", message).hint(format!(
        "make the zone at the server and put zones = [\"{zone}\"] below [dns.{provider}], or configure a catalog"
    )))
}

/// Refuses a public suffix, unless it will do.
///
/// # Errors
/// `usage`, reason `public_suffix`.
pub fn check_suffix(zone: &ZoneName, allows_public_suffix: bool) -> Result<()> {
    if allows_public_suffix || !zone.domain().is_public_suffix() {
        return Ok(());
    }
    let message = format!("zone {zone}: a public suffix, below which everything belongs to strangers");
    Err(Error::new(Kind::Usage, "public_suffix", message).hint("--allow-public-suffix"))
}

/// Plans the end of a zone that is ours. `backup` is what [`Client::backup`](crate::dns::provider::Client::backup) gave;
/// without one there is no way back, whatever its fate was to be.
///
/// # Errors
/// `not_found`; `conflict`, reason `foreign`, where row or marker are missing; `denied`, reason `protected`.
pub fn plan_delete(
    observed: &Observed,
    protected: &Protected,
    backup: Option<&Backup>,
    fate: Fate,
) -> Result<Vec<PlannedStep>> {
    let zone = &observed.zone;
    let Some(row) = &observed.row else {
        return Err(if observed.live.is_some() {
            observed.foreign()
        } else {
            observed.missing()
        });
    };
    protected.check(zone)?;
    let forget = forget(observed, row)?;
    let Some(live) = &observed.live else {
        // Somebody else has deleted it already.
        return Ok(vec![forget]);
    };
    if !observed.is_ours() {
        return Err(observed.foreign().hint(format!(
            "another one has taken the place of ours: hostctl dns zone delete {zone} --forget"
        )));
    }
    let before = match (count(&live.sets), observed.foreign_count()) {
        (all, 0) => all,
        (all, foreign) => format!("{all}, {foreign} of them not made by hostctl"),
    };
    let change = change("delete", "zone", zone, Some(before), None);
    let delete = ZoneDelete {
        location: observed.target.location.clone(),
        image: live.clone(),
        has_backup: backup.is_some(),
    };
    let (Fate::Kept(retention), Some(backup)) = (fate, backup) else {
        let change = Change {
            undo: Reversal::ForwardOnly,
            ..change
        };
        return Ok(vec![forget, PlannedStep::outside(&delete, change)?.pivot()]);
    };
    let delete = PlannedStep::outside(&delete, change)?
        .secret(BACKUP, backup.to_secret()?)
        .keep_secrets();
    let keep = trash::keep("zone", zone.as_str(), Some(row.account), Value::Null, retention)?;
    Ok(vec![forget, delete, keep])
}

fn forget(observed: &Observed, row: &ZoneRow) -> Result<PlannedStep> {
    let forget = ZoneForget {
        row: row.clone(),
        records: observed.owned_rows(),
    };
    let zone = &observed.zone;
    PlannedStep::in_control(
        &forget,
        change("forget", "inventory of zone", zone, Some(row.state.clone()), None),
    )
}

/// Plans to take a zone that another one has taken the place of, or that is gone, out of the inventory. Nothing at the provider is
/// touched.
///
/// # Errors
/// `not_found`; `conflict`, reason `ours`, where it is ours still.
pub fn plan_forget(observed: &Observed) -> Result<Vec<PlannedStep>> {
    let zone = &observed.zone;
    let row = observed.row.as_ref().ok_or_else(|| observed.missing())?;
    if observed.live.is_some() && observed.is_ours() {
        let message = format!("zone {zone} is ours and as we left it");
        return Err(
            Error::new(Kind::Conflict, "ours", message).hint(format!("hostctl dns zone delete {zone}"))
        );
    }
    Ok(vec![forget(observed, row)?])
}

/// Waits until the zone's servers answer with what was written.
///
/// # Errors
/// `internal`.
pub(super) fn published(observed: &Observed) -> Result<PlannedStep> {
    let step = Published {
        location: observed.target.location.clone(),
        zone: observed.zone.clone(),
        query_servers: observed.target.query_servers.clone(),
    };
    let seen = Some("seen on every server".to_owned());
    PlannedStep::outside(&step, change("publish", "zone", &observed.zone, None, seen))
}

/// A row of `--dry-run` about a zone.
pub(super) fn change(
    action: &'static str,
    what: &str,
    zone: &ZoneName,
    before: Option<String>,
    after: Option<String>,
) -> Change {
    Change {
        action,
        resource: format!("{what} {zone}"),
        before,
        after,
        undo: Reversal::Undoable,
    }
}

/// `1 record`, `12 records`.
pub(super) fn count(sets: &[RrSet]) -> String {
    match sets.iter().map(|set| set.members.len()).sum::<usize>() {
        1 => "1 record".to_owned(),
        many => format!("{many} records"),
    }
}

/// SOA, NS and what was asked for; checked as a whole.
fn all_sets(request: &CreateZone, observed: &Observed) -> Result<Vec<RrSet>> {
    let zone = &observed.zone;
    let servers = if request.nameservers.is_empty() {
        &observed.target.nameservers
    } else {
        &request.nameservers
    };
    let Some(first) = servers.first() else {
        let message = format!("zone {zone}: a zone needs name servers");
        let provider = &observed.target.location.provider;
        return Err(Error::invalid(message).hint(format!(
            "--nameserver ns1.example.net, or nameservers = [...] below [dns.{provider}]"
        )));
    };
    let mut records: Vec<NewRecord> = servers
        .iter()
        .map(|server| name_server(zone, server))
        .collect::<Result<_>>()?;
    records.extend(request.records.iter().cloned());
    let sets = sets_of(&records)?;
    let asked: Vec<_> = sets
        .iter()
        .map(|set| (set.name.clone(), set.rtype, set.data()))
        .collect();
    conflicts(zone.domain(), &[], &asked)?;
    let mut all = vec![soa(zone, first)?];
    all.extend(sets);
    Ok(all)
}

fn name_server(zone: &ZoneName, server: &HostName) -> Result<NewRecord> {
    let data = RecordData::parse(RecordType::Ns, &server.absolute(), zone.domain())?.value;
    Ok(NewRecord {
        name: RecordName::apex(zone.domain()),
        ttl: Ttl::DEFAULT,
        data,
    })
}

fn soa(zone: &ZoneName, first: &HostName) -> Result<RrSet> {
    let content = format!(
        "{} hostmaster.{} 1 {TIMERS}",
        first.absolute(),
        zone.domain().absolute()
    );
    Ok(RrSet {
        name: RecordName::apex(zone.domain()),
        rtype: RecordType::Soa,
        ttl: Ttl::DEFAULT.seconds(),
        members: vec![Member {
            data: RecordData::from_presentation(RecordType::Soa, &content)?,
            disabled: false,
        }],
        comments: Vec::new(),
    })
}

/// Rows for all of a new zone's values; marker and time are filled in when they are written.
pub(super) fn owned(zone: &ZoneName, account: Uuid, sets: &[RrSet]) -> Vec<RecordRow> {
    let sets = sets.iter().filter(|set| set.rtype != RecordType::Soa);
    let values = sets.flat_map(|set| set.members.iter().map(move |member| (set, member)));
    values
        .map(|(set, member)| step::new_row(zone, account, &set.name, &member.data))
        .collect()
}

#[cfg(test)]
mod tests;
