//! From what is wanted to the steps of one order.

use std::time::Duration;

use uuid::Uuid;

use super::finalize::text;
use super::{Finalize, Keep, Open, PlaceOrder, Validate};
use crate::certificate::challenge::Challenge;
use crate::certificate::rows::described;
use crate::certificate::store::KEY;
use crate::error::Result;
use crate::journal::{Change, PlannedStep, Reversal};
use crate::model::{CertificateName, Identifier, Secret};

/// How long proving and issuing may take where nobody says otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(300);

/// An order that is to be made.
#[derive(Debug)]
pub struct NewOrder {
    /// Its identifier.
    pub id: Uuid,
    /// For which certificate.
    pub certificate: CertificateName,
    /// Whose that is.
    pub account: Uuid,
    /// At which authority.
    pub ca: String,
    /// Its directory.
    pub directory: String,
    /// What it is for.
    pub identifiers: Vec<Identifier>,
    /// How that is proved.
    pub challenge: Challenge,
    /// Where a web server serves our files, for http-01.
    pub webroot: Option<std::path::PathBuf>,
    /// This host.
    pub host: String,
    /// The authority's profile.
    pub profile: Option<String>,
    /// The root that the chain should lead to.
    pub preferred_chain: Option<String>,
    /// The certificate that it replaces (RFC 9773 §5).
    pub replaces: Option<String>,
    /// The generation before.
    pub before: Option<i32>,
    /// The lease under which it is renewed.
    pub fence: Option<i64>,
    /// The request in DER.
    pub csr: Vec<u8>,
    /// The key, as [`crate::certificate::store::seal_key`] sealed it.
    pub key_sealed: Option<String>,
    /// How long proving, and then issuing, may take.
    pub timeout: Duration,
}

/// The steps.
///
/// # Errors
/// `internal`.
pub fn plan(order: NewOrder) -> Result<Vec<PlannedStep>> {
    let names = order
        .identifiers
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    let listed = names.join(", ");
    let change = |action, resource: String, after: Option<&str>, undo| Change {
        action,
        resource,
        before: None,
        after: after.map(str::to_owned),
        undo,
    };
    let certificate = described(&order.certificate);
    let open = Open {
        id: order.id,
        certificate: order.certificate.clone(),
        ca: order.ca.clone(),
        identifiers: names,
        csr: text(&order.csr),
        replaces: order.replaces.clone(),
        has_key: order.key_sealed.is_some(),
        fence: order.fence,
    };
    let opened = change(
        "plan",
        format!("order for {certificate}"),
        Some(&listed),
        Reversal::Undoable,
    );
    let mut open = PlannedStep::in_control(&open, opened)?.resumes();
    if let Some(sealed) = order.key_sealed {
        open = open.secret(KEY, Secret::new(sealed));
    }
    let place = PlaceOrder {
        id: order.id,
        certificate: order.certificate.clone(),
        ca: order.ca.clone(),
        directory: order.directory.clone(),
        identifiers: order.identifiers,
        profile: order.profile,
        replaces: order.replaces,
    };
    let placed = change(
        "order",
        format!("{certificate} at {}", order.ca),
        Some(&listed),
        Reversal::Undoable,
    );
    let is_bound = order.challenge != Challenge::Dns01;
    let seconds = order.timeout.as_secs().max(1);
    let validate = Validate {
        id: order.id,
        certificate: order.certificate.clone(),
        ca: order.ca.clone(),
        account: order.account,
        challenge: order.challenge,
        webroot: order.webroot,
        host: is_bound.then_some(order.host),
        timeout_s: seconds,
    };
    let validated = change(
        "prove",
        format!("names of {certificate}"),
        Some(order.challenge.word()),
        Reversal::Undoable,
    );
    let finalize = Finalize {
        id: order.id,
        certificate: order.certificate.clone(),
        ca: order.ca,
        directory: order.directory,
        preferred_chain: order.preferred_chain,
        timeout_s: seconds,
    };
    let finalized = change("issue", certificate.clone(), Some(&listed), Reversal::ForwardOnly);
    let keep = Keep {
        id: order.id,
        certificate: order.certificate,
        before: order.before,
    };
    let kept = change("keep", certificate, None, Reversal::Undoable);
    Ok(vec![
        open,
        PlannedStep::outside(&place, placed)?,
        PlannedStep::outside(&validate, validated)?,
        PlannedStep::outside(&finalize, finalized)?.pivot(),
        PlannedStep::in_control(&keep, kept)?,
    ])
}
