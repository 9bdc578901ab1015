//! All or nothing: the verbs fail or die at every place that there is.

use std::fs;
use std::path::PathBuf;

use crate::support::Lab;
use crate::support::rollback::{Cell, End, Mode, Table, Verb, When};
use crate::tenant::{does, enter, lab_with_shop, leftovers};

const NEEDS: &[&str] = &[
    "db",
    "create",
    "shop",
    "--connections",
    "5",
    "--statement-timeout",
    "30s",
];
const REMOVAL: &[&str] = &["db", "delete", "shop", "--purge", "--yes"];

const SUSPEND: Verb = Verb {
    arguments: &["db", "suspend", "shop"],
    needs: Some(NEEDS),
    removal: Some(REMOVAL),
    is_one_commit: false,
};
const RESUME: Verb = Verb {
    arguments: &["db", "resume", "shop"],
    needs: None,
    removal: Some(&["db", "suspend", "shop"]),
    is_one_commit: false,
};
const SET: Verb = Verb {
    arguments: &[
        "db",
        "set",
        "shop",
        "--connections",
        "9",
        "--statement-timeout",
        "1m",
        "--idle-in-transaction-timeout",
        "2m",
        "--schemas",
        "on",
        "--quota",
        "1G",
    ],
    needs: Some(NEEDS),
    removal: Some(REMOVAL),
    is_one_commit: false,
};

/// Every death while doing, and of the others every third.
fn is_in_the_sample(index: usize, cell: Cell) -> bool {
    (cell.mode == Mode::Die && cell.when == When::Do) || (index + cell.step).is_multiple_of(3)
}

fn play(lab: &Lab, verb: Verb) {
    let table = Table::new(lab, verb);
    let cells = Cell::all(table.steps);
    for (_, cell) in cells
        .into_iter()
        .enumerate()
        .filter(|(index, cell)| is_in_the_sample(*index, *cell))
    {
        let end = table.play(cell);
        assert!(
            end != End::Unmet || !table.must_be_met(cell),
            "{cell} was not met"
        );
        assert_eq!(leftovers(lab), Vec::<String>::new(), "{cell}");
    }
}

#[test]
fn a_database_is_suspended_whole_or_not_at_all() {
    play(&Lab::new(), SUSPEND);
}

#[test]
fn a_database_is_resumed_whole_or_not_at_all() {
    let lab = lab_with_shop();
    lab.run(&["db", "suspend", "shop"]).expect_code(0);
    play(&lab, RESUME);
}

#[test]
fn limits_are_set_whole_or_not_at_all() {
    play(&Lab::new(), SET);
}

/// A verb with a path in it, for as long as the program runs.
fn restoring(archive: &str, more: &[&'static str]) -> Verb {
    let path: &'static str = Box::leak(archive.to_owned().into_boxed_str());
    let arguments = [&["db", "restore", "shop", path][..], more].concat();
    Verb {
        arguments: Box::leak(arguments.into_boxed_slice()),
        needs: Some(NEEDS),
        removal: Some(REMOVAL),
        is_one_commit: false,
    }
}

fn archive(lab: &Lab) -> String {
    does(
        lab,
        &enter(lab),
        "CREATE TABLE item (id int); INSERT INTO item VALUES (1)",
    );
    let path = lab.path("shop.dump").display().to_string();
    lab.run(&["db", "backup", "shop", "--to", &path]).expect_code(0);
    lab.run(REMOVAL).expect_code(0);
    path
}

#[test]
fn a_database_is_restored_whole_or_not_at_all() {
    let lab = lab_with_shop();
    let path = archive(&lab);
    play(&lab, restoring(&path, &[]));
}

#[test]
fn a_restore_that_keeps_nothing_goes_on_after_its_last_return() {
    let lab = lab_with_shop();
    let path = archive(&lab);
    play(&lab, restoring(&path, &["--purge"]));
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
    let path: &'static str = Box::leak(path.into_boxed_str());
    let arguments = vec!["db", "restore", "shop", path, "--as", "copy"];
    play(
        &lab,
        Verb {
            arguments: Box::leak(arguments.into_boxed_slice()),
            needs: None,
            removal: Some(&["db", "delete", "copy", "--purge", "--yes"]),
            is_one_commit: false,
        },
    );
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
    for cell in Cell::all(2) {
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
}
