//! What the journal says of the states of a mail domain and its boxes, where that is not what their rows say: somebody wrote
//! them past the program.
//!
//! A row bears the marker of the step that wrote it last, and goes back to the one before with everything else. Where that
//! step says nothing of the state (another password), an active row is believed. A row without a marker is not ours to judge.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;

use super::{boxes, domain, rows};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Written, last_written, written_by};
use crate::model::{MailAddress, Secret};

/// States as they were when the program wrote them last; only those that are others now.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Of the domain.
    pub domain: Option<String>,
    /// Of boxes.
    pub boxes: BTreeMap<MailAddress, String>,
}

/// The states of `image` that the journal knows better.
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
        if let Some(state) = state(client, of(&one.row), &one.state, &resource, kinds).await? {
            recorded.boxes.insert(one.address.clone(), state);
        }
    }
    Ok(recorded)
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
