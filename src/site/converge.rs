//! From what a manifest says and what stands to the steps between. Pure.

use serde_json::{Value, json};
use uuid::Uuid;

use super::create::{Keys, kept};
use super::delete::pivots_last;
use super::look::{Look, limits, new_database};
use super::material::Material;
use super::steps::{Image, Record, Replace};
use super::zone_changes::{self, ZoneChanges};
use crate::config::Config;
use crate::database;
use crate::error::{Error, Result};
use crate::journal::{Change, Plan, PlannedStep, Reversal};
use crate::mail::boxes::{self, NewBox};
use crate::mail::domain::{self, NewDomain};
use crate::mail::hash::PasswordHash;
use crate::mail::records::host;
use crate::manifest::{self, MailBox};
use crate::model::{LocalPart, MailAddress, Password};
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
    /// What a person should know.
    pub notes: Vec<String>,
    /// How many parts stand: the database, the mail domain, each box, the zone, each set of records.
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
    config: &Config,
) -> Result<Converged> {
    let parts = parts(&look);
    let mut work = Work {
        operation,
        site,
        config,
        prunes,
        fate: Fate::Kept(config.trash_retention),
        steps: Vec::new(),
        removals: Vec::new(),
        notes: Vec::new(),
    };
    let Look {
        owner,
        site: row,
        database,
        room,
        former,
        mail,
        zone,
        backup,
        late,
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
    work.database(&owner, database, room, former.as_ref(), password)?;
    work.mail(owner.id, mail, &boxes, keys)?;
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
                zone_changes::plan(site, dns, observed, &late, key.as_ref(), owner.id, prunes, config)?
            }
        };
        work.steps.extend(steps);
        work.removals.extend(removals);
        (published, replaces) = (last, foreign);
    }
    work.row(&owner, row.as_ref(), cluster)?;
    work.steps.extend(published);
    let Work {
        steps,
        removals,
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
            claims: vec![format!("site:{}", site.domain)],
            result: json!({ "domain": site.domain, "account": owner.name, "is_new": row.is_none() }),
        },
        removals,
        replaces,
        notes,
        parts,
    })
}

fn parts(look: &Look) -> usize {
    let mail = look.mail.as_ref().map_or(0, |image| 1 + image.boxes.len());
    let zone = look.zone.as_ref().and_then(|zone| zone.live.as_ref());
    usize::from(look.database.is_some())
        + usize::from(look.former.is_some())
        + mail
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
    removals: Vec<String>,
    notes: Vec<String>,
}

