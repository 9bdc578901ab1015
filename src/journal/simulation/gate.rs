//! The door through which a process makes every call: it counts, and stops the process where the schedule says so.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::lab::Lab;
use crate::journal::Interrupt;

/// One process's door.
pub struct Gate<'a> {
    pub lab: &'a Lab,
    pub interrupt: Interrupt,
    /// The calls at which a person sends a signal.
    pub signals: Vec<u32>,
    halt_at: u32,
    calls: Cell<u32>,
    is_halted: Cell<bool>,
}

impl<'a> Gate<'a> {
    /// A process that nothing stops.
    pub fn new(lab: &'a Lab) -> Self {
        Gate::halting(lab, u32::MAX)
    }

    /// A process that stops at its call number `halt_at`, from 1. Each call of store or effect passes at least twice:
    /// before anything happens and before the reply is heard.
    pub fn halting(lab: &'a Lab, halt_at: u32) -> Self {
        Gate {
            lab,
            interrupt: Interrupt::default(),
            signals: Vec::new(),
            halt_at,
            calls: Cell::new(0),
            is_halted: Cell::new(false),
        }
    }

    pub async fn pass(&self) {
        self.lab.tick();
        let now = self.calls.get() + 1;
        self.calls.set(now);
        for _ in self.signals.iter().filter(|signal| **signal == now) {
            self.lab.tell(|| "signal".to_owned());
            self.interrupt.signal();
        }
        if now == self.halt_at {
            self.lab.tell(|| format!("halted at its call {now}"));
            self.is_halted.set(true);
            poll_fn(|_| {
                if self.is_halted.get() {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
            .await;
        }
    }

    /// Runs `process` until it ends, or stops here: then `None`, and the next call wakes it up.
    pub async fn drive<F: Future>(&self, mut process: Pin<&mut F>) -> Option<F::Output> {
        self.is_halted.set(false);
        poll_fn(|context| match process.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.is_halted.get() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// How many calls were made.
    pub fn calls(&self) -> u32 {
        self.calls.get()
    }
}
