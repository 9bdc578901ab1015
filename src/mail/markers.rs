//! Rows of mail whose latest writer the journal may not know. They lie in the same database as the journal, so a fail-over
//! loses both or neither; a restore of single tables may not. Whoever else writes these tables may write any mark.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::rows::query;
use crate::error::Result;
use crate::journal::{Finding, Marker, Sighting};

/// One row of each operation that wrote one, for the journal to judge.
///
/// # Errors
/// Those of the control database.
pub async fn markers(client: &impl GenericClient) -> Result<Vec<Sighting>> {
    let statement = "SELECT 'mail domain', name, marker FROM hostctl.email_domains WHERE marker IS NOT NULL
        UNION ALL SELECT 'mail box', address, marker FROM hostctl.email_accounts WHERE marker IS NOT NULL
        UNION ALL SELECT 'mail alias', source, marker FROM hostctl.email_aliases WHERE marker IS NOT NULL
        UNION ALL SELECT 'DKIM key', selector || '._domainkey.' || domain, marker FROM hostctl.email_dkim_keys
            WHERE marker IS NOT NULL
        ORDER BY 1, 2";
    let mut all: BTreeMap<Uuid, Sighting> = BTreeMap::new();
    for row in query(client, "the rows of mail", statement, &[]).await? {
        let (kind, name): (&str, &str) = (row.get(0), row.get(1));
        let Some(marker) = Marker::parse(row.get(2)) else {
            continue;
        };
        all.entry(marker.operation).or_insert_with(|| Sighting {
            item: format!("row:{kind}/{name}"),
            what: format!("{kind} {name}"),
            place: "control database".to_owned(),
            marker: Some(marker),
            resource: None,
            finding: Finding::Changed,
            adopting: None,
            removing: None,
            note: Some("the row stands as it is; its next change leaves another mark".to_owned()),
        });
    }
    Ok(all.into_values().collect())
}
