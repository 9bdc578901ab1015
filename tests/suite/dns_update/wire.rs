//! A wire between the program and a name server that knows an update from a question, and meets the first update with
//! mischief.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the first update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    /// It arrives, and its answer does not.
    LoseAnswer,
    /// It does not arrive.
    LoseRequest,
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
        let delayed = Arc::default();
        let counters = (Arc::clone(&updates), Arc::clone(&delayed));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, mischief, counters.clone(), Arc::clone(&go)));
            }
        });
        Wire {
            address,
            updates,
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

async fn pass(
    mut client: TcpStream,
    server: SocketAddr,
    mischief: Mischief,
    (updates, delayed): (Arc<AtomicU32>, Arc<AtomicU32>),
    go: Arc<tokio::sync::Notify>,
) -> Option<()> {
    let mut server = TcpStream::connect(server).await.ok()?;
    while let Some(request) = frame(&mut client).await {
        // The operation code is in the third byte of the header (RFC 1035 §4.1.1), behind two of length; 5 is UPDATE.
        let is_update = request.get(4)? >> 3 & 15 == 5;
        let is_meant = is_update && updates.fetch_add(1, Ordering::SeqCst) == 0;
        match mischief {
            Mischief::LoseRequest if is_meant => return None,
            Mischief::Hold if is_meant => go.notified().await,
            Mischief::Delay if is_meant => {
                drop(client);
                go.notified().await;
                server.write_all(&request).await.ok()?;
                frame(&mut server).await?;
                delayed.fetch_add(1, Ordering::SeqCst);
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
        let mut buffer = vec![0; 65_536];
        loop {
            tokio::select! {
                read = server.read(&mut buffer) => match read {
                    Ok(length) if length > 0 => client.write_all(&buffer[..length]).await.ok()?,
                    _ => return None,
                },
                readable = client.readable() => {
                    readable.ok()?;
                    break;
                }
            }
        }
    }
    Some(())
}

async fn frame(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let length = stream.read_u16().await.ok()?;
    let mut bytes = vec![0; usize::from(length) + 2];
    bytes[..2].copy_from_slice(&length.to_be_bytes());
    stream.read_exact(&mut bytes[2..]).await.ok()?;
    Some(bytes)
}
