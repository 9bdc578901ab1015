//! When a certificate is renewed, asked about, or tried again. Nothing here looks at a clock or at the world.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ring::digest;

/// What is renewed at two thirds of its life, and from where on at half of it.
const SHORT: SignedDuration = SignedDuration::from_hours(10 * 24);
/// How much earlier than that, as a part of its life, at most: what was issued in one night is not due in one second.
const SPREAD: f64 = 0.02;
/// After so much of its life nobody waits any longer, whatever the authority recommends.
const LATEST: f64 = 0.9;
/// For so much of its life one is left alone that replaced another one only just now.
const REST: f64 = 0.1;
/// How long an answer about renewal holds, at least, at most, and where nothing is said (RFC 9773 §4.3).
const ASK: (Duration, Duration, Duration) = (
    Duration::from_secs(60),
    Duration::from_secs(24 * 60 * 60),
    Duration::from_secs(6 * 60 * 60),
);
/// The pauses after the first failures.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(60),
    Duration::from_secs(600),
    Duration::from_secs(6000),
];
/// After them an eighth of what is left of its life, within these bounds.
const PART: f64 = 0.125;
const BOUNDS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(24 * 60 * 60));
/// What has no life left to count in.
const LIFELESS: Duration = Duration::from_secs(60 * 60);

/// From when until when it is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
}

/// When the authority would like it to be renewed (RFC 9773 §4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
}

impl Life {
    /// Without a word of the authority: two thirds of its life, half of it where that is short; somewhat earlier, each
    /// certificate by a part of its own. With the reason.
    #[must_use]
    pub fn renewal(self, name: &str) -> (Timestamp, &'static str) {
        let (share, why) = match self.length() < SHORT {
            true => (0.5, "half of its life"),
            false => (2.0 / 3.0, "two thirds of its life"),
        };
        let own = fraction(&format!("{name} {}", self.not_before));
        (self.at(share - SPREAD * own), why)
    }

    /// What is left of it at `now`; nothing where it is over.
    #[must_use]
    pub fn left(self, now: Timestamp) -> Option<Duration> {
        let left = Duration::try_from(self.not_after.duration_since(now)).ok()?;
        (!left.is_zero()).then_some(left)
    }

    /// Until when one that was `issued` then is left alone: a day, or a tenth of its life where that is short.
    #[must_use]
    pub fn rest(self, issued: Timestamp) -> Timestamp {
        later(
            issued,
            self.length().mul_f64(REST).min(SignedDuration::from_hours(24)),
        )
    }

    fn length(self) -> SignedDuration {
        self.not_after.duration_since(self.not_before)
    }

    fn at(self, share: f64) -> Timestamp {
        later(self.not_before, self.length().mul_f64(share))
    }
}

impl Window {
    /// A time in the window, which `part` of it is over by then; nothing for a window that makes no sense: one that ends
    /// before it begins, or that begins when it is too late.
    #[must_use]
    pub fn choose(self, life: Life, part: f64) -> Option<Timestamp> {
        let latest = life.at(LATEST);
        if self.end <= self.start || self.start > latest {
            return None;
        }
        let length = self.end.duration_since(self.start);
        Some(later(self.start, length.mul_f64(part)).min(latest))
    }
}

/// How long an authority that was asked is not asked again.
#[must_use]
pub fn ask_again(retry_after: Option<Duration>) -> Duration {
    retry_after.map_or(ASK.2, |wait| wait.clamp(ASK.0, ASK.1))
}

/// How long nothing is tried after a failure that had `failures` before it, with so much `left` of its life.
#[must_use]
pub fn back_off(failures: i32, left: Option<Duration>) -> Duration {
    let relative = left.map_or(LIFELESS, |left| left.mul_f64(PART).clamp(BOUNDS.0, BOUNDS.1));
    let first = usize::try_from(failures).ok().and_then(|index| PAUSES.get(index));
    first.map_or(relative, |pause| relative.min(*pause))
}

/// A number from 0 to 1 that is always the same for the same text.
#[must_use]
pub fn fraction(text: &str) -> f64 {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&digest.as_ref()[..4]);
    f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
}

