//! The mail domain of a site, its boxes and its aliases.

use std::collections::BTreeSet;
use std::mem;

use uuid::Uuid;

use super::{Work, changed_meanwhile};
use crate::error::{Error, Kind, Result};
use crate::mail::alias::{self, NewAlias};
use crate::mail::boxes::{self, NewBox};
use crate::mail::domain::{self, NewDomain};
use crate::mail::hash::PasswordHash;
use crate::mail::records::host;
use crate::manifest::{Mail, MailAlias, MailBox, Site};
use crate::model::{LocalPart, MailAddress};
use crate::site::create::Keys;
use crate::site::recorded::Recorded;

impl Work<'_> {
    pub(super) fn mail(
        &mut self,
        account: Uuid,
        found: Option<domain::Image>,
        recorded: &Recorded,
        hashes: &[(LocalPart, PasswordHash)],
        keys: Option<Keys>,
    ) -> Result<()> {
        let Some(wish) = &self.site.mail else {
            return found.map_or(Ok(()), |image| self.drop_mail(image));
        };
        let (mut boxes, mut aliases) = (Vec::new(), Vec::new());
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
            Some(mut image) => {
                (boxes, aliases) = (mem::take(&mut image.boxes), mem::take(&mut image.aliases));
                self.check_places(wish, &boxes, &aliases)?;
                // What somebody has put there past the program stays, and is told.
                self.extras.append(&mut image.foreign);
                if let Some(state) = &recorded.mail {
                    self.steps.extend(domain::plan_state(image, state)?);
                }
            }
        }
        // What goes makes room: a box may take the place of an alias, and the other way round.
        let aliases = self.drop_aliases(wish, aliases)?;
        self.boxes(account, wish, boxes, recorded, hashes)?;
        self.aliases(account, wish, aliases)
    }

    /// Refuses what stands, and stays, in the place of what is wanted.
    fn check_places(&self, wish: &Mail, boxes: &[boxes::Image], aliases: &[alias::Image]) -> Result<()> {
        if self.prunes {
            return Ok(());
        }
        for one in &wish.aliases {
            if boxes
                .iter()
                .any(|other| other.address.as_str() == one.source.as_str())
            {
                let message = format!("mail alias {0} cannot be made: {0} is a mail box", one.source);
                return Err(in_the_place(message));
            }
        }
        for one in aliases {
            if wish
                .boxes
                .iter()
                .any(|other| other.name.as_str() == one.source.local())
            {
                let message = format!("mail box {0} cannot be made: {0} is an alias", one.source);
                return Err(in_the_place(message));
            }
        }
        Ok(())
    }

    fn boxes(
        &mut self,
        account: Uuid,
        wish: &Mail,
        found: Vec<boxes::Image>,
        recorded: &Recorded,
        hashes: &[(LocalPart, PasswordHash)],
    ) -> Result<()> {
        let mut missing: Vec<&MailBox> = wish.boxes.iter().collect();
        let (mut fewer, mut more) = (Vec::new(), Vec::new());
        for one in found {
            let wanted = wish.boxes.iter().find(|other| other.name == *one.address.local());
            missing.retain(|other| other.name != *one.address.local());
            match (wanted, recorded.boxes.get(&one.address)) {
                (Some(wanted), Some(back)) => {
                    if back.home.is_some() {
                        self.notes.push(format!(
                            "mail that came to {} meanwhile stays in {}",
                            one.address,
                            one.home()
                        ));
                    }
                    self.steps
                        .push(boxes::plan_put_back(one, wanted.quota, back.clone())?);
                }
                (Some(wanted), None) if wanted.quota == one.quota => {}
                (Some(wanted), None) if is_less(wanted, &one) => fewer.push((one, wanted)),
                (Some(wanted), None) => more.push((one, wanted)),
                (None, _) if self.prunes => {
                    self.removals.push(format!("mail box {}", one.address));
                    self.steps.extend(boxes::plan_delete(one, self.fate)?);
                }
                (None, _) => {}
            }
        }
        // What gets less, or goes, makes room in the account for what gets more.
        for (one, wanted) in fewer.into_iter().chain(more) {
            self.mend_box(one, wanted)?;
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

    /// Ends those that are not wanted, where pruning was asked for, and gives back the others.
    fn drop_aliases(&mut self, wish: &Mail, found: Vec<alias::Image>) -> Result<Vec<alias::Image>> {
        if !self.prunes {
            return Ok(found);
        }
        let is_wanted = |one: &alias::Image| wish.aliases.iter().any(|other| other.source == one.source);
        let (kept, gone): (Vec<_>, Vec<_>) = found.into_iter().partition(is_wanted);
        for one in gone {
            self.removals.push(format!("mail alias {}", one.source));
            self.steps.extend(alias::plan_delete(one, self.fate)?);
        }
        Ok(kept)
    }

    /// New aliases and other destinations, in the order of the manifest: each after those that it leads to.
    fn aliases(&mut self, account: Uuid, wish: &Mail, mut found: Vec<alias::Image>) -> Result<()> {
        for wanted in &wish.aliases {
            let MailAlias { source, destinations } = wanted;
            if let Some(index) = found.iter().position(|one| one.source == *source) {
                let one = found.swap_remove(index);
                let stands: BTreeSet<_> = one.destinations.iter().collect();
                if one.account != account {
                    self.steps
                        .push(alias::plan_give_back(one, account, destinations.clone())?);
                } else if stands != destinations.iter().collect() {
                    self.steps.extend(alias::plan_set(one, destinations.clone())?);
                }
                continue;
            }
            // No box is made in its place meanwhile.
            self.claims
                .extend(source.address().map(|address| format!("box:{address}")));
            self.steps.extend(alias::plan_create(NewAlias {
                source: source.clone(),
                account,
                destinations: destinations.clone(),
            })?);
        }
        Ok(())
    }

    fn mend_box(&mut self, image: boxes::Image, wanted: &MailBox) -> Result<()> {
        if is_less(wanted, &image) {
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
        let aliases = image
            .aliases
            .iter()
            .map(|one| format!("mail alias {}", one.source));
        self.removals.extend(boxes.chain(aliases));
        self.removals.push(format!("mail domain {}", image.name));
        let server = self.config.mail.hostname.as_deref();
        let server = server.map(|name| host(Some(name))).transpose()?;
        self.steps
            .extend(domain::plan_delete(image, true, server.as_ref(), self.fate)?);
        Ok(())
    }
}

/// Whether a manifest adds to the mail of its site: all of it, a box or an alias.
pub(super) fn adds(site: &Site, found: Option<&domain::Image>) -> bool {
    let Some(wish) = &site.mail else { return false };
    let Some(image) = found else { return true };
    let is_there = |wanted: &MailBox| image.boxes.iter().any(|one| *one.address.local() == wanted.name);
    let leads = |wanted: &MailAlias| image.aliases.iter().any(|one| one.source == wanted.source);
    !wish.boxes.iter().all(is_there) || !wish.aliases.iter().all(leads)
}

/// Whether a box is to take less mail.
fn is_less(wanted: &MailBox, stands: &boxes::Image) -> bool {
    match (wanted.quota.bytes(), stands.quota.bytes()) {
        (Some(new), Some(old)) => new < old,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn in_the_place(message: String) -> Error {
    Error::new(Kind::Conflict, "exists", message)
        .hint("delete it, or --prune where the manifest is meant to say everything")
}
