//! Everything that takes long: the whole table of places to fail or die, and kills at any moment. A sample runs always;
//! `HOSTCTL_TORTURE=500 cargo test --test suite torture::` runs the table and as many kills. `HOSTCTL_TORTURE_SEED` repeats one.

#![expect(
    clippy::print_stdout,
    reason = "whoever runs this wants the figures and the seeds"
)]

use std::time::Duration;

use crate::support::rollback::{Cell, End, Table};
use crate::support::verbs::{self, Verb};
use crate::support::{Lab, Ran};
use hostctl::clock;
use hostctl::env::child::{Process, Signal, running, send};
use hostctl::env::variables::Environment;

const SAMPLE: u64 = 12;

fn number(name: &str) -> Option<u64> {
    let environment = Environment::from_process().expect("an environment");
    environment.filled(name).map(|text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}"))
    })
}

/// splitmix64: enough to scatter, and the same for the same seed.
fn scatter(seed: u64) -> u64 {
    let mut value = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn whole_table(verb: Verb) {
    if number("HOSTCTL_TORTURE").is_none() {
        return;
    }
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
fn the_whole_table_of_creating_an_account() {
    whole_table(verbs::ACCOUNT_CREATE);
}

#[test]
fn the_whole_table_of_deleting_an_account() {
    whole_table(verbs::ACCOUNT_DELETE);
}

#[test]
fn the_whole_table_of_creating_a_database() {
    whole_table(verbs::DATABASE_CREATE);
}

#[test]
fn the_whole_table_of_another_password_of_a_database() {
    whole_table(verbs::DATABASE_PASSWD);
}

#[test]
fn the_whole_table_of_deleting_a_database() {
    whole_table(verbs::DATABASE_DELETE);
}

#[test]
fn the_whole_table_of_creating_a_mail_domain() {
    whole_table(verbs::MAIL_DOMAIN_CREATE);
}

#[test]
fn the_whole_table_of_deleting_a_mail_domain() {
    whole_table(verbs::MAIL_DOMAIN_DELETE);
}

#[test]
fn the_whole_table_of_creating_a_box() {
    whole_table(verbs::BOX_CREATE);
}

#[test]
fn the_whole_table_of_another_password_of_a_box() {
    whole_table(verbs::BOX_PASSWD);
}

#[test]
fn the_whole_table_of_deleting_a_box() {
    whole_table(verbs::BOX_DELETE);
}

#[test]
fn the_whole_table_of_creating_a_zone() {
    whole_table(verbs::ZONE_CREATE);
}

#[test]
fn the_whole_table_of_deleting_a_zone() {
    whole_table(verbs::ZONE_DELETE);
}

#[test]
fn the_whole_table_of_adding_a_record() {
    whole_table(verbs::RECORD_ADD);
}

#[test]
fn the_whole_table_of_setting_a_record() {
    whole_table(verbs::RECORD_SET);
}

#[test]
fn the_whole_table_of_deleting_a_record() {
    whole_table(verbs::RECORD_DELETE);
}

#[test]
fn the_whole_table_of_creating_a_site() {
    whole_table(verbs::SITE_CREATE);
}

#[test]
fn the_whole_table_of_creating_a_site_with_a_zone() {
    whole_table(verbs::WHOLE_SITE_CREATE);
}

#[test]
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
fn the_whole_table_of_a_kept_database() {
    whole_table(verbs::DATABASE_BURY);
}

#[test]
fn the_whole_table_of_a_kept_box() {
    whole_table(verbs::BOX_BURY);
}

#[test]
fn the_whole_table_of_a_kept_site() {
    whole_table(verbs::SITE_BURY);
}

#[test]
fn the_whole_table_of_a_site_brought_back() {
    whole_table(verbs::SITE_UNDO);
}

#[test]
fn the_whole_table_of_a_record_undone() {
    whole_table(verbs::RECORD_UNDO);
}

#[test]
fn kills_at_any_moment_are_all_or_nothing() {
    let lab = Lab::new();
    let rounds = number("HOSTCTL_TORTURE").unwrap_or(SAMPLE);
    let seed = number("HOSTCTL_TORTURE_SEED")
        .unwrap_or_else(|| u64::from_le_bytes(clock::random().expect("randomness")));
    println!("HOSTCTL_TORTURE_SEED={seed}");
    let empty = lab.world();
    let started = clock::instant();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    let usual = u64::try_from(started.elapsed().as_micros()).expect("not that long");
    let full = lab.world();
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    let (mut kills, mut ends) = (0, [0; 2]);
    for round in 0..rounds {
        let chance = scatter(seed.wrapping_add(round));
        let pause = Duration::from_micros(chance % (usual + usual / 5));
        let create = ["db", "create", "shop"];
        let ran = lab.wait(kill_after(&lab, &create, pause));
        kills += u64::from(ran.was_killed());
        // Now and then recovery is killed as well.
        if chance.is_multiple_of(3) {
            lab.wait(kill_after(
                &lab,
                &["op", "recover"],
                Duration::from_micros(scatter(chance) % usual),
            ));
        }
        lab.run(&["op", "recover"]).expect_code(0);
        let now = lab.world();
        let is_nothing = empty.difference(&now).is_empty();
        assert!(
            is_nothing || full.difference_in_kind(&now).is_empty(),
            "seed {seed}, round {round}: {:#?}\n{ran}",
            empty.difference(&now)
        );
        assert!(
            !is_nothing || ran.code != Some(0),
            "seed {seed}, round {round}: exit 0 and nothing there"
        );
        ends[usize::from(!is_nothing)] += 1;
        if !is_nothing {
            lab.run(&["db", "delete", "shop", "--purge", "--yes"])
                .expect_code(0);
        }
    }
    empty.expect_same(&lab.world(), "at the end");
    println!(
        "{rounds} rounds, {kills} killed: nothing {}, all {}",
        ends[0], ends[1]
    );
}
