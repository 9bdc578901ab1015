//! The wire to PostgreSQL.

use crate::faults::{DATABASE, End, SITE, sweep};
use crate::support::Lab;
use crate::support::proxy::{Fault, Way};

#[test]
fn a_wire_cut_while_asking_is_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        End::Postgres,
        (Way::Request, Fault::Cut),
        30,
    );
}

#[test]
fn a_wire_cut_while_answering_is_all_or_nothing() {
    sweep(&Lab::new(), DATABASE, End::Postgres, (Way::Reply, Fault::Cut), 30);
}

// Where the journal itself falls silent it is given twenty seconds.
#[test]
fn requests_that_never_arrive_are_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        End::Postgres,
        (Way::Request, Fault::Swallow),
        1,
    );
}

#[test]
fn replies_that_never_arrive_are_all_or_nothing() {
    sweep(
        &Lab::new(),
        DATABASE,
        End::Postgres,
        (Way::Reply, Fault::Swallow),
        1,
    );
}

#[test]
fn a_cluster_that_falls_silent_is_all_or_nothing() {
    let lab = Lab::new();
    for way in [Way::Request, Way::Reply] {
        sweep(&lab, DATABASE, End::Cluster, (way, Fault::Swallow), 4);
    }
}

#[test]
fn a_server_that_stays_away_leaves_the_operation_to_recovery() {
    sweep(&Lab::new(), DATABASE, End::Postgres, (Way::Reply, Fault::Down), 1);
}

#[test]
fn a_site_is_all_or_nothing_whatever_the_wire_does() {
    let lab = Lab::with_dns();
    for way in [Way::Request, Way::Reply] {
        sweep(&lab, SITE, End::Postgres, (way, Fault::Cut), 6);
        sweep(&lab, SITE, End::Cluster, (way, Fault::Swallow), 1);
    }
    sweep(&lab, SITE, End::Postgres, (Way::Reply, Fault::Swallow), 1);
}
