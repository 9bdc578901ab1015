//! Accounts at an authority: made, bound, given another key, ended.

use crate::support::Lab;
use crate::support::acme::{BINDING, Manner, PLAIN, Pebble};
use crate::support::wire::{ALWAYS, Fault};

#[test]
fn an_account_is_made_once_changes_its_key_and_ends() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(
        &lab,
        Manner {
            wants_binding: true,
            ..PLAIN
        },
    );
    let ran = lab.run(&["cert", "issue", "a.shop.example", "--challenge", "dns-01"]);
    ran.expect_code(7);
    assert!(
        ran.stderr.contains("hostctl ca register main --agree-tos"),
        "{ran}"
    );
    let ran = lab.run(&["ca", "register", "main"]);
    ran.expect_code(7);
    assert!(ran.stderr.contains("--agree-tos"), "{ran}");
    lab.run(&["ca", "register", "main", "--agree-tos"]).expect_code(7);
    let key = lab.private_file("eab.key", BINDING.1);
    let register = [
        "ca",
        "register",
        "main",
        "--agree-tos",
        "--eab-kid",
        BINDING.0,
        "--eab-key-file",
        &key,
    ];

    // The answer is lost: the same key is asked for its account again.
    pebble.wire.strike("/sign-me-up", 1, Fault::LoseAnswer);
    let ran = lab.run(&[&register[..], &["-o", "json"]].concat());
    ran.expect_code(0);
    let account = ran.json();
    assert_eq!(
        (&account["state"], &account["eab_kid"]),
        (&"valid".into(), &BINDING.0.into()),
        "{ran}"
    );
    assert_eq!(
        account["contacts"],
        serde_json::json!(["mailto:hostmaster@shop.example"])
    );
    lab.run(&register).expect_code(0);
    let other = lab.run(&[&register[..], &["--contact", "other@shop.example", "-o", "json"]].concat());
    assert_eq!(
        other.json()["contacts"],
        serde_json::json!(["mailto:other@shop.example"])
    );
    let shown = lab.run(&["ca", "show", "main", "-o", "json"]).json();
    assert_eq!(
        (&shown["url"], &shown["state"]),
        (&account["url"], &"valid".into())
    );
    assert_eq!(
        shown["contacts"],
        serde_json::json!(["mailto:other@shop.example"]),
        "the authority was asked"
    );

    // A change of keys of which nobody heard the answer, by a process that died.
    let sealed = || lab.ask("SELECT key_sealed FROM hostctl.ca_accounts");
    let old = sealed();
    let died = lab
        .call(&["ca", "rollover", "main"])
        .crash("die:1:mid_effect:do")
        .run();
    assert!(died.was_killed(), "{died}");
    assert_eq!(sealed(), old);
    lab.run(&["tick"]).expect_code(0);
    assert_ne!(sealed(), old, "the key that the authority knows by now");
    pebble.wire.strike("/rollover-account-key", 1, Fault::LoseAnswer);
    lab.run(&["ca", "rollover"]).expect_code(0);
    lab.run(&["cert", "issue", "a.shop.example", "--challenge", "dns-01"])
        .expect_code(0);

    // It has ended when the authority says so.
    let before = lab.world();
    pebble
        .wire
        .strike("/my-account/", ALWAYS, Fault::Problem(403, "", "malformed"));
    assert_ne!(lab.run(&["ca", "deactivate", "main", "--yes"]).code, Some(0));
    before.expect_same(&lab.world(), "after a refusal");
    pebble.wire.forget();
    lab.run(&["ca", "deactivate", "main", "--yes"]).expect_code(0);
    lab.run(&["cert", "issue", "b.shop.example", "--challenge", "dns-01"])
        .expect_code(7);
    // A new one takes its place.
    lab.run(&register).expect_code(0);
    let world = format!("{:?}", lab.ask("SELECT a::text FROM hostctl.ca_accounts a"));
    assert!(
        world.contains("valid") && !world.contains("deactivated"),
        "{world}"
    );
    assert!(lab.leftover_secrets(BINDING.1).is_empty());
}
