//! Own steps under `kill -9`.

use crate::hooks::place::{CREATE, DELETE, Place, is_running};
use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::Verb;

const SITE_CREATE: Verb = Verb {
    line: "site create shop.example --db shop",
    removal: &["site delete shop.example --purge --yes"],
    ..NOTHING
};
const SITE_DELETE: Verb = Verb {
    line: "site delete shop.example --purge",
    needs: &["site create shop.example --db shop"],
    ..NOTHING
};
const NOTHING: Verb = Verb {
    line: "",
    input: "",
    has_dns: false,
    setting: &[],
    needs: &[],
    removal: &[],
    is_one_commit: false,
    traceless: &[],
};

/// The places in the steps that are new here (those before and after have their own table); each step twice; and each without
/// its undo, which must be seen.
fn play(verb: Verb) {
    let place = Place::new();
    let table = Table::new(&place.lab, verb);
    let is_own = |step: usize| table.steps[step].contains("step");
    let own: Vec<usize> = (0..table.steps.len()).filter(|step| is_own(*step)).collect();
    assert_eq!(own.len(), 3, "two programs, and their rows: {:?}", table.steps);
    if let Err(problem) = table.try_twice() {
        panic!("{} twice: {problem}", verb.line);
    }
    // As many places as there are steps of all kinds would be few in those of ours.
    let places = Cell::some(own.len(), 2).into_iter().map(|cell| Cell {
        step: own[cell.step],
        ..cell
    });
    for cell in places.filter(|cell| table.may_be_met(*cell)) {
        let end = table.play(cell);
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    table.cut();
    for step in own {
        assert!(
            table.without_undo(step).is_seen,
            "{} without its undo",
            table.steps[step]
        );
    }
}

#[test]
fn a_site_with_own_steps_is_made_whole_or_not_at_all() {
    play(SITE_CREATE);
}

#[test]
fn a_site_with_own_steps_is_deleted_whole_or_not_at_all() {
    play(SITE_DELETE);
}

#[test]
fn what_a_dead_process_left_running_is_ended_before_anybody_takes_over() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let marker = format!("74{}", std::process::id());
    // The program dies with hostctl; what it started would go on, and write when all is thought to be over.
    let script = format!(
        "trap '' TERM; (exec sleep {marker}) & (sleep 8; make; touch \"$here/late\") & : >\"$here/began\"; kill -9 $PPID; sleep {marker}"
    );
    place.twist("second", "apply", &script);
    assert!(lab.run(CREATE).was_killed());
    assert!(place.path("began").exists());
    assert!(is_running(&marker), "it outlives hostctl");
    place.straighten("second", "apply");
    lab.run(&["op", "recover"]).expect_code(0);
    assert!(!is_running(&marker));
    before.expect_same(&lab.world(), "after recovery");
    std::thread::sleep(std::time::Duration::from_secs(9));
    assert!(!place.path("late").exists());
    before.expect_same(&lab.world(), "later");
}

#[test]
fn a_step_bound_to_another_host_is_left_to_it() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let on = |host: &str, words: &[&str]| lab.call(words).variable("HOSTCTL_HOST__NAME", host);
    let plan = lab.run(&[CREATE, &["--dry-run", "-o", "json"]].concat()).json();
    let second = plan.as_array().expect("steps").len() - 3;
    let died = on("web1", CREATE)
        .crash(&format!("die:{second}:effect_done:do"))
        .run();
    assert!(died.was_killed(), "{died}");

    place.took_place();
    let elsewhere = on("web2", &["op", "recover", "-o", "json"]).run();
    elsewhere.expect_code(0);
    assert_eq!(elsewhere.json()[0]["state"], "elsewhere", "{elsewhere}");
    assert!(elsewhere.stdout.contains("web1"), "{elsewhere}");
    assert!(place.took_place().is_empty(), "nothing is run there");
    on("web1", &["op", "recover"]).run().expect_code(0);
    before.expect_same(&lab.world(), "after recovery on its host");
    // What may still arrive there is looked for there.
    let ran = on("web2", &["tick"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran}");
    place.took_place();

    on("web1", CREATE).run().expect_code(0);
    let ran = on("web2", DELETE).run();
    ran.expect_code(4);
    assert!(
        ran.stderr.contains("on web1: hostctl site delete shop.example"),
        "{ran}"
    );
    on("web1", DELETE).run().expect_code(0);
    before.expect_same(&lab.world(), "after the site");
}
