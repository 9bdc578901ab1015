//! Sandboxes with real servers: made, used, killed, started again, and gone without a trace.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::clock;
use hostctl::env::child::{self, Process, Signal, Spec, Stopped};
use hostctl::error::Kind;
use hostctl::sandbox::{self, Lifetime, Name, Options, Parts, Sandbox, ServerState, Tls};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

/// A directory that the service user can reach and that is not there yet.
struct Place {
    outer: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let outer = tempfile::Builder::new()
            .prefix("sandbox-")
            .tempdir_in("/tmp")
            .expect("directory");
        fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        Place { outer }
    }

    fn path(&self) -> PathBuf {
        self.outer.path().join("box")
    }

    fn options(&self, parts: Parts) -> Options {
        Options {
            parts,
            lifetime: Lifetime::WithParent,
            ..Options::new(self.path())
        }
    }

    /// Nothing in the file system, no process that works there or was told to.
    fn assert_untouched(&self) {
        assert!(!self.path().exists(), "{} is left", self.path().display());
        assert_eq!(processes_of(&self.path()), Vec::<String>::new());
    }
}

fn processes_of(directory: &Path) -> Vec<String> {
    let directory = directory.to_string_lossy().into_owned();
    let text = |path: String| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).replace('\0', " ");
    child::running()
        .into_iter()
        .filter_map(|running| {
            let pid = running.process.pid;
            let line = text(format!("/proc/{pid}/cmdline"));
            let cwd = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
            let is_there = line.contains(&directory) || cwd.to_string_lossy().starts_with(&directory);
            (is_there && running.process.is_alive()).then(|| format!("{pid} {line}"))
        })
        .collect()
}

fn segments_of(process: Process) -> usize {
    let table = fs::read_to_string("/proc/sysvipc/shm").expect("segments");
    let creator = process.pid.to_string();
    table
        .lines()
        .filter(|line| line.split_ascii_whitespace().nth(4) == Some(&creator))
        .count()
}

async fn control(sandbox: &Sandbox) -> Client {
    let (client, connection) = sandbox
        .control()
        .expect("configuration")
        .connect(NoTls)
        .await
        .expect("connection");
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn postgres_alone_is_enough_and_leaves_nothing() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts::NONE)).await.expect("up");
    let status = sandbox.status();
    assert_eq!(status.len(), 1);
    assert_eq!(
        (status[0].server, status[0].state),
        (Name::Postgres, ServerState::Running)
    );
    assert!(status[0].address.port() < 32_768);

    let client = control(&sandbox).await;
    let row = client
        .query_one(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, current_database(), current_setting('max_connections')
             FROM pg_roles WHERE rolname = current_user",
            &[],
        )
        .await
        .expect("own role");
    assert_eq!((row.get(0), row.get(1), row.get(2)), (false, true, true));
    assert_eq!((row.get::<_, &str>(3), row.get::<_, &str>(4)), ("hostctl", "200"));
    client
        .batch_execute("CREATE ROLE tenant LOGIN PASSWORD 'x'")
        .await
        .expect("role");
    client
        .batch_execute("CREATE DATABASE tenant")
        .await
        .expect("database");

    let superuser = sandbox.superuser("tenant").await.expect("superuser");
    let row = superuser
        .query_one("SELECT current_setting('is_superuser')", &[])
        .await
        .expect("row");
    assert_eq!(row.get::<_, &str>(0), "on");

    let mut config = sandbox.control().expect("configuration");
    let error = config
        .password("wrong")
        .connect(NoTls)
        .await
        .err()
        .expect("a wrong password");
    assert_eq!(error.code().map(SqlState::code), Some("28P01"));
    let error = config
        .user("tenant")
        .password("x")
        .dbname("postgres")
        .connect(NoTls)
        .await
        .err();
    assert_eq!(
        error.expect("not for tenants").code().map(SqlState::code),
        Some("42501")
    );

    sandbox.down().await.expect("down");
    place.assert_untouched();
    let error = sandbox::down(&place.path()).await.expect_err("nothing there");
    assert_eq!((error.kind(), error.reason()), (Kind::NotFound, "not_found"));
}

