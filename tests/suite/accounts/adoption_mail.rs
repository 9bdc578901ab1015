//! Mail that others wrote into the control database becomes ours, or stays as it was.

use serde_json::json;

use crate::accounts::{json_call, newest, refused, undo};
use crate::support::Lab;
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::{VERB, Verb};

/// What a panel wrote: a domain with a suspended box that has a directory of its own, and an alias; beside it what stays.
const PLANTED: &str = "INSERT INTO hostctl.email_domains (name, account_id)
        SELECT d, a.id FROM hostctl.accounts a, unnest(ARRAY['moved.test', 'sentinel.test']) d WHERE a.name = 'main';
    INSERT INTO hostctl.email_accounts
        (address, local_part, domain, account_id, password_hash, quota_bytes, home, state, marker)
        SELECT b || '@' || d.name, b, d.name, d.account_id,
            '{BLF-CRYPT}$2y$12$abcdefghijklmnopqrstuuN2Ks7RUoFUq7ouSkbhjVKsmFd9TDSB.', 1048576,
            'old.' || d.name || '/' || b, 'suspended', 'the old panel'
        FROM hostctl.email_domains d, unnest(ARRAY['info', 'sales']) b;
    INSERT INTO hostctl.email_aliases (source, local_part, domain, account_id, destinations)
        SELECT 'team@' || d.name, 'team', d.name, d.account_id, ARRAY['info@' || d.name] FROM hostctl.email_domains d";

const DOMAIN: &str = "mail domain create moved.test --adopt";
const BOX: &str = "mail box create info@moved.test --adopt";
const ALIAS: &str = "mail alias create team@moved.test --adopt";

fn lab() -> Lab {
    let lab = Lab::new();
    lab.wait(async {
        let client = lab.sandbox().superuser("hostctl").await.expect("a session");
        client.batch_execute(PLANTED).await.expect("planted");
    });
    lab
}

/// Every row of mail, whole, and whose names are.
fn rows(lab: &Lab) -> Vec<String> {
    lab.ask(
        "SELECT to_jsonb(d)::text FROM hostctl.email_domains d UNION ALL
        SELECT to_jsonb(b)::text FROM hostctl.email_accounts b UNION ALL
        SELECT to_jsonb(a)::text FROM hostctl.email_aliases a UNION ALL
        SELECT to_jsonb(o)::text FROM hostctl.domain_owners o UNION ALL
        SELECT f.home FROM hostctl.mail_former_homes f ORDER BY 1",
    )
}

#[test]
fn mail_of_others_is_not_touched_and_is_listed() {
    let lab = lab();
    let before = rows(&lab);
    for (line, code, reason) in [
        ("mail domain create moved.test", 4, "foreign"),
        ("mail domain create moved.test --if-not-exists", 4, "foreign"),
        ("mail domain show moved.test", 3, "not_found"),
        ("mail domain suspend moved.test", 4, "foreign"),
        (
            "mail domain delete moved.test --with-boxes --purge --yes",
            4,
            "foreign",
        ),
        ("mail dkim rotate moved.test", 4, "foreign"),
        ("mail box create new@moved.test", 4, "foreign"),
        ("mail box create info@moved.test", 4, "foreign"),
        ("mail box create info@moved.test --if-not-exists", 4, "foreign"),
        ("mail box show info@moved.test", 3, "not_found"),
        ("mail box passwd info@moved.test", 4, "foreign"),
        ("mail box set info@moved.test --quota 1G", 4, "foreign"),
        ("mail box resume info@moved.test", 4, "foreign"),
        ("mail box delete info@moved.test --purge --yes", 4, "foreign"),
        ("mail alias create new@moved.test x@far.example", 4, "foreign"),
        ("mail alias create team@moved.test x@far.example", 4, "foreign"),
        ("mail alias show team@moved.test", 3, "not_found"),
        ("mail alias set team@moved.test x@far.example", 4, "foreign"),
        ("mail alias delete team@moved.test --purge --yes", 4, "foreign"),
        ("site create moved.test --mail info", 4, "foreign"),
        ("account delete main --purge --yes", 4, "foreign"),
        // Its domain comes first.
        (BOX, 4, "foreign"),
        (ALIAS, 4, "foreign"),
        ("mail box create nobody@moved.test --adopt", 3, "not_found"),
        ("mail domain create nothing.test --adopt", 3, "not_found"),
        ("mail alias create nobody@moved.test --adopt", 3, "not_found"),
    ] {
        let ran = json_call(&lab, line);
        assert_eq!(refused(&ran, code), reason, "{ran}");
        assert_eq!(rows(&lab), before, "{line}");
    }
    let hint = lab.run(&["mail", "box", "show", "info@moved.test"]);
    assert!(
        hint.stderr.contains("hint: hostctl mail box list --foreign"),
        "{hint}"
    );
    for (noun, count) in [("domain", 2), ("box", 4), ("alias", 2)] {
        let listed = |more: &str| {
            let ran = json_call(&lab, &format!("mail {noun} list{more}"));
            ran.expect_code(0).json().as_array().map(Vec::len)
        };
        assert_eq!(
            (listed(" --foreign"), listed("")),
            (Some(count), Some(0)),
            "{noun}"
        );
    }
    let of_one = json_call(&lab, "mail box list --foreign --domain moved.test");
    assert_eq!(of_one.expect_code(0).json().as_array().map(Vec::len), Some(2));
}

