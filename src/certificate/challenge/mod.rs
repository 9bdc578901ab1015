//! How control of a name is proved (RFC 8555 §8, RFC 8737): what has to be where, who puts it there, and who takes it away.
//!
//! `http` and `tls` answer an authority from this process as long as they are told to; `webroot` and `dns` put something
//! into the world, which is written down before and removed afterwards, by whoever goes on after a crash as well.

pub mod dns;
mod http;
mod listen;
mod sets;
mod tls;
pub mod webroot;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::config;
use crate::error::{Error, Result};

pub(super) use http::PATH;
pub(super) use tls::{PROTOCOL, asked_for};

/// The ways that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Challenge {
    /// A file below a fixed path, by plain HTTP.
    #[serde(rename = "http-01")]
    Http01,
    /// A TXT record; the one way for wildcards.
    #[serde(rename = "dns-01")]
    Dns01,
    /// A certificate of our own, by TLS.
    #[serde(rename = "tls-alpn-01")]
    TlsAlpn01,
}

impl Challenge {
    /// Every way.
    pub const ALL: [Challenge; 3] = [Challenge::Http01, Challenge::Dns01, Challenge::TlsAlpn01];

    /// The word of the protocol.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Challenge::Http01 => "http-01",
            Challenge::Dns01 => "dns-01",
            Challenge::TlsAlpn01 => "tls-alpn-01",
        }
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Challenge {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Challenge::ALL
            .into_iter()
            .find(|challenge| challenge.word() == text);
        found.ok_or_else(|| {
            let words: Vec<&str> = Challenge::ALL.iter().map(|challenge| challenge.word()).collect();
            Error::invalid(format!("a challenge is one of {}", words.join(", ")))
        })
    }
}

/// What answers from this process: one of each for all orders.
pub struct Responders {
    /// Plain HTTP.
    pub http: http::Responder,
    /// TLS.
    pub tls: tls::Responder,
}

impl Responders {
    /// Nothing listens yet.
    #[must_use]
    pub fn new(config: &config::Certificate) -> Self {
        Responders {
            http: http::Responder::new(config.http_listen),
            tls: tls::Responder::new(config.tls_listen),
        }
    }
}
