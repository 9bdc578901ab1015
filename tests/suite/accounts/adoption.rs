//! What was there before becomes ours, or stays as it was.

use serde_json::json;

use crate::accounts::{json_call, refused, undo};
use crate::support::Lab;
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::{VERB, Verb};

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
            // What CREATEROLE is enough for before.
            "DO $$ BEGIN IF current_setting('server_version_num')::int >= 160000 THEN
                GRANT moved TO hostctl WITH ADMIN OPTION; END IF; END $$",
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
    line: "db create moved --adopt",
    removal: &["op undo {db.create} --yes -o json"],
    ..VERB
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
                let ran = lab
                    .call(&["db", "create", "moved", "--adopt"])
                    .crash(&crash)
                    .run();
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
    // What was set since would not be as it was.
    json_call(&lab, "db set moved --connections 3").expect_code(0);
    let adoption = adopted["operation"].as_str().expect("an operation");
    let undo = json_call(&lab, &format!("op undo {adoption} --yes"));
    assert_eq!(refused(&undo, 4), "changed");
    assert!(undo.stderr.contains("db set moved came later"), "{undo}");
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
            "CREATE ROLE mixed LOGIN",
            "CREATE DATABASE mixed OWNER mixed",
            "CREATE ROLE third",
        ] {
            client.batch_execute(statement).await.expect(statement);
        }
        let inside = lab.sandbox().superuser("mixed").await.expect("a session");
        let contents = "CREATE EXTENSION citext; CREATE TABLE ledger (id int); ALTER TABLE ledger OWNER TO third;
            CREATE FUNCTION audit() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE item (id int); ALTER TABLE item OWNER TO mixed";
        inside.batch_execute(contents).await.expect(contents);
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
    // It could neither be dumped nor changed by its tenant.
    let mixed = json_call(&lab, "db create mixed --adopt");
    assert_eq!(refused(&mixed, 4), "not_adoptable");
    for object in ["public.ledger belongs to third", "public.audit belongs to"] {
        assert!(mixed.stderr.contains(object), "{mixed}");
    }
    assert!(
        !mixed.stderr.contains("citext") && !mixed.stderr.contains("item"),
        "{mixed}"
    );
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
    undo(&lab, "dns.zone.create");
    before.expect_same(&lab.world(), "an adoption undone");
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

/// Deaths and failures while an adoption goes on, is taken back, or is recovered.
#[test]
fn an_adoption_is_whole_at_every_place() {
    let lab = Lab::new();
    plant(&lab);
    let (before, schema) = (lab.world(), inside(&lab));
    let table = Table::new(&lab, ADOPT);
    before.expect_same(&lab.world(), "an adoption undone");
    assert_eq!(inside(&lab), schema, "an adoption undone");
    assert_eq!(table.steps.len(), 2, "{:?}", table.steps);
    let mut counts = [0; 3];
    for cell in Cell::some(2, 2) {
        counts[table.play(cell) as usize] += 1;
        assert_eq!(inside(&lab), schema, "{cell}");
    }
    assert!(counts[End::Nothing as usize] > 10, "{counts:?}");
    table.cut();
    assert_eq!(inside(&lab), schema, "after the cuts");
}
