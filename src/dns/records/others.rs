//! What of a zone is not the asking account's: values that nobody told us of, and values and names of other accounts.
//!
//! A zone without a row is bound by the configuration, and nobody's: every account may have records in it and changes its
//! own. Where a zone has a row, all of it is its owner's.

use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{Observed, RecordRow, RecordsPlan, SetImages};
use crate::account;
use crate::error::{Error, Kind, Result};
use crate::model::{RecordData, RecordType};

/// Refuses to take or change values of other accounts, in a zone that is nobody's. Those whose row alone is left count too:
/// whoever wrote the value anew would have it under the other's row.
pub(super) fn check_values(observed: &Observed, images: &[SetImages], account: Uuid) -> Result<()> {
    if observed.row.is_some() {
        return Ok(());
    }
    for image in images {
        let is_others = |data: &&RecordData| {
            let row = observed.owned_row(&image.name, data);
            row.is_some_and(|row| row.account != account)
        };
        if let Some(data) = lost(image).chain(gained(image)).find(is_others) {
            let SetImages { name, rtype, .. } = image;
            let message = format!("{name} {rtype} {data} is taken: it is another account's");
            return Err(Error::new(Kind::Conflict, "taken", message)
                .hint(format!("hostctl dns record list {}", observed.zone)));
        }
    }
    Ok(())
}

/// Refuses a plan that changes records of a name which another account has taken, or below one, in a zone that is nobody's.
///
/// # Errors
/// `conflict`, reason `taken`; those of the control database.
pub async fn check_names(
    client: &impl GenericClient,
    observed: &Observed,
    plan: &RecordsPlan,
    account: Uuid,
) -> Result<()> {
    if observed.row.is_some() || plan.steps.is_empty() {
        return Ok(());
    }
    // What was adopted is as it was.
    let is_touched = |images: &&SetImages| images.before != images.after || plan.sets.len() == 1;
    let touched: Vec<&SetImages> = plan.sets.iter().filter(is_touched).collect();
    let names: Vec<String> = touched.iter().map(|images| images.name.to_string()).collect();
    account::check_names(client, &names, account).await?;
    // A delegation takes away what is below it as well.
    let is_cut =
        |images: &&&SetImages| images.rtype == RecordType::Ns && !images.name.is_apex(observed.zone.domain());
    for images in touched.iter().filter(is_cut) {
        account::check_domain(client, images.name.as_ref(), account).await?;
    }
    Ok(())
}

/// Values that go, or whose TTL changes, of which the row of ours (or that there is none) is one of those meant.
pub(super) fn replaced(
    observed: &Observed,
    images: &[SetImages],
    is_meant: impl Fn(Option<&RecordRow>) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for image in images {
        let meant = lost(image).filter(|data| is_meant(observed.owned_row(&image.name, data)));
        found.extend(meant.map(|data| format!("{} {} {data}", image.name, image.rtype)));
    }
    found
}

/// Values that go, or whose TTL changes.
fn lost(image: &SetImages) -> impl Iterator<Item = &RecordData> {
    let (before, after) = (image.before.as_ref(), image.after.as_ref());
    let stays = move |data: &RecordData| {
        after.is_some_and(|after| after.holds(data) && before.is_some_and(|before| before.ttl == after.ttl))
    };
    let members = before.into_iter().flat_map(|set| &set.members);
    members
        .map(|member| &member.data)
        .filter(move |data| !stays(data))
}

/// Values that were not served.
fn gained(image: &SetImages) -> impl Iterator<Item = &RecordData> {
    let before = image.before.as_ref();
    let members = image.after.iter().flat_map(|set| &set.members);
    members
        .filter(|member| !member.disabled)
        .map(|member| &member.data)
        .filter(move |data| !before.is_some_and(|before| before.serves(data)))
}
