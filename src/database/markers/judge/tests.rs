use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::database::entry::Entrants;
use crate::database::subject::{owner_of, staging_of};

const LOST: Uuid = Uuid::from_u128(7);
const MADE: Uuid = Uuid::from_u128(1);

fn seen(comment: Option<String>, owner: Option<&str>) -> Seen {
    Seen {
        comment,
        owner: owner.map(ToOwned::to_owned),
        oid: 1,
        can_login: owner.is_none(),
        entrants: Entrants::default(),
    }
}

fn marked_by(operation: Uuid) -> String {
    mark(operation).to_string()
}

fn snapshot() -> Snapshot {
    Snapshot {
        cluster: "main".to_owned(),
        substrate: "1".to_owned(),
        databases: BTreeMap::new(),
        roles: BTreeMap::new(),
        rows: Vec::new(),
        kept: BTreeSet::new(),
    }
}

/// `name` as `operation` made it.
fn add(snapshot: &mut Snapshot, name: &str, operation: Uuid) {
    let owner = owner_of(operation);
    let database = seen(Some(marked_by(operation)), Some(&owner));
    snapshot.databases.insert(name.to_owned(), database);
    for role in [name, &owner] {
        let role = role.to_owned();
        snapshot
            .roles
            .insert(role, seen(Some(marked_by(operation)), None));
    }
}

fn row(name: &str, operation: Uuid) -> Database {
    Database {
        name: name.to_owned(),
        account: "main".to_owned(),
        cluster: "main".to_owned(),
        owner: owner_of(operation),
        role: name.to_owned(),
        state: "active".to_owned(),
        size_bytes: None,
        quota_bytes: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
        suspended_connections: None,
        may_create: Some(false),
        account_id: Uuid::nil(),
        substrate: "1".to_owned(),
        database_operation: operation,
        role_operation: operation,
    }
}

/// Item, finding, operation of the mark.
fn found(snapshot: &Snapshot) -> Vec<(String, &'static str, Option<Uuid>)> {
    let all = snapshot.marked().expect("judged").into_iter();
    all.map(|marked| {
        let seen = marked.sighting;
        (
            seen.item,
            seen.finding.word(),
            seen.marker.map(|marker| marker.operation),
        )
    })
    .collect()
}

fn item(name: &str, finding: &'static str, operation: Uuid) -> (String, &'static str, Option<Uuid>) {
    (name.to_owned(), finding, Some(operation))
}

#[test]
fn what_the_inventory_accounts_for_is_not_noticed() {
    let mut world = snapshot();
    add(&mut world, "shop", MADE);
    assert_eq!(found(&world), [item("database:main/shop", "unknown", MADE)]);
    world.rows.push(row("shop", MADE));
    assert!(found(&world).is_empty());
}

#[test]
fn a_mark_that_its_owner_could_have_written_is_suspect() {
    let mut world = snapshot();
    add(&mut world, "shop", LOST);
    world.databases.get_mut("shop").expect("shop").owner = Some("shop".to_owned());
    let suspect = world.marked().expect("judged").remove(0);
    assert_eq!(suspect.sighting.finding, Finding::Suspect);
    assert!(suspect.sighting.adopting.is_none() && matches!(suspect.thing, Thing::Suspect { .. }));
    // A row of that name does not make somebody else's database ours.
    world.rows.push(row("shop", MADE));
    assert_eq!(found(&world)[0], item("database:main/shop", "suspect", LOST));
}

#[test]
fn what_was_deleted_and_is_hidden_comes_back_to_its_row() {
    let mut world = snapshot();
    add(&mut world, "shop", MADE);
    world.rows.push(row("shop", MADE));
    let hidden = hidden_of(LOST, &"shop".parse().expect("name"));
    let mut database = world.databases.remove("shop").expect("shop");
    database.comment = Some(marked_by(LOST));
    world.databases.insert(hidden.clone(), database);
    let role = world.roles.remove("shop").expect("shop");
    world.roles.insert(hidden.clone(), role);
    let item = format!("database:main/{hidden}");
    assert_eq!(found(&world), [self::item(&item, "unknown", LOST)]);
    world.kept.insert(hidden);
    let missing = ("database:main/shop".to_owned(), "missing", None);
    assert_eq!(
        found(&world),
        [missing],
        "what lies in the trash is accounted for, the row is not"
    );
}

#[test]
fn half_made_and_half_deleted_things_bear_the_operation_that_is_at_them() {
    let mut world = snapshot();
    let staging = staging_of(LOST);
    world
        .databases
        .insert(staging.clone(), seen(None, Some(&owner_of(LOST))));
    let hidden = hidden_of(LOST, &"till".parse().expect("name"));
    // Deleted with its row, and not yet in the trash: its mark is of who made it.
    world
        .roles
        .insert(hidden.clone(), seen(Some(marked_by(MADE)), None));
    assert_eq!(
        found(&world),
        [
            item(&format!("database:main/{staging}"), "unknown", LOST),
            item(&format!("role:main/{hidden}"), "unknown", LOST),
        ]
    );
}

#[test]
fn the_latest_change_is_told_apart_from_the_making() {
    let mut world = snapshot();
    add(&mut world, "shop", MADE);
    world.rows.push(row("shop", MADE));
    let comment = format!("{} {}", mark(MADE), mark(LOST));
    world.roles.get_mut("shop").expect("shop").comment = Some(comment);
    assert_eq!(found(&world), [item("role:main/shop", "changed", LOST)]);
}

#[test]
fn a_row_without_its_database_is_missing() {
    let mut world = snapshot();
    world.rows.push(row("shop", MADE));
    assert_eq!(
        found(&world),
        [("database:main/shop".to_owned(), "missing", None)]
    );
}
