//! Plans for boxes: pure, from what is wanted and what was seen to steps.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::set::Set;
use super::steps::{Create, Delete, HASH, SetPassword, described};
use super::store::Image;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::mail::hash::PasswordHash;
use crate::mail::rows::{ROW, kept_or_gone};
use crate::model::{MailAddress, Quota};
use crate::trash::Fate;

/// What a box is called in the trash.
pub const KIND: &str = "mail box";

/// A box that is to be.
#[derive(Clone, Debug)]
pub struct NewBox {
    /// Its address.
    pub address: MailAddress,
    /// How much mail it takes.
    pub quota: Quota,
    /// The password, hashed.
    pub hash: PasswordHash,
}

/// Plans new boxes of one account: a step each, so that each address is claimed. They may lie in several domains.
///
/// # Errors
/// `usage`: an address given twice (`invalid`), or one of a role without `allow_role` (`reserved`).
pub fn plan_create(boxes: Vec<NewBox>, account: Uuid, allow_role: bool) -> Result<Vec<PlannedStep>> {
    check_addresses(boxes.iter().map(|new| &new.address), allow_role)?;
    boxes.into_iter().map(|new| create(new, account)).collect()
}

/// What can be said of new addresses before anybody is asked or any password hashed.
///
/// # Errors
/// As [`plan_create`].
pub fn check_addresses<'a>(
    addresses: impl IntoIterator<Item = &'a MailAddress>,
    allow_role: bool,
) -> Result<()> {
    let mut seen = BTreeSet::new();
    for address in addresses {
        if !seen.insert(address) {
            return Err(Error::invalid(format!("mail address {address}: given twice")));
        }
        if address.is_role() && !allow_role {
            let message = format!(
                "mail address {address}: {} is the address of a role",
                address.local()
            );
            let hint = "who reads it can get certificates for the domain; if that is meant: --allow-role";
            return Err(Error::new(Kind::Usage, "reserved", message).hint(hint));
        }
    }
    Ok(())
}

fn create(new: NewBox, account: Uuid) -> Result<PlannedStep> {
    let change = Change {
        action: "create",
        resource: described(&new.address),
        before: None,
        after: Some(format!("active, quota {}", new.quota)),
        undo: Reversal::Undoable,
    };
    let step = Create {
        address: new.address,
        account,
        quota: new.quota,
    };
    Ok(PlannedStep::in_control(&step, change)?.secret(HASH, new.hash.secret().clone()))
}

/// Plans another password for a box: one step.
///
/// # Errors
/// `internal`.
pub fn plan_password(image: Image, hash: &PasswordHash) -> Result<Vec<PlannedStep>> {
    let change = Change {
        action: "change",
        resource: format!("password of {}", described(&image.address)),
        before: Some("set".to_owned()),
        after: Some("set anew".to_owned()),
        undo: Reversal::Undoable,
    };
    let step = PlannedStep::in_control(
        &SetPassword {
            address: image.address,
        },
        change,
    )?;
    Ok(vec![
        step.secret(HASH, hash.secret().clone())
            .secret(ROW, image.row)
            .keep_secrets(),
    ])
}

/// Plans another quota or state for a box: one step, or none where both are so already.
///
/// # Errors
/// `internal`.
pub fn plan_set(image: Image, quota: Option<Quota>, state: Option<&str>) -> Result<Vec<PlannedStep>> {
    let (quota, state) = (quota.unwrap_or(image.quota), state.unwrap_or(&image.state));
    if quota == image.quota && state == image.state {
        return Ok(Vec::new());
    }
    let change = Change {
        action: "change",
        resource: described(&image.address),
        before: Some(format!("{}, quota {}", image.state, image.quota)),
        after: Some(format!("{state}, quota {quota}")),
        undo: Reversal::Undoable,
    };
    let step = Set {
        address: image.address,
        quota,
        state: state.to_owned(),
        account: None,
        home: None,
    };
    Ok(vec![
        PlannedStep::in_control(&step, change)?
            .secret(ROW, image.row)
            .keep_secrets(),
    ])
}

/// Plans the end of a box. Its mail stays where it is.
///
/// # Errors
/// `internal`.
pub fn plan_delete(image: Image, fate: Fate) -> Result<Vec<PlannedStep>> {
    let (name, account) = (image.address.to_string(), image.account);
    let change = Change {
        action: "delete",
        resource: described(&image.address),
        before: Some(format!("{}, quota {}", image.state, image.quota)),
        after: None,
        undo: Reversal::Undoable,
    };
    let step = PlannedStep::in_control(
        &Delete {
            address: image.address,
        },
        change,
    )?;
    let step = step.secret(ROW, image.row);
    kept_or_gone(step, KIND, &name, account, fate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Password;

    fn hash() -> PasswordHash {
        PasswordHash::of(&Password::generate().expect("entropy")).expect("hashed")
    }

    fn new(address: &str) -> NewBox {
        let address = address.parse().expect(address);
        NewBox {
            address,
            quota: "2G".parse().expect("a quota"),
            hash: hash(),
        }
    }

    #[test]
    fn every_box_is_a_step_that_claims_its_whole_address() {
        let boxes = vec![
            new("info@example.test"),
            new("user3@example.test"),
            new("auser3@example.test"),
        ];
        let steps = plan_create(boxes, Uuid::nil(), false).expect("a plan");
        let resources: Vec<_> = steps.iter().map(|step| step.resource.as_str()).collect();
        assert_eq!(
            resources,
            [
                "box:info@example.test",
                "box:user3@example.test",
                "box:auser3@example.test"
            ]
        );
        assert_eq!(steps[0].change.after.as_deref(), Some("active, quota 2G"));
    }

    #[test]
    fn a_hash_is_a_secret_and_no_parameter() {
        let hash = hash();
        let steps = plan_password(Image::for_test("info@example.test"), &hash).expect("a plan");
        assert_eq!(steps[0].secrets["password_hash"].expose(), hash.secret().expose());
        assert!(steps[0].secrets.contains_key("row"));
        assert_eq!(
            steps[0].parameters.to_string(),
            r#"{"address":"info@example.test"}"#
        );
    }

    #[test]
    fn the_address_of_a_role_needs_to_be_meant() {
        for role in [
            "postmaster",
            "hostmaster",
            "webmaster",
            "abuse",
            "admin",
            "administrator",
        ] {
            let address = format!("{role}@example.test");
            let error = plan_create(vec![new(&address)], Uuid::nil(), false).expect_err(role);
            assert_eq!((error.kind(), error.reason()), (Kind::Usage, "reserved"));
            assert!(
                error
                    .hint_text()
                    .is_some_and(|hint| hint.contains("--allow-role"))
            );
        }
        let steps = plan_create(vec![new("postmaster@example.test")], Uuid::nil(), true).expect("allowed");
        assert_eq!(steps.len(), 1);
    }

    #[test]
    fn an_address_given_twice_is_refused() {
        let boxes = vec![new("info@example.test"), new("Info@EXAMPLE.test")];
        let error = plan_create(boxes, Uuid::nil(), false).expect_err("twice");
        assert_eq!(error.message(), "mail address info@example.test: given twice");
    }
}
