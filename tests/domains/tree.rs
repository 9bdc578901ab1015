//! A tree of its own from the root down: one BIND, which is another server at each address of loopback, with zones signed
//! and unsigned. Around it servers that do not speak for what they should, that speak over TCP only, and that are dead.

use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};
use hostctl::sandbox::ports::Port;

use crate::support::Lab;
use crate::support::nameserver::{give_to_service_user, write};

/// Root and `test`.
const TOP: u8 = 2;
/// Speaks for no zone at all.
const LAME: u8 = 5;
/// The first server over TCP, and a silence over UDP.
const TCP_ONLY: u8 = 6;
/// Takes every question and answers none.
const DEAD: u8 = 7;

/// A zone below `test`.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub name: &'static str,
    /// What the first server has, the second, and the resolver.
    pub at: [String; 3],
    /// The last numbers of the addresses that the delegation names.
    pub servers: &'static [u8],
    pub signing: Signing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    None,
    Whole,
    /// Signed, and changed afterwards.
    Forged,
    /// The parent says that it is signed, and it is not.
    Stripped,
}

/// Both servers.
pub const BOTH: &[u8] = &[3, 4];
/// One that knows the zone, and one that does not.
pub const ONE_LAME: &[u8] = &[3, LAME];
/// One that does not.
pub const ALL_LAME: &[u8] = &[LAME];
/// One, over TCP alone.
pub const ONLY_TCP: &[u8] = &[TCP_ONLY];
/// One that answers, and one that never does.
pub const ONE_DEAD: &[u8] = &[3, DEAD];

impl Leaf {
    /// The same lines everywhere.
    pub fn of(name: &'static str, lines: &str) -> Leaf {
        Leaf {
            name,
            at: [lines, lines, lines].map(str::to_owned),
            servers: BOTH,
            signing: Signing::None,
        }
    }
}

/// The servers of the tree; they end with the value, or with the process.
pub struct Tree {
    process: Option<Process>,
    directory: tempfile::TempDir,
    port: Port,
    _silent: UdpSocket,
}

impl Tree {
    /// A place for a tree, and what hostctl has to know of it.
    pub fn plant(lab: &Lab) -> Tree {
        let port = Port::reserve().expect("a port");
        let directory = tempfile::Builder::new()
            .prefix("tree-")
            .tempdir_in("/tmp")
            .expect("a directory");
        let silent = UdpSocket::bind(at(DEAD, &port)).expect("a socket");
        write(
            directory.path(),
            "hints",
            &format!(". NS a.root.\na.root. A 127.0.0.{TOP}\n"),
        );
        lab.configure(&format!(
            "\n[resolver]\nservers = [\"127.0.0.1:{port}\"]\nauthoritative_port = {port}\n\
             root_hints_file = \"{place}/hints\"\ntrust_anchor_file = \"{place}/anchor\"\n\
             [domain]\nallow_private = [\"127.0.0.0/8\"]\nchallenge_zone = \"dcv.example.net\"\n",
            port = port.number(),
            place = directory.path().display(),
        ));
        Tree {
            process: None,
            directory,
            port,
            _silent: silent,
        }
    }

    /// Signs the zones, and lets the servers serve them.
    pub async fn grow(&mut self, leaves: &[Leaf]) {
        let path = self.directory.path().to_owned();
        std::fs::create_dir(path.join("keys")).expect("a directory");
        for leaf in leaves {
            for (view, lines) in ["one", "two", "resolver"].iter().zip(&leaf.at) {
                write(&path, &format!("{}.{view}", leaf.name), &self.zone(leaf, lines));
            }
            if leaf.signing != Signing::None {
                sign_leaf(&path, leaf).await;
            }
        }
        let delegations: String = leaves.iter().map(delegation).collect();
        let top = "$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 120\n@ NS ns\n";
        write(
            &path,
            "test.top",
            &format!("{top}ns A 127.0.0.{TOP}\n{delegations}"),
        );
        sign(&path, "test", "test.top").await;
        let root = "$TTL 60\n@ SOA a.root. hostmaster.root. 1 3600 600 604800 60\n@ NS a.root.\n";
        let glue = format!("a.root. A 127.0.0.{TOP}\ntest. NS ns.test.\nns.test. A 127.0.0.{TOP}\n");
        write(&path, "root.top", &format!("{root}{glue}"));
        sign(&path, ".", "root.top").await;
        write(&path, "anchor", &anchor(&path));
        write(&path, "conf", &self.configuration(leaves));
        let program = child::find("named", &["/usr/sbin".into()])
            .expect("apt-get install --no-install-recommends bind9");
        let spec = Spec::new(program)
            .directory(&path)
            .death_signal(Signal::Terminate)
            .arguments(["-f", "-n", "1", "-c"])
            .argument(path.join("conf"));
        let spec = give_to_service_user(&path, spec).await;
        let process = child::spawn_server(&spec, &path.join("log"), Lifetime::WithParent).expect("started");
        self.process = Some(process);
        self.until_it_answers(process).await;
        over_tcp_only(at(TCP_ONLY, &self.port), at(3, &self.port));
    }