#[tokio::test]
async fn a_sandbox_is_found_again_and_not_made_twice() {
    let place = Place::new();
    let error = Sandbox::open(&place.path()).await.err().expect("nothing there");
    assert_eq!(error.kind(), Kind::NotFound);
    let first = Sandbox::up(place.options(Parts::NONE)).await.expect("up");
    let error = Sandbox::up(place.options(Parts::NONE))
        .await
        .err()
        .expect("exists");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "exists"));
    let hint = format!("hostctl sandbox down --dir {}", place.path().display());
    assert_eq!(error.hint_text(), Some(hint.as_str()));
    let second = Sandbox::open(&place.path()).await.expect("open");
    assert_eq!(second.status(), first.status());
    second.down().await.expect("down");
    assert_eq!(first.control().expect_err("gone").kind(), Kind::Unavailable);
    place.assert_untouched();
}

#[tokio::test]
async fn secrets_are_in_private_files_and_nowhere_else() {
    let place = Place::new();
    let options = Options {
        logs_statements: true,
        ..place.options(Parts {
            dns: true,
            mail: false,
        })
    };
    let sandbox = Sandbox::up(options).await.expect("up");
    let read = |name: &str| fs::read_to_string(place.path().join(name)).expect(name);
    let secrets = [read("control.password"), read("powerdns.key")].map(|text| text.trim().to_owned());
    for name in [
        "control.password",
        "powerdns.key",
        "pgpass",
        "sandbox.json",
        "hostctl.toml",
    ] {
        let mode = fs::metadata(place.path().join(name))
            .expect(name)
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let environment = format!("{:?}", sandbox.environment());
    let mut told = vec![environment.clone(), read("hostctl.toml"), read("sandbox.json")];
    told.extend(
        [Name::Postgres, Name::Powerdns].map(|name| fs::read_to_string(sandbox.log_file(name)).expect("log")),
    );
    told.extend(processes_of(&place.path()));
    for (secret, text) in secrets
        .iter()
        .flat_map(|secret| told.iter().map(move |text| (secret, text)))
    {
        assert!(!text.contains(secret.as_str()), "a secret in {text}");
    }
    assert!(told[3].contains("CREATE ROLE hostctl"), "statements are logged");
    for name in ["HOSTCTL_CONFIG", "PGPASSFILE", "DIG", "PDNS_API_KEY_FILE"] {
        assert!(environment.contains(name), "{name}");
    }
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

#[tokio::test]
async fn dns_is_served_through_the_api_and_after_a_kill() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts {
        dns: true,
        mail: false,
    }))
    .await
    .expect("up");
    let addresses = sandbox.addresses(Name::Powerdns).expect("addresses");
    let key = fs::read_to_string(place.path().join("powerdns.key")).expect("key");
    rustls::crypto::ring::default_provider().install_default().ok();
    let body = r#"{"name":"example.test.","kind":"Native","nameservers":["ns1.sandbox.test."],"soa_edit_api":"INCREASE"}"#;
    let url = format!("http://{}/api/v1/servers/localhost/zones", addresses[1]);
    let http = reqwest::Client::new();
    let request = || {
        http.post(&url)
            .header("Content-Type", "application/json")
            .body(body)
    };
    assert_eq!(request().send().await.expect("answer").status().as_u16(), 401);
    let answer = request()
        .header("X-API-Key", key.trim())
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.status().as_u16(), 201);
    assert_eq!(ask_soa(addresses[0]), (0, 1));

    sandbox.kill(Name::Powerdns).await.expect("kill");
    assert_eq!(sandbox.status()[1].state, ServerState::Stopped);
    sandbox.start(Name::Powerdns).await.expect("start");
    assert_eq!(sandbox.addresses(Name::Powerdns).expect("addresses"), addresses);
    assert_eq!(ask_soa(addresses[0]), (0, 1));
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

/// Response code and number of answers for `example.test SOA` (RFC 1035 §4.1).
fn ask_soa(server: SocketAddr) -> (u8, u16) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(2)))
        .expect("time-out");
    let mut question = vec![1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    question.extend_from_slice(b"\x07example\x04test\x00\x00\x06\x00\x01");
    socket.send_to(&question, server).expect("send");
    let mut answer = [0; 512];
    socket.recv(&mut answer).expect("an answer");
    (answer[3] & 15, u16::from_be_bytes([answer[6], answer[7]]))
}

