//! What every saga owes, one story each; the seeds play the combinations.

use std::pin::pin;
use std::time::Duration;

use super::gate::Gate;
use super::lab::{Lab, Shape};
use super::oracle;
use super::process::{PATIENCE, execute, recover};
use super::seeds::on_paused_clock;
use super::{Call, Fault};
use crate::error::Kind;
use crate::journal::{Direction, Ending, State, StepState};

use crate::journal::StepState::{Applied, NotApplied, Pending, UndoStuck, Undone, Unknown};

const THREE: [Shape; 3] = [Shape::OUTSIDE, Shape::CONTROL, Shape::HALVES];
const OUTSIDE: [Shape; 3] = [Shape::OUTSIDE; 3];

/// Runs the operation to the end of this process, and has the oracle compare.
fn run(lab: &Lab) -> Ending {
    run_through(&Gate::new(lab))
}

fn run_through(gate: &Gate<'_>) -> Ending {
    let ending = on_paused_clock(execute(gate, None));
    oracle::agree(gate.lab, &ending);
    ending
}

/// Runs the operation, and lets the process die at its call `halt_at`.
fn die(lab: &Lab, halt_at: u32) {
    let gate = Gate::halting(lab, halt_at);
    on_paused_clock(async {
        assert!(
            gate.drive(pin!(execute(&gate, None))).await.is_none(),
            "it should have died"
        );
    });
}

fn recovered(lab: &Lab, direction: Direction) -> Ending {
    let ending = on_paused_clock(recover(&Gate::new(lab), direction)).expect("an open operation");
    oracle::agree(lab, &ending);
    ending
}

/// The oracle has nothing to say, and the operation ended so.
fn ends(lab: &Lab, state: State) {
    oracle::judge(lab);
    assert!(
        lab.violations.borrow().is_empty(),
        "{:?}",
        lab.violations.borrow()
    );
    assert_eq!(lab.ledger.borrow().state, state);
}

fn stands(lab: &Lab, states: &[StepState]) {
    assert_eq!(lab.states(), states);
}

/// The steps that were taken back, in the order of time.
fn undos(lab: &Lab) -> Vec<u32> {
    let is_undo = |entry: &&(Call, u32)| matches!(entry.0, Call::Undo | Call::ControlUndo);
    let mut numbers: Vec<u32> = lab
        .happened
        .borrow()
        .iter()
        .filter(is_undo)
        .map(|entry| entry.1)
        .collect();
    // Two parts of one step are taken back one after the other.
    numbers.dedup();
    numbers
}

#[test]
fn everything_that_succeeds_is_there_exactly_once() {
    let lab = Lab::calm(&THREE);
    assert!(matches!(run(&lab), Ending::Done));
    stands(&lab, &[Applied, Applied, Applied]);
    ends(&lab, State::Succeeded);
}

#[test]
fn a_refused_first_step_takes_nothing_back() {
    let lab = Lab::calm(&THREE);
    lab.once(Call::Apply, 0, Fault::Refused);
    assert!(matches!(run(&lab), Ending::RolledBack(cause) if cause.kind() == Kind::Conflict));
    stands(&lab, &[NotApplied, Pending, Pending]);
    assert!(undos(&lab).is_empty());
    ends(&lab, State::RolledBack);
}

#[test]
fn a_refused_middle_step_takes_back_what_came_before() {
    let lab = Lab::calm(&THREE);
    lab.once(Call::ControlDo, 1, Fault::Refused);
    assert!(matches!(run(&lab), Ending::RolledBack(_)));
    stands(&lab, &[Undone, Pending, Pending]);
    assert_eq!(undos(&lab), [0]);
    ends(&lab, State::RolledBack);
}

