//! An account is shut out and let in again.

use hostctl::env::child::{Signal, send};
use serde_json::json;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use crate::accounts::{json_call, newest, refused, undo};
use crate::races::stopped_holder;
use crate::support::client::read;
use crate::support::{Lab, Ran};

#[test]
fn a_suspended_account_has_no_mail_and_is_not_changed() {
    let lab = Lab::with_mail();
    let file = lab.path("secrets").display().to_string();
    for line in [
        "account create acme",
        "mail domain create shop.example --account acme",
        "dns zone create shop.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    lab.run(&[
        "mail",
        "box",
        "create",
        "info@shop.example",
        "--secret-out",
        &file,
    ])
    .expect_code(0);
    let secrets = std::fs::read_to_string(&file).expect("the secrets");
    let password = secrets
        .trim_end()
        .rsplit('\t')
        .next()
        .expect("a password")
        .to_owned();
    assert!(login(&lab, &password).contains("1 OK"));
    let before = lab.world();
    json_call(&lab, "account suspend acme").expect_code(0);
    let heard = login(&lab, &password);
    assert!(heard.contains("1 NO"), "{heard}");
    for line in [
        "mail box create more@shop.example",
        "mail box passwd info@shop.example",
        "mail domain create more.example --account acme",
        "dns record add shop.example www A 192.0.2.1",
        "db create shop --account acme",
        "site create more.example --db more --account acme",
    ] {
        assert_eq!(refused(&json_call(&lab, line), 7), "suspended", "{line}");
    }
    json_call(&lab, "dns record list shop.example").expect_code(0);
    let again = json_call(&lab, "account suspend acme");
    assert_eq!(again.expect_code(0).json()["operation"], json!(null));
    json_call(&lab, "account resume acme").expect_code(0);
    before.expect_same(&lab.world(), "after resuming");
    assert!(login(&lab, &password).contains("1 OK"));
    json_call(&lab, "account suspend acme").expect_code(0);
    json_call(&lab, "mail box delete info@shop.example --purge --yes").expect_code(0);
}

const PASSWORD: &str = "correct horse battery";

/// Why PostgreSQL does not let a tenant in; nothing where it does.
fn refusal(lab: &Lab, name: &str) -> Option<SqlState> {
    let mut config = lab.sandbox().control().expect("configuration");
    config.user(name).password(PASSWORD).dbname(name);
    let entered = lab.wait(async { config.connect(NoTls).await.map(|_| ()) });
    let refused = entered.err()?;
    Some(refused.code().expect("an answer of the server").clone())
}

