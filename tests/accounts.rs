//! What an account may have, and what becomes of everything it has; and moving in what was there before.

#[path = "support/mod.rs"]
mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use futures_util::future::join_all;
use hostctl::sandbox::Name;
use serde_json::{Value, json};
use support::rollback::{Cell, End, Mode, Table, Verb, When};
use support::{Lab, Ran};

/// Kind and reason of the error object.
#[track_caller]
fn refused(ran: &Ran, code: i32) -> String {
    ran.expect_code(code);
    let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"]["reason"].as_str().expect("a reason").to_owned()
}

fn json_call(lab: &Lab, line: &str) -> Ran {
    let mut words: Vec<&str> = line.split(' ').collect();
    words.extend(["-o", "json"]);
    lab.run(&words)
}

#[test]
fn of_many_who_want_the_last_box_one_gets_it() {
    let lab = Lab::new();
    for line in [
        "package create small --boxes 1 --domains 1 --databases 1 --quota 1G",
        "account create acme --package small",
        "mail domain create shop.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let before = lab.world();
    for crowd in [2, 8] {
        let names: Vec<String> = (0..crowd)
            .map(|number| format!("box{number}@shop.example"))
            .collect();
        let lines: Vec<Vec<&str>> = names
            .iter()
            .map(|name| vec!["mail", "box", "create", name, "--quota", "1M", "-o", "json"])
            .collect();
        let ran = lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())));
        let winners: Vec<usize> = (0..crowd).filter(|index| ran[*index].code == Some(0)).collect();
        assert_eq!(winners.len(), 1, "{ran:?}");
        for ran in ran.iter().filter(|ran| ran.code != Some(0)) {
            assert_eq!(refused(ran, 7), "limit", "{ran}");
        }
        let winner = &names[winners[0]];
        lab.run(&["mail", "box", "delete", winner, "--purge", "--yes"])
            .expect_code(0);
        before.expect_same(&lab.world(), "after the crowd");
    }
    // The sum of the quotas, and a box that has none.
    for quota in ["2G", "unlimited"] {
        let line = format!("mail box create info@shop.example --quota {quota}");
        assert_eq!(refused(&json_call(&lab, &line), 7), "limit");
    }
    before.expect_same(&lab.world(), "after refusals");
}

#[test]
fn racing_databases_are_rolled_back_beyond_the_limit() {
    let lab = Lab::new();
    json_call(&lab, "package create small --databases 2").expect_code(0);
    json_call(&lab, "account set main --package small").expect_code(0);
    let before = lab.world();
    let names: Vec<String> = (0..6).map(|number| format!("shop{number}")).collect();
    let lines: Vec<Vec<&str>> = names
        .iter()
        .map(|name| vec!["db", "create", name, "-o", "json"])
        .collect();
    let ran = lab.wait(join_all(lines.iter().map(|line| lab.call(line).start())));
    assert_eq!(ran.iter().filter(|ran| ran.code == Some(0)).count(), 2, "{ran:?}");
    for ran in ran.iter().filter(|ran| ran.code != Some(0)) {
        assert_eq!(refused(ran, 7), "limit", "{ran}");
    }
    let site = json_call(&lab, "site create shop.example --db more");
    assert_eq!(refused(&site, 7), "limit");
    for (name, ran) in names.iter().zip(&ran) {
        if ran.code == Some(0) {
            lab.run(&["db", "delete", name, "--purge", "--yes"])
                .expect_code(0);
        }
    }
    before.expect_same(&lab.world(), "after the crowd");
}

