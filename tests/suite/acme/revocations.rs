//! The early end of a certificate: by the account, or by its own key; once, however often it is asked for.

use serde_json::{Value, json};

use crate::support::acme::{PLAIN, Pebble};
use crate::support::wire::Fault;
use crate::support::{Lab, Ran};

const POINTS: [&str; 4] = ["after_intent", "mid_effect", "effect_done", "before_commit"];

fn issue(lab: &Lab, name: &str, more: &[&str]) -> String {
    let words = [
        &["cert", "issue", name, "--challenge", "dns-01", "-o", "json"],
        more,
    ]
    .concat();
    let ran = lab.run(&words);
    ran.expect_code(0);
    ran.json()["serial"].as_str().expect("a serial").to_owned()
}

fn revoke(lab: &Lab, name: &str, more: &[&str]) -> Ran {
    lab.run(&[&["cert", "revoke", name, "--yes", "-o", "json"], more].concat())
}

fn row(lab: &Lab, name: &str) -> Vec<String> {
    lab.ask(&format!(
        "SELECT concat_ws(' ', c.state, g.revocation_reason, c.next_at IS NOT NULL AND c.next_at <= hostctl.now())
        FROM hostctl.certificates c JOIN hostctl.certificate_generations g ON g.certificate = c.name AND g.number = c.generation
        WHERE c.name = '{name}'"
    ))
}

#[test]
fn a_certificate_is_revoked_once_by_the_account_and_is_due_from_then_on() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let serial = issue(&lab, "a.shop.example", &[]);

    // Nothing without a yes, nothing for another word, nothing where there is nothing.
    let before = lab.world();
    lab.run(&["cert", "revoke", "a.shop.example"]).expect_code(2);
    let ran = revoke(&lab, "a.shop.example", &["--reason", "because"]);
    ran.expect_code(2);
    assert!(ran.stderr.contains("keyCompromise"), "{ran}");
    revoke(&lab, "never.shop.example", &[]).expect_code(3);
    revoke(&lab, "a.shop.example", &["--generation", "2"]).expect_code(3);
    let shown = revoke(&lab, "a.shop.example", &["--dry-run"]);
    assert_eq!(shown.expect_code(0).json()[0]["undo"], "forward_only");
    before.expect_same(&lab.world(), "before anything was revoked");
    assert_eq!(pebble.revoked(&lab, &serial), None);

    let ran = revoke(&lab, "a.shop.example", &["--reason", "superseded"]);
    let said = ran.expect_code(0).json();
    assert_eq!(
        (&said["state"], &said["reason"], &said["generation"]),
        (&json!("revoked"), &json!("superseded"), &json!(1)),
        "{ran}"
    );
    assert!(
        said["next_at"].is_string() && said["operation"].is_string(),
        "{ran}"
    );
    assert_eq!(pebble.revoked(&lab, &serial), Some(4));
    assert_eq!(row(&lab, "a.shop.example"), ["revoked 4 t"]);
    // Nobody is asked again; and where only the authority knows, that is as good.
    pebble.wire.forget();
    let again = revoke(&lab, "a.shop.example", &[]);
    again.expect_code(0);
    assert!(again.stderr.contains("revoked already"), "{again}");
    assert_eq!(pebble.wire.count("/revoke-cert"), 0);
    lab.ask("UPDATE hostctl.certificate_generations SET revoked_at = NULL RETURNING certificate");
    revoke(&lab, "a.shop.example", &["--no-renew"]).expect_code(0);
    assert_eq!(pebble.wire.count("/revoke-cert"), 1);
    assert_eq!(row(&lab, "a.shop.example"), ["revoked 0 f"]);

    // The answer is lost, and a machine in between has a bad minute.
    let serial = issue(&lab, "b.shop.example", &[]);
    pebble.wire.strike("/revoke-cert", 1, Fault::LoseAnswer);
    pebble.wire.strike("/revoke-cert", 1, Fault::Page(502, ""));
    revoke(&lab, "b.shop.example", &[]).expect_code(0);
    assert_eq!(pebble.revoked(&lab, &serial), Some(0));
    // No for good: nothing is written down, and nothing is left open.
    issue(&lab, "c.shop.example", &[]);
    let before = lab.world();
    pebble
        .wire
        .strike("/revoke-cert", 1, Fault::Problem(400, "", "badRevocationReason"));
    let ran = revoke(&lab, "c.shop.example", &["--reason", "privilegeWithdrawn"]);
    ran.expect_code(8);
    assert!(ran.stderr.contains("badRevocationReason"), "{ran}");
    before.expect_same(&lab.world(), "after a refusal");

    // It goes with the certificate where that is deleted for good.
    let serial = issue(&lab, "d.shop.example", &[]);
    let delete = [
        "cert",
        "delete",
        "d.shop.example",
        "--with-places",
        "--revoke",
        "--yes",
    ];
    lab.run(&delete).expect_code(2);
    let purge = [&delete[..], &["--purge", "--reason", "cessationOfOperation"]].concat();
    lab.run(&purge).expect_code(0);
    assert_eq!(pebble.revoked(&lab, &serial), Some(5));
    assert!(row(&lab, "d.shop.example").is_empty());
}

