//! Manifests of suspended sites.

use crate::database_ops::tenant::{PASSWORD, ask, enter, refusal, superuser};
use crate::manifest::drift::is_mended_in_the_inventory;
use crate::manifest::{SITE, different, furnished, refused, sql};
use crate::support::Lab;

/// The limits of the role and of the database.
const LIMITS: &str = "SELECT r.rolconnlimit || ' ' || d.datconnlimit FROM pg_roles r JOIN pg_database d ON d.datname = r.rolname
    WHERE r.rolname = 'shop'";

const DATABASE: &str = "database shop on main";
/// Opens a suspended database behind our back.
const OPEN: &str = "ALTER ROLE shop LOGIN CONNECTION LIMIT -1; GRANT CONNECT ON DATABASE shop TO shop";

/// How many sessions the tenant has.
const SESSIONS: &str = "SELECT count(*)::text FROM pg_stat_activity WHERE usename = 'shop'";

/// The lab of a manifest, with a password that is known.
fn known() -> (Lab, String) {
    let (lab, file) = furnished();
    lab.call(&["db", "passwd", "shop", "--password-stdin"])
        .stdin(PASSWORD)
        .run()
        .expect_code(0);
    (lab, file)
}

#[test]
fn who_came_in_while_it_was_open_behind_our_back_is_put_out() {
    let (lab, file) = known();
    lab.run(&["site", "suspend", "shop.test"]).expect_code(0);
    let shut = lab.world();
    superuser(&lab, "postgres", OPEN);
    let opened = lab.world();
    let tenant = enter(&lab);
    assert_eq!(ask(&lab, &tenant, "SELECT current_user::text"), ["shop"]);
    let planned = lab.run(&["site", "plan", &file, "-o", "json"]).json();
    let after = planned[0]["after"].as_str().expect("words");
    assert!(after.ends_with(", sessions ended"), "{after}");
    // Shut, and somebody still in: that is not what was asked for.
    let failed = lab
        .call(&["site", "apply", &file, "--yes"])
        .crash("fail:0:mid_effect:do")
        .run();
    assert_ne!(failed.code, Some(0), "{failed}");
    lab.run(&["op", "recover"]).expect_code(0);
    opened.expect_same(&lab.world(), "taken back");
    assert_eq!(ask(&lab, &tenant, "SELECT current_user::text"), ["shop"]);
    let killed = lab
        .call(&["site", "apply", &file, "--yes"])
        .crash("die:0:mid_effect:do")
        .run();
    assert_ne!(killed.code, Some(0), "{killed}");
    lab.run(&["op", "recover"]).expect_code(0);
    assert!(lab.world() == opened || lab.ask(SESSIONS) == ["0"], "half done");
    lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
    assert_eq!(lab.ask(SESSIONS), ["0"]);
    let cut = lab
        .wait(tenant.batch_execute("SELECT 1"))
        .expect_err("no session");
    assert!(
        cut.is_closed() || cut.code().is_some_and(|code| code.code() == "57P01"),
        "{cut:?}"
    );
    let difference = shut.difference_in_kind(&lab.world());
    assert_eq!(difference, Vec::<String>::new());
    assert_eq!(different(&lab, &file), Vec::<String>::new());
}

#[test]
fn a_state_that_no_verb_wrote_opens_nothing_and_shuts_nothing() {
    let (lab, file) = known();
    let state = |state: &str| {
        let statement = format!("UPDATE hostctl.hosting_accounts SET state = '{state}' WHERE name = 'shop'");
        sql(&lab, "hostctl", &statement);
    };
    is_mended_in_the_inventory(&lab, &file, || state("suspended"), DATABASE);
    assert_eq!(refusal(&lab), None);
    // One that is shut by its own verb, then one that is shut with its site.
    for (suspend, resume) in [
        ("db suspend shop", "db resume shop"),
        ("site suspend shop.test", "site resume shop.test"),
    ] {
        lab.run(&suspend.split(' ').collect::<Vec<_>>()).expect_code(0);
        assert_eq!(different(&lab, &file), Vec::<String>::new());
        is_mended_in_the_inventory(&lab, &file, || state("active"), DATABASE);
        assert!(refusal(&lab).is_some(), "{suspend}");
        let shut = lab.world();
        state("active");
        superuser(&lab, "postgres", OPEN);
        assert_eq!(refusal(&lab), None);
        assert_eq!(different(&lab, &file), [DATABASE, DATABASE]);
        lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
        assert!(refusal(&lab).is_some(), "{suspend}");
        let difference = shut.difference_in_kind(&lab.world());
        assert_eq!(difference, Vec::<String>::new());
        lab.run(&resume.split(' ').collect::<Vec<_>>()).expect_code(0);
        assert_eq!(lab.ask(LIMITS), ["5 10"]);
        assert_eq!(refusal(&lab), None);
        is_mended_in_the_inventory(&lab, &file, || state("suspended"), DATABASE);
    }
    // What was taken back, or undone, does not count.
    lab.run(&["db", "suspend", "shop"]).expect_code(0);
    let newest = "SELECT id::text FROM hostctl.operations WHERE kind = 'db.suspend' ORDER BY id DESC LIMIT 1";
    lab.run(&["op", "undo", &lab.ask(newest).concat(), "--yes"])
        .expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    is_mended_in_the_inventory(&lab, &file, || state("suspended"), DATABASE);
}

