//! Planning what becomes of an account.

use super::key::{KEY, SaveKey, exists};
use super::register::MAC;
use super::rollover::NEXT;
use super::store::{Row, State, described};
use super::{Deactivate, Register, Rollover, SaveNextKey, SetContacts};
use crate::certificate::acme::Meta;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::model::Secret;

/// An account that is asked for.
#[derive(Debug)]
pub struct Registration<'a> {
    /// The authority's name in the configuration.
    pub ca: &'a str,
    /// Its directory.
    pub directory: &'a str,
    /// How we are reached: `mailto:` addresses.
    pub contacts: Vec<String>,
    /// The account elsewhere that it is bound to, and what was given out for it.
    pub eab: Option<(String, Secret)>,
    /// What the authority says about itself.
    pub meta: &'a Meta,
    /// Whether its terms are agreed to.
    pub agrees: bool,
    /// A new key, sealed.
    pub key_sealed: String,
    /// The account as it stands.
    pub row: Option<Row>,
}

fn change(
    action: &'static str,
    ca: &str,
    before: Option<String>,
    after: Option<String>,
    undo: Reversal,
) -> Change {
    Change {
        action,
        resource: described(ca),
        before,
        after,
        undo,
    }
}

/// Plans an account, or other contacts of one that is there; nothing where it is so already.
///
/// # Errors
/// `denied`: `terms` where they are not agreed to, `eab` where the authority wants the account to be bound; `conflict`,
/// reason `exists`, where an account is half made.
pub fn plan_register(wish: Registration<'_>) -> Result<Vec<PlannedStep>> {
    let before = match &wish.row {
        Some(row) if row.state == State::Valid => return plan_contacts(&wish, row),
        Some(row) if row.state == State::Pending => return Err(exists(wish.ca)),
        row => row.clone(),
    };
    if !wish.agrees {
        let terms = wish
            .meta
            .terms_of_service
            .as_deref()
            .unwrap_or("not linked in its directory");
        let message = format!("an account at {} means to agree to its terms ({terms})", wish.ca);
        return Err(Error::new(Kind::Denied, "terms", message)
            .hint(format!("hostctl ca register {} --agree-tos", wish.ca)));
    }
    if wish.meta.external_account_required && wish.eab.is_none() {
        let message = format!(
            "{} wants the account to be bound to one of its customers",
            wish.ca
        );
        return Err(Error::new(Kind::Denied, "eab", message).hint(format!(
            "hostctl ca register {} --agree-tos --eab-kid ID --eab-key-file FILE",
            wish.ca
        )));
    }
    let (kid, mac) = wish.eab.unzip();
    let save = SaveKey {
        ca: wish.ca.to_owned(),
        directory: wish.directory.to_owned(),
        contacts: wish.contacts.clone(),
        eab_kid: kid.clone(),
        terms: wish.meta.terms_of_service.clone(),
        before: before.map(|row| image(&row)),
    };
    let saved = change("save key", wish.ca, None, None, Reversal::Undoable);
    let save = PlannedStep::in_control(&save, saved)?
        .secret(KEY, Secret::new(wish.key_sealed))
        .resumes();
    let register = Register {
        ca: wish.ca.to_owned(),
        directory: wish.directory.to_owned(),
        contacts: wish.contacts.clone(),
        eab_kid: kid,
    };
    let listed = (!wish.contacts.is_empty()).then(|| wish.contacts.join(", "));
    let registered = change("register", wish.ca, None, listed, Reversal::Undoable);
    let mut register = PlannedStep::outside(&register, registered)?;
    if let Some(mac) = mac {
        register = register.secret(MAC, mac);
    }
    Ok(vec![save, register])
}

fn image(row: &Row) -> serde_json::Value {
    serde_json::json!({
        "ca": row.ca, "directory": row.directory, "url": row.url, "key_sealed": row.key_sealed,
        "contacts": row.contacts, "eab_kid": row.eab_kid, "terms": row.terms, "state": row.state.word(),
        "marker": row.marker, "created_at": row.created_at,
    })
}

fn plan_contacts(wish: &Registration<'_>, row: &Row) -> Result<Vec<PlannedStep>> {
    if row.contacts == wish.contacts {
        return Ok(Vec::new());
    }
    let step = SetContacts {
        ca: wish.ca.to_owned(),
        directory: row.directory.clone(),
        before: row.contacts.clone(),
        after: wish.contacts.clone(),
    };
    let listed = |contacts: &[String]| Some(contacts.join(", "));
    let changed = change(
        "change",
        wish.ca,
        listed(&row.contacts),
        listed(&wish.contacts),
        Reversal::Undoable,
    );
    Ok(vec![PlannedStep::outside(&step, changed)?])
}

/// Plans another key, `sealed`.
///
/// # Errors
/// `internal`.
pub fn plan_rollover(row: &Row, sealed: String) -> Result<Vec<PlannedStep>> {
    let save = SaveNextKey { ca: row.ca.clone() };
    let saved = change("save next key", &row.ca, None, None, Reversal::Undoable);
    let rollover = Rollover {
        ca: row.ca.clone(),
        directory: row.directory.clone(),
    };
    let changed = change("change key", &row.ca, None, None, Reversal::ForwardOnly);
    Ok(vec![
        PlannedStep::in_control(&save, saved)?
            .secret(NEXT, Secret::new(sealed))
            .resumes(),
        PlannedStep::outside(&rollover, changed)?.pivot(),
    ])
}

/// Plans the end of an account.
///
/// # Errors
/// `internal`.
pub fn plan_deactivate(row: &Row) -> Result<Vec<PlannedStep>> {
    let step = Deactivate {
        ca: row.ca.clone(),
        directory: row.directory.clone(),
    };
    let changed = change(
        "deactivate",
        &row.ca,
        Some("valid".to_owned()),
        None,
        Reversal::ForwardOnly,
    );
    Ok(vec![PlannedStep::outside(&step, changed)?.resumes().pivot()])
}