#[tokio::test]
async fn a_message_delivered_is_read_back_and_dovecot_can_be_restarted() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts {
        dns: false,
        mail: true,
    }))
    .await
    .expect("up");
    assert_eq!(
        sandbox.addresses(Name::Dovecot).expect_err("not yet").kind(),
        Kind::NotFound
    );
    let client = control(&sandbox).await;
    client
        .batch_execute("CREATE ROLE reader LOGIN PASSWORD 'reads'")
        .await
        .expect("role");
    let port = sandbox.addresses(Name::Postgres).expect("address")[0].port();
    let sql = format!(
        "driver = pgsql\n\
         connect = host=127.0.0.1 port={port} dbname=hostctl user=reader password=reads\n\
         password_query = SELECT '%u' AS user, '{{PLAIN}}opensesame' AS password\n\
         user_query = SELECT '*:bytes=1000000' AS quota_rule\n"
    );
    sandbox.start_mail(&sql).await.expect("mail");
    let addresses = sandbox.addresses(Name::Dovecot).expect("addresses");
    let lmtp = [
        "LHLO test",
        "MAIL FROM:<a@example.test>",
        "RCPT TO:<info@example.test>",
        "DATA",
        "Subject: hello\r\n\r\nread me\r\n.",
        "QUIT",
    ];
    let said = talk(addresses[1], &lmtp, "221 ");
    assert!(said.contains("250 2.0.0 <info@example.test>"), "{said}");

    let imap = [
        "1 LOGIN info@example.test opensesame",
        "2 SELECT INBOX",
        "3 FETCH 1 BODY[TEXT]",
        "4 LOGOUT",
    ];
    assert!(talk(addresses[0], &imap, "4 OK").contains("read me"));
    let wrong = ["1 LOGIN info@example.test opensesam", "4 LOGOUT"];
    assert!(talk(addresses[0], &wrong, "4 OK").contains("1 NO [AUTHENTICATIONFAILED]"));

    sandbox.restart(Name::Dovecot).await.expect("restart");
    assert!(talk(addresses[0], &imap, "4 OK").contains("read me"));
    sandbox.kill(Name::Dovecot).await.expect("kill");
    sandbox.start(Name::Dovecot).await.expect("start");
    assert!(talk(addresses[0], &imap, "4 OK").contains("read me"));
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

/// Says `lines` one after another, each after an answer, and returns everything heard up to the line that begins with
/// `last`.
fn talk(server: SocketAddr, lines: &[&str], last: &str) -> String {
    let mut stream = TcpStream::connect(server).expect("connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("time-out");
    let mut reader = BufReader::new(stream.try_clone().expect("stream"));
    let mut heard = String::new();
    reader.read_line(&mut heard).expect("banner");
    for line in lines {
        stream.write_all(format!("{line}\r\n").as_bytes()).expect("write");
        let tag = line.split(' ').next().unwrap_or_default().to_owned() + " ";
        loop {
            let mut answer = String::new();
            assert!(
                reader.read_line(&mut answer).expect("an answer") > 0,
                "closed after {heard}"
            );
            heard.push_str(&answer);
            let is_reply = answer.as_bytes().get(3) == Some(&b' ') && answer.as_bytes()[0].is_ascii_digit();
            if is_reply || answer.starts_with(&tag) {
                break;
            }
        }
    }
    assert!(heard.lines().any(|line| line.starts_with(last)), "{heard}");
    heard
}

#[tokio::test]
async fn postgres_survives_kill_with_its_data_and_leaves_no_shared_memory() {
    let place = Place::new();
    let sandbox = Sandbox::up(Options {
        is_durable: true,
        ..place.options(Parts::NONE)
    })
    .await
    .expect("up");
    let client = control(&sandbox).await;
    client
        .batch_execute("CREATE TABLE kept AS SELECT 42 AS answer")
        .await
        .expect("table");
    let killed = sandbox.process(Name::Postgres).expect("process");
    assert_eq!(segments_of(killed), 1);
    sandbox.kill(Name::Postgres).await.expect("kill");
    assert_eq!(
        (processes_of(&place.path()), segments_of(killed)),
        (Vec::new(), 0)
    );
    assert!(client.simple_query("SELECT 1").await.is_err());
    sandbox.start(Name::Postgres).await.expect("start");
    let row = control(&sandbox)
        .await
        .query_one("SELECT answer FROM kept", &[])
        .await
        .expect("row");
    assert_eq!(row.get::<_, i32>(0), 42);

    // Killed behind our back, as by the kernel: `down` notices.
    let process = sandbox.process(Name::Postgres).expect("process");
    assert!(child::send(process, Signal::Kill).expect("send"));
    sandbox.down().await.expect("down");
    assert_eq!(segments_of(process), 0);
    place.assert_untouched();
}

#[tokio::test]
async fn a_pooler_gives_every_transaction_another_session() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts::NONE)).await.expect("up");
    sandbox.start_pooler().await.expect("pooler");
    let mut config = sandbox.control().expect("configuration");
    let port = sandbox.addresses(Name::Pgbouncer).expect("address")[0].port();
    let mut pooled = tokio_postgres::Config::new();
    pooled
        .host("127.0.0.1")
        .port(port)
        .user("hostctl")
        .dbname("hostctl");
    pooled.password(config.get_password().expect("password"));
    let (client, connection) = pooled.connect(NoTls).await.expect("connection");
    tokio::spawn(connection);
    client
        .batch_execute("SET search_path = leaked")
        .await
        .expect("set");
    drop(client);
    let (client, connection) = pooled.connect(NoTls).await.expect("connection");
    tokio::spawn(connection);
    let rows = client.simple_query("SHOW search_path").await.expect("show");
    assert!(
        format!("{rows:?}").contains("leaked"),
        "the session was another client's before: {rows:?}"
    );
    config.port(port);
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

