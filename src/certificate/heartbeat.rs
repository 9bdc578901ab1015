//! Telling somebody outside that a run went well: if that stays away for long, they raise the alarm. It needs nothing that
//! may have died with us.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::LOCATION;

use crate::env::deadline::Deadline;
use crate::env::{http, tls};
use crate::error::{Error, Kind, Result};

/// For the whole of it, redirects included.
const LIMIT: Duration = Duration::from_secs(10);
/// How many redirects are followed, to the same host only.
const REDIRECTS: usize = 3;

/// Calls `url`. Whatever is secret in it (such URLs are passwords) stands in no error: the host alone is named.
///
/// # Errors
/// `unavailable`, reason `heartbeat`, where the answer is no success; `timeout`; `usage` without roots.
pub async fn call(url: &str) -> Result<()> {
    let url = Url::parse(url).map_err(|_| Error::configuration("`certificate.heartbeat_url` is no URL"))?;
    let what = format!("the heartbeat at {}", url.host_str().unwrap_or("nowhere"));
    let deadline = Deadline::after(LIMIT);
    deadline.run(&what, follow(url, &what)).await
}

async fn follow(mut url: Url, what: &str) -> Result<()> {
    let client = http::client(tls::client_config(None)?, LIMIT)?;
    for _ in 0..=REDIRECTS {
        let response = client
            .get(url.clone())
            .send()
            .await
            .map_err(|error| unanswered(what, &error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let location = response
            .headers()
            .get(LOCATION)
            .filter(|_| status.is_redirection());
        let next = location.and_then(|location| url.join(location.to_str().ok()?).ok());
        url = match next {
            Some(next) if is_same_place(&url, &next) => next,
            Some(_) => return Err(failed(format!("{what} leads to another host"))),
            None => return Err(failed(format!("{what} answered with status {}", status.as_u16()))),
        };
    }
    Err(failed(format!("{what} leads from one place to the next")))
}

/// What is secret in the URL goes to the same host only, and never from TLS to no TLS.
fn is_same_place(from: &Url, to: &Url) -> bool {
    let is_as_safe = to.scheme() == "https" || (to.scheme() == "http" && from.scheme() == "http");
    is_as_safe && from.host() == to.host()
}

/// The URL stands in reqwest's own words, and not in those of the cause.
fn unanswered(what: &str, error: &reqwest::Error) -> Error {
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    let why = match cause {
        _ if error.is_timeout() => "no answer in time".to_owned(),
        Some(cause) => cause.to_string(),
        None => "no answer".to_owned(),
    };
    failed(format!("{what}: {why}"))
}

fn failed(message: String) -> Error {
    Error::new(Kind::Unavailable, "heartbeat", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_stays_with_the_host_that_it_was_for() {
        let same = |from: &str, to: &str| {
            let url = |text: &str| Url::parse(text).expect(text);
            is_same_place(&url(from), &url(to))
        };
        assert!(same("http://a.test/x", "https://a.test/y"));
        assert!(same("https://a.test/x", "https://a.test:8443/y"));
        assert!(!same("https://a.test/x", "http://a.test/x"));
        assert!(!same("https://a.test/x", "https://b.test/x"));
        assert!(!same("http://a.test/x", "ftp://a.test/x"));
    }
}
