//! A manifest that was applied is undone: what it made goes into the trash, what it changed is as before.

use crate::manifest::{SITE, refused};
use crate::support::Lab;

/// The newest operation that has succeeded.
fn newest(lab: &Lab) -> String {
    lab.ask("SELECT id::text FROM hostctl.operations WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1")
        .concat()
}

#[track_caller]
fn apply(lab: &Lab, text: &str) {
    lab.call(&["site", "apply", "-"]).stdin(text).run().expect_code(0);
}

#[track_caller]
fn undo_newest(lab: &Lab) {
    lab.run(&["op", "undo", &newest(lab), "--yes"]).expect_code(0);
}

/// Undone, brought back, undone again and purged: as if nothing had been.
#[track_caller]
fn goes_and_comes_back(lab: &Lab, text: &str, what: &str) {
    let before = lab.world();
    apply(lab, text);
    let made = lab.world();
    undo_newest(lab);
    let deletion = newest(lab);
    undo_newest(lab);
    // An alias that is made again has another birthday; passwords are the old ones.
    let back = lab.world();
    let different = made.difference_in_kind(&back);
    assert!(different.is_empty(), "{what}: {}", different.join("\n"));
    assert!(!made.renews_hashes(&back), "{what}");
    undo_newest(lab);
    lab.run(&["op", "trash", "purge", &deletion, "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), what);
}

#[test]
fn an_applied_manifest_is_undone_whether_it_made_the_site_or_changed_it() {
    let lab = Lab::with_dns();
    goes_and_comes_back(&lab, SITE, "a new site");

    let smaller = "[[site]]\ndomain = \"shop.test\"\nmail.boxes = [{ name = \"info\", quota = \"1G\" }]\n";
    apply(&lab, smaller);
    goes_and_comes_back(&lab, SITE, "a site with more parts");

    // A part that somebody had there before is not the manifest's to take away.
    lab.run(&["site", "delete", "shop.test", "--purge", "--yes"])
        .expect_code(0);
    for line in [
        "mail domain create shop.test",
        "mail box create info@shop.test --quota 1G",
    ] {
        lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    }
    goes_and_comes_back(&lab, SITE, "a site around what was there");

    apply(&lab, SITE);
    let id = newest(&lab);
    lab.run(&["mail", "box", "passwd", "info@shop.test"])
        .expect_code(0);
    lab.run(&["db", "set", "shop", "--connections", "9"])
        .expect_code(0);
    let changed = lab.world();
    let ran = lab.run(&["op", "undo", &id, "--yes", "-o", "json"]);
    ran.expect_code(4);
    assert_eq!(refused(&ran), ["conflict", "changed"]);
    changed.expect_same(&lab.world(), "what somebody changed since");
}

/// What an undoing is refused for.
#[track_caller]
fn in_the_way(lab: &Lab, id: &str) -> Vec<String> {
    let ran = lab.run(&["op", "undo", id, "--yes", "-o", "json"]);
    ran.expect_code(4);
    assert_eq!(refused(&ran), ["conflict", "changed"]);
    let said: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an error");
    let message = said["error"]["message"].as_str().expect("a message");
    let list = message.strip_prefix("site apply shop.test cannot be undone, because of what came after it: ");
    let list = list.unwrap_or_else(|| panic!("{message}"));
    list.split("; ").map(str::to_owned).collect()
}

#[test]
fn what_stands_in_the_way_is_told_and_nothing_that_only_follows_from_it() {
    let lab = Lab::with_dns();
    for line in ["db create shop", "dns zone create shop.test"] {
        lab.run(&line.split(' ').collect::<Vec<_>>()).expect_code(0);
    }
    // Around a database and a zone that were there, with mail of its own.
    apply(&lab, SITE);
    let id = newest(&lab);
    let whole = lab.world();

    // By hand, a record and the login.
    let record = |value: &str| {
        lab.zones(&format!(
            "UPDATE records SET content = '{value}' WHERE name = 'blog.shop.test' AND content LIKE '%.82' RETURNING name"
        ))
    };
    record("198.51.100.82");
    role(&lab, "ALTER ROLE shop CONNECTION LIMIT 3");
    assert_eq!(
        in_the_way(&lab, &id),
        [
            "database shop on main stands otherwise now: connections of the role 3",
            "blog.shop.test A is not as it was written",
        ]
    );
    record("192.0.2.82");
    role(&lab, "ALTER ROLE shop CONNECTION LIMIT 5");
    whole.expect_same(&lab.world(), "as it was");

    // A box that was changed since stays, and its domain with it.
    lab.run(&["mail", "box", "set", "sales@shop.test", "--quota", "3G"])
        .expect_code(0);
    assert_eq!(
        in_the_way(&lab, &id),
        ["mail box sales@shop.test is not as it was when this was planned"]
    );
}

fn role(lab: &Lab, statement: &str) {
    lab.wait(async {
        let client = lab.sandbox().superuser("postgres").await.expect("a session");
        client.batch_execute(statement).await.expect(statement);
    });
}
