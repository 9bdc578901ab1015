//! Proof by HTTP: a page on the host itself. What a stranger names leads nowhere inside: every address is looked at before it
//! is connected to, it and no other is connected to, and a redirect stays on the host.

use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Response, Url};
use rustls::ClientConfig;

use super::finding::{Evidence, Finding, State};
use super::words::sentence;
use crate::env::deadline::Deadline;
use crate::env::http;
use crate::error::Result;
use crate::lookup::Look;
use crate::model::escape::excerpt;

/// A page is larger by a final line break at most; whoever sends more is not read.
const LONGEST: usize = 1024;
/// How often a page may have moved.
const MOVES: usize = 5;
/// How long one page may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// More are not asked.
const MOST_ADDRESSES: usize = 8;

/// The page that has to be there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    pub host: &'a str,
    pub url: &'a str,
    pub token: &'a str,
}

/// What one address let see.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sight {
    Token,
    /// It answers, and with something else.
    Else(String),
    /// It leads where nobody may be led.
    Refused(String),
    Silent,
}

impl Sight {
    fn words(&self) -> String {
        match self {
            Sight::Token => "token seen".to_owned(),
            Sight::Else(what) | Sight::Refused(what) => what.clone(),
            Sight::Silent => "no answer".to_owned(),
        }
    }
}

/// Asks every address of the host.
///
/// # Errors
/// Those of the resolver.
pub(super) async fn check(
    look: &Look,
    tls: &ClientConfig,
    page: Page<'_>,
    deadline: Deadline,
) -> Result<Finding> {
    let mut addresses = look.resolver().addresses(page.host, deadline).await?;
    addresses.truncate(MOST_ADDRESSES);
    if addresses.is_empty() {
        return Ok(refused(State::Absent, page.host, "has no address"));
    }
    // One private address among public ones is no accident: none of them is asked.
    if let Some(private) = addresses.iter().find(|address| !look.reach().may(**address)) {
        let said = format!("has the private address {private}, which is not asked");
        return Ok(refused(State::Refused, page.host, &said));
    }
    let ask = async |address: IpAddr| {
        (
            address,
            fetch(tls, page, address, deadline.within(PATIENCE)).await,
        )
    };
    let sights = join_all(addresses.into_iter().map(ask)).await;
    Ok(judged(&sights))
}

/// Nobody was connected to.
fn refused(state: State, host: &str, said: &str) -> Finding {
    Finding {
        state,
        found: format!("{host} {said}"),
        retry_seconds: None,
        evidence: vec![Evidence {
            server: host.to_owned(),
            address: None,
            said: said.to_owned(),
        }],
    }
}

fn judged(sights: &[(IpAddr, Sight)]) -> Finding {
    let any = |which: fn(&Sight) -> bool| sights.iter().any(|(_, sight)| which(sight));
    let has_token = any(|sight| *sight == Sight::Token);
    let state = if any(|sight| matches!(sight, Sight::Refused(_))) {
        State::Refused
    } else if any(|sight| matches!(sight, Sight::Else(_))) {
        if has_token { State::Partial } else { State::Absent }
    } else if has_token {
        State::Verified
    } else {
        State::Unanswered
    };
    let pairs: Vec<(String, String)> = sights
        .iter()
        .map(|(address, sight)| (sight.words(), address.to_string()))
        .collect();
    let evidence = pairs.iter().map(|(said, address)| Evidence {
        server: address.clone(),
        address: Some(address.clone()),
        said: said.clone(),
    });
    Finding {
        state,
        found: sentence(&pairs),
        retry_seconds: None,
        evidence: evidence.collect(),
    }
}

async fn fetch(tls: &ClientConfig, page: Page<'_>, address: IpAddr, deadline: Deadline) -> Sight {
    let asked = async { Ok(follow(tls, page, address, deadline).await) };
    match deadline.run(page.host, asked).await {
        Ok(Some(sight)) => sight,
        Ok(None) | Err(_) => Sight::Silent,
    }
}

/// Nothing where the connection fails.
async fn follow(tls: &ClientConfig, page: Page<'_>, address: IpAddr, deadline: Deadline) -> Option<Sight> {
    // The certificate says nothing that plain HTTP would have said: it is the owner of the name who is to be found out.
    let client = http::client_at(tls.clone(), deadline.remaining(), page.host, address).ok()?;
    let first = Url::parse(page.url).ok()?;
    let mut url = first.clone();
    for _ in 0..=MOVES {
        let response = client.get(url.clone()).send().await.ok()?;
        let status = response.status();
        if status.is_redirection() {
            url = match moved(&first, &url, &response) {
                Ok(url) => url,
                Err(sight) => return Some(sight),
            };
        } else if status.as_u16() == 200 {
            return Some(read(response, page.token).await);
        } else {
            return Some(Sight::Else(format!("status {}", status.as_u16())));
        }
    }
    Some(Sight::Refused(format!("more than {MOVES} redirects")))
}

fn moved(first: &Url, url: &Url, response: &Response) -> Result<Url, Sight> {
    let location = response.headers().get(reqwest::header::LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    let target = location.and_then(|location| url.join(location).ok());
    let Some(target) = target else {
        return Err(Sight::Else("a redirect to nowhere".to_owned()));
    };
    if may_follow(first, &target) {
        Ok(target)
    } else {
        let place = target.host_str().unwrap_or_default();
        let port = target.port().map(|port| format!(":{port}")).unwrap_or_default();
        Err(Sight::Refused(format!("a redirect to {}{port}", excerpt(place))))
    }
}

/// The same host, on the ports of the web.
fn may_follow(first: &Url, target: &Url) -> bool {
    let port = target.port_or_known_default();
    matches!(target.scheme(), "http" | "https")
        && target.host_str() == first.host_str()
        && target.username().is_empty()
        && target.password().is_none()
        && (port == first.port_or_known_default() || port == Some(443))
}

async fn read(mut response: Response, token: &str) -> Sight {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return Sight::Else("a page too long for a token".to_owned());
        }
    }
    if body.trim_ascii() == token.as_bytes() {
        Sight::Token
    } else {
        Sight::Else("another text".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    #[test]
    fn a_redirect_stays_on_the_host() {
        let first = url("http://example.test/.well-known/hostctl-challenge/x");
        for same in [
            "http://example.test/elsewhere",
            "https://example.test/",
            "http://EXAMPLE.test:80/",
            "https://example.test:443/a",
        ] {
            assert!(may_follow(&first, &url(same)), "{same}");
        }
        for other in [
            "http://www.example.test/",
            "http://example.test.example.net/",
            "http://169.254.169.254/",
            "http://[::1]/",
            "http://example.test:22/",
            "http://user@example.test/",
            "ftp://example.test/",
            "file:///etc/passwd",
        ] {
            assert!(!may_follow(&first, &url(other)), "{other}");
        }
    }

    #[test]
    fn every_address_that_answers_has_to_show_the_token() {
        let address = |last: u8| IpAddr::from([192, 0, 2, last]);
        let state = |sights: Vec<Sight>| {
            let sights: Vec<_> = (1..).map(address).zip(sights).collect();
            judged(&sights).state
        };
        let other = || Sight::Else("status 404".to_owned());
        assert_eq!(state(vec![Sight::Token, Sight::Silent]), State::Verified);
        assert_eq!(state(vec![Sight::Token, other()]), State::Partial);
        assert_eq!(state(vec![other()]), State::Absent);
        assert_eq!(state(vec![Sight::Silent]), State::Unanswered);
        assert_eq!(
            state(vec![Sight::Token, Sight::Refused("x".to_owned())]),
            State::Refused
        );
    }
}
