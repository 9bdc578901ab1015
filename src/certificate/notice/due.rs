//! When a notice is due.

use jiff::Timestamp;

/// The days before the end at which it is told; 0 is the end itself.
const DAYS: [i32; 4] = [0, 3, 7, 14];
/// The first of them.
pub const FIRST_NOTICE: i32 = 14;
const DAY: i64 = 24 * 60 * 60;

/// Which notice belongs to what is left at `now`: that of the fewest days.
pub(super) fn stage(not_after: Timestamp, now: Timestamp) -> Option<i32> {
    let left = not_after.as_second() - now.as_second();
    DAYS.into_iter().find(|days| left <= i64::from(*days) * DAY)
}

/// Whether that is to be told, where `told` was told last.
pub(super) fn is_due(stage: i32, told: Option<i32>) -> bool {
    told.is_none_or(|told| stage < told)
}

/// Where a certificate stands in its life, and what is planned for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    /// When it is renewed, if that is planned.
    pub(super) next: Option<Timestamp>,
    /// Whether somebody is at it just now.
    pub(super) is_leased: bool,
    /// How often renewing it has failed.
    pub(super) failures: i32,
}

/// Whether there is nothing to tell: a short life (of days) is below the notices from its beginning, and all is well with it as
/// long as its renewal lies ahead, or is under way, before three quarters of it are over.
pub(super) fn is_calm(life: &Life, now: Timestamp) -> bool {
    let Some(next) = life.next.filter(|_| life.failures == 0 && now < life.not_after) else {
        return false;
    };
    let whole = life.not_after.as_second() - life.not_before.as_second();
    let at = next.as_second() - life.not_before.as_second();
    (next > now || life.is_leased) && at.saturating_mul(4) <= whole.saturating_mul(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * DAY).expect("a time")
    }

    #[test]
    fn each_notice_is_told_once_and_none_that_is_over() {
        let stage = |left| stage(day(left), day(0));
        assert_eq!(stage(15), None);
        assert_eq!(
            [14, 8, 7, 4, 3, 1, 0, -9].map(stage),
            [14, 14, 7, 7, 3, 3, 0, 0].map(Some)
        );
        assert!(is_due(14, None) && is_due(3, Some(14)) && is_due(0, Some(3)));
        assert!(!is_due(14, Some(14)) && !is_due(7, Some(3)) && !is_due(0, Some(0)));
    }

    #[test]
    fn a_short_life_is_no_reason_to_worry_as_long_as_its_renewal_lies_ahead() {
        let calm = Life {
            not_before: day(0),
            not_after: day(6),
            next: Some(day(3)),
            is_leased: false,
            failures: 0,
        };
        assert!(is_calm(&calm, day(1)));
        assert!(!is_calm(&calm, day(4)), "it is late");
        assert!(
            is_calm(
                &Life {
                    is_leased: true,
                    ..calm
                },
                day(4)
            ),
            "somebody is at it"
        );
        assert!(!is_calm(&Life { failures: 1, ..calm }, day(1)));
        assert!(!is_calm(&Life { next: None, ..calm }, day(1)), "nobody renews it");
        assert!(
            !is_calm(
                &Life {
                    next: Some(day(5)),
                    ..calm
                },
                day(1)
            ),
            "too late"
        );
        assert!(!is_calm(&calm, day(7)), "it has ended");
        let long = Life {
            not_after: day(90),
            next: Some(day(85)),
            ..calm
        };
        assert!(!is_calm(&long, day(80)), "renewed five days before its end");
    }
}