#[test]
fn a_refused_last_step_takes_everything_back_in_reverse() {
    let lab = Lab::calm(&[
        Shape::OUTSIDE,
        Shape::CONTROL,
        Shape::HALVES,
        Shape::OUTSIDE,
        Shape::CONTROL,
    ]);
    lab.once(Call::ControlDo, 4, Fault::Refused);
    assert!(matches!(run(&lab), Ending::RolledBack(_)));
    assert_eq!(undos(&lab), [3, 2, 1, 0]);
    ends(&lab, State::RolledBack);
}

#[test]
fn an_undo_that_lost_its_reply_does_not_undo_twice() {
    let lab = Lab::calm(&OUTSIDE);
    lab.once(Call::Apply, 2, Fault::Refused)
        .once(Call::Undo, 1, Fault::LostAfter)
        .once(Call::Undo, 0, Fault::NotNow);
    assert!(matches!(run(&lab), Ending::RolledBack(_)));
    assert_eq!(undos(&lab), [1, 0]);
    ends(&lab, State::RolledBack);
}

#[test]
fn an_undo_that_is_refused_is_named_and_the_rest_is_taken_back() {
    for (shapes, call) in [
        (OUTSIDE, Call::Undo),
        (
            [Shape::OUTSIDE, Shape::CONTROL, Shape::OUTSIDE],
            Call::ControlUndo,
        ),
    ] {
        let lab = Lab::calm(&shapes);
        lab.once(Call::Apply, 2, Fault::Refused)
            .once(call, 1, Fault::Refused);
        let ending = run(&lab);
        assert!(
            matches!(&ending, Ending::Stuck(_, residue) if *residue == ["thing:1"]),
            "{ending:?}"
        );
        stands(&lab, &[Undone, UndoStuck, NotApplied]);
        assert_eq!(lab.ledger.borrow().claims, [1].into());
        // Once nothing refuses any more, recovery ends it.
        assert!(matches!(recovered(&lab, Direction::Back), Ending::RolledBack(_)));
        assert_eq!(undos(&lab), [0, 1]);
        ends(&lab, State::RolledBack);
    }
}

#[test]
fn an_undo_that_stays_unreachable_is_left_open_and_not_stuck() {
    let lab = Lab::calm(&OUTSIDE);
    lab.once(Call::Apply, 2, Fault::Refused);
    lab.always(Call::Undo, 1, Fault::NotNow);
    assert!(matches!(run(&lab), Ending::Left(_)));
    assert_eq!(lab.ledger.borrow().state, State::Unwinding);
    lab.quiet();
    recovered(&lab, Direction::Forward);
    ends(&lab, State::RolledBack);
}

#[test]
fn a_death_anywhere_in_unwinding_neither_skips_nor_repeats() {
    let begin = || {
        let lab = Lab::calm(&THREE);
        lab.once(Call::Apply, 2, Fault::LostHalf);
        lab
    };
    let whole = begin();
    let gate = Gate::new(&whole);
    run_through(&gate);
    for halt_at in 1..=gate.calls() {
        let lab = begin();
        die(&lab, halt_at);
        lab.quiet();
        let end = on_paused_clock(recover(&Gate::new(&lab), Direction::Back));
        let is_ended = matches!(end, None | Some(Ending::RolledBack(_)));
        assert!(is_ended, "died at call {halt_at}: {end:?}");
        let mut once = undos(&lab);
        once.sort_unstable();
        once.dedup();
        assert_eq!(
            once.len(),
            undos(&lab).len(),
            "died at call {halt_at}: {:?}",
            lab.happened.borrow()
        );
        ends(&lab, State::RolledBack);
    }
}

#[test]
fn a_death_anywhere_is_finished_by_going_forward() {
    let whole = Lab::calm(&THREE);
    let gate = Gate::new(&whole);
    run_through(&gate);
    for halt_at in 1..=gate.calls() {
        let lab = Lab::calm(&THREE);
        die(&lab, halt_at);
        let end = on_paused_clock(recover(&Gate::new(&lab), Direction::Forward));
        assert!(
            matches!(end, None | Some(Ending::Done)),
            "died at call {halt_at}: {end:?}"
        );
        ends(&lab, State::Succeeded);
    }
}

