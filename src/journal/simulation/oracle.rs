//! What must be true, judged by the world and the ledger alone.

use super::lab::{Lab, resource};
use crate::journal::{Ending, State};

/// What a process says must be what the ledger says.
pub fn agree(lab: &Lab, ending: &Ending) {
    lab.tell(|| format!("ended: {ending:?}"));
    let state = lab.ledger.borrow().state;
    match ending {
        Ending::Done if state == State::Succeeded => {}
        Ending::RolledBack(_) if state == State::RolledBack => {}
        Ending::Stuck(_, residue) if state == State::Stuck => stuck(lab, residue),
        Ending::Left(_) | Ending::Kept(_) | Ending::Lost(_) => {}
        Ending::Done | Ending::RolledBack(_) | Ending::Stuck(..) => {
            lab.violation(format!("a process says {ending:?}, the ledger {}", state.word()));
        }
    }
}

fn stuck(lab: &Lab, residue: &[String]) {
    if residue.is_empty() {
        lab.violation("stuck without a named residue");
    }
    let world = lab.world.borrow();
    let is_by_others = !world.tampered.is_empty() || world.foreign.len() > 2;
    if !lab.is_refused.get() && !is_by_others && !has_liar(lab) && !lab.has_late_pivot.get() {
        lab.violation("stuck, though nobody refused anything for good");
    }
    let ledger = lab.ledger.borrow();
    // A late effect in a plan with a pivot may be wanted, so it stays: the next recovery finds it.
    let has_pivot = lab.shapes.iter().any(|shape| shape.is_pivot);
    // Somebody may have removed a pivot after it had decided the direction.
    let is_pivot_tampered = world
        .tampered
        .iter()
        .any(|place| lab.shapes[*place as usize].is_pivot);
    if lab.is_past_pivot(&ledger) || is_pivot_tampered || has_pivot && lab.has_late_effect.get() {
        return;
    }
    for number in ours(lab) {
        if !residue.contains(&resource(number)) {
            lab.violation(format!("the residue in place {number} is not named"));
        }
        if !ledger.claims.contains(&number) {
            lab.violation(format!("the residue in place {number} is not claimed"));
        }
    }
}

fn has_liar(lab: &Lab) -> bool {
    !lab.faults.borrow().lying_undos.is_empty()
}

/// The places where something of ours is.
fn ours(lab: &Lab) -> Vec<u32> {
    let world = lab.world.borrow();
    world
        .things
        .iter()
        .filter(|(_, thing)| thing.owner.is_some())
        .map(|(place, _)| *place)
        .collect()
}

/// The end of a schedule.
pub fn judge(lab: &Lab) {
    bystanders(lab);
    let state = lab.ledger.borrow().state;
    match state {
        State::Succeeded => everything(lab),
        State::RolledBack => nothing(lab),
        State::Stuck => return,
        State::Running | State::Unwinding | State::Abandoned => {
            lab.violation(format!(
                "the operation is {} for ever: {:?}",
                state.word(),
                lab.states()
            ));
            return;
        }
    }
    if !lab.ledger.borrow().claims.is_empty() {
        lab.violation("claims of an operation that has ended");
    }
}

fn bystanders(lab: &Lab) {
    let world = lab.world.borrow();
    for (place, thing) in &world.foreign {
        if world.things.get(place) != Some(thing) {
            lab.violation(format!("somebody else's thing in place {place} was touched"));
        }
    }
}

fn everything(lab: &Lab) {
    let (world, ledger) = (lab.world.borrow(), lab.ledger.borrow());
    for (number, shape) in (0..).zip(&lab.shapes) {
        let is_there = match world.things.get(&number) {
            _ if !shape.is_outside => ledger.rows.get(&number) == Some(&1),
            _ if world.tampered.contains(&number) => true,
            Some(thing) => thing.owner.is_some() && thing.parts == shape.parts,
            None => false,
        };
        if !is_there {
            lab.violation(format!("succeeded, and step {number} is not there exactly once"));
        }
    }
}

fn nothing(lab: &Lab) {
    for number in ours(lab) {
        // What nothing can withdraw is no reproach to the engine: a pivot, or what somebody changed, that came late.
        let is_late_pivot = lab.shapes[number as usize].is_pivot && lab.has_late_pivot.get();
        let is_late_and_changed = lab.world.borrow().tampered.contains(&number) && lab.has_late_effect.get();
        if !is_late_pivot && !is_late_and_changed {
            lab.violation(format!("rolled back, and something of ours is in place {number}"));
        }
    }
    let ledger = lab.ledger.borrow();
    if !ledger.rows.is_empty() {
        lab.violation(format!("rolled back, and there are rows: {:?}", ledger.rows));
    }
    if ledger.is_past_pivot() {
        lab.violation("rolled back after the pivot");
    }
}
