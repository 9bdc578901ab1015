//! A tree of its own from the root down: a Knot at each of four addresses of loopback (a BIND listens at none that is not an
//! interface's), with zones signed by the tools of BIND, and unsigned. Around it servers that do not speak for what they
//! should, that speak over TCP only, and that are dead.

use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};
use hostctl::sandbox::ports::Port;

use crate::support::Lab;
use crate::support::nameserver::{give_to_service_user, write};

/// Root and `test`.
const TOP: u8 = 2;
/// The servers, each with what it has; where zones differ, it is the ending of the file.
const SERVERS: [(u8, &str); 4] = [(TOP, "top"), (3, "one"), (4, "two"), (1, "resolver")];
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
    /// Whether the second server has it not, in spite of the delegation.
    pub is_lame: bool,
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
pub const ONE_LAME: &[u8] = &[3, 4];
/// One that does not.
pub const ALL_LAME: &[u8] = &[4];
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
            is_lame: false,
        }
    }
}

/// The servers of the tree; they end with the value, or with the process.
pub struct Tree {
    processes: Vec<Process>,
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
        std::fs::create_dir(directory.path().join("keys")).expect("a directory");
        lab.wait(make_key(directory.path(), "."));
        write(directory.path(), "anchor", &anchor(directory.path()));
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
            processes: Vec::new(),
            directory,
            port,
            _silent: silent,
        }
    }

    /// Signs the zones, and lets the servers serve them.
    pub async fn grow(&mut self, leaves: &[Leaf]) {
        let path = self.directory.path().to_owned();
        for leaf in leaves {
            for (view, lines) in ["one", "two", "resolver"].iter().zip(&leaf.at) {
                write(&path, &format!("{}.{view}", leaf.name), &Self::zone(leaf, lines));
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
        for (number, view) in SERVERS {
            let file = format!("{view}.conf");
            write(&path, &file, &self.configuration(number, view, leaves));
            std::fs::create_dir(path.join(format!("{view}.db"))).expect("a directory");
            std::fs::create_dir(path.join(format!("{view}.run"))).expect("a directory");
        }
        for (number, view) in SERVERS {
            let program = child::find("knotd", &["/usr/sbin".into()])
                .expect("apt-get install --no-install-recommends knot");
            let spec = Spec::new(program)
                .directory(&path)
                .death_signal(Signal::Terminate)
                .argument("-c")
                .argument(path.join(format!("{view}.conf")));
            let spec = give_to_service_user(&path, spec).await;
            let log = path.join(format!("{view}.log"));
            let process = child::spawn_server(&spec, &log, Lifetime::WithParent).expect("started");
            self.processes.push(process);
            let zone = if number == TOP { "test." } else { leaves[0].name };
            self.until_it_answers(process, number, zone, &log).await;
        }
        over_tcp_only(at(TCP_ONLY, &self.port), at(3, &self.port));
    }

    async fn until_it_answers(&self, process: Process, number: u8, zone: &str, log: &Path) {
        let begin = hostctl::clock::instant();
        let (server, port) = (format!("@127.0.0.{number}"), self.port.number().to_string());
        loop {
            let question = [&server, "-p", &port, "+tries=1", "+time=1", zone, "SOA"];
            let output = child::run(Spec::new("dig").arguments(question))
                .await
                .expect("dig");
            if String::from_utf8_lossy(&output.stdout).contains("status: NOERROR") {
                return;
            }
            let log = std::fs::read_to_string(log).unwrap_or_default();
            assert!(process.is_alive(), "the name server ended: {log}");
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "the name server does not answer: {log}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn zone(leaf: &Leaf, lines: &str) -> String {
        let servers = leaf
            .servers
            .iter()
            .map(|number| format!("@ NS ns{number}\nns{number} A 127.0.0.{number}\n"));
        let servers: String = servers.collect();
        format!("$TTL 60\n@ SOA ns hostmaster 1 3600 600 604800 120\n{servers}{lines}")
    }

    fn configuration(&self, number: u8, view: &str, leaves: &[Leaf]) -> String {
        let place = self.directory.path().display();
        let zone = |name: &str, file: &str| format!("  - domain: {name}\n    file: \"{place}/{file}\"\n");
        let zones: String = if number == TOP {
            zone(".", "root.top.signed") + &zone("test", "test.top.signed")
        } else {
            let here = leaves.iter().filter(|leaf| !(leaf.is_lame && view == "two"));
            let file = |leaf: &Leaf| match leaf.signing {
                Signing::Whole | Signing::Forged => format!("{}.signed", leaf.name),
                Signing::None | Signing::Stripped => format!("{}.{view}", leaf.name),
            };
            here.map(|leaf| zone(leaf.name, &file(leaf))).collect()
        };
        format!(
            "server:\n    rundir: \"{place}/{view}.run\"\n    listen: 127.0.0.{number}@{port}\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n\
             log:\n  - target: stderr\n    any: info\n\
             database:\n    storage: \"{place}/{view}.db\"\n    journal-db-max-size: 64M\n    kasp-db-max-size: 16M\n    timer-db-max-size: 16M\n    catalog-db-max-size: 16M\n\
             template:\n  - id: default\n    zonefile-load: whole\n    zonefile-sync: -1\n    journal-content: none\n\
             zone:\n{zones}",
            port = self.port.number()
        )
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        for process in self.processes.drain(..) {
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
    if zone != "." {
        make_key(path, zone).await;
    }
    let arguments = [
        "-S", "-z", "-g", "-d", ".", "-K", "keys", "-O", "full", "-o", zone, file,
    ];
    tool(path, Spec::new("dnssec-signzone").arguments(arguments)).await;
}

async fn make_key(path: &Path, zone: &str) {
    let arguments = ["-q", "-K", "keys", "-a", "ECDSAP256SHA256", "-f", "KSK", zone];
    tool(path, Spec::new("dnssec-keygen").arguments(arguments)).await;
}

async fn tool(path: &Path, spec: Spec) {
    let output = child::run(spec.directory(path))
        .await
        .expect("apt-get install --no-install-recommends bind9-utils");
    output.succeeded().expect("signed");
}

/// The key of the root, as a record in one line.
fn anchor(path: &Path) -> String {
    let mut files = std::fs::read_dir(path.join("keys")).expect("keys").flatten();
    let file = files.find(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.starts_with("K.+") && !name.ends_with("private")
    });
    let text = std::fs::read_to_string(file.expect("a key of the root").path()).expect("a key");
    let records: Vec<&str> = text.lines().filter(|line| !line.starts_with(';')).collect();
    records.join("\n") + "\n"
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
