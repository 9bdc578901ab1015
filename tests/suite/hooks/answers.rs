//! What a program may answer, and how it may misbehave.

use std::time::Duration;

use hostctl::clock;

use crate::hooks::place::{CREATE, DELETE, Place, is_running};
use crate::support::Ran;

/// What is left after a site that was refused must be nothing.
fn refused(place: &Place, script: &str) -> Ran {
    place.twist("second", "apply", script);
    let before = place.lab.world();
    place.took_place();
    let ran = place.lab.run(CREATE);
    before.expect_same(&place.lab.world(), script);
    place.straighten("second", "apply");
    ran
}

/// A site that is made although its program did this, and is deleted again.
fn accepted(place: &Place, script: &str) -> Vec<String> {
    place.twist("second", "apply", script);
    place.took_place();
    place.lab.run(CREATE).expect_code(0);
    let took_place = place.took_place();
    place.lab.run(DELETE).expect_code(0);
    place.straighten("second", "apply");
    took_place
}

#[test]
fn the_exit_code_says_what_became_of_it() {
    let place = Place::new();
    assert_eq!(
        accepted(&place, "make; exit 10"),
        ["first apply", "second apply"],
        "already so"
    );

    let ran = refused(&place, "printf 'no room\\033[31m' >&2; exit 20");
    ran.expect_code(8);
    let said = "error: step second of shop.example: apply refused: no room\\u{1b}[31m";
    assert!(ran.stderr.contains(said), "escaped: {ran}");
    assert_eq!(
        place.took_place(),
        ["first apply", "second apply", "first undo", "first probe"],
        "surely not applied: nothing to take back"
    );

    let asked = ["first apply", "second apply", "second probe"];
    assert_eq!(
        accepted(&place, "make; exit 1"),
        asked,
        "the probe says that it is there"
    );
    refused(&place, "exit 1").expect_code(8);
    assert_eq!(place.took_place()[..3], asked, "the probe says that it is not");
}

#[test]
fn what_was_done_is_taken_back_when_a_later_step_fails() {
    let place = Place::new();
    let ran = refused(&place, "echo 'made half'; : >\"$file.new\"; kill -9 $$");
    ran.expect_code(8);
    assert!(
        ran.stderr.contains("apply was ended by signal 9: made half"),
        "{ran}"
    );
    let took_place = place.took_place();
    assert!(took_place.contains(&"first undo".to_owned()), "{took_place:?}");
}

#[test]
fn a_program_that_does_not_end_is_ended_with_all_it_started() {
    let place = Place::with("timeout = \"1s\"");
    let marker = format!("71{}", std::process::id());
    let ran = refused(
        &place,
        &format!("trap '' TERM; sleep {marker} & sleep {marker}; make"),
    );
    ran.expect_code(8);
    assert!(
        ran.stderr
            .contains("apply did not end within 1 s and was stopped"),
        "{ran}"
    );
    assert!(!is_running(&marker));
}

#[test]
fn a_flood_of_output_and_a_process_left_behind_do_no_harm() {
    let place = Place::new();
    let marker = format!("72{}", std::process::id());
    let script = format!("head -c 1000000000 /dev/zero; head -c 1000000 /dev/zero >&2; sleep {marker} &");
    assert_eq!(accepted(&place, &script), ["first apply", "second apply"]);
    assert!(!is_running(&marker));
}

#[test]
fn after_a_second_signal_nothing_of_it_runs_on() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let marker = format!("73{}", std::process::id());
    let script =
        format!("make; kill -INT $PPID; sleep 0.3; kill -INT $PPID; sleep {marker} & sleep {marker}");
    place.twist("second", "apply", &script);
    lab.run(CREATE).expect_code(130);
    assert!(!is_running(&marker));
    place.straighten("second", "apply");
    lab.run(&["op", "recover"]).expect_code(0);
    before.expect_same(&lab.world(), "after recovery");
}

