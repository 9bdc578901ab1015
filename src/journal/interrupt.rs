//! Ctrl-C and SIGTERM: the first asks for turning back after the running step, the second for stopping at once.

use tokio::sync::watch;

/// How often a person has asked to stop.
#[derive(Debug)]
pub struct Interrupt {
    count: watch::Sender<u32>,
}

impl Default for Interrupt {
    fn default() -> Self {
        Interrupt {
            count: watch::Sender::new(0),
        }
    }
}

impl Interrupt {
    /// Notes one signal.
    pub fn signal(&self) {
        self.count.send_modify(|count| *count += 1);
    }

    /// Whether there was a signal.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.count.borrow() > 0
    }

    /// Whether there was a second one.
    #[must_use]
    pub fn is_final(&self) -> bool {
        *self.count.borrow() > 1
    }

    /// Waits for the first signal.
    pub async fn first(&self) {
        self.reached(1).await;
    }

    /// Waits for the second signal.
    pub async fn second(&self) {
        self.reached(2).await;
    }

    async fn reached(&self, wanted: u32) {
        let mut receiver = self.count.subscribe();
        // The sender lives as long as `self`, so this ends only by the count.
        let _ = receiver.wait_for(|count| *count >= wanted).await;
    }
}
