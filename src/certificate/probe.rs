//! Which certificate a port shows, asked by name.

use std::net::IpAddr;
use std::time::Duration;

use crate::certificate::x509::{Chain, Leaf};
use crate::env::deadline::Deadline;
use crate::env::handshake::{self, Question};
use crate::env::starttls::Opening;
use crate::error::{Error, Kind, Result};
use crate::model::escape::excerpt;

/// The port where none is given.
const HTTPS: u16 = 443;
/// How a port is named that speaks TLS only once it was asked to, and which one it is where none is given.
const OPENINGS: [(&str, Opening, u16); 2] = [
    ("starttls+smtp://", Opening::Smtp, 25),
    ("starttls+imap://", Opening::Imap, 143),
];
/// Between two looks at first; then twice as long each time, up to [`LONGEST_PAUSE`].
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// A port that speaks TLS, from the first byte or once it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What is said before TLS.
    pub opening: Opening,
}

impl Target {
    /// `HOST`, `HOST:PORT`, `[ADDRESS]:PORT` or an address; `starttls+smtp://` or `starttls+imap://` before it where the
    /// port has to be asked for TLS.
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || {
            let message = format!("{} is not in the form HOST:PORT", excerpt(text));
            Error::invalid(message)
                .hint("shop.example:443, 192.0.2.1:8443, [2001:db8::1]:443, starttls+smtp://mx.example:25")
        };
        let found = OPENINGS
            .into_iter()
            .find_map(|(scheme, opening, port)| Some((text.strip_prefix(scheme)?, opening, port)));
        let (place, opening, usual) = found.unwrap_or((text, Opening::Direct, HTTPS));
        let has_port = place.parse::<IpAddr>().is_err() && !place.ends_with(']');
        let (host, port) = match place.rsplit_once(':').filter(|_| has_port) {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_host = match bare {
            Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
            None => host.parse::<IpAddr>().is_ok() || is_name(host),
        };
        let port = port.map_or(Ok(usual), str::parse).map_err(|_| bad())?;
        if !is_host || port == 0 {
            return Err(bad());
        }
        Ok(Target {
            host: bare.unwrap_or(host).to_owned(),
            port,
            opening,
        })
    }
}

impl Target {
    /// The question after `name`.
    #[must_use]
    pub fn question<'a>(&'a self, name: &'a str) -> Question<'a> {
        Question {
            host: &self.host,
            port: self.port,
            name,
            opening: self.opening,
            protocols: &[],
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = OPENINGS.iter().find(|(_, opening, _)| *opening == self.opening);
        f.write_str(scheme.map_or("", |(scheme, _, _)| scheme))?;
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

fn is_name(host: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    (1..=253).contains(&host.len()) && host.bytes().all(is_plain)
}

/// The name by which a server is asked for a certificate: its first one; for a wildcard some name below it.
#[must_use]
pub fn name_for(identifiers: &[String]) -> String {
    let plain = identifiers.iter().find(|name| !name.starts_with("*."));
    match (plain, identifiers.first()) {
        (Some(name), _) => name.clone(),
        (None, Some(wildcard)) => wildcard.replacen('*', "hostctl-probe", 1),
        (None, None) => String::new(),
    }
}

/// What stands in the leaf that the port shows for `name`.
///
/// # Errors
/// `unavailable` where nobody answers; `usage` where what is shown cannot be read.
pub async fn shown(target: &Target, name: &str, deadline: Deadline) -> Result<Leaf> {
    let certificates = handshake::served(&target.question(name), deadline).await?;
    Ok(Chain::from_der(&certificates[..certificates.len().min(1)])?
        .leaf()
        .clone())
}

/// Waits until the port shows the certificate with this fingerprint: a reload takes a moment, in which the old one is
/// shown still.
///
/// # Errors
/// `unavailable`: `probe` with what is shown instead, `timeout`, or that nobody answers.
pub async fn await_fingerprint(
    target: &Target,
    name: &str,
    fingerprint: &str,
    patience: Duration,
) -> Result<()> {
    let deadline = Deadline::after(patience);
    let mut pause = PAUSE;
    loop {
        let found = shown(target, name, deadline).await;
        if found.as_ref().is_ok_and(|leaf| leaf.fingerprint == fingerprint) {
            return Ok(());
        }
        if deadline.remaining() <= pause {
            return Err(match found {
                Ok(leaf) => Error::new(
                    Kind::Unavailable,
                    "probe",
                    format!(
                        "{target} shows serial {} for {name}, until {}, not the one that was installed",
                        leaf.serial, leaf.not_after
                    ),
                ),
                Err(error) => error,
            });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE).min(deadline.remaining());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_named_in_every_usual_way() {
        for (text, host, port) in [
            ("shop.example", "shop.example", 443),
            ("shop.example:8443", "shop.example", 8443),
            ("192.0.2.1", "192.0.2.1", 443),
            ("192.0.2.1:25", "192.0.2.1", 25),
            ("2001:db8::1", "2001:db8::1", 443),
            ("[2001:db8::1]:8443", "2001:db8::1", 8443),
            ("[2001:db8::1]", "2001:db8::1", 443),
        ] {
            let target = Target::parse(text).expect(text);
            assert_eq!((target.host.as_str(), target.port), (host, port), "{text}");
        }
        for text in [
            "",
            ":443",
            "a b",
            "shop.example:0",
            "shop.example:x",
            "shop.example:70000",
            "[x]:1",
            "a/b:1",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_mail_server_is_named_with_what_it_speaks() {
        for (text, opening, port, shown) in [
            (
                "starttls+smtp://mx.example",
                Opening::Smtp,
                25,
                "starttls+smtp://mx.example:25",
            ),
            (
                "starttls+smtp://[2001:db8::1]:587",
                Opening::Smtp,
                587,
                "starttls+smtp://[2001:db8::1]:587",
            ),
            (
                "starttls+imap://mx.example",
                Opening::Imap,
                143,
                "starttls+imap://mx.example:143",
            ),
        ] {
            let target = Target::parse(text).expect(text);
            assert_eq!(
                (target.opening, target.port, target.to_string().as_str()),
                (opening, port, shown)
            );
            assert_eq!(Target::parse(shown).expect(shown), target);
        }
        for text in [
            "starttls+pop3://mx.example",
            "https://mx.example",
            "starttls+smtp://",
            "smtp://mx:25",
        ] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_server_is_asked_by_a_name_that_the_certificate_holds() {
        let name =
            |names: &[&str]| name_for(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(name(&["*.shop.example", "shop.example"]), "shop.example");
        assert_eq!(name(&["*.shop.example"]), "hostctl-probe.shop.example");
        assert_eq!(name(&["192.0.2.1"]), "192.0.2.1");
    }
}