/// Times at the end of the calendar are no later than it.
fn later(time: Timestamp, span: SignedDuration) -> Timestamp {
    time.checked_add(span).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + number * DAY).expect("a time")
    }

    fn life(days: i64) -> Life {
        Life {
            not_before: day(0),
            not_after: day(days),
        }
    }

    fn days(time: Timestamp) -> f64 {
        time.duration_since(day(0)).as_secs_f64() / 86_400.0
    }

    #[test]
    fn two_thirds_of_a_life_and_half_of_a_short_one() {
        for (length, latest, words) in [
            (90, 60.0, "two thirds"),
            (45, 30.0, "two thirds"),
            (6, 3.0, "half"),
        ] {
            for name in ["a.example", "b.example", "c.example"] {
                let (time, why) = life(length).renewal(name);
                let earliest = latest - 0.0201 * days(day(length));
                assert!(
                    (earliest..=latest).contains(&days(time)),
                    "{length} {name}: {time}"
                );
                assert!(why.starts_with(words), "{why}");
            }
        }
    }

    #[test]
    fn ten_thousand_are_not_due_in_one_second() {
        let mut seconds: Vec<i64> = (0..10_000)
            .map(|number| life(90).renewal(&format!("c{number}.example")).0.as_second())
            .collect();
        seconds.sort_unstable();
        let most = seconds.chunk_by(|a, b| a == b).map(<[i64]>::len).max();
        assert!(most < Some(6), "{most:?} in one second");
        let (first, last) = (seconds[0], seconds[9_999]);
        assert!(last - first > DAY, "spread over {} s", last - first);
        assert_eq!(life(90).renewal("a.example"), life(90).renewal("a.example"));
    }

    #[test]
    fn a_window_holds_the_chosen_time() {
        let window = |start, end| Window {
            start: day(start),
            end: day(end),
        };
        let choose = |window: Window, part| window.choose(life(90), part).map(days);
        assert_eq!(choose(window(58, 60), 0.0), Some(58.0));
        assert_eq!(choose(window(58, 60), 0.5), Some(59.0));
        assert_eq!(choose(window(-3, -2), 0.5), Some(-2.5), "one in the past is now");
        assert_eq!(choose(window(60, 58), 0.5), None, "it ends before it begins");
        assert_eq!(choose(window(60, 60), 0.5), None, "it is empty");
        assert_eq!(choose(window(89, 120), 0.5), None, "too late");
        assert_eq!(
            choose(window(60, 200), 1.0),
            Some(81.0),
            "nobody waits for the end"
        );
    }

    #[test]
    fn what_replaced_another_just_now_has_a_rest() {
        assert_eq!(life(90).rest(day(3)), day(4));
        assert_eq!(life(5).rest(day(3)).duration_since(day(3)).as_hours(), 12);
    }

    #[test]
    fn a_wait_has_bounds() {
        let seconds = |wait: Option<u64>| ask_again(wait.map(Duration::from_secs)).as_secs();
        assert_eq!(seconds(None), 21_600);
        assert_eq!(seconds(Some(0)), 60);
        assert_eq!(seconds(Some(3600)), 3600);
        assert_eq!(seconds(Some(10_000_000)), 86_400);
    }

    #[test]
    fn failures_are_remembered_and_what_is_short_is_tried_sooner() {
        let hours = |hours: u64| Some(Duration::from_secs(hours * 3600));
        let pauses = |left| [0, 1, 2, 3, 50].map(|failures| back_off(failures, left).as_secs());
        assert_eq!(pauses(hours(30 * 24)), [60, 600, 6000, 86_400, 86_400]);
        assert_eq!(pauses(hours(80)), [60, 600, 6000, 36_000, 36_000]);
        assert_eq!(pauses(hours(8)), [60, 600, 3600, 3600, 3600]);
        assert_eq!(pauses(Some(Duration::from_secs(120))), [60; 5]);
        assert_eq!(pauses(None), [60, 600, 3600, 3600, 3600]);
    }
}
