//! Every way to prove a name, whatever the authority remembers, while it refuses every fifth nonce.

use crate::support::Lab;
use crate::support::acme::{Manner, PLAIN, Pebble, texts};

#[test]
fn every_challenge_comes_through_whatever_is_remembered() {
    let lab = Lab::with_dns();
    for remembered in [0, 50, 100] {
        let pebble = Pebble::start(
            &lab,
            Manner {
                nonce_rejections: 20,
                remembered,
                ..PLAIN
            },
        );
        pebble.register(&lab);
        let mut proved_again = 0;
        for challenge in ["http-01", "dns-01", "tls-alpn-01"] {
            let proved = |round: usize| {
                let name = format!("{challenge}-{remembered}-{round}");
                // The second one is for the same names: what was proved a moment ago may be asked for again, or not.
                let first = format!("{challenge}.shop.example");
                let second = format!("too.{challenge}.shop.example");
                let words = [
                    "cert",
                    "issue",
                    &first,
                    &second,
                    "--challenge",
                    challenge,
                    "--name",
                    &name,
                ];
                pebble.wire.forget();
                lab.run(&words).expect_code(0);
                for name in [&first, &second] {
                    let left = texts(&lab, &format!("_acme-challenge.{name}"));
                    assert!(left.is_empty(), "{challenge} {remembered}: {left:?}");
                }
                pebble.wire.count("POST /chalZ")
            };
            let (first, second) = (proved(1), proved(2));
            assert!(first >= 2, "{challenge} {remembered}: {first} proofs");
            proved_again += second;
        }
        match remembered {
            // pebble remembers one in a hundred even so.
            0 => assert!(
                proved_again >= 3,
                "{proved_again} proofs, and nothing is remembered"
            ),
            100 => assert_eq!(proved_again, 0, "all is remembered"),
            _ => {}
        }
    }
    let states = lab.ask("SELECT DISTINCT state FROM hostctl.certificates");
    assert_eq!(states, ["issued"]);
    let issued = lab.ask("SELECT count(*)::text FROM hostctl.certificate_generations");
    assert_eq!(issued, ["18"]);
}
