//! An instant as a person names it: so long ago, or a time.

use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::error::{Error, Result};
use crate::model::Span;
use crate::model::escape::excerpt;

/// `24h`, `yesterday`, `2026-11-21T04:00:00Z` or `2026-11-21`; days begin in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The beginning of the day so many days before today.
    DaysAgo(i32),
    /// So long before now.
    Ago(Span),
    /// Then.
    At(Timestamp),
}

impl Moment {
    /// The instant, seen from `now`; the beginning of time where it would lie before that.
    #[must_use]
    pub fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Moment::At(time) => time,
            Moment::DaysAgo(days) => midnight(now, days).unwrap_or(Timestamp::UNIX_EPOCH),
            Moment::Ago(span) => SignedDuration::try_from(span.duration())
                .ok()
                .and_then(|length| now.checked_sub(length).ok())
                .unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

/// In UTC, as dates are meant; nothing before the beginning of the calendar.
fn midnight(now: Timestamp, days: i32) -> Option<Timestamp> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let day = today.checked_sub(days.days()).ok()?;
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

impl FromStr for Moment {
    type Err = Error;

    /// # Errors
    /// `invalid`.
    fn from_str(input: &str) -> Result<Self> {
        if let Ok(time) = input.parse::<Timestamp>() {
            return Ok(Moment::At(time));
        }
        match input.to_ascii_lowercase().as_str() {
            "now" => return Ok(Moment::Ago(Span::default())),
            "today" => return Ok(Moment::DaysAgo(0)),
            "yesterday" => return Ok(Moment::DaysAgo(1)),
            _ => {}
        }
        // A date alone; a time without its offset would be anybody's guess.
        if input.len() == 10
            && let Ok(date) = input.parse::<Date>()
            && let Ok(midnight) = date.to_zoned(TimeZone::UTC)
        {
            return Ok(Moment::At(midnight.timestamp()));
        }
        input.parse::<Span>().map(Moment::Ago).map_err(|_| {
            let given = excerpt(input);
            Error::invalid(format!(
                "time \"{given}\": neither a duration nor a day nor a time with its offset"
            ))
            .hint("2h, 7d, today, yesterday, 2026-11-21 or 2026-11-21T04:00:00Z")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        let now = "2026-11-21T04:00:00Z".parse().expect("now");
        text.parse::<Moment>().expect(text).from(now).to_string()
    }

    #[test]
    fn durations_count_back_and_times_are_absolute() {
        assert_eq!(seen("24h"), "2026-11-20T04:00:00Z");
        assert_eq!(seen("2026-11-01T12:00:00+02:00"), "2026-11-01T10:00:00Z");
        assert_eq!(seen("2026-11-01"), "2026-11-01T00:00:00Z");
        assert_eq!(seen("today"), "2026-11-21T00:00:00Z");
        assert_eq!(seen("Yesterday"), "2026-11-20T00:00:00Z");
        assert_eq!(seen("now"), "2026-11-21T04:00:00Z");
    }

    #[test]
    fn a_time_without_an_offset_is_no_time() {
        for bad in ["", "2026-11-01T12:00:00", "2026-13-01", "-1h", "noon"] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
    }
}
