//! How often an authority is asked whether it is done: soon at first, then less and less, and never before it wants.

use std::time::Duration;

use crate::env::deadline::Deadline;

/// The first wait, and the longest: a validation is mostly over in milliseconds on a good day and in seconds on others.
const PAUSES: (Duration, Duration) = (Duration::from_millis(15), Duration::from_secs(5));

/// The waits of one poll.
#[derive(Debug)]
pub struct Poll {
    pause: Duration,
    deadline: Deadline,
}

impl Poll {
    /// Until `deadline`.
    #[must_use]
    pub fn until(deadline: Deadline) -> Self {
        Poll {
            pause: PAUSES.0,
            deadline,
        }
    }

    /// Waits before the next question; at least as long as the authority asked for. `false` where there would be no time
    /// left for it: then nothing was waited for.
    pub async fn wait(&mut self, retry_after: Option<Duration>) -> bool {
        let pause = retry_after.unwrap_or_default().max(self.pause);
        if pause >= self.deadline.remaining() {
            return false;
        }
        tokio::time::sleep(pause).await;
        self.pause = (self.pause * 3 / 2).min(PAUSES.1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[tokio::test(start_paused = true)]
    async fn waits_grow_and_the_authority_is_obeyed() {
        let begin = clock::instant();
        let spent = || clock::instant().duration_since(begin);
        let mut poll = Poll::until(Deadline::after(Duration::from_secs(60)));
        assert!(poll.wait(None).await && poll.wait(None).await);
        assert!((37..47).contains(&spent().as_millis()), "{:?}", spent());
        assert!(poll.wait(Some(Duration::from_secs(3))).await);
        assert!(spent() >= Duration::from_secs(3));
        assert!(!poll.wait(Some(Duration::from_secs(3600))).await);
        assert!(spent() < Duration::from_secs(4), "no time left, so none is lost");
    }
}