#[test]
fn a_package_that_is_too_small_is_refused_unless_forced() {
    let lab = Lab::new();
    for line in [
        "package create none --databases 0 --domains 0",
        "package create big --databases 10 --database-size 1G",
        "account create acme --package big",
        "db create shop --account acme",
        "mail domain create shop.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let before = lab.world();
    let set = json_call(&lab, "account set acme --package none");
    assert_eq!(refused(&set, 7), "limit");
    assert!(
        set.stderr
            .contains("1 database of at most 0, 1 mail domain of at most 0"),
        "{set}"
    );
    assert_eq!(
        refused(&json_call(&lab, "package set big --databases 0"), 7),
        "limit"
    );
    assert_eq!(refused(&json_call(&lab, "package delete big --yes"), 4), "in_use");
    before.expect_same(&lab.world(), "after refusals");

    let shown = json_call(&lab, "account show acme");
    let shown = shown.expect_code(0).json();
    assert_eq!(
        (&shown["databases"], &shown["databases_limit"]),
        (&json!(1), &json!(10))
    );
    assert_eq!(
        (&shown["boxes"], &shown["boxes_limit"]),
        (&json!(0), &json!(null))
    );
    assert!(
        shown["database_size_bytes"].as_i64().is_some_and(|size| size > 0),
        "{shown}"
    );
    json_call(&lab, "account set acme --package none --force").expect_code(0);
    assert_eq!(
        refused(&json_call(&lab, "db create more --account acme"), 7),
        "limit"
    );
    json_call(&lab, "account set acme --no-package").expect_code(0);
    json_call(&lab, "db create more --account acme").expect_code(0);
}

#[test]
fn an_account_goes_with_everything_it_owns() {
    let lab = Lab::with_dns();
    let before = lab.world();
    for line in [
        "account create acme",
        "site create shop.example --account acme --db shop --mail info --dns",
        "db create second --account acme",
        "mail domain create other.example --account acme",
        "dns zone create third.example --account acme",
    ] {
        json_call(&lab, line).expect_code(0);
    }
    let full = lab.world();
    let plan = json_call(&lab, "account delete acme --purge -n");
    let plan = plan.expect_code(0).json();
    let actions: Vec<&str> = plan
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| step["undo"].as_str().expect("word"))
        .collect();
    let pivot = actions
        .iter()
        .position(|undo| *undo == "forward_only")
        .expect("a pivot");
    assert!(
        actions[pivot..].iter().all(|undo| *undo == "forward_only"),
        "{actions:?}"
    );
    full.expect_same(&lab.world(), "after looking");
    let failed = lab
        .call(&["account", "delete", "acme", "--purge", "--yes"])
        .crash(&format!("fail:{pivot}:before_intent:do"))
        .run();
    failed.expect_code(8);
    full.expect_same(&lab.world(), "after a failure before the pivot");
    lab.call(&["account", "delete", "acme", "--purge", "--yes"])
        .crash(&format!("die:{pivot}:effect_done:do"))
        .run();
    lab.run(&["op", "recover"]).expect_code(0);
    before.expect_same(&lab.world(), "after recovery past the pivot");
}

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

/// What Dovecot says to a login.
fn login(lab: &Lab, password: &str) -> String {
    let server = lab.sandbox().addresses(Name::Dovecot).expect("Dovecot")[0];
    let mut stream = TcpStream::connect(server).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a time-out");
    let mut reader = BufReader::new(stream.try_clone().expect("the same connection"));
    let mut heard = String::new();
    reader.read_line(&mut heard).expect("a greeting");
    stream
        .write_all(format!("1 LOGIN info@shop.example \"{password}\"\r\n").as_bytes())
        .expect("it listens");
    while !heard.lines().any(|line| line.starts_with("1 ")) {
        assert!(
            reader.read_line(&mut heard).expect("an answer") > 0,
            "closed after {heard}"
        );
    }
    heard
}

/// A customer's database as somebody else made it, with rights and comments of its own.
fn plant(lab: &Lab) {
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        for statement in [
            "CREATE ROLE report LOGIN",
            "CREATE ROLE moved LOGIN PASSWORD 'a password of theirs' CONNECTION LIMIT 9",
            "COMMENT ON ROLE moved IS 'the old panel''s'",
            "CREATE DATABASE moved OWNER moved CONNECTION LIMIT 5",
            "GRANT CONNECT ON DATABASE moved TO report",
            "ALTER ROLE moved SET statement_timeout = '7s'",
        ] {
            client.batch_execute(statement).await.expect(statement);
        }
        let inside = lab.sandbox().superuser("moved").await.expect("a session");
        for statement in [
            "SET ROLE moved",
            "CREATE TABLE item (name text)",
            "INSERT INTO item VALUES ('tea')",
            "GRANT USAGE ON SCHEMA public TO report",
        ] {
            inside.batch_execute(statement).await.expect(statement);
        }
    });
}

