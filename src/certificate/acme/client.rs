//! Signed requests to one authority: nonces, refusals, and what becomes of a request whose answer was lost.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use super::jws::{AccountKey, Signed, Signer};
use super::poll::Poll;
use super::problem::Problem;
use super::reply::Reply;
use super::wire::{Directory, Suggestion};
use crate::env::deadline::Deadline;
use crate::env::{http, tls};
use crate::error::{Error, Kind, Result};

/// One request, its answer included.
const REQUEST: Duration = Duration::from_secs(30);
/// How long an authority that does not answer, or not now, is asked again.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a nonce may be refused: a rejection of one half lets one in 10^12 requests fail.
const NONCES: usize = 40;

/// A client of one authority.
#[derive(Debug)]
pub struct Client {
    /// Its name in the configuration.
    pub name: String,
    /// What it offers.
    pub directory: Directory,
    http: reqwest::Client,
    nonces: Mutex<Vec<String>>,
    /// The last wait that was asked for, new orders and accounts apart.
    wait: Mutex<Option<Problem>>,
}

/// Whether a request whose answer was lost, or that was refused for a while, may simply be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It reads, or does the same thing once more.
    Harmless,
    /// It can be done only once.
    Never,
}

/// Why there is no good answer.
#[derive(Debug)]
pub enum Failed {
    /// Nothing was sent.
    Unreached(Error),
    /// It was sent, and no answer came.
    Lost(Error),
    /// The answer is no.
    Refused(Problem),
}

impl Failed {
    /// For a person; `ca` is the name of the authority.
    #[must_use]
    pub fn error(self, ca: &str) -> Error {
        match self {
            Failed::Unreached(error) | Failed::Lost(error) => error,
            Failed::Refused(problem) => problem.error(ca),
        }
    }

    /// Whether it may go through later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Failed::Unreached(_) | Failed::Lost(_) => true,
            Failed::Refused(problem) => problem.is_passing(),
        }
    }

    /// Whether the authority wants to be asked less.
    #[must_use]
    pub fn is_throttling(&self) -> bool {
        matches!(self, Failed::Refused(problem) if problem.is_throttling())
    }

    /// How long the authority wants to be left alone.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Failed::Refused(problem) => problem.retry_after,
            Failed::Unreached(_) | Failed::Lost(_) => None,
        }
    }
}

impl Client {
    /// Reads the directory at `url`. `ca_file` has the roots of its own certificate, where they are not the system's.
    ///
    /// # Errors
    /// `unavailable` where it does not answer or not with a directory; `usage` for a file without certificates.
    pub async fn connect(name: &str, url: &str, ca_file: Option<&Path>) -> Result<Self, Failed> {
        let tls = tls::client_config(ca_file).map_err(Failed::Unreached)?;
        let http = http::client(tls, REQUEST).map_err(Failed::Unreached)?;
        let mut poll = Poll::until(Deadline::after(PATIENCE));
        loop {
            let failed = match send(name, http.get(url)).await {
                Ok(reply) if reply.is_success() => {
                    return Ok(Client {
                        name: name.to_owned(),
                        directory: reply.document(name).map_err(Failed::Lost)?,
                        http,
                        nonces: Mutex::default(),
                        wait: Mutex::default(),
                    });
                }
                Ok(reply) => Failed::Refused(reply.problem()),
                Err(failed) => failed,
            };
            if !failed.is_passing() || !poll.wait(failed.wait()).await {
                return Err(failed);
            }
        }
    }

    /// What was told to wait for since this was asked last, where it was not about a new order or account.
    pub(in crate::certificate) fn told_to_wait(&self) -> Option<Problem> {
        self.wait.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note_wait(&self, url: &str, failed: &Failed) {
        let is_apart = url == self.directory.new_order || url == self.directory.new_account;
        if let Failed::Refused(problem) = failed
            && problem.is_throttling()
            && !is_apart
        {
            *self.wait.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem.clone());
        }
    }

