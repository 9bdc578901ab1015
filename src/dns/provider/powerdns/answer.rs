//! From an HTTP answer to an error, by its status alone; the server's words are shown, never looked at.

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::journal::Failure;
use crate::model::escape::escape;

/// More than the largest zone that anybody lists; an answer without end must not fill the memory.
const LIMIT: usize = 256 * 1024 * 1024;
/// How much of the server's own words is worth repeating.
const WORDS: usize = 300;

/// A status and a body.
pub(super) struct Answer {
    server: String,
    status: StatusCode,
    body: Vec<u8>,
}

impl Answer {
    /// Reads the body to its end. The request has been taken: whatever fails from here on leaves its effect unknown.
    pub async fn read(server: &str, mut response: reqwest::Response) -> Result<Self, Failure> {
        let status = response.status();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= LIMIT => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    let message = format!("{server} answered more than {LIMIT} bytes");
                    return Err(Failure::unknown(Error::unavailable(message)));
                }
                Ok(None) => {
                    return Ok(Answer {
                        server: server.to_owned(),
                        status,
                        body,
                    });
                }
                Err(error) => return Err(failed(server, error)),
            }
        }
    }

    pub fn is_missing(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// The answer to a question.
    pub fn expect_success(&self, what: &str) -> Result<()> {
        if self.status.is_success() {
            Ok(())
        } else {
            Err(self.error(what))
        }
    }

    /// The answer to a write. The server looks at everything before it writes anything and answers 4xx without having
    /// written; 5xx may come from later.
    pub fn expect_written(&self, what: &str) -> Result<(), Failure> {
        match self.status {
            status if status.is_success() => Ok(()),
            status if status.is_client_error() => Err(Failure::refused(self.error(what))),
            _ => Err(Failure::unknown(self.error(what))),
        }
    }

    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Error::unavailable(format!("{} does not answer in JSON", self.server)).source(error)
        })
    }

    fn error(&self, what: &str) -> Error {
        let server = &self.server;
        match self.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let message = format!("{server} refuses the API key");
                Error::new(Kind::Denied, "authentication", message).hint(
                    "compare api_key_file with api-key in pdns.conf, and webserver-allow-from with this host",
                )
            }
            StatusCode::NOT_FOUND => Error::new(
                Kind::NotFound,
                "not_found",
                format!("{server} has no such thing: {what}"),
            ),
            StatusCode::CONFLICT => Error::new(
                Kind::Conflict,
                "exists",
                format!("{what} exists at {server} already"),
            ),
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
                let message = format!("{what}: {server} does not take it: {}", self.words());
                Error::new(Kind::Conflict, "refused", message)
            }
            status => Error::unavailable(format!("{server}: status {}: {}", status.as_u16(), self.words())),
        }
    }

    /// What the server said, harmless to look at.
    fn words(&self) -> String {
        #[derive(Deserialize)]
        struct Refusal {
            error: String,
        }
        let text = serde_json::from_slice::<Refusal>(&self.body).map_or_else(
            |_| String::from_utf8_lossy(&self.body).into_owned(),
            |refusal| refusal.error,
        );
        let short: String = text.trim().chars().take(WORDS).collect();
        escape(&short).into_owned()
    }
}

/// A request without an answer. Only one that never reached the server had no effect for sure.
pub(super) fn failed(server: &str, error: reqwest::Error) -> Failure {
    let reason = if error.is_timeout() {
        "timeout"
    } else {
        "unavailable"
    };
    let what = match (error.is_connect(), error.is_timeout()) {
        (true, _) => "cannot be reached",
        (false, true) => "did not answer in time",
        (false, false) => "broke off",
    };
    let never_sent = error.is_connect() || error.is_builder();
    let made = Error::new(Kind::Unavailable, reason, format!("{server} {what}")).source(error);
    if never_sent {
        Failure::not_now(made)
    } else {
        Failure::unknown(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Certainty;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            server: "PowerDNS at http://127.0.0.1:8081".to_owned(),
            status: StatusCode::from_u16(status).expect("status"),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn each_status_has_its_kind_and_its_certainty() {
        for (status, kind, reason, certainty) in [
            (401, Kind::Denied, "authentication", Certainty::NotApplied),
            (403, Kind::Denied, "authentication", Certainty::NotApplied),
            (404, Kind::NotFound, "not_found", Certainty::NotApplied),
            (409, Kind::Conflict, "exists", Certainty::NotApplied),
            (422, Kind::Conflict, "refused", Certainty::NotApplied),
            (500, Kind::Unavailable, "unavailable", Certainty::Unknown),
            (502, Kind::Unavailable, "unavailable", Certainty::Unknown),
            (302, Kind::Unavailable, "unavailable", Certainty::Unknown),
        ] {
            let failure = answer(status, "x")
                .expect_written("zone example.test")
                .expect_err("refused");
            assert_eq!(
                (failure.error.kind(), failure.error.reason()),
                (kind, reason),
                "{status}"
            );
            assert_eq!(failure.certainty, certainty, "{status}");
        }
        assert!(answer(204, "").expect_written("zone").is_ok());
    }

    #[test]
    fn the_servers_words_are_shown_escaped_and_shortened() {
        let hostile = format!(
            "{{\"error\":\"bad \\u001b]0;owned\\u0007 {}\"}}",
            "x".repeat(1000)
        );
        let message = answer(422, &hostile)
            .error("zone example.test")
            .message()
            .to_owned();
        assert!(message.starts_with(
            "zone example.test: PowerDNS at http://127.0.0.1:8081 does not take it: bad \\u{1b}]0;owned\\u{7} xxx"
        ));
        assert!(message.len() < 500);
    }
}