#[test]
fn mail_is_adopted_as_it_is_and_given_back_as_it_was() {
    let lab = lab();
    let before = rows(&lab);
    lab.run(&["account", "create", "acme"]).expect_code(0);
    let theirs = json_call(&lab, &format!("{DOMAIN} --account acme"));
    assert_eq!(refused(&theirs, 4), "taken");

    let domain = json_call(&lab, DOMAIN);
    let domain = domain.expect_code(0).json();
    assert_eq!(
        (&domain["account"], &domain["boxes"]),
        (&json!("main"), &json!(2))
    );
    assert_eq!(refused(&json_call(&lab, DOMAIN), 4), "exists");
    let adopted = json_call(&lab, BOX).expect_code(0).json();
    assert_eq!(
        (&adopted["state"], &adopted["quota_bytes"], &adopted["password"]),
        (&json!("suspended"), &json!(1_048_576), &json!(null))
    );
    json_call(&lab, ALIAS).expect_code(0);
    // Nothing but the marks is another.
    let same = "SELECT count(*)::text FROM hostctl.email_accounts WHERE domain = 'moved.test' AND local_part = 'info'
        AND home = 'old.moved.test/info' AND password_hash LIKE '{BLF-CRYPT}$2y$12$abcdef%'";
    assert_eq!(lab.ask(same), ["1"]);
    // What is ours is in the way of giving the domain back, and what is not in the way of deleting it.
    let ran = json_call(
        &lab,
        &format!("op undo {} --yes", newest(&lab, "mail.domain.create")),
    );
    ran.expect_code(4);
    assert!(ran.stderr.contains("boxes, aliases or keys of ours"), "{ran}");
    let ran = json_call(&lab, "mail domain delete moved.test --with-boxes --purge --yes");
    assert_eq!(refused(&ran, 4), "foreign");
    for kind in ["mail.alias.create", "mail.box.create", "mail.domain.create"] {
        undo(&lab, kind);
    }
    assert_eq!(rows(&lab), before, "given back");

    // With other wishes; and like any box of ours from then on.
    json_call(&lab, DOMAIN).expect_code(0);
    let file = lab.private_file("password", "a password of their own choice\n");
    let adopted = json_call(&lab, &format!("{BOX} --quota 2G --password-file {file}"));
    assert_eq!(adopted.expect_code(0).json()["quota_bytes"], 2_147_483_648_u64);
    let hash = "SELECT split_part(password_hash, '$', 2) FROM hostctl.email_accounts WHERE address = 'info@moved.test'";
    assert_eq!(lab.ask(hash), ["argon2id"]);
    undo(&lab, "mail.box.create");
    undo(&lab, "mail.domain.create");
    assert_eq!(rows(&lab), before, "given back with its password");
    for line in [DOMAIN, BOX, ALIAS, "mail box create sales@moved.test --adopt"] {
        json_call(&lab, line).expect_code(0);
    }
    json_call(&lab, "mail box resume info@moved.test").expect_code(0);
    let ran = json_call(
        &lab,
        &format!("op undo {} --yes", newest(&lab, "mail.box.create")),
    );
    ran.expect_code(0);
    json_call(&lab, "mail box create sales@moved.test --adopt").expect_code(0);
    json_call(&lab, "mail domain delete moved.test --with-boxes --purge --yes").expect_code(0);
    let left = lab.ask("SELECT domain FROM hostctl.domain_owners ORDER BY 1");
    assert_eq!(left, Vec::<String>::new());
    let sentinels: Vec<String> = before
        .into_iter()
        .filter(|row| row.contains("sentinel.test"))
        .collect();
    let after: Vec<String> = rows(&lab)
        .into_iter()
        .filter(|row| row.contains("sentinel.test"))
        .collect();
    assert_eq!(after, sentinels);
}

#[test]
fn what_an_account_has_no_room_for_is_not_adopted() {
    let lab = lab();
    lab.run(&["package", "create", "small", "--boxes", "3", "--domains", "1"])
        .expect_code(0);
    lab.run(&["account", "set", "main", "--package", "small", "--force"])
        .expect_code(0);
    let before = rows(&lab);
    assert_eq!(refused(&json_call(&lab, DOMAIN), 7), "limit");
    assert_eq!(rows(&lab), before);
    lab.run(&["package", "set", "small", "--domains", "2", "--force"])
        .expect_code(0);
    json_call(&lab, DOMAIN).expect_code(0);
    assert_eq!(refused(&json_call(&lab, BOX), 7), "limit");
    lab.run(&["package", "set", "small", "--boxes", "4", "--force"])
        .expect_code(0);
    json_call(&lab, BOX).expect_code(0);
}

/// Deaths and failures while an adoption goes on, is taken back, or is recovered.
#[test]
fn an_adoption_of_mail_is_whole_at_every_place() {
    let lab = lab();
    let before = rows(&lab);
    let play = |line: &'static str, removal: &'static [&'static str]| {
        let given = rows(&lab);
        let verb = Verb {
            line,
            removal,
            is_one_commit: true,
            ..VERB
        };
        let table = Table::new(&lab, verb);
        for cell in Cell::some(table.steps.len(), 8) {
            let end = table.play(cell);
            assert!(
                end != End::Unmet || !table.must_be_met(cell),
                "{cell} was not met"
            );
        }
        table.cut();
        assert_eq!(rows(&lab), given, "{line}");
    };
    play(DOMAIN, &["op undo {mail.domain.create} --yes -o json"]);
    json_call(&lab, DOMAIN).expect_code(0);
    play(BOX, &["op undo {mail.box.create} --yes -o json"]);
    play(ALIAS, &["op undo {mail.alias.create} --yes -o json"]);
    undo(&lab, "mail.domain.create");
    assert_eq!(rows(&lab), before);
}
