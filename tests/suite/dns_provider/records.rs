//! Records: one change, one serial; what others wrote survives.

use hostctl::dns::records::{Action, Edit, RecordsPlan, plan_change};
use hostctl::dns::step::{RecordsChange, RecordsRecord};
use hostctl::dns::zone::{CreateZone, plan_create};
use hostctl::dns::{Providers, observe};
use hostctl::error::{Error, Result};
use hostctl::journal::{Certainty, Found, OutsideStep, Secrets};
use hostctl::model::{RecordName, RecordType};
use serde_json::json;

use crate::dns_provider::lab::{Lab, data, marker, name, operation, parameters, record, refusal};
use crate::support::http::Meeting;

const ZONE: &str = "example.test";
const WWW: &str = "www.example.test.";
const OURS: &str = "192.0.2.1";
const THEIRS: &str = "192.0.2.9";

async fn lab() -> Lab {
    let mut lab = Lab::new().await;
    let request = CreateZone {
        account: lab.account,
        nameservers: Vec::new(),
        allows_public_suffix: false,
        records: vec![record(ZONE, "www", RecordType::A, OURS)],
    };
    let steps = plan_create(&request, &lab.observe(ZONE).await).expect("plan");
    lab.run(&steps, operation()).await.expect("created");
    lab
}

fn edit(owner: &str, action: fn(Vec<hostctl::model::RecordData>) -> Action, values: &[&str]) -> Edit {
    Edit {
        name: RecordName::parse(owner, name(ZONE).domain()).expect(owner).value,
        rtype: RecordType::A,
        action: action(
            values
                .iter()
                .map(|value| data(ZONE, RecordType::A, value))
                .collect(),
        ),
    }
}

fn add(values: Vec<hostctl::model::RecordData>) -> Action {
    Action::Add(values, None)
}

fn set(values: Vec<hostctl::model::RecordData>) -> Action {
    Action::Set(values, None)
}

async fn plan(lab: &Lab, edits: &[Edit]) -> Result<RecordsPlan> {
    plan_change(&lab.observe(ZONE).await, edits, lab.account)
}

async fn plan_through(lab: &Lab, providers: &Providers, edits: &[Edit]) -> RecordsChange {
    let observed = observe(&*lab.session, providers, &name(ZONE), None)
        .await
        .expect("observed");
    let plan = plan_change(&observed, edits, lab.account).expect("plan");
    parameters(&plan.steps[1])
}

async fn serial(lab: &Lab) -> u32 {
    lab.observe(ZONE).await.live.expect("live").serial
}

