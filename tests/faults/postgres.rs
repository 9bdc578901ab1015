//! The wire to PostgreSQL.

use hostctl::sandbox::Name;

use crate::support::Lab;
use crate::support::proxy::{Fault, Way};
use crate::{DATABASE, SITE, sweep};

const FAULTS: [(Way, Fault); 4] = [
    (Way::Request, Fault::Cut),
    (Way::Reply, Fault::Cut),
    (Way::Request, Fault::Swallow),
    (Way::Reply, Fault::Swallow),
];

#[test]
fn a_wire_cut_while_asking_is_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        Name::Postgres,
        (Way::Request, Fault::Cut),
        30,
    );
}

#[test]
fn a_wire_cut_while_answering_is_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        Name::Postgres,
        (Way::Reply, Fault::Cut),
        30,
    );
}

#[test]
fn requests_that_never_arrive_are_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        Name::Postgres,
        (Way::Request, Fault::Swallow),
        3,
    );
}

#[test]
fn replies_that_never_arrive_are_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        Name::Postgres,
        (Way::Reply, Fault::Swallow),
        3,
    );
}

#[test]
fn a_server_that_stays_away_leaves_the_operation_to_recovery() {
    sweep(
        &Lab::new(),
        DATABASE,
        Name::Postgres,
        (Way::Reply, Fault::Down),
        2,
    );
}

#[test]
fn a_site_is_all_or_nothing_whatever_the_wire_does() {
    let lab = Lab::with_dns();
    for (way, fault) in FAULTS {
        let samples = if fault == Fault::Cut { 5 } else { 1 };
        sweep(&lab, SITE, Name::Postgres, (way, fault), samples);
    }
}