/// What no dump of the world tells: schema `public` of the database.
fn inside(lab: &Lab) -> Vec<String> {
    lab.wait(async {
        let client = lab.sandbox().superuser("moved").await.expect("a session");
        let sql = "SELECT n.nspowner::regrole::text || ' ' || array(SELECT a::text FROM unnest(n.nspacl) a ORDER BY 1)::text
                || ' ' || (SELECT string_agg(name, ',') FROM item)
            FROM pg_namespace n WHERE n.nspname = 'public'";
        let rows = client.query(sql, &[]).await.expect("schema public");
        rows.iter().map(|row| row.get(0)).collect()
    })
}

const ADOPT: Verb = Verb {
    arguments: &["db", "create", "moved", "--adopt"],
    needs: None,
    removal: None,
    is_one_commit: false,
};

#[test]
fn a_database_is_adopted_whole_or_given_back_as_it_was() {
    let lab = Lab::new();
    plant(&lab);
    let (before, schema) = (lab.world(), inside(&lab));
    assert_eq!(refused(&json_call(&lab, "db create moved"), 4), "foreign");
    let foreign = json_call(&lab, "db list --foreign");
    let names = foreign.expect_code(0).json();
    assert!(
        names
            .as_array()
            .expect("rows")
            .iter()
            .any(|row| row["name"] == "moved"),
        "{foreign}"
    );
    before.expect_same(&lab.world(), "without --adopt");

    for mode in ["fail", "die"] {
        for step in 0..2 {
            for point in [
                "before_intent",
                "after_intent",
                "mid_effect",
                "effect_done",
                "before_commit",
                "after_commit",
            ] {
                // An outside effect whose reply was lost is found again: the operation goes on.
                if (mode, step, point) == ("fail", 0, "effect_done") {
                    continue;
                }
                let crash = format!("{mode}:{step}:{point}:do");
                let ran = lab.call(ADOPT.arguments).crash(&crash).run();
                lab.run(&["op", "recover"]).expect_code(0);
                assert_ne!(ran.code, Some(0), "{crash}: {ran}");
                before.expect_same(&lab.world(), &crash);
                assert_eq!(inside(&lab), schema, "{crash}");
            }
        }
    }
}

#[test]
fn an_adopted_database_is_like_one_of_ours() {
    let lab = Lab::new();
    plant(&lab);
    let adopted = json_call(&lab, "db create moved --adopt");
    let adopted = adopted.expect_code(0).json();
    assert_eq!(
        (&adopted["role"], &adopted["password"]),
        (&json!("moved"), &json!(null))
    );
    let rights = lab.ask("SELECT datacl::text FROM pg_database WHERE datname = 'moved'");
    assert!(
        !rights[0].contains("report") && !rights[0].contains("{=") && !rights[0].contains(",="),
        "{rights:?}"
    );
    assert!(inside(&lab)[0].starts_with("moved "), "{:?}", inside(&lab));
    assert_eq!(refused(&json_call(&lab, "db create moved --adopt"), 4), "exists");
    json_call(&lab, "db passwd moved").expect_code(0);
    let foreign = json_call(&lab, "db list --foreign");
    assert!(!foreign.expect_code(0).stdout.contains("\"moved\""), "{foreign}");
    json_call(&lab, "db delete moved --purge --yes").expect_code(0);
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM pg_roles WHERE rolname = 'moved' OR rolname ~ '^hc_own'"),
        ["0"]
    );
}

