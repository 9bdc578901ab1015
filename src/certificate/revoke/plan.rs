//! Planning a revocation: one step, and no way back.

use super::{Issued, Reason, Revoke};
use crate::certificate::rows::described;
use crate::error::Result;
use crate::journal::{Change, PlannedStep, Reversal};

/// A revocation that is asked for.
#[derive(Debug)]
pub struct Revocation {
    /// What is revoked.
    pub issued: Issued,
    /// By which authority.
    pub ca: String,
    /// Its directory.
    pub directory: String,
    /// Why.
    pub reason: Reason,
    /// Whether another one is to take its place.
    pub renews: bool,
}

/// Plans it; nothing where it is revoked already.
///
/// # Errors
/// `internal`.
pub fn plan(wish: Revocation) -> Result<Vec<PlannedStep>> {
    let Revocation {
        issued,
        ca,
        directory,
        reason,
        renews,
    } = wish;
    if issued.is_revoked {
        return Ok(Vec::new());
    }
    let change = Change {
        action: "revoke",
        resource: format!("{} at {ca}", described(&issued.name)),
        before: Some(format!("generation {}, serial {}", issued.number, issued.serial)),
        after: Some(format!("revoked ({reason})")),
        undo: Reversal::ForwardOnly,
    };
    // The same request again would be the same key again.
    let is_spoilt = issued.has_own_request && reason == Reason::KeyCompromise;
    let step = Revoke {
        certificate: issued.name,
        number: issued.number,
        ca,
        directory,
        reason,
        renews: renews && issued.is_renewable && !is_spoilt,
    };
    Ok(vec![PlannedStep::outside(&step, change)?.resumes().pivot()])
}
