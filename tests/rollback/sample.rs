//! A sample of the table, which still has every step and every point of each verb in it.

use std::collections::BTreeSet;

use crate::support::Lab;
use crate::support::rollback::{Cell, End, Mode, Table, When};
use crate::support::verbs::{self, Verb};

/// Every death while doing and while undoing; of the others every third, so that each step and each point is among them.
/// Of a long plan one step for every way to meet a point, in turn: its steps are those of the short ones.
fn is_in_the_sample(steps: usize, index: usize, cell: Cell) -> bool {
    if steps > 6 {
        return cell.step == (index / (steps * 6) * 6 + index % 6) % steps;
    }
    let is_death = cell.mode == Mode::Die && cell.when != When::Recover;
    is_death || (index + cell.step).is_multiple_of(3)
}

fn sample(steps: usize) -> Vec<Cell> {
    let cells = Cell::all(steps).into_iter().enumerate();
    let sample: Vec<Cell> = cells
        .filter(|(index, cell)| is_in_the_sample(steps, *index, *cell))
        .map(|(_, cell)| cell)
        .collect();
    let places: BTreeSet<usize> = sample.iter().map(|cell| cell.step).collect();
    let points: BTreeSet<&str> = sample.iter().map(|cell| cell.point.word()).collect();
    assert_eq!((places.len(), points.len()), (steps, 6), "the sample misses some");
    sample
}

fn play(verb: Verb) {
    let lab = Lab::of(verb.has_dns);
    let table = Table::new(&lab, verb);
    let mut counts = [0; 3];
    for cell in sample(table.steps.len()) {
        let end = table.play(cell);
        counts[end as usize] += 1;
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    println!(
        "{} steps; nothing {}, all {}, no such place {}",
        table.steps.len(),
        counts[0],
        counts[1],
        counts[2]
    );
}

#[test]
fn an_account_is_made_whole_or_not_at_all() {
    play(verbs::ACCOUNT_CREATE);
}

#[test]
fn an_account_is_deleted_whole_or_not_at_all() {
    play(verbs::ACCOUNT_DELETE);
}

#[test]
fn a_database_is_made_whole_or_not_at_all() {
    play(verbs::DATABASE_CREATE);
}

#[test]
fn a_database_gets_another_password_whole_or_not_at_all() {
    play(verbs::DATABASE_PASSWD);
}

#[test]
fn a_database_is_deleted_whole_or_not_at_all() {
    play(verbs::DATABASE_DELETE);
}

#[test]
fn a_mail_domain_is_made_whole_or_not_at_all() {
    play(verbs::MAIL_DOMAIN_CREATE);
}

#[test]
fn a_mail_domain_is_deleted_whole_or_not_at_all() {
    play(verbs::MAIL_DOMAIN_DELETE);
}

#[test]
fn a_box_is_made_whole_or_not_at_all() {
    play(verbs::BOX_CREATE);
}

#[test]
fn a_box_gets_another_password_whole_or_not_at_all() {
    play(verbs::BOX_PASSWD);
}

#[test]
fn a_box_is_deleted_whole_or_not_at_all() {
    play(verbs::BOX_DELETE);
}

#[test]
fn a_zone_is_made_whole_or_not_at_all() {
    play(verbs::ZONE_CREATE);
}

#[test]
fn a_zone_is_deleted_whole_or_not_at_all() {
    play(verbs::ZONE_DELETE);
}

#[test]
fn a_record_is_added_whole_or_not_at_all() {
    play(verbs::RECORD_ADD);
}

#[test]
fn a_record_is_set_whole_or_not_at_all() {
    play(verbs::RECORD_SET);
}

#[test]
fn a_record_is_deleted_whole_or_not_at_all() {
    play(verbs::RECORD_DELETE);
}

#[test]
fn a_site_is_made_whole_or_not_at_all() {
    play(verbs::SITE_CREATE);
}

#[test]
fn a_site_with_a_zone_is_made_whole_or_not_at_all() {
    play(verbs::WHOLE_SITE_CREATE);
}

#[test]
fn a_site_with_a_zone_is_deleted_whole_or_not_at_all() {
    play(verbs::WHOLE_SITE_DELETE);
}
