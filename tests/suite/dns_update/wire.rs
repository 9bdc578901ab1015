//! A wire between the program and a name server that knows an update from a question, and meets one update, or all
//! questions, with mischief.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the first update, or to what is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    /// It arrives, and its answer does not.
    LoseAnswer,
    /// It does not arrive.
    LoseRequest,
    /// The update of this number, from 0, does not arrive.
    LoseRequestOf(u32),
    /// Whoever stands in between answers each question about a name with this label: NOTAUTH or REFUSED, not signed.
    Deny(&'static str),
    /// It waits until the test says so.
    Hold,
    /// The connection breaks off at once; the message arrives when the test says so.
    Delay,
}

/// A wire.
pub struct Wire {
    pub address: SocketAddr,
    /// How many updates came.
    pub updates: Arc<AtomicU32>,
    /// How many whole zones were asked for.
    pub transfers: Arc<AtomicU32>,
    /// How many delayed ones were answered in the end.
    pub delayed: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Wire {
    /// A wire to `server`. What is held goes on when `go` says so.
    pub async fn start(server: SocketAddr, mischief: Mischief, go: Arc<tokio::sync::Notify>) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let updates = Arc::new(AtomicU32::new(0));
        let transfers = Arc::default();
        let delayed = Arc::default();
        let counters = Counters {
            updates: Arc::clone(&updates),
            transfers: Arc::clone(&transfers),
            delayed: Arc::clone(&delayed),
        };
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, mischief, counters.clone(), Arc::clone(&go)));
            }
        });
        Wire {
            address,
            updates,
            transfers,
            delayed,
            task,
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Counters {
    updates: Arc<AtomicU32>,
    transfers: Arc<AtomicU32>,
    delayed: Arc<AtomicU32>,
}

async fn pass(
    mut client: TcpStream,
    server: SocketAddr,
    mischief: Mischief,
    counters: Counters,
    go: Arc<tokio::sync::Notify>,
) -> Option<()> {
    let mut server = TcpStream::connect(server).await.ok()?;
    while let Some(request) = frame(&mut client).await {
        // The operation code is in the third byte of the header (RFC 1035 §4.1.1), behind two of length; 5 is UPDATE.
        let is_update = request.get(4)? >> 3 & 15 == 5;
        let number = match mischief {
            Mischief::LoseRequestOf(number) => number,
            _ => 0,
        };
        if is_transfer(&request) {
            counters.transfers.fetch_add(1, Ordering::SeqCst);
        }
        let is_meant = is_update && counters.updates.fetch_add(1, Ordering::SeqCst) == number;
        match mischief {
            Mischief::LoseRequest | Mischief::LoseRequestOf(_) if is_meant => return None,
            Mischief::Deny(label) if !is_update && is_about(&request, label) => {
                client.write_all(&denied(&request)?).await.ok()?;
                continue;
            }
            Mischief::Hold if is_meant => go.notified().await,
            Mischief::Delay if is_meant => {
                drop(client);
                go.notified().await;
                server.write_all(&request).await.ok()?;
                frame(&mut server).await?;
                counters.delayed.fetch_add(1, Ordering::SeqCst);
                return None;
            }
            _ => {}
        }
        server.write_all(&request).await.ok()?;
        let answer = frame(&mut server).await?;
        if is_meant && mischief == Mischief::LoseAnswer {
            return None;
        }
        client.write_all(&answer).await.ok()?;
        // The rest of a transfer.
        let (mut buffer, mut next) = (vec![0; 65_536], [0]);
        loop {
            tokio::select! {
                read = server.read(&mut buffer) => match read {
                    Ok(length) if length > 0 => client.write_all(&buffer[..length]).await.ok()?,
                    _ => return None,
                },
                // Readiness alone may be that of what was read already.
                next = client.peek(&mut next) => {
                    next.ok()?;
                    break;
                }
            }
        }
    }
    Some(())
}

/// Whether the question is about a name with this label, which no key has.
fn is_about(request: &[u8], label: &str) -> bool {
    let length = u8::try_from(label.len()).expect("a label");
    let wire = [&[length], label.as_bytes()].concat();
    request.windows(wire.len()).any(|window| window == wire)
}

/// Length and header of a message.
const HEADER: usize = 14;

/// Where the name of the question ends.
fn end_of_name(request: &[u8]) -> Option<usize> {
    let mut end = HEADER;
    while *request.get(end)? > 0 {
        end += usize::from(request[end]) + 1;
    }
    Some(end)
}

/// Whether a whole zone is asked for (AXFR).
fn is_transfer(request: &[u8]) -> bool {
    let rtype = end_of_name(request).and_then(|end| request.get(end + 1..end + 3));
    rtype == Some(&[0, 252])
}

/// The question alone with a code: NOTAUTH to a transfer, REFUSED to all else.
fn denied(request: &[u8]) -> Option<Vec<u8>> {
    let end = end_of_name(request)?;
    let mut answer = request.get(..end + 5)?.to_vec();
    let length = u16::try_from(answer.len() - 2).ok()?;
    answer[..2].copy_from_slice(&length.to_be_bytes());
    answer[4] = 0x80;
    answer[5] = if is_transfer(request) { 9 } else { 5 };
    answer[6..HEADER].copy_from_slice(&[0, 1, 0, 0, 0, 0, 0, 0]);
    Some(answer)
}

async fn frame(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let length = stream.read_u16().await.ok()?;
    let mut bytes = vec![0; usize::from(length) + 2];
    bytes[..2].copy_from_slice(&length.to_be_bytes());
    stream.read_exact(&mut bytes[2..]).await.ok()?;
    Some(bytes)
}
