//! From what a manifest says and what stands to the steps between. Pure.

mod mail;
mod own;

use serde_json::{Value, json};
use uuid::Uuid;

use super::create::kept;
use super::delete::pivots_last;
use super::look::{Look, limits, new_database};
use super::material::Material;
use super::recorded::Recorded;
use super::steps::{Image, Record, Replace};
use super::zone_changes::{self, ZoneChanges};
use crate::config::Config;
use crate::database::{self, RowState};
use crate::error::{Error, Kind, Result};
use crate::hook::Hooks;
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::manifest;
use crate::model::Password;
use crate::trash::Fate;

/// The way from what stands to what is wanted.
#[derive(Debug)]
pub struct Converged {
    /// Without steps where there is nothing to do.
    pub plan: Plan,
    /// What goes, in words; only where pruning was asked for.
    pub removals: Vec<String>,
    /// Values of others that stand in the place of ours and are replaced.
    pub replaces: Vec<String>,
    /// What stands although neither the manifest names it nor the program made it, in words; nothing where it goes.
    pub extras: Vec<String>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// How many parts stand: the database, the mail domain, each box and alias, the zone, each set of records, each own step.
    pub parts: usize,
}

/// Plans it. `operation` is the identifier under which the plan will begin.
///
/// # Errors
/// Those of each part.
pub fn converge(
    operation: Uuid,
    site: &manifest::Site,
    look: Look,
    material: Material,
    prunes: bool,
    hooks: &Hooks,
    config: &Config,
) -> Result<Converged> {
    let parts = parts(&look);
    let state = check_awake(site, &look)?;
    let mut work = Work {
        operation,
        site,
        config,
        prunes,
        fate: Fate::Kept(config.trash_retention),
        steps: Vec::new(),
        claims: vec![format!("site:{}", site.domain)],
        removals: Vec::new(),
        extras: Vec::new(),
        notes: Vec::new(),
    };
    let Look {
        owner,
        site: row,
        database,
        room,
        former,
        mail,
        recorded,
        selectors,
        zone,
        backup,
        late,
        own,
    } = look;
    let Material {
        database: password,
        boxes,
        keys,
    } = material;
    let cluster = database
        .as_ref()
        .map(|found| found.existing.subject.cluster.clone())
        .or_else(|| room.as_ref().map(|room| room.cluster.clone()));
    let key = match (&mail, &keys) {
        (Some(image), _) => image.dkim.clone(),
        (None, keys) => keys.as_ref().map(|keys| keys.public.clone()),
    };
    let after = work.image(&owner, row.as_ref(), cluster, state)?;
    let own = work.own(hooks, &owner, &after, own)?;
    work.steps.extend(own.ends);
    work.database(&owner, (database, room), former.as_ref(), &recorded, password)?;
    work.mail(owner.id, mail, &recorded, &boxes, keys)?;
    let mut published = None;
    let mut replaces = Vec::new();
    if let Some(observed) = &zone {
        let ZoneChanges {
            steps,
            last,
            removals,
            replaces: foreign,
        } = match &site.dns {
            None if prunes => zone_changes::drop_zone(observed, backup.as_ref(), config)?,
            None => ZoneChanges::default(),
            Some(dns) => {
                let keys = zone_changes::Keys {
                    signing: key.as_ref(),
                    selectors: &selectors,
                };
                zone_changes::plan(site, dns, observed, &late, keys, owner.id, prunes, config)?
            }
        };
        work.steps.extend(steps);
        work.removals.extend(removals);
        (published, replaces) = (last, foreign);
    }
    work.steps.extend(own.runs);
    // Forgotten rows of own steps first: a step that is done anew has its old row and its new one.
    work.steps.extend(own.forgotten);
    work.record(row.as_ref(), after)?;
    work.steps.extend(own.recorded);
    work.steps.extend(published);
    let Work {
        steps,
        claims,
        removals,
        extras,
        notes,
        ..
    } = work;
    Ok(Converged {
        plan: Plan {
            kind: "site.apply",
            target: site.domain.to_string(),
            account: Some(owner.id),
            request: Value::Null,
            steps: pivots_last(steps),
            claims,
            result: json!({ "domain": site.domain, "account": owner.name, "is_new": row.is_none() }),
        },
        removals,
        replaces,
        extras,
        notes,
        parts,
    })
}

/// The state that the site is to be in. A suspended one gets nothing new: a database, a mail domain, a box or an alias would be open, and a zone served. What it has
/// may change.
fn check_awake(site: &manifest::Site, look: &Look) -> Result<Option<String>> {
    let row = look.site.as_ref();
    let state = look
        .recorded
        .site
        .clone()
        .or_else(|| row.map(|row| row.state.clone()));
    let adds = (site.database.is_some() && look.room.is_some())
        || (site.dns.is_some() && row.is_some_and(|row| row.zone.is_none()))
        || mail::adds(site, look.mail.as_ref());
    if !adds || state.as_deref() != Some("suspended") {
        return Ok(state);
    }
    let domain = &site.domain;
    let message = format!("site {domain} is suspended, and gets nothing new before it is resumed");
    Err(Error::new(Kind::Denied, "suspended", message).hint(format!("hostctl site resume {domain}")))
}

fn parts(look: &Look) -> usize {
    let mail = look.mail.as_ref();
    let mail = mail.map_or(0, |image| 1 + image.boxes.len() + image.aliases.len());
    let zone = look.zone.as_ref().and_then(|zone| zone.live.as_ref());
    usize::from(look.database.is_some())
        + usize::from(look.former.is_some())
        + mail
        + look.own.len()
        + zone.map_or(0, |live| 1 + live.sets.len())
}

