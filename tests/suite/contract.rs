//! What a script may rely on: whole answers, whole errors, exit codes.

use crate::support::call::{finish, program};
use crate::support::{Lab, Ran};
use hostctl::env::child::Spec;
use serde_json::{Value, json};

/// The text with identifiers and times replaced by `ID` and `TIME`.
fn redacted(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "-:.".contains(letter)))
            .unwrap_or(rest.len());
        let (word, others) = rest.split_at(end);
        words.push_str(match word {
            _ if uuid::Uuid::parse_str(word).is_ok() => "ID",
            _ if word.parse::<jiff::Timestamp>().is_ok() => "TIME",
            _ => word,
        });
        let next = others.chars().next().map_or(0, char::len_utf8);
        words.push_str(&others[..next]);
        rest = &others[next..];
    }
    words
}

/// Compares everything the program said.
#[track_caller]
fn expect(ran: &Ran, code: i32, stdout: &str, stderr: &str) {
    assert_eq!(
        (ran.code, &*redacted(&ran.stdout), &*redacted(&ran.stderr)),
        (Some(code), stdout, stderr),
        "{ran}"
    );
}

/// The error object on standard error.
#[track_caller]
fn error(ran: &Ran) -> Value {
    let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"].clone()
}

#[test]
fn an_account_is_created_once() {
    let lab = Lab::new();
    let created = |operation: &str| {
        format!("{{\n  \"account\": \"acme\",\n  \"state\": \"active\",\n  \"operation\": {operation}\n}}\n")
    };
    let create = ["account", "create", "acme", "-o", "json"];
    expect(&lab.run(&create), 0, &created("\"ID\""), "");

    let again = lab.run(&create);
    again.expect_code(4);
    assert_eq!(again.stdout, "");
    let said = error(&again);
    assert_eq!(
        (&said["kind"], &said["reason"]),
        (&json!("conflict"), &json!("exists"))
    );
    let mut keys: Vec<&str> = said
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    assert_eq!(keys, ["hint", "kind", "message", "operation", "reason"]);

    expect(
        &lab.run(&["account", "create", "acme", "-o", "json", "--if-not-exists"]),
        0,
        &created("null"),
        "{\"note\":{\"message\":\"account acme exists already; unchanged\"}}\n",
    );
}

/// Kind and reason of the error object.
#[track_caller]
fn refused(ran: &Ran) -> [String; 2] {
    let said = error(ran);
    ["kind", "reason"].map(|key| said[key].as_str().expect("a word").to_owned())
}

/// Runs the program in a line of bash, in which it is `"$@"`.
fn in_shell(lab: &Lab, line: &str, arguments: &[&str]) -> Ran {
    let spec = Spec::new("/bin/bash")
        .arguments(["-c", line, "bash", env!("CARGO_BIN_EXE_hostctl")])
        .arguments(arguments)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .deadline(std::time::Duration::from_secs(60));
    lab.wait(finish(spec, format!("{line}: {}", arguments.join(" "))))
}

#[test]
fn what_is_not_there_or_not_allowed_is_refused_before_anything_is_done() {
    let lab = Lab::new();
    lab.run(&["account", "create", "acme"]).expect_code(0);
    let before = lab.world();
    let show = lab.run(&["account", "show", "nobody", "-o", "json"]);
    show.expect_code(3);
    assert_eq!(show.stdout, "");
    assert_eq!(refused(&show), ["not_found", "not_found"]);

    let delete = lab.run(&["account", "delete", "acme", "--purge"]);
    delete.expect_code(2);
    assert!(
        delete.stdout.is_empty() && delete.stderr.contains("--yes"),
        "{delete}"
    );

    lab.run(&["account", "create", "other", "-n"]).expect_code(0);
    lab.run(&["account", "delete", "acme", "--purge", "--yes", "-n"])
        .expect_code(0);
    let operations = lab.ask("SELECT kind FROM hostctl.operations");
    assert_eq!(operations, ["account.create"]);
    assert_eq!(lab.world(), before);
}

#[test]
fn a_list_is_the_same_in_every_format() {
    let lab = Lab::new();
    for name in ["zoe", "acme"] {
        lab.run(&["account", "create", name]).expect_code(0);
    }
    lab.ask("UPDATE hostctl.accounts SET created_at = '2026-01-02 03:04:05Z'");
    let list = |format: &str| lab.run(&["account", "list", "-o", format]);
    expect(&list("table"), 0, TABLE, "");
    expect(&list("json"), 0, JSON, "");
    expect(&list("ndjson"), 0, NDJSON, "");
    expect(&list("csv"), 0, CSV, "");
}