#[test]
fn the_first_signal_finishes_the_step_and_turns_back() {
    let lab = Lab::calm(&OUTSIDE);
    let mut gate = Gate::new(&lab);
    // Its first call is the intent, before and after; the third begins the effect.
    gate.signals = vec![3];
    assert!(matches!(run_through(&gate), Ending::RolledBack(cause) if cause.kind() == Kind::Interrupted));
    stands(&lab, &[Undone, Pending, Pending]);
    ends(&lab, State::RolledBack);
}

#[test]
fn the_second_signal_leaves_a_hanging_effect_to_recovery() {
    let lab = Lab::calm(&OUTSIDE);
    lab.once(Call::Apply, 0, Fault::HangAfter);
    let mut gate = Gate::new(&lab);
    gate.signals = vec![3, 4];
    assert!(matches!(run_through(&gate), Ending::Left(cause) if cause.kind() == Kind::Interrupted));
    stands(&lab, &[Unknown, Pending, Pending]);
    recovered(&lab, Direction::Back);
    ends(&lab, State::RolledBack);
}

#[test]
fn the_second_signal_does_not_wait_for_a_hanging_undo() {
    let lab = Lab::calm(&OUTSIDE);
    lab.once(Call::Apply, 1, Fault::Refused)
        .once(Call::Undo, 0, Fault::HangBefore);
    let gate = Gate::new(&lab);
    on_paused_clock(async {
        let wait = PATIENCE.step / 2;
        let signals = async {
            tokio::time::sleep(wait).await;
            gate.interrupt.signal();
            gate.interrupt.signal();
            std::future::pending::<()>().await;
        };
        let begun = crate::clock::instant();
        tokio::select! {
            ending = execute(&gate, None) => assert!(matches!(ending, Ending::Left(_)), "{ending:?}"),
            () = signals => {}
        }
        assert!(
            crate::clock::instant() - begun < PATIENCE.step,
            "it waited for the undo"
        );
    });
    recovered(&lab, Direction::Back);
    ends(&lab, State::RolledBack);
}

#[test]
fn after_the_pivot_a_signal_does_not_turn_back() {
    for pivot in [Shape::OUTSIDE.pivot(), Shape::CONTROL.pivot()] {
        let lab = Lab::calm(&[Shape::OUTSIDE, pivot, Shape::OUTSIDE, Shape::CONTROL]);
        lab.once(Call::Apply, 2, Fault::NotNow);
        let mut gate = Gate::new(&lab);
        gate.signals = vec![13];
        assert!(matches!(run_through(&gate), Ending::Done));
        ends(&lab, State::Succeeded);
    }
}

#[test]
fn after_the_pivot_a_refusal_is_stuck_forward_and_names_what_is_missing() {
    for pivot in [Shape::OUTSIDE.pivot(), Shape::CONTROL.pivot()] {
        let lab = Lab::calm(&[Shape::OUTSIDE, pivot, Shape::OUTSIDE, Shape::CONTROL]);
        lab.once(Call::Apply, 2, Fault::Refused);
        let ending = run(&lab);
        assert!(
            matches!(&ending, Ending::Stuck(_, residue) if *residue == ["thing:2", "thing:3"]),
            "{ending:?}"
        );
        assert!(undos(&lab).is_empty());
        assert!(matches!(recovered(&lab, Direction::Back), Ending::Done));
        ends(&lab, State::Succeeded);
    }
}

