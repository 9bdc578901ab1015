//! A site as its users meet it: the tenant in PostgreSQL, the reader of mail, the resolver, and the person at the demo.

use std::time::Duration;

use crate::support::client::{deliver, enter, read};
use crate::support::{Lab, call};
use hostctl::env::child;
use hostctl::env::deadline::Deadline;
use hostctl::lookup::{self, Answer, Recursion};
use hostctl::model::RecordType;
use hostctl::sandbox::Name;
use tokio_postgres::error::SqlState;

const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn a_site_works_in_every_part() {
    let lab = Lab::with_mail();
    lab.run(&["db", "create", "other"]).expect_code(0);
    let before = lab.world();
    let file = lab.path("secrets").display().to_string();
    let create = "site create shop.test --db shop --mail info,sales --dns -o json --secret-out";
    let mut words: Vec<&str> = create.split(' ').collect();
    words.push(&file);
    let ran = lab.run(&words);
    assert_eq!(ran.expect_code(0).json()["domain"], "shop.test");
    let secrets = std::fs::read_to_string(&file).expect("the secrets");

    lab.wait(the_tenant_has_one_database(
        &lab,
        secret(&secrets, "database", "shop"),
    ));
    for address in ["info@shop.test", "sales@shop.test"] {
        mail_arrives(&lab, address, secret(&secrets, "box", address));
    }
    the_zone_is_complete(&lab);
    a_record_more_raises_the_serial_by_one(&lab);
    nobody_is_let_in_while_it_is_suspended(&lab, &secrets);

    lab.run(&["site", "delete", "shop.test", "--purge", "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), "after the site");
    let gone = ask(&lab, "shop.test", RecordType::Soa);
    assert!(!gone.authoritative && gone.records.is_empty(), "{gone:?}");
}

/// The secret of one thing in the text of `--secret-out`.
fn secret<'a>(text: &'a str, kind: &str, name: &str) -> &'a str {
    let start = format!("{kind}\t{name}\t");
    text.lines()
        .find_map(|line| line.strip_prefix(&start))
        .expect("a line with the secret")
}

async fn the_tenant_has_one_database(lab: &Lab, password: &str) {
    let tenant = enter(lab, "shop", password, "shop")
        .await
        .expect("the tenant enters");
    tenant
        .batch_execute("CREATE TABLE item (name text PRIMARY KEY); INSERT INTO item VALUES ('tea')")
        .await
        .expect("ordinary work");
    for statement in [
        "COMMENT ON DATABASE shop IS 'mine'",
        "CREATE EXTENSION citext",
        "DROP DATABASE shop",
        "DROP DATABASE other",
    ] {
        let error = tenant.batch_execute(statement).await.expect_err(statement);
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{statement}"
        );
    }
    let rights = "SELECT datacl::text FROM pg_database WHERE datname = 'shop'";
    let before = lab.answers(rights).await;
    assert!(
        !before[0].is_empty() && !before[0].contains("{=") && !before[0].contains(",="),
        "{before:?}"
    );
    // PostgreSQL may answer a grant without the right to it with a mere warning: what counts is what is granted.
    tenant
        .batch_execute("GRANT CONNECT ON DATABASE shop TO PUBLIC")
        .await
        .ok();
    assert_eq!(lab.answers(rights).await, before);
    for database in ["other", "sentinel", "hostctl", "postgres"] {
        let error = enter(lab, "shop", password, database).await.expect_err(database);
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{database}"
        );
    }
    let error = enter(lab, "shop", "no password of theirs", "shop")
        .await
        .expect_err("refused");
    assert_eq!(error.code(), Some(&SqlState::INVALID_PASSWORD));
}

fn mail_arrives(lab: &Lab, address: &str, password: &str) {
    let text = format!("a letter to {address}");
    let said = deliver(lab, address, &text);
    assert!(said.contains(&format!("250 2.0.0 <{address}>")), "{said}");
    let heard = read(
        lab,
        address,
        password,
        &["2 SELECT INBOX", "3 FETCH 1 BODY[TEXT]", "4 LOGOUT"],
    );
    assert!(heard.contains(&text), "{heard}");
    let refused = read(lab, address, &format!("not {password}"), &["2 LOGOUT"]);
    assert!(refused.contains("1 NO "), "{refused}");
}

fn nobody_is_let_in_while_it_is_suspended(lab: &Lab, secrets: &str) {
    let password = secret(secrets, "database", "shop");
    let is_open = || lab.wait(enter(lab, "shop", password, "shop")).is_ok();
    lab.run(&["db", "set", "shop", "--connections", "7"])
        .expect_code(0);
    let export = || lab.run(&["site", "export", "shop.test"]).stdout;
    let exported = export();
    assert!(exported.contains("connections = 7"), "{exported}");
    for _ in 0..2 {
        let ran = lab.run(&["site", "suspend", "shop.test", "-o", "json"]);
        assert_eq!(ran.expect_code(0).json()["state"], "suspended", "{ran}");
    }
    assert!(!is_open(), "its database is open");
    assert_eq!(export(), exported, "what a suspended database gets back");
    let file = lab.private_file("exported.toml", &exported);
    lab.run(&["site", "diff", &file]).expect_code(0);
    let other = "[[site]]\ndomain = \"shop.test\"\ndatabase.name = \"opened\"\n";
    let ran = lab.run(&["site", "apply", &lab.private_file("other.toml", other), "--yes"]);
    assert!(ran.expect_code(7).stderr.contains("is suspended"), "{ran}");
    assert!(
        lab.ask("SELECT rolname FROM pg_roles WHERE rolname = 'opened'")
            .is_empty()
    );
    let said = deliver(lab, "sales@shop.test", "nothing");
    assert!(!said.contains("250 2.0.0 <sales@shop.test>"), "{said}");
    let ran = lab.run(&["site", "resume", "shop.test", "-o", "json"]);
    assert_eq!(ran.expect_code(0).json()["state"], "active", "{ran}");
    assert!(is_open(), "its database is shut");
    mail_arrives(lab, "sales@shop.test", secret(secrets, "box", "sales@shop.test"));
    // And undone, both ways.
    for is_active in [false, true] {
        let newest =
            "SELECT id::text FROM hostctl.operations WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1";
        let id = lab.ask(newest).concat();
        lab.run(&["op", "undo", &id, "--yes"]).expect_code(0);
        assert_eq!(is_open(), is_active);
        let state = lab.run(&["site", "show", "shop.test", "-o", "json"]).json()["state"].clone();
        assert_eq!(state == "active", is_active, "{state}");
    }
}

