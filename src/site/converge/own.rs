//! The operator's own steps of a site.

use super::Work;
use crate::error::Result;
use crate::hook::{self, Facts, Hooks, Wish};
use crate::site::look::Owner;
use crate::site::steps::Image;

impl Work<'_> {
    /// What brings them to what the manifest names. `image` is the site's row as it shall be: of that the programs are told.
    pub(super) fn own(
        &mut self,
        hooks: &Hooks,
        owner: &Owner,
        image: &Image,
        standing: Vec<hook::Standing>,
    ) -> Result<hook::Changes> {
        let said = self.site.dns.as_ref().and_then(|dns| dns.addresses.clone());
        let database = image.database.clone().zip(image.cluster.clone());
        let facts = Facts {
            domain: image.domain.to_string(),
            account: owner.name.clone(),
            addresses: said.clone().unwrap_or_else(|| self.config.site_addresses.clone()),
            database: database.map(|(name, cluster)| hook::Database { name, cluster }),
            mail_domain: image.mail_domain.clone(),
            zone: image.zone.clone(),
        };
        let wish = Wish {
            names: &self.site.steps,
            facts: &facts,
            says_addresses: said.is_some(),
            prunes: self.prunes,
        };
        let mut changes = hook::plan_change(hooks, self.operation, &wish, standing)?;
        self.removals.append(&mut changes.removals);
        Ok(changes)
    }
}
