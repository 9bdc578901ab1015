//! Inputs that hurt somebody once, class by class: refused with exit 2 before anything is connected to, made canonical with
//! a note, or a conflict that names itself.

#![expect(
    clippy::print_stdout,
    reason = "how many refusals were tried belongs to the proof"
)]

mod accepted;
mod conflicts;
mod domains;
mod mail;
mod names;
mod numbers;
mod passwords;
mod recorder;
mod records;
mod secrets;
mod settings;

use recorder::{Line, run};

#[test]
fn the_recorders_see_who_asks() {
    for line in [
        &["db", "show", "shop", "--timeout", "2s"][..],
        &["dns", "lookup", "example.test", "--timeout", "1s"],
    ] {
        let (ran, connections) = run(&[Line::new(line)]);
        assert_ne!(ran[0].code, Some(0));
        assert!(connections > 0, "{}", ran[0]);
    }
}