#[tokio::test]
async fn sandboxes_started_at_once_do_not_collide() {
    let places: Vec<Place> = (0..4).map(|_| Place::new()).collect();
    let parts = Parts {
        dns: true,
        mail: false,
    };
    let ups = places.iter().map(|place| Sandbox::up(place.options(parts)));
    let sandboxes: Vec<Sandbox> = futures_util::future::join_all(ups)
        .await
        .into_iter()
        .map(|up| up.expect("up"))
        .collect();
    let mut numbers: Vec<u16> = sandboxes
        .iter()
        .flat_map(|sandbox| {
            [Name::Postgres, Name::Powerdns].map(|name| sandbox.addresses(name).expect("addresses"))
        })
        .flatten()
        .map(|address| address.port())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 12);
    for (sandbox, place) in sandboxes.into_iter().zip(places) {
        control(&sandbox).await;
        sandbox.down().await.expect("down");
        place.assert_untouched();
    }
}

#[tokio::test]
async fn tls_is_verified_against_the_given_authority_and_plain_is_refused() {
    let place = Place::new();
    let key = rcgen::KeyPair::generate().expect("key");
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = parameters.self_signed(&key).expect("authority");
    let issuer = rcgen::Issuer::new(parameters, key);
    let server_key = rcgen::KeyPair::generate().expect("key");
    let server =
        rcgen::CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).expect("parameters");
    let server = server.signed_by(&server_key, &issuer).expect("certificate");
    let tls = Tls {
        certificate: server.pem(),
        key: server_key.serialize_pem(),
        authority: authority.pem(),
    };
    let options = Options {
        tls: Some(tls),
        ..place.options(Parts::NONE)
    };
    let sandbox = Sandbox::up(options).await.expect("up");

    let config = sandbox.control().expect("configuration");
    let error = config.connect(NoTls).await.err().expect("plain is refused");
    assert_eq!(error.code().map(SqlState::code), Some("28000"));
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der().clone()).expect("root");
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_postgres_rustls::MakeRustlsConnect::new(client);
    let (client, connection) = config.connect(connector).await.expect("verified");
    tokio::spawn(connection);
    client.simple_query("SELECT 1").await.expect("query");
    let toml = fs::read_to_string(sandbox.config_file()).expect("toml");
    assert!(toml.contains(&format!(
        "sslmode=verify-full&sslrootcert={}/ca.pem",
        place.path().display()
    )));
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

#[tokio::test]
async fn what_is_not_ours_is_never_taken_nor_deleted() {
    let place = Place::new();
    fs::create_dir(place.path()).expect("make");
    fs::write(place.path().join("letter"), "dear").expect("write");
    let error = Sandbox::up(place.options(Parts::NONE))
        .await
        .err()
        .expect("foreign");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "foreign"));
    assert_eq!(
        sandbox::down(&place.path()).await.expect_err("foreign").kind(),
        Kind::NotFound
    );
    assert_eq!(
        fs::read_to_string(place.path().join("letter")).expect("read"),
        "dear"
    );
}

