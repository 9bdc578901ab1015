//! A sample of the table, which still has every step and every point of each verb in it.

use std::collections::BTreeSet;

use hostctl::clock;

use crate::support::Lab;
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::{self, Verb};

fn sample(table: &Table<'_>) -> Vec<Cell> {
    let steps = table.steps.len();
    let mut sample = Cell::some(steps, 8);
    sample.retain(|cell| table.may_be_met(*cell));
    let places: BTreeSet<usize> = sample.iter().map(|cell| cell.step).collect();
    assert_eq!(places.len(), steps, "the sample misses some");
    sample
}

fn play(verb: Verb) {
    let started = clock::instant();
    let lab = Lab::of(verb.has_dns);
    let table = Table::new(&lab, verb);
    // Each step done two times in a row, and each undo, is as if done once.
    if let Err(problem) = table.try_twice() {
        panic!("{} twice: {problem}", verb.line);
    }
    let mut counts = [0; 3];
    for cell in sample(&table) {
        let end = table.play(cell);
        counts[end as usize] += 1;
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    let [nothing, all, no_place] = counts;
    println!(
        "{}: {} steps, {:.0?}; nothing {nothing}, all {all}, no such place {no_place}",
        verb.line,
        table.steps.len(),
        started.elapsed(),
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
fn a_domain_is_added_whole_or_not_at_all() {
    play(verbs::DOMAIN_ADD);
}

#[test]
fn a_domain_is_deleted_whole_or_not_at_all() {
    play(verbs::DOMAIN_DELETE);
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
fn a_site_with_a_zone_is_made_whole_or_not_at_all() {
    play(verbs::WHOLE_SITE_CREATE);
}

#[test]
fn a_site_with_a_zone_is_deleted_whole_or_not_at_all() {
    play(verbs::WHOLE_SITE_DELETE);
}

#[test]
fn a_database_is_kept_whole_or_not_at_all() {
    play(verbs::DATABASE_BURY);
}

#[test]
fn a_box_is_kept_whole_or_not_at_all() {
    play(verbs::BOX_BURY);
}

#[test]
fn a_site_is_kept_whole_or_not_at_all() {
    play(verbs::SITE_BURY);
}

#[test]
fn a_site_is_brought_back_whole_or_not_at_all() {
    play(verbs::SITE_UNDO);
}

#[test]
fn a_record_is_undone_whole_or_not_at_all() {
    play(verbs::RECORD_UNDO);
}
