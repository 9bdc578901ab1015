//! Verbs that change little at a time, or what others have changed: what forgets, what is purged, packages, extensions, and
//! manifests that mend and prune.

use crate::database_ops::tenant::{create, superuser};
use crate::rollback::more::{file, line, play};
use crate::support::rollback::{Cell, Mode, When};
use crate::support::verbs::{VERB, Verb};
use crate::support::{Lab, World};

#[test]
fn what_lies_in_the_trash_goes_whole_or_not_at_all() {
    let lab = Lab::new();
    let purge = Verb {
        line: "op trash purge {db.delete}",
        needs: &["db create shop", "db delete shop --yes"],
        removal: &["op trash purge {db.delete} --yes"],
        ..VERB
    };
    play(&lab, purge, 6);
}

#[test]
fn a_package_is_made_changed_and_deleted_whole_or_not_at_all() {
    let lab = Lab::new();
    let made = Verb {
        line: "package create small --databases 5 --boxes 5",
        removal: &["package delete small --yes"],
        is_one_commit: true,
        ..VERB
    };
    play(&lab, made, 6);
    let needs: &[&str] = &["package create small --databases 5 --boxes 5"];
    let changed = Verb {
        line: "package set small --databases 7",
        needs,
        ..made
    };
    play(&lab, changed, 6);
    let deleted = Verb {
        line: "package delete small",
        needs,
        ..made
    };
    play(&lab, deleted, 6);
}

/// `HOSTCTL_CRASH` for a cell, on the way there and while what was done is taken back.
fn place(cell: Cell) -> String {
    let mode = if cell.mode == Mode::Die { "die" } else { "fail" };
    let phase = if cell.when == When::Do { "do" } else { "undo" };
    format!("{mode}:{}:{}:{phase}", cell.step, cell.point.word())
}

#[test]
fn a_database_is_forgotten_or_not() {
    let lab = Lab::new();
    let is_row = |line: &String| line.contains(" row hosting_accounts ");
    for cell in Cell::some(1, 8).into_iter().filter(|cell| cell.when == When::Do) {
        create(&lab, "shop", &[]);
        superuser(&lab, "postgres", "COMMENT ON DATABASE shop IS NULL");
        let before: World = lab.world();
        let forget = lab.call(&["db", "delete", "shop", "--forget", "--yes"]);
        let ran = forget.crash(&place(cell)).run();
        lab.run(&["op", "recover"]).expect_code(0);
        let difference = before.difference(&lab.world());
        let is_forgotten = difference.len() == 1 && is_row(&difference[0]);
        assert!(
            is_forgotten || difference.is_empty(),
            "{cell}: {difference:?}: {ran}"
        );
        assert!(is_forgotten || ran.code != Some(0), "{cell}: {ran}");
        if !is_forgotten {
            lab.run(&["db", "delete", "shop", "--forget", "--yes"])
                .expect_code(0);
        }
        superuser(&lab, "postgres", "DROP DATABASE shop");
        let owner = lab.ask("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'hc\\_own\\_%'");
        superuser(&lab, "postgres", &format!("DROP ROLE shop, {}", owner.concat()));
    }
}

#[test]
fn a_zone_is_forgotten_or_not() {
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", "shop.example"]).expect_code(0);
    lab.zones("UPDATE domains SET account = 'somebody else' WHERE name = 'shop.example' RETURNING name");
    let before = lab.world();
    let places = Cell::some(1, 1).into_iter().filter(|cell| cell.when == When::Do);
    let mut forgotten = 0;
    for cell in places {
        let forget = lab.call(&["dns", "zone", "delete", "shop.example", "--forget", "--yes"]);
        let ran = forget.crash(&place(cell)).run();
        lab.run(&["op", "recover"]).expect_code(0);
        let rows = lab.ask("SELECT name FROM hostctl.dns_zones");
        if rows.is_empty() {
            forgotten += 1;
            let newest = "SELECT id::text FROM hostctl.operations
                WHERE kind = 'dns.zone.delete' AND state = 'succeeded' ORDER BY started_at DESC LIMIT 1";
            lab.run(&["op", "undo", &lab.ask(newest)[0], "--yes"])
                .expect_code(0);
        } else {
            assert_ne!(ran.code, Some(0), "{cell}: {ran}");
        }
        before.expect_same(&lab.world(), &format!("{cell}: whole or not at all"));
    }
    assert!(forgotten > 0, "no place lies behind the commit");
}

