//! `--timeout` asks for haste on the way back too: what is not taken back in time is left to recovery, which takes its time.

use std::time::Duration;

use super::gate::Gate;
use super::lab::{Lab, Shape};
use super::process::{PATIENCE, execute_with, recover};
use super::seeds::on_paused_clock;
use super::{Call, Fault};
use crate::journal::{Direction, Ending, Patience, State};

#[test]
fn what_is_not_taken_back_in_time_is_left_to_recovery() {
    let lab = Lab::calm(&[Shape::OUTSIDE; 3]);
    lab.once(Call::Apply, 2, Fault::Refused);
    let patience = Patience {
        back: Some(Duration::ZERO),
        ..PATIENCE
    };
    let ending = on_paused_clock(execute_with(&Gate::new(&lab), patience));
    assert!(
        matches!(&ending, Ending::Left(cause) if cause.message().starts_with("no time was left")),
        "{ending:?}"
    );
    assert!(
        !lab.happened.borrow().iter().any(|(call, _)| *call == Call::Undo),
        "it had no time left"
    );
    let ending = on_paused_clock(recover(&Gate::new(&lab), Direction::Back));
    assert!(matches!(ending, Some(Ending::RolledBack(_))));
    assert_eq!(lab.ledger.borrow().state, State::RolledBack);
}
