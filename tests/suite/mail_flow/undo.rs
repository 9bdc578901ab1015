//! What comes back by undoing is held to what a new box or alias is held to; and nobody gets his predecessor's mail.

use crate::mail_flow::verbs::shop;
use crate::support::{Lab, Ran};

#[track_caller]
fn done(lab: &Lab, line: &str) -> Ran {
    let ran = run(lab, line);
    ran.expect_code(0);
    ran
}

fn run(lab: &Lab, line: &str) -> Ran {
    lab.run(&line.split(' ').collect::<Vec<_>>())
}

/// Does it, and gives the operation.
#[track_caller]
fn operation(lab: &Lab, line: &str) -> String {
    done(lab, line);
    lab.ask("SELECT id::text FROM hostctl.operations WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1")
        .concat()
}

#[track_caller]
fn undone(lab: &Lab, id: &str) {
    done(lab, &format!("op undo {id} --yes"));
}

/// It is a conflict that says `what`, in our words, and changes nothing.
#[track_caller]
fn is_in_the_way(lab: &Lab, id: &str, what: &str) {
    let before = lab.world();
    let ran = run(lab, &format!("op undo {id} --yes"));
    ran.expect_code(4);
    assert!(ran.stderr.contains(what), "{what}: {ran}");
    assert!(!ran.stderr.contains("SQLSTATE"), "{ran}");
    before.expect_same(&lab.world(), what);
}

#[test]
fn nothing_comes_back_into_a_domain_that_is_gone_or_somebody_elses() {
    let lab = shop();
    done(&lab, "mail box create sales@shop.test");
    done(&lab, "mail alias create team@shop.test info@shop.example");
    let a_box = operation(&lab, "mail box delete sales@shop.test --yes");
    let alias = operation(&lab, "mail alias delete team@shop.test --yes");
    done(&lab, "mail domain delete shop.test --purge --yes");
    for id in [&a_box, &alias] {
        is_in_the_way(&lab, id, "mail domain shop.test is gone");
    }
    done(&lab, "mail domain create shop.test --account acme");
    for id in [&a_box, &alias] {
        is_in_the_way(&lab, id, "it belongs to another account");
    }
    done(&lab, "mail domain delete shop.test --purge --yes");
    done(&lab, "mail domain create shop.test --account main");
    for id in [&a_box, &alias] {
        undone(&lab, id);
    }

    // Where it led to is another's by now.
    done(&lab, "mail alias create far@shop.test boss@later.example");
    let alias = operation(&lab, "mail alias delete far@shop.test --yes");
    done(&lab, "mail domain create later.example --account acme");
    is_in_the_way(&lab, &alias, "later.example is taken");

    done(&lab, "account create gone");
    done(&lab, "db create shop --account gone");
    let database = operation(&lab, "db delete shop --yes");
    done(&lab, "account delete gone --purge --yes");
    is_in_the_way(&lab, &database, "the account it belongs to is gone");
}

#[test]
fn nothing_comes_back_into_the_place_of_another_or_in_a_circle() {
    let lab = shop();
    let a_box = operation(&lab, "mail box delete info@shop.example --yes");
    done(&lab, "mail alias create info@shop.example x@far.example");
    is_in_the_way(&lab, &a_box, "info@shop.example is an alias");
    let alias = operation(&lab, "mail alias delete info@shop.example --yes");
    undone(&lab, &a_box);
    is_in_the_way(&lab, &alias, "info@shop.example is a mail box");

    done(&lab, "mail alias create x@shop.example y@shop.example");
    let deleted = operation(&lab, "mail alias delete x@shop.example --yes");
    done(&lab, "mail alias create p@shop.example q@shop.example");
    let set = operation(&lab, "mail alias set p@shop.example x@far.example");
    done(&lab, "mail alias create y@shop.example x@shop.example");
    done(&lab, "mail alias create q@shop.example p@shop.example");
    is_in_the_way(&lab, &deleted, "x@shop.example would lead back to itself");
    is_in_the_way(&lab, &set, "p@shop.example would lead back to itself");

    // What leads to what comes back beside it is no circle, whichever of them is first.
    for line in [
        "mail alias create 0@shop.test a@shop.test",
        "mail alias create a@shop.test info@shop.example",
        "mail alias create @shop.test 0@shop.test",
    ] {
        done(&lab, line);
    }
    let before = lab.world();
    let domain = operation(&lab, "mail domain delete shop.test --with-boxes --yes");
    undone(&lab, &domain);
    before.expect_same(&lab.world(), "a domain with its aliases");
}

#[test]
fn who_deletes_a_box_hears_which_aliases_lead_to_it_still() {
    let lab = shop();
    done(&lab, "mail alias create @shop.example info@shop.example");
    done(&lab, "mail alias create team@shop.test info@shop.example");
    let deleted = done(&lab, "mail box delete info@shop.example --yes");
    let note = "info@shop.example is led to still by @shop.example, team@shop.test";
    assert!(deleted.stderr.contains(note), "{deleted}");
    assert!(deleted.stderr.contains("hostctl mail alias set"), "{deleted}");
    let quiet = done(&lab, "mail box delete auser3@shop.example --yes");
    assert!(!quiet.stderr.contains("led to"), "{quiet}");
}

#[test]
fn a_letter_to_a_box_that_was_taken_back_is_nobodys() {
    let lab = Lab::new();
    let mail = lab.path("mail");
    let letter = |home: &str| mail.join(home).join("Maildir/new/letter");
    let deliver = |home: &str| {
        let file = letter(home);
        std::fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
        std::fs::write(file, "for the first one alone").expect("a letter");
    };
    let home = || {
        let sql = "SELECT home FROM hostctl.email_accounts WHERE address = 'info@late.example'";
        lab.ask(sql).concat()
    };
    done(&lab, "account create acme");
    let create = "site create late.example --db late --mail info --account main";
    let rehearsed = done(&lab, &format!("{create} -n -o json")).json();
    let last = rehearsed.as_array().expect("steps").len() - 1;
    let failed = lab
        .call(&create.split(' ').collect::<Vec<_>>())
        .crash(&format!("fail:{last}:before_intent:do"))
        .run();
    assert_ne!(failed.code, Some(0), "{failed}");
    deliver("late.example/info");
    done(&lab, "site create late.example --mail info --account acme");
    assert!(!letter(&home()).exists(), "{}", home());
    done(&lab, "site delete late.example --purge --yes");

    // The same where a manifest's box is taken back by hand; and who gets it again has his letters.
    let site = |boxes: &str| {
        let text =
            format!("[[site]]\ndomain = \"late.example\"\naccount = \"main\"\nmail.boxes = [{boxes}]\n");
        lab.call(&["site", "apply", "-"]).stdin(text).run().expect_code(0);
    };
    site("");
    site("{ name = \"info\" }");
    let first = home();
    deliver(&first);
    let newest = "SELECT id::text FROM hostctl.operations WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1";
    let id = lab.ask(newest).concat();
    undone(&lab, &id);
    let back = lab.ask(newest).concat();
    done(&lab, "mail box create info@late.example");
    assert!(!letter(&home()).exists(), "{}", home());
    done(&lab, "mail box delete info@late.example --purge --yes");
    undone(&lab, &back);
    assert_eq!(home(), first);
}
