//! The limits of a database's role, as they are given.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::model::Span;

/// The limits that `db create` knows.
#[derive(Debug, clap::Args)]
pub(super) struct Limits {
    /// How many sessions at once [default: unlimited]
    #[arg(long, value_name = "N", value_parser = count)]
    pub(super) connections: Option<u32>,
    /// The longest statement, such as 30s [default: the server's]
    #[arg(long, value_name = "DURATION", value_parser = span)]
    statement_timeout: Option<Span>,
    /// How long a transaction may do nothing, such as 5m [default: the server's]
    #[arg(long, value_name = "DURATION", value_parser = span)]
    idle_in_transaction_timeout: Option<Span>,
}

impl Limits {
    pub(super) fn statement_timeout(&self) -> Option<Duration> {
        self.statement_timeout.map(Span::duration)
    }

    pub(super) fn idle_in_transaction_timeout(&self) -> Option<Duration> {
        self.idle_in_transaction_timeout.map(Span::duration)
    }
}

/// Digits only: the standard parser also takes a sign.
fn count(text: &str) -> Result<u32> {
    let is_plain = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text
        .parse::<u32>()
        .ok()
        .filter(|number| is_plain && i32::try_from(*number).is_ok());
    number.ok_or_else(|| Error::invalid("a whole number from 1 to 2147483647 is needed"))
}

/// `PostgreSQL` keeps it as milliseconds in 31 bits, and takes 0 for no limit at all.
fn span(text: &str) -> Result<Span> {
    let span: Span = text.parse()?;
    match span.duration().as_millis() {
        0 => Err(Error::invalid("0 is no limit").hint("leave the option out")),
        milliseconds if i32::try_from(milliseconds).is_err() => Err(Error::invalid(
            "longer than 2147483647 ms (24 days), which the server cannot keep",
        )),
        _ => Ok(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_digits_within_what_the_server_keeps() {
        assert_eq!(count("1").ok(), Some(1));
        assert_eq!(count("2147483647").ok(), Some(2_147_483_647));
        for text in [
            "",
            "0",
            "007",
            "+5",
            "-1",
            " 5",
            "5 ",
            "1.5",
            "2147483648",
            "99999999999",
            "٣",
        ] {
            assert!(count(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_time_limit_fits_the_server() {
        assert!(span("30s").is_ok() && span("2147483647ms").is_ok());
        for text in ["0", "0s", "2147483648ms", "25d", "30"] {
            assert!(span(text).is_err(), "{text:?}");
        }
    }
}
