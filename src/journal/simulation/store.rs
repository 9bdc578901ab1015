//! The journal of one process: transitions on the shared ledger, refused when the process was taken over.

use std::time::Duration;

use serde_json::{Value, json};

use super::faults::{Call, Fault};
use super::gate::Gate;
use super::ledger::Ledger;
use crate::env::crash::Phase;
use crate::error::{Error, Kind, Result};
use crate::journal::{State, StepRecord, StepState, Store};

pub struct Memory<'a> {
    pub gate: &'a Gate<'a>,
    pub epoch: i64,
    is_cut: bool,
}

impl<'a> Memory<'a> {
    pub fn new(gate: &'a Gate<'a>, epoch: i64) -> Self {
        Memory {
            gate,
            epoch,
            is_cut: false,
        }
    }

    async fn commit(
        &mut self,
        number: u32,
        what: &str,
        change: impl FnOnce(&mut Ledger) -> Result<()>,
    ) -> Result<()> {
        let lab = self.gate.lab;
        self.gate.pass().await;
        if self.is_cut {
            return Err(cut());
        }
        if lab.is_late(self.epoch) {
            self.is_cut = lab.is_cut_by_takeover;
            return Err(if self.is_cut {
                cut()
            } else {
                Error::new(Kind::Busy, "fenced", "taken over")
            });
        }
        lab.tell(|| format!("epoch {}: journal: {what}", self.epoch));
        let fault = lab.fault(Call::Commit, number, self.epoch);
        match fault {
            Fault::NotNow => return Err(Error::unavailable("the transaction was refused")),
            Fault::Refused => {
                self.is_cut = true;
                return Err(Error::new(Kind::Unavailable, "lock_lost", "the lock is lost"));
            }
            Fault::LostBefore | Fault::HangBefore => {
                self.is_cut = true;
                return Err(cut());
            }
            Fault::Fine | Fault::LostHalf | Fault::LostAfter | Fault::HangHalf | Fault::HangAfter => {}
        }
        if let Err(error) = change(&mut lab.ledger.borrow_mut()) {
            lab.violation(error.message());
            return Err(error);
        }
        self.gate.pass().await;
        self.is_cut = fault != Fault::Fine;
        if self.is_cut { Err(cut()) } else { Ok(()) }
    }
}

impl Store for Memory<'_> {
    fn epoch(&self) -> i64 {
        self.epoch
    }

    async fn intent(&mut self, number: u32, _: Duration) -> Result<()> {
        self.commit(number, "intent", |ledger| {
            ledger.step(number, StepState::Intent, None)
        })
        .await
    }

    async fn step(
        &mut self,
        number: u32,
        state: StepState,
        output: Option<&Value>,
        _: Option<&Error>,
    ) -> Result<()> {
        self.commit(number, state.word(), |ledger| ledger.step(number, state, output))
            .await
    }

    async fn in_control(&mut self, step: &StepRecord, phase: Phase) -> Result<Option<Value>> {
        let (lab, number) = (self.gate.lab, step.number);
        let (call, state, output) = match phase {
            Phase::Do => (
                Call::ControlDo,
                StepState::Applied,
                Some(json!({ "row": number })),
            ),
            Phase::Undo => (Call::ControlUndo, StepState::Undone, None),
        };
        if !self.is_cut && !lab.is_late(self.epoch) {
            match lab.fault(call, number, self.epoch) {
                Fault::Fine => {}
                Fault::Refused => {
                    let is_past_pivot = lab.is_past_pivot(&lab.ledger.borrow());
                    lab.is_refused
                        .set(lab.is_refused.get() || phase == Phase::Undo || is_past_pivot);
                    return Err(Error::new(Kind::Conflict, "exists", "the row is refused"));
                }
                _ => return Err(Error::new(Kind::Busy, "in_use", "the row is locked")),
            }
        }
        let change = |ledger: &mut Ledger| {
            ledger.step(number, state, output.as_ref())?;
            let count = ledger.rows.entry(number).or_default();
            *count = if phase == Phase::Do {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
            ledger.rows.retain(|_, count| *count > 0);
            lab.happened.borrow_mut().push((call, number));
            Ok(())
        };
        self.commit(number, state.word(), change).await?;
        Ok(output)
    }

    async fn state(&mut self, state: State, _: Option<&Error>) -> Result<()> {
        self.commit(u32::MAX, state.word(), |ledger| ledger.state(state))
            .await
    }

    async fn look(&mut self) -> Result<State> {
        self.gate.pass().await;
        // A lost session does not blind: the journal is asked on a new one.
        Ok(self.gate.lab.ledger.borrow().state)
    }
}

fn cut() -> Error {
    Error::new(Kind::Unavailable, "connection_lost", "the connection was lost")
}
