//! What the journal says of the states of a site, its database and its mail, where that is not what their rows say: somebody wrote them
//! past the program.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;

use super::list::Site;
use super::look::Databases;
use super::steps::{Record, Replace, resource};
use crate::database;
use crate::error::Result;
use crate::journal::{ControlStep, Written, last_written};
use crate::mail::boxes::PutBack;
use crate::mail::{domain, recorded as of_mail};
use crate::model::MailAddress;

/// What was otherwise when the program wrote it last, as it was then.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// The state of the site.
    pub site: Option<String>,
    /// Of its database.
    pub database: Option<String>,
    /// Of its mail domain.
    pub mail: Option<String>,
    /// Of its boxes.
    pub boxes: BTreeMap<MailAddress, PutBack>,
}

/// The states that the journal knows better.
pub(super) async fn recorded(
    client: &impl GenericClient,
    site: Option<&Site>,
    databases: &Databases,
    mail: Option<&domain::Image>,
) -> Result<Recorded> {
    let of_mail::Recorded { domain, boxes } = match mail {
        Some(image) => of_mail::recorded(client, image).await?,
        None => of_mail::Recorded::default(),
    };
    let existing = databases.0.as_ref().map(|found| &found.existing);
    let of_database = match existing {
        Some(existing) => database::recorded(client, existing).await?,
        None => None,
    };
    let database = existing.map(|existing| existing.database.state.as_str());
    let states = [
        site.map(|site| site.state.as_str()),
        database,
        mail.map(|image| image.state.as_str()),
    ];
    // The journal has no index by resource, and where all is open nobody has to ask it.
    let site = match site.filter(|_| states.into_iter().flatten().any(|state| state != "active")) {
        Some(site) => state(client, site).await?,
        None => None,
    };
    Ok(Recorded {
        site,
        database: of_database,
        mail: domain,
        boxes,
    })
}

async fn state(client: &impl GenericClient, site: &Site) -> Result<Option<String>> {
    let kinds = [Record::KIND, Replace::KIND];
    let last = last_written(client, &resource(&site.domain), &kinds).await?;
    let state = last.as_ref().and_then(written);
    Ok(state.filter(|state| *state != site.state).map(ToOwned::to_owned))
}

/// The state that the site's row had after this step.
fn written(step: &Written) -> Option<&str> {
    let parameters = &step.parameters;
    let image = match step.kind.as_str() {
        Replace::KIND => &parameters["after"],
        _ => parameters,
    };
    image["state"].as_str()
}
