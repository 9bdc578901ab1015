use super::*;
use crate::error::{Error, Kind};

fn parsed(text: &str) -> PostgresUrl {
    PostgresUrl::parse(text, false).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> Error {
    let error = PostgresUrl::parse(text, false).expect_err(text);
    assert_eq!(error.kind(), Kind::Usage);
    error
}

fn hosts(text: &str) -> Vec<String> {
    parsed(text).hosts.iter().map(ToString::to_string).collect()
}

#[test]
fn hosts_come_in_all_the_ways_of_libpq() {
    assert_eq!(hosts("postgres://db1/x"), ["db1:5432"]);
    assert_eq!(
        hosts("postgresql://DB1.Example.net:6000"),
        ["db1.example.net:6000"]
    );
    assert_eq!(
        hosts("postgres://h1:1,h2:2,[::1]:3,[::1],192.0.2.1/x"),
        ["h1:1", "h2:2", "[::1]:3", "[::1]:5432", "192.0.2.1:5432"]
    );
    assert_eq!(
        hosts("postgres://%2Fvar%2Frun%2Fpostgresql:5433/x"),
        ["/var/run/postgresql:5433"]
    );
    assert_eq!(
        hosts("postgres:///x?host=/var/run/postgresql"),
        ["/var/run/postgresql:5432"]
    );
    assert_eq!(hosts("postgres://u@/x?host=/a,/b&port=1,2"), ["/a:1", "/b:2"]);
    assert_eq!(hosts("postgres:///x?host=/a,/b&port=7"), ["/a:7", "/b:7"]);
}

#[test]
fn names_and_passwords_are_decoded() {
    let url =
        parsed("postgres://a%40b:p%3A%2F%25@localhost/my%20db?application_name=x%20y&connect_timeout=5");
    assert_eq!(url.user.as_deref(), Some("a@b"));
    assert_eq!(
        url.password
            .as_ref()
            .map(|password| password.expose().to_owned())
            .as_deref(),
        Some("p:/%")
    );
    assert_eq!(url.database.as_deref(), Some("my db"));
    assert_eq!(url.application_name.as_deref(), Some("x y"));
    assert_eq!(url.connect_timeout, Some(Duration::from_secs(5)));
    let bare = parsed("postgres://localhost");
    assert_eq!(
        (bare.user, bare.database, bare.target_session_attrs),
        (None, None, TargetSessionAttrs::Any)
    );
}

#[test]
fn the_password_is_never_shown() {
    let url = parsed("postgres://u:hunter2@h1,h2/db");
    assert_eq!(
        url.to_string(),
        "postgres://u:***@h1:5432,h2:5432/db?sslmode=verify-full"
    );
    assert!(!format!("{url:?}").contains("hunter2"));
}

#[test]
fn what_display_shows_can_be_parsed_again() {
    for text in [
        "postgres://u%40@[::1]:1/a%2Fb",
        "postgres:///d?host=/var/run/x",
        "postgres://h1,h2/",
    ] {
        let shown = parsed(text).to_string();
        assert_eq!(parsed(&shown).to_string(), shown);
        assert_eq!(hosts(&shown), hosts(text));
    }
}

#[test]
fn tls_is_checked_in_full_off_loopback_and_off_on_loopback() {
    for (text, mode) in [
        ("postgres://db1/x", SslMode::VerifyFull),
        ("postgres://localhost,db1/x", SslMode::VerifyFull),
        ("postgres://127.0.0.1,[::1],localhost/x", SslMode::Disable),
        ("postgres:///x?host=/run/x", SslMode::Disable),
        ("postgres://localhost/x?sslmode=require", SslMode::Require),
    ] {
        assert_eq!(parsed(text).sslmode, mode, "{text}");
    }
}

#[test]
fn less_than_verify_full_off_loopback_needs_permission() {
    for mode in ["disable", "prefer", "require", "verify-ca"] {
        for host in [
            "db1",
            "192.0.2.1",
            "[2001:db8::1]",
            "localhost,db1",
            "127.0.0.1.example.net",
        ] {
            let text = format!("postgres://{host}/x?sslmode={mode}");
            let error = refused(&text);
            assert_eq!(
                error.message(),
                format!("says sslmode={mode} for a host that is not this one")
            );
            assert!(PostgresUrl::parse(&text, true).expect("allowed").allow_insecure);
        }
    }
}

#[test]
fn an_unknown_parameter_names_the_nearest_known_one() {
    let error = refused("postgres://h/x?ssl_mode=disable");
    assert_eq!(error.message(), "holds the unknown parameter `ssl_mode`");
    assert_eq!(
        error.hint_text(),
        Some("the nearest known parameter is `sslmode`")
    );
    assert!(
        refused("postgres://h/x?options=-c")
            .hint_text()
            .is_some_and(|hint| hint.starts_with("known are host, "))
    );
    assert!(
        refused("postgres://h/x?sslmode=allow")
            .hint_text()
            .is_some_and(|hint| hint.ends_with("verify-full"))
    );
}

#[test]
fn no_error_repeats_a_password_however_it_was_misspelt() {
    for text in [
        "postgres://u:hunter2/x@h/d",
        "postgres://u:12/hunter2@h/d",
        "postgres://u:hunter2?x@h/d",
        "postgres://u:hunter2#x@h/d",
        "postgres://u:hunter2%zz@h/d",
        "postgres://u:hunter2 @h/d",
        "postgres://:hunter2@h/d",
        "postgres://h/d?password=hunter2",
        "postgres://h/d?sslmode=hunter2",
        "mysql://u:hunter2@h/d",
        "hunter2",
    ] {
        let error = refused(text);
        let shown = format!("{} {:?} {error:?}", error.message(), error.hint_text());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn nonsense_is_refused() {
    for text in [
        "",
        "postgres://",
        "postgres:///x",
        "postgres://h:0/x",
        "postgres://h:65536/x",
        "postgres://h:+5/x",
        "postgres://h:/x",
        "postgres://h1,,h2/x",
        "postgres://[::1/x",
        "postgres://[::1]5/x",
        "postgres://::1/x",
        "postgres://a..b/x",
        "postgres://a%00b/x",
        "postgres://h/%ff",
        "postgres://h/x?host=/run",
        "postgres://h/x?port=1",
        "postgres:///x?host=/a,/b,/c&port=1,2",
        "postgres://h/x?sslmode=verify-full&sslmode=disable",
        "postgres://h/x?sslmode",
        "postgres://h/x?connect_timeout=0",
        "postgres://h/x?sslrootcert=relative.pem",
        "postgres://h/x?application_name=",
    ] {
        refused(text);
    }
}