#[test]
fn a_pivot_of_which_nobody_can_tell_is_neither_finished_nor_taken_back() {
    for fault in [Fault::LostAfter, Fault::LostBefore] {
        let lab = Lab::calm(&[Shape::OUTSIDE, Shape::OUTSIDE.pivot(), Shape::OUTSIDE]);
        lab.once(Call::Apply, 1, fault);
        lab.always(Call::Probe, 1, Fault::NotNow);
        assert!(matches!(run(&lab), Ending::Left(_)));
        stands(&lab, &[Applied, Unknown, Pending]);
        assert_eq!(lab.ledger.borrow().state, State::Running);
        lab.quiet();
        recovered(&lab, Direction::Back);
        let is_done = fault == Fault::LostAfter;
        ends(
            &lab,
            if is_done {
                State::Succeeded
            } else {
                State::RolledBack
            },
        );
    }
}

#[test]
fn a_lost_reply_is_resolved_by_asking_the_world() {
    for (fault, state) in [
        (Fault::LostAfter, State::Succeeded),
        (Fault::HangAfter, State::Succeeded),
        (Fault::LostBefore, State::RolledBack),
        (Fault::HangBefore, State::RolledBack),
        (Fault::LostHalf, State::RolledBack),
    ] {
        let lab = Lab::calm(&[Shape::OUTSIDE, Shape::HALVES, Shape::OUTSIDE]);
        lab.once(Call::Apply, 1, fault);
        run(&lab);
        ends(&lab, state);
    }
}

#[test]
fn a_late_effect_of_a_process_that_was_taken_over_is_withdrawn() {
    for is_cut in [false, true] {
        for fault in [Fault::Fine, Fault::NotNow] {
            let mut lab = Lab::calm(&OUTSIDE);
            lab.is_cut_by_takeover = is_cut;
            lab.once(Call::Undo, 1, fault);
            // Within its request for step 1.
            let sleeper = Gate::halting(&lab, 9);
            on_paused_clock(async {
                let mut first = pin!(execute(&sleeper, None));
                assert!(sleeper.drive(first.as_mut()).await.is_none());
                let ending = recover(&Gate::new(&lab), Direction::Back).await;
                assert!(matches!(ending, Some(Ending::RolledBack(_))), "{ending:?}");
                tokio::time::sleep(Duration::from_secs(60)).await;
                let late = sleeper.drive(first.as_mut()).await;
                assert!(matches!(late, Some(Ending::Lost(_))), "{late:?}");
            });
            assert!(
                lab.has_late_effect.get(),
                "the first process was to wake up before its effect"
            );
            ends(&lab, State::RolledBack);
        }
    }
}

#[test]
fn a_process_that_slept_through_its_time_begins_nothing() {
    let lab = Lab::calm(&OUTSIDE);
    // Behind the commit of the intent of step 0.
    let sleeper = Gate::halting(&lab, 2);
    on_paused_clock(async {
        let mut first = pin!(execute(&sleeper, None));
        assert!(sleeper.drive(first.as_mut()).await.is_none());
        tokio::time::sleep(PATIENCE.step * 2).await;
        assert!(sleeper.drive(first.as_mut()).await.is_some());
    });
    assert!(
        lab.happened.borrow().iter().all(|entry| entry.0 != Call::Apply),
        "{:?}",
        lab.happened.borrow()
    );
}

#[test]
fn somebody_elses_thing_is_never_touched() {
    let lab = Lab::calm(&OUTSIDE);
    lab.world.borrow_mut().plant(2);
    let before = lab.world.borrow().things.clone();
    assert!(matches!(run(&lab), Ending::RolledBack(_)));
    assert_eq!(lab.world.borrow().things, before);
    ends(&lab, State::RolledBack);
}

#[test]
fn what_somebody_changed_waits_for_a_person() {
    let lab = Lab::calm(&OUTSIDE);
    die(&lab, 10);
    lab.world.borrow_mut().change(0);
    let ending = recovered(&lab, Direction::Back);
    assert!(
        matches!(&ending, Ending::Stuck(_, residue) if *residue == ["thing:0"]),
        "{ending:?}"
    );
    ends(&lab, State::Stuck);
}