#[test]
fn whoever_dies_while_revoking_has_revoked_when_recovery_is_over() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    for point in POINTS {
        let name = format!("{}.shop.example", point.replace('_', "-"));
        let serial = issue(&lab, &name, &[]);
        pebble.wire.forget();
        let died = lab
            .call(&["cert", "revoke", &name, "--yes"])
            .crash(&format!("die:0:{point}:do"))
            .run();
        assert!(died.was_killed(), "{died}");
        lab.run(&["op", "recover"]).expect_code(0);
        assert_eq!(pebble.revoked(&lab, &serial), Some(0), "{point}");
        assert_eq!(row(&lab, &name), ["revoked 0 t"], "{point}");
        let asked = if point == "mid_effect" { 2 } else { 1 };
        assert_eq!(pebble.wire.count("/revoke-cert"), asked, "{point}");
    }
    let left = lab.ask("SELECT resource FROM hostctl.claims");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_certificate_revokes_itself_where_no_account_may() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let kinds = ["p256", "p384", "rsa2048"];
    let issued = kinds.map(|kind| {
        let name = format!("{kind}.shop.example");
        let serial = issue(&lab, &name, &["--key-type", kind]);
        (name, serial)
    });
    let pair = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["own.shop.example".to_owned()]).expect("names");
    let request = params.serialize_request(&pair).expect("a request").pem();
    let file = lab.private_file("own.csr", &request.expect("PEM"));
    let own = ["cert", "issue", "--csr", &file, "--challenge", "dns-01"];
    lab.run(&own).expect_code(0);

    // No account any more: its key is all that is needed.
    lab.run(&["ca", "deactivate", "main", "--yes"]).expect_code(0);
    let [first, second, third] = issued;
    revoke(&lab, &first.0, &["--reason", "keycompromise"]).expect_code(0);
    assert_eq!(pebble.revoked(&lab, &first.1), Some(1));
    let ran = revoke(&lab, "own.shop.example", &[]);
    ran.expect_code(7);
    assert!(ran.stderr.contains("hostctl ca register main"), "{ran}");
    // Another account: the authority does not let it.
    pebble.register(&lab);
    pebble.wire.forget();
    revoke(&lab, &second.0, &[]).expect_code(0);
    assert_eq!(
        pebble.wire.count("/revoke-cert"),
        2,
        "the account was asked first"
    );
    revoke(&lab, &third.0, &[]).expect_code(0);
    for (name, serial) in [&second, &third] {
        assert_eq!(pebble.revoked(&lab, serial), Some(0), "{name}");
    }
    assert_eq!(lab.leftover_secrets("PRIVATE KEY"), Vec::<String>::new());
    let spoken: Value = lab.run(&["cert", "show", &third.0, "-o", "json"]).json();
    assert_eq!(spoken["state"], "revoked");
}

/// The public key of a generation.
fn public_key(lab: &Lab, name: &str, number: i32) -> Vec<u8> {
    let sql = "SELECT chain FROM hostctl.certificate_generations";
    let chain = lab.ask(&format!(
        "{sql} WHERE certificate = '{name}' AND number = {number}"
    ));
    let chain = chain
        .first()
        .unwrap_or_else(|| panic!("{name} has no generation {number}"));
    let (_, pem) = x509_parser::pem::parse_x509_pem(chain.as_bytes()).expect("PEM");
    let certificate = pem.parse_x509().expect("a certificate");
    certificate.public_key().raw.to_vec()
}

#[test]
fn what_is_revoked_is_replaced_and_a_compromised_key_is_never_used_again() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let cases = [
        ("kept.shop.example", "superseded", true),
        ("lost.shop.example", "keyCompromise", false),
    ];
    for (name, reason, _) in cases {
        issue(&lab, name, &["--reuse-key"]);
        revoke(&lab, name, &["--reason", reason]).expect_code(0);
    }
    issue(&lab, "over.shop.example", &[]);
    revoke(&lab, "over.shop.example", &["--no-renew"]).expect_code(0);
    lab.run(&["cert", "renew"]).expect_code(0);
    for (name, reason, is_kept) in cases {
        let is_same = public_key(&lab, name, 1) == public_key(&lab, name, 2);
        assert_eq!(is_same, is_kept, "{reason}");
        assert_eq!(row(&lab, name), ["issued f"], "{reason}");
    }
    assert_eq!(row(&lab, "over.shop.example"), ["revoked 0 f"]);

    // Nor one that was compromised under an earlier certificate: what is served with it is due at once.
    let name = "older.shop.example";
    issue(&lab, name, &["--reuse-key"]);
    lab.run(&["cert", "renew", name, "--force"]).expect_code(0);
    assert_eq!(public_key(&lab, name, 1), public_key(&lab, name, 2));
    revoke(&lab, name, &["--generation", "1", "--reason", "superseded"]).expect_code(0);
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(generation(&lab, name), ["2"], "the key is as good as before");
    lab.ask("UPDATE hostctl.certificate_generations SET revoked_at = NULL, revocation_reason = NULL");
    revoke(&lab, name, &["--generation", "1", "--reason", "keyCompromise"]).expect_code(0);
    lab.run(&["cert", "renew"]).expect_code(0);
    assert_eq!(generation(&lab, name), ["3"]);
    assert_ne!(public_key(&lab, name, 2), public_key(&lab, name, 3));
}

fn generation(lab: &Lab, name: &str) -> Vec<String> {
    lab.ask(&format!(
        "SELECT generation::text FROM hostctl.certificates WHERE name = '{name}'"
    ))
}