#[test]
fn extensions_and_a_quota_are_set_together_or_not_at_all() {
    let lab = Lab::new();
    create(&lab, "shop", &[]);
    let set = |value: &str| {
        let words = ["db", "set", "shop", "--extension", "citext", "--quota", value];
        lab.call(&words)
            .variable("HOSTCTL_CLUSTER__MAIN__EXTENSIONS", "citext")
    };
    let installed = || {
        lab.wait(async {
            let client = lab.sandbox().superuser("shop").await.expect("a session");
            let rows = client
                .query("SELECT FROM pg_extension WHERE extname = 'citext'", &[])
                .await;
            !rows.expect("the extensions").is_empty()
        })
    };
    for cell in Cell::some(2, 8) {
        let before = lab.world();
        match cell.when {
            When::Do => drop(set("1G").crash(&place(cell)).run()),
            When::Undo => {
                let both = format!("fail:1:after_commit:do,{}", place(cell));
                drop(set("1G").crash(&both).run());
            }
            When::Recover => {
                assert!(set("1G").crash("die:1:after_commit:do").run().was_killed());
                drop(lab.call(&["op", "recover"]).crash(&place(cell)).run());
            }
        }
        lab.run(&["op", "recover"]).expect_code(0);
        let difference = before.difference(&lab.world());
        assert_eq!(difference.is_empty(), !installed(), "{cell}: {difference:?}");
        if installed() {
            superuser(&lab, "shop", "DROP EXTENSION citext");
            lab.run(&["db", "set", "shop", "--quota", "unlimited"])
                .expect_code(0);
        }
        before.expect_same(&lab.world(), &cell.to_string());
    }
}

fn site(more: &str) -> String {
    format!(
        "[[site]]\ndomain = \"shop.example\"\ndatabase = {{ name = \"shop\", limits = {{ connections = 5 }} }}\n\
        [site.dns]\naddresses = [\"192.0.2.80\"]\n{more}"
    )
}

#[test]
fn a_manifest_mends_all_or_nothing() {
    let lab = Lab::with_dns();
    let mail = "[site.mail]\nboxes = [{ name = \"info\", quota = \"1G\" }]\n";
    let path = file(&lab, "site.toml", &site(mail));
    let needs: [&str; 4] = [
        line(format!("site apply {path} --yes")),
        "db set shop --connections 9 --statement-timeout 1m",
        "mail box set info@shop.example --quota 5G",
        "dns record set shop.example www A 192.0.2.99",
    ];
    let mend = Verb {
        line: line(format!("site apply {path}")),
        has_dns: true,
        needs: Box::leak(Box::new(needs)),
        removal: &["site delete shop.example --purge --yes"],
        ..VERB
    };
    play(&lab, mend, 12);
}

#[test]
fn a_manifest_prunes_all_or_nothing() {
    let lab = Lab::with_dns();
    let mail = "[site.mail]\nboxes = [{ name = \"info\" }, { name = \"sales\" }]\n\
        aliases = [{ name = \"office\", destinations = [\"info@shop.example\"] }]\n";
    let many = file(&lab, "many.toml", &site(mail));
    let few = "[[site]]\ndomain = \"shop.example\"\n[site.mail]\nboxes = [{ name = \"info\" }]\n";
    let few = file(&lab, "few.toml", few);
    let needs: [&str; 1] = [line(format!("site apply {many} --yes"))];
    let prune = Verb {
        line: line(format!("site apply {few} --prune --max-removals 99")),
        has_dns: true,
        needs: Box::leak(Box::new(needs)),
        removal: &[
            "op trash purge {site.apply} --yes",
            "site delete shop.example --purge --yes",
        ],
        ..VERB
    };
    play(&lab, prune, 12);
}
