//! Which database of which cluster a step is about, and the names that are derived from an operation.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::journal::Marker;
use crate::model::DatabaseName;

/// A tenant's database as every step of it stores it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The cluster's name in the configuration.
    pub cluster: String,
    /// The cluster's system identifier: a step works nowhere else.
    pub substrate: String,
    /// The database and its login role.
    pub name: DatabaseName,
    /// The NOLOGIN role that owns the database.
    pub owner: String,
}

impl Subject {
    /// The key that an operation claims.
    #[must_use]
    pub fn resource(&self) -> String {
        resource(&self.cluster, &self.name)
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        format!("database {} on {}", self.name, self.cluster)
    }
}

/// The key that an operation claims: `database:main/shop`.
#[must_use]
pub fn resource(cluster: &str, name: &DatabaseName) -> String {
    format!("database:{cluster}/{name}")
}

/// The owner of the database that `operation` makes.
pub(super) fn owner_of(operation: Uuid) -> String {
    format!("hc_own_{}", short(operation))
}

/// The database that `operation` makes, until it is published. What bears this name is provably its.
pub(super) fn staging_of(operation: Uuid) -> String {
    format!("hc_stage_{}", short(operation))
}

/// The database that `operation` has replaced, until it is dropped.
pub(super) fn trash_of(operation: Uuid) -> String {
    format!("hc_trash_{}", short(operation))
}

/// The database `name` that `operation` deletes, until it is dropped. One operation may delete several.
pub(super) fn hidden_of(operation: Uuid, name: &DatabaseName) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, name.as_str().as_bytes());
    let digest: u32 = digest.as_ref()[..4]
        .iter()
        .fold(0, |sum, byte| (sum << 8) | u32::from(*byte));
    format!("hc_trash_{}_{digest:08x}", short(operation))
}

/// The role that logs in for `operation` in the tenant's stead, and is gone when it ends.
pub(super) fn stand_in_of(operation: Uuid) -> String {
    format!("hc_login_{}", short(operation))
}

/// The operation that a name of ours was derived from.
pub(super) fn operation_of(name: &str) -> Option<Uuid> {
    let (_, rest) = name.strip_prefix("hc_")?.split_once('_')?;
    let short = rest.split('_').next()?;
    Marker::parse(&format!("hostctl:{short}:0.1")).map(|marker| marker.operation)
}

/// The mark that is the word `number` of `comment`: 0 of who made the thing, 1 of its latest change.
pub(super) fn mark_in(comment: Option<&str>, number: usize) -> Option<Marker> {
    word(comment, number)
}

/// A mark of `operation` for a person to put back.
pub(super) fn mark(operation: Uuid) -> Marker {
    Marker {
        operation,
        step: 0,
        epoch: 1,
    }
}

fn short(operation: Uuid) -> String {
    mark(operation).short()
}

/// Whether `comment` is the mark of `operation`. Its first word tells who made the thing; a second one is the mark of
/// the latest change: of the password on a role, of who may log in on a database.
pub(super) fn is_made_by(comment: Option<&str>, operation: Uuid) -> bool {
    word(comment, 0).is_some_and(|marker| marker.operation == operation)
}

/// The comment with the mark of the latest change as its second word.
pub(super) fn changed_comment(comment: &str, marker: Marker) -> String {
    format!("{} {marker}", comment.split(' ').next().unwrap_or_default())
}

/// Whether the latest change of a password, or of who may log in, was made by `operation`.
pub(super) fn is_changed_by(comment: Option<&str>, operation: Uuid) -> bool {
    word(comment, 1).is_some_and(|marker| marker.operation == operation)
}

/// The operation that made what bears `comment`.
pub(super) fn made_by(comment: Option<&str>) -> Option<Uuid> {
    word(comment, 0).map(|marker| marker.operation)
}

/// Whether `comment` is a mark of anybody's hostctl.
pub(super) fn is_marked(comment: Option<&str>) -> bool {
    word(comment, 0).is_some()
}

fn word(comment: Option<&str>, number: usize) -> Option<Marker> {
    Marker::parse(comment?.split(' ').nth(number)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_names_are_reserved_and_short_enough() {
        let names = [
            owner_of(Uuid::max()),
            staging_of(Uuid::max()),
            trash_of(Uuid::max()),
            hidden_of(Uuid::max(), &"z".repeat(63).parse().expect("a name")),
        ];
        for name in names {
            assert!(name.len() <= 63, "{name}");
            assert!(
                name.parse::<DatabaseName>().is_err(),
                "a tenant could take {name}"
            );
        }
    }

    #[test]
    fn a_derived_name_tells_its_operation() {
        let operation = Uuid::from_u128(7);
        let hidden = hidden_of(operation, &"shop".parse().expect("a name"));
        for name in [
            owner_of(operation),
            staging_of(operation),
            trash_of(operation),
            hidden,
        ] {
            assert_eq!(operation_of(&name), Some(operation), "{name}");
        }
        for name in ["shop", "hc_", "hc_own_", "hc_own_shop"] {
            assert_eq!(operation_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_second_word_does_not_hide_the_first() {
        let (made, changed) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mark = |operation| {
            Marker {
                operation,
                step: 0,
                epoch: 1,
            }
            .to_string()
        };
        let comment = format!("{} {}", mark(made), mark(changed));
        assert!(is_made_by(Some(&comment), made) && !is_made_by(Some(&comment), changed));
        assert!(is_changed_by(Some(&comment), changed) && !is_changed_by(Some(&mark(made)), made));
        assert!(!is_marked(None) && !is_marked(Some("our shop")));
    }
}
