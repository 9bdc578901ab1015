//! One seed: a plan, what goes wrong, who crashes or sleeps when; then recovery with all faults over.

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use super::faults::{Call, Fault, Faults};
use super::gate::Gate;
use super::lab::{Interference, Lab, Shape};
use super::oracle;
use super::process::{execute, recover};
use super::random::Random;
use crate::journal::{Direction, Ending, State};

/// Plays the schedule of `seed`; the lab tells what became of it.
pub async fn play(seed: u64, is_told: bool) -> Lab {
    let mut random = Random::new(seed);
    let mut lab = draw(&mut random);
    lab.story = is_told.then(RefCell::default);
    run(&lab, &mut random).await;
    lab
}

fn draw(random: &mut Random) -> Lab {
    let length = 1 + random.below(8);
    let mut shapes: Vec<Shape> = (0..length).map(|_| shape(random)).collect();
    if random.chance(400) {
        shapes[random.below(length) as usize].is_pivot = true;
    }
    let per_mille = random.pick(&[0, 20, 60, 150, 300]);
    let mut faults = Faults::new(Random::new(u64::from(random.below(u32::MAX))), per_mille);
    for calls in [[Call::Undo, Call::ControlUndo], [Call::Apply, Call::ControlDo]] {
        if random.chance(80) {
            let number = random.below(length);
            for call in calls {
                faults.always(call, number, Fault::Refused);
            }
        }
    }
    let mut lab = Lab::new(shapes, faults);
    lab.is_cut_by_takeover = random.chance(500);
    let others = if random.chance(200) {
        1 + random.below(2)
    } else {
        0
    };
    for _ in 0..others {
        let place = random.below(length);
        if lab.shapes[place as usize].is_outside {
            let what = random.pick(&[Interference::Plant, Interference::Change, Interference::Remove]);
            lab.interference.push((1 + random.below(60), place, what));
        }
    }
    lab
}

fn shape(random: &mut Random) -> Shape {
    random.pick(&[Shape::CONTROL, Shape::OUTSIDE, Shape::HALVES])
}

fn direction(random: &mut Random) -> Direction {
    random.pick(&[Direction::Back, Direction::Back, Direction::Forward])
}

/// A door that stops its process somewhere, or nowhere, and through which signals may come.
fn gate<'a>(lab: &'a Lab, random: &mut Random) -> Gate<'a> {
    let halt_at = if random.chance(600) {
        1 + random.below(50)
    } else {
        u32::MAX
    };
    let mut gate = Gate::halting(lab, halt_at);
    let signals = if random.chance(150) {
        1 + random.below(2)
    } else {
        0
    };
    gate.signals = (0..signals).map(|_| 1 + random.below(40)).collect();
    gate
}

async fn run(lab: &Lab, random: &mut Random) {
    let whole = random
        .chance(100)
        .then(|| Duration::from_millis(u64::from(random.below(40))));
    let door = gate(lab, random);
    let mut first = pin!(execute(&door, whole));
    let mut is_frozen = match door.drive(first.as_mut()).await {
        Some(ending) => {
            oracle::agree(lab, &ending);
            false
        }
        // Otherwise it is dead: it is never polled again.
        None => random.chance(600),
    };
    for _ in 0..random.below(3) {
        let next = gate(lab, random);
        let mut second = pin!(recover(&next, direction(random)));
        let mut outcome = next.drive(second.as_mut()).await;
        if is_frozen && random.chance(400) {
            wake(lab, &door, first.as_mut()).await;
            is_frozen = false;
        }
        if outcome.is_none() && random.chance(500) {
            outcome = next.drive(second.as_mut()).await;
        }
        if let Some(Some(ending)) = outcome {
            oracle::agree(lab, &ending);
        }
    }
    lab.quiet();
    finish(lab, direction(random)).await;
    if is_frozen {
        wake(lab, &door, first.as_mut()).await;
        finish(lab, direction(random)).await;
    }
    oracle::judge(lab);
    repeat(lab, direction(random)).await;
}

async fn wake<F: Future<Output = Ending>>(lab: &Lab, door: &Gate<'_>, first: std::pin::Pin<&mut F>) {
    lab.tell(|| "the first process wakes up".to_owned());
    if let Some(ending) = door.drive(first).await {
        lab.tell(|| format!("the first process ended: {ending:?}"));
    }
}

/// Recovers until nothing changes any more.
pub async fn finish(lab: &Lab, direction: Direction) {
    for _ in 0..3 {
        let Some(ending) = recover(&Gate::new(lab), direction).await else {
            return;
        };
        oracle::agree(lab, &ending);
    }
}

/// One recovery more does nothing.
async fn repeat(lab: &Lab, direction: Direction) {
    let before = (
        lab.world.borrow().clone(),
        lab.ledger.borrow().state,
        lab.states(),
    );
    if before.1 == State::Running || before.1 == State::Unwinding {
        return;
    }
    if let Some(ending) = recover(&Gate::new(lab), direction).await {
        oracle::agree(lab, &ending);
    }
    if before
        != (
            lab.world.borrow().clone(),
            lab.ledger.borrow().state,
            lab.states(),
        )
    {
        lab.violation("a second recovery changed something");
    }
}
