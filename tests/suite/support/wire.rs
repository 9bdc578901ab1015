//! A TLS wire for HTTP that keeps `Host`, so that an authority believes itself to be where the program finds it: it counts
//! what passes, answers in the server's place, loses requests or answers, and offers what the server does not know.

mod offer;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hostctl::env::tls;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

pub use offer::Advice;
use offer::Offers;

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// It is answered with this status and header, and an error page.
    Page(u16, &'static str),
    /// It is answered with this status and header, and a problem of this type.
    Problem(u16, &'static str, &'static str),
    /// It is not passed on, and the connection is closed.
    LoseRequest,
    /// It is passed on, and the connection is closed instead of an answer.
    LoseAnswer,
    /// It is passed on, and the answer comes that much later.
    Late(Duration),
    /// It is passed on: so that what follows strikes a later one.
    Pass,
}

/// As many times as it is met, once at least.
pub const ALWAYS: usize = usize::MAX;

/// A wire that is up. Its test fails where what shall happen has not happened by the time at which it is forgotten or the
/// wire goes down.
pub struct Wire {
    address: SocketAddr,
    server: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    /// What happens, in this order.
    strikes: Mutex<Vec<Strike>>,
    /// `POST /order-plz HTTP/1.1`.
    passed: Mutex<Vec<String>>,
    /// As `passed`, with those that did not get through.
    met: Mutex<Vec<String>>,
    offers: Mutex<Offers>,
}

struct Strike {
    part: String,
    /// How many times it is still to happen.
    left: usize,
    has_happened: bool,
    fault: Fault,
}

struct Ends {
    /// This end as a client names it.
    base: String,
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    server: SocketAddr,
}

impl Wire {
    /// A wire to `server`, which shows the same certificate.
    pub async fn start(server: SocketAddr, certificate: &Path, key: &Path, ca: &Path) -> Wire {
        let client = tls::client_config(Some(ca)).expect("a client");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let ends = Arc::new(Ends {
            base: format!("https://{address}"),
            acceptor: acceptor(certificate, key),
            connector: TlsConnector::from(Arc::new(client)),
            server,
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared), ends));
        Wire {
            address,
            server,
            shared,
            task,
        }
    }

    /// An address behind it.
    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    /// What it leads to.
    pub fn server(&self) -> SocketAddr {
        self.server
    }

    /// Whether the server listens.
    pub async fn reaches_server(&self) -> bool {
        TcpStream::connect(self.server).await.is_ok()
    }

    /// From now on: what happens to the next `times` requests whose method and path hold `part`. What was said first
    /// happens first.
    pub fn strike(&self, part: &str, times: usize, fault: Fault) {
        self.shared.strikes().push(Strike {
            part: part.to_owned(),
            left: times,
            has_happened: false,
            fault,
        });
    }

    /// From now on: whoever reads the directory is offered renewal information, and this is the answer about certificates
    /// whose identifier holds `part` (empty: all); of several that fit the last. And a certificate is replaced once.
    pub fn advise(&self, part: &str, advice: Advice) {
        self.shared.offers().advice.push((part.to_owned(), advice));
    }

    /// From now on: whoever reads the directory is offered these profiles.
    pub fn offer_profiles(&self, names: &[&str]) {
        let described = |name: &&str| ((*name).to_owned(), format!("a test's {name}"));
        self.shared.offers().profiles = names.iter().map(described).collect();
    }

    /// What was asked for in every order that was made, in their order: `identifiers`, `replaces`, `profile`.
    pub fn orders(&self) -> Vec<Value> {
        self.shared.offers().orders.clone()
    }

    /// How many requests with a method and a path that hold `part` have reached the server, or were answered about when to
    /// renew.
    pub fn count(&self, part: &str) -> usize {
        let passed = self.shared.passed.lock().expect("requests");
        passed.iter().filter(|line| line.contains(part)).count()
    }

    /// As [`Wire::count`], with those that something happened to.
    pub fn count_with_struck(&self, part: &str) -> usize {
        let met = self.shared.met.lock().expect("requests");
        met.iter().filter(|line| line.contains(part)).count()
    }

    /// From now on: another order has replaced this certificate already.
    pub fn mark_replaced(&self, ari_id: &str) {
        self.shared.offers().replaced.insert(ari_id.to_owned());
    }

    /// Forgets what has passed, and what was to happen; what is offered stays.
    pub fn forget(&self) {
        self.shared.passed.lock().expect("requests").clear();
        self.shared.met.lock().expect("requests").clear();
        self.shared.offers().orders.clear();
        self.shared.end_strikes();
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
        if !std::thread::panicking() {
            self.shared.end_strikes();
        }
    }
}

