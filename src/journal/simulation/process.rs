//! One process: the engine on the shared world, through its gate.

use std::future::pending;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::faults::{Call, Fault};
use super::gate::Gate;
use super::lab::Lab;
use super::store::Memory;
use super::world::Obstacle;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{
    Certainty, Direction, Effects, Ending, Engine, Failure, Found, Marker, Patience, State, StepRecord,
};

pub const PATIENCE: Patience = Patience {
    step: Duration::from_millis(20),
    retry: Duration::from_millis(15),
    pause: Duration::from_millis(1),
    whole: None,
    back: None,
};

/// Begins the operation and works on it.
pub async fn execute(gate: &Gate<'_>, whole: Option<Duration>) -> Ending {
    let patience = Patience {
        whole: whole.map(Deadline::after),
        ..PATIENCE
    };
    execute_with(gate, patience).await
}

/// As [`execute`], with other limits.
pub async fn execute_with(gate: &Gate<'_>, patience: Patience) -> Ending {
    let mut memory = Memory::new(gate, 1);
    let effects = Hands { gate };
    Engine::new(
        &mut memory,
        &effects,
        gate.lab.records(),
        patience,
        &gate.interrupt,
        &|_, _| {},
    )
    .resuming(gate.lab.resumes)
    .execute()
    .await
}

/// Takes the operation over and recovers it; `None` where it has ended.
pub async fn recover(gate: &Gate<'_>, direction: Direction) -> Option<Ending> {
    let (state, epoch) = take_over(gate.lab)?;
    gate.lab.tell(|| {
        format!(
            "epoch {epoch}: takes over in {state:?}, {direction:?}: {:?}",
            gate.lab.states()
        )
    });
    let mut memory = Memory::new(gate, epoch);
    let effects = Hands { gate };
    let mut engine = Engine::new(
        &mut memory,
        &effects,
        gate.lab.records(),
        PATIENCE,
        &gate.interrupt,
        &|_, _| {},
    )
    .resuming(gate.lab.resumes);
    Some(engine.recover(state, direction).await)
}

fn take_over(lab: &Lab) -> Option<(State, i64)> {
    let mut ledger = lab.ledger.borrow_mut();
    matches!(ledger.state, State::Running | State::Unwinding | State::Stuck).then(|| {
        ledger.epoch += 1;
        (ledger.state, ledger.epoch)
    })
}

/// The effects on the world, with their faults.
struct Hands<'a> {
    gate: &'a Gate<'a>,
}

impl Hands<'_> {
    fn lab(&self) -> &Lab {
        self.gate.lab
    }

    /// No effect without an intent committed under the same epoch.
    fn check_intent(&self, number: u32, epoch: i64) {
        if !self.lab().ledger.borrow().steps[number as usize]
            .intents
            .contains(&epoch)
        {
            self.lab().violation(format!(
                "an effect of step {number} without an intent of epoch {epoch}"
            ));
        }
    }

    fn grow(&self, number: u32, marker: Marker, parts: u8) -> Result<(), Failure> {
        let lab = self.lab();
        let is_pivot = lab.shapes[number as usize].is_pivot;
        if lab.is_late(marker.epoch) && !lab.world.borrow().is_ours(number) {
            lab.has_late_effect.set(true);
            lab.has_late_pivot.set(lab.has_late_pivot.get() || is_pivot);
        }
        lab.happened.borrow_mut().push((Call::Apply, number));
        let grown = lab.world.borrow_mut().grow(number, marker, parts);
        grown.map_err(|obstacle| self.obstructed(obstacle))
    }

    fn shrink(&self, number: u32, marker: Marker, parts: u8) -> Result<(), Failure> {
        let lab = self.lab();
        if lab.shapes[number as usize].is_pivot && lab.world.borrow().is_ours(number) {
            return Err(self.refused_for_good("it cannot be taken back"));
        }
        let is_less = lab.world.borrow_mut().shrink(number, marker, parts);
        if is_less.map_err(|obstacle| self.obstructed(obstacle))? {
            lab.happened.borrow_mut().push((Call::Undo, number));
            self.check_undo(number, marker.epoch);
        }
        Ok(())
    }

    fn check_undo(&self, number: u32, epoch: i64) {
        let lab = self.lab();
        let ledger = lab.ledger.borrow();
        if lab.is_past_pivot(&ledger) && !lab.has_late_pivot.get() {
            lab.violation(format!("step {number} was taken back after the pivot"));
        }
        if !ledger.steps[number as usize].was_undoing && ledger.epoch == epoch {
            lab.violation(format!("step {number} was taken back without a record"));
        }
    }

    fn obstructed(&self, obstacle: Obstacle) -> Failure {
        let failure = self.refused("somebody else was here");
        match obstacle {
            Obstacle::Foreign => failure,
            // Something of ours is there: that is not the world as before.
            Obstacle::Changed => Failure {
                certainty: Certainty::Unknown,
                ..failure
            },
        }
    }

    /// A refusal to do leads to `stuck` only where there is no way back.
    fn refused(&self, message: &str) -> Failure {
        let lab = self.lab();
        lab.is_refused
            .set(lab.is_refused.get() || lab.is_past_pivot(&lab.ledger.borrow()));
        Failure::refused(Error::new(Kind::Conflict, "refused", message))
    }

    fn refused_for_good(&self, message: &str) -> Failure {
        self.lab().is_refused.set(true);
        self.refused(message)
    }

    /// What a fault does before anything has happened.
    async fn before(&self, fault: Fault) -> Result<(), Failure> {
        match fault {
            Fault::Refused => Err(self.refused("no")),
            Fault::NotNow => Err(Failure::not_now(Error::unavailable("not now"))),
            Fault::LostBefore => Err(no_reply()),
            Fault::HangBefore => pending().await,
            Fault::Fine | Fault::LostHalf | Fault::LostAfter | Fault::HangHalf | Fault::HangAfter => Ok(()),
        }
    }

    /// What it does after.
    async fn after(&self, fault: Fault) -> Result<(), Failure> {
        self.gate.pass().await;
        match fault {
            Fault::LostHalf | Fault::LostAfter => Err(no_reply()),
            Fault::HangHalf | Fault::HangAfter => pending().await,
            Fault::Fine | Fault::Refused | Fault::NotNow | Fault::LostBefore | Fault::HangBefore => Ok(()),
        }
    }
}