#[test]
fn the_databases_of_a_suspended_account_let_nobody_in() {
    let lab = Lab::new();
    json_call(&lab, "account create acme").expect_code(0);
    for name in ["shop", "blog", "idle"] {
        let words = ["db", "create", name, "--account", "acme", "--password-stdin"];
        lab.call(&words).stdin(PASSWORD).run().expect_code(0);
    }
    json_call(&lab, "db set shop --connections 7").expect_code(0);
    json_call(&lab, "db suspend idle").expect_code(0);
    let state =
        |name: &str| json_call(&lab, &format!("db show {name}")).expect_code(0).json()["state"].clone();
    let closed = Some(SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
    let before = lab.world();

    // Half-way is nowhere.
    let suspend = ["account", "suspend", "acme"];
    for crash in ["fail:2:before_intent:do", "die:3:before_intent:do"] {
        lab.call(&suspend).crash(crash).run();
        lab.run(&["op", "recover"]).expect_code(0);
        before.expect_same(&lab.world(), crash);
    }
    json_call(&lab, "account suspend acme").expect_code(0);
    for name in ["shop", "blog", "idle"] {
        assert_eq!(refusal(&lab, name), closed, "{name}");
        assert_eq!(state(name), "suspended", "{name}");
    }
    assert_eq!(refused(&json_call(&lab, "db resume shop"), 7), "suspended");
    assert_eq!(refusal(&lab, "shop"), closed);

    json_call(&lab, "account resume acme").expect_code(0);
    assert_eq!([refusal(&lab, "shop"), refusal(&lab, "blog")], [None, None]);
    assert_eq!(
        (refusal(&lab, "idle"), state("idle")),
        (closed.clone(), json!("suspended"))
    );
    let limit = lab.ask("SELECT rolconnlimit::text FROM pg_roles WHERE rolname = 'shop'");
    assert_eq!(limit, ["7"]);
    json_call(&lab, "account suspend acme").expect_code(0);
    undo(&lab, "account.suspend");
    assert_eq!(refusal(&lab, "shop"), None);

    // A suspension that sleeps after its look, and what is made or opened meanwhile.
    let before = lab.world();
    let woken = while_it_sleeps(&lab, &suspend, "stop:0:before_intent:do", "db resume idle");
    assert_eq!(refused(&woken, 4), "changed", "{woken}");
    assert!(woken.stderr.contains("hostctl account suspend acme"), "{woken}");
    assert_eq!([refusal(&lab, "shop"), refusal(&lab, "idle")], [None, None]);
    undo(&lab, "db.resume");
    before.expect_same(&lab.world(), "a suspension that would have left one open");
    let create = "db create late --account acme";
    let woken = while_it_sleeps(&lab, &suspend, "stop:0:before_intent:do", create);
    assert_eq!(refused(&woken, 4), "changed", "{woken}");
    assert_eq!(
        json_call(&lab, "account show acme").json()["state"],
        json!("active")
    );
    json_call(&lab, "db delete late --purge --yes").expect_code(0);
    // The other way about: what is to open one finds its account suspended.
    let resume = ["db", "resume", "idle"];
    let woken = while_it_sleeps(&lab, &resume, "stop:1:before_intent:do", "account suspend acme");
    assert_eq!(refused(&woken, 7), "suspended", "{woken}");
    assert_eq!(
        [refusal(&lab, "shop"), refusal(&lab, "idle")],
        [closed.clone(), closed]
    );
}

/// How `sleeper` ends, which stops at `place` and goes on once `line` has been done.
fn while_it_sleeps(lab: &Lab, sleeper: &[&str], place: &str, line: &str) -> Ran {
    let sleeper = [sleeper, &["-o", "json"]].concat();
    let sleeper = lab.call(&sleeper).crash(place).start();
    let deed = async {
        let (_, process) = stopped_holder(lab).await;
        let words: Vec<&str> = line.split(' ').collect();
        let done = lab.call(&words).start().await;
        send(process, Signal::Continue).expect("it wakes up");
        done.expect_code(0);
    };
    lab.wait(async { tokio::join!(sleeper, deed) }).0
}

#[test]
fn undoing_wakes_nothing_of_a_suspended_account() {
    let lab = Lab::new();
    for line in [
        "account create acme",
        "db create blog --account acme",
        "db create idle --account acme",
        "site create shop.example --mail info --account acme",
        "mail box create sales@shop.example",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let words = ["db", "create", "shop", "--account", "acme", "--password-stdin"];
    lab.call(&words).stdin(PASSWORD).run().expect_code(0);
    let mut asleep = Vec::new();
    for (line, kind) in [
        ("db delete shop --yes", "db.delete"),
        ("db suspend idle", "db.suspend"),
        ("mail box delete sales@shop.example --yes", "mail.box.delete"),
        ("site delete shop.example --yes", "site.delete"),
        ("db create late --account acme", "db.create"),
    ] {
        json_call(&lab, line).expect_code(0);
        asleep.push(newest(&lab, kind));
    }
    let late = asleep.pop().expect("a creation");
    json_call(&lab, "account suspend acme").expect_code(0);
    let before = lab.world();
    for id in &asleep {
        let ran = json_call(&lab, &format!("op undo {id} --yes"));
        assert_eq!(refused(&ran, 7), "suspended", "{ran}");
        assert!(ran.stderr.contains("hostctl account resume acme"), "{ran}");
    }
    before.expect_same(&lab.world(), "after refusals");
    // What fails is taken back, and what was made may go.
    let delete = lab.call(&["db", "delete", "blog", "--yes"]);
    let failed = delete.crash("fail:1:after_commit:do").run();
    assert_ne!(failed.code, Some(0), "{failed}");
    lab.run(&["op", "recover"]).expect_code(0);
    before.expect_same(&lab.world(), "a deletion that failed");
    json_call(&lab, &format!("op undo {late} --yes")).expect_code(0);
    let before = lab.world();
    json_call(&lab, "account delete acme --yes").expect_code(0);
    undo(&lab, "account.delete");
    before.expect_same(&lab.world(), "a suspended account is back");

    json_call(&lab, "account resume acme").expect_code(0);
    for id in asleep.iter().rev().filter(|id| **id != asleep[2]) {
        json_call(&lab, &format!("op undo {id} --yes")).expect_code(0);
    }
    json_call(&lab, &format!("op undo {} --yes", asleep[2])).expect_code(0);
    assert_eq!(refusal(&lab, "shop"), None);
}

/// What Dovecot says to a login.
fn login(lab: &Lab, password: &str) -> String {
    read(lab, "info@shop.example", password, &["2 LOGOUT"])
}