struct Work<'a> {
    operation: Uuid,
    site: &'a manifest::Site,
    config: &'a Config,
    prunes: bool,
    /// Of what goes.
    fate: Fate,
    steps: Vec<PlannedStep>,
    /// Beside what the steps claim.
    claims: Vec<String>,
    removals: Vec<String>,
    extras: Vec<String>,
    notes: Vec<String>,
}

impl Work<'_> {
    fn database(
        &mut self,
        owner: &super::look::Owner,
        (found, room): (Option<super::look::DatabaseLook>, Option<database::Room>),
        former: Option<&database::Existing>,
        recorded: &Recorded,
        password: Option<Password>,
    ) -> Result<()> {
        match (&self.site.database, found, room) {
            (Some(wish), Some(found), _) => {
                let row = &found.existing.database;
                let state = recorded.database.as_deref().unwrap_or(&row.state);
                let is_suspended = state == RowState::SUSPENDED;
                let after = found.standing.wanted(&limits(wish), row.may_create, is_suspended);
                self.steps
                    .extend(database::plan_mend(&found.existing, &found.standing, &after)?);
                self.steps.extend(database::plan_row(
                    &found.existing,
                    state,
                    wish.limits.connections,
                )?);
                if found.standing.is_shut() && !wish.extensions.is_empty() {
                    self.notes.push(format!(
                        "the extensions of {} show when it can be entered: compare once more then",
                        found.existing.subject.words()
                    ));
                }
                let missing = found.missing(&wish.extensions);
                self.steps
                    .extend(database::plan_install(&found.existing, missing)?);
            }
            (Some(wish), None, Some(room)) => {
                let password = password.ok_or_else(changed_meanwhile)?;
                let request = new_database(owner, wish, &room.cluster);
                self.steps
                    .extend(database::plan_create(self.operation, &request, &room, &password)?.steps);
            }
            (Some(_), None, None) => return Err(Error::internal("a database without a place")),
            (None, Some(found), _) => self.drop_database(&found.existing)?,
            (None, None, _) => {}
        }
        former
            .iter()
            .try_for_each(|existing| self.drop_database(existing))
    }

    fn drop_database(&mut self, existing: &database::Existing) -> Result<()> {
        if self.prunes {
            self.removals.push(existing.subject.words());
            self.steps
                .extend(database::plan_delete(existing, self.fate)?.steps);
        }
        Ok(())
    }

    /// The row that says what belongs together, as it shall be.
    fn image(
        &self,
        owner: &super::look::Owner,
        row: Option<&super::Site>,
        cluster: Option<String>,
        state: Option<String>,
    ) -> Result<Image> {
        let (site, domain) = (self.site, &self.site.domain);
        let keeps = |recorded: Option<&String>| recorded.filter(|_| !self.prunes).cloned();
        let former =
            |part: fn(&super::Site) -> Option<&String>| row.and_then(part).and_then(|text| keeps(Some(text)));
        let database = site.database.as_ref().map(|wish| wish.name.to_string());
        let database = database.or_else(|| former(|row| row.database.as_ref()));
        let named = |is_wanted: bool| is_wanted.then(|| domain.to_string());
        Ok(Image {
            domain: domain.clone(),
            account: owner.id,
            cluster: cluster.filter(|_| database.is_some()),
            database,
            mail_domain: named(site.mail.is_some()).or_else(|| former(|row| row.mail_domain.as_ref())),
            zone: named(site.dns.is_some()).or_else(|| former(|row| row.zone.as_ref())),
            certificate: row.and_then(|row| row.certificate.clone()),
            state: state.unwrap_or_else(|| "active".to_owned()),
            operation: row.map_or(self.operation, |row| row.operation_id),
            created_at: row.map(|row| row.created_at),
            manifest: kept(&manifest::Site {
                account: Some(owner.name.parse()?),
                ..site.clone()
            })?,
        })
    }

    /// Records it: a new row, or another one where something else changes.
    fn record(&mut self, row: Option<&super::Site>, after: Image) -> Result<()> {
        let change = |action, before: Option<&str>, after_words: &str| Change {
            action,
            resource: format!("site {}", after.domain),
            before: before.map(ToOwned::to_owned),
            after: Some(after_words.to_owned()),
            undo: Reversal::Undoable,
        };
        let said = "as the manifest says";
        let Some(row) = row else {
            let change = change("record", None, said);
            self.steps.push(PlannedStep::in_control(&Record(after), change)?);
            return Ok(());
        };
        let before = row.image()?;
        let is_composed_so = (
            &before.cluster,
            &before.database,
            &before.mail_domain,
            &before.zone,
        ) == (&after.cluster, &after.database, &after.mail_domain, &after.zone);
        let is_in_state = before.state == after.state;
        if is_in_state && is_composed_so && (self.steps.is_empty() || before.manifest == after.manifest) {
            return Ok(());
        }
        let change = match is_in_state {
            true => change("record", Some(&row.state), said),
            false => change("mend", Some(&row.state), &after.state),
        };
        let step = Replace {
            before: Box::new(before),
            after: Box::new(after),
        };
        self.steps.push(PlannedStep::in_control(&step, change)?);
        Ok(())
    }
}

fn changed_meanwhile() -> Error {
    Error::new(
        Kind::Conflict,
        "changed",
        "the site changed while it was looked at",
    )
    .hint("give the command again")
}