impl Shared {
    fn offers(&self) -> MutexGuard<'_, Offers> {
        self.offers.lock().expect("offers")
    }

    fn passed(&self, line: &str) {
        self.passed.lock().expect("requests").push(line.to_owned());
    }

    fn strikes(&self) -> MutexGuard<'_, Vec<Strike>> {
        self.strikes.lock().expect("strikes")
    }

    fn fault(&self, line: &str) -> Option<Fault> {
        let mut strikes = self.strikes();
        let found = strikes
            .iter_mut()
            .find(|strike| strike.left > 0 && line.contains(&strike.part))?;
        if found.left != ALWAYS {
            found.left -= 1;
        }
        found.has_happened = true;
        Some(found.fault.clone())
    }

    fn end_strikes(&self) {
        let strikes = std::mem::take(&mut *self.strikes());
        for strike in strikes {
            let is_over = strike.left == 0 || strike.left == ALWAYS;
            assert!(
                is_over && strike.has_happened,
                "nobody has met {:?} at {}",
                strike.fault,
                strike.part
            );
        }
    }
}

/// Shows this certificate.
pub(super) fn acceptor(certificate: &Path, key: &Path) -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(certificate).expect("PEM");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(key).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("an identity");
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, ends: Arc<Ends>) {
    while let Ok((client, _)) = listener.accept().await {
        let (shared, ends) = (Arc::clone(&shared), Arc::clone(&ends));
        // Whoever goes away in the middle is no trouble of ours.
        tokio::spawn(async move { meet(client, &shared, &ends).await.ok() });
    }
}

/// One request a connection.
async fn meet(client: TcpStream, shared: &Shared, ends: &Ends) -> std::io::Result<()> {
    let mut client = ends.acceptor.accept(client).await?;
    let (head, body) = read_request(&mut client).await?;
    let line = head.lines().next().unwrap_or_default();
    shared.met.lock().expect("requests").push(line.to_owned());
    let answer = match shared.fault(line) {
        Some(Fault::Page(status, header)) => made(status, header, "text/html", "<html>a page</html>"),
        Some(Fault::Problem(status, header, word)) => problem(status, header, word),
        Some(Fault::LoseRequest) => return Ok(()),
        Some(Fault::LoseAnswer) => return answer(&head, &body, shared, ends).await.map(drop),
        Some(Fault::Late(pause)) => {
            let answer = answer(&head, &body, shared, ends).await?;
            tokio::time::sleep(pause).await;
            answer
        }
        Some(Fault::Pass) | None => answer(&head, &body, shared, ends).await?,
    };
    client.write_all(&answer).await?;
    client.shutdown().await
}

/// What the server says to a request, completed by what it does not know.
async fn answer(head: &str, body: &[u8], shared: &Shared, ends: &Ends) -> std::io::Result<Vec<u8>> {
    let line = head.lines().next().unwrap_or_default();
    let path = line.split(' ').nth(1).unwrap_or_default();
    let (advice, order, is_replaced) = {
        let offers = shared.offers();
        let order = offers.order(path, body);
        let is_replaced = order.as_ref().is_some_and(|order| offers.is_replaced(order));
        (offers.advice(path).cloned(), order, is_replaced)
    };
    if is_replaced {
        return Ok(problem(409, "", "alreadyReplaced"));
    }
    shared.passed(line);
    if let Some(advice) = advice {
        let wait = advice.retry_after.map(|wait| format!("retry-after: {wait}"));
        return Ok(made(
            advice.status,
            &wait.unwrap_or_default(),
            "application/json",
            &advice.body,
        ));
    }
    let answer = pass(head, body, ends).await?;
    Ok(shared.offers().complete(&ends.base, order, answer))
}

fn problem(status: u16, header: &str, word: &str) -> Vec<u8> {
    let body = format!(r#"{{"type":"urn:ietf:params:acme:error:{word}","detail":"as the test wants"}}"#);
    made(status, header, "application/problem+json", &body)
}

fn made(status: u16, header: &str, kind: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let end = if header.is_empty() { "" } else { "\r\n" };
    format!(
        "HTTP/1.1 {status} As wanted\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{header}{end}connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

async fn pass(head: &str, body: &[u8], ends: &Ends) -> std::io::Result<Vec<u8>> {
    let socket = TcpStream::connect(ends.server).await?;
    let name = ServerName::from(ends.server.ip());
    let mut server = ends.connector.connect(name, socket).await?;
    let head = head.trim_end().to_owned() + "\r\nconnection: close\r\n\r\n";
    server.write_all(head.as_bytes()).await?;
    server.write_all(body).await?;
    let mut answer = Vec::new();
    match server.read_to_end(&mut answer).await {
        // Some servers just hang up.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof && !answer.is_empty() => Ok(answer),
        read => read.map(|_| answer),
    }
}

/// Head and body of one request.
pub(super) async fn read_request(
    client: &mut (impl AsyncRead + Unpin),
) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let mut part = [0; 4096];
        match client.read(&mut part).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            length => bytes.extend_from_slice(&part[..length]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lengths = head.lines().filter_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")
            .map(str::to_owned)
    });
    let length = lengths
        .next_back()
        .and_then(|text| text.trim().parse::<usize>().ok())
        .unwrap_or(0);
    let mut body = bytes[end..].to_vec();
    let already = body.len();
    body.resize(length, 0);
    if already < length {
        client.read_exact(&mut body[already..]).await?;
    }
    Ok((head, body))
}
