//! After the control database has lost what was done last, the world and the journal are compared, and made to agree.

mod accept;
mod settle;
mod standby;
mod undo;

use std::collections::BTreeSet;

use hostctl::env::child::{self, Lifetime, Spec};
use hostctl::journal::Marker;
use hostctl::sandbox::{Name, Options, Parts, Sandbox};
use serde_json::Value;

use self::standby::Standby;
use crate::support::{self, Lab, Ran};

/// What the journal knows when the standby stops following.
const KNOWN: &[&str] = &[
    "account create acme",
    "db create till --cluster edge --account acme",
    "db create kept --cluster edge --account acme",
    "dns zone create kept.test --account acme",
];
/// What is done after that, and lost with the primary.
const LOST: &[&str] = &[
    "db create lost --cluster edge --account acme",
    "db create gone --cluster edge --account acme",
    "dns zone create lost.test --account acme",
    "dns zone create gone.test --account acme",
    "db passwd till --cluster edge",
    "db delete kept --cluster edge --yes",
    "dns zone delete kept.test --yes",
];
/// What has to be refused until somebody has looked.
const REFUSED: &[&str] = &[
    "account create other",
    "account delete acme --yes",
    "package create small",
    "db create more --cluster edge --account acme",
    "db passwd till --cluster edge",
    "db suspend till --cluster edge",
    "db delete till --cluster edge --yes",
    "dns zone create more.test --account acme",
    "dns record add kept.test www A 192.0.2.1",
    "mail domain create more.test --account acme",
    "site create more.test --account acme --dns",
];

/// The lab's PostgreSQL holds the control database, and this one the tenants' databases: a cluster that does not fail over.
async fn edge() -> Sandbox {
    let options = Options {
        parts: Parts::NONE,
        lifetime: Lifetime::WithParent,
        is_durable: false,
        ..Options::new(support::new_directory())
    };
    Sandbox::up(options).await.expect("a second PostgreSQL")
}

fn section(edge: &Sandbox) -> String {
    let port = edge.addresses(Name::Postgres).expect("PostgreSQL")[0].port();
    let password = edge.directory().join("control.password");
    format!(
        "\n[cluster.edge]\nurl = \"postgres://hostctl@127.0.0.1:{port}/postgres\"\npassword_file = \"{}\"\n",
        password.display()
    )
}

/// Whatever bears a mark on the cluster, as superuser: kind, name, comment.
async fn marks(edge: &Sandbox) -> Vec<[String; 3]> {
    let sql = "SELECT 'database', datname::text, shobj_description(oid, 'pg_database') FROM pg_database
            WHERE shobj_description(oid, 'pg_database') LIKE 'hostctl:%' OR datname LIKE 'hc\\_%'
        UNION ALL SELECT 'role', rolname::text, shobj_description(oid, 'pg_authid') FROM pg_roles
            WHERE shobj_description(oid, 'pg_authid') LIKE 'hostctl:%' ORDER BY 1, 2";
    let client = edge.superuser("postgres").await.expect("a session");
    let rows = client.query(sql, &[]).await.expect("the marks");
    let text = |row: &tokio_postgres::Row, column| row.get::<_, Option<String>>(column).unwrap_or_default();
    rows.iter()
        .map(|row| [text(row, 0), text(row, 1), text(row, 2)])
        .collect()
}

/// The account field of every zone, past PowerDNS and without the primary.
async fn zone_accounts(lab: &Lab) -> Vec<String> {
    let spec = Spec::new("sqlite3").arguments(["-bail", "-cmd", ".timeout 5000"]);
    let sql = "SELECT name || ' ' || coalesce(account, '') FROM domains ORDER BY 1";
    let spec = spec.argument(lab.path("powerdns/zones.sqlite3")).argument(sql);
    let output = child::run(spec).await.and_then(child::Output::succeeded);
    let output = output.expect("the zones");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(str::to_owned).collect()
}

/// The operations whose marks are in the text, both words of a comment included.
fn operations(text: &str) -> Vec<String> {
    let marks = text.split(' ').filter_map(Marker::parse);
    marks.map(|marker| marker.operation.to_string()).collect()
}

fn run(lab: &Lab, standby: &Standby, line: &str) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    lab.call(&words).through(standby.port()).run()
}

/// The items of a listing, with what was found and done: `database:edge/lost unknown leave`.
fn items(ran: &Ran) -> BTreeSet<String> {
    let rows = ran.expect_code(0).json();
    let text = |row: &Value, key: &str| row[key].as_str().expect(key).to_owned();
    let row = |row: &Value| [text(row, "item"), text(row, "finding"), text(row, "action")].join(" ");
    rows.as_array().expect("rows").iter().map(row).collect()
}

fn expected<const N: usize>(items: [String; N]) -> BTreeSet<String> {
    BTreeSet::from(items)
}

#[test]
fn a_lagging_standby_is_promoted_and_what_it_does_not_know_is_found() {
    let lab = Lab::with_dns();
    let edge = lab.wait(edge());
    lab.configure(&section(&edge));
    for line in KNOWN {
        lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    }
    let mut standby = lab.wait(Standby::start(&lab));
    // Open when the standby stops following, and finished by the time the primary dies.
    let open = ["db", "create", "open", "--cluster", "edge", "--account", "acme"];
    assert!(lab.call(&open).crash("die:4:before_commit:do").run().was_killed());
    lab.wait(standby.lag(&lab));
    let id = lab
        .ask("SELECT id::text FROM hostctl.operations WHERE state = 'running'")
        .remove(0);
    lab.run(&["op", "recover", &id, "--resume"]).expect_code(0);
    for line in LOST {
        lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    }
    let half = ["db", "create", "half", "--cluster", "edge", "--account", "acme"];
    assert!(lab.call(&half).crash("die:2:before_intent:do").run().was_killed());
    let made = lab.wait(marks(&edge));
    lab.wait(forge(&edge, &made));

    lab.wait(async {
        lab.sandbox().kill(Name::Postgres).await.expect("killed");
        standby.promote().await;
    });
    refuses(&lab, &standby, &id);
    let found = finds(&lab, &standby, &edge, &id);
    settle::settles(&lab, &standby, &edge, &found, &id);
    lab.wait(async {
        standby.stop().await;
        edge.down().await.expect("down");
    });
}