#[test]
fn what_cannot_be_brought_into_shape_is_refused_with_the_reason() {
    let lab = Lab::new();
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        for statement in [
            "CREATE DATABASE roleless",
            "CREATE ROLE odd LOGIN CREATEDB",
            "GRANT pg_monitor TO odd",
            "CREATE DATABASE odd",
        ] {
            client.batch_execute(statement).await.expect(statement);
        }
    });
    let before = lab.world();
    assert_eq!(
        refused(&json_call(&lab, "db create nothing --adopt"), 3),
        "not_found"
    );
    assert_eq!(
        refused(&json_call(&lab, "db create roleless --adopt"), 4),
        "not_adoptable"
    );
    let odd = json_call(&lab, "db create odd --adopt");
    assert_eq!(refused(&odd, 4), "not_adoptable");
    for reason in ["a superuser", "createdb", "member of pg_monitor"] {
        assert!(odd.stderr.contains(reason), "{odd}");
    }
    before.expect_same(&lab.world(), "after refusals");
}

#[test]
fn a_zone_and_a_record_are_adopted_and_given_back() {
    let lab = Lab::with_dns();
    let before = lab.world();
    let create = ["dns", "zone", "create", "sentinel.example", "--adopt"];
    assert_eq!(
        refused(&json_call(&lab, "dns zone create sentinel.example"), 4),
        "foreign"
    );
    let foreign = json_call(&lab, "dns zone list --foreign");
    assert!(
        foreign.expect_code(0).stdout.contains("sentinel.example"),
        "{foreign}"
    );
    for mode in ["fail", "die"] {
        for step in 0..2 {
            for point in ["before_intent", "after_intent", "effect_done", "before_commit"] {
                // An outside effect whose reply was lost is found again: the operation goes on.
                if (mode, step, point) == ("fail", 1, "effect_done") {
                    continue;
                }
                lab.call(&create)
                    .crash(&format!("{mode}:{step}:{point}:do"))
                    .run();
                lab.run(&["op", "recover"]).expect_code(0);
                before.expect_same(&lab.world(), &format!("{mode}:{step}:{point}"));
            }
        }
    }
    lab.run(&create).expect_code(0);
    let shown = json_call(&lab, "dns zone show sentinel.example");
    assert_eq!(shown.expect_code(0).json()["foreign"], json!(0), "{shown}");
    json_call(&lab, "dns record delete sentinel.example www A --yes").expect_code(0);

    // A value that somebody else puts into our zone: `add` says that it is there, and only --adopt makes it ours.
    let put = "INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)
        SELECT id, 'ftp.sentinel.example', 'A', '192.0.2.9', 300, 0, 1 FROM domains WHERE name = 'sentinel.example'";
    lab.zones(put);
    json_call(&lab, "dns record add sentinel.example ftp A 192.0.2.9").expect_code(0);
    assert_eq!(
        refused(
            &json_call(&lab, "dns record delete sentinel.example ftp A --yes"),
            4
        ),
        "foreign"
    );
    let world = lab.world();
    let adopt = [
        "dns",
        "record",
        "add",
        "sentinel.example",
        "ftp",
        "A",
        "192.0.2.9",
        "--adopt",
    ];
    lab.call(&adopt).crash("fail:0:before_commit:do").run();
    lab.run(&["op", "recover"]).expect_code(0);
    world.expect_same(&lab.world(), "after a failure");
    lab.run(&adopt).expect_code(0);
    json_call(&lab, "dns record delete sentinel.example ftp A --yes").expect_code(0);
}

/// Every death and failure while an adoption goes on, is taken back, or is recovered.
#[test]
fn an_adoption_is_whole_at_every_place() {
    let lab = Lab::new();
    plant(&lab);
    let mut counts = [0; 3];
    let before = lab.world();
    // The end of an undisturbed run cannot be taken back by a verb: cells that end with everything are not played.
    for cell in Cell::all(2)
        .into_iter()
        .filter(|cell| cell.when != When::Do && cell.mode == Mode::Die)
    {
        let end = Table::of(&lab, ADOPT, 2).play(cell);
        counts[end as usize] += 1;
        assert_ne!(end, End::All, "{cell}");
        before.expect_same(&lab.world(), &cell.to_string());
    }
    assert!(counts[0] > 10, "{counts:?}");
}
