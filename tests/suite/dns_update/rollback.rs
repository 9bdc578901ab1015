//! All or nothing, at every place where a change by update can fail or die.

use crate::support::Lab;
use crate::support::nameserver::Make;
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::Verb;

const VERB: Verb = Verb {
    line: "",
    input: "",
    has_dns: true,
    setting: &[],
    needs: &[],
    removal: &[],
    is_one_commit: false,
    traceless: &[],
};
const RECORD_ADD: Verb = Verb {
    line: "dns record add dyn.test www A 192.0.2.1",
    removal: &["dns record delete dyn.test www A 192.0.2.1 --yes"],
    ..VERB
};
const RECORD_SET: Verb = Verb {
    line: "dns record set dyn.test set A 192.0.2.2",
    needs: &["dns record set dyn.test set A 192.0.2.1 --yes"],
    ..VERB
};
const RECORD_DELETE: Verb = Verb {
    line: "dns record delete dyn.test gone A",
    needs: &["dns record add dyn.test gone A 192.0.2.1"],
    ..VERB
};
const ZONE_CREATE: Verb = Verb {
    line: "dns zone create new.test --provider edge",
    removal: &["dns zone delete new.test --purge --yes"],
    ..VERB
};
const ZONE_DELETE: Verb = Verb {
    line: "dns zone delete new.test",
    needs: &["dns zone create new.test --provider edge"],
    ..VERB
};

fn play(lab: &Lab, verb: Verb) {
    let table = Table::new(lab, verb);
    for cell in Cell::some(table.steps.len(), 8) {
        let end = table.play(cell);
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
}

fn play_records(make: Make) {
    let lab = Lab::with_nameserver(make, "www A 192.0.2.9\n");
    for verb in [RECORD_ADD, RECORD_SET, RECORD_DELETE] {
        play(&lab, verb);
    }
}

#[test]
fn records_at_bind_are_changed_whole_or_not_at_all() {
    play_records(Make::Bind);
}

#[test]
fn records_at_knot_are_changed_whole_or_not_at_all() {
    play_records(Make::Knot);
}

#[test]
fn a_zone_of_a_catalog_is_made_and_deleted_whole_or_not_at_all() {
    let lab = Lab::with_nameserver(Make::Knot, "");
    play(&lab, ZONE_CREATE);
    play(&lab, ZONE_DELETE);
}
