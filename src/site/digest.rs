//! What tells one look at a site from another.

use ring::digest::{SHA256, digest};
use serde_json::json;

use super::look::Look;

impl Look {
    /// A text that is another one as soon as anything that a plan depends on has changed: the rows of the inventory, the
    /// roles and grants of the database, every record of the zone.
    #[must_use]
    pub fn digest(&self) -> String {
        let database = self.database.as_ref().map(|found| {
            json!([
                found.existing.database.database_operation,
                found.existing.database.state,
                found.existing.database.may_create,
                found.standing,
                found.extensions,
            ])
        });
        let mail = self.mail.as_ref().map(|image| {
            let boxes: Vec<_> = image
                .boxes
                .iter()
                .map(|one| json!([one.address, one.state, one.quota, one.account, one.home()]))
                .collect();
            let aliases: Vec<_> = image
                .aliases
                .iter()
                .map(|one| json!([one.source, one.destinations, one.account]))
                .collect();
            json!([
                image.state,
                image.dkim.as_ref().map(|key| &key.text),
                boxes,
                aliases
            ])
        });
        let zone = self.zone.as_ref().map(|zone| {
            let owned: Vec<_> = zone.owned.values().flatten().collect();
            json!([zone.row, zone.live, owned])
        });
        let former = self.former.as_ref().map(|existing| &existing.subject);
        let row = self.site.as_ref().map(|site| {
            json!([
                site.database,
                site.cluster,
                site.mail_domain,
                site.zone,
                site.state,
                site.manifest
            ])
        });
        let all = json!([self.owner.id, row, database, former, mail, zone, self.own]).to_string();
        let hash = digest(&SHA256, all.as_bytes());
        hash.as_ref()
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }
}
