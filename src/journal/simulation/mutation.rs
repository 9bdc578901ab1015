//! The suite itself on trial: with an undo taken out, verification must notice; with the probe lying as well, the oracle.

use super::gate::Gate;
use super::lab::{Lab, Shape};
use super::oracle;
use super::process::execute;
use super::schedule::finish;
use super::seeds::on_paused_clock;
use super::{Call, Fault};
use crate::journal::{Direction, Ending, State, StepState};

const LENGTH: u32 = 4;

/// A lab whose last step is refused and whose step `number` is not taken back, though its undo says so.
fn without_undo_of(number: u32) -> Lab {
    let lab = Lab::calm(&[Shape::HALVES; LENGTH as usize]);
    lab.once(Call::Apply, LENGTH - 1, Fault::Refused);
    lab.faults.borrow_mut().lying_undos.insert(number);
    lab
}

#[test]
fn an_undo_that_does_nothing_ends_stuck_and_names_the_step() {
    for number in 0..LENGTH - 1 {
        let lab = without_undo_of(number);
        let ending = on_paused_clock(execute(&Gate::new(&lab), None));
        let Ending::Stuck(_, residue) = &ending else {
            panic!("step {number}: {ending:?}")
        };
        assert_eq!(*residue, [format!("thing:{number}")]);
        assert_eq!(lab.states()[number as usize], StepState::UndoStuck);
        oracle::agree(&lab, &ending);
        assert!(
            lab.violations.borrow().is_empty(),
            "{:?}",
            lab.violations.borrow()
        );
    }
}

#[test]
fn an_undo_that_does_nothing_and_a_probe_that_sees_nothing_are_seen_by_the_oracle() {
    for number in 0..LENGTH - 1 {
        let lab = without_undo_of(number);
        lab.faults.borrow_mut().lying_probes.insert(number);
        on_paused_clock(async {
            execute(&Gate::new(&lab), None).await;
            finish(&lab, Direction::Back).await;
        });
        assert_eq!(
            lab.ledger.borrow().state,
            State::RolledBack,
            "the engine believes what it is told"
        );
        oracle::judge(&lab);
        assert_eq!(
            *lab.violations.borrow(),
            [format!("rolled back, and something of ours is in place {number}")]
        );
    }
}
