//! Every step done two times in a row, and every undo: it is as if each had been done once.

use crate::support::Lab;
use crate::support::rollback::Table;
use crate::support::verbs;

#[test]
fn every_step_and_every_undo_may_be_done_twice() {
    let problems: Vec<String> = verbs::ALL
        .into_iter()
        .filter_map(|verb| {
            let lab = Lab::of(verb.has_dns);
            let outcome = Table::new(&lab, verb).try_twice();
            outcome.err().map(|problem| format!("{}: {problem}", verb.line))
        })
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}
