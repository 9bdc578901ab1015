//! Many at once, where DNS and the authority take their time.

use std::time::Duration;

use hostctl::clock;
use hostctl::sandbox::Name;

use super::{on, plant};
use crate::support::Lab;
use crate::support::acme::{Manner, PLAIN, Pebble};
use crate::support::late::Late;

const PUBLISHING: Duration = Duration::from_secs(60);

#[test]
fn a_hundred_that_wait_for_dns_take_no_longer_than_a_few() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(
        &lab,
        Manner {
            longest_look: 2,
            ..PLAIN
        },
    );
    pebble.register(&lab);
    let dns = lab.sandbox().addresses(Name::Powerdns).expect("a DNS server")[0];
    let late = lab.wait(Late::start(dns, PUBLISHING));
    let names: Vec<String> = (0..100).map(|number| format!("n{number}.shop.example")).collect();
    plant(&lab, &names, "dns-01", "{main}", "web1");
    let begun = clock::instant();
    on(&lab, "web1", &["cert", "renew"])
        .variable("HOSTCTL_DNS__MAIN__QUERY_SERVERS", &late.address.to_string())
        .run()
        .expect_code(0);
    let spent = begun.elapsed();
    assert!(spent >= PUBLISHING, "nobody waited: {spent:?}");
    // One after the other takes an hour and three quarters.
    assert!(spent < PUBLISHING * 3, "{spent:?}");
    assert_eq!(
        lab.ask("SELECT concat_ws(' ', count(*), min(generation), max(failures)) FROM hostctl.certificates"),
        ["100 2 0"]
    );
}

#[test]
fn who_waits_for_a_zone_holds_nothing_that_others_need() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    // As many as the orders of one process have sessions; another operation has every one of these zones.
    let mut names: Vec<String> = (0..8).map(|number| format!("a.z{number}.example")).collect();
    for name in &names {
        lab.run(&["dns", "zone", "create", &name[2..]]).expect_code(0);
    }
    names.push("free.shop.example".to_owned());
    plant(&lab, &names, "dns-01", "{main}", "web1");
    lab.ask(
        "INSERT INTO hostctl.claims (resource, operation_id) SELECT 'zone:z' || n || '.example',
            (SELECT id FROM hostctl.operations LIMIT 1) FROM generate_series(0, 7) n RETURNING resource",
    );
    let until_free = async {
        let renewed =
            "SELECT name FROM hostctl.certificates WHERE generation = 2 AND name = 'free.shop.example'";
        let begun = clock::instant();
        while lab.answers(renewed).await.is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(20), "it waits as well");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        lab.answers("DELETE FROM hostctl.claims WHERE resource LIKE 'zone:z_.example' RETURNING resource")
            .await
    };
    let renewed = lab.call(&["cert", "renew"]).start();
    let (ran, claims) = lab.wait(async { tokio::join!(renewed, until_free) });
    ran.expect_code(0);
    assert_eq!(claims.len(), 8, "they were waited for");
    assert_eq!(
        lab.ask("SELECT concat_ws(' ', count(*), min(generation), max(failures)) FROM hostctl.certificates"),
        ["9 2 0"]
    );
}