    async fn until_it_answers(&self, process: Process) {
        let begin = hostctl::clock::instant();
        let port = self.port.number().to_string();
        loop {
            let address = format!("@127.0.0.{TOP}");
            let spec = Spec::new("dig").arguments([
                &address, "-p", &port, "+short", "+tries=1", "+time=1", "test", "SOA",
            ]);
            if child::run(spec)
                .await
                .is_ok_and(|output| output.stdout.ends_with(b"\n") && output.stdout[0] == b'n')
            {
                return;
            }
            let log = std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
            assert!(process.is_alive(), "the name server ended: {log}");
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "the name server does not answer: {log}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn zone(&self, leaf: &Leaf, lines: &str) -> String {
        let servers = leaf
            .servers
            .iter()
            .map(|number| format!("@ NS ns{number}\nns{number} A 127.0.0.{number}\n"));
        let servers: String = servers.collect();
        format!("$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 120\n{servers}{lines}")
    }

    fn configuration(&self, leaves: &[Leaf]) -> String {
        let place = self.directory.path().display();
        let zones = |view: &str| -> String {
            let file = |leaf: &Leaf| match leaf.signing {
                Signing::Whole | Signing::Forged => format!("{}.signed", leaf.name),
                Signing::None | Signing::Stripped => format!("{}.{view}", leaf.name),
            };
            let zone = |leaf: &Leaf| {
                format!(
                    "zone {} {{ type primary; file \"{}\"; }};\n",
                    leaf.name,
                    file(leaf)
                )
            };
            leaves.iter().map(zone).collect()
        };
        let view = |name: &str, number: u8, zones: &str| {
            format!("view {name} {{ match-destinations {{ 127.0.0.{number}; }};\n{zones}}};\n")
        };
        let top = "zone \".\" { type primary; file \"root.top.signed\"; };\nzone test { type primary; file \"test.top.signed\"; };\n";
        let options = format!(
            "options {{ directory \"{place}\"; pid-file none; session-keyfile \"{place}/session.key\"; lock-file none;\n\
             managed-keys-directory \"{place}\"; listen-on port {port} {{ 127.0.0.1; 127.0.0.{TOP}; 127.0.0.3; 127.0.0.4; 127.0.0.{LAME}; }};\n\
             listen-on-v6 {{ none; }}; recursion no; dnssec-validation no; empty-zones-enable no; notify no; }};\ncontrols {{ }};\n",
            port = self.port.number()
        );
        [
            options,
            view("top", TOP, top),
            view("one", 3, &zones("one")),
            view("two", 4, &zones("two")),
            view("lame", LAME, ""),
            view("resolver", 1, &zones("resolver")),
        ]
        .concat()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            child::send(process, Signal::Kill).ok();
        }
    }
}

fn at(number: u8, port: &Port) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, number], port.number()))
}

fn delegation(leaf: &Leaf) -> String {
    let servers = leaf.servers.iter().map(|number| {
        let name = leaf.name;
        format!("{name}. NS ns{number}.{name}.\nns{number}.{name}. A 127.0.0.{number}\n")
    });
    servers.collect()
}

/// Signs what the first server has; the DS goes where the parent finds it.
async fn sign_leaf(path: &Path, leaf: &Leaf) {
    sign(path, leaf.name, &format!("{}.one", leaf.name)).await;
    let signed = path.join(format!("{}.one.signed", leaf.name));
    let text = std::fs::read_to_string(&signed).expect("a zone");
    let text = match leaf.signing {
        // The signature is for the old time.
        Signing::Forged => text.replace("expiry=", "Expiry="),
        _ => text,
    };
    write(path, &format!("{}.signed", leaf.name), &text);
}

async fn sign(path: &Path, zone: &str, file: &str) {
    let tool = async |spec: Spec| {
        let output = child::run(spec.directory(path)).await.expect("bind9-utils");
        output
            .succeeded()
            .unwrap_or_else(|error| panic!("{zone}: {error}"));
    };
    tool(Spec::new("dnssec-keygen").arguments([
        "-q",
        "-K",
        "keys",
        "-a",
        "ECDSAP256SHA256",
        "-f",
        "KSK",
        zone,
    ]))
    .await;
    let arguments = [
        "-S", "-z", "-g", "-d", ".", "-K", "keys", "-O", "full", "-o", zone, file,
    ];
    tool(Spec::new("dnssec-signzone").arguments(arguments)).await;
}

/// The key of the root, as a record in one line.
fn anchor(path: &Path) -> String {
    let mut files = std::fs::read_dir(path.join("keys")).expect("keys").flatten();
    let file = files.find(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.starts_with("K.+") && name.ends_with(".key")
    });
    let text = std::fs::read_to_string(file.expect("a key of the root").path()).expect("a key");
    text.lines()
        .filter(|line| !line.starts_with(';'))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Passes connections on; what comes over UDP is taken and forgotten.
fn over_tcp_only(here: SocketAddr, there: SocketAddr) {
    let silent = UdpSocket::bind(here).expect("a socket");
    let listener = TcpListener::bind(here).expect("a listener");
    std::thread::spawn(move || {
        let _silent = silent;
        while let Ok((client, _)) = listener.accept() {
            let server = TcpStream::connect(there).expect("the name server");
            let pass = |mut from: TcpStream, mut to: TcpStream| {
                std::thread::spawn(move || {
                    std::io::copy(&mut from, &mut to).ok();
                    to.shutdown(std::net::Shutdown::Write).ok();
                });
            };
            pass(
                client.try_clone().expect("a socket"),
                server.try_clone().expect("a socket"),
            );
            pass(server, client);
        }
    });
}
