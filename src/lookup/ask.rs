//! One question to one server: UDP, then TCP where the answer did not fit.

use std::io;
use std::net::SocketAddr;

use hickory_resolver::proto::rr::{Name, RecordType as WireType};

use super::answer::Answer;
use super::wire;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::RecordType;
use crate::model::escape::excerpt;

/// Whether the server may ask others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recursion {
    /// Only what it knows itself: for the servers of a zone.
    Off,
    /// For resolvers.
    On,
}

/// Asks `server` once. `name` is absolute, with or without its final dot; no search list is applied. A refusal by the
/// server (NXDOMAIN, SERVFAIL, …) is an answer.
///
/// # Errors
/// `usage` for what is no name; `unavailable`, with reason `timeout` where nothing came in time.
pub async fn query(
    server: SocketAddr,
    name: &str,
    rtype: RecordType,
    recursion: Recursion,
    deadline: Deadline,
) -> Result<Answer> {
    let what = format!("DNS server {server}");
    let question = wire::question(absolute(name)?, WireType::from(rtype.number()), recursion, false);
    deadline
        .run(&what, async {
            let response = match wire::udp(server, &question).await {
                Ok(response) if response.metadata.truncation => wire::tcp(server, &question).await,
                other => other,
            };
            let response = response.map_err(|error| failed(&what, &error))?;
            Ok(Answer::new(server, &response))
        })
        .await
}

/// A name from text, absolute.
pub(super) fn absolute(name: &str) -> Result<Name> {
    let dotted = if name.ends_with('.') {
        name.to_owned()
    } else {
        format!("{name}.")
    };
    Name::from_ascii(&dotted).map_err(|error| {
        let message = format!(
            "name \"{}\": no name of DNS (labels of 1 to 63 bytes, 255 in all)",
            excerpt(name)
        );
        Error::invalid(message).source(error)
    })
}

fn failed(what: &str, error: &io::Error) -> Error {
    Error::new(Kind::Unavailable, "unavailable", format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_silent_server_is_a_timeout() {
        let silent = std::net::UdpSocket::bind("127.0.0.1:0").expect("bound");
        let server = silent.local_addr().expect("address");
        let deadline = Deadline::after(Duration::from_millis(100));
        let answer = query(server, "example.test", RecordType::A, Recursion::Off, deadline).await;
        let error = answer.expect_err("silent");
        assert_eq!((error.kind(), error.reason()), (Kind::Unavailable, "timeout"));
    }

    #[tokio::test]
    async fn no_server_is_unavailable() {
        let closed = std::net::UdpSocket::bind("127.0.0.1:0")
            .expect("bound")
            .local_addr()
            .expect("address");
        let deadline = Deadline::after(Duration::from_millis(200));
        let answer = query(closed, "example.test", RecordType::A, Recursion::Off, deadline).await;
        assert_eq!(answer.expect_err("closed").kind(), Kind::Unavailable);
    }

    #[test]
    fn names_are_absolute_and_wildcards_are_names() {
        for name in [
            "example.test",
            "example.test.",
            "*.example.test",
            "_dmarc.example.test",
        ] {
            assert!(absolute(name).expect(name).is_fqdn());
        }
        assert_eq!(absolute("a..b").expect_err("empty label").kind(), Kind::Usage);
    }
}
