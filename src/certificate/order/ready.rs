//! `acme.ready`: whether an order has a chance, looked at when everything is there that the same operation makes. Until then
//! nothing was asked of the authority, and all of it can be taken back.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{challenge, identifiers};
use crate::certificate::authorities::Authorities;
use crate::certificate::challenge::Challenge;
use crate::certificate::failure::before;
use crate::certificate::preflight::{self, Intent};
use crate::certificate::rows::{described, resource};
use crate::certificate::store::Wanted;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, Failure, Found, Marker, OutsideStep, PlannedStep, Reversal, Secrets};
use crate::model::{CertificateName, Identifier};

/// Looks whether the names can be proved.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ready {
    certificate: CertificateName,
    ca: String,
    directory: String,
    identifiers: Vec<Identifier>,
    challenge: Challenge,
    profile: Option<String>,
    webroot: Option<PathBuf>,
    account: Uuid,
}

/// Plans to look, at the authority `ca`.
///
/// # Errors
/// `usage` where it is not configured; `internal`.
pub fn plan_ready(world: &Authorities, wanted: &Wanted, ca: &str) -> Result<PlannedStep> {
    let change = Change {
        action: "look",
        resource: format!("names of {}", described(&wanted.name)),
        before: None,
        after: Some("lead here".to_owned()),
        undo: Reversal::Undoable,
    };
    let (ca, acme) = world.pick(Some(ca))?;
    let step = Ready {
        certificate: wanted.name.clone(),
        ca: ca.to_owned(),
        directory: acme.directory.clone(),
        identifiers: identifiers(wanted)?,
        challenge: challenge(wanted)?,
        profile: wanted.profile.clone(),
        webroot: wanted.webroot.as_ref().map(PathBuf::from),
        account: wanted.account,
    };
    PlannedStep::outside(&step, change)
}

impl OutsideStep for Ready {
    const KIND: &'static str = "acme.ready";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    fn is_interruptible(&self) -> bool {
        true
    }

    async fn apply(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Value, Failure> {
        let intent = Intent {
            identifiers: &self.identifiers,
            challenge: self.challenge,
            profile: self.profile.as_deref(),
            webroot: self.webroot.as_deref(),
            account: self.account,
            replaces: false,
        };
        match preflight::check(world, &self.ca, &intent).await {
            Ok(()) => Ok(json!({ "certificate": self.certificate })),
            // Where there is to be nothing without a certificate, waiting is no answer.
            Err(error) if error.reason() == "pending" => Err(Failure::refused(unavailable(&error))),
            Err(error) => Err(before(error)),
        }
    }

    /// It has changed nothing.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        Ok(Found::Absent)
    }
}

fn unavailable(error: &Error) -> Error {
    let told = Error::new(Kind::Unavailable, "pending", error.message().to_owned());
    match error.hint_text() {
        Some(hint) => told.hint(hint.to_owned()),
        None => told,
    }
}
