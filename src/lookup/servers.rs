//! Asking thousands of questions at once without harm: so many at a time to one server, so many sockets in all, and a
//! server that does not answer is soon left alone. Whoever waits for a slow server holds nothing that others need.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use tokio::sync::Semaphore;

use super::wire;

/// How many questions one server has to answer at a time.
const AT_ONE: usize = 32;
/// How many sockets are open at a time, whatever is asked.
const SOCKETS: usize = 400;
/// Of these so many at most are for zones of which no server has said a word: however many there are, others find a socket.
const SHARE: usize = SOCKETS / 2;
/// How long one packet may take there and back.
const UDP: Duration = Duration::from_millis(1500);
/// How long a connection may take, from its first packet to the whole answer.
const TCP: Duration = Duration::from_millis(2500);
/// After so many silences in a row a server is not asked again.
const PATIENCE: u32 = 4;

/// The servers that were met, and how they behaved.
#[derive(Debug)]
pub struct Servers {
    sockets: Semaphore,
    share: Semaphore,
    each: Mutex<HashMap<SocketAddr, Arc<Server>>>,
    questions: AtomicU64,
}

#[derive(Debug)]
struct Server {
    slots: Semaphore,
    /// It answered over TCP what it did not answer over UDP.
    needs_tcp: AtomicBool,
    answers: AtomicBool,
    silences: AtomicU32,
}

/// How much is done to get an answer.
#[derive(Clone, Copy)]
enum Effort {
    Whole,
    Glance,
}

/// Why a server said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nothing came in time, over UDP or TCP.
    NoAnswer,
    /// Nobody listens there.
    Refused,
    /// There is no way there from here, as where a host has no IPv6.
    Unreachable,
    /// What came back is no DNS.
    Nonsense,
}

impl Silence {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Silence::NoAnswer => "no answer over UDP or TCP",
            Silence::Refused => "nobody listens there",
            Silence::Unreachable => "not reachable from here",
            Silence::Nonsense => "no DNS",
        }
    }

    fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => Silence::Refused,
            io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::PermissionDenied => Silence::Unreachable,
            io::ErrorKind::TimedOut => Silence::NoAnswer,
            _ => Silence::Nonsense,
        }
    }
}

impl Default for Servers {
    fn default() -> Self {
        Servers {
            sockets: Semaphore::new(SOCKETS),
            share: Semaphore::new(SHARE),
            each: Mutex::default(),
            questions: AtomicU64::new(0),
        }
    }
}

impl Servers {
    /// How many questions were sent, repetitions not counted.
    #[must_use]
    pub fn questions(&self) -> u64 {
        self.questions.load(Ordering::Relaxed)
    }

    /// Whether what it was asked last was answered.
    pub(super) fn answers(&self, address: SocketAddr) -> bool {
        self.server(address).answers.load(Ordering::Relaxed)
    }

    /// Asks once, over UDP, and over TCP where the answer did not fit or did not come.
    pub(super) async fn ask(&self, address: SocketAddr, question: &Message) -> Result<Message, Silence> {
        self.ask_so(address, question, Effort::Whole).await
    }

    /// Asks a server of which little is to be hoped, by one packet, when it is its turn among those.
    pub(super) async fn glance(&self, address: SocketAddr, question: &Message) -> Result<Message, Silence> {
        let _share = self.share.acquire().await.map_err(|_| Silence::NoAnswer)?;
        self.ask_so(address, question, Effort::Glance).await
    }

    async fn ask_so(
        &self,
        address: SocketAddr,
        question: &Message,
        effort: Effort,
    ) -> Result<Message, Silence> {
        let server = self.server(address);
        let _slot = server.slots.acquire().await.map_err(|_| Silence::NoAnswer)?;
        if server.silences.load(Ordering::Relaxed) >= PATIENCE {
            return Err(Silence::NoAnswer);
        }
        let _socket = self.sockets.acquire().await.map_err(|_| Silence::NoAnswer)?;
        self.questions.fetch_add(1, Ordering::Relaxed);
        // Boxed, so that the thousands that wait above are small.
        let answer = match effort {
            Effort::Whole => Box::pin(server.exchange(address, question)).await,
            Effort::Glance => Box::pin(one_packet(address, question)).await,
        };
        server.answers.store(answer.is_ok(), Ordering::Relaxed);
        match &answer {
            Ok(_) => server.silences.store(0, Ordering::Relaxed),
            Err(_) => {
                server.silences.fetch_add(1, Ordering::Relaxed);
            }
        }
        answer
    }

    fn server(&self, address: SocketAddr) -> Arc<Server> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(each.entry(address).or_insert_with(|| {
            Arc::new(Server {
                slots: Semaphore::new(AT_ONE),
                needs_tcp: AtomicBool::new(false),
                answers: AtomicBool::new(false),
                silences: AtomicU32::new(0),
            })
        }))
    }
}

