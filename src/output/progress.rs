//! The one line that moves: the step at hand, on a terminal only. Whatever else is printed clears it first.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::escape::escape;

const TICK: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(super) struct Progress {
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// Shows `step`, in place of the step before.
    pub(super) fn step(&self, step: &str) {
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.get_or_insert_with(spinner)
            .set_message(escape(step).to_string());
    }

    /// Takes the line away without a trace.
    pub(super) fn clear(&self) {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn spinner() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // A template that is wrong leaves indicatif's own.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}
