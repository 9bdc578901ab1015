//! Where a journal writes: on a session of its own, or on one that it shares with others. An operation that waits for the
//! world keeps its lock and needs nothing else of the session meanwhile, so that a hundred of them can share a handful.

use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard};

use crate::control::Session;

/// A place at a session. Whoever writes has it alone for that long.
#[derive(Clone, Debug)]
pub struct Seat {
    session: Arc<Mutex<Session>>,
    place: Arc<str>,
    is_shared: bool,
}

impl Seat {
    /// A session that several journals share. It outlives each of them, so that each lets go of its lock.
    #[must_use]
    pub fn shared(session: Session) -> Self {
        Seat {
            is_shared: true,
            ..Seat::from(session)
        }
    }

    /// Whether nothing can be written any more.
    pub async fn is_closed(&self) -> bool {
        self.take().await.is_closed()
    }

    pub(super) async fn take(&self) -> MutexGuard<'_, Session> {
        self.session.lock().await
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The session, where nobody else has a place at it.
    pub(super) fn into_session(self) -> Option<Session> {
        Arc::try_unwrap(self.session).ok().map(Mutex::into_inner)
    }
}

impl From<Session> for Seat {
    fn from(session: Session) -> Self {
        Seat {
            place: session.place().into(),
            session: Arc::new(Mutex::new(session)),
            is_shared: false,
        }
    }
}
