//! The only door to time and randomness, so that one place decides what the clock says and where entropy comes from.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use rsa::rand_core::{CryptoRngCore, OsRng};
use uuid::Uuid;

use crate::error::{Error, Result};

/// The host's wall clock, UTC.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one door to wall-clock time")]
pub fn now() -> Timestamp {
    shifted(Timestamp::now())
}

#[cfg(not(feature = "crash-points"))]
#[inline]
fn shifted(now: Timestamp) -> Timestamp {
    now
}

#[cfg(feature = "crash-points")]
pub use moved::shift;
#[cfg(feature = "crash-points")]
use moved::shifted;

/// A wall clock that a test may move.
#[cfg(feature = "crash-points")]
mod moved {
    use std::sync::atomic::{AtomicI64, Ordering};

    use jiff::{SignedDuration, Timestamp};

    /// In seconds.
    static SHIFT: AtomicI64 = AtomicI64::new(0);

    /// From now on the wall clock of this process is ahead by so many seconds.
    pub fn shift(seconds: i64) {
        SHIFT.store(seconds, Ordering::Relaxed);
    }

    pub(super) fn shifted(now: Timestamp) -> Timestamp {
        now + SignedDuration::from_secs(SHIFT.load(Ordering::Relaxed))
    }
}

/// A monotonic instant, for deadlines and durations. It is the clock of tokio's timers, so that a test that pauses the
/// one pauses the other; outside of tests the two are the same.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one door to monotonic time")]
pub fn instant() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// `length` from now on the monotonic clock.
#[must_use]
pub fn deadline(length: Duration) -> Instant {
    instant() + length
}

/// Random bytes from the operating system.
///
/// # Errors
/// `internal` where the operating system gives none: nothing may go on without entropy.
#[expect(clippy::disallowed_methods, reason = "the one door to randomness")]
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::internal("the operating system gives no random bytes"))?;
    Ok(bytes)
}

/// The operating system's randomness for crates that want a generator of their own kind, such as `rsa`.
#[must_use]
pub fn generator() -> impl CryptoRngCore {
    OsRng
}

/// The operating system's randomness for what signs with ring.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one door to randomness")]
pub fn randomness() -> SystemRandom {
    SystemRandom::new()
}

/// A new identifier that sorts by time (UUID version 7, RFC 9562 §5.7).
///
/// # Errors
/// As [`random`].
pub fn new_id() -> Result<Uuid> {
    let milliseconds = u64::try_from(now().as_millisecond())
        .map_err(|_| Error::internal("the clock of this host is before 1970"))?;
    Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random::<10>()?).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_distinct_and_version_7() {
        let first = new_id().expect("entropy");
        let second = new_id().expect("entropy");
        assert_ne!(first, second);
        assert_eq!(first.get_version_num(), 7);
    }
}
