//! An answer of an authority: what its headers say, and a body of bounded size.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{DATE, HeaderMap, HeaderValue, LINK, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::clock;
use crate::error::{Error, Result};

/// Nothing that an authority says is larger: a chain of certificates has some 10 KiB.
const LIMIT: usize = 1024 * 1024;
/// Whoever asks for more than that is not taken at his word.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// An answer, be it yes or no.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Where what was made is.
    pub location: Option<String>,
    /// How long it wants to be left alone.
    pub retry_after: Option<Duration>,
    /// Where other chains of the same certificate are (RFC 8555 §7.4.2).
    pub alternates: Vec<String>,
    /// The next nonce.
    pub(super) nonce: Option<String>,
    /// What it says.
    pub body: Vec<u8>,
}

impl Reply {
    /// Reads an answer to its end.
    ///
    /// # Errors
    /// What went wrong on the way.
    pub(super) async fn read(mut response: reqwest::Response) -> Result<Self, String> {
        let headers = response.headers();
        let mut reply = Reply {
            status: response.status().as_u16(),
            location: text(headers.get(LOCATION)),
            retry_after: headers
                .get(RETRY_AFTER)
                .and_then(|value| wait(value, headers.get(DATE))),
            alternates: alternates(headers),
            nonce: text(headers.get("replay-nonce")),
            body: Vec::new(),
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            if reply.body.len() + chunk.len() > LIMIT {
                return Err(format!("an answer of more than {LIMIT} bytes"));
            }
            reply.body.extend_from_slice(&chunk);
        }
        Ok(reply)
    }

    /// Whether it is a yes.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The document in it.
    ///
    /// # Errors
    /// `unavailable`, reason `ca_failed`, where it is another one.
    pub fn document<T: DeserializeOwned>(&self, ca: &str) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let message = format!("{ca}: an answer that is no such document as RFC 8555 wants: {error}");
            Error::new(crate::error::Kind::Unavailable, "ca_failed", message)
        })
    }

    /// The refusal in it, whatever form it has.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let plain = Problem::of_status(self.status, self.retry_after);
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) => Problem {
                status: plain.status,
                retry_after: plain.retry_after,
                ..problem
            },
            Err(_) => plain,
        }
    }
}

fn text(value: Option<&HeaderValue>) -> Option<String> {
    value?.to_str().ok().map(str::to_owned)
}

/// Seconds, or an instant (RFC 9110 §10.2.3), which is by the clock of whoever answers: `date` is when they did.
fn wait(value: &HeaderValue, date: Option<&HeaderValue>) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let wait = if is_number {
        text.parse().map_or(LONGEST_WAIT, Duration::from_secs)
    } else if is_beyond_calendars(text) {
        LONGEST_WAIT
    } else {
        let answered = date.and_then(|date| instant(date.to_str().ok()?));
        let answered = answered.unwrap_or_else(clock::now);
        let seconds = instant(text)?.as_second().saturating_sub(answered.as_second());
        Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
    };
    Some(wait.min(LONGEST_WAIT))
}

/// Whether the year of an instant is the last that has four digits, which is how some say "never".
fn is_beyond_calendars(text: &str) -> bool {
    text.ends_with("GMT") && text.split_ascii_whitespace().nth(3) == Some("9999")
}

fn instant(text: &str) -> Option<Timestamp> {
    Some(jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp())
}

/// `<https://…>;rel="alternate"` (RFC 8288 §3).
fn alternates(headers: &HeaderMap) -> Vec<String> {
    let links = headers.get_all(LINK).iter().filter_map(|link| link.to_str().ok());
    let single = links.flat_map(|link| link.split(','));
    let alternate = single.filter_map(|link| {
        let (url, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let mut words = parameters.split(';').map(str::trim);
        words
            .any(|word| matches!(word, r#"rel="alternate""# | "rel=alternate"))
            .then(|| url.to_owned())
    });
    alternate.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_an_instant_and_has_an_end() {
        let read = |text: &'static str, date: Option<&'static str>| {
            let date = date.map(HeaderValue::from_static);
            wait(&HeaderValue::from_static(text), date.as_ref()).map(|wait| wait.as_secs())
        };
        let seconds = |text| read(text, None);
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds("99999999999"), Some(86_400));
        assert_eq!(seconds("99999999999999999999999999"), Some(86_400));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(0));
        assert_eq!(seconds("Fri, 31 Dec 9999 23:59:59 GMT"), Some(86_400));
        assert_eq!(seconds("soon"), None);
        // By their clock, however wrong it is.
        let date = Some("Sun, 06 Nov 1994 08:47:37 GMT");
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT", date), Some(120));
    }

    #[test]
    fn other_chains_are_found_among_the_links() {
        let mut headers = HeaderMap::new();
        headers.append(
            LINK,
            HeaderValue::from_static("<https://ca.test/dir>;rel=\"index\""),
        );
        headers.append(
            LINK,
            HeaderValue::from_static(
                "<https://ca.test/1>;rel=\"alternate\", <https://ca.test/2>; rel=\"alternate\"",
            ),
        );
        assert_eq!(alternates(&headers), ["https://ca.test/1", "https://ca.test/2"]);
    }
}
