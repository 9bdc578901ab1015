//! Whether a name leads to us: something of our own is asked for through the name, as an authority would, by HTTP or by TLS.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::certificate::authorities::Authorities;
use crate::certificate::challenge::{PATH, PROTOCOL, asked_for, webroot};
use crate::clock;
use crate::config::value::Value;
use crate::env::deadline::{Deadline, awaited};
use crate::env::handshake::{self, Question};
use crate::env::starttls::Opening;
use crate::error::{Error, Kind, Result};
use crate::model::Identifier;

/// One look-up, and one question.
const LOOK: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(5);
/// How long other orders of this process may need a name before us.
const TURN: Duration = Duration::from_secs(120);
/// The longest answer that is read.
const ANSWER: usize = 8 * 1024;

/// What came of a question.
enum Said {
    /// Our own words.
    Ours,
    /// It leads on; an authority follows.
    Elsewhere,
    /// Something else.
    Other(String),
    /// Nobody.
    Nothing(String),
}

/// What is asked for.
enum Secret<'a> {
    /// A token, and the text behind it.
    Page(&'a str, &'a str),
    /// What stands in the certificate.
    Digest([u8; 32]),
}

/// Asks every name for a token by HTTP.
///
/// # Errors
/// `busy`, reason `pending`, saying which name does not lead to us, and why; those of listening or writing.
pub(super) async fn check(
    world: &Authorities,
    identifiers: &[Identifier],
    root: Option<&Path>,
) -> Result<()> {
    let (token, text) = webroot::secret()?;
    let secret = Secret::Page(&token, &text);
    let Some(root) = root else {
        let told = world.responders.http.tell(&token, &text).await?;
        let asked = all(world, identifiers, &secret).await;
        drop(told);
        return asked;
    };
    let shown = webroot::show(root, &token, &text)?;
    let asked = all(world, identifiers, &secret).await;
    drop(shown);
    asked
}

/// Asks every name for a certificate of ours by TLS (RFC 8737).
///
/// # Errors
/// As [`check`].
pub(super) async fn check_tls(world: &Authorities, identifiers: &[Identifier]) -> Result<()> {
    let digest = clock::random::<32>()?;
    let answers = identifiers
        .iter()
        .map(|identifier| (identifier.to_string(), digest))
        .collect();
    let told = world.responders.tls.tell(answers, Deadline::after(TURN)).await?;
    let asked = all(world, identifiers, &Secret::Digest(digest)).await;
    drop(told);
    asked
}

async fn all(world: &Authorities, identifiers: &[Identifier], secret: &Secret<'_>) -> Result<()> {
    let asked = identifiers
        .iter()
        .map(|identifier| one(world, identifier, secret));
    let wrong: Vec<String> = join_all(asked).await.into_iter().flatten().collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let message = format!("nothing was ordered: {}", wrong.join("; "));
    Err(Error::new(Kind::Busy, "pending", message)
        .hint("let the name lead to this host (A, AAAA), or use --challenge dns-01"))
}

/// What is wrong with one name.
async fn one(world: &Authorities, identifier: &Identifier, secret: &Secret<'_>) -> Option<String> {
    let addresses = match identifier {
        Identifier::Address(address) => Ok(vec![*address]),
        Identifier::Name(name) | Identifier::Wildcard(name) => {
            let resolver = world.providers.resolver();
            resolver.addresses(name.as_str(), Deadline::after(LOOK)).await
        }
    };
    let addresses = match addresses {
        Ok(addresses) if addresses.is_empty() => return Some(format!("{identifier} has no address")),
        Ok(addresses) => addresses,
        Err(error) => return Some(format!("{identifier} cannot be looked up ({})", error.message())),
    };
    let port = port(world, secret);
    let asked = addresses
        .iter()
        .map(|address| ask(SocketAddr::new(*address, port), identifier, secret));
    let asked = join_all(asked).await;
    let mut is_answered = false;
    let mut silent = Vec::new();
    for (address, said) in addresses.iter().zip(asked) {
        match said {
            Said::Ours | Said::Elsewhere => is_answered = true,
            Said::Other(what) => {
                return Some(format!("{identifier} leads to {address}, which answers {what}"));
            }
            Said::Nothing(why) => silent.push(format!("{address} does not answer on port {port} ({why})")),
        }
    }
    // An authority goes on to the next address where one is silent.
    (!is_answered).then(|| format!("{identifier}: {}", silent.join(", ")))
}

fn host(identifier: &Identifier) -> String {
    match identifier {
        Identifier::Name(name) | Identifier::Wildcard(name) => name.to_string(),
        Identifier::Address(IpAddr::V6(address)) => format!("[{address}]"),
        Identifier::Address(address) => address.to_string(),
    }
}

/// The port that authorities ask; another one in tests alone.
fn port(world: &Authorities, secret: &Secret<'_>) -> u16 {
    let (key, usual) = match secret {
        Secret::Page(..) => ("domain.http_port", 80),
        Secret::Digest(_) => ("domain.tls_port", 443),
    };
    match world.config.layers().get(key).map(|setting| &setting.value) {
        Some(Value::Integer(port)) => *port,
        _ => usual,
    }
}

