//! One exchange with one server: a question, a socket of its own with a port of its own, and the answer that belongs to it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hickory_resolver::proto::op::{Edns, Message, MessageType, Query};
use hickory_resolver::proto::rr::{Name, RecordType as WireType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};

use super::ask::Recursion;

/// What passes everywhere without fragments (DNS flag day 2020).
const PAYLOAD: u16 = 1232;

/// A question. With `wants_signatures` the answer may be larger, and brings the signatures along (RFC 3225).
pub(super) fn question(name: Name, rtype: WireType, recursion: Recursion, wants_signatures: bool) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = recursion == Recursion::On;
    message.add_query(Query::query(name, rtype));
    if wants_signatures {
        let mut edns = Edns::new();
        edns.set_max_payload(PAYLOAD).set_version(0).set_dnssec_ok(true);
        message.set_edns(edns);
    }
    message
}

/// Over UDP; waits for ever, and lets pass what belongs to another question.
pub(super) async fn udp(server: SocketAddr, question: &Message) -> io::Result<Message> {
    let any = match server {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // From here on the kernel drops what others send, and tells when nobody listens there.
    socket.connect(server).await?;
    socket.send(&encoded(question)?).await?;
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        if let Some(answer) = Message::from_vec(&buffer[..length])
            .ok()
            .filter(|answer| belongs(answer, question))
        {
            return Ok(answer);
        }
    }
}

/// Over TCP, where an answer may be as large as it is (RFC 7766); waits for ever.
pub(super) async fn tcp(server: SocketAddr, question: &Message) -> io::Result<Message> {
    let bytes = encoded(question)?;
    let length = u16::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut stream = TcpStream::connect(server).await?;
    stream
        .write_all(&[&length.to_be_bytes()[..], &bytes].concat())
        .await?;
    let length = stream.read_u16().await?;
    let mut buffer = vec![0; usize::from(length)];
    stream.read_exact(&mut buffer).await?;
    let answer = Message::from_vec(&buffer).map_err(io::Error::other)?;
    if belongs(&answer, question) {
        Ok(answer)
    } else {
        Err(io::Error::other("the answer belongs to another question"))
    }
}

fn encoded(question: &Message) -> io::Result<Vec<u8>> {
    question.to_vec().map_err(io::Error::other)
}

/// RFC 5452 §3. A server that does not understand the question need not repeat it.
fn belongs(answer: &Message, question: &Message) -> bool {
    answer.metadata.id == question.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && (answer.queries.is_empty() && answer.answers.is_empty() || answer.queries == question.queries)
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::op::OpCode;

    use super::*;

    #[test]
    fn an_answer_to_another_question_is_none() {
        let name = |text: &str| Name::from_ascii(text).expect(text);
        let asked = question(name("example.test."), WireType::TXT, Recursion::Off, true);
        let answer = |id: u16, text: &str| {
            let mut answer = Message::response(id, OpCode::Query);
            answer.add_query(Query::query(name(text), WireType::TXT));
            answer
        };
        let id = asked.metadata.id;
        assert!(belongs(&answer(id, "EXAMPLE.test."), &asked));
        assert!(!belongs(&answer(id.wrapping_add(1), "example.test."), &asked));
        assert!(!belongs(&answer(id, "example.net."), &asked));
        assert!(belongs(&Message::response(id, OpCode::Query), &asked));
        assert!(!belongs(&asked, &asked), "a question is no answer");
    }
}
