//! Kills at any moment. Some run always, and `HOSTCTL_TORTURE` of them in `make torture`, which takes every place to fail or
//! die as well where else a sample is taken. `HOSTCTL_TORTURE_SEED` repeats one.

#![expect(
    clippy::print_stdout,
    reason = "whoever runs this wants the figures and the seeds"
)]

mod bulk;
mod kills;

use std::time::Duration;

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
