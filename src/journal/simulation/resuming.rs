//! Operations that are gone on with: only a refusal, or a person, takes them back.

use std::time::Duration;

use super::gate::Gate;
use super::lab::{Lab, Shape};
use super::process::{execute, recover};
use super::seeds::on_paused_clock;
use super::{Call, Fault, oracle};
use crate::error::Kind;
use crate::journal::{Direction, Ending, State};

const STEPS: [Shape; 3] = [Shape::CONTROL, Shape::HALVES, Shape::OUTSIDE.pivot()];

fn lab() -> Lab {
    let mut lab = Lab::calm(&STEPS);
    lab.resumes = true;
    lab
}

/// Everything is there, once, and nobody has anything to say.
fn is_whole(lab: &Lab) {
    oracle::judge(lab);
    assert!(
        lab.violations.borrow().is_empty(),
        "{:?}",
        lab.violations.borrow()
    );
    assert_eq!(lab.ledger.borrow().state, State::Succeeded);
}

#[test]
fn what_may_work_later_is_kept_and_gone_on_with() {
    for (number, fault) in [
        (1, Fault::NotNow),
        (1, Fault::LostHalf),
        (2, Fault::NotNow),
        (2, Fault::HangBefore),
    ] {
        let lab = lab();
        lab.once(Call::Apply, number, fault);
        let ending = on_paused_clock(execute(&Gate::new(&lab), None));
        assert!(
            matches!(ending, Ending::Kept(_)),
            "{number} {fault:?}: {ending:?}"
        );
        assert_eq!(lab.ledger.borrow().state, State::Running);
        let ending = on_paused_clock(recover(&Gate::new(&lab), Direction::Forward)).expect("it is open");
        assert!(matches!(ending, Ending::Done), "{number} {fault:?}: {ending:?}");
        is_whole(&lab);
    }
}

#[test]
fn without_time_it_is_kept_and_without_the_world_as_well() {
    let lab = lab();
    let ending = on_paused_clock(execute(&Gate::new(&lab), Some(Duration::ZERO)));
    assert!(matches!(ending, Ending::Kept(_)), "{ending:?}");
    lab.always(Call::Apply, 1, Fault::HangBefore);
    lab.always(Call::Probe, 1, Fault::NotNow);
    let ending = on_paused_clock(recover(&Gate::new(&lab), Direction::Forward));
    assert!(matches!(ending, Some(Ending::Kept(_))), "{ending:?}");
    let ending = on_paused_clock(recover(&Gate::new(&lab), Direction::Forward));
    assert!(matches!(ending, Some(Ending::Kept(_))), "{ending:?}");
    lab.quiet();
    let ending = on_paused_clock(recover(&Gate::new(&lab), Direction::Forward));
    assert!(matches!(ending, Some(Ending::Done)), "{ending:?}");
    is_whole(&lab);
}

#[test]
fn a_refusal_takes_it_back_and_so_does_a_person() {
    let refused = lab();
    refused.once(Call::Apply, 1, Fault::Refused);
    let ending = on_paused_clock(execute(&Gate::new(&refused), None));
    assert!(matches!(ending, Ending::RolledBack(cause) if cause.kind() == Kind::Conflict));

    let stopped = lab();
    stopped.once(Call::Apply, 1, Fault::NotNow);
    let gate = Gate::new(&stopped);
    gate.interrupt.signal();
    let ending = on_paused_clock(execute(&gate, None));
    assert!(matches!(ending, Ending::RolledBack(cause) if cause.kind() == Kind::Interrupted));
}

#[test]
fn what_is_given_up_is_taken_back_unless_its_pivot_may_be_there() {
    let early = lab();
    early.once(Call::Apply, 1, Fault::LostHalf);
    let ending = on_paused_clock(execute(&Gate::new(&early), None));
    assert!(matches!(ending, Ending::Kept(_)), "{ending:?}");
    let ending = on_paused_clock(recover(&Gate::new(&early), Direction::GiveUp));
    assert!(matches!(ending, Some(Ending::RolledBack(_))), "{ending:?}");
    oracle::judge(&early);
    assert!(early.violations.borrow().is_empty());

    let late = lab();
    late.once(Call::Apply, 2, Fault::HangBefore);
    late.always(Call::Probe, 2, Fault::NotNow);
    let ending = on_paused_clock(execute(&Gate::new(&late), None));
    assert!(matches!(ending, Ending::Kept(_)), "{ending:?}");
    let ending = on_paused_clock(recover(&Gate::new(&late), Direction::GiveUp));
    assert!(matches!(ending, Some(Ending::Kept(_))), "{ending:?}");
    late.quiet();
    let ending = on_paused_clock(recover(&Gate::new(&late), Direction::Forward));
    assert!(matches!(ending, Some(Ending::Done)), "{ending:?}");
    is_whole(&late);
}
