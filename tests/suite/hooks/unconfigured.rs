//! A step that was taken out of the configuration while the journal remembers it.

use std::fs;

use jiff::SignedDuration;

use crate::hooks::place::{CREATE, Place};

#[test]
fn what_cannot_be_looked_for_any_more_is_told_and_no_trouble() {
    let place = Place::new();
    let lab = &place.lab;
    let before = lab.world();
    let file = lab.sandbox().config_file();
    let text = fs::read_to_string(&file).expect("a configuration");
    let first = text.find("[step.first]").expect("a step");
    let second = text.find("[step.second]").expect("a step");
    let without = text[..second].to_owned() + &text[first..];
    let plan = lab.run(&[CREATE, &["--dry-run", "-o", "json"]].concat()).json();
    let last = plan.as_array().expect("steps").len() - 3;
    let died = lab
        .call(CREATE)
        .crash(&format!("die:{last}:effect_done:do"))
        .run();
    assert!(died.was_killed(), "{died}");

    // Whoever has to take it back needs it: that is loud.
    fs::write(&file, &without).expect("another configuration");
    let ran = lab.run(&["op", "recover"]);
    ran.expect_code(9);
    assert!(
        ran.stderr
            .contains("step second of shop.example is not configured on this host"),
        "{ran}"
    );
    fs::write(&file, &text).expect("the configuration as it was");
    let open = lab.ask("SELECT id::text FROM hostctl.operations WHERE kind = 'site.create'");
    let id = open.concat();
    lab.run(&["op", "retry", &id]).expect_code(0);
    before.expect_same(&lab.world(), "taken back");

    // Whether something of it comes late is looked for as long as the step is there; nothing is wrong without.
    fs::write(&file, &without).expect("another configuration");
    let told = format!("site create shop.example ({id}) was rolled back");
    let ran = lab.run(&["op", "recover"]);
    ran.expect_code(0);
    let line = ran.stderr.lines().find(|line| line.contains(&told));
    let line = line.unwrap_or_else(|| panic!("a warning: {ran}"));
    for part in [
        "step second of shop.example is not configured on this host",
        "hostctl op recover",
        &format!("hostctl op show {id}"),
    ] {
        assert!(line.contains(part), "{part}: {ran}");
    }
    // Cron tells it now and then.
    let tick = lab.run(&["tick"]);
    assert!(tick.expect_code(0).stderr.contains(&told), "{tick}");
    lab.put_database_ahead(SignedDuration::from_mins(2));
    let tick = lab.run(&["tick"]);
    assert_eq!((tick.code, tick.stderr.as_str()), (Some(0), ""), "{tick}");
    let tick = lab.call(&["tick"]).ahead(SignedDuration::from_hours(2));
    lab.put_database_ahead(SignedDuration::from_mins(4));
    let tick = tick.run();
    assert!(tick.expect_code(0).stderr.contains(&told), "{tick}");

    // For a day; then that nobody looked is a fact of the trail.
    lab.put_database_ahead(SignedDuration::from_hours(26));
    let last = lab.run(&["op", "recover"]);
    assert!(
        last.expect_code(0).stderr.contains("looked for the last time"),
        "{last}"
    );
    let trail = lab.ask(&format!(
        "SELECT outcome || ' ' || (details->>'sweep') FROM hostctl.audit_logs
            WHERE request_id = '{id}' AND details->>'sweep' IS NOT NULL"
    ));
    assert_eq!(trail, ["failure given up"]);
    let ran = lab.run(&["op", "recover"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran}");
}
