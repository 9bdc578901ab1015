//! An authority in this process, with a clock that the test moves: RFC 8555 and RFC 9773 over TLS. It believes whoever
//! says that a name is his, signs requests with a chain of its own, and counts everything.

mod desk;
mod documents;
mod sign;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use hostctl::sandbox::Name;
use hostctl::sandbox::ports::Port;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub use desk::Desk;

use super::Lab;
use super::acme::{furnish, identity, stage};
use super::wire::{acceptor, read_request};

/// An authority that is up until it is dropped. Accounts and certificates live in its memory.
pub struct Ca {
    address: SocketAddr,
    directory: tempfile::TempDir,
    desk: Arc<Mutex<Desk>>,
    task: tokio::task::JoinHandle<()>,
    ports: Vec<Port>,
}

impl Ca {
    /// Starts one; nothing is configured yet.
    pub fn start(lab: &Lab) -> Ca {
        let directory = tempfile::Builder::new()
            .prefix("authority-")
            .tempdir_in("/tmp")
            .expect("a directory");
        let path = |name: &str| directory.path().join(name);
        identity(&path("ca.pem"), &path("tls.pem"), &path("tls.key"));
        let acceptor = acceptor(&path("tls.pem"), &path("tls.key"));
        let listener = lab.wait(TcpListener::bind("127.0.0.1:0")).expect("bound");
        let address = listener.local_addr().expect("an address");
        let desk = Arc::new(Mutex::new(Desk::new(format!("https://{address}"))));
        let task = lab.spawn(serve(listener, acceptor, Arc::clone(&desk)));
        Ca {
            address,
            directory,
            desk,
            task,
            ports: Vec::new(),
        }
    }

    /// Starts one that is the program's only authority, in a lab with DNS: names in the zone of the tests can be proved
    /// by files and by records.
    pub fn alone(lab: &Lab) -> Ca {
        let mut ca = Ca::start(lab);
        let dns = lab.sandbox().addresses(Name::Powerdns).expect("a DNS server")[0];
        ca.ports = (0..2).map(|_| Port::reserve().expect("a port")).collect();
        let [http, tls] = [0, 1].map(|index| ca.ports[index].number());
        lab.configure(&(ca.section("main") + &stage(dns, &ca.certificates(), http, tls)));
        furnish(lab);
        lab.run(&["ca", "register", "main", "--agree-tos"]).expect_code(0);
        ca
    }

    /// Where certificates are kept, if nobody says otherwise.
    pub fn certificates(&self) -> PathBuf {
        self.directory.path().join("certificates")
    }

    /// The section of the configuration that names it.
    pub fn section(&self, name: &str) -> String {
        format!(
            "\n[acme.{name}]\ndirectory = \"https://{}/directory\"\nca_file = \"{}\"\ncontact = [\"hostmaster@shop.example\"]\n",
            self.address,
            self.directory.path().join("ca.pem").display()
        )
    }

    /// Looks at it, or changes how it behaves.
    pub fn with<T>(&self, see: impl FnOnce(&mut Desk) -> T) -> T {
        see(&mut self.desk.lock().expect("a desk"))
    }
}

impl Drop for Ca {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, desk: Arc<Mutex<Desk>>) {
    while let Ok((client, _)) = listener.accept().await {
        let (acceptor, desk) = (acceptor.clone(), Arc::clone(&desk));
        // Whoever goes away in the middle is no trouble of ours.
        tokio::spawn(async move { meet(client, &acceptor, &desk).await.ok() });
    }
}

/// One request a connection.
async fn meet(client: TcpStream, acceptor: &TlsAcceptor, desk: &Mutex<Desk>) -> std::io::Result<()> {
    if desk.lock().expect("a desk").is_down {
        return Ok(());
    }
    let mut client = acceptor.accept(client).await?;
    let (head, body) = read_request(&mut client).await?;
    let mut words = head.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let reply = desk.lock().expect("a desk").answer(method, path, &body);
    client.write_all(&reply.bytes(method == "HEAD")).await?;
    client.shutdown().await
}
