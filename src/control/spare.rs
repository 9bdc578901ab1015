//! Sessions with the control database that have done their work, for whoever comes next in this process: many operations,
//! one after the other, and what their steps do beside them, open a handful.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Session;

/// Sessions that hold no lock and no transaction.
#[derive(Debug, Default)]
pub struct Spare(Mutex<Vec<Session>>);

impl Spare {
    /// One that the server has not closed meanwhile.
    #[must_use]
    pub fn take(&self) -> Option<Session> {
        let mut sessions = self.sessions();
        sessions.retain(|session| !session.is_closed());
        sessions.pop()
    }

    /// Keeps one.
    pub fn give(&self, session: Session) {
        if !session.is_closed() {
            self.sessions().push(session);
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Vec<Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
