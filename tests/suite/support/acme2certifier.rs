//! A second real authority, of other people than pebble's: acme2certifier, which has renewal information and profiles of
//! its own. It runs in a virtual environment that the project's script makes where it is missing; without network that
//! fails, and so does the test.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};
use hostctl::sandbox::Name;
use hostctl::sandbox::ports::Port;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};

use super::Lab;
use super::acme::{furnish, identity, stage};
use super::wire::Wire;

const PROGRAM: &str = include_str!("acme2certifier/serve.py");

/// An authority that is up. It suggests to renew on the day after the ninth of 90.
pub struct Acme2certifier {
    /// What stands between it and the program.
    pub wire: Wire,
    directory: tempfile::TempDir,
    process: Process,
    _ports: Vec<Port>,
}

impl Acme2certifier {
    /// Starts one that looks names up in the PowerDNS of `lab`, makes the zone of the tests there, and configures the
    /// program to use both.
    pub fn start(lab: &Lab) -> Acme2certifier {
        let python = lab.wait(python());
        let dns = lab.sandbox().addresses(Name::Powerdns).expect("a DNS server")[0];
        let ports: Vec<Port> = (0..3).map(|_| Port::reserve().expect("a port")).collect();
        let [api, http, tls] = [0, 1, 2].map(|index| ports[index].number());
        let directory = tempfile::Builder::new()
            .prefix("acme2certifier-")
            .tempdir_in("/tmp")
            .expect("a directory");
        let path = |name: &str| directory.path().join(name);
        identity(&path("ca.pem"), &path("tls.pem"), &path("tls.key"));
        authority(directory.path());
        fs::create_dir(path("issued")).expect("a directory");
        let configuration = configuration(directory.path(), &dns.ip().to_string());
        fs::write(path("acme_srv.cfg"), configuration).expect("a file");
        fs::write(path("serve.py"), PROGRAM).expect("a file");
        let spec = Spec::new(python)
            .argument(path("serve.py"))
            .argument(directory.path())
            .arguments([api, dns.port(), http].map(|port| port.to_string()))
            .death_signal(Signal::Terminate);
        let process = child::spawn_server(&spec, &path("log"), Lifetime::WithParent).expect("started");
        let wire = lab.wait(Wire::start(
            ([127, 0, 0, 1], api).into(),
            &path("tls.pem"),
            &path("tls.key"),
            &path("ca.pem"),
        ));
        let authority = Acme2certifier {
            wire,
            directory,
            process,
            _ports: ports,
        };
        lab.wait(authority.until_it_answers());
        let section = format!(
            "\n[acme.main]\ndirectory = \"{}\"\nca_file = \"{}\"\ncontact = [\"hostmaster@shop.example\"]\n",
            authority.wire.url("/directory"),
            authority.directory.path().join("ca.pem").display(),
        );
        let certificates = authority.directory.path().join("certificates");
        lab.configure(&(section + &stage(dns, &certificates, http, tls)));
        furnish(lab);
        lab.run(&["ca", "register", "main", "--agree-tos"]).expect_code(0);
        authority
    }

    async fn until_it_answers(&self) {
        let begin = hostctl::clock::instant();
        while !self.wire.reaches_server().await {
            assert!(self.process.is_alive(), "it ended: {}", self.log());
            assert!(
                begin.elapsed() < Duration::from_secs(30),
                "it does not answer: {}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What it says about what it did.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Acme2certifier {
    fn drop(&mut self) {
        child::send(self.process, Signal::Kill).ok();
    }
}

/// The interpreter of the environment.
async fn python() -> std::path::PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/install-python.sh");
    let mut spec = Spec::new("sh")
        .argument(script)
        .argument(&directory)
        .deadline(Duration::from_secs(300));
    // Whatever leads to packages here: a proxy, certificates, a mirror.
    let environment = hostctl::env::variables::Environment::from_process().expect("an environment");
    for (name, value) in environment.all() {
        spec = spec.variable(name, value);
    }
    child::run(spec)
        .await
        .and_then(child::Output::succeeded)
        .expect("packaging/install-python.sh: what python-test-requirements.txt lists");
    directory.join("venv/bin/python")
}

/// The key and the certificate that it signs with, and the root above.
fn authority(directory: &Path) {
    let params = |name: &str| {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, name);
        params
    };
    let root = CertifiedIssuer::self_signed(params("second root"), KeyPair::generate().expect("a key"));
    let root = root.expect("a root");
    let key = KeyPair::generate().expect("a key");
    let between = params("second authority")
        .signed_by(&key, &root)
        .expect("an authority");
    fs::write(directory.join("root.pem"), root.pem()).expect("a file");
    fs::write(directory.join("between.pem"), between.pem()).expect("a file");
    fs::write(directory.join("between.key"), key.serialize_pem()).expect("a file");
}

fn configuration(directory: &Path, dns: &str) -> String {
    let at = |name: &str| directory.join(name).display().to_string();
    format!(
        "[DEFAULT]\ndebug: False\ndns_server_list: [\"{dns}\"]\n\
         [CAhandler]\nhandler_module: acme2certifier.cahandlers.openssl_ca_handler\nissuing_ca_key: {}\n\
         issuing_ca_cert: {}\nca_cert_chain_list: [\"{}\"]\ncert_save_path: {}\nissuing_ca_crl: {}\ncert_validity_days: 90\n\
         [DBhandler]\nhandler: wsgi\ndbfile: {}\n\
         [Challenge]\ntls_alpn_01_support: False\n\
         [Order]\nprofiles: {{\"classic\": \"as ever\", \"other\": \"another one\"}}\n\
         [Renewalinfo]\nrenewalthreshold_pctg: 10\nrenewal_window_duration: 86400\nretry_after_timeout: 3600\n",
        at("between.key"),
        at("between.pem"),
        at("root.pem"),
        at("issued"),
        at("crl.pem"),
        at("database"),
    )
}