    /// Sends `payload`, or asks for what is at `url` where there is none (POST-as-GET).
    ///
    /// # Errors
    /// See [`Failed`]; one that may pass was tried for some seconds, as far as `repeat` allows.
    pub async fn post(
        &self,
        key: &AccountKey,
        signer: Signer<'_>,
        url: &str,
        payload: Option<&Value>,
        repeat: Repeat,
    ) -> Result<Reply, Failed> {
        let mut poll = Poll::until(Deadline::after(PATIENCE));
        loop {
            let failed = match self.once(key, signer, url, payload).await {
                Ok(reply) => return Ok(reply),
                Err(failed) => failed,
            };
            let is_over = match &failed {
                // Whoever sends it counts, and knows what a refusal leaves behind.
                Failed::Lost(_) | Failed::Refused(_) if repeat == Repeat::Never => true,
                Failed::Lost(_) | Failed::Unreached(_) => false,
                Failed::Refused(problem) => !problem.is_worth_repeating(),
            };
            if is_over || !poll.wait(failed.wait()).await {
                self.note_wait(url, &failed);
                return Err(failed);
            }
            tracing::debug!(ca = self.name, url, "asking the authority again");
        }
    }

    /// Asks, once and unsigned, when the certificate `id` should be renewed (RFC 9773 §4.1), and how long that answer
    /// holds.
    ///
    /// # Errors
    /// See [`Failed`]; an answer that makes no sense is as good as none.
    pub async fn renewal_info(&self, id: &str) -> Result<(Suggestion, Option<Duration>), Failed> {
        let none = || {
            Failed::Unreached(Error::internal(
                "an authority that is asked for what it does not offer",
            ))
        };
        let base = self.directory.renewal_info.as_deref().ok_or_else(none)?;
        let url = format!("{}/{id}", base.trim_end_matches('/'));
        let reply = send(&self.name, self.http.get(url)).await?;
        let suggestion = reply.document::<Suggestion>(&self.name).ok();
        match suggestion.filter(|told| reply.is_success() && told.can_be_kept()) {
            Some(suggestion) => Ok((suggestion, reply.retry_after)),
            None => Err(Failed::Refused(reply.problem())),
        }
    }

    async fn once(
        &self,
        key: &AccountKey,
        signer: Signer<'_>,
        url: &str,
        payload: Option<&Value>,
    ) -> Result<Reply, Failed> {
        let mut last = None;
        for _ in 0..NONCES {
            let nonce = self.nonce().await?;
            let request = key
                .sign(signer, url, Some(&nonce), payload)
                .map_err(Failed::Unreached)?;
            let reply = self.send(url, &request).await?;
            if reply.is_success() {
                return Ok(reply);
            }
            let problem = reply.problem();
            if problem.word() != "badNonce" {
                return Err(Failed::Refused(problem));
            }
            last = Some(problem);
        }
        Err(Failed::Refused(last.unwrap_or_default()))
    }

    async fn send(&self, url: &str, signed: &Signed) -> Result<Reply, Failed> {
        let body = serde_json::to_vec(signed).map_err(|error| {
            Failed::Unreached(Error::internal("a request cannot be written").source(error))
        })?;
        let request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, "application/jose+json")
            .body(body);
        let mut reply = send(&self.name, request).await?;
        if let Some(nonce) = reply.nonce.take() {
            self.nonces().push(nonce);
        }
        Ok(reply)
    }

    async fn nonce(&self) -> Result<String, Failed> {
        let kept = self.nonces().pop();
        if let Some(nonce) = kept {
            return Ok(nonce);
        }
        let reply = send(&self.name, self.http.head(&self.directory.new_nonce)).await?;
        match reply.nonce {
            Some(nonce) if reply.is_success() => Ok(nonce),
            _ => Err(Failed::Refused(reply.problem())),
        }
    }

    fn nonces(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn send(ca: &str, request: reqwest::RequestBuilder) -> Result<Reply, Failed> {
    let response = request.send().await.map_err(|error| {
        let is_unsent = error.is_connect() || error.is_builder();
        let error = unavailable(ca, &error);
        match is_unsent {
            true => Failed::Unreached(error),
            false => Failed::Lost(error),
        }
    })?;
    Reply::read(response)
        .await
        .map_err(|why| Failed::Lost(Error::new(Kind::Unavailable, "ca_failed", format!("{ca}: {why}"))))
}

/// The address is not repeated: the name of the authority says it, and the cause is further down.
fn unavailable(ca: &str, error: &reqwest::Error) -> Error {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let why = match error.is_timeout() {
        true => format!("no answer within {} s", REQUEST.as_secs()),
        false => cause.to_string(),
    };
    Error::new(Kind::Unavailable, "ca_unreachable", format!("{ca}: {why}"))
}
