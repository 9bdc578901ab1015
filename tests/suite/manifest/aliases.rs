//! Aliases of a manifest: what they may lead to, and how they change places without ever going in a circle.

use crate::manifest::{different, refused, statuses};
use crate::support::Lab;

fn site(boxes: &str, aliases: &str) -> String {
    let named = |names: &str| {
        let one = |name: &str| format!("{{ name = \"{name}\" }}");
        names.split_whitespace().map(one).collect::<Vec<_>>().join(", ")
    };
    let alias = |text: &str| {
        let (name, destination) = text.split_once('>').expect("a name and where it leads");
        format!("{{ name = \"{name}\", destinations = [\"{destination}\"] }}")
    };
    let aliases: Vec<String> = aliases.split_whitespace().map(alias).collect();
    let (boxes, aliases) = (named(boxes), aliases.join(", "));
    format!("[[site]]\ndomain = \"shop.test\"\nmail = {{ boxes = [{boxes}], aliases = [{aliases}] }}\n")
}

#[test]
fn aliases_change_places_in_one_go() {
    let lab = Lab::new();
    let apply = |text: &str, more: &[&str]| {
        let words = [&["site", "apply", "-", "-o", "ndjson"][..], more].concat();
        lab.call(&words).stdin(text).run()
    };
    let aliases = "SELECT source || ' ' || array_to_string(destinations, ',') FROM hostctl.email_aliases ORDER BY source";
    apply(&site("info", "b>a@shop.test a>info@shop.test"), &[]).expect_code(0);
    // Done in the order of their names, the first would lead back to itself for an instant.
    let turned = site("info", "a>b@shop.test b>c@shop.test c>info@shop.test");
    apply(&turned, &[]).expect_code(0);
    assert_eq!(
        lab.ask(aliases),
        [
            "a@shop.test b@shop.test",
            "b@shop.test c@shop.test",
            "c@shop.test info@shop.test"
        ]
    );
    let file = lab.private_file("turned.toml", &turned);
    assert_eq!(different(&lab, &file), Vec::<String>::new());

    // A box where an alias was, and the other way round: only where pruning was asked for.
    let before = lab.world();
    let exchanged = site("info c", "a>c@shop.test");
    let ran = apply(&exchanged, &[]);
    assert_eq!(
        (ran.code, refused(&ran)),
        (Some(4), ["conflict", "exists"].map(str::to_owned))
    );
    before.expect_same(&lab.world(), "an alias in the place of a box");
    apply(&exchanged, &["--prune", "--yes", "--max-removals", "9"]).expect_code(0);
    assert_eq!(lab.ask(aliases), ["a@shop.test c@shop.test"]);
    let before = lab.world();
    let back = site("info", "a>c@shop.test c>info@shop.test");
    let ran = apply(&back, &[]);
    assert_eq!(
        (ran.code, refused(&ran)),
        (Some(4), ["conflict", "exists"].map(str::to_owned))
    );
    before.expect_same(&lab.world(), "a box in the place of an alias");
    apply(&back, &["--prune", "--yes", "--max-removals", "9"]).expect_code(0);
    assert_eq!(
        lab.ask(aliases),
        ["a@shop.test c@shop.test", "c@shop.test info@shop.test"]
    );
}

#[test]
fn aliases_into_the_domain_of_another_account_or_in_a_circle_are_refused() {
    let lab = Lab::new();
    for words in [
        &["account", "create", "acme"][..],
        &["mail", "domain", "create", "theirs.test", "--account", "acme"],
    ] {
        lab.run(words).expect_code(0);
    }
    let text = |aliases: &str| site("info", aliases).replace("mail =", "account = \"main\"\nmail =");
    let before = lab.world();
    for (aliases, code, said) in [
        ("a>box@theirs.test", 4, ["conflict", "taken"]),
        ("a>b@shop.test b>a@shop.test", 2, ["usage", "invalid"]),
    ] {
        for verb in ["plan", "apply"] {
            let ran = lab
                .call(&["site", verb, "-", "-o", "json"])
                .stdin(text(aliases))
                .run();
            assert_eq!(
                (ran.code, refused(&ran)),
                (Some(code), said.map(str::to_owned)),
                "{ran}"
            );
        }
    }
    before.expect_same(&lab.world(), "refused");
    // By way of a catch-all only the database knows.
    let ring = text("@>a@shop.test a>nobody@shop.test");
    let ran = lab.call(&["site", "apply", "-", "-o", "json"]).stdin(ring).run();
    assert_eq!(
        (ran.code, refused(&ran)),
        (Some(4), ["conflict", "loop"].map(str::to_owned))
    );
    before.expect_same(&lab.world(), "a circle by way of the catch-all");
    let good = lab
        .call(&["site", "apply", "-", "-o", "ndjson"])
        .stdin(text("@>info@shop.test"))
        .run();
    assert_eq!(statuses(&good)[0].1, "created", "{good}");
}
