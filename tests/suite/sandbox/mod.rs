//! Sandboxes with real servers: made, used, killed, started again, and gone without a trace.

mod crash;
mod dns;
mod mail;
mod place;

use std::time::Duration;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hostctl::env::child::{self, Signal};
use hostctl::error::Kind;
use hostctl::sandbox::{self, Name, Options, Parts, Sandbox, ServerState, Tls};
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use place::{Place, control, processes_of, segments_of};

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
    // The kernel drops the segment when the last orphan of the killed server has noticed.
    for _ in 0..50 {
        if segments_of(process) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(segments_of(process), 0);
    place.assert_untouched();
}

#[tokio::test]
async fn a_pooler_gives_every_transaction_another_session() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts::NONE)).await.expect("up");
    sandbox.start_pooler().await.expect("pooler");
    let config = sandbox.control().expect("configuration");
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
