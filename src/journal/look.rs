//! Asking the world about a step, as long as patience allows.

use std::time::Duration;

use super::engine::{Engine, interrupted, is_pointless};
use super::store::Store;
use super::{Effects, Found};
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};

impl<S: Store, E: Effects> Engine<'_, S, E> {
    /// A part of the work: `length` from now, but not beyond the end of taking back.
    pub(super) fn within(&self, length: Duration) -> Deadline {
        let part = Deadline::after(length);
        self.back_by.map_or(part, |end| end.within(length))
    }

    pub(super) async fn probe_patiently(&self, index: usize) -> Result<Found> {
        let step = &self.steps[index];
        let marker = step.marker(self.store.epoch());
        let deadline = self.within(self.patience.retry);
        let limit = self.effects.look_limit(step).unwrap_or_default();
        let mut pause = self.patience.pause;
        let mut before = None;
        loop {
            // One that may take longer than our patience is not asked again after it.
            let attempt = self.within(deadline.remaining().max(limit));
            let found = tokio::select! {
                biased;
                found = attempt.run(&step.resource, self.effects.probe(step, marker)) => found,
                () = self.interrupt.second() => return Err(interrupted()),
            };
            let error = match found {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            if is_pointless(&error) || deadline.is_spent() || self.interrupt.is_final() {
                return Err(telling(before, error));
            }
            before = Some(telling(before, error));
            tokio::time::sleep(pause.min(deadline.remaining())).await;
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }
}

/// That no time was left for the last look says nothing: what was heard before does.
fn telling(before: Option<Error>, error: Error) -> Error {
    match before {
        Some(before) if error.reason() == "timeout" => before,
        _ => error,
    }
}