async fn ask(address: SocketAddr, identifier: &Identifier, secret: &Secret<'_>) -> Said {
    match secret {
        Secret::Page(token, text) => {
            let host = host(identifier);
            let asked = tokio::time::timeout(PATIENCE, exchange(address, &host, token));
            match awaited(&format!("the web server of {host} at {address}"), asked).await {
                Err(_) => Said::Nothing("not in time".to_owned()),
                Ok(Err(error)) => Said::Nothing(error.to_string()),
                Ok(Ok(answer)) => judge(&answer, text),
            }
        }
        Secret::Digest(digest) => shown(address, identifier, digest).await,
    }
}

async fn shown(address: SocketAddr, identifier: &Identifier, digest: &[u8; 32]) -> Said {
    let (host, name) = (address.ip().to_string(), asked_for(&identifier.to_string()));
    let question = Question {
        host: &host,
        port: address.port(),
        name: &name,
        opening: Opening::Direct,
        protocols: &[PROTOCOL],
    };
    match handshake::served(&question, Deadline::after(PATIENCE)).await {
        Err(error) => Said::Nothing(error.message().to_owned()),
        Ok(shown) => match shown.first() {
            // Nobody else has seen these bytes: it is no matter where they stand.
            Some(leaf) if leaf.windows(digest.len()).any(|part| part == digest) => Said::Ours,
            _ => Said::Other("with another certificate".to_owned()),
        },
    }
}

async fn exchange(address: SocketAddr, host: &str, token: &str) -> std::io::Result<Vec<u8>> {
    let mut socket = TcpStream::connect(address).await?;
    let request = format!("GET {PATH}{token} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    let limit = u64::try_from(ANSWER).unwrap_or(u64::MAX);
    socket.take(limit).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn judge(answer: &[u8], text: &str) -> Said {
    let (head, body) = parts(answer);
    let head = String::from_utf8_lossy(head);
    let status = head.split(' ').nth(1).unwrap_or_default();
    let is_ours = || match is_chunked(&head) {
        true => is_text(&joined(body), text),
        false => is_text(body, text),
    };
    match status {
        "200" if is_ours() => Said::Ours,
        "200" => Said::Other("something else".to_owned()),
        "301" | "302" | "303" | "307" | "308" => Said::Elsewhere,
        status if status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()) => {
            Said::Other(format!("with status {status}"))
        }
        _ => Said::Other("no HTTP".to_owned()),
    }
}

/// What stands before the first empty line, and what stands after it.
fn parts(answer: &[u8]) -> (&[u8], &[u8]) {
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n");
    end.map_or((answer, &[]), |end| (&answer[..end], &answer[end + 4..]))
}

/// RFC 9112 §7.1.
fn is_chunked(head: &str) -> bool {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| {
            name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked")
        })
}

/// The chunks without what stands between them, as far as they came.
fn joined(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|part| part == b"\r\n") {
        let size = String::from_utf8_lossy(&body[..end]);
        let size = size.split(';').next().unwrap_or_default().trim();
        let from = &body[end + 2..];
        match usize::from_str_radix(size, 16) {
            Ok(size) if size > 0 && size <= from.len() => {
                whole.extend_from_slice(&from[..size]);
                body = from[size..].strip_prefix(b"\r\n").unwrap_or_default();
            }
            _ => break,
        }
    }
    whole
}

/// White space at the end does not matter (RFC 8555 §8.3).
fn is_text(body: &[u8], text: &str) -> bool {
    body.trim_ascii_end() == text.as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_words_are_ours() {
        let says = |answer: &str| match judge(answer.as_bytes(), "tok.hostctl") {
            Said::Ours => "ours".to_owned(),
            Said::Elsewhere => "elsewhere".to_owned(),
            Said::Other(what) => what,
            Said::Nothing(why) => why,
        };
        assert_eq!(says("HTTP/1.1 200 OK\r\n\r\ntok.hostctl"), "ours");
        assert_eq!(says("HTTP/1.1 200 OK\r\n\r\n<html>parked"), "something else");
        assert_eq!(says("HTTP/1.1 200 OK\r\n\r\n<html>tok.hostctl"), "something else");
        let chunked = |body: &str| {
            says(&format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}"
            ))
        };
        assert_eq!(chunked("b\r\ntok.hostctl\r\n0\r\n\r\n"), "ours");
        assert_eq!(chunked("4;x=y\r\ntok.\r\n8\r\nhostctl\n\r\n0\r\n\r\n"), "ours");
        for other in [
            "",
            "0\r\n\r\n",
            "ff\r\ntok.hostctl",
            "tok.hostctl",
            "3\r\ntok\r\nz\r\n.hostctl",
        ] {
            assert_eq!(chunked(other), "something else", "{other:?}");
        }
        assert_eq!(
            says("HTTP/1.1 301 Moved\r\nlocation: https://x/\r\n\r\n"),
            "elsewhere"
        );
        assert_eq!(says("HTTP/1.1 404 Not Found\r\n\r\n"), "with status 404");
        assert_eq!(says("SSH-2.0-x"), "no HTTP");
    }
}
