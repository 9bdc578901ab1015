//! The proof of the proof: with the undo of any one step taken out of the program, the judge says so. What is
//! one commit, or has no way back from its first step on, has no undo that could be taken out.

use hostctl::env::variables::Environment;

use crate::support::Lab;
use crate::support::rollback::Table;
use crate::support::verbs::{self, Verb};

fn play(verb: Verb) {
    play_each(verb, 1);
}

/// Of what is made of others' steps, which have a test of their own, one in three is enough.
fn play_some(verb: Verb) {
    let environment = Environment::from_process().expect("an environment");
    play_each(
        verb,
        if environment.filled("HOSTCTL_TORTURE").is_some() {
            1
        } else {
            3
        },
    );
}

fn play_each(verb: Verb, stride: usize) {
    let mut step = 0;
    let mut undos = 1;
    while step < undos {
        // What a missing undo left is there for good where the program believes that it is gone.
        let lab = Lab::of(verb.has_dns);
        let table = Table::new(&lab, verb);
        undos = table.undos();
        assert!(undos > 0, "{}: nothing of it is ever taken back", verb.line);
        let mut is_clean = true;
        while step < undos && is_clean {
            let mutation = table.without_undo(step);
            let name = &table.steps[step];
            println!("{}: {name}: {mutation:?}", verb.line);
            assert_eq!(
                mutation.is_seen,
                !verb.traceless.contains(&name.as_str()),
                "{} without the undo of {name}",
                verb.line
            );
            is_clean = mutation.is_clean;
            step += stride;
        }
    }
}

#[test]
fn a_database_that_is_made() {
    play(verbs::DATABASE_CREATE);
}

#[test]
fn a_database_that_is_deleted() {
    play(verbs::DATABASE_DELETE);
}

#[test]
fn a_zone_that_is_made() {
    play(verbs::ZONE_CREATE);
}

#[test]
fn a_zone_that_is_deleted() {
    play(verbs::ZONE_DELETE);
}

#[test]
fn a_record_that_is_added() {
    play(verbs::RECORD_ADD);
}

#[test]
fn a_record_that_is_set() {
    play(verbs::RECORD_SET);
}

#[test]
fn a_record_that_is_deleted() {
    play(verbs::RECORD_DELETE);
}

#[test]
fn a_site_that_is_made() {
    play_some(verbs::WHOLE_SITE_CREATE);
}

#[test]
fn a_site_that_is_deleted() {
    play_some(verbs::WHOLE_SITE_DELETE);
}

#[test]
fn a_site_that_is_kept() {
    play_some(verbs::SITE_BURY);
}

#[test]
fn a_database_that_is_kept() {
    play(verbs::DATABASE_BURY);
}

#[test]
fn a_record_that_is_undone() {
    play(verbs::RECORD_UNDO);
}

const SUSPEND: Verb = Verb {
    line: "db suspend shop",
    needs: &["db create shop"],
    removal: &["db delete shop --purge --yes"],
    ..verbs::VERB
};

#[test]
fn a_database_that_is_suspended_resumed_and_set() {
    play(SUSPEND);
    play(Verb {
        line: "db resume shop",
        needs: &["db create shop", "db suspend shop"],
        ..SUSPEND
    });
    play(Verb {
        line: "db set shop --connections 9 --statement-timeout 1m --quota 1G",
        ..SUSPEND
    });
}

#[test]
fn a_site_and_an_account_that_are_suspended() {
    let site = Verb {
        line: "site suspend shop.example",
        needs: &["site create shop.example --db shop --mail info"],
        removal: &["site delete shop.example --purge --yes"],
        ..verbs::VERB
    };
    play(site);
    play(Verb {
        line: "account suspend acme",
        needs: &[
            "account create acme",
            "site create shop.example --db shop --mail info --account acme",
        ],
        removal: &["account delete acme --purge --yes"],
        ..site
    });
}
