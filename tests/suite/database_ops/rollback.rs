//! All or nothing: the verbs fail or die at every place that there is.

use std::fs;
use std::path::PathBuf;

use crate::database_ops::tenant::{does, enter, lab_with_shop, leftovers};
use crate::support::Lab;
use crate::support::rollback::{Cell, End, Mode, Table, When};
use crate::support::verbs::Verb;

const NEEDS: &[&str] = &["db create shop --connections 5 --statement-timeout 30s"];
const REMOVAL: &[&str] = &["db delete shop --purge --yes"];

/// A verb on a database that is made for it.
fn verb(line: String) -> Verb {
    Verb {
        line: Box::leak(line.into_boxed_str()),
        input: "",
        has_dns: false,
        setting: &[],
        needs: NEEDS,
        removal: REMOVAL,
        is_one_commit: false,
        traceless: &[],
    }
}

fn play(lab: &Lab, verb: Verb) {
    let table = Table::new(lab, verb);
    for cell in Cell::some(table.steps.len(), 8) {
        let end = table.play(cell);
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
        assert_eq!(leftovers(lab), Vec::<String>::new(), "{cell}");
    }
    table.cut();
    assert_eq!(leftovers(lab), Vec::<String>::new());
}

#[test]
fn a_database_is_suspended_whole_or_not_at_all() {
    play(&Lab::new(), verb("db suspend shop".to_owned()));
}

#[test]
fn a_database_is_resumed_whole_or_not_at_all() {
    let resume = Verb {
        needs: &["db create shop --connections 5", "db suspend shop"],
        ..verb("db resume shop".to_owned())
    };
    play(&Lab::new(), resume);
}

#[test]
fn limits_are_set_whole_or_not_at_all() {
    let limits =
        "--connections 9 --statement-timeout 1m --idle-in-transaction-timeout 2m --schemas on --quota 1G";
    play(&Lab::new(), verb(format!("db set shop {limits}")));
}

fn archive(lab: &Lab) -> String {
    does(
        lab,
        &enter(lab),
        "CREATE TABLE item (id int); INSERT INTO item VALUES (1)",
    );
    let path = lab.path("shop.dump").display().to_string();
    lab.run(&["db", "backup", "shop", "--to", &path]).expect_code(0);
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    path
}

#[test]
fn a_database_is_restored_whole_or_not_at_all() {
    let lab = lab_with_shop();
    let path = archive(&lab);
    play(&lab, verb(format!("db restore shop {path}")));
}

#[test]
fn a_restore_that_keeps_nothing_goes_on_after_its_last_return() {
    let lab = lab_with_shop();
    let path = archive(&lab);
    play(&lab, verb(format!("db restore shop {path} --purge")));
}

#[test]
fn a_restore_is_undone_whole_or_not_at_all() {
    let lab = lab_with_shop();
    let path = archive(&lab);
    let restore: &str = Box::leak(format!("db restore shop {path} --yes").into_boxed_str());
    let undoing = Verb {
        needs: Box::leak(Box::new(["db create shop", restore])),
        ..verb("op undo {db.restore}".to_owned())
    };
    play(&lab, undoing);
}

#[test]
fn a_new_database_is_restored_whole_or_not_at_all() {
    let lab = lab_with_shop();
    does(
        &lab,
        &enter(&lab),
        "CREATE TABLE item (id int); INSERT INTO item VALUES (1)",
    );
    let path = lab.path("shop.dump").display().to_string();
    lab.run(&["db", "backup", "shop", "--to", &path]).expect_code(0);
    let copying = Verb {
        needs: &[],
        removal: &["db delete copy --purge --yes"],
        ..verb(format!("db restore shop {path} --as copy"))
    };
    play(&lab, copying);
}

#[test]
fn an_archive_is_written_and_recorded_or_neither() {
    let lab = lab_with_shop();
    let directory = lab.path("archives");
    fs::create_dir(&directory).expect("directory");
    let to = directory.display().to_string();
    let there = || -> Vec<PathBuf> {
        fs::read_dir(&directory)
            .expect("directory")
            .map(|entry| entry.expect("entry").path())
            .collect()
    };
    for cell in Cell::some(2, 4) {
        let phase = if cell.when == When::Do { "do" } else { "undo" };
        let mode = if cell.mode == Mode::Die { "die" } else { "fail" };
        let place = format!("{mode}:{}:{}:{phase}", cell.step, cell.point.word());
        let before = lab.world();
        let backup = lab.call(&["db", "backup", "shop", "--to", &to]);
        match cell.when {
            When::Do => drop(backup.crash(&place).run()),
            When::Undo => drop(backup.crash(&format!("fail:1:before_intent:do,{place}")).run()),
            When::Recover => {
                assert!(backup.crash("die:1:before_intent:do").run().was_killed());
                drop(lab.call(&["op", "recover"]).crash(&place).run());
            }
        }
        lab.run(&["op", "recover"]).expect_code(0);
        assert_eq!(leftovers(&lab), Vec::<String>::new(), "{cell}");
        let files = there();
        let difference = before.difference(&lab.world());
        match files.len() {
            0 => assert!(difference.is_empty(), "{cell}: {difference:?}"),
            2 => assert!(
                difference.len() == 1 && difference[0].starts_with("+ row backups"),
                "{cell}: {difference:?}"
            ),
            _ => panic!("{cell}: {files:?}"),
        }
        for file in files {
            fs::remove_file(file).expect("removed");
        }
    }
    an_archive_is_left_to_its_host(&lab, &to);
    assert_eq!(there(), Vec::<PathBuf>::new());
}

/// Only the host that has the file can take it back; no other is troubled by it.
fn an_archive_is_left_to_its_host(lab: &Lab, to: &str) {
    let before = lab.world();
    let on = |host: &str, words: &[&str]| lab.call(words).variable("HOSTCTL_HOST__NAME", host);
    let died = on("web1", &["db", "backup", "shop", "--to", to])
        .crash("die:0:effect_done:do")
        .run();
    assert!(died.was_killed(), "{died}");
    let state = || lab.ask("SELECT state FROM hostctl.operations ORDER BY started_at DESC LIMIT 1");
    on("web2", &["tick"]).run().expect_code(0);
    assert_eq!(state(), ["running"]);
    on("web1", &["tick"]).run().expect_code(0);
    assert_eq!(state(), ["rolled_back"]);
    before.expect_same(&lab.world(), "after recovery on its host");
    // Nor by looking for what may still come, for as long as the largest archive may take.
    on("web2", &["op", "recover"]).run().expect_code(0);
}
