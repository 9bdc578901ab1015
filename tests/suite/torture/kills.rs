//! Verbs of every capability, killed at any moment: nothing or all of it, after one recovery.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::Lab;
use crate::support::rollback::{End, Table};
use crate::support::verbs::{VERB, Verb};
use crate::torture::{kill_after, number, scatter, seed};

/// Kills where nobody asks for more.
const SAMPLE: u64 = 10;

/// What stays all the time: it is the same for every verb, since the world of each is compared as a whole.
const SETTING: [&[&str]; 2] = [
    &["dns", "zone", "create", "base.example"],
    &["mail", "domain", "create", "base.example"],
];

/// What is killed. Each takes away whatever it may find or leave.
const VERBS: [Verb; 7] = [
    Verb {
        line: "db create shop",
        removal: &["db delete shop --purge --yes"],
        ..VERB
    },
    Verb {
        line: "db delete shop --purge",
        needs: &["db create shop"],
        removal: &["db delete shop --purge --yes"],
        ..VERB
    },
    Verb {
        line: "dns zone create shop.example",
        removal: &["dns zone delete shop.example --purge --yes"],
        ..VERB
    },
    Verb {
        line: "dns record add base.example www A 192.0.2.1",
        removal: &["dns record delete base.example www A 192.0.2.1 --if-exists --yes"],
        ..VERB
    },
    Verb {
        line: "site create shop.example --db shop --mail info,sales --dns",
        removal: &["site delete shop.example --purge --yes"],
        ..VERB
    },
    Verb {
        line: "site delete shop.example --purge",
        needs: &["site create shop.example --db shop --mail info,sales --dns"],
        removal: &["site delete shop.example --purge --yes"],
        ..VERB
    },
    Verb {
        line: "mail box create info@base.example",
        removal: &["mail box delete info@base.example --purge --yes"],
        ..VERB
    },
];

/// A moment within `whole`.
fn moment(chance: u64, whole: Duration) -> Duration {
    let whole = u64::try_from(whole.as_micros()).expect("not that long");
    Duration::from_micros(chance % whole)
}

#[test]
fn kills_at_any_moment_are_all_or_nothing() {
    let wanted = number("HOSTCTL_TORTURE").unwrap_or(SAMPLE);
    let limit = 4 * wanted + 20;
    let lab = Lab::with_dns();
    for words in SETTING {
        lab.run(words).expect_code(0);
    }
    let seed = seed();
    let mut tables = BTreeMap::new();
    let (mut round, mut killed, mut ends) = (0, BTreeMap::new(), [0; 3]);
    while killed.values().sum::<u64>() < wanted {
        assert!(round < limit, "seed {seed}: only {killed:?} in {round} rounds");
        let chance = scatter(seed.wrapping_add(round));
        let verb = VERBS[usize::try_from(chance % 7).expect("below seven")];
        let table = tables.entry(verb.line).or_insert_with(|| Table::new(&lab, verb));
        let pause = moment(scatter(chance), table.usual);
        let run = |words: &[&str]| {
            let ran = lab.wait(kill_after(&lab, words, pause));
            // Now and then recovery is killed as well.
            if ran.was_killed() && scatter(!chance).is_multiple_of(3) {
                let pause = moment(scatter(pause.as_secs().wrapping_add(chance)), table.usual);
                lab.wait(kill_after(&lab, &["op", "recover"], pause));
            }
            ran
        };
        let (end, ran) = table
            .play_killed(run)
            .unwrap_or_else(|problem| panic!("seed {seed}, round {round}: {problem}"));
        *killed.entry(verb.line).or_insert(0) += u64::from(ran.was_killed());
        ends[end as usize] += 1;
        round += 1;
    }
    // So many leave no verb out.
    let is_each_killed = killed.len() == VERBS.len() && killed.values().all(|count| *count > 0);
    assert!(is_each_killed || wanted < 200, "seed {seed}: {killed:#?}");
    println!(
        "{round} rounds, killed {killed:#?}: nothing {}, all {}",
        ends[End::Nothing as usize],
        ends[End::All as usize]
    );
}
