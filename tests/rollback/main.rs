//! All or nothing: verbs that fail or die at every place there is. `tests/torture.rs` has the whole table.

#[path = "../support/mod.rs"]
mod support;

use support::Lab;
use support::rollback::{
    ACCOUNT_CREATE, Cell, DATABASE_CREATE, DATABASE_DELETE, End, MAIL_DOMAIN_CREATE, Mode, SITE_CREATE,
    Table, Verb, When, ZONE_CREATE,
};

/// Every death while doing and while undoing; of the others every third, so that each step and each point is among them.
fn is_in_the_sample(index: usize, cell: Cell) -> bool {
    let is_death = cell.mode == Mode::Die && cell.when != When::Recover;
    is_death || (index + cell.step).is_multiple_of(3)
}

fn play(lab: &Lab, verb: Verb) {
    let table = Table::new(lab, verb);
    let cells = Cell::all(table.steps);
    let mut counts = [0; 3];
    for (_, cell) in cells
        .into_iter()
        .enumerate()
        .filter(|(index, cell)| is_in_the_sample(*index, *cell))
    {
        let end = table.play(cell);
        counts[end as usize] += 1;
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    println!(
        "{} steps; nothing {}, all {}, no such place {}",
        table.steps, counts[0], counts[1], counts[2]
    );
}

#[test]
fn an_account_is_made_whole_or_not_at_all() {
    play(&Lab::new(), ACCOUNT_CREATE);
}

#[test]
fn a_database_is_made_whole_or_not_at_all() {
    play(&Lab::new(), DATABASE_CREATE);
}

#[test]
fn a_database_is_deleted_whole_or_not_at_all() {
    play(&Lab::new(), DATABASE_DELETE);
}

#[test]
fn a_mail_domain_is_made_whole_or_not_at_all() {
    play(&Lab::new(), MAIL_DOMAIN_CREATE);
}

#[test]
fn a_zone_is_made_whole_or_not_at_all() {
    play(&Lab::with_dns(), ZONE_CREATE);
}

#[test]
fn a_site_is_made_whole_or_not_at_all() {
    play(&Lab::new(), SITE_CREATE);
}
