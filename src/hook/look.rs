//! The steps that stand for a site, and whether what they made is still there: a web server's folder may be emptied behind
//! our back as well as a table.

use serde::Serialize;
use tokio_postgres::GenericClient;

use super::Hooks;
use super::plan::image;
use super::steps::Seen;
use super::store::{Row, list};
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;

/// A step that stands for a site.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    /// Its row.
    pub row: Row,
    /// Whether its probe says that nothing is there.
    pub is_lost: bool,
}

/// The steps that stand for the site of `domain`, by name. Those in `names` that can be asked on this host are asked; a
/// step that is there for creating alone is not.
///
/// # Errors
/// `conflict`, reason `foreign`, where a probe says that what is there is not of this site's making; `unavailable`, reason
/// `step_failed`, where it gives no answer; those of the control database.
pub async fn look(
    client: &impl GenericClient,
    hooks: &Hooks,
    domain: &str,
    names: &[String],
) -> Result<Vec<Standing>> {
    let hooks = &hooks.to_look();
    let mut standing = Vec::new();
    for row in list(client, domain).await? {
        let is_lost = names.contains(&row.name) && is_lost(hooks, &row).await?;
        standing.push(Standing { row, is_lost });
    }
    Ok(standing)
}

async fn is_lost(hooks: &Hooks, row: &Row) -> Result<bool> {
    let is_elsewhere = row.host.as_ref().is_some_and(|host| host != hooks.host());
    let Some(step) = hooks
        .find(&row.name)
        .filter(|step| step.is_of_delete && !is_elsewhere)
    else {
        return Ok(false);
    };
    let marker = Marker {
        operation: row.operation,
        step: 0,
        epoch: 0,
    };
    match image(row, step)?.look(hooks, marker).await? {
        Seen::Ours => Ok(false),
        Seen::Nothing => Ok(true),
        Seen::Foreign => {
            let (name, domain) = (&row.name, &row.facts.domain);
            let message = format!("step {name} of {domain}: what is there is not of this site's making");
            Err(Error::new(Kind::Conflict, "foreign", message))
        }
    }
}
