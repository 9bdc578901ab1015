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
