//! One question to one server: UDP, then TCP where the answer did not fit.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt as _;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::tcp::TcpClientStream;
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::{DnsHandle, NetError};
use hickory_resolver::proto::op::{DnsRequestOptions, DnsResponse, Query};
use hickory_resolver::proto::rr::{Name, RecordType as WireType};

use super::answer::Answer;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::RecordType;
use crate::model::escape::excerpt;

/// Above every deadline of ours: the library's own time-outs never strike first, so that one place words the error.
const NEVER: Duration = Duration::from_secs(600);

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
    let question = Query::query(absolute(name)?, WireType::from(rtype.number()));
    let mut options = DnsRequestOptions::default();
    options.recursion_desired = recursion == Recursion::On;
    deadline
        .run(&what, async {
            let response = over_udp(server, question.clone(), options).await;
            let response = match response {
                Ok(response) if response.metadata.truncation => over_tcp(server, question, options).await,
                other => other,
            };
            let response = response.map_err(|error| failed(&what, &error))?;
            Ok(Answer::new(server, &response))
        })
        .await
}

async fn over_udp(
    server: SocketAddr,
    question: Query,
    options: DnsRequestOptions,
) -> Result<DnsResponse, NetError> {
    let exchange = UdpClientStream::builder(server, TokioRuntimeProvider::new())
        .with_timeout(Some(NEVER))
        // One attempt: whoever asks decides about a second.
        .with_max_retries(0)
        .exchange();
    first(exchange.lookup(question, options)).await
}

async fn over_tcp(
    server: SocketAddr,
    question: Query,
    options: DnsRequestOptions,
) -> Result<DnsResponse, NetError> {
    // Its last clone takes the task behind the connection along when it goes: this one stays until the answer is here.
    let provider = TokioRuntimeProvider::new();
    let exchange = TcpClientStream::exchange(server, None, NEVER, None, provider.clone()).await?;
    first(exchange.lookup(question, options)).await
}

async fn first(
    mut responses: impl futures_util::Stream<Item = Result<DnsResponse, NetError>> + Unpin,
) -> Result<DnsResponse, NetError> {
    responses.next().await.unwrap_or(Err(NetError::NoConnections))
}

fn absolute(name: &str) -> Result<Name> {
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

fn failed(what: &str, error: &NetError) -> Error {
    Error::new(Kind::Unavailable, "unavailable", format!("{what}: {error}"))
}

#[cfg(test)]
mod tests {
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
