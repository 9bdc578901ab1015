//! Zones: made whole, recognised, deleted only when they are ours.

use hostctl::account;
use hostctl::dns::step::{Published, ZoneCreate, ZoneDelete, ZoneForget, ZoneRecord};
use hostctl::dns::zone::{CreateZone, plan_create, plan_delete};
use hostctl::dns::{Protected, list_foreign, list_records, list_zones, observe, show_zone};
use hostctl::journal::{Certainty, Found, Marker, OutsideStep, PlannedStep, Secrets};
use hostctl::model::RecordType;
use hostctl::trash::Fate;
use serde_json::json;
use uuid::Uuid;

use crate::dns_provider::lab::{Lab, marker, name, operation, parameters, record, refusal};
use crate::support::http::Meeting;

const ZONE: &str = "example.test";

fn request(account: Uuid) -> CreateZone {
    let long = format!("v=DKIM1; k=rsa; p={}", "A".repeat(392));
    CreateZone {
        account,
        nameservers: Vec::new(),
        allows_public_suffix: false,
        records: vec![
            record(ZONE, "@", RecordType::A, "192.0.2.80"),
            record(ZONE, "@", RecordType::Mx, "10 mx.sandbox.test."),
            record(ZONE, "@", RecordType::Txt, "v=spf1 mx -all"),
            record(ZONE, "hc202611._domainkey", RecordType::Txt, &long),
            record(ZONE, "www", RecordType::Aaaa, "2001:db8::80"),
            record(ZONE, "big", RecordType::Txt, &"x".repeat(3000)),
        ],
    }
}

async fn create_plan(lab: &Lab) -> Vec<PlannedStep> {
    plan_create(&request(lab.account), &lab.observe(ZONE).await).expect("plan")
}

