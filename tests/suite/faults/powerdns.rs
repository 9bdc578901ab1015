//! The wire to PowerDNS: bytes that are lost, and answers that are not its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hostctl::sandbox::Name;

use crate::faults::{End, RECORD, SITE, Verb, Worlds, ZONE, judge, sweep};
use crate::support::Lab;
use crate::support::http::{self, Meeting};
use crate::support::proxy::{Fault, Way};

const FAULTS: [(Way, Fault); 4] = [
    (Way::Request, Fault::Cut),
    (Way::Reply, Fault::Cut),
    (Way::Request, Fault::Swallow),
    (Way::Reply, Fault::Swallow),
];

fn lab() -> Lab {
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", "base.test"]).expect_code(0);
    lab
}

fn sweep_all(verb: Verb) {
    let lab = lab();
    for (way, fault) in FAULTS {
        let samples = if fault == Fault::Cut { 6 } else { 2 };
        sweep(&lab, verb, End::Powerdns, (way, fault), samples);
    }
}

#[test]
fn a_zone_is_all_or_nothing_whatever_the_wire_does() {
    sweep_all(ZONE);
}

#[test]
fn a_record_is_all_or_nothing_whatever_the_wire_does() {
    sweep_all(RECORD);
}

#[test]
fn a_site_is_all_or_nothing_whatever_the_wire_does() {
    sweep_all(SITE);
}

#[test]
fn a_server_that_stays_away_leaves_the_operation_to_recovery() {
    // Fifteen seconds of patience each.
    sweep(&lab(), ZONE, End::Powerdns, (Way::Reply, Fault::Down), 1);
}

/// What can happen to one request.
#[derive(Clone, Copy, Debug)]
enum Mischief {
    Status(u16),
    LoseRequest,
    LoseAnswer,
}

const MISCHIEF: [Mischief; 5] = [
    Mischief::Status(500),
    Mischief::Status(409),
    Mischief::Status(422),
    Mischief::LoseRequest,
    Mischief::LoseAnswer,
];

/// A wire on which one request comes to harm, and how many have come.
fn wire(lab: &Lab, harmed: Option<(usize, Mischief)>) -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let meet = move |_: &str| {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        match harmed {
            Some((harmed, mischief)) if harmed == number => match mischief {
                Mischief::Status(status) => Meeting::Answer(status),
                Mischief::LoseRequest => Meeting::LoseRequest,
                Mischief::LoseAnswer => Meeting::LoseAnswer,
            },
            _ => Meeting::Pass,
        }
    };
    let api = lab.sandbox().addresses(Name::Powerdns).expect("PowerDNS")[1];
    (lab.wait(http::start(api, meet)), count)
}

/// Harms each request of a verb in each way.
fn harm(verb: Verb) {
    let lab = lab();
    let (url, count) = wire(&lab, None);
    let expected = Worlds::of(&lab, verb, || lab.call(verb.words).dns_through(&url).run());
    let total = count.load(Ordering::Relaxed);
    assert!(total > 2, "only {total} requests");
    for number in 0..total {
        for mischief in MISCHIEF {
            let (url, count) = wire(&lab, Some((number, mischief)));
            let ran = lab.call(verb.words).dns_through(&url).run();
            let words = match mischief {
                Mischief::Status(status) => format!("status {status} for request {number} of {total}"),
                other => format!("{other:?} for request {number} of {total}"),
            };
            assert!(count.load(Ordering::Relaxed) > number, "{words}: {ran}");
            let recover = || lab.call(&["op", "recover"]).dns_through(&url).run();
            judge(&lab, verb, &expected, &ran, recover, &words);
            println!("{} {words}: {:?}", verb.words.join(" "), ran.code);
        }
    }
}

#[test]
fn each_request_for_a_zone_may_come_to_harm() {
    harm(ZONE);
}

#[test]
fn each_request_for_a_record_may_come_to_harm() {
    harm(RECORD);
}

#[test]
fn each_request_for_a_site_may_come_to_harm() {
    harm(SITE);
}