#[tokio::test]
async fn one_change_of_many_records_raises_the_serial_by_one_and_is_taken_back_whole() {
    let mut lab = lab().await;
    let rows = lab.inventory().await;
    let edits = [
        edit("www", add, &["192.0.2.2", "192.0.2.3"]),
        edit("*", add, &["192.0.2.4"]),
    ];
    let planned = plan(&lab, &edits).await.expect("plan");
    let id = operation();
    let before = serial(&lab).await;
    lab.run(&planned.steps, id).await.expect("changed");
    assert_eq!(serial(&lab).await, before + 1);
    assert_eq!(lab.dig(WWW, "A").await, [OURS, "192.0.2.2", "192.0.2.3"]);
    assert_eq!(lab.dig("any.example.test", "A").await, ["192.0.2.4"]);
    assert!(
        plan(&lab, &edits).await.expect("plan").steps.is_empty(),
        "unchanged"
    );
    assert_eq!(lab.observe(ZONE).await.foreign_count(), 0);

    // Doing it again sends nothing.
    let change: RecordsChange = parameters(&planned.steps[1]);
    change
        .apply(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect("again");
    assert_eq!(serial(&lab).await, before + 1);
    let found = change
        .probe(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect("probe");
    assert_eq!(found, Found::Ours(json!({ "zone": ZONE, "serial": before + 1 })));

    for _ in 0..2 {
        change
            .undo(&lab.providers, marker(id, 1), &Secrets::default())
            .await
            .expect("undone");
        lab.control::<RecordsRecord>(&planned.steps[0], marker(id, 0), true)
            .await
            .expect("undone");
        assert_eq!(lab.dig(WWW, "A").await, [OURS]);
        assert_eq!(lab.dig("any.example.test", "A").await, Vec::<String>::new());
        assert_eq!(serial(&lab).await, before + 2, "the second undo sent nothing");
    }
    assert_eq!(lab.inventory().await, rows);
    let found = change
        .probe(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect("probe");
    assert_eq!(found, Found::Absent);
    lab.down().await;
}

#[tokio::test]
async fn members_of_others_survive_and_are_not_ours_to_delete() {
    let mut lab = lab().await;
    lab.bystander_sets(ZONE, WWW, "A", &[OURS, THEIRS]).await;
    // The bystander changed the TTL too: one TTL per set, so theirs is kept.
    let planned = plan(&lab, &[edit("www", add, &["192.0.2.2"])])
        .await
        .expect("plan");
    lab.run(&planned.steps, operation()).await.expect("added");
    assert_eq!(lab.dig(WWW, "A").await, [OURS, "192.0.2.2", THEIRS]);
    assert_eq!(lab.ask(WWW, RecordType::A).await.records[0].ttl, 300);

    let refused = plan(&lab, &[edit("www", Action::Delete, &[THEIRS])]).await;
    assert_eq!(refusal(refused), "conflict/foreign");
    let planned = plan(&lab, &[edit("www", Action::Delete, &[OURS, "192.0.2.2"])])
        .await
        .expect("plan");
    lab.run(&planned.steps, operation()).await.expect("deleted");
    assert_eq!(lab.dig(WWW, "A").await, [THEIRS]);
    assert_eq!(lab.observe(ZONE).await.foreign_count(), 1);
    lab.down().await;
}

#[tokio::test]
async fn a_change_after_the_plan_is_a_conflict_and_one_after_the_deed_is_parked() {
    let mut lab = lab().await;
    let planned = plan(&lab, &[edit("www", add, &["192.0.2.2"])])
        .await
        .expect("plan");
    let change: RecordsChange = parameters(&planned.steps[1]);
    let mark = marker(operation(), 1);
    lab.bystander_sets(ZONE, WWW, "A", &[OURS, THEIRS]).await;
    let failure = change
        .apply(&lab.providers, mark, &Secrets::default())
        .await
        .expect_err("stale");
    assert_eq!(
        (failure.certainty, failure.error.reason()),
        (Certainty::NotApplied, "changed")
    );
    assert_eq!(
        failure.error.message(),
        "zone example.test: www.example.test A changed since the plan was made"
    );
    let found = change
        .probe(&lab.providers, mark, &Secrets::default())
        .await
        .expect("probe");
    assert!(matches!(found, Found::Foreign(_)), "{found:?}");
    assert_eq!(lab.dig(WWW, "A").await, [OURS, THEIRS]);

    let planned = plan(
        &lab,
        &[edit("www", set, &["192.0.2.2"]), edit("x", add, &["192.0.2.5"])],
    )
    .await
    .expect("plan");
    let id = operation();
    lab.run(&planned.steps, id).await.expect("changed");
    lab.bystander_sets(ZONE, WWW, "A", &["192.0.2.2", "192.0.2.77"])
        .await;
    let change: RecordsChange = parameters(&planned.steps[1]);
    let found = change
        .probe(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect("probe");
    assert!(matches!(found, Found::Changed(_)), "{found:?}");
    let failure = change
        .undo(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect_err("changed");
    assert_eq!(
        (failure.certainty, failure.error.reason()),
        (Certainty::NotApplied, "changed")
    );
    assert_eq!(
        lab.dig(WWW, "A").await,
        ["192.0.2.2", "192.0.2.77"],
        "theirs stays"
    );
    assert_eq!(
        lab.dig("x.example.test", "A").await,
        Vec::<String>::new(),
        "ours is taken back"
    );
    lab.down().await;
}

#[tokio::test]
async fn of_what_others_changed_around_an_addition_only_the_addition_is_taken_back() {
    let mut lab = lab().await;
    let planned = plan(&lab, &[edit("www", add, &["192.0.2.2"])])
        .await
        .expect("plan");
    let id = operation();
    lab.run(&planned.steps, id).await.expect("changed");
    lab.bystander_sets(ZONE, WWW, "A", &["192.0.2.2", "192.0.2.77"])
        .await;
    let change: RecordsChange = parameters(&planned.steps[1]);
    let (mark, none) = (marker(id, 1), Secrets::default());
    let found = change.probe(&lab.providers, mark, &none).await.expect("probe");
    assert!(matches!(found, Found::Changed(_)), "{found:?}");
    for _ in 0..2 {
        change
            .undo(&lab.providers, mark, &none)
            .await
            .expect("theirs is another value");
        assert_eq!(lab.dig(WWW, "A").await, ["192.0.2.77"]);
    }
    lab.down().await;
}

/// They have read what we wrote, and written it again with more of theirs.
#[tokio::test]
async fn a_writer_right_after_us_keeps_what_is_theirs_alone() {
    let lab = lab().await;
    let theirs = lab.write_after(ZONE, WWW, &[OURS, "192.0.2.2", THEIRS]);
    let url = lab.wire("PATCH", theirs).await;
    let providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__URL", &url)]);
    let change = plan_through(&lab, &providers, &[edit("www", add, &["192.0.2.2"])]).await;
    let failure = change
        .apply(&providers, marker(operation(), 1), &Secrets::default())
        .await
        .expect_err("two");
    assert!(
        failure.error.message().ends_with("our change was taken back"),
        "{failure:?}"
    );
    assert_eq!(lab.dig(WWW, "A").await, [OURS, THEIRS]);
    lab.down().await;
}

#[tokio::test]
async fn a_writer_in_the_same_instant_is_reported() {
    let lab = lab().await;
    // Their write falls between our reading and our writing.
    for (owner, values) in [(WWW, &[OURS, THEIRS][..]), ("other.example.test.", &[THEIRS][..])] {
        let url = lab.wire("PATCH", lab.write_before(ZONE, owner, values)).await;
        let providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__URL", &url)]);
        let change = plan_through(&lab, &providers, &[edit("www", add, &["192.0.2.2"])]).await;
        let before = serial(&lab).await;
        let failure = change
            .apply(&providers, marker(operation(), 1), &Secrets::default())
            .await
            .expect_err("two");
        assert_eq!(
            (failure.certainty, failure.error.reason()),
            (Certainty::NotApplied, "changed")
        );
        let expected = format!(
            "zone example.test: somebody else wrote at the same time (serial {before} became {}); our change was taken back",
            before + 2
        );
        assert_eq!(failure.error.message(), expected);
        assert_eq!(lab.dig(WWW, "A").await, [OURS], "as it was before us");
    }
    assert_eq!(lab.dig("other.example.test", "A").await, [THEIRS], "theirs stays");
    lab.down().await;
}

#[tokio::test]
async fn a_lost_answer_is_found_by_asking() {
    let lab = lab().await;
    let mark = marker(operation(), 1);
    let meetings = [
        (Meeting::LoseRequest, false),
        (Meeting::LoseAnswer, true),
        // 5xx may come from before or after the deed.
        (Meeting::Answer(500), false),
    ];
    for (meeting, is_there) in meetings {
        let url = lab.wire("PATCH", meeting).await;
        let providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__URL", &url)]);
        let change = plan_through(&lab, &providers, &[edit("www", add, &["192.0.2.2"])]).await;
        let failure = change
            .apply(&providers, mark, &Secrets::default())
            .await
            .expect_err("lost");
        assert_eq!(failure.certainty, Certainty::Unknown);
        let found = change
            .probe(&providers, mark, &Secrets::default())
            .await
            .expect("probe");
        assert_eq!(matches!(found, Found::Ours(_)), is_there, "{found:?}");
        change
            .undo(&providers, mark, &Secrets::default())
            .await
            .expect("undone");
        assert_eq!(lab.dig(WWW, "A").await, [OURS]);
    }
    lab.down().await;
}

#[tokio::test]
async fn a_zone_of_others_takes_our_records_only_where_it_is_bound() {
    let mut lab = Lab::new().await;
    let body = json!({ "name": "example.test.", "kind": "Native", "nameservers": ["ns.other.test."],
        "account": "theirs", "soa_edit_api": "INCREASE" });
    assert_eq!(lab.bystander("POST", "/zones", body).await, 201);
    let edits = [edit("www", add, &[OURS])];
    assert_eq!(refusal(plan(&lab, &edits).await), "conflict/foreign");
    lab.providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__ZONES", ZONE)]);
    let planned = plan(&lab, &edits).await.expect("bound");
    lab.run(&planned.steps, operation()).await.expect("added");
    assert_eq!(lab.dig(WWW, "A").await, [OURS]);
    let planned = plan(&lab, &[edit("www", Action::Delete, &[])])
        .await
        .expect("plan");
    lab.run(&planned.steps, operation()).await.expect("deleted");
    assert_eq!(lab.dig(WWW, "A").await, Vec::<String>::new());
    assert_eq!(lab.inventory().await, "");
    assert_eq!(lab.dig(ZONE, "NS").await, ["ns.other.test."]);
    lab.down().await;
}

#[tokio::test]
async fn what_the_server_does_not_take_changes_nothing() {
    let lab = lab().await;
    let planned = plan(
        &lab,
        &[edit("a", add, &["192.0.2.2"]), edit("b", add, &["192.0.2.2"])],
    )
    .await
    .expect("plan");
    let mut change: RecordsChange = parameters(&planned.steps[1]);
    // A name outside the zone, which no plan would hold.
    let outside = RecordName::from_presentation("www.other.test.").expect("name");
    change.sets[1].name = outside.clone();
    change.sets[1].after.as_mut().expect("set").name = outside;
    let before = serial(&lab).await;
    let failure = change
        .apply(&lab.providers, marker(operation(), 1), &Secrets::default())
        .await
        .expect_err("422");
    assert_eq!(
        (failure.certainty, failure.error.reason()),
        (Certainty::NotApplied, "refused")
    );
    assert_eq!(serial(&lab).await, before);
    assert_eq!(lab.dig("a.example.test", "A").await, Vec::<String>::new());

    let wrong_key = lab.sandbox.directory().join("control.password");
    let providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__API_KEY_FILE", &wrong_key.to_string_lossy())]);
    let observed: Result<_, Error> = observe(&*lab.session, &providers, &name(ZONE), None).await;
    assert_eq!(refusal(observed), "denied/authentication");
    let checks = providers.checks().await;
    assert_eq!(
        checks[0].outcome.as_ref().expect_err("wrong key").reason(),
        "authentication"
    );
    let checks = lab.providers.checks().await;
    assert!(
        checks[0]
            .outcome
            .as_ref()
            .expect("version")
            .starts_with("PowerDNS ")
    );
    assert!(checks[0].capabilities.atomic_change && !checks[0].capabilities.compare_and_swap);
    lab.down().await;
}
