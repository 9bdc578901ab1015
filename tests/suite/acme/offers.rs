//! What an authority offers beyond certificates of one kind.

use hostctl::certificate::x509::Chain;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble};
use crate::support::acme2certifier::Acme2certifier;
use crate::support::ca::Ca;

#[test]
fn a_profile_is_asked_for_where_it_is_offered() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let issue = |name: &str, profile: &str| {
        let words = [
            "cert",
            "issue",
            name,
            "--challenge",
            "dns-01",
            "--profile",
            profile,
        ];
        lab.run(&words)
    };
    let ran = issue("a.shop.example", "short");
    ran.expect_code(7);
    assert!(ran.stderr.contains("it offers none"), "{ran}");
    pebble.wire.offer_profiles(&["classic", "short"]);
    let ran = issue("a.shop.example", "long");
    ran.expect_code(7);
    assert!(ran.stderr.contains("it offers classic, short"), "{ran}");
    assert!(pebble.wire.orders().is_empty(), "nobody asked");
    issue("a.shop.example", "short").expect_code(0);
    let orders = pebble.wire.orders();
    assert_eq!(orders.len(), 1, "{orders:?}");
    assert_eq!(orders[0]["profile"], "short");
}

#[test]
fn what_is_short_lived_is_kept_and_dates_are_judged_by_the_clock_of_all_hosts() {
    let lab = Lab::with_dns();
    let ca = Ca::alone(&lab);
    let week = SignedDuration::from_hours(160);
    ca.with(|desk| desk.profiles.insert("short".to_owned(), week));
    let words = [
        "cert",
        "issue",
        "shop.example",
        "*.shop.example",
        "--profile",
        "short",
    ];
    lab.run(&words).expect_code(0);
    // The authority is a year ahead of us; then it is this host that is behind, and whoever is right is kept.
    let year = SignedDuration::from_hours(24 * 365);
    ca.with(|desk| desk.ahead = year);
    let ran = lab.run(&["cert", "issue", "b.shop.example"]);
    ran.expect_code(8);
    assert!(ran.stderr.contains("cannot be used"), "{ran}");
    lab.put_database_ahead(year);
    lab.run(&["cert", "issue", "b.shop.example"]).expect_code(0);
    let file = |name: &str| std::fs::read(ca.certificates().join(name).join("current/fullchain.pem"));
    let leaf = |name: &str| {
        Chain::read(&file(name).expect("a file"))
            .expect("a chain")
            .leaf()
            .clone()
    };
    let (short, long) = (leaf("shop.example"), leaf("b.shop.example"));
    assert_eq!(short.identifiers, ["*.shop.example", "shop.example"]);
    assert_eq!(short.not_after.duration_since(short.not_before), week);
    assert!(long.not_before > short.not_after);
    let made = ca.with(|desk| desk.issued());
    assert_eq!(
        json!(made),
        json!({ "*.shop.example shop.example": 1, "b.shop.example": 2 })
    );
    assert_eq!(ca.with(|desk| desk.count("POST /finalize/")), 3);
    // An order that hears late of what was proved for it.
    ca.with(|desk| desk.lags = 2);
    lab.run(&["cert", "issue", "late.shop.example"]).expect_code(0);
    assert_eq!(ca.with(|desk| desk.count("POST /finalize/")), 4);
}

#[test]
fn another_authority_of_other_people_issues_by_profile_and_renews_when_it_says_so() {
    let lab = Lab::with_dns();
    let authority = Acme2certifier::start(&lab);
    let wire = &authority.wire;
    let ran = lab.run(&["cert", "issue", "www.shop.example", "--profile", "classic"]);
    assert_eq!(ran.code, Some(0), "{ran}\n{}", authority.log());
    let renew = |days: i64| {
        let ahead = SignedDuration::from_hours(24 * days);
        lab.put_database_ahead(ahead);
        let ran = lab.call(&["cert", "renew"]).ahead(ahead).run();
        assert_eq!(ran.code, Some(0), "{ran}\n{}", authority.log());
    };
    for day in [0, 8] {
        renew(day);
        assert_eq!(wire.orders().len(), 1, "day {day}");
    }
    assert_eq!(wire.count("renewal-info"), 2, "{}", authority.log());
    let identifier = lab.ask("SELECT ari_id FROM hostctl.certificate_generations");
    renew(11);
    let orders = wire.orders();
    assert_eq!(orders.len(), 2, "{orders:?}");
    assert_eq!(
        (&orders[0]["profile"], &orders[1]["profile"]),
        (&json!("classic"), &json!("classic"))
    );
    assert_eq!(orders[1]["replaces"], identifier[0].as_str());
    let kept = lab.ask("SELECT number::text FROM hostctl.certificate_generations ORDER BY number");
    assert_eq!(kept, ["1", "2"]);
}