#[test]
fn new_limits_are_in_force_after_the_resumption() {
    let (lab, file) = furnished();
    lab.run(&["site", "suspend", "shop.test"]).expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    // Behind our back it does not stay open.
    let shut = lab.world();
    superuser(
        &lab,
        "shop",
        "ALTER ROLE shop LOGIN CONNECTION LIMIT -1; GRANT CONNECT ON DATABASE shop TO shop",
    );
    assert_eq!(different(&lab, &file), ["database shop on main"]);
    lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    let difference = shut.difference_in_kind(&lab.world());
    assert_eq!(difference, Vec::<String>::new());
    let more = lab.private_file(
        "more.toml",
        &SITE.replace("connections = 5, statement_timeout = \"30s\"", "connections = 9"),
    );
    let before = lab.world();
    let differs = different(&lab, &more);
    assert!(
        !differs.is_empty() && differs.iter().all(|resource| resource == "database shop on main"),
        "{differs:?}"
    );
    lab.run(&["site", "apply", &more, "--yes"]).expect_code(0);
    assert_eq!(different(&lab, &more), Vec::<String>::new());
    let newest = "SELECT id::text FROM hostctl.operations WHERE kind = 'site.apply' ORDER BY id DESC LIMIT 1";
    lab.run(&["op", "undo", &lab.ask(newest).concat(), "--yes"])
        .expect_code(0);
    before.expect_same(&lab.world(), "limits of a suspended site, undone");
    lab.run(&["site", "apply", &more, "--yes"]).expect_code(0);
    assert_eq!(lab.ask(LIMITS), ["0 14"]);
    lab.run(&["site", "resume", "shop.test"]).expect_code(0);
    assert_eq!(lab.ask(LIMITS), ["9 14"]);
    assert_eq!(different(&lab, &more), Vec::<String>::new());
}

#[test]
fn nothing_new_comes_to_a_suspended_site() {
    let lab = Lab::with_dns();
    let site = |mail: &str, more: &str| {
        format!(
            "[[site]]\ndomain = \"shop.test\"\n{more}\n[site.mail]\nboxes = [{{ name = \"info\" }}{mail}]\n"
        )
    };
    let plain = lab.private_file("plain.toml", &site("", ""));
    lab.run(&["site", "apply", &plain]).expect_code(0);
    lab.run(&["site", "suspend", "shop.test"]).expect_code(0);
    let before = lab.world();
    let alias = site("", "") + "aliases = [{ name = \"office\", destinations = [\"info@shop.test\"] }]\n";
    let more = [
        alias,
        site(", { name = \"sales\" }", ""),
        site("", "database = { name = \"shop\" }"),
        site("", "dns = { addresses = [\"192.0.2.80\"] }"),
    ];
    for (number, more) in more.iter().enumerate() {
        let file = lab.private_file(&format!("more-{number}.toml"), more);
        let ran = lab.run(&["site", "apply", &file, "-o", "json"]);
        ran.expect_code(7);
        assert_eq!(refused(&ran), ["denied", "suspended"], "{more}");
        before.expect_same(&lab.world(), more);
    }
    // What it has may change.
    let quota = lab.private_file(
        "quota.toml",
        &site("", "").replace("\"info\"", "\"info\", quota = \"1G\""),
    );
    lab.run(&["site", "apply", &quota]).expect_code(0);
}
