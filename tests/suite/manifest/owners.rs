//! Whose a domain is that a manifest names, and what a site alone has of it.

use hostctl::env::child::Spec;

use crate::manifest::refused;
use crate::support::call::finish;
use crate::support::{Lab, Ran};

/// A step that says yes to everything.
const STEP: &str =
    "\n[step.vhost]\napply = [\"/bin/true\"]\nprobe = [\"/bin/true\"]\nundo = [\"/bin/true\"]\n";
const DATABASE: &str = "database.name = \"so9\"";

fn apply(lab: &Lab, domain: &str, account: &str, parts: &str) -> Ran {
    let text = format!("[[site]]\ndomain = \"{domain}\"\naccount = \"{account}\"\n{parts}\n");
    let call = lab.call(&["site", "apply", "-", "-o", "json"]);
    call.stdin(text).run()
}

/// Runs words with one space between two.
fn line(lab: &Lab, words: &str) -> Ran {
    lab.run(&words.split(' ').collect::<Vec<_>>())
}

#[test]
fn a_site_is_on_a_domain_of_its_own_account_whatever_it_consists_of() {
    let lab = Lab::new();
    lab.configure(STEP);
    line(&lab, "account create acme").expect_code(0);
    line(&lab, "mail domain create shop.bank.test --account main").expect_code(0);
    let before = lab.world();
    for domain in ["shop.bank.test", "bank.test", "www.shop.bank.test"] {
        for parts in [DATABASE, "steps = [\"vhost\"]"] {
            let ran = apply(&lab, domain, "acme", parts);
            ran.expect_code(4);
            assert_eq!(refused(&ran), ["conflict", "taken"], "{ran}");
        }
    }
    for suffix in ["co.uk", "org.uk", "uk.com"] {
        let ran = apply(&lab, suffix, "acme", DATABASE);
        ran.expect_code(2);
        assert_eq!(refused(&ran), ["usage", "public_suffix"], "{ran}");
    }
    before.expect_same(&lab.world(), "domains of others and of everybody");

    // The other way round: a site that is nothing but a database has its domain.
    apply(&lab, "so9.test", "main", DATABASE).expect_code(0);
    for domain in ["so9.test", "www.so9.test"] {
        line(&lab, &format!("mail domain create {domain} --account acme")).expect_code(4);
        apply(&lab, domain, "acme", "database.name = \"other\"").expect_code(4);
    }
    line(&lab, "mail domain create so9.test --account main").expect_code(0);
    line(&lab, "mail domain delete so9.test --purge --yes").expect_code(0);
    line(&lab, "mail domain create so9.test --account acme").expect_code(4);
    // Once it is deleted the domain is free, and whoever has it then keeps the site from coming back.
    let deleted = line(&lab, "site delete so9.test --yes -o json");
    let operation = deleted.expect_code(0).json()["operation"].clone();
    let undo = format!(
        "op undo {} --yes -o json",
        operation.as_str().expect("an operation")
    );
    line(&lab, "mail domain create www.so9.test --account acme").expect_code(0);
    line(&lab, &undo).expect_code(4);
    line(&lab, "mail domain delete www.so9.test --purge --yes").expect_code(0);
    line(&lab, &undo).expect_code(0);
    line(&lab, "mail domain create so9.test --account acme").expect_code(4);
}

#[test]
fn a_plan_is_carried_out_from_anywhere() {
    let lab = Lab::new();
    let there = lab.path("there");
    std::fs::create_dir(&there).expect("a directory");
    let text =
        format!("[[site]]\ndomain = \"so9.test\"\n{DATABASE}\ndatabase.password_file = \"so9.password\"\n");
    lab.private_file("there/site.toml", &text);
    lab.private_file("there/so9.password", "a password of their own\n");
    let run = |directory: &std::path::Path, words: &[&str]| {
        let spec = crate::support::call::program(words)
            .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
            .directory(directory);
        lab.wait(finish(spec, words.join(" ")))
    };
    run(&there, &["site", "plan", "site.toml", "--out", "plan.json"]).expect_code(0);
    run(&lab.path(""), &["site", "apply", "--plan", "there/plan.json"]).expect_code(0);
    let enters = Spec::new("psql")
        .arguments(["-Atc", "SELECT 1", "-d", "so9"])
        .variable("PGHOST", "127.0.0.1")
        .variable("PGUSER", "so9")
        .variable("PGPASSWORD", "a password of their own")
        .variable(
            "PGPORT",
            lab.sandbox()
                .addresses(hostctl::sandbox::Name::Postgres)
                .expect("PostgreSQL")[0]
                .port()
                .to_string(),
        );
    lab.wait(finish(enters, "psql".to_owned())).expect_code(0);
}
