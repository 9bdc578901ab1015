//! Own steps that stand for a site and that the journal may not know. What their programs made bears the operation as the mark
//! of its owner, where the program writes it; only the program can find it.

use tokio_postgres::GenericClient;

use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{Finding, Marker, Sighting};

/// Every step that stands, for the journal to judge.
///
/// # Errors
/// Those of the control database.
pub async fn markers(client: &impl GenericClient) -> Result<Vec<Sighting>> {
    let statement = "SELECT domain, name, host, operation_id FROM hostctl.site_steps ORDER BY domain, name";
    let rows = client.query_typed(statement, &[]).await;
    let rows = rows.map_err(|error| sqlstate::error("the own steps of sites", error))?;
    let sighting = |row: &tokio_postgres::Row| {
        let (domain, name): (&str, &str) = (row.get(0), row.get(1));
        let host: Option<&str> = row.get(2);
        Sighting {
            item: format!("step:{name}/{domain}"),
            what: format!("step {name} of {domain}"),
            place: host.map_or_else(|| "any host".to_owned(), |host| format!("host {host}")),
            marker: Some(Marker {
                operation: row.get(3),
                step: 0,
                epoch: 0,
            }),
            resource: None,
            finding: Finding::Changed,
            adopting: None,
            removing: None,
            note: Some("its row stands as it is, and the end of the site takes it back".to_owned()),
        }
    };
    Ok(rows.iter().map(sighting).collect())
}
