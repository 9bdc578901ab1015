//! A private authority: pebble, with its own roots and its own TLS, validating against the DNS of the lab, and a wire in
//! front of it that a test can break.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};
use hostctl::sandbox::Name;
use hostctl::sandbox::ports::Port;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use super::Lab;
use super::wire::Wire;

/// The zone of the lab in which every name leads to this host.
pub const ZONE: &str = "shop.example";

/// How it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Of a hundred nonces so many are refused.
    pub nonce_rejections: u32,
    /// Of a hundred proofs so many are remembered, and one more: pebble compares with `>`. A test that wants a second
    /// proof wants it for a name that has not been proved.
    pub remembered: u32,
    /// Whether accounts have to be bound.
    pub wants_binding: bool,
    /// Before it looks at a proof it sleeps up to so many seconds.
    pub longest_look: u32,
}

/// Nothing is refused and all but nothing remembered.
pub const PLAIN: Manner = Manner {
    nonce_rejections: 0,
    remembered: 0,
    wants_binding: false,
    longest_look: 0,
};

/// The identifier and the key of an account to be bound to.
pub const BINDING: (&str, &str) = (
    "kid-1",
    "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W",
);

/// An authority that is up. Accounts and certificates live in its memory.
pub struct Pebble {
    /// What stands between it and the program.
    pub wire: Wire,
    /// Where it looks for answers by HTTP.
    pub http: u16,
    /// Where it tells what became of its certificates.
    management: u16,
    directory: tempfile::TempDir,
    process: Process,
    _ports: Vec<Port>,
}

impl Pebble {
    /// Starts one that looks names up in the PowerDNS of `lab`, makes the zone of the tests there, and configures the
    /// program to use both.
    pub fn start(lab: &Lab, manner: Manner) -> Pebble {
        let dns = lab.sandbox().addresses(Name::Powerdns).expect("a DNS server")[0];
        let pebble = Pebble::beside(lab, dns, manner);
        furnish(lab);
        pebble
    }

    /// Starts one that looks names up at `dns`, and configures the program to use both.
    pub fn beside(lab: &Lab, dns: SocketAddr, manner: Manner) -> Pebble {
        let program = child::find("pebble", &[])
            .unwrap_or_else(|| panic!("pebble is missing: apt-get install --no-install-recommends pebble"));
        let ports: Vec<Port> = (0..4).map(|_| Port::reserve().expect("a port")).collect();
        let [api, management, http, tls] = [0, 1, 2, 3].map(|index| ports[index].number());
        let directory = tempfile::Builder::new()
            .prefix("pebble-")
            .tempdir_in("/tmp")
            .expect("a directory");
        let path = |name: &str| directory.path().join(name);
        identity(&path("ca.pem"), &path("tls.pem"), &path("tls.key"));
        let (kid, key) = BINDING;
        let configuration = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{api}"), "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": path("tls.pem"), "privateKey": path("tls.key"), "httpPort": http, "tlsPort": tls,
            "ocspResponderURL": "", "externalAccountBindingRequired": manner.wants_binding,
            "externalAccountMACKeys": { kid: key },
        }});
        fs::write(path("config.json"), configuration.to_string()).expect("a configuration");
        let spec = Spec::new(program)
            .argument("-config")
            .argument(path("config.json"))
            .arguments(["-strict", "-dnsserver", &dns.to_string()])
            .variable("PEBBLE_WFE_NONCEREJECT", manner.nonce_rejections.to_string())
            .variable("PEBBLE_AUTHZREUSE", manner.remembered.to_string())
            .variable("PEBBLE_ALTERNATE_ROOTS", "1")
            .death_signal(Signal::Terminate);
        // It draws a whole number below the one that it is given.
        let spec = match manner.longest_look {
            0 => spec.variable("PEBBLE_VA_NOSLEEP", "1"),
            seconds => spec.variable("PEBBLE_VA_SLEEPTIME", (seconds + 1).to_string()),
        };
        let process = child::spawn_server(&spec, &path("log"), Lifetime::WithParent).expect("started");
        let wire = lab.wait(Wire::start(
            ([127, 0, 0, 1], api).into(),
            &path("tls.pem"),
            &path("tls.key"),
            &path("ca.pem"),
        ));
        let pebble = Pebble {
            wire,
            http,
            management,
            directory,
            process,
            _ports: ports,
        };
        lab.wait(pebble.until_it_answers());
        forget_authority(lab);
        lab.configure(&pebble.sections(dns, tls));
        pebble
    }

    async fn until_it_answers(&self) {
        let begin = hostctl::clock::instant();
        while !self.wire.reaches_server().await {
            let log = || fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
            assert!(self.process.is_alive(), "pebble ended: {}", log());
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "pebble does not answer: {}",
                log()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn sections(&self, dns: SocketAddr, tls: u16) -> String {
        let certificate = format!(
            "\n[acme.main]\ndirectory = \"{}\"\nca_file = \"{}\"\ncontact = [\"hostmaster@shop.example\"]\n",
            self.wire.url("/dir"),
            self.directory.path().join("ca.pem").display(),
        );
        certificate + &stage(dns, &self.certificates(), self.http, tls)
    }

    /// The same authority once more, under another name.
    pub fn another(&self, name: &str) -> String {
        self.behind(&self.wire, name)
    }

    /// As [`Pebble::another`], behind a wire of its own, which may be taken away.
    pub fn apart(&self, lab: &Lab, name: &str) -> (String, Wire) {
        let path = |name: &str| self.directory.path().join(name);
        let (certificate, key, ca) = (path("tls.pem"), path("tls.key"), path("ca.pem"));
        let wire = lab.wait(Wire::start(self.wire.server(), &certificate, &key, &ca));
        (self.behind(&wire, name), wire)
    }

    fn behind(&self, wire: &Wire, name: &str) -> String {
        let ca_file = self.directory.path().join("ca.pem");
        format!(
            "\n[acme.{name}]\ndirectory = \"{}\"\nca_file = \"{}\"\n",
            wire.url("/dir"),
            ca_file.display()
        )
    }

    /// Where certificates are kept.
    pub fn certificates(&self) -> PathBuf {
        self.directory.path().join("certificates")
    }

    /// Makes the account.
    pub fn register(&self, lab: &Lab) {
        assert!(self.process.is_alive(), "pebble ended: {}", self.log());
        lab.run(&["ca", "register", "--agree-tos"]).expect_code(0);
    }

    /// What is behind its own door, for tests.
    fn ask(&self, lab: &Lab, path: &str) -> String {
        let url = format!("https://127.0.0.1:{}{path}", self.management);
        lab.wait(self.fetch(url))
    }

    /// Its directory.
    pub async fn directory(&self) -> serde_json::Value {
        let text = self.fetch(self.wire.url("/dir")).await;
        serde_json::from_str(&text).expect(&text)
    }

    async fn fetch(&self, url: String) -> String {
        let ca = self.directory.path().join("ca.pem");
        let tls = hostctl::env::tls::client_config(Some(&ca)).expect("a client");
        let client = hostctl::env::http::client(tls, Duration::from_secs(10)).expect("a client");
        let answer = client.get(url).send().await.expect("an answer");
        answer.text().await.expect("a text")
    }

    /// Why a certificate was revoked, by its serial number; nothing where it was not.
    pub fn revoked(&self, lab: &Lab, serial: &str) -> Option<i64> {
        let text = self.ask(lab, &format!("/cert-status-by-serial/{serial}"));
        let status: serde_json::Value = serde_json::from_str(&text).expect(&text);
        (status["Status"] == "Revoked").then(|| status["Reason"].as_i64().unwrap_or_default())
    }

    /// The common name of one of its roots.
    pub fn root(&self, lab: &Lab, number: usize) -> String {
        let pem = self.ask(lab, &format!("/roots/{number}"));
        let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).expect(&pem);
        issuer(&pem.contents)
    }

    /// What it says about what it did.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        child::send(self.process, Signal::Kill).ok();
    }
}