impl Work<'_> {
    fn database(
        &mut self,
        owner: &super::look::Owner,
        found: Option<super::look::DatabaseLook>,
        room: Option<database::Room>,
        former: Option<&database::Existing>,
        password: Option<Password>,
    ) -> Result<()> {
        match (&self.site.database, found, room) {
            (Some(wish), Some(found), _) => {
                let is_suspended = found.existing.database.state == "suspended";
                let after = found.standing.wanted(&limits(wish), is_suspended);
                self.steps
                    .extend(database::plan_mend(&found.existing, &found.standing, &after)?);
                let installed = found.extensions.unwrap_or_default();
                let missing = wish.extensions.iter().filter(|name| !installed.contains(name));
                self.steps.extend(database::plan_install(
                    &found.existing,
                    missing.cloned().collect(),
                )?);
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

    fn mail(
        &mut self,
        account: Uuid,
        found: Option<domain::Image>,
        hashes: &[(LocalPart, PasswordHash)],
        keys: Option<Keys>,
    ) -> Result<()> {
        let Some(wish) = &self.site.mail else {
            return found.map_or(Ok(()), |image| self.drop_mail(image));
        };
        let mut missing: Vec<&MailBox> = wish.boxes.iter().collect();
        match found {
            None => {
                let keys = keys.ok_or_else(changed_meanwhile)?;
                self.steps.extend(domain::plan_create(NewDomain {
                    name: self.site.domain.clone(),
                    account,
                    dkim: keys.public,
                    sealed_dkim: keys.sealed,
                })?);
            }
            Some(image) => {
                for one in image.boxes {
                    let wanted = wish.boxes.iter().find(|other| other.name == *one.address.local());
                    missing.retain(|other| other.name != *one.address.local());
                    match wanted {
                        Some(wanted) if wanted.quota == one.quota => {}
                        Some(wanted) => self.mend_box(one, wanted)?,
                        None if self.prunes => {
                            self.removals.push(format!("mail box {}", one.address));
                            self.steps.extend(boxes::plan_delete(one, self.fate)?);
                        }
                        None => {}
                    }
                }
            }
        }
        let new = missing.into_iter().map(|one| {
            let hash = hashes.iter().find(|(name, _)| *name == one.name);
            let (_, hash) = hash.ok_or_else(changed_meanwhile)?;
            Ok(NewBox {
                address: MailAddress::new(one.name.clone(), self.site.domain.clone())?,
                quota: one.quota,
                hash: hash.clone(),
            })
        });
        let new = new.collect::<Result<Vec<_>>>()?;
        self.steps
            .extend(boxes::plan_create(new, account, wish.allow_role)?);
        Ok(())
    }

    fn mend_box(&mut self, image: boxes::Image, wanted: &MailBox) -> Result<()> {
        let is_less = match (wanted.quota.bytes(), image.quota.bytes()) {
            (Some(new), Some(old)) => new < old,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if is_less {
            let (address, old, new) = (&image.address, image.quota, wanted.quota);
            self.notes.push(format!(
                "mail box {address} takes {new} instead of {old} from now on; mail beyond it stays"
            ));
        }
        self.steps.push(boxes::plan_mend(image, wanted.quota)?);
        Ok(())
    }

    fn drop_mail(&mut self, image: domain::Image) -> Result<()> {
        if !self.prunes {
            return Ok(());
        }
        let boxes = image.boxes.iter().map(|one| format!("mail box {}", one.address));
        self.removals.extend(boxes);
        self.removals.push(format!("mail domain {}", image.name));
        let server = self.config.mail.hostname.as_deref();
        let server = server.map(|name| host(Some(name))).transpose()?;
        self.steps
            .extend(domain::plan_delete(image, true, server.as_ref(), self.fate)?);
        Ok(())
    }

    /// The row that says what belongs together: a new one, or another one where something else changes.
    fn row(
        &mut self,
        owner: &super::look::Owner,
        row: Option<&super::Site>,
        cluster: Option<String>,
    ) -> Result<()> {
        let (site, domain) = (self.site, &self.site.domain);
        let keeps = |recorded: Option<&String>| recorded.filter(|_| !self.prunes).cloned();
        let former =
            |part: fn(&super::Site) -> Option<&String>| row.and_then(part).and_then(|text| keeps(Some(text)));
        let database = site.database.as_ref().map(|wish| wish.name.to_string());
        let database = database.or_else(|| former(|row| row.database.as_ref()));
        let named = |is_wanted: bool| is_wanted.then(|| domain.to_string());
        let after = Image {
            domain: domain.clone(),
            account: owner.id,
            cluster: cluster.filter(|_| database.is_some()),
            database,
            mail_domain: named(site.mail.is_some()).or_else(|| former(|row| row.mail_domain.as_ref())),
            zone: named(site.dns.is_some()).or_else(|| former(|row| row.zone.as_ref())),
            state: row.map_or("active", |row| row.state.as_str()).to_owned(),
            operation: row.map_or(self.operation, |row| row.operation_id),
            created_at: row.map(|row| row.created_at),
            manifest: kept(&manifest::Site {
                account: Some(owner.name.parse()?),
                ..site.clone()
            })?,
        };
        let change = |action, before: Option<&str>| Change {
            action,
            resource: format!("site {domain}"),
            before: before.map(ToOwned::to_owned),
            after: Some("as the manifest says".to_owned()),
            undo: Reversal::Undoable,
        };
        let Some(row) = row else {
            let step = PlannedStep::in_control(&Record(after), change("record", None))?;
            self.steps.push(step);
            return Ok(());
        };
        let before = row.image()?;
        let is_composed_so = (
            &before.cluster,
            &before.database,
            &before.mail_domain,
            &before.zone,
        ) == (&after.cluster, &after.database, &after.mail_domain, &after.zone);
        if is_composed_so && (self.steps.is_empty() || before.manifest == after.manifest) {
            return Ok(());
        }
        let step = Replace { before, after };
        self.steps.push(PlannedStep::in_control(
            &step,
            change("record", Some(&row.state)),
        )?);
        Ok(())
    }
}

fn changed_meanwhile() -> Error {
    Error::new(
        crate::error::Kind::Conflict,
        "changed",
        "the site changed while it was looked at",
    )
    .hint("give the command again")
}
