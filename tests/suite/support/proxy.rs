//! A wire between the program and a server that breaks where a test wants it to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the program to the server.
    Request,
    /// From the server to the program.
    Reply,
}

/// What becomes of a connection when its count is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is cut; later connections work.
    Cut,
    /// What comes that way is swallowed from then on; later connections work.
    Swallow,
    /// It is cut, and no connection works any more.
    Down,
}

struct Shared {
    server: SocketAddr,
    plan: Option<(Way, u64, Fault)>,
    requests: AtomicU64,
    replies: AtomicU64,
    has_struck: AtomicBool,
    is_down: AtomicBool,
    connections: AtomicU64,
}

/// A wire that works until a count of bytes, over all its connections, is full.
pub struct Proxy {
    /// Where the program connects.
    pub port: u16,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// A wire to `server`, with a fault once `plan`'s count of bytes has passed in its direction.
    pub async fn start(server: SocketAddr, plan: Option<(Way, u64, Fault)>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            server,
            plan,
            requests: AtomicU64::new(0),
            replies: AtomicU64::new(0),
            has_struck: AtomicBool::new(false),
            is_down: AtomicBool::new(false),
            connections: AtomicU64::new(0),
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Proxy { port, shared, task }
    }

    /// Bytes that have come from the program, and from the server.
    pub fn traffic(&self) -> (u64, u64) {
        (
            self.shared.requests.load(Ordering::Relaxed),
            self.shared.replies.load(Ordering::Relaxed),
        )
    }

    /// Whether the fault came.
    pub fn has_struck(&self) -> bool {
        self.shared.has_struck.load(Ordering::Relaxed)
    }

    /// From now on everything works again.
    pub fn mend(&self) {
        self.shared.has_struck.store(true, Ordering::Relaxed);
        self.shared.is_down.store(false, Ordering::Relaxed);
    }

    /// Connections that were tried.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::Relaxed);
        if shared.is_down.load(Ordering::Relaxed) {
            continue;
        }
        if let Ok(server) = TcpStream::connect(shared.server).await {
            join(client, server, &shared);
        }
    }
}

fn join(client: TcpStream, server: TcpStream, shared: &Arc<Shared>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (cut, is_cut) = watch::channel(false);
    let cut = Arc::new(cut);
    tokio::spawn(carry(
        from_client,
        to_server,
        Way::Request,
        Arc::clone(shared),
        Arc::clone(&cut),
        is_cut.clone(),
    ));
    tokio::spawn(carry(
        from_server,
        to_client,
        Way::Reply,
        Arc::clone(shared),
        cut,
        is_cut,
    ));
}

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    way: Way,
    shared: Arc<Shared>,
    cut: Arc<watch::Sender<bool>>,
    mut is_cut: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = tokio::select! {
            read = from.read(&mut buffer) => match read { Ok(length) if length > 0 => length, _ => break },
            _ = is_cut.changed() => break,
        };
        if shared.is_down.load(Ordering::Relaxed) {
            break;
        }
        let passed = strike(&shared, way, length);
        if to.write_all(&buffer[..passed]).await.is_err() {
            break;
        }
        if passed == length {
            continue;
        }
        match shared.plan.map(|(_, _, fault)| fault) {
            // Until the program gives up.
            Some(Fault::Swallow) => while matches!(from.read(&mut buffer).await, Ok(length) if length > 0) {},
            Some(Fault::Down) => shared.is_down.store(true, Ordering::Relaxed),
            Some(Fault::Cut) | None => {}
        }
        break;
    }
    cut.send_replace(true);
}

/// How many of `length` bytes still pass; fewer where the fault comes now.
fn strike(shared: &Shared, way: Way, length: usize) -> usize {
    let counter = if way == Way::Request {
        &shared.requests
    } else {
        &shared.replies
    };
    let length_wide = length as u64;
    let before = counter.fetch_add(length_wide, Ordering::Relaxed);
    match shared.plan {
        Some((at, after, _)) if at == way && before + length_wide > after => {
            if shared.has_struck.swap(true, Ordering::Relaxed) {
                return length;
            }
            usize::try_from(after.saturating_sub(before)).unwrap_or(length)
        }
        _ => length,
    }
}
