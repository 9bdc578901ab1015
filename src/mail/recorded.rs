//! What the journal says of the state of a mail domain, and of the states and the directories of its boxes, where that is not
//! what their rows say: somebody wrote them past the program. Whose a box is its domain says.
//!
//! A row bears the marker of the step that wrote it last, and goes back to the one before with everything else. Where that
//! step says nothing of the state (another password), an active row is believed. A row without a marker is not ours to judge.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;

use super::boxes::{self, PutBack};
use super::{domain, rows};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Written, last_written, written_by};
use crate::model::{MailAddress, Secret};

/// What was otherwise when the program wrote it last, as it was then.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The state of the domain.
    pub domain: Option<String>,
    /// Of boxes.
    pub boxes: BTreeMap<MailAddress, PutBack>,
}

/// What of `image` the journal knows better.
///
/// # Errors
/// Those of the control database.
pub async fn recorded(client: &impl GenericClient, image: &domain::Image) -> Result<Recorded> {
    let rows = image.boxes.iter().map(|one| &one.row).chain([&image.row]);
    let markers: Vec<Marker> = rows.filter_map(rows::marker).collect();
    let steps = written_by(client, &markers).await?;
    let of = |row: &Secret| {
        let marker = rows::marker(row)?;
        let step = steps
            .iter()
            .find(|step| (step.operation, step.step) == (marker.operation, marker.step));
        step.cloned()
    };
    let mut recorded = Recorded::default();
    let kinds = [domain::Create::KIND, domain::SetState::KIND];
    let resource = domain::resource(&image.name);
    recorded.domain = state(client, of(&image.row), &image.state, &resource, kinds).await?;
    for one in &image.boxes {
        let kinds = [boxes::Create::KIND, boxes::Set::KIND];
        let resource = boxes::resource(&one.address);
        let writer = of(&one.row);
        let back = PutBack {
            home: writer.as_ref().and_then(home).filter(|home| *home != one.home()),
            account: (one.account != image.account).then_some(image.account),
            state: state(client, writer, &one.state, &resource, kinds).await?,
        };
        if back != PutBack::default() {
            recorded.boxes.insert(one.address.clone(), back);
        }
    }
    Ok(recorded)
}

/// Where the mail of a box lay when this step wrote its row; earlier versions did not write it down.
fn home(writer: &Written) -> Option<String> {
    let home = writer.output.as_ref()?.get(boxes::HOME)?;
    home.as_str().map(ToOwned::to_owned)
}

/// The state that the row should be in, where that is another one. `kinds`: what makes the row, and what sets its state.
async fn state(
    client: &impl GenericClient,
    writer: Option<Written>,
    found: &str,
    resource: &str,
    kinds: [&str; 2],
) -> Result<Option<String>> {
    let Some(mut writer) = writer else {
        return Ok(None);
    };
    if !kinds.contains(&writer.kind.as_str()) {
        if found == "active" {
            return Ok(None);
        }
        match last_written(client, resource, &kinds).await? {
            Some(last) => writer = last,
            None => return Ok(None),
        }
    }
    let state = match writer.kind == kinds[0] {
        true => Some("active".to_owned()),
        false => writer.parameters["state"].as_str().map(ToOwned::to_owned),
    };
    Ok(state.filter(|state| state != found))
}
