//! Manifests of suspended sites.

use crate::database_ops::tenant::superuser;
use crate::manifest::{SITE, different, furnished, refused};
use crate::support::Lab;

/// The limits of the role and of the database.
const LIMITS: &str = "SELECT r.rolconnlimit || ' ' || d.datconnlimit FROM pg_roles r JOIN pg_database d ON d.datname = r.rolname
    WHERE r.rolname = 'shop'";

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