const TABLE: &str = "\
name  state   databases  boxes  zones  sites  created
──────────────────────────────────────────────────────────────────
acme  active          0      0      0      0  TIME
main  active          0      0      0      0  TIME
zoe   active          0      0      0      0  TIME
";
const JSON: &str = r#"[
  {
    "name": "acme",
    "state": "active",
    "databases": 0,
    "boxes": 0,
    "zones": 0,
    "sites": 0,
    "created_at": "TIME"
  },
  {
    "name": "main",
    "state": "active",
    "databases": 0,
    "boxes": 0,
    "zones": 0,
    "sites": 0,
    "created_at": "TIME"
  },
  {
    "name": "zoe",
    "state": "active",
    "databases": 0,
    "boxes": 0,
    "zones": 0,
    "sites": 0,
    "created_at": "TIME"
  }
]
"#;
const NDJSON: &str = r#"{"name":"acme","state":"active","databases":0,"boxes":0,"zones":0,"sites":0,"created_at":"TIME"}
{"name":"main","state":"active","databases":0,"boxes":0,"zones":0,"sites":0,"created_at":"TIME"}
{"name":"zoe","state":"active","databases":0,"boxes":0,"zones":0,"sites":0,"created_at":"TIME"}
"#;
const CSV: &str = "\
name,state,databases,boxes,zones,sites,created_at\r\n\
acme,active,0,0,0,0,TIME\r\n\
main,active,0,0,0,0,TIME\r\n\
zoe,active,0,0,0,0,TIME\r\n";

#[test]
fn an_answer_that_nobody_takes_is_no_error_but_one_that_is_lost_is() {
    let lab = Lab::new();
    // The reader is gone before the first word.
    let closed = "set -o pipefail; { sleep 0.2; \"$@\"; } | true";
    let full = "\"$@\" > /dev/full";
    in_shell(&lab, closed, &["account", "list", "-o", "json"]).expect_code(0);
    in_shell(&lab, closed, &["account", "create", "piped"]).expect_code(0);

    let list = in_shell(&lab, full, &["account", "list", "-o", "json"]);
    list.expect_code(8);
    assert_eq!(refused(&list), ["unavailable", "output"]);
    let shown = in_shell(&lab, full, &["account", "create", "other", "-n", "-o", "json"]);
    shown.expect_code(8);

    let create = in_shell(&lab, full, &["account", "create", "acme", "-o", "json"]);
    create.expect_code(10);
    assert_eq!(refused(&create), ["partial", "output"]);
    let said = error(&create);
    let message = said["message"].as_str().expect("text");
    assert!(
        message.starts_with("account.create acme is done, but stdout cannot be written"),
        "{create}"
    );
    let operation = said["operation"].as_str().expect("an operation");
    assert_eq!(said["hint"], json!(format!("hostctl op show {operation}")));
    lab.run(&["op", "show", operation]).expect_code(0);
    assert_eq!(
        lab.ask("SELECT name::text FROM hostctl.accounts ORDER BY 1"),
        ["acme", "main", "piped"]
    );
}

#[test]
fn an_idempotency_key_stands_for_one_request() {
    let lab = Lab::new();
    let create = |name: &str| lab.run(&["account", "create", name, "--idempotency-key", "k", "-o", "json"]);
    let first = create("acme");
    first.expect_code(0);
    let second = create("acme");
    second.expect_code(0);
    assert!(first.json()["operation"].is_string(), "{first}");
    assert_eq!(first.json(), second.json());
    let other = create("other");
    other.expect_code(4);
    assert_eq!(refused(&other)[0], "conflict", "{other}");
    assert_eq!(
        lab.ask("SELECT name::text FROM hostctl.accounts ORDER BY 1"),
        ["acme", "main"]
    );
}

#[test]
fn without_a_database_a_verb_is_unavailable() {
    let lab = Lab::new();
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = socket.local_addr().expect("an address").port();
    drop(socket);
    let list = lab.call(&["db", "list", "-o", "json"]).through(port).run();
    list.expect_code(8);
    assert_eq!(list.stdout, "");
    assert_eq!(refused(&list), ["unavailable", "unavailable"]);
}

