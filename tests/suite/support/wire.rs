//! A TLS wire for HTTP that keeps `Host`, so that an authority believes itself to be where the program finds it: it counts
//! what passes, answers in the server's place, and loses requests or answers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use hostctl::env::tls;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

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
}

/// A wire that is up.
pub struct Wire {
    address: SocketAddr,
    server: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    /// What is left to happen: to paths that hold the text, so many times.
    faults: Mutex<Vec<(String, usize, Fault)>>,
    /// `POST /order-plz`.
    passed: Mutex<Vec<String>>,
}

struct Ends {
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    server: SocketAddr,
}

impl Wire {
    /// A wire to `server`, which shows the same certificate.
    pub async fn start(server: SocketAddr, certificate: &Path, key: &Path, ca: &Path) -> Wire {
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
        let client = tls::client_config(Some(ca)).expect("a client");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let ends = Arc::new(Ends {
            acceptor: TlsAcceptor::from(Arc::new(config)),
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

    /// Whether the server listens.
    pub async fn reaches_server(&self) -> bool {
        TcpStream::connect(self.server).await.is_ok()
    }

    /// From now on: what happens to the next `times` requests whose path holds `part`.
    pub fn strike(&self, part: &str, times: usize, fault: Fault) {
        let mut faults = self.shared.faults.lock().expect("faults");
        faults.push((part.to_owned(), times, fault));
    }

    /// How many requests with a path that holds `part` have reached the server.
    pub fn count(&self, part: &str) -> usize {
        let passed = self.shared.passed.lock().expect("requests");
        passed.iter().filter(|line| line.contains(part)).count()
    }

    /// Forgets what has passed, and what was to happen.
    pub fn forget(&self) {
        self.shared.passed.lock().expect("requests").clear();
        self.shared.faults.lock().expect("faults").clear();
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn fault(&self, line: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().expect("faults");
        let found = faults
            .iter_mut()
            .find(|(part, times, _)| *times > 0 && line.contains(part.as_str()))?;
        found.1 -= 1;
        Some(found.2.clone())
    }
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
    let line = head.lines().next().unwrap_or_default().to_owned();
    let fault = shared.fault(&line);
    let answer = match &fault {
        Some(Fault::Page(status, header)) => made(*status, header, "text/html", "<html>a page</html>"),
        Some(Fault::Problem(status, header, word)) => {
            let body =
                format!(r#"{{"type":"urn:ietf:params:acme:error:{word}","detail":"as the test wants"}}"#);
            made(*status, header, "application/problem+json", &body)
        }
        Some(Fault::LoseRequest) => return Ok(()),
        Some(Fault::LoseAnswer) | None => {
            shared.passed.lock().expect("requests").push(line);
            let answer = pass(&head, &body, ends).await?;
            match fault {
                Some(_) => return Ok(()),
                None => answer,
            }
        }
    };
    client.write_all(&answer).await?;
    client.shutdown().await
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
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

async fn read_request(client: &mut (impl AsyncRead + Unpin)) -> std::io::Result<(String, Vec<u8>)> {
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
