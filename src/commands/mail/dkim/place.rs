//! In which zone the records of a mail domain stand.

use uuid::Uuid;

use crate::control::Session;
use crate::dns::{self, Observed};
use crate::error::Result;
use crate::model::{DomainName, ZoneName};
use crate::runner::World;

/// The nearest zone at or above the domain whose records are ours to change for `account`; nothing where somebody else
/// publishes them.
pub(super) async fn zone(
    session: &Session,
    world: &World,
    domain: &DomainName,
    account: Uuid,
) -> Result<Option<Observed>> {
    let mut name = Some(domain.as_str());
    while let Some(text) = name.filter(|text| text.contains('.')) {
        let zone: ZoneName = text.parse()?;
        if dns::is_known(&**session, &world.providers, &zone).await? {
            let observed = dns::observe(&**session, &world.providers, &zone, None).await?;
            let is_theirs = observed.row.as_ref().is_some_and(|row| row.account != account);
            return Ok(Some(observed).filter(|observed| observed.live.is_some() && !is_theirs));
        }
        name = text.split_once('.').map(|(_, parent)| parent);
    }
    Ok(None)
}