/// The common name of whoever signed a certificate.
pub fn issuer(der: &[u8]) -> String {
    let (_, found) = x509_parser::parse_x509_certificate(der).expect("a certificate");
    let name = found.issuer().iter_common_name().next().expect("a name");
    name.as_str().expect("a text").to_owned()
}

/// One authority after the other is the one that is configured.
fn forget_authority(lab: &Lab) {
    let file = lab.sandbox().config_file();
    let text = fs::read_to_string(&file).expect("a configuration");
    if let Some((before, _)) = text.split_once("\n[acme.main]") {
        hostctl::env::files::replace_private(&file, before.as_bytes()).expect("a configuration");
        lab.ask("DELETE FROM hostctl.ca_accounts RETURNING ca");
    }
}

/// Where certificates are kept, on which ports challenges are answered, and who is asked about names.
pub(super) fn stage(dns: SocketAddr, directory: &Path, http: u16, tls: u16) -> String {
    format!(
        "\n[certificate]\ndirectory = \"{}\"\nhttp_listen = \"127.0.0.1:{http}\"\ntls_listen = \"127.0.0.1:{tls}\"\n\
         \n[domain]\nhttp_port = {http}\ntls_port = {tls}\n\n[resolver]\nservers = [\"{dns}\"]\n",
        directory.display(),
    )
}

/// The zone of the tests.
pub(super) fn furnish(lab: &Lab) {
    if lab.run(&["dns", "zone", "show", ZONE]).code != Some(0) {
        lab.run(&["dns", "zone", "create", ZONE]).expect_code(0);
        for name in ["@", "*"] {
            lab.run(&["dns", "record", "add", ZONE, name, "A", "127.0.0.1"])
                .expect_code(0);
        }
    }
}

/// A root, and a certificate for loopback that it issued.
pub(super) fn identity(ca: &Path, certificate: &Path, key: &Path) {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root");
    let pair = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("parameters");
    let leaf = params.signed_by(&pair, &root).expect("a certificate");
    fs::write(ca, root.pem()).expect("a file");
    fs::write(certificate, leaf.pem()).expect("a file");
    fs::write(key, pair.serialize_pem()).expect("a file");
}

/// The TXT values at a name, past the program.
pub fn texts(lab: &Lab, name: &str) -> Vec<String> {
    lab.zones(&format!(
        "SELECT content FROM records WHERE type = 'TXT' AND name = '{name}' ORDER BY 1"
    ))
}
