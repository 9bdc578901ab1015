//! Deadlines: every call to the outside runs under one.

use std::cell::RefCell;
use std::future::Future;
use std::time::{Duration, Instant};

use crate::clock;
use crate::error::{Error, Kind, Result};

/// An instant by which something must have answered, and the length that led there (for the message).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    at: Instant,
    length: Duration,
}

thread_local! {
    /// Whose answer was given up last, before it came. One thread runs everything that waits.
    static UNANSWERED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Somebody whose answer is awaited, until it is there.
struct Awaited<'a> {
    what: &'a str,
    is_answered: bool,
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            // Of several within each other the innermost goes first: that is the one who is silent.
            UNANSWERED.with_borrow_mut(|silent| {
                silent.get_or_insert_with(|| self.what.to_owned());
            });
        }
    }
}

/// Waits for `what`: where a deadline around all of it strikes first, its error names this.
pub async fn awaited<T>(what: &str, answer: impl Future<Output = T>) -> T {
    let mut awaited = Awaited {
        what,
        is_answered: false,
    };
    let answer = answer.await;
    awaited.is_answered = true;
    answer
}

impl Deadline {
    /// `length` from now.
    #[must_use]
    pub fn after(length: Duration) -> Self {
        Deadline {
            at: clock::deadline(length),
            length,
        }
    }

    /// A deadline for a part of the work: `length` from now, but never later than the whole.
    #[must_use]
    pub fn within(self, length: Duration) -> Self {
        let part = Deadline::after(length);
        if part.at < self.at { part } else { self }
    }

    /// The instant.
    #[must_use]
    pub fn instant(self) -> Instant {
        self.at
    }

    /// What is left; zero when it is spent.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.at.saturating_duration_since(clock::instant())
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_spent(self) -> bool {
        self.remaining().is_zero()
    }

    /// Runs `future` until the deadline; a spent one does not start it. The future is dropped at expiry: what it sent
    /// may have taken effect.
    ///
    /// # Errors
    /// Those of the future, and `unavailable` with reason `timeout` naming `what` (such as `PostgreSQL at db1:5432`), or the
    /// part of it that was [`awaited`] then.
    pub async fn run<T>(self, what: &str, future: impl Future<Output = Result<T>>) -> Result<T> {
        if self.is_spent() {
            return Err(self.expired(what));
        }
        UNANSWERED.take();
        match tokio::time::timeout_at(self.at.into(), awaited(what, future)).await {
            Ok(result) => result,
            Err(_) => Err(self.expired(UNANSWERED.take().as_deref().unwrap_or(what))),
        }
    }

    /// The error of a `what` that did not answer in time.
    #[must_use]
    pub fn expired(self, what: &str) -> Error {
        let length = in_words(self.length);
        Error::new(
            Kind::Unavailable,
            "timeout",
            format!("{what}: no answer within {length}"),
        )
    }
}

/// A time that was waited, as messages tell it: whole seconds, and milliseconds below one.
#[must_use]
pub fn in_words(length: Duration) -> String {
    match length.as_secs() {
        0 => format!("{} ms", length.as_millis()),
        _ => format!("{:.0} s", length.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_whole_seconds_or_milliseconds() {
        for (nanoseconds, words) in [
            (18_877_507_713, "19 s"),
            (10_000_000_000, "10 s"),
            (1_200_000_000, "1 s"),
            (999_999_999, "999 ms"),
            (20_000_000, "20 ms"),
            (0, "0 ms"),
        ] {
            assert_eq!(in_words(Duration::from_nanos(nanoseconds)), words);
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        runtime.expect("runtime").block_on(future)
    }

    #[test]
    fn a_future_that_never_answers_is_a_timeout_that_names_it() {
        let deadline = Deadline::after(Duration::from_millis(20));
        let error = block_on(deadline.run("ns1", std::future::pending::<Result<()>>())).expect_err("expired");
        assert_eq!((error.kind(), error.reason()), (Kind::Unavailable, "timeout"));
        assert_eq!(error.message(), "ns1: no answer within 20 ms");
    }

    #[test]
    fn of_many_within_one_deadline_the_silent_one_is_named() {
        let deadline = Deadline::after(Duration::from_millis(20));
        let within = async {
            awaited("ns1", async {}).await;
            awaited("ns2", std::future::pending::<Result<()>>()).await
        };
        let error = block_on(deadline.run("all of it", within)).expect_err("expired");
        assert_eq!(error.message(), "ns2: no answer within 20 ms");
    }

    #[test]
    fn an_answer_in_time_passes_through() {
        let deadline = Deadline::after(Duration::from_secs(60));
        assert_eq!(
            block_on(deadline.run("ns1", async { Ok(7) })).expect("answered"),
            7
        );
    }

    #[test]
    fn a_spent_deadline_does_not_start_the_work() {
        let deadline = Deadline::after(Duration::ZERO);
        let mut started = false;
        let outcome = block_on(deadline.run("ns1", async {
            started = true;
            Ok(())
        }));
        assert!(outcome.is_err() && deadline.is_spent());
        assert!(!started);
    }

    #[test]
    fn a_part_never_outlasts_the_whole() {
        let whole = Deadline::after(Duration::from_secs(1));
        assert_eq!(whole.within(Duration::from_secs(60)), whole);
        assert!(whole.within(Duration::from_millis(1)).instant() < whole.instant());
    }
}
