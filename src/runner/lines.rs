//! Many operations of one verb at once: each with a journal of its own, all of them on a handful of sessions.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Mutex;

use super::execute::Execution;
use super::{Context, Done, World};
use crate::clock;
use crate::error::Result;
use crate::journal::{Plan, Seat};

/// The sessions that the journals of many operations share. Each is opened when it is first needed, and again where it was
/// lost.
#[derive(Debug)]
pub struct Lines {
    seats: Vec<Mutex<Option<Seat>>>,
    turn: AtomicUsize,
}

impl Lines {
    /// At most `count` sessions; none is open yet.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Lines {
            seats: (0..count.max(1)).map(|_| Mutex::default()).collect(),
            turn: AtomicUsize::new(0),
        }
    }

    async fn seat(&self, context: &Context) -> Result<Seat> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.seats.len();
        let mut seat = self.seats[turn].lock().await;
        if let Some(seat) = &*seat
            && !seat.is_closed().await
        {
            return Ok(seat.clone());
        }
        Ok(seat.insert(Seat::shared(context.session().await?)).clone())
    }
}

/// Carries out a plan that was made already; nothing where another operation was in the way and is over now, so that the
/// world has to be looked at again.
///
/// # Errors
/// As [`super::Change::run`].
pub async fn carry_out(context: &Context, world: &World, lines: &Lines, plan: &Plan) -> Result<Option<Done>> {
    let seat = lines.seat(context).await?;
    let id = clock::new_id()?;
    let mut execution = Execution::new(context, world, false);
    // Behind a pointer that hides it: what many of these are part of has a type of bearable size.
    let attempt: Pin<Box<dyn Future<Output = Result<Option<Done>>> + '_>> =
        Box::pin(execution.once_at(seat, plan, id));
    attempt.await
}
