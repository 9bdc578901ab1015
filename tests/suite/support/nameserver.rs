//! Private primaries that take DNSUPDATE: a BIND, and a Knot with a catalog. They run as an unprivileged user, on loopback,
//! and end with the value, or with the process.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use hostctl::env::child::{self, Lifetime, Process, Signal, Spec, User};
use hostctl::env::files;
use hostctl::sandbox::ports::Port;

/// The zone that is there from the beginning.
pub const ZONE: &str = "dyn.test";
/// The zone whose members Knot serves.
pub const CATALOG: &str = "catalog.test";
/// The name of the key.
pub const KEY: &str = "hostctl-test";

/// Which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    Bind,
    Knot,
}

/// A server that is up.
pub struct Nameserver {
    pub make: Make,
    pub address: SocketAddr,
    /// The key in base64.
    pub secret: String,
    directory: tempfile::TempDir,
    process: Option<Process>,
    _port: Port,
}

impl Nameserver {
    /// Starts one, with `lines` more in its zone.
    pub async fn start(make: Make, lines: &str) -> Nameserver {
        Self::start_as(make, lines, false).await
    }

    /// Starts one that signs its zone itself, and waits for the signatures.
    pub async fn start_signing(make: Make, lines: &str) -> Nameserver {
        let server = Self::start_as(make, lines, true).await;
        let begin = hostctl::clock::instant();
        loop {
            let all = server.records(ZONE).await;
            // BIND tells the parent of a key a day after it was made.
            let words = match make {
                Make::Bind => [" DNSKEY ", " NSEC "].as_slice(),
                Make::Knot => &[" DNSKEY ", " NSEC ", " CDS ", " CDNSKEY "],
            };
            let is_there = |word: &&str| all.iter().any(|line| line.contains(word));
            if words.iter().all(is_there) {
                return server;
            }
            let is_late = begin.elapsed() > Duration::from_secs(20);
            assert!(!is_late, "the zone is not signed: {all:?} {}", server.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn start_as(make: Make, lines: &str, signs: bool) -> Nameserver {
        let (program, package) = match make {
            Make::Bind => ("named", "bind9"),
            Make::Knot => ("knotd", "knot"),
        };
        let sbin = [PathBuf::from("/usr/sbin")];
        let program = child::find(program, &sbin).unwrap_or_else(|| {
            panic!("{program} is missing: apt-get install --no-install-recommends {package}")
        });
        let port = Port::reserve().expect("a port");
        let secret: [u8; 32] = hostctl::clock::random().expect("entropy");
        let secret = base64::engine::general_purpose::STANDARD.encode(secret);
        let directory = tempfile::Builder::new()
            .prefix("ns-")
            .tempdir_in("/tmp")
            .expect("a directory");
        let path = directory.path();
        let zone =
            format!("$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\nns1 A 127.0.0.1\n{lines}");
        write(path, &format!("{ZONE}.zone"), &zone);
        let configuration = match make {
            Make::Bind => bind(path, port.number(), &secret, signs),
            Make::Knot => {
                write(
                    path,
                    "seed.zone",
                    "$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 604800 60\n@ NS ns1\nns1 A 127.0.0.1\n",
                );
                let catalog =
                    "$TTL 0\n@ SOA invalid. invalid. 1 3600 600 604800 0\n@ NS invalid.\nversion TXT \"2\"\n";
                write(path, &format!("{CATALOG}.zone"), catalog);
                fs::create_dir(path.join("db")).expect("a directory");
                knot(path, port.number(), &secret, signs)
            }
        };
        write(path, "conf", &configuration);
        let spec = Spec::new(program).directory(path).death_signal(Signal::Terminate);
        let spec = match make {
            Make::Bind => spec
                .arguments(["-f", "-n", "1", "-c"])
                .argument(path.join("conf")),
            Make::Knot => spec.argument("-c").argument(path.join("conf")),
        };
        let spec = give_to_service_user(path, spec).await;
        let process = child::spawn_server(&spec, &path.join("log"), Lifetime::WithParent).expect("started");
        let server = Nameserver {
            make,
            address: SocketAddr::from(([127, 0, 0, 1], port.number())),
            secret,
            directory,
            process: Some(process),
            _port: port,
        };
        server.until_it_answers(process).await;
        server
    }

    async fn until_it_answers(&self, process: Process) {
        let begin = hostctl::clock::instant();
        while self
            .dig(&["+short", "+tries=1", "+time=1", ZONE, "SOA"])
            .await
            .is_empty()
        {
            let log = self.log();
            assert!(process.is_alive(), "the name server ended: {log}");
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "the name server does not answer: {log}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What it said.
    fn log(&self) -> String {
        let names = ["log", "named.log", "knot.log"];
        let texts =
            names.map(|name| fs::read_to_string(self.directory.path().join(name)).unwrap_or_default());
        texts.concat()
    }

    /// The section of a configuration file that makes it a provider.
    pub fn section(&self, name: &str, secret_file: &Path) -> String {
        let catalog = match self.make {
            Make::Bind => String::new(),
            Make::Knot => format!("catalog = \"{CATALOG}\"\nnameservers = [\"ns1.example.net\"]\n"),
        };
        format!(
            "\n[dns.{name}]\nprovider = \"rfc2136\"\nserver = \"{at}\"\ntsig_name = \"{KEY}\"\n\
             tsig_secret_file = \"{file}\"\nzones = [\"{ZONE}\"]\nquery_servers = [\"{at}\"]\n{catalog}",
            at = self.address,
            file = secret_file.display(),
        )
    }

    /// Writes the secret where the configuration looks for it.
    pub fn secret_file(&self, path: &Path) {
        files::replace_private(path, format!("{}\n", self.secret).as_bytes()).expect("a file");
    }

    /// What `dig` says, line by line; it is not our code.
    pub async fn dig(&self, arguments: &[&str]) -> Vec<String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let key = format!("hmac-sha256:{KEY}:{}", self.secret);
        let port = self.address.port().to_string();
        let fixed = [
            "@127.0.0.1",
            "-p",
            &port,
            "-y",
            &key,
            "+tcp",
            "+norecurse",
            "+nocookie",
        ];
        // By way of a file: of what a program prints only the beginning is kept, and a zone may be longer.
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let answer = self.directory.path().join(format!("answer-{number}"));
        let spec = Spec::new("sh").arguments(["-c", "answer=$1; shift; dig \"$@\" >\"$answer\"", "dig"]);
        let spec = spec.argument(&answer).arguments(fixed).arguments(arguments);
        child::run(spec).await.expect("dig");
        let text = fs::read_to_string(&answer).expect("an answer");
        fs::remove_file(&answer).expect("the file of the answer");
        text.lines()
            .filter(|line| !line.starts_with(';') && !line.contains("\tTSIG\t") && !line.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// What somebody else writes, with the same key and not by our code.
    pub async fn nsupdate(&self, lines: &str) {
        let script = format!(
            "server 127.0.0.1 {}\nkey hmac-sha256:{KEY} {}\n{lines}\nsend\n",
            self.address.port(),
            self.secret
        );
        let spec = Spec::new("nsupdate").argument("-v").stdin(script);
        child::run(spec)
            .await
            .and_then(child::Output::succeeded)
            .expect("nsupdate");
    }

    /// The serial of a zone.
    pub async fn serial(&self, zone: &str) -> u32 {
        let soa = self.dig(&["+short", zone, "SOA"]).await;
        let serial = soa.first().and_then(|soa| soa.split(' ').nth(2)?.parse().ok());
        serial.unwrap_or_else(|| panic!("no SOA of {zone}: {soa:?}"))
    }

    /// Every record of its zones, without serials and without the mark of the last change.
    pub async fn dump(&self) -> Vec<String> {
        let mut lines = self.records(ZONE).await;
        if self.make == Make::Knot {
            let members = self.records(CATALOG).await;
            for member in members.iter().filter(|line| line.contains(" PTR ")) {
                let zone = member.rsplit(' ').next().expect("a target").to_owned();
                lines.extend(self.records(&zone).await);
            }
            lines.extend(members);
        }
        lines.sort();
        lines
    }

    /// The records of one zone.
    pub async fn records(&self, zone: &str) -> Vec<String> {
        let lines = self.dig(&["+onesoa", zone, "AXFR"]).await.into_iter();
        lines
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.starts_with("_hostctl."))
            .map(|line| {
                if line.contains(" SOA ") {
                    format!("SOA of {zone}")
                } else {
                    line
                }
            })
            .collect()
    }
}

impl Drop for Nameserver {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            child::send(process, Signal::Kill).ok();
        }
    }
}

/// Writes a file.
pub fn write(directory: &Path, name: &str, text: &str) {
    fs::write(directory.join(name), text).expect("a file");
}

/// Root's servers drop to a user that owns nothing else; anybody else's run as who they are.
/// Gives a directory to the user that servers run as.
pub async fn give_to_service_user(path: &Path, spec: Spec) -> Spec {
    if !child::is_root() {
        return spec;
    }
    let user = User::look_up("postgres").await.expect("a service user");
    let owner = (user.uid, user.gid);
    for entry in fs::read_dir(path).expect("a directory") {
        let entry = entry.expect("an entry").path();
        let mode = if entry.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(&entry, fs::Permissions::from_mode(mode)).expect("permissions");
        chown(&entry, Some(owner.0), Some(owner.1)).expect("an owner");
    }
    chown(path, Some(owner.0), Some(owner.1)).expect("an owner");
    spec.user(user)
}

fn bind(directory: &Path, port: u16, secret: &str, signs: bool) -> String {
    let place = directory.display();
    let signing = match signs {
        true => "dnssec-policy default; inline-signing no;",
        false => "",
    };
    format!(
        "key {KEY} {{ algorithm hmac-sha256; secret \"{secret}\"; }};\n\
         controls {{ }};\n\
         options {{ directory \"{place}\"; pid-file none; session-keyfile \"{place}/session.key\"; lock-file none;\n\
         managed-keys-directory \"{place}\"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};\n\
         recursion no; check-names primary ignore; dnssec-validation no; empty-zones-enable no; version none; notify no;\n\
         allow-transfer {{ key {KEY}; }}; }};\n\
         logging {{ channel f {{ file \"{place}/named.log\"; severity info; }}; category default {{ f; }}; }};\n\
         zone {ZONE} {{ type primary; file \"{place}/{ZONE}.zone\"; {signing} update-policy {{ grant {KEY} zonesub any; }}; }};\n"
    )
}

fn knot(directory: &Path, port: u16, secret: &str, signs: bool) -> String {
    let place = directory.display();
    let (policy, signing) = match signs {
        true => (
            "policy:\n  - id: keys\n    single-type-signing: on\n    cds-cdnskey-publish: always\n",
            "    dnssec-signing: on\n    dnssec-policy: keys\n",
        ),
        false => ("", ""),
    };
    format!(
        "server:\n    rundir: \"{place}\"\n    listen: 127.0.0.1@{port}\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n\
         log:\n  - target: \"{place}/knot.log\"\n    any: info\n\
         database:\n    storage: \"{place}/db\"\n    journal-db-max-size: 64M\n    kasp-db-max-size: 16M\n    timer-db-max-size: 16M\n    catalog-db-max-size: 16M\n\
         key:\n  - id: {KEY}\n    algorithm: hmac-sha256\n    secret: {secret}\n\
         acl:\n  - id: hostctl\n    key: {KEY}\n    action: [update, transfer]\n\
         {policy}template:\n\
         \x20 - id: default\n    storage: \"{place}\"\n    file: \"%s.zone\"\n    acl: hostctl\n    zonefile-load: whole\n    zonefile-sync: -1\n    journal-content: changes\n\
         \x20 - id: member\n    storage: \"{place}\"\n    file: \"{place}/seed.zone\"\n    acl: hostctl\n    zonefile-load: whole\n    zonefile-sync: -1\n    journal-content: changes\n\
         zone:\n  - domain: {ZONE}\n{signing}  - domain: {CATALOG}\n    catalog-role: interpret\n    catalog-template: member\n"
    )
}
