//! `site apply -j 8` over many sites, killed at any moment: nothing is half made after one recovery, and the same command
//! again makes the rest.

use std::collections::BTreeMap;
use std::time::Duration;

use hostctl::clock;
use serde_json::json;

use crate::support::{Lab, World};
use crate::torture::{kill_after, number, scatter, seed};

/// Kills and sites of the sample, and of the whole.
const SAMPLE: (u64, usize) = (2, 6);
const WHOLE: (u64, usize) = (20, 24);

/// Lines of the world, and how many there are of each.
type Lines = BTreeMap<String, usize>;

/// What a world has more than another one, by the site whose name is in it.
#[derive(Debug, Default)]
struct Extra {
    /// With the site's name made the same for all.
    sites: BTreeMap<usize, Lines>,
    /// What bears no site's name: roles that nobody can log in with.
    others: Lines,
}

/// The sites of a round, a line each: a database and a zone, and every third has mail.
fn manifest(round: u64, count: usize) -> String {
    let line = |index: usize| {
        let name = name(round, index);
        let mut site = json!({
            "domain": format!("{name}.test"), "database": { "name": name }, "dns": { "addresses": ["192.0.2.80"] },
        });
        if index.is_multiple_of(3) {
            site["mail"] = json!({ "boxes": [{ "name": "info" }], "aliases": [{ "name": "@", "destinations": [format!("info@{name}.test")] }] });
        }
        format!("{site}\n")
    };
    (0..count).map(line).collect()
}

/// No name of a site is part of another's.
fn name(round: u64, index: usize) -> String {
    format!("r{round}s{index}e")
}

fn count(world: &World) -> Lines {
    let mut lines = Lines::new();
    for line in world.lines_in_kind() {
        *lines.entry(line.clone()).or_default() += 1;
    }
    lines
}

/// What `now` has more than `before`, for the sites of a round. Nothing may be gone.
fn extra(before: &World, now: &World, round: u64, sites: usize) -> Extra {
    let (before, mut now) = (count(before), count(now));
    for (line, count) in before {
        let left = now.get_mut(&line).expect(&line);
        *left = left.checked_sub(count).expect(&line);
    }
    let mut extra = Extra::default();
    for (line, count) in now.into_iter().filter(|(_, count)| *count > 0) {
        let owner = (0..sites).find(|index| line.contains(&name(round, *index)));
        let (lines, line) = match owner {
            Some(index) => (
                extra.sites.entry(index).or_default(),
                line.replace(&name(round, index), "NAME"),
            ),
            None => (&mut extra.others, line),
        };
        *lines.entry(line).or_default() += count;
    }
    extra
}

#[test]
fn kills_in_the_middle_of_many_sites_leave_none_half_made() {
    let (kills, sites) = if number("HOSTCTL_TORTURE").is_some() {
        WHOLE
    } else {
        SAMPLE
    };
    let lab = Lab::with_dns();
    let seed = seed();
    let file = |round: u64| lab.private_file(&format!("{round}.ndjson"), &manifest(round, sites));
    let apply = |file: &'_ str| ["site", "apply", file, "-j", "8"].map(str::to_owned);
    // One that nobody kills says what a whole site looks like, and how long all of them take.
    let empty = lab.world();
    let started = clock::instant();
    lab.run(&apply(&file(0)).each_ref().map(String::as_str))
        .expect_code(0);
    let usual = u64::try_from(started.elapsed().as_micros()).expect("not that long");
    let mut before = lab.world();
    let whole = extra(&empty, &before, 0, sites);
    assert_eq!(whole.sites.len(), sites);
    let (mut killed, mut left) = (0, 0);
    for round in 1..=kills {
        let words = apply(&file(round));
        let words = words.each_ref().map(String::as_str);
        let pause = Duration::from_micros(scatter(seed.wrapping_add(round)) % (usual / 4 * 3));
        let ran = lab.wait(kill_after(&lab, &words, pause));
        killed += u64::from(ran.was_killed());
        lab.run(&["op", "recover"]).expect_code(0);
        let found = extra(&before, &lab.world(), round, sites);
        let complete = found.sites.len();
        left += complete;
        for (index, lines) in &found.sites {
            let same = &whole.sites[&(index % 3)];
            assert_eq!(
                lines, same,
                "seed {seed}, round {round}: site {index} is half made\n{ran}"
            );
        }
        for (line, count) in &whole.others {
            let count = count / sites * complete;
            let now = found.others.get(line).copied().unwrap_or_default();
            assert_eq!(now, count, "seed {seed}, round {round}: {line}\n{ran}");
        }
        let unknown = found.others.keys().find(|line| !whole.others.contains_key(*line));
        assert_eq!(unknown, None, "seed {seed}, round {round}\n{ran}");
        assert_eq!(
            lab.ask("SELECT resource FROM hostctl.claims"),
            Vec::<String>::new()
        );

        lab.run(&words).expect_code(0);
        let now = lab.world();
        let found = extra(&before, &now, round, sites);
        assert_eq!(found.sites.len(), sites, "seed {seed}, round {round}: the rest");
        for (index, lines) in &found.sites {
            assert_eq!(
                lines,
                &whole.sites[&(index % 3)],
                "seed {seed}, round {round}: site {index}"
            );
        }
        assert_eq!(found.others, whole.others, "seed {seed}, round {round}");
        before = now;
        println!("round {round}: {complete} of {sites} sites were whole");
    }
    println!("{kills} rounds of {sites} sites, {killed} killed: {left} whole sites found after them");
}
