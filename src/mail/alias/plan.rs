//! Plans for aliases: pure, from what is wanted and what was seen to steps.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::steps::{Create, Delete, Set, described};
use super::store::Image;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::mail::rows::{ROW, kept_or_gone};
use crate::model::{AliasSource, MailAddress};
use crate::trash::Fate;

/// To how many addresses one alias may lead. Postfix puts mail off whose recipients become more than 1,000.
pub const LIMIT: usize = 100;

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

/// The destinations as they are stored: each once, in order.
///
/// # Errors
/// `invalid` where there are more than [`LIMIT`], or one is the source itself.
pub fn destinations(source: &AliasSource, given: Vec<MailAddress>) -> Result<Vec<MailAddress>> {
    let distinct: BTreeSet<MailAddress> = given.into_iter().collect();
    if distinct.len() > LIMIT {
        let message = format!(
            "alias {source}: {} destinations, and {LIMIT} are the most",
            distinct.len()
        );
        return Err(Error::invalid(message).hint("a mailing list is the better way to so many people"));
    }
    if distinct
        .iter()
        .any(|destination| destination.as_str() == source.as_str())
    {
        return Err(Error::invalid(format!("alias {source}: leads to itself")));
    }
    Ok(distinct.into_iter().collect())
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
    };
    Ok(vec![
        PlannedStep::in_control(&step, change)?
            .secret(ROW, image.row)
            .keep_secrets(),
    ])
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

fn shown(destinations: &[MailAddress]) -> String {
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
    fn destinations_are_kept_once_and_in_order() {
        let given = addresses(&["b@example.test", "a@example.test", "b@example.test"]);
        let kept = destinations(&source("all@example.test"), given).expect("kept");
        assert_eq!(kept, addresses(&["a@example.test", "b@example.test"]));
    }

    #[test]
    fn too_many_or_itself_is_refused() {
        let many = |count| {
            (0..count)
                .map(|number| format!("a{number}@example.test").parse().expect("an address"))
                .collect()
        };
        let all = source("all@example.test");
        assert_eq!(destinations(&all, many(LIMIT)).expect("the most").len(), LIMIT);
        let error = destinations(&all, many(10_001)).expect_err("too many");
        assert_eq!((error.kind(), error.reason()), (Kind::Usage, "invalid"));
        let itself = addresses(&["b@example.test", "ALL@example.test"]);
        assert!(destinations(&all, itself).is_err());
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