fn ask(lab: &Lab, name: &str, rtype: RecordType) -> Answer {
    let server = lab.sandbox().addresses(Name::Powerdns).expect("PowerDNS")[0];
    let question = lookup::query(server, name, rtype, Recursion::Off, Deadline::after(LIMIT));
    lab.wait(question).expect("an answer")
}

/// The values of one record set, in order.
fn values(lab: &Lab, name: &str, rtype: RecordType) -> Vec<String> {
    let answer = ask(lab, name, rtype);
    assert!(answer.is_ok() && answer.authoritative, "{answer:?}");
    let mut values: Vec<String> = answer.values(rtype).map(str::to_owned).collect();
    values.sort();
    values
}

fn the_zone_is_complete(lab: &Lab) {
    assert_eq!(values(lab, "shop.test", RecordType::Soa).len(), 1);
    let servers = ["ns1.sandbox.test", "ns2.sandbox.test"];
    assert_eq!(without_dots(&values(lab, "shop.test", RecordType::Ns)), servers);
    for name in ["shop.test", "www.shop.test"] {
        assert_eq!(values(lab, name, RecordType::A), ["192.0.2.80"]);
        assert_eq!(values(lab, name, RecordType::Aaaa), ["2001:db8::80"]);
    }
    let exchangers = values(lab, "shop.test", RecordType::Mx);
    assert_eq!(without_dots(&exchangers), ["10 mx.sandbox.test"]);
    let policy = values(lab, "shop.test", RecordType::Txt);
    assert_eq!(policy.len(), 1);
    assert!(policy[0].starts_with("v=spf1 "), "{policy:?}");
    let reports = values(lab, "_dmarc.shop.test", RecordType::Txt);
    assert!(reports[0].starts_with("v=DMARC1;"), "{reports:?}");
    let selector = lab.ask("SELECT dkim_selector FROM hostctl.email_domains WHERE name = 'shop.test'");
    let key = values(
        lab,
        &format!("{}._domainkey.shop.test", selector[0]),
        RecordType::Txt,
    );
    assert_eq!(
        key,
        lab.ask("SELECT dkim_public FROM hostctl.email_domains WHERE name = 'shop.test'")
    );
    // More than one string of DNS can hold: it was cut and put together again.
    assert!(key[0].starts_with("v=DKIM1;") && key[0].len() > 255, "{key:?}");
}

fn without_dots(values: &[String]) -> Vec<&str> {
    values.iter().map(|value| value.trim_end_matches('.')).collect()
}

fn serial(lab: &Lab) -> u32 {
    let start = values(lab, "shop.test", RecordType::Soa).concat();
    let field = start.split_whitespace().nth(2).expect("a serial");
    field.parse().expect("a number")
}

fn a_record_more_raises_the_serial_by_one(lab: &Lab) {
    let before = serial(lab);
    lab.run(&["dns", "record", "add", "shop.test", "www2", "A", "192.0.2.9"])
        .expect_code(0);
    assert_eq!(serial(lab), before + 1);
    assert_eq!(values(lab, "www2.shop.test", RecordType::A), ["192.0.2.9"]);
}

#[test]
fn the_demo_shows_everything_and_leaves_nothing() {
    let directory = std::env::temp_dir().join(format!("hostctl-test-demo-{}", std::process::id()));
    let path = directory.to_str().expect("a plain path");
    let spec = call::program(&["sandbox", "demo", "--dir", path]).deadline(Duration::from_secs(300));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop");
    let ran = runtime.block_on(call::finish(spec, "hostctl sandbox demo".to_owned()));
    ran.expect_code(0);
    let mut rest = ran.stdout.as_str();
    for part in [
        "── one command: a database, two mail boxes and a zone",
        "── a failure in the middle",
        "(exit code 8)",
        "── kill -9 in the middle",
        "$ kill -9 %1",
        "$ hostctl op recover\n",
        "── the sandbox is gone",
    ] {
        let (_, after) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("{part} is missing: {ran}"));
        rest = after;
    }
    assert!(!directory.exists(), "{path} is still there");
    assert_eq!(processes_of(path), Vec::<String>::new());
}

/// The command lines that name `path`, and those of processes that stand in it.
fn processes_of(path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for running in child::running() {
        let place = format!("/proc/{}", running.process.pid);
        let line = std::fs::read(format!("{place}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let stands_in = std::fs::read_link(format!("{place}/cwd")).unwrap_or_default();
        if line.contains(path) || stands_in.starts_with(path) {
            found.push(line);
        }
    }
    found
}
