//! A sample of the table, which still has every step and every point of each verb in it.

use std::collections::BTreeSet;

use hostctl::clock;

use crate::support::Lab;
use crate::support::rollback::{Cell, End, Mode, Table, When};
use crate::support::verbs::{self, Verb};

/// Every death while doing. Of a short plan a part of the rest; of a middling one more of the deaths while undoing; of a
/// long one, whose steps are those of others, one step for every way to meet a point, in turn.
fn is_in_the_sample(steps: usize, index: usize, cell: Cell) -> bool {
    let dies = |when| cell.mode == Mode::Die && cell.when == when;
    let is_one_in = |count| (index + cell.step).is_multiple_of(count);
    match steps {
        0..=3 => dies(When::Do) || is_one_in(9),
        4..=6 => dies(When::Do) || (dies(When::Undo) && is_one_in(2)) || is_one_in(12),
        _ => cell.step == (index / (steps * 6) * 6 + index % 6) % steps,
    }
}

fn sample(table: &Table<'_>) -> Vec<Cell> {
    let steps = table.steps.len();
    let cells = Cell::all(steps).into_iter().enumerate();
    let sample: Vec<Cell> = cells
        .filter(|(index, cell)| is_in_the_sample(steps, *index, *cell) && table.may_be_met(*cell))
        .map(|(_, cell)| cell)
        .collect();
    let places: BTreeSet<usize> = sample.iter().map(|cell| cell.step).collect();
    let points: BTreeSet<&str> = sample.iter().map(|cell| cell.point.word()).collect();
    assert_eq!((places.len(), points.len()), (steps, 6), "the sample misses some");
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
