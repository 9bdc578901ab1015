//! The limits of a login, and how the catalog spells those of time.

use std::collections::BTreeMap;
use std::time::Duration;

/// The limits of a login; what is absent is unlimited, or as the server has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoginLimits {
    /// Sessions at once.
    pub connections: Option<u32>,
    /// The longest statement.
    pub statement_timeout: Option<Duration>,
    /// The longest idle transaction.
    pub idle_in_transaction_timeout: Option<Duration>,
}

/// What the catalog calls the two time limits.
pub(super) const SETTINGS: [&str; 2] = ["statement_timeout", "idle_in_transaction_session_timeout"];

/// The two time limits among settings as the catalog has them.
pub(super) fn time_limits(lines: &[String]) -> BTreeMap<String, String> {
    let settings = lines.iter().filter_map(|line| line.split_once('='));
    let settings = settings.filter(|(name, _)| SETTINGS.contains(name));
    settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

impl LoginLimits {
    /// The limit that is stored as this setting.
    pub(super) fn of(&self, setting: &str) -> Option<Duration> {
        let times = [self.statement_timeout, self.idle_in_transaction_timeout];
        let place = SETTINGS.iter().position(|name| *name == setting)?;
        times[place]
    }
}

/// A time limit in milliseconds, however it was spelt; what is none stays as it is.
pub(super) fn tidy(value: &str) -> String {
    let unit_at = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let (digits, unit) = value.split_at(unit_at);
    let size = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return value.to_owned(),
    };
    match digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(size))
    {
        Some(milliseconds) => format!("{milliseconds}ms"),
        None => value.to_owned(),
    }
}