impl Effects for Hands<'_> {
    fn check(&self, _: &StepRecord) -> Result<()> {
        Ok(())
    }

    async fn apply(&self, step: &StepRecord, marker: Marker) -> Result<Value, Failure> {
        self.gate.pass().await;
        self.check_intent(step.number, marker.epoch);
        let fault = self.lab().fault(Call::Apply, step.number, marker.epoch);
        self.before(fault).await?;
        let parts = self.lab().shapes[step.number as usize].parts;
        self.grow(step.number, marker, 1)?;
        if parts == 2 && !fault.is_half() {
            self.gate.pass().await;
            self.grow(step.number, marker, 2)?;
        }
        self.after(fault).await?;
        Ok(json!({ "place": step.number }))
    }

    async fn probe(&self, step: &StepRecord, marker: Marker) -> Result<Found> {
        self.gate.pass().await;
        let lab = self.lab();
        match lab.fault(Call::Probe, step.number, marker.epoch) {
            Fault::HangBefore => pending().await,
            Fault::Fine => {}
            _ => return Err(Error::unavailable("the world does not answer")),
        }
        let is_lie = lab.faults.borrow().lying_probes.contains(&step.number);
        let parts = lab.shapes[step.number as usize].parts;
        let found = if is_lie {
            Found::Absent
        } else {
            lab.world.borrow().find(step.number, marker, parts)
        };
        lab.tell(|| format!("epoch {}: found {found:?}", marker.epoch));
        self.gate.pass().await;
        Ok(found)
    }

    async fn undo(&self, step: &StepRecord, marker: Marker) -> Result<(), Failure> {
        self.gate.pass().await;
        let lab = self.lab();
        if lab.faults.borrow().lying_undos.contains(&step.number) {
            return Ok(());
        }
        let fault = lab.fault(Call::Undo, step.number, marker.epoch);
        // There is nothing to refuse where nothing of ours is.
        if fault == Fault::Refused && lab.world.borrow().is_ours(step.number) {
            return Err(self.refused_for_good("it stays"));
        }
        if fault != Fault::Refused {
            self.before(fault).await?;
        }
        if lab.shapes[step.number as usize].parts == 2 {
            self.shrink(step.number, marker, 1)?;
            self.gate.pass().await;
        }
        if !fault.is_half() {
            self.shrink(step.number, marker, 0)?;
        }
        self.after(fault).await
    }

    async fn apply_in_control(&self, _: &StepRecord, _: Marker, _: &Transaction<'_>) -> Result<Value> {
        Err(Error::internal("the simulated journal does control steps itself"))
    }

    async fn undo_in_control(&self, _: &StepRecord, _: Marker, _: &Transaction<'_>) -> Result<()> {
        Err(Error::internal("the simulated journal does control steps itself"))
    }
}

fn no_reply() -> Failure {
    Failure::unknown(Error::unavailable("no reply"))
}
