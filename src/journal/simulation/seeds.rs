//! Thousands of schedules; a seed that fails is told step by step.

use std::ops::Range;

use super::lab::Lab;
use super::schedule::play;

/// Runs `future` on a clock of its own that stands still while anything can be done.
pub fn on_paused_clock<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

fn holds(seed: u64) {
    let lab = on_paused_clock(play(seed, false));
    if !lab.violations.borrow().is_empty() {
        let told = on_paused_clock(play(seed, true));
        panic!("seed {seed}: {:#?}\n{}", lab.violations.borrow(), story(&told));
    }
}

fn story(lab: &Lab) -> String {
    let lines = lab.story.as_ref().map(|lines| lines.borrow().join("\n")).unwrap_or_default();
    format!("{:?}\n{lines}", lab.shapes)
}

fn all_hold(seeds: Range<u64>) {
    seeds.for_each(holds);
}

#[test]
fn the_promise_holds_in_the_first_quarter_of_schedules() {
    all_hold(0..5_000);
}

#[test]
fn the_promise_holds_in_the_second_quarter_of_schedules() {
    all_hold(5_000..10_000);
}

#[test]
fn the_promise_holds_in_the_third_quarter_of_schedules() {
    all_hold(10_000..15_000);
}

#[test]
fn the_promise_holds_in_the_last_quarter_of_schedules() {
    all_hold(15_000..20_000);
}
#[test]
fn survey() {
    let mut all: std::collections::BTreeMap<String, (u32, u64)> = Default::default();
    let mut states: std::collections::BTreeMap<&str, u32> = Default::default();
    for seed in 0..20_000 {
        let lab = on_paused_clock(play(seed, false));
        *states.entry(lab.ledger.borrow().state.word()).or_default() += 1;
        for text in lab.violations.borrow().iter().collect::<std::collections::BTreeSet<_>>() {
            let text: String = text.split(": ").next().unwrap_or("").split("Stuck(").next().unwrap_or("").chars().filter(|c| !c.is_ascii_digit()).take(120).collect();
            let entry = all.entry(text).or_insert((0, seed));
            entry.0 += 1;
        }
    }
    println!("{states:?}\n{all:#?}");
}