#[tokio::test]
async fn a_directory_the_service_user_cannot_enter_is_said_so() {
    if !child::is_root() {
        return; // An ordinary user's servers run as that user.
    }
    let place = Place::new();
    fs::set_permissions(place.outer.path(), fs::Permissions::from_mode(0o700)).expect("permissions");
    let error = Sandbox::up(place.options(Parts::NONE))
        .await
        .err()
        .expect("unreachable");
    assert_eq!((error.kind(), error.reason()), (Kind::Usage, "unreachable"));
    assert!(error.hint_text().expect("hint").contains("--dir"));
    place.assert_untouched();
}

#[tokio::test]
async fn an_up_that_is_broken_off_at_any_moment_is_ended_by_down() {
    for step in 0..8 {
        let place = Place::new();
        let up = Sandbox::up(place.options(Parts {
            dns: true,
            mail: false,
        }));
        tokio::time::timeout(Duration::from_millis(step * 200), up)
            .await
            .ok();
        if let Err(error) = sandbox::down(&place.path()).await {
            assert_eq!(error.kind(), Kind::NotFound, "{error}");
        }
        place.assert_untouched();
    }
}

/// Not a test of its own: what the two below start and kill. It makes a sandbox in its working directory.
#[tokio::test]
#[ignore = "started by other tests"]
async fn victim() {
    let directory = std::env::current_dir().expect("directory").join("box");
    let lifetime = if Path::new("detached").exists() {
        Lifetime::Detached
    } else {
        Lifetime::WithParent
    };
    let options = Options {
        parts: Parts {
            dns: true,
            mail: false,
        },
        lifetime,
        ..Options::new(directory)
    };
    let _sandbox = Sandbox::up(options).await.expect("up");
    tokio::time::sleep(Duration::from_secs(60)).await;
}

fn start_victim(place: &Place) -> Process {
    let program = std::env::current_exe().expect("own program");
    let spec = Spec::new(program)
        .arguments(["victim", "--exact", "--ignored", "--nocapture"])
        .directory(place.outer.path());
    child::spawn_server(
        &spec,
        &place.outer.path().join("victim.log"),
        Lifetime::WithParent,
    )
    .expect("victim")
}

#[tokio::test]
async fn servers_bound_to_a_process_die_with_it_also_by_kill() {
    let place = Place::new();
    let victim = start_victim(&place);
    let deadline = clock::deadline(Duration::from_secs(30));
    let sandbox = loop {
        match Sandbox::open(&place.path()).await {
            Ok(sandbox) => break sandbox,
            Err(error) => assert!(clock::instant() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let running: Vec<Process> = [Name::Postgres, Name::Powerdns]
        .into_iter()
        .filter_map(|name| sandbox.process(name))
        .collect();
    assert_eq!(running.iter().filter(|process| process.is_alive()).count(), 2);
    assert!(child::send(victim, Signal::Kill).expect("send"));
    let deadline = clock::deadline(Duration::from_secs(5));
    while !processes_of(&place.path()).is_empty() {
        assert!(clock::instant() < deadline, "{:?}", processes_of(&place.path()));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(
        sandbox
            .status()
            .iter()
            .all(|status| status.state == ServerState::Stopped)
    );
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

#[tokio::test]
async fn an_up_killed_at_any_moment_is_cleaned_up_by_the_next_command() {
    let steps: u64 = 12;
    for step in 0..steps {
        let place = Place::new();
        fs::write(place.outer.path().join("detached"), "").expect("write");
        let victim = start_victim(&place);
        tokio::time::sleep(Duration::from_millis(step * 100)).await;
        // Only the process itself: what it has started stays, as after a kill from outside.
        child::send(victim, Signal::Kill).expect("send");
        while victim.is_alive() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if step % 2 == 0 {
            if let Err(error) = sandbox::down(&place.path()).await {
                assert_eq!(error.kind(), Kind::NotFound, "{error}");
            }
        } else {
            match Sandbox::up(place.options(Parts::NONE)).await {
                Err(error) => assert_eq!(error.reason(), "exists", "{error}"),
                Ok(sandbox) => drop(control(&sandbox).await),
            }
            sandbox::down(&place.path()).await.expect("down");
        }
        if place.path().exists() {
            fs::remove_dir(place.path()).expect("killed before it was claimed: empty");
        }
        place.assert_untouched();
        let ended = child::stop(victim, Signal::Kill, Duration::from_secs(1))
            .await
            .expect("bury");
        assert_eq!(ended, Stopped::AlreadyDead);
    }
}
