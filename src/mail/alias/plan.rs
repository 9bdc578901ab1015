//! Plans for aliases: pure, from what is wanted and what was seen to steps.

use uuid::Uuid;

use super::steps::{Create, Delete, Set, described};
use super::store::Image;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::mail::rows::{ROW, kept_or_gone};
use crate::model::{AliasSource, MailAddress};
use crate::trash::Fate;

/// An alias that is to be.
#[derive(Clone, Debug)]
pub struct NewAlias {
    /// What it stands for.
    pub source: AliasSource,
    /// Whose it will be.
    pub account: Uuid,
    /// Where its mail goes.
    pub destinations: Vec<MailAddress>,
}

/// What can be said of a new alias before anybody is asked.
///
/// # Errors
/// `usage`, reason `reserved`, for the address of a role without `allow_role`.
pub fn check_new(source: &AliasSource, allow_role: bool) -> Result<()> {
    if allow_role || !source.address().is_some_and(|address| address.is_role()) {
        return Ok(());
    }
    let message = format!("alias {source}: {} is the address of a role", source.local());
    let hint = "who reads it can get certificates for the domain; if that is meant: --allow-role";
    Err(Error::new(Kind::Usage, "reserved", message).hint(hint))
}

/// Plans a new alias: one step.
///
/// # Errors
/// `internal`.
pub fn plan_create(new: NewAlias) -> Result<Vec<PlannedStep>> {
    let change = Change {
        action: "create",
        resource: described(&new.source),
        before: None,
        after: Some(shown(&new.destinations)),
        undo: Reversal::Undoable,
    };
    let step = Create {
        source: new.source,
        account: new.account,
        destinations: new.destinations,
    };
    Ok(vec![PlannedStep::in_control(&step, change)?])
}

/// Plans other destinations for an alias: one step, or none where they are the same.
///
/// # Errors
/// `internal`.
pub fn plan_set(image: Image, destinations: Vec<MailAddress>) -> Result<Vec<PlannedStep>> {
    if image.destinations == destinations {
        return Ok(Vec::new());
    }
    let change = Change {
        action: "change",
        resource: described(&image.source),
        before: Some(shown(&image.destinations)),
        after: Some(shown(&destinations)),
        undo: Reversal::Undoable,
    };
    let step = Set {
        source: image.source,
        account: image.account,
        destinations,
        is_given_back: false,
    };
    Ok(vec![
        PlannedStep::in_control(&step, change)?
            .secret(ROW, image.row)
            .keep_secrets(),
    ])
}

/// Plans that an alias is the account's again, which has its domain, and leads where it shall: one step.
///
/// # Errors
/// `internal`.
pub fn plan_give_back(image: Image, account: Uuid, destinations: Vec<MailAddress>) -> Result<PlannedStep> {
    let words = |of: &str, destinations: &[MailAddress]| format!("{}, of {of}", shown(destinations));
    let change = Change {
        action: "change",
        resource: described(&image.source),
        before: Some(words("another account", &image.destinations)),
        after: Some(words("the account of its domain", &destinations)),
        undo: Reversal::Undoable,
    };
    let step = Set {
        source: image.source,
        account,
        destinations,
        is_given_back: true,
    };
    Ok(PlannedStep::in_control(&step, change)?
        .secret(ROW, image.row)
        .keep_secrets())
}

/// Plans the end of an alias.
///
/// # Errors
/// `internal`.
pub fn plan_delete(image: Image, fate: Fate) -> Result<Vec<PlannedStep>> {
    let (name, account) = (image.source.to_string(), image.account);
    let change = Change {
        action: "delete",
        resource: described(&image.source),
        before: Some(shown(&image.destinations)),
        after: None,
        undo: Reversal::Undoable,
    };
    let step = Delete { source: image.source };
    let step = PlannedStep::in_control(&step, change)?.secret(ROW, image.row);
    kept_or_gone(step, "mail alias", &name, account, fate)
}

pub(super) fn shown(destinations: &[MailAddress]) -> String {
    let texts: Vec<&str> = destinations.iter().map(MailAddress::as_str).collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<MailAddress> {
        texts.iter().map(|text| text.parse().expect(text)).collect()
    }

    fn source(text: &str) -> AliasSource {
        text.parse().expect(text)
    }

    #[test]
    fn the_address_of_a_role_has_to_be_meant() {
        let error = check_new(&source("postmaster@example.test"), false).expect_err("a role");
        assert_eq!(error.reason(), "reserved");
        check_new(&source("postmaster@example.test"), true).expect("meant");
        check_new(&source("@example.test"), false).expect("a catch-all");
        check_new(&source("postmasters@example.test"), false).expect("no role");
    }

    #[test]
    fn an_alias_claims_its_whole_source() {
        let new = NewAlias {
            source: source("user3@example.test"),
            account: Uuid::nil(),
            destinations: addresses(&["auser3@example.test"]),
        };
        let steps = plan_create(new).expect("a plan");
        assert_eq!(steps[0].resource, "alias:user3@example.test");
    }
}
