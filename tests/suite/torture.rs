//! Everything that takes long: the whole table of places to fail or die, and kills at any moment. A sample of the kills
//! runs always; `make torture` runs the table, which is ignored otherwise, and `HOSTCTL_TORTURE` kills.
//! `HOSTCTL_TORTURE_SEED` repeats one.

#![expect(
    clippy::print_stdout,
    reason = "whoever runs this wants the figures and the seeds"
)]

mod bulk;
mod kills;

use std::time::Duration;

use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::{self, Verb};
use crate::support::{Lab, Ran};
use hostctl::clock;
use hostctl::env::child::{Process, Signal, running, send};
use hostctl::env::variables::Environment;

fn number(name: &str) -> Option<u64> {
    let environment = Environment::from_process().expect("an environment");
    environment.filled(name).map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

/// The seed of this run, told so that it can be had again.
fn seed() -> u64 {
    let seed = number("HOSTCTL_TORTURE_SEED")
        .unwrap_or_else(|| u64::from_le_bytes(clock::random().expect("randomness")));
    println!("HOSTCTL_TORTURE_SEED={seed}");
    seed
}

/// splitmix64: enough to scatter, and the same for the same seed.
fn scatter(seed: u64) -> u64 {
    let mut value = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn whole_table(verb: Verb) {
    let lab = Lab::of(verb.has_dns);
    let table = Table::new(&lab, verb);
    let mut counts = [0; 3];
    for cell in Cell::all(table.steps.len()) {
        let end = table.play(cell);
        counts[end as usize] += 1;
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
    }
    println!(
        "{}: nothing {}, all {}, no such place {}",
        verb.line, counts[0], counts[1], counts[2]
    );
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_an_account() {
    whole_table(verbs::ACCOUNT_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_an_account() {
    whole_table(verbs::ACCOUNT_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_adding_a_domain() {
    whole_table(verbs::DOMAIN_ADD);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_domain() {
    whole_table(verbs::DOMAIN_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_a_database() {
    whole_table(verbs::DATABASE_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_another_password_of_a_database() {
    whole_table(verbs::DATABASE_PASSWD);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_database() {
    whole_table(verbs::DATABASE_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_a_mail_domain() {
    whole_table(verbs::MAIL_DOMAIN_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_mail_domain() {
    whole_table(verbs::MAIL_DOMAIN_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_a_box() {
    whole_table(verbs::BOX_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_another_password_of_a_box() {
    whole_table(verbs::BOX_PASSWD);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_box() {
    whole_table(verbs::BOX_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_a_zone() {
    whole_table(verbs::ZONE_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_zone() {
    whole_table(verbs::ZONE_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_adding_a_record() {
    whole_table(verbs::RECORD_ADD);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_setting_a_record() {
    whole_table(verbs::RECORD_SET);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_record() {
    whole_table(verbs::RECORD_DELETE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_a_site() {
    whole_table(verbs::SITE_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_creating_a_site_with_a_zone() {
    whole_table(verbs::WHOLE_SITE_CREATE);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_deleting_a_site_with_a_zone() {
    whole_table(verbs::WHOLE_SITE_DELETE);
}

/// Runs a line and kills it after a while; the processes of other tests have other parents.
async fn kill_after(lab: &Lab, words: &[&str], pause: Duration) -> Ran {
    let killer = async {
        tokio::time::sleep(pause).await;
        for process in ours(lab) {
            send(process, Signal::Kill).expect("it is ours");
        }
    };
    let (ran, ()) = tokio::join!(lab.call(words).start(), killer);
    ran
}

/// The program's processes that work in this lab.
fn ours(lab: &Lab) -> Vec<Process> {
    let mark = lab.sandbox().config_file().display().to_string();
    let is_ours = |process: &Process| {
        let environment = std::fs::read(format!("/proc/{}/environ", process.pid)).unwrap_or_default();
        let line = std::fs::read_to_string(format!("/proc/{}/comm", process.pid)).unwrap_or_default();
        line.trim() == "hostctl" && String::from_utf8_lossy(&environment).contains(&mark)
    };
    let me = std::process::id();
    running()
        .into_iter()
        .filter(|found| found.parent == me)
        .map(|found| found.process)
        .filter(is_ours)
        .collect()
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_a_kept_database() {
    whole_table(verbs::DATABASE_BURY);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_a_kept_box() {
    whole_table(verbs::BOX_BURY);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_a_kept_site() {
    whole_table(verbs::SITE_BURY);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_a_site_brought_back() {
    whole_table(verbs::SITE_UNDO);
}

#[test]
#[ignore = "long: make torture"]
fn the_whole_table_of_a_record_undone() {
    whole_table(verbs::RECORD_UNDO);
}
