//! A hundred and twenty days of three hosts with certificates of forty-five, on an injected clock: one host dies, the
//! control database is away for three days, and nothing expires unnoticed.

mod fleet;

use fleet::{Fleet, Said};
use jiff::SignedDuration;

const NAMES: [&str; 3] = ["web1", "web2", "web3"];

/// A name, how it is proved, and the hosts on which it lies by their numbers.
const CERTIFICATES: [(&str, &str, &[usize]); 12] = [
    ("a1.shop.example", "http-01", &[0]),
    ("a2.shop.example", "http-01", &[0]),
    ("a3.shop.example", "dns-01", &[0]),
    ("b1.shop.example", "http-01", &[1]),
    ("b2.shop.example", "http-01", &[1]),
    ("b3.shop.example", "dns-01", &[1]),
    ("c1.shop.example", "http-01", &[2]),
    ("c2.shop.example", "dns-01", &[2]),
    ("ab.shop.example", "http-01", &[0, 1]),
    ("bc.shop.example", "http-01", &[1, 2]),
    ("abc.shop.example", "dns-01", &[0, 1, 2]),
    ("all.shop.example", "dns-01", &[0, 1, 2]),
];
const DAYS: i64 = 120;
/// Every so many hours renewal runs on every host,
const STEP: i64 = 16;
const RENEW: [&str; 2] = ["cert", "renew"];
/// and every so many times everything else as well, whether or not there is something to do.
const TICKS: i64 = 11;
/// The last of [`NAMES`] is dead from the one day until the other.
const DEAD: std::ops::Range<i64> = 12..90;
/// When the authority wants certificates to be renewed, in thousandths of their life: on the 26th and 27th day, so that even
/// after the three days below two weeks are left, and nobody has to be told.
const WINDOW: (i32, i32) = (560, 600);
/// When the second renewals are due.
const WITHOUT_DATABASE: std::ops::Range<i64> = 51..54;

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// The three hosts with everything issued and brought where it belongs.
fn begin() -> Fleet {
    let mut fleet = Fleet::new(&NAMES);
    fleet.ca.with(|desk| desk.window = Some(WINDOW));
    for (name, challenge, places) in CERTIFICATES {
        let mut words = vec!["cert", "issue", name, "--challenge", challenge];
        for place in places {
            words.extend(["--on", NAMES[*place]]);
        }
        fleet.on(&fleet.hosts[places[0]], &words).run().expect_code(0);
    }
    fleet.run(&["cert", "deploy", "--pending"]);
    for said in fleet.said.drain(..) {
        said.ran.expect_code(0);
    }
    fleet
}

/// The runs in which these words were said.
fn told<'a>(fleet: &'a Fleet, words: &str) -> Vec<&'a Said> {
    let is_meant = |said: &&Said| said.ran.stderr.contains(words);
    fleet.said.iter().filter(is_meant).collect()
}

/// Lives through the days, with what cron runs every `step` hours; ends where something expired on the disk of a host that
/// lives: the day, and what it was.
fn live(fleet: &mut Fleet, cron: &[&str], step: i64) -> Option<(i64, Vec<String>)> {
    for number in 0..DAYS * 24 / step {
        let elapsed = hours(number * step);
        let day = number * step / 24;
        fleet.hosts[2].is_dead = DEAD.contains(&day);
        fleet.has_database = !WITHOUT_DATABASE.contains(&day);
        let before = fleet.ca.with(|desk| desk.certificates.len());
        fleet.go_to(elapsed);
        fleet.run(cron);
        // What one host renewed the others fetch with the next tick; in between, ticks would find nothing to do.
        let is_more = fleet.ca.with(|desk| desk.certificates.len()) > before;
        if is_more || cron == RENEW && number % TICKS == 0 {
            fleet.go_to(elapsed + SignedDuration::from_mins(5));
            fleet.run(&["tick"]);
        }
        let expired = fleet.expired_where_it_matters();
        if !expired.is_empty() {
            return Some((day, expired));
        }
    }
    None
}

#[test]
fn in_a_hundred_and_twenty_days_nothing_expires_unnoticed() {
    let mut fleet = begin();
    let expired = live(&mut fleet, &RENEW, STEP);
    assert_eq!(expired, None, "{}", fleet.last_words());

    // The dead host's own: told at every stage, and by one host alone.
    for words in ["ends in 13 days", "ends in 6 days", "ends in 2 days", "has ended"] {
        let said = told(&fleet, &format!("certificate c1.shop.example {words}"));
        assert_eq!(said.len(), 1, "{words}\n{}", fleet.all_words());
    }
    // What it served was told as well, although there is something newer.
    for name in ["c2", "bc", "abc", "all"] {
        let words = format!("certificate {name}.shop.example as web3 serves it still");
        assert!(!told(&fleet, &words).is_empty(), "{name}\n{}", fleet.all_words());
    }
    // Nothing else was about to end.
    let lines = fleet.said.iter().flat_map(|said| said.ran.stderr.lines());
    let about = lines.filter(|line| line.contains("ends in") || line.contains("has ended"));
    let others: Vec<&str> = about
        .filter(|line| !line.contains("c1.shop.example") && !line.contains("as web3 serves it still"))
        .collect();
    assert!(others.is_empty(), "{others:?}\n{}", fleet.all_words());

    // The database's absence: every run ends with 8, and says so where that was not said in the hour before. All others
    // end well.
    for said in &fleet.said {
        let (ran, is_away) = (&said.ran, WITHOUT_DATABASE.contains(&said.day));
        let expected = if is_away { 8 } else { 0 };
        assert_eq!(ran.code, Some(expected), "day {}: {ran}", said.day);
        let is_first = is_away && ran.words.ends_with(&RENEW.join(" "));
        let is_said = ran.stderr.contains("control database");
        assert_eq!(is_said, is_first, "day {}: {ran}", said.day);
    }

    // As many as are needed: the dead host's own only once it was back.
    let issued = fleet.ca.with(|desk| desk.issued());
    for (name, _, _) in CERTIFICATES {
        let expected = if name == "c1.shop.example" { 3 } else { 5 };
        assert_eq!(issued[name], expected, "{name}: {issued:?}");
    }
    let orders = fleet.ca.with(|desk| desk.orders.len());
    assert_eq!(orders, issued.values().sum::<usize>(), "no order came to nothing");
}

#[test]
fn without_renewal_the_same_simulation_sees_everything_expire() {
    let mut fleet = begin();
    let expired = live(&mut fleet, &["cert", "deploy", "--pending"], 5 * 24);
    let (day, names) = expired.expect("what nobody renews expires");
    assert_eq!((day, names.len()), (45, 13), "{names:?}");
}
