//! How the program finds and enters its control database: TLS, several hosts, poolers, a role without special power.

use std::path::{Path, PathBuf};

use crate::support::call::{finish, program};
use crate::support::{Lab, Ran};
use hostctl::env::child::Lifetime;
use hostctl::sandbox::{Name, Options, Parts, Sandbox, Tls};
use serde_json::Value;

/// PostgreSQL that takes TLS only, with a certificate for 127.0.0.1, and nothing in it.
struct Encrypted {
    sandbox: Sandbox,
    directory: tempfile::TempDir,
}

/// An authority of this name, and a certificate for 127.0.0.1 by it.
fn certificates(name: &str) -> Tls {
    let key = rcgen::KeyPair::generate().expect("key");
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = parameters.self_signed(&key).expect("authority");
    let issuer = rcgen::Issuer::new(parameters, key);
    let server_key = rcgen::KeyPair::generate().expect("key");
    let server = rcgen::CertificateParams::new(vec!["127.0.0.1".into()]).expect("parameters");
    let server = server.signed_by(&server_key, &issuer).expect("certificate");
    Tls {
        certificate: server.pem(),
        key: server_key.serialize_pem(),
        authority: authority.pem(),
    }
}

impl Encrypted {
    async fn up() -> Encrypted {
        let directory = crate::support::new_directory();
        let options = Options {
            parts: Parts::NONE,
            lifetime: Lifetime::WithParent,
            tls: Some(certificates("ours")),
            templates: Some(crate::support::templates()),
            ..Options::new(directory)
        };
        Encrypted {
            sandbox: Sandbox::up(options).await.expect("up"),
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn authority(&self) -> PathBuf {
        self.sandbox.directory().join("ca.pem")
    }

    fn other_authority(&self) -> PathBuf {
        let path = self.directory.path().join("other.pem");
        std::fs::write(&path, certificates("other").authority).expect("a file");
        path
    }

    fn verifying(authority: &Path) -> String {
        format!("sslmode=verify-full&sslrootcert={}", authority.display())
    }

    /// `schema init` at this host with these parameters.
    async fn init(&self, host: &str, parameters: &str) -> Ran {
        let port = self.port();
        let url = format!("postgres://hostctl@{host}:{port}/hostctl?{parameters}");
        let spec = program(&["-o", "json", "schema", "init"])
            .variable("HOSTCTL_CONFIG", self.sandbox.config_file())
            .variable("HOSTCTL_CONTROL__URL", &url);
        finish(spec, format!("{url} hostctl schema init")).await
    }

    fn port(&self) -> u16 {
        self.sandbox.addresses(Name::Postgres).expect("an address")[0].port()
    }

    async fn has_schema(&self) -> bool {
        let client = self.sandbox.superuser("hostctl").await.expect("a session");
        let sql = "SELECT to_regnamespace('hostctl') IS NOT NULL";
        client.query_one(sql, &[]).await.expect("an answer").get(0)
    }
}

/// The error object, whole but for the hint.
#[track_caller]
fn refusal(ran: &Ran) -> [String; 3] {
    assert_eq!(ran.stdout, "", "{ran}");
    let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    ["kind", "reason", "message"].map(|key| said["error"][key].as_str().expect("text").to_owned())
}

/// Two ports on which nobody listens.
fn closed_ports() -> [u16; 2] {
    let sockets = [(); 2].map(|()| std::net::TcpListener::bind("127.0.0.1:0").expect("a port"));
    sockets
        .each_ref()
        .map(|socket| socket.local_addr().expect("an address").port())
}

#[tokio::test]
async fn only_the_named_server_with_a_certificate_of_the_named_authority_is_entered() {
    let server = Encrypted::up().await;
    let port = server.port();
    let verifying = Encrypted::verifying(&server.authority());

    let ran = server
        .init("127.0.0.1", &Encrypted::verifying(&server.other_authority()))
        .await;
    ran.expect_code(8);
    assert!(ran.stderr.contains("sslrootcert"), "a hint: {ran}");
    let [kind, reason, message] = refusal(&ran);
    assert_eq!([&*kind, &*reason], ["unavailable", "unavailable"]);
    let place = format!("the control database at 127.0.0.1:{port}: ");
    assert!(
        message.starts_with(&place) && message.contains("UnknownIssuer"),
        "{ran}"
    );

    let ran = server.init("localhost", &verifying).await;
    ran.expect_code(8);
    let [kind, reason, message] = refusal(&ran);
    assert_eq!([&*kind, &*reason], ["unavailable", "unavailable"]);
    let place = format!("the control database at localhost:{port}: ");
    assert!(
        message.starts_with(&place) && message.contains("not valid for name \"localhost\""),
        "{ran}"
    );

    let ran = server.init("127.0.0.1", "sslmode=disable").await;
    ran.expect_code(7);
    let [kind, reason, message] = refusal(&ran);
    assert_eq!([&*kind, &*reason], ["denied", "authentication"]);
    assert!(
        message.contains("28000") && ran.stderr.contains("sslmode=verify-full"),
        "{ran}"
    );
    assert!(!server.has_schema().await, "something was done");

    server.init("127.0.0.1", &verifying).await.expect_code(0);
    assert!(server.has_schema().await);
    server.sandbox.down().await.expect("down");
}

#[test]
fn the_first_of_several_hosts_that_answers_is_taken() {
    let lab = Lab::new();
    let port = lab.sandbox().addresses(Name::Postgres).expect("an address")[0].port();
    let [first, second] = closed_ports();
    let list = |hosts: &str| {
        let url = format!("postgres://hostctl@{hosts}/hostctl");
        lab.call(&["account", "list", "-o", "json"])
            .variable("HOSTCTL_CONTROL__URL", &url)
            .run()
    };
    list(&format!("127.0.0.1:{first},127.0.0.1:{port}")).expect_code(0);
    let ran = list(&format!("127.0.0.1:{first},127.0.0.1:{second}"));
    ran.expect_code(8);
    let [kind, reason, message] = refusal(&ran);
    assert_eq!([&*kind, &*reason], ["unavailable", "unavailable"]);
    for port in [first, second] {
        let place = format!("the control database at 127.0.0.1:{port}: ");
        assert!(message.contains(&place), "{ran}");
    }
}

/// The error object.
#[track_caller]
fn said(ran: &Ran, code: i32) -> Value {
    ran.expect_code(code);
    let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"].clone()
}

#[test]
fn who_does_not_answer_is_named_and_so_is_the_setting_that_names_it() {
    let lab = Lab::with_dns();
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = socket.local_addr().expect("an address").port();
    let [closed, _] = closed_ports();
    let database = ["db", "create", "shop", "--timeout", "2s", "-o", "json"];
    let zone = [
        "dns",
        "zone",
        "create",
        "new.test",
        "--timeout",
        "2s",
        "-o",
        "json",
    ];
    let url = |port: u16| format!("http://127.0.0.1:{port}");
    for (port, reason) in [(closed, "unavailable"), (silent, "timeout")] {
        for (call, place, setting) in [
            (
                lab.call(&database).through(port),
                "the control database at ",
                "[control] url",
            ),
            (
                lab.call(&database).cluster_through(port),
                "cluster main at ",
                "[cluster.main] url",
            ),
            (
                lab.call(&zone).dns_through(&url(port)),
                "PowerDNS at http://",
                "[dns.main] url",
            ),
        ] {
            let ran = call.run();
            let error = said(&ran, 8);
            let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
            assert_eq!(text("reason"), reason, "{ran}");
            assert!(
                text("message").starts_with(&format!("{place}127.0.0.1:{port}")),
                "{ran}"
            );
            if reason == "unavailable" {
                assert!(text("hint").contains(setting), "{ran}");
            }
        }
    }
}

#[test]
fn a_transaction_pooler_is_refused() {
    let lab = Lab::new();
    lab.wait(lab.sandbox().start_pooler()).expect("a pooler");
    let port = lab.sandbox().addresses(Name::Pgbouncer).expect("an address")[0].port();
    let ran = lab.call(&["-o", "json", "schema", "init"]).through(port).run();
    ran.expect_code(2);
    assert_eq!(
        refusal(&ran),
        [
            "usage",
            "pooler",
            "the control database is behind a pooler that changes the server under a session"
        ]
    );
}

#[test]
fn the_program_needs_no_superuser() {
    let lab = Lab::new();
    assert_eq!(
        lab.ask("SELECT concat_ws(' ', rolname, rolsuper) FROM pg_roles WHERE rolname = 'hostctl'"),
        ["hostctl f"]
    );
    // The lab has made the schema; and the rest is no more powerful.
    lab.run(&["account", "create", "acme"]).expect_code(0);
    lab.run(&["db", "create", "shop", "--account", "acme"])
        .expect_code(0);
}