#[tokio::test]
async fn words_alone_need_no_database() {
    let run = async |arguments: &[&str]| finish(program(arguments), arguments.join(" ")).await;
    let help = run(&["--help"]).await;
    help.expect_code(0);
    assert!(
        help.stdout.contains("Usage: hostctl") && help.stderr.is_empty(),
        "{help}"
    );
    let version = format!("hostctl {}\n", env!("CARGO_PKG_VERSION"));
    expect(&run(&["--version"]).await, 0, &version, "");
    let unknown = run(&["frobnicate", "-o", "json"]).await;
    unknown.expect_code(2);
    assert_eq!(unknown.stdout, "");
    assert_eq!(refused(&unknown)[0], "usage");
    let meant = "error: unrecognized subcommand 'lisst'\nhint: a similar subcommand exists: 'list'\n";
    expect(&run(&["db", "lisst"]).await, 2, "", meant);
}

#[test]
fn a_refused_name_comes_with_a_good_one() {
    let ran = Lab::new().run(&["db", "create", "Shop"]);
    ran.expect_code(2);
    assert!(ran.stderr.contains("hint: use shop"), "{ran}");
}

#[test]
fn a_role_that_somebody_changed_in_the_middle_is_kept_for_a_person() {
    let lab = Lab::new();
    let create = lab
        .call(&["db", "create", "shop"])
        .crash("die:4:before_commit:do")
        .run();
    assert!(create.was_killed(), "{create}");
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        let mine = "COMMENT ON ROLE shop IS 'mine now'";
        client.batch_execute(mine).await.expect("a comment");
    });
    let recovery = lab.run(&["op", "recover"]);
    recovery.expect_code(9);
    assert!(recovery.stderr.contains("database:main/shop"), "{recovery}");
    let kept =
        lab.ask("SELECT count(*)::text FROM pg_roles WHERE rolname = 'shop' OR rolname LIKE 'hc_own_%'");
    assert_eq!(kept, ["2"], "both roles are still there");
}

#[test]
fn what_can_be_told_from_the_arguments_is_refused_before_anything_is_done() {
    let lab = Lab::new();
    let before = lab.world();
    let (link, missing) = (lab.path("link"), lab.path("nowhere/secrets"));
    std::os::unix::fs::symlink(lab.path("target"), &link).expect("a link");
    for path in [&link, &missing] {
        let path = path.display().to_string();
        let create = ["db", "create", "shop", "--secret-out", &path, "-o", "json"];
        let ran = lab.run(&create);
        ran.expect_code(2);
        assert!(ran.stderr.contains("--secret-out"), "{ran}");
    }
    for line in ["\"$@\" >&-", "\"$@\" > /dev/null"] {
        let ran = in_shell(&lab, line, &["db", "create", "shop", "--show-secret"]);
        ran.expect_code(2);
        assert!(ran.stderr.contains("--secret-out FILE"), "{ran}");
    }
    let bytes = lab.private_file("password", "half a pass\0word");
    let ran = lab.run(&["db", "create", "shop", "--password-file", &bytes]);
    ran.expect_code(2);
    assert!(ran.stderr.contains("a NUL at byte 12"), "{ran}");

    let ran = lab.run(&[
        "dns",
        "record",
        "add",
        "a.test",
        "www",
        "A",
        "192.0.2.1",
        "--ttl",
        "-1",
    ]);
    ran.expect_code(2);
    assert!(ran.stderr.contains("--ttl") && ran.stderr.contains("-1"), "{ran}");
    let ran = lab
        .call(&["db", "create", "shop"])
        .crash("die:0:nowhere:do")
        .run();
    ran.expect_code(2);
    assert!(ran.stderr.contains("HOSTCTL_CRASH"), "{ran}");
    for since in [
        "yesterday",
        "today",
        "2h",
        "7d",
        "2026-11-01",
        "2026-11-01T00:00:00Z",
    ] {
        lab.run(&["audit", "query", "--since", since]).expect_code(0);
    }
    let ran = lab.run(&["audit", "query", "--since", "noon"]);
    ran.expect_code(2);
    assert!(ran.stderr.contains("hint: 2h, 7d, today, yesterday, "), "{ran}");
    before.expect_same(&lab.world(), "after the refusals");
}
