//! Rows of mail that somebody has written past the program, in what no manifest says: whose they are, and where mail lies.

use crate::manifest::drift::is_mended;
use crate::manifest::{SITE, different, furnished, refused, sql};
use crate::support::Lab;

/// The directories that boxes have left.
const LEFT: &str = "SELECT home || ' ' || address FROM hostctl.mail_former_homes ORDER BY 1";

#[track_caller]
fn runs(lab: &Lab, words: &str) {
    lab.run(&words.split(' ').collect::<Vec<_>>()).expect_code(0);
}

#[test]
fn a_box_and_an_alias_are_whose_their_domain_is() {
    let (lab, _) = furnished();
    runs(&lab, "account create acme");
    let text = SITE.replace("[[site]]\n", "[[site]]\naccount = \"main\"\n");
    let file = lab.private_file("of-main.toml", &text);
    let to_acme = |table: &str, key: &str, more: &str| {
        let statement = format!(
            "UPDATE hostctl.{table} SET account_id = (SELECT id FROM hostctl.accounts WHERE name = 'acme'){more} WHERE {key}"
        );
        sql(&lab, "hostctl", &statement);
    };
    let of_box = "address = 'info@shop.test'";
    let of_alias = "source = 'office@shop.test'";
    for more in ["", ", quota_bytes = 7, state = 'suspended'"] {
        is_mended(
            &lab,
            &file,
            || to_acme("email_accounts", of_box, more),
            "mail box info@shop.test",
        );
    }
    // An alias that leads into another account's domain cannot be had by undoing either.
    for more in ["", ", destinations = '{eve@example.net}'"] {
        let (good, alias) = (lab.world(), "mail alias office@shop.test");
        to_acme("email_aliases", of_alias, more);
        let drifted = lab.world();
        assert_eq!(different(&lab, &file), [alias]);
        let failed = lab
            .call(&["site", "apply", &file, "--yes"])
            .crash("fail:0:before_commit:do")
            .run();
        assert_ne!(failed.code, Some(0), "{failed}");
        drifted.expect_same(&lab.world(), "taken back");
        lab.run(&["site", "apply", &file, "--yes"]).expect_code(0);
        let difference = good.difference_in_kind(&lab.world());
        assert_eq!(difference, Vec::<String>::new(), "{more}");
        assert_eq!(different(&lab, &file), Vec::<String>::new());
    }
    // Until then the account that it was given to cannot go, and is told why.
    for (table, key, what) in [
        ("email_accounts", of_box, "mail box info@shop.test"),
        ("email_aliases", of_alias, "mail alias office@shop.test"),
    ] {
        let good = lab.world();
        to_acme(table, key, "");
        let drifted = lab.world();
        let kept = lab.run(&["account", "delete", "acme", "--yes", "-o", "json"]);
        kept.expect_code(4);
        assert_eq!(refused(&kept), ["conflict", "changed"]);
        let said: serde_json::Value =
            serde_json::from_str(kept.stderr.lines().last().unwrap_or_default()).expect("an error");
        assert_eq!(
            said["error"]["message"],
            format!(
                "{what} was given to this account past hostctl: its domain shop.test is another account's"
            )
        );
        assert_eq!(
            said["error"]["hint"],
            "hostctl site export shop.test | hostctl site apply - gives it back"
        );
        drifted.expect_same(&lab.world(), "refused");
        let exported = lab.run(&["site", "export", "shop.test"]);
        let applied = lab
            .call(&["site", "apply", "-", "--yes"])
            .stdin(exported.stdout.clone());
        applied.run().expect_code(0);
        // The site keeps the manifest that was applied last.
        let mut difference = good.difference_in_kind(&lab.world());
        difference.retain(|line| !line.contains(" row sites "));
        assert_eq!(difference, Vec::<String>::new(), "{what}");
    }
    runs(&lab, "account delete acme --yes");
}

#[test]
fn what_belongs_to_no_site_is_given_back_by_hand() {
    let lab = Lab::new();
    runs(&lab, "account create acme");
    runs(&lab, "mail domain create shop.test --account main");
    runs(&lab, "mail box create info@shop.test --account main");
    let good = lab.world();
    sql(
        &lab,
        "hostctl",
        "UPDATE hostctl.email_accounts SET account_id = (SELECT id FROM hostctl.accounts WHERE name = 'acme')",
    );
    let kept = lab.run(&["account", "delete", "acme", "--yes", "-o", "json"]);
    kept.expect_code(4);
    let said: serde_json::Value =
        serde_json::from_str(kept.stderr.lines().last().unwrap_or_default()).expect("an error");
    let hint = said["error"]["hint"].as_str().expect("a hint");
    sql(
        &lab,
        "hostctl",
        hint.strip_suffix(" gives it back").expect("a statement"),
    );
    good.expect_same(&lab.world(), "given back");
    runs(&lab, "account delete acme --yes");
}

#[test]
fn mail_lies_where_it_lay_when_the_program_wrote_the_box_last() {
    let (lab, file) = furnished();
    let to = |home: &str| {
        let statement =
            format!("UPDATE hostctl.email_accounts SET home = '{home}' WHERE address = 'info@shop.test'");
        sql(&lab, "hostctl", &statement);
    };
    let info = "mail box info@shop.test";
    is_mended(&lab, &file, || to("shop.test/elsewhere"), info);
    assert_eq!(lab.ask(LEFT), ["shop.test/elsewhere info@shop.test"]);
    // Whatever verb wrote the row last.
    runs(&lab, "mail box passwd info@shop.test");
    is_mended(&lab, &file, || to("shop.test/elsewhere"), info);
    runs(&lab, "mail box suspend info@shop.test");
    is_mended(&lab, &file, || to("example.net/info"), info);
    runs(&lab, "mail box resume info@shop.test");
    // A later box of the address has a directory of its own, and that is no drift.
    runs(&lab, "mail box delete info@shop.test --yes --purge");
    lab.run(&["site", "apply", &file]).expect_code(0);
    let home = "SELECT home FROM hostctl.email_accounts WHERE address = 'info@shop.test'";
    let given = lab.ask(home).concat();
    assert!(given.starts_with("shop.test/info."), "{given}");
    assert_eq!(different(&lab, &file), Vec::<String>::new());
    is_mended(&lab, &file, || to("shop.test/info"), info);
    assert_eq!(lab.ask(home), [given]);
    let said = {
        to("shop.test/elsewhere");
        lab.run(&["site", "apply", &file, "--yes"])
    };
    assert!(
        said.expect_code(0)
            .stderr
            .contains("mail that came to info@shop.test meanwhile stays in shop.test/elsewhere"),
        "{said}"
    );
}
