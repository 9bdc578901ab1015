//! A port to listen on, for as long as anybody needs it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// A listener at work; the port is free again when nobody needs it any more.
pub(super) struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The listener that is at work, or one that `begin` sets to work.
///
/// # Errors
/// Those of `begin`.
pub(super) async fn shared<F: Future<Output = ()> + Send + 'static>(
    known: &tokio::sync::Mutex<Weak<Listening>>,
    begin: impl AsyncFnOnce() -> Result<F>,
) -> Result<Arc<Listening>> {
    let mut known = known.lock().await;
    if let Some(listening) = known.upgrade() {
        return Ok(listening);
    }
    let listening = Arc::new(Listening(tokio::spawn(begin().await?)));
    *known = Arc::downgrade(&listening);
    Ok(listening)
}

/// How long another process of ours may have the port.
const PATIENCE: Duration = Duration::from_secs(15);

/// Listens. A port that is taken is waited for: another order of this host may be answering on it.
///
/// # Errors
/// `busy`, reason `port_taken`; `denied` where we may not; `unavailable`.
pub(super) async fn listen(address: SocketAddr, what: &str) -> Result<TcpListener> {
    let deadline = Deadline::after(PATIENCE);
    loop {
        let error = match bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => error,
        };
        let message = format!("{what}: {address} cannot be listened on: {error}");
        match error.kind() {
            std::io::ErrorKind::AddrInUse if deadline.is_spent() => {
                return Err(Error::new(Kind::Busy, "port_taken", message)
                    .hint("where a web server has the port: certificate.webroot, or --challenge dns-01"));
            }
            std::io::ErrorKind::AddrInUse => tokio::time::sleep(Duration::from_millis(50)).await,
            std::io::ErrorKind::PermissionDenied => {
                return Err(Error::new(Kind::Denied, "permission", message)
                    .hint("run as root, or use certificate.webroot or --challenge dns-01"));
            }
            _ => return Err(Error::unavailable(message)),
        }
    }
}

/// Where a host has no IPv6, all addresses are those of IPv4.
async fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Err(error) if address.ip().is_unspecified() && address.is_ipv6() && !is_about_the_port(&error) => {
            TcpListener::bind(SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()))).await
        }
        bound => bound,
    }
}

fn is_about_the_port(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::AddrInUse | std::io::ErrorKind::PermissionDenied
    )
}