#[tokio::test]
async fn a_zone_is_made_in_one_go_and_everybody_sees_it() {
    let mut lab = Lab::new().await;
    let steps = create_plan(&lab).await;
    let before = lab.inventory().await;
    let id = operation();
    lab.run(&steps, id).await.expect("created");

    assert_eq!(lab.dig(ZONE, "A").await, ["192.0.2.80"]);
    assert_eq!(
        lab.dig(ZONE, "NS").await,
        ["ns1.sandbox.test.", "ns2.sandbox.test."]
    );
    assert_eq!(lab.dig("www.example.test", "AAAA").await, ["2001:db8::80"]);
    let dkim = lab.ask("hc202611._domainkey.example.test", RecordType::Txt).await;
    assert!(dkim.authoritative);
    assert_eq!(
        dkim.records[0].value,
        format!("v=DKIM1; k=rsa; p={}", "A".repeat(392))
    );
    // Too long for a datagram: asked again over TCP.
    let big = lab.ask("big.example.test", RecordType::Txt).await;
    assert_eq!(big.records[0].value.len(), 3000);
    assert_eq!(
        lab.ask("none.example.test", RecordType::A).await.rcode,
        "NXDOMAIN"
    );
    assert_eq!(lab.ask("other.test", RecordType::A).await.rcode, "REFUSED");

    let observed = lab.observe(ZONE).await;
    assert!(observed.is_ours());
    let (zones, silent) = list_zones(&*lab.session, &lab.providers, Some(lab.account))
        .await
        .expect("list");
    assert!(silent.is_empty());
    let zone = json!({ "name": ZONE, "account": "main", "provider": "main", "serial": 2, "state": "active" });
    assert_eq!(serde_json::to_value(&zones).expect("json"), json!([zone]));
    let shown = show_zone(&*lab.session, &observed).await.expect("shown");
    assert_eq!((shown.records, shown.foreign, shown.nameservers.len()), (9, 0, 2));
    let mx = list_records(&observed)
        .expect("records")
        .into_iter()
        .find(|set| set.r#type == "MX")
        .expect("MX");
    let mx = serde_json::to_value(mx).expect("json");
    assert_eq!(
        mx,
        json!({ "name": ZONE, "type": "MX", "ttl": 3600, "values": ["10 mx.sandbox.test."], "foreign": [], "switched_off": [] })
    );

    // Doing what is done is success, in a later epoch too, and changes nothing.
    let create: ZoneCreate = parameters(&steps[1]);
    let later = Marker {
        epoch: 2,
        ..marker(id, 1)
    };
    let again = create
        .apply(&lab.providers, later, &Secrets::default())
        .await
        .expect("again");
    assert_eq!(again, json!({ "zone": ZONE, "serial": 2 }));
    lab.apply(&steps[0], marker(id, 0)).await.expect("again");
    let found = create
        .probe(&lab.providers, later, &Secrets::default())
        .await
        .expect("probe");
    assert_eq!(found, Found::Ours(again));

    // Undo twice: nothing is left, not even a name that is taken.
    for _ in 0..2 {
        create
            .undo(&lab.providers, later, &Secrets::default())
            .await
            .expect("undone");
        lab.control::<ZoneRecord>(
            &steps[0],
            Marker {
                epoch: 2,
                ..marker(id, 0)
            },
            true,
        )
        .await
        .expect("undone");
    }
    assert_eq!(
        create
            .probe(&lab.providers, later, &Secrets::default())
            .await
            .expect("probe"),
        Found::Absent
    );
    assert_eq!(lab.inventory().await, before);
    lab.down().await;
}

#[tokio::test]
async fn what_exists_is_a_conflict_and_stays_as_it_is() {
    let mut lab = Lab::new().await;
    let stale = create_plan(&lab).await;
    // Somebody else makes the same zone between plan and deed.
    let body = json!({ "name": "example.test.", "kind": "Native", "nameservers": ["ns.other.test."], "account": "theirs" });
    assert_eq!(lab.bystander("POST", "/zones", body).await, 201);
    let create: ZoneCreate = parameters(&stale[1]);
    let mark = marker(operation(), 1);
    let failure = create
        .apply(&lab.providers, mark, &Secrets::default())
        .await
        .expect_err("foreign");
    assert_eq!(
        (failure.certainty, failure.error.reason()),
        (Certainty::NotApplied, "exists")
    );
    let found = create
        .probe(&lab.providers, mark, &Secrets::default())
        .await
        .expect("probe");
    assert_eq!(
        found,
        Found::Foreign("its account field says \"theirs\"".to_owned())
    );
    let failure = create
        .undo(&lab.providers, mark, &Secrets::default())
        .await
        .expect_err("foreign");
    assert_eq!(
        (failure.certainty, failure.error.reason()),
        (Certainty::NotApplied, "foreign")
    );
    let observed = lab.observe(ZONE).await;
    assert_eq!(
        refusal(plan_create(&request(lab.account), &observed)),
        "conflict/foreign"
    );
    assert_eq!(
        refusal(plan_delete(&observed, &Protected::default(), None, Fate::Purged)),
        "conflict/foreign"
    );
    assert_eq!(lab.dig(ZONE, "NS").await, ["ns.other.test."]);
    assert_eq!(
        list_foreign(&*lab.session, &lab.providers, "main")
            .await
            .expect("list"),
        [ZONE]
    );

    assert_eq!(
        lab.bystander("DELETE", "/zones/example.test.", json!(null)).await,
        204
    );
    lab.run(&stale, operation()).await.expect("created");
    assert_eq!(
        refusal(plan_create(&request(lab.account), &lab.observe(ZONE).await)),
        "conflict/exists"
    );
    // Another operation with the same plan finds neither row nor zone free.
    assert_eq!(refusal(lab.run(&stale, operation()).await), "conflict/exists");
    lab.down().await;
}

#[tokio::test]
async fn a_lost_answer_is_unknown_until_the_world_is_asked() {
    let lab = Lab::new().await;
    let mark = marker(operation(), 1);
    for (meeting, expected) in [(Meeting::LoseAnswer, true), (Meeting::LoseRequest, false)] {
        let url = lab.wire("POST", meeting).await;
        let providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__URL", &url)]);
        let observed = observe(&*lab.session, &providers, &name(ZONE), None)
            .await
            .expect("observed");
        let steps = plan_create(&request(lab.account), &observed).expect("plan");
        let create: ZoneCreate = parameters(&steps[1]);
        let failure = create
            .apply(&providers, mark, &Secrets::default())
            .await
            .expect_err("lost");
        assert_eq!(failure.certainty, Certainty::Unknown);
        let found = create
            .probe(&providers, mark, &Secrets::default())
            .await
            .expect("probe");
        assert_eq!(matches!(found, Found::Ours(_)), expected, "{found:?}");
        create
            .undo(&providers, mark, &Secrets::default())
            .await
            .expect("undone");
    }
    assert!(lab.observe(ZONE).await.live.is_none());

    // A server that is not there at all: surely nothing happened, and it may work later.
    let providers = lab.providers_with(&[("HOSTCTL_DNS__MAIN__URL", "http://127.0.0.1:1")]);
    let target = providers.target(&name(ZONE), None).expect("target");
    let mut create: ZoneCreate = parameters(&create_plan(&lab).await[1]);
    create.location = target.location;
    let failure = create
        .apply(&providers, mark, &Secrets::default())
        .await
        .expect_err("nobody");
    assert_eq!(
        (failure.certainty, failure.is_passing),
        (Certainty::NotApplied, true)
    );
    lab.down().await;
}

#[tokio::test]
async fn a_zone_that_somebody_changed_is_parked_and_ours_is_deleted_for_good() {
    let mut lab = Lab::new().await;
    let steps = create_plan(&lab).await;
    let id = operation();
    lab.run(&steps, id).await.expect("created");
    let create: ZoneCreate = parameters(&steps[1]);
    lab.bystander_sets(ZONE, "extra.example.test.", "A", &["192.0.2.9"])
        .await;
    let found = create
        .probe(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect("probe");
    assert!(matches!(found, Found::Changed(_)), "{found:?}");
    let failure = create
        .undo(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect_err("changed");
    assert_eq!(failure.error.reason(), "changed");
    assert_eq!(lab.dig("extra.example.test", "A").await, ["192.0.2.9"]);

    // The plan to delete saw this zone; the world moves on before the deed.
    let observed = lab.observe(ZONE).await;
    assert_eq!(observed.foreign_count(), 1);
    let delete_plan = plan_delete(&observed, &Protected::default(), None, Fate::Purged).expect("plan");
    let delete: ZoneDelete = parameters(&delete_plan[1]);
    lab.bystander_sets(ZONE, "extra.example.test.", "A", &["192.0.2.10"])
        .await;
    let failure = delete
        .apply(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect_err("changed");
    assert_eq!(failure.error.reason(), "changed");
    lab.bystander("PUT", "/zones/example.test.", json!({ "account": "theirs" }))
        .await;
    let failure = delete
        .apply(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect_err("foreign");
    assert_eq!(failure.error.reason(), "foreign");
    assert_eq!(
        refusal(plan_delete(
            &lab.observe(ZONE).await,
            &Protected::default(),
            None,
            Fate::Purged
        )),
        "conflict/foreign"
    );
    let account = observed.live.as_ref().expect("live").account.clone();
    lab.bystander("PUT", "/zones/example.test.", json!({ "account": account }))
        .await;

    let id = operation();
    let delete_plan = plan_delete(
        &lab.observe(ZONE).await,
        &Protected::default(),
        None,
        Fate::Purged,
    )
    .expect("plan");
    let before = lab.inventory().await;
    lab.apply(&delete_plan[0], marker(id, 0))
        .await
        .expect("forgotten");
    assert_eq!(lab.inventory().await, "");
    // The row comes back as it was, twice.
    for _ in 0..2 {
        lab.control::<ZoneForget>(&delete_plan[0], marker(id, 0), true)
            .await
            .expect("undone");
        assert_eq!(lab.inventory().await, before);
    }
    lab.run(&delete_plan, id).await.expect("deleted");
    lab.apply(&delete_plan[1], marker(id, 1)).await.expect("again");
    assert_eq!(lab.ask(ZONE, RecordType::Soa).await.rcode, "REFUSED");
    assert_eq!(lab.inventory().await, "");
    let delete: ZoneDelete = parameters(&delete_plan[1]);
    let failure = delete
        .undo(&lab.providers, marker(id, 1), &Secrets::default())
        .await
        .expect_err("gone");
    assert_eq!(failure.error.reason(), "forward_only");
    lab.down().await;
}

#[tokio::test]
async fn the_zone_of_a_name_server_is_protected_and_a_name_belongs_to_one_account() {
    let mut lab = Lab::new().await;
    let observed = lab.observe("sandbox.test").await;
    let steps = plan_create(
        &CreateZone {
            records: Vec::new(),
            ..request(lab.account)
        },
        &observed,
    )
    .expect("plan");
    lab.run(&steps, operation()).await.expect("created");
    let observed = lab.observe("sandbox.test").await;
    assert_eq!(
        refusal(plan_delete(
            &observed,
            &Protected::new(&lab.config),
            None,
            Fate::Purged
        )),
        "denied/protected"
    );

    let other = operation();
    let made = lab
        .session
        .execute(
            "INSERT INTO hostctl.accounts (id, name) VALUES ($1, 'other')",
            &[&other],
        )
        .await;
    made.expect("account");
    for zone in ["sandbox.test", "child.sandbox.test"] {
        assert_eq!(
            refusal(account::check_domain(&*lab.session, zone, other).await),
            "conflict/taken"
        );
    }
    let observed = lab.observe("child.sandbox.test").await;
    let steps = plan_create(
        &CreateZone {
            records: Vec::new(),
            ..request(other)
        },
        &observed,
    )
    .expect("plan");
    assert_eq!(refusal(lab.run(&steps, operation()).await), "conflict/taken");
    assert!(
        lab.observe("child.sandbox.test").await.live.is_none(),
        "nobody saw it"
    );
    lab.down().await;
}

#[tokio::test]
async fn published_asks_the_zones_own_servers_and_waits_for_nobody() {
    let mut lab = Lab::new().await;
    let server = lab.dns();
    let port = server.port().to_string();
    let asks_own = |resolver: &str| {
        lab.providers_with(&[
            ("HOSTCTL_DNS__MAIN__QUERY_SERVERS", ""),
            ("HOSTCTL_RESOLVER__SERVERS", resolver),
            ("HOSTCTL_RESOLVER__AUTHORITATIVE_PORT", &port),
        ])
    };
    let (found, lost) = (asks_own(&server.to_string()), asks_own("127.0.0.1:1"));
    let observed = lab.observe("sandbox.test").await;
    let records = vec![record("sandbox.test", "ns1", RecordType::A, "127.0.0.1")];
    let steps = plan_create(
        &CreateZone {
            records,
            ..request(lab.account)
        },
        &observed,
    )
    .expect("plan");
    lab.run(&steps, operation()).await.expect("created");
    let mut published: Published = parameters(&steps[2]);
    published.query_servers.clear();
    let mark = marker(operation(), 2);
    let report = published
        .apply(&found, mark, &Secrets::default())
        .await
        .expect("seen");
    assert_eq!(
        report,
        json!({ "state": "published", "serial": 2, "asked": [server], "late": [] })
    );
    let report = published
        .apply(&lost, mark, &Secrets::default())
        .await
        .expect("not asked");
    assert_eq!(
        report,
        json!({ "state": "not_asked", "serial": 2, "asked": [], "late": [] })
    );
    lab.down().await;
}