impl Server {
    async fn exchange(&self, address: SocketAddr, question: &Message) -> Result<Message, Silence> {
        let answer = self.either_way(address, question).await?;
        let is_lost = matches!(
            answer.metadata.response_code,
            ResponseCode::FormErr | ResponseCode::NotImp
        );
        if is_lost && question.edns.is_some() {
            // Older than EDNS (RFC 6891 §7).
            let mut plain = question.clone();
            plain.edns = None;
            return self.either_way(address, &plain).await;
        }
        Ok(answer)
    }

    async fn either_way(&self, address: SocketAddr, question: &Message) -> Result<Message, Silence> {
        if self.needs_tcp.load(Ordering::Relaxed) {
            return timed(TCP, wire::tcp(address, question)).await;
        }
        let over_udp = match timed(UDP, wire::udp(address, question)).await {
            Ok(answer) if answer.metadata.truncation => {
                return timed(TCP, wire::tcp(address, question)).await;
            }
            Ok(answer) => return Ok(answer),
            Err(silence) => silence,
        };
        if over_udp == Silence::Unreachable {
            return Err(over_udp);
        }
        match timed(TCP, wire::tcp(address, question)).await {
            Ok(answer) => {
                self.needs_tcp.store(true, Ordering::Relaxed);
                Ok(answer)
            }
            // A packet may be lost once.
            Err(_) if over_udp == Silence::NoAnswer => timed(UDP, wire::udp(address, question)).await,
            Err(silence) => Err(silence),
        }
    }
}

async fn one_packet(address: SocketAddr, question: &Message) -> Result<Message, Silence> {
    match timed(UDP, wire::udp(address, question)).await {
        Ok(answer) if answer.metadata.truncation => timed(TCP, wire::tcp(address, question)).await,
        answer => answer,
    }
}

async fn timed(
    length: Duration,
    exchange: impl Future<Output = io::Result<Message>>,
) -> Result<Message, Silence> {
    match tokio::time::timeout(length, exchange).await {
        Ok(answer) => answer.map_err(|error| Silence::of(&error)),
        Err(_) => Err(Silence::NoAnswer),
    }
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::rr::{Name, RecordType};
    use tokio::net::UdpSocket;

    use super::*;
    use crate::lookup::ask::Recursion;

    fn question() -> Message {
        let name = Name::from_ascii("example.test.").expect("a name");
        wire::question(name, RecordType::TXT, Recursion::Off, true)
    }

    /// Answers every question with nothing.
    async fn quick() -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
        let address = socket.local_addr().expect("an address");
        tokio::spawn(async move {
            let mut buffer = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
                let mut answer = Message::from_vec(&buffer[..length])
                    .expect("a question")
                    .into_response();
                answer.edns = None;
                socket.send_to(&answer.to_vec().expect("bytes"), from).await.ok();
            }
        });
        address
    }

    #[tokio::test]
    async fn who_waits_for_a_slow_server_stands_in_nobody_s_way() {
        // It takes every question and answers none.
        let slow = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
        let (slow_at, quick_at) = (slow.local_addr().expect("an address"), quick().await);
        let servers = Arc::new(Servers::default());
        // More than there are sockets, all before the first question to the other server.
        let waiting: Vec<_> = (0..SOCKETS * 2)
            .map(|_| {
                let servers = Arc::clone(&servers);
                tokio::spawn(async move { servers.ask(slow_at, &question()).await })
            })
            .collect();
        for _ in 0..500 {
            servers.ask(quick_at, &question()).await.expect("an answer");
        }
        assert!(waiting.iter().all(|asked| !asked.is_finished()), "all still wait");
        assert_eq!(
            servers.questions(),
            500 + AT_ONE as u64,
            "so many at a time, and no more"
        );
        drop(slow);
        for asked in waiting {
            assert!(asked.await.expect("ended").is_err());
        }
        assert!(
            servers.questions() < 500 + 3 * AT_ONE as u64,
            "a dead server is left alone"
        );
    }

    #[tokio::test]
    async fn a_server_of_tcp_alone_is_asked_over_tcp() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            while let Ok((mut stream, _)) = listener.accept().await {
                let length = stream.read_u16().await.expect("a length");
                let mut buffer = vec![0; usize::from(length)];
                stream.read_exact(&mut buffer).await.expect("a question");
                let answer = Message::from_vec(&buffer).expect("a question").into_response();
                let bytes = answer.to_vec().expect("bytes");
                let length = u16::try_from(bytes.len()).expect("short");
                stream.write_all(&length.to_be_bytes()).await.expect("written");
                stream.write_all(&bytes).await.expect("written");
            }
        });
        let servers = Servers::default();
        for _ in 0..2 {
            servers.ask(address, &question()).await.expect("an answer");
        }
        assert!(servers.server(address).needs_tcp.load(Ordering::Relaxed));
    }
}
