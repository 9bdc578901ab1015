//! Which programs are run at all: only those that the configuration of this host names, and nobody else could replace.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::hooks::place::{CREATE, Place};

#[test]
fn a_program_that_others_could_replace_is_refused() {
    let place = Place::new();
    let lab = &place.lab;
    lab.run(&["config", "check"]).expect_code(0);
    let program = place.path("program");
    let shown = program.display();
    for (mode, what, hint) in [
        (0o757, "writable by others", "chmod go-w"),
        (0o775, "writable by others", "chmod go-w"),
        (0o644, "not executable", "chmod +x"),
    ] {
        fs::set_permissions(&program, fs::Permissions::from_mode(mode)).expect("a mode");
        for words in [
            &["config", "check"][..],
            CREATE,
            &[CREATE, &["--dry-run"]].concat(),
        ] {
            let ran = lab.run(words);
            ran.expect_code(2);
            let message = format!("`step.first.apply`: {shown} is {what}\nhint: {hint} {shown}\n");
            assert!(ran.stderr.contains(&message), "{ran}");
        }
        let doctor = lab.run(&["doctor", "-o", "json"]).json();
        let lines = doctor.as_array().expect("checks");
        let line = lines
            .iter()
            .find(|line| line["check"] == "step second")
            .expect("the step");
        assert_eq!(line["state"], "error");
    }
    fs::remove_file(&program).expect("a program");
    lab.run(&["config", "check"]).expect_code(2);
    assert!(place.took_place().is_empty());
}

#[test]
fn doctor_lists_the_steps_and_unknown_keys_are_refused() {
    let place = Place::new();
    let lab = &place.lab;
    let doctor = lab.run(&["doctor", "-o", "json"]).json();
    let lines = doctor.as_array().expect("checks");
    let steps: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["check"].as_str()?.strip_prefix("step "))
        .collect();
    assert_eq!(steps, ["first", "second"], "in their order");
    place.configure("[step.third]\naply = [\"/bin/true\"]\n");
    let ran = lab.run(&["config", "check"]);
    ran.expect_code(2);
    assert!(ran.stderr.contains("step.third.apply"), "{ran}");
}

#[test]
fn commands_that_were_changed_since_are_not_run_and_the_journal_holds_none() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let file = lab.sandbox().config_file();
    let text = fs::read_to_string(&file).expect("a configuration");
    let plan = lab.run(&[CREATE, &["--dry-run", "-o", "json"]].concat()).json();
    let second = plan.as_array().expect("steps").len() - 3;
    assert!(
        lab.call(CREATE)
            .crash(&format!("die:{second}:after_commit:do"))
            .run()
            .was_killed()
    );
    let program = place.path("program").display().to_string();
    let kept = lab.ask("SELECT parameters::text FROM hostctl.operation_steps WHERE kind = 'hook.apply'");
    assert!(
        kept.len() == 2 && kept.iter().all(|step| !step.contains(&program)),
        "{kept:?}"
    );

    fs::write(&file, text.replace("\"undo\"]", "\"undo\", \"now\"]")).expect("another configuration");
    place.took_place();
    lab.run(&["op", "recover"]).expect_code(9);
    assert!(place.took_place().is_empty(), "nothing is run");
    let stuck = lab.run(&["op", "list", "--open", "-o", "json"]).json();
    let id = stuck[0]["id"].as_str().expect("an operation");
    let shown = lab.run(&["op", "show", id, "-o", "json"]);
    assert!(
        shown
            .stdout
            .contains("is configured otherwise than when it was planned"),
        "{shown}"
    );

    fs::write(&file, text).expect("the configuration as it was");
    lab.run(&["op", "retry", id]).expect_code(0);
    before.expect_same(&lab.world(), "after op retry");
}
