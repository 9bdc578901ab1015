//! A wire that breaks and a server that goes away: the same promise, and exit codes that tell the truth.

#![expect(
    clippy::print_stdout,
    reason = "how many places were tried belongs to the proof"
)]

mod postgres;
mod powerdns;
mod restart;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::support::proxy::{Fault, Proxy, Way};
use crate::support::{Call, Lab, Ran, World};
use hostctl::clock;
use hostctl::sandbox::Name;

/// A verb, and the one that takes it back where it was carried out in spite of everything.
#[derive(Clone, Copy)]
struct Verb {
    words: &'static [&'static str],
    back: &'static [&'static str],
}

const DATABASE: Verb = Verb {
    words: &["db", "create", "shop", "-o", "json"],
    back: &["db", "delete", "shop", "--purge", "--yes"],
};
const SITE: Verb = Verb {
    words: &[
        "site",
        "create",
        "shop.test",
        "--db",
        "shop",
        "--mail",
        "info",
        "--dns",
        "-o",
        "json",
    ],
    back: &["site", "delete", "shop.test", "--purge", "--yes"],
};
const ZONE: Verb = Verb {
    words: &["dns", "zone", "create", "shop.test", "-o", "json"],
    back: &["dns", "zone", "delete", "shop.test", "--purge", "--yes"],
};
const RECORD: Verb = Verb {
    words: &[
        "dns",
        "record",
        "add",
        "base.test",
        "www",
        "A",
        "192.0.2.9",
        "-o",
        "json",
    ],
    back: &["dns", "record", "delete", "base.test", "www", "A", "--yes"],
};

/// What a wire leads to.
#[derive(Clone, Copy, Debug)]
enum End {
    /// PostgreSQL, with the control database and the tenants'.
    Postgres,
    /// PostgreSQL, with the tenants' databases alone.
    Cluster,
    /// The API of PowerDNS.
    Powerdns,
}

impl End {
    fn address(self, lab: &Lab) -> SocketAddr {
        match self {
            End::Postgres | End::Cluster => lab.sandbox().addresses(Name::Postgres).expect("PostgreSQL")[0],
            End::Powerdns => lab.sandbox().addresses(Name::Powerdns).expect("PowerDNS")[1],
        }
    }

    /// A call that finds it at this end of a wire.
    fn through(self, call: Call<'_>, port: u16) -> Call<'_> {
        match self {
            End::Postgres => call.through(port),
            End::Cluster => call.cluster_through(port),
            End::Powerdns => call.dns_through(&format!("http://127.0.0.1:{port}")),
        }
    }
}

/// The worlds that a verb may leave.
struct Worlds {
    before: World,
    whole: World,
}

impl Worlds {
    /// Learns them from a run that nobody disturbs, and takes back what it made.
    fn of(lab: &Lab, verb: Verb, run: impl FnOnce() -> Ran) -> Worlds {
        let before = lab.world();
        run().expect_code(0);
        let whole = lab.world();
        lab.run(verb.back).expect_code(0);
        assert!(!before.difference_in_kind(&whole).is_empty(), "{:?}", verb.words);
        Worlds { before, whole }
    }
}

/// All or nothing, by what the exit code says; recovery mends only what was announced. `recover` is called where the servers
/// are found as the operation found them.
fn judge(lab: &Lab, verb: Verb, expected: &Worlds, ran: &Ran, recover: impl FnOnce() -> Ran, words: &str) {
    match ran.code {
        Some(0) => {
            let missing = expected.whole.difference_in_kind(&lab.world());
            assert!(
                missing.is_empty(),
                "{words}: exit 0, and not all of it:\n{}\n{ran}",
                missing.join("\n")
            );
            lab.run(verb.back).expect_code(0);
        }
        Some(8) => {}
        // The server said that it will not.
        Some(4) if words.contains("status 4") => {}
        Some(9) => {
            assert!(ran.stderr.contains("left_to_recovery"), "{words}: {ran}");
            recover().expect_code(0);
        }
        _ => panic!("{words}: {ran}"),
    }
    let open = lab.run(&["op", "list", "--open", "-o", "json"]);
    assert_eq!(open.json(), serde_json::json!([]), "{words}: {ran}");
    expected
        .before
        .expect_same(&lab.world(), &format!("{words}: {ran}"));
}

/// Breaks the wire to `end` at `samples` places of a verb, spread over all that crosses it in one direction.
fn sweep(lab: &Lab, verb: Verb, end: End, (way, fault): (Way, Fault), samples: u64) {
    let address = end.address(lab);
    let clean = lab.wait(Proxy::start(address, None));
    let mut patience = 3;
    let expected = Worlds::of(lab, verb, || {
        let begun = clock::instant();
        let ran = end.through(lab.call(verb.words), clean.port).run();
        // On a busy machine everything takes longer; the time has to be enough to come to the break.
        patience += 2 * begun.elapsed().as_secs();
        ran
    });
    let (requests, replies) = clean.traffic();
    let total = if way == Way::Request { requests } else { replies };
    let (mut codes, mut struck) = (BTreeMap::new(), 0);
    for sample in 0..samples {
        let after = total * (2 * sample + 1) / (2 * samples);
        let words = format!("{fault:?} after {after} of {total} bytes of {way:?}");
        for attempt in 1.. {
            let wire = lab.wait(Proxy::start(address, Some((way, after, fault))));
            let limit = format!("{patience}s");
            let more: &[&str] = match fault {
                Fault::Swallow => &["--timeout", &limit],
                Fault::Cut | Fault::Down => &[],
            };
            let line: Vec<&str> = verb.words.iter().chain(more).copied().collect();
            let ran = end.through(lab.call(&line), wire.port).run();
            let has_struck = wire.has_struck();
            wire.mend();
            let recover = || end.through(lab.call(&["op", "recover"]), wire.port).run();
            judge(lab, verb, &expected, &ran, recover, &words);
            *codes.entry(ran.code).or_insert(0) += 1;
            // Only one connection falls silent: what was begun on it is taken back on another, and the time is enough to come
            // to the break, unless the machine is busy.
            let is_short = match ran.code {
                Some(9) => true,
                Some(8) => !has_struck,
                _ => false,
            };
            if fault == Fault::Swallow && is_short {
                assert!(attempt < 4, "{words}: {ran}");
                patience *= 2;
                continue;
            }
            assert!(has_struck || ran.code == Some(0), "{words}: {ran}");
            struck += u64::from(has_struck);
            break;
        }
    }
    // No two runs send the same number of bytes: the last places may lie beyond the end.
    let needed = match fault {
        Fault::Cut => samples - samples.div_ceil(10),
        Fault::Swallow | Fault::Down => samples.div_ceil(2),
    };
    assert!(
        struck >= needed,
        "{fault:?} {way:?}: the wire was broken {struck} of {samples} times"
    );
    println!(
        "{} {end:?} {fault:?} {way:?}: {samples} places, exit codes {codes:?}",
        verb.words.join(" ")
    );
}
