//! A name server before another that shows the proofs of an authority's names late, as a provider does that needs a minute to
//! publish: until then it answers like one that has never heard of them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hostctl::clock;
use tokio::net::UdpSocket;

/// Where proofs stand, as a question holds it: a length and a label.
const PROOF: &[u8] = b"\x0f_acme-challenge";
/// As long, and nowhere.
const NOTHING: &[u8] = b"\x0f_nothing-to-see";
/// Where the question of a message begins, and where the number of its answers stands.
const QUESTION: usize = 12;
const ANSWERS: std::ops::Range<usize> = 6..8;

/// A server that is up, by UDP alone.
pub struct Late {
    pub address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

/// When the server behind was first seen to answer a question.
type Known = Arc<Mutex<HashMap<Vec<u8>, Instant>>>;

impl Late {
    /// One that shows what `server` shows, and proofs `delay` after they were first asked for and there.
    pub async fn start(server: SocketAddr, delay: Duration) -> Late {
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port"));
        let address = socket.local_addr().expect("an address");
        let known = Known::default();
        let task = tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok((length, client)) = socket.recv_from(&mut buffer).await {
                let (socket, known, asked) =
                    (Arc::clone(&socket), Arc::clone(&known), buffer[..length].to_vec());
                tokio::spawn(async move {
                    if let Some(answer) = answer(server, asked, &known, delay).await {
                        socket.send_to(&answer, client).await.ok();
                    }
                });
            }
        });
        Late { address, task }
    }
}

impl Drop for Late {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(server: SocketAddr, mut asked: Vec<u8>, known: &Known, delay: Duration) -> Option<Vec<u8>> {
    let told = ask(server, &asked).await?;
    let is_proof = asked[QUESTION..].starts_with(PROOF);
    if !is_proof || told[ANSWERS] == [0, 0] {
        return Some(told);
    }
    let since = *known
        .lock()
        .expect("questions")
        .entry(asked[QUESTION..].to_vec())
        .or_insert_with(clock::instant);
    if since.elapsed() >= delay {
        return Some(told);
    }
    asked[QUESTION..][..NOTHING.len()].copy_from_slice(NOTHING);
    let mut nothing = ask(server, &asked).await?;
    nothing[QUESTION..][..PROOF.len()].copy_from_slice(PROOF);
    Some(nothing)
}

async fn ask(server: SocketAddr, question: &[u8]) -> Option<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0").await.ok()?;
    socket.connect(server).await.ok()?;
    socket.send(question).await.ok()?;
    let mut buffer = [0; 4096];
    let receive = tokio::time::timeout(Duration::from_secs(5), socket.recv(&mut buffer));
    let length = receive.await.ok()?.ok()?;
    (length > QUESTION).then(|| buffer[..length].to_vec())
}
