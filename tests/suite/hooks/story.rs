//! A site with own steps, from its plan to its end.

use std::fs;

use serde_json::{Value, json};

use crate::hooks::place::{CREATE, DELETE, Place};

#[test]
fn own_steps_are_made_and_taken_back_with_their_site() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let words = [CREATE, &["--address", "192.0.2.80", "-o", "json"]].concat();
    let plan = lab
        .run(&[&words[..], &["--dry-run"]].concat())
        .expect_code(0)
        .json();
    let resources: Vec<&str> = plan
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| step["resource"].as_str())
        .collect();
    let own = resources
        .iter()
        .position(|resource| resource.starts_with("step first of shop.example on "));
    let own = own.expect("the first step");
    assert!(
        resources[own + 1].starts_with("step second of shop.example on "),
        "{resources:?}"
    );
    assert_eq!(resources[own + 2], "site shop.example");
    assert!(place.took_place().is_empty(), "a look changes nothing");

    let site = lab.run(&words).expect_code(0).json();
    assert_eq!(place.took_place(), ["first apply", "second apply"]);
    what_a_program_is_told(&place, site["operation"].as_str().expect("an operation"));
    let shown = lab.run(&[
        "op",
        "show",
        site["operation"].as_str().expect("text"),
        "-o",
        "json",
    ]);
    let kinds = shown.json()["steps"].to_string();
    assert!(
        kinds.contains("hook.apply") && kinds.contains("step:first/shop.example"),
        "{kinds}"
    );

    let gone = lab.run(DELETE);
    gone.expect_code(0);
    assert_eq!(place.took_place(), ["second undo", "first undo"]);
    before.expect_same(&lab.world(), "after the site");
}

fn what_a_program_is_told(place: &Place, operation: &str) {
    let text = fs::read_to_string(place.path("input-apply")).expect("the input");
    let input: Value = serde_json::from_str(&text).expect("JSON");
    let site = json!({
        "domain": "shop.example", "account": "main", "addresses": ["192.0.2.80"],
        "database": { "name": "shop", "cluster": "main" }, "mail_domain": null, "zone": null,
    });
    let expected = json!({
        "operation": operation, "owner": operation, "epoch": 1, "attempt": 1, "step": "second", "phase": "apply", "site": site,
    });
    assert_eq!(input, expected);
    let text = fs::read_to_string(place.path("environment-apply")).expect("the environment");
    let names = text.lines().filter_map(|line| line.split('=').next());
    // The shell adds PWD, and some add _ and the like for themselves.
    let mut names: Vec<&str> = names
        .filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(name))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "HOSTCTL_HOOK_ATTEMPT",
            "HOSTCTL_HOOK_DOMAIN",
            "HOSTCTL_HOOK_EPOCH",
            "HOSTCTL_HOOK_GROUP",
            "HOSTCTL_HOOK_OPERATION",
            "HOSTCTL_HOOK_OWNER",
            "HOSTCTL_HOOK_PHASE",
            "HOSTCTL_HOOK_STEP",
            "LANG",
            "PATH"
        ]
    );
}

#[test]
fn a_step_may_stay_when_its_site_is_deleted() {
    let place = Place::with("verbs = \"site.create\"");
    let lab = &place.lab;
    lab.run(CREATE).expect_code(0);
    lab.run(DELETE).expect_code(0);
    assert_eq!(place.took_place(), ["first apply", "second apply"]);
    assert!(place.path("made/first.shop.example").exists());
    assert!(lab.ask("SELECT name FROM hostctl.site_steps").is_empty());
}

#[test]
fn a_delete_that_fails_puts_back_what_was_taken() {
    let place = Place::new();
    let lab = &place.lab;
    lab.run(CREATE).expect_code(0);
    let before = lab.world();
    place.took_place();
    place.twist("first", "undo", "echo 'in use' >&2; exit 20");
    let ran = lab.run(DELETE);
    ran.expect_code(4);
    assert!(
        ran.stderr
            .contains("step first of shop.example: undo refused: in use"),
        "{ran}"
    );
    assert_eq!(
        place.took_place(),
        ["second undo", "first undo", "second apply", "second probe"]
    );
    before.expect_same(&lab.world(), "after the delete that failed");
    place.straighten("first", "undo");
    lab.run(DELETE).expect_code(0);
}

#[test]
fn what_was_deleted_comes_back_and_what_was_made_is_undone() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let made = lab.run(&[CREATE, &["-o", "json"]].concat()).expect_code(0).json();
    let site = lab.world();
    place.took_place();
    lab.run(&["site", "delete", "shop.example", "--yes"])
        .expect_code(0);
    let delete = lab.ask("SELECT id::text FROM hostctl.operations WHERE kind = 'site.delete'");
    lab.run(&["op", "undo", &delete[0], "--yes"]).expect_code(0);
    site.expect_same(&lab.world(), "brought back");
    let programs = place
        .took_place()
        .into_iter()
        .filter(|line| !line.ends_with("probe"));
    assert_eq!(
        programs.collect::<Vec<_>>(),
        ["second undo", "first undo", "first apply", "second apply"]
    );
    // Undoing what made it keeps what it was, as deleting does.
    lab.run(&[
        "op",
        "undo",
        made["operation"].as_str().expect("an operation"),
        "--yes",
    ])
    .expect_code(0);
    assert!(!place.path("made/first.shop.example").exists());
    for id in lab.ask("SELECT DISTINCT operation_id::text FROM hostctl.trash") {
        lab.run(&["op", "trash", "purge", &id, "--yes"]).expect_code(0);
    }
    before.expect_same(&lab.world(), "after all of it");
}
