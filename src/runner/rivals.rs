//! What is kept, to be gone on with, and stands in the way of something that is to come instead of it.

use crate::certificate::order::Finalize;
use crate::certificate::store::{Create, Delete, Place, SetOptions, Unplace};
use crate::control::Session;
use crate::error::Result;
use crate::journal::{self, ControlStep, Operation, OutsideStep as _, Plan};

/// The operations that are about one certificate and nothing else.
const CERTIFICATES: [&str; 2] = ["cert.issue", "cert.renew"];

/// What a person wishes of a certificate: an order from before may bring another key, or be bound to a host that is to have it
/// no more.
const WISHES: [&str; 3] = [
    <SetOptions as ControlStep>::KIND,
    <Place as ControlStep>::KIND,
    <Unplace as ControlStep>::KIND,
];

/// Whether `plan` comes instead of what is kept as `operation`: its end, the same at another authority, or a wish for
/// something else, where the certificate does not go with the order. Whoever wants the same at the same one gets it by going
/// on.
///
/// # Errors
/// Those of the control database.
pub(super) async fn has_to_yield(session: &Session, operation: &Operation, plan: &Plan) -> Result<bool> {
    if !operation.resumes {
        return Ok(false);
    }
    if plan
        .steps
        .iter()
        .any(|step| step.kind == <Delete as ControlStep>::KIND)
    {
        return Ok(true);
    }
    let ours = plan.steps.iter().find(|step| step.kind == Finalize::KIND);
    let is_wish = plan.steps.iter().all(|step| WISHES.contains(&step.kind));
    if ours.is_none() && !is_wish {
        return Ok(false);
    }
    // What goes with a site, or with anything else that is more than a certificate, is not taken back for it.
    if !CERTIFICATES.contains(&operation.kind.as_str()) {
        return Ok(false);
    }
    let kept = journal::finished_steps(session, operation, None).await?;
    Ok(match ours {
        Some(ours) => kept
            .iter()
            .any(|theirs| theirs.kind == Finalize::KIND && theirs.parameters["ca"] != ours.parameters["ca"]),
        None => kept
            .iter()
            .all(|theirs| theirs.kind != <Create as ControlStep>::KIND),
    })
}