/// A tenant who owns a database of its own copies the mark of another one.
async fn forge(edge: &Sandbox, made: &[[String; 3]]) {
    let copied = made
        .iter()
        .find(|[kind, name, _]| kind == "database" && name == "lost");
    let copied = &copied.expect("it was made")[2];
    let client = edge.superuser("postgres").await.expect("a session");
    for statement in [
        "CREATE ROLE bait LOGIN",
        "CREATE DATABASE bait OWNER bait",
        "SET ROLE bait",
        &format!("COMMENT ON DATABASE bait IS '{copied}'"),
    ] {
        client.batch_execute(statement).await.expect(statement);
    }
}

fn refuses(lab: &Lab, standby: &Standby, open: &str) {
    for line in REFUSED {
        for extra in ["", " --dry-run"] {
            let ran = run(lab, standby, &format!("{line} -o json{extra}"));
            ran.expect_code(4);
            let error: Value = serde_json::from_str(&ran.stderr).expect("an error");
            let said = ["reason", "hint"].map(|key| error["error"][key].as_str().unwrap_or_default());
            assert_eq!(said, ["incarnation", "hostctl op reconcile"], "{ran}");
        }
    }
    let recover = run(lab, standby, &format!("op recover {open} -o json"));
    recover.expect_code(4);
    assert!(recover.stderr.contains("hostctl op reconcile"), "{recover}");
    run(lab, standby, "op recover").expect_code(4);
    let tick = run(lab, standby, "tick");
    tick.expect_code(10);
    assert!(tick.stderr.contains("hostctl op reconcile"), "{tick}");
    run(lab, standby, "db list -o json").expect_code(0);
    let begun = lab.wait(
        standby.ask("SELECT id::text FROM hostctl.operations WHERE incarnation = hostctl.incarnation()"),
    );
    assert!(begun.is_empty(), "something was begun: {begun:?}");
    let doctor = run(lab, standby, "doctor");
    assert!(doctor.stdout.contains("hostctl op reconcile"), "{doctor}");
}

/// What there was before anybody settled anything.
struct Before {
    hidden: String,
    staging: String,
    owner: String,
}

fn finds(lab: &Lab, standby: &Standby, edge: &Sandbox, open: &str) -> Before {
    let (marks, zones) = lab.wait(async { (marks(edge).await, zone_accounts(lab).await) });
    let half = marks
        .iter()
        .find(|[kind, name, _]| kind == "role" && name == "half");
    let half = Marker::parse(&half.expect("half a database")[2])
        .expect("a mark")
        .short();
    let one = |begin: &str| {
        let names = marks.iter().filter(|[kind, _, _]| kind == "database");
        let names: Vec<&String> = names
            .map(|[_, name, _]| name)
            .filter(|name| name.starts_with(begin))
            .collect();
        assert_eq!(names.len(), 1, "{begin}: {names:?}");
        names[0].clone()
    };
    let before = Before {
        hidden: one("hc_trash_"),
        staging: one("hc_stage_"),
        owner: format!("hc_own_{half}"),
    };
    let Before {
        hidden,
        staging,
        owner,
    } = &before;
    let listed = run(lab, standby, "op reconcile --dry-run -o json");
    assert_eq!(
        items(&listed),
        expected([
            format!("operation:{open} earlier leave"),
            "database:edge/lost unknown leave".to_owned(),
            "database:edge/gone unknown leave".to_owned(),
            format!("database:edge/{hidden} unknown leave"),
            format!("database:edge/{staging} unknown leave"),
            "database:edge/bait suspect leave".to_owned(),
            "role:edge/half unknown leave".to_owned(),
            format!("role:edge/{owner} unknown leave"),
            "role:edge/till changed leave".to_owned(),
            "zone:main/lost.test unknown leave".to_owned(),
            "zone:main/gone.test unknown leave".to_owned(),
            "zone:main/kept.test missing leave".to_owned(),
        ]),
        "{listed}"
    );
    // The other way round: no mark in the world is of an operation that the journal does not know and the list does not name.
    let known = lab.wait(standby.ask("SELECT id::text FROM hostctl.operations"));
    let comments = marks.iter().map(|[_, _, comment]| comment.clone());
    let in_world = comments.chain(zones).flat_map(|text| operations(&text));
    let unknown: BTreeSet<String> = in_world.filter(|operation| !known.contains(operation)).collect();
    let rows = listed.json();
    let named = rows
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["finding"] != "earlier");
    let named: BTreeSet<String> = named
        .filter_map(|row| Some(operations(row["marker"].as_str()?)))
        .flatten()
        .collect();
    assert_eq!(named, unknown, "{listed}");
    assert!(unknown.len() > 6, "{unknown:?}");
    assert!(
        rows.as_array()
            .expect("rows")
            .iter()
            .all(|row| row["marker"].is_null() || row["since"].is_string())
    );
    before
}
