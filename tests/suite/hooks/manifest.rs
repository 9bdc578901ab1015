//! Own steps that a manifest names.

use serde_json::Value;

use crate::hooks::place::Place;

/// The manifest with these steps.
fn site(steps: &[&str], more: &str) -> String {
    format!("[[site]]\ndomain = \"shop.example\"\nsteps = {steps:?}\n{more}\n")
}

const DATABASE: &str = "database.name = \"shop\"";
const MAIL: &str = "database.name = \"shop\"\nmail = {}";

fn apply(place: &Place, text: &str, more: &[&str]) -> crate::support::Ran {
    let words = [&["site", "apply", "-", "--yes", "-o", "ndjson"][..], more].concat();
    place.lab.call(&words).stdin(text).run()
}

fn status(ran: &crate::support::Ran) -> String {
    let row: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran}"));
    row["status"].as_str().expect("a status").to_owned()
}

/// What was run, looks apart.
fn took_place(place: &Place) -> Vec<String> {
    let all = place.took_place().into_iter();
    all.filter(|line| !line.ends_with("probe")).collect()
}

#[test]
fn a_manifest_names_the_steps_that_are_done() {
    let place = Place::new();
    let lab = &place.lab;
    let empty = lab.world();
    let misspelt = apply(&place, &site(&["frist"], DATABASE), &[]);
    misspelt.expect_code(2);
    assert!(
        misspelt.stderr.contains("the nearest configured step is `first`"),
        "{misspelt}"
    );
    empty.expect_same(&lab.world(), "a step that is not configured");

    let both = site(&["second", "first"], DATABASE);
    assert_eq!(status(&apply(&place, &both, &[])), "created");
    assert_eq!(took_place(&place), ["first apply", "second apply"]);
    let before = lab.world();
    for format in ["table", "json"] {
        let exported = lab.run(&["site", "export", "shop.example", "-o", format]);
        exported.expect_code(0);
        assert_eq!(
            status(&apply(&place, &exported.stdout, &["--prune"])),
            "unchanged",
            "{exported}"
        );
    }
    let diff = lab.call(&["site", "diff", "-"]).stdin(both.clone()).run();
    diff.expect_code(0);
    before.expect_same(&lab.world(), "after export and apply");
    // Without --prune what is not named stays.
    assert_eq!(
        status(&apply(&place, &site(&["first"], DATABASE), &[])),
        "unchanged"
    );
    assert!(took_place(&place).is_empty());

    let less = apply(&place, &site(&["first"], DATABASE), &["--prune"]);
    assert_eq!(status_of_denied(&less), "max_removals");
    let less = apply(
        &place,
        &site(&["first"], DATABASE),
        &["--prune", "--max-removals", "1"],
    );
    assert_eq!(status(&less), "changed");
    assert_eq!(took_place(&place), ["second undo"]);
    let id = lab.ask("SELECT id::text FROM hostctl.operations ORDER BY id DESC LIMIT 1");
    lab.run(&["op", "undo", &id[0], "--yes"]).expect_code(0);
    assert_eq!(took_place(&place), ["second apply"]);
    before.expect_same(&lab.world(), "the step is back");
}

fn status_of_denied(ran: &crate::support::Ran) -> String {
    ran.expect_code(7);
    let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"]["reason"].as_str().expect("a reason").to_owned()
}

#[test]
fn a_step_is_done_anew_where_it_is_to_know_something_else() {
    let place = Place::new();
    let lab = &place.lab;
    apply(&place, &site(&["first"], DATABASE), &[]).expect_code(0);
    let before = lab.world();
    place.took_place();
    let more = site(&["first", "second"], MAIL);
    place.twist("second", "apply", "echo no >&2; exit 20");
    apply(&place, &more, &[]).expect_code(8);
    assert_eq!(
        took_place(&place),
        [
            "first undo",
            "first apply",
            "second apply",
            "first undo",
            "first apply"
        ]
    );
    before.expect_same(&lab.world(), "the second step refused");
    place.straighten("second", "apply");
    // Killed after any of its steps, it is as it was.
    let steps = lab
        .call(&["site", "plan", "-", "-o", "json"])
        .stdin(more.clone())
        .run();
    let steps = steps.expect_code(0).json().as_array().map_or(0, Vec::len);
    for step in 0..steps {
        let words = ["site", "apply", "-", "--yes"];
        let crash = format!("die:{step}:effect_done:do");
        let died = lab.call(&words).crash(&crash).stdin(more.clone()).run();
        assert!(died.was_killed(), "{crash}: {died}");
        lab.run(&["op", "recover"]).expect_code(0);
        before.expect_same(&lab.world(), &crash);
    }
    place.took_place();
    assert_eq!(status(&apply(&place, &more, &[])), "changed");
    assert_eq!(took_place(&place), ["first undo", "first apply", "second apply"]);
    let facts = lab.ask("SELECT facts->>'mail_domain' FROM hostctl.site_steps");
    assert_eq!(facts, ["shop.example", "shop.example"]);
    let id = lab.ask("SELECT id::text FROM hostctl.operations ORDER BY id DESC LIMIT 1");
    lab.run(&["op", "undo", &id[0], "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "undone");
}

#[test]
fn what_a_step_made_and_somebody_took_away_is_found_and_mended() {
    let place = Place::new();
    let lab = &place.lab;
    apply(&place, &site(&["first", "second"], DATABASE), &[]).expect_code(0);
    let whole = lab.world();
    let made = place.path("made/first.shop.example");
    let owner = std::fs::read_to_string(&made).expect("what the step made");
    std::fs::remove_file(&made).expect("taken away");
    place.took_place();

    let diff = lab.run(&["site", "diff", "shop.example", "-o", "json"]);
    let rows = diff.expect_code(5).json();
    let resources: Vec<&str> = rows
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["resource"].as_str())
        .collect();
    assert!(
        matches!(resources[..], [one] if one.starts_with("step first of shop.example")),
        "{diff}"
    );
    let wanted = site(&["first", "second"], DATABASE);
    assert_eq!(status(&apply(&place, &wanted, &[])), "changed");
    assert_eq!(took_place(&place), ["first apply"]);
    let again = std::fs::read_to_string(&made).expect("made anew");
    assert_ne!(again, owner, "it bears the operation that mended it");
    assert!(
        whole
            .difference_in_kind(&lab.world())
            .iter()
            .all(|line| line.contains("first"))
    );
    lab.run(&["site", "diff", "shop.example"]).expect_code(0);

    // Somebody else's thing in its place is not ours to touch.
    std::fs::write(&made, "somebody else's\n").expect("another one");
    let foreign = lab.run(&["site", "diff", "shop.example"]);
    assert!(
        foreign
            .expect_code(4)
            .stderr
            .contains("not of this site's making"),
        "{foreign}"
    );
    apply(&place, &wanted, &[]).expect_code(4);
    assert_eq!(
        std::fs::read_to_string(&made).expect("theirs"),
        "somebody else's\n"
    );
}