#[test]
fn an_undo_that_fails_is_stuck_until_it_is_mended() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    place.twist("second", "apply", "exit 20");
    place.twist(
        "first",
        "undo",
        "echo 'nginx: configuration is broken' >&2; exit 3",
    );
    let ran = lab.run(&[CREATE, &["-o", "json"]].concat());
    ran.expect_code(9);
    let shown = place.shown(&ran);
    assert_eq!(shown["state"], "stuck");
    let steps = shown["steps"].as_array().expect("steps");
    let step = steps
        .iter()
        .find(|step| step["resource"] == "step:first/shop.example")
        .expect("the step");
    assert_eq!(step["state"], "undo_stuck");
    assert_eq!(
        step["error"],
        "step first of shop.example: undo exited with 3: nginx: configuration is broken"
    );
    place.straighten("first", "undo");
    let id = shown["id"].as_str().expect("an identifier");
    lab.run(&["op", "retry", id]).expect_code(0);
    before.expect_same(&lab.world(), "after op retry");
}

#[test]
fn a_probe_that_cannot_look_is_asked_for_a_while_and_then_left_to_recovery() {
    // Far longer than anybody waits for an answer that does not come.
    let place = Place::with("timeout = \"10m\"");
    let lab = &place.lab;
    let before = lab.world();
    place.twist("second", "apply", "make; exit 1");
    place.twist("second", "probe", "echo 'no route to billing' >&2; exit 1");
    let started = clock::instant();
    let ran = lab.run(CREATE);
    ran.expect_code(9);
    assert!(ran.stderr.contains("no route to billing"), "{ran}");
    assert!(
        started.elapsed() < Duration::from_secs(90),
        "{:?}",
        started.elapsed()
    );
    place.straighten("second", "probe");
    lab.run(&["op", "recover"]).expect_code(0);
    before.expect_same(&lab.world(), "after recovery");
}

#[test]
fn an_undo_that_refuses_says_that_the_world_is_another_one() {
    let place = Place::new();
    let lab = &place.lab;
    lab.run(CREATE).expect_code(0);
    let whole = lab.world();
    place.twist("first", "undo", "echo 'edited by hand' >&2; exit 20");
    let made = "SELECT id::text FROM hostctl.operations WHERE kind = 'site.create'";
    let made = lab.ask(made).concat();
    let undo = ["op", "undo", made.as_str(), "--yes"];
    // The one that was taken back already is done anew.
    for line in [DELETE, &undo[..]] {
        place.took_place();
        let ran = lab.run(&[line, &["-o", "json"]].concat());
        ran.expect_code(4);
        let said: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an error");
        assert_eq!(said["error"]["reason"], "changed", "{ran}");
        assert_eq!(
            said["error"]["message"],
            "step first of shop.example: undo refused: edited by hand; everything was rolled back"
        );
        assert_eq!(
            place.took_place()[..3],
            ["second undo", "first undo", "second apply"]
        );
        whole.expect_same(&lab.world(), "refused");
    }
    place.straighten("first", "undo");

    // What a probe says of what is there decides before anything is done.
    let diff = ["site", "diff", "shop.example", "-o", "json"];
    for (answer, code, reason) in [("10", 4, "foreign"), ("1", 8, "step_failed")] {
        place.twist("first", "probe", &format!("exit {answer}"));
        let ran = lab.run(&diff);
        ran.expect_code(code);
        let said: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an error");
        assert_eq!(said["error"]["reason"], reason, "{ran}");
    }
    place.twist("first", "probe", "exit 20");
    lab.run(&diff).expect_code(5);
    place.straighten("first", "probe");
    lab.run(DELETE).expect_code(0);
}

#[test]
fn two_who_look_at_once_do_not_end_each_others_probes() {
    let place = Place::new();
    let lab = &place.lab;
    lab.run(CREATE).expect_code(0);
    // Each waits until the other looks as well.
    let meet =
        ": >\"$here/looks.$$\"; until [ \"$(ls \"$here\" | grep -c '^looks')\" -ge 2 ]; do sleep 0.02; done";
    place.twist("first", "probe", meet);
    let diff = || lab.call(&["site", "diff", "shop.example"]).start();
    let (one, other) = lab.wait(async { tokio::join!(diff(), diff()) });
    one.expect_code(0);
    other.expect_code(0);
    place.straighten("first", "probe");
    lab.run(DELETE).expect_code(0);
}
