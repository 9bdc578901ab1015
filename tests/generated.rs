//! What is generated and kept in the repository is what the program prints now, and what it is made from is complete.
//! `make generate` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use hostctl::cli::Cli;

/// A shell, and where its completions are looked for by that name.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "completions/hostctl.bash"),
    ("zsh", "completions/_hostctl"),
    ("fish", "completions/hostctl.fish"),
];

#[test]
fn the_manual_pages_are_those_of_this_program() {
    let place = tempfile::tempdir().expect("a directory");
    run(&["man", place.path().to_str().expect("a path")]);
    let printed = pages(place.path());
    let kept = root().join("man");
    if is_generating() {
        let _ = fs::remove_dir_all(&kept);
        fs::create_dir_all(&kept).expect("man");
        for (name, text) in &printed {
            fs::write(kept.join(name), text).expect("a page");
        }
    }
    let kept = pages(&kept);
    assert_eq!(
        printed.keys().collect::<Vec<_>>(),
        kept.keys().collect::<Vec<_>>(),
        "other verbs than man/ describes: make generate"
    );
    for (name, text) in &printed {
        assert!(
            kept[name] == *text,
            "man/{name} is not what the program writes: make generate"
        );
    }
}

#[test]
fn the_completions_are_those_of_this_program() {
    for (shell, file) in COMPLETIONS {
        let printed = run(&["completions", shell]);
        let file = root().join(file);
        if is_generating() {
            fs::write(&file, &printed).expect("completions");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == printed,
            "{} is not what the program prints: make generate",
            file.display()
        );
    }
}

#[test]
fn every_verb_and_every_argument_has_help() {
    each_command(|words, command| {
        assert!(command.get_about().is_some(), "{words} has no help");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(
                !help.trim().is_empty(),
                "{words}: {} has no help",
                argument.get_id()
            );
            assert!(
                !help.ends_with('.'),
                "{words}: the help of {} ends in a full stop",
                argument.get_id()
            );
        }
    });
}

#[test]
fn every_verb_has_examples_that_it_takes() {
    let (mut count, mut refused) = (0, Vec::new());
    each_command(|words, command| {
        if command.has_subcommands() {
            return;
        }
        let verb = words.trim_start_matches("hostctl ");
        let examples: Vec<(String, &str)> = hostctl::commands::examples::of(verb).collect();
        assert!(!examples.is_empty(), "{words} has no example");
        for (line, _) in &examples {
            let typed = typed(line);
            let taken = Cli::try_parse_from(&typed);
            refused.extend(taken.err().map(|error| format!("{line}: {error}")));
        }
        count += examples.len();
    });
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    let kept = fs::read_to_string(root().join("src/commands/examples.txt")).expect("examples");
    assert_eq!(kept.lines().count(), 2 * count, "an example of no verb");
}

/// A line as a shell splits it.
fn typed(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

#[test]
fn no_option_is_there_twice() {
    each_command(|words, command| {
        let mut seen = BTreeMap::new();
        for argument in command.get_arguments() {
            let short = argument.get_short().map(|letter| format!("-{letter}"));
            for option in short
                .into_iter()
                .chain(argument.get_long().map(|long| format!("--{long}")))
            {
                let earlier = seen.insert(option.clone(), argument.get_id().clone());
                assert!(
                    earlier.is_none(),
                    "{words}: {option} is {} and {earlier:?}",
                    argument.get_id()
                );
            }
        }
    });
}

#[test]
fn every_verb_can_be_told_yes_and_shown_before() {
    each_command(|words, command| {
        for long in ["dry-run", "yes", "no-input", "output"] {
            let has = command
                .get_arguments()
                .any(|argument| argument.get_long() == Some(long));
            assert!(has, "{words} has no --{long}");
        }
    });
}

/// Every command below the program, named by its words, global options included.
fn each_command(mut check: impl FnMut(&str, &clap::Command)) {
    let mut program = Cli::command();
    program.build();
    let mut waiting = vec![(String::from("hostctl"), program)];
    let mut count = 0;
    while let Some((words, command)) = waiting.pop() {
        check(&words, &command);
        count += 1;
        // clap's own `help` mirrors the tree and has no options.
        let below = command
            .get_subcommands()
            .filter(|below| below.get_name() != "help");
        waiting.extend(below.map(|below| (format!("{words} {}", below.get_name()), below.clone())));
    }
    assert!(count > 20, "{count} commands only");
}

fn pages(directory: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let name = entry.file_name().into_string().expect("a name");
            (name, fs::read_to_string(entry.path()).expect("a page"))
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "the program is run as a person runs it")]
fn run(arguments: &[&str]) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_hostctl"))
        .args(arguments)
        .env_clear()
        .output()
        .expect("the program");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[expect(clippy::disallowed_methods, reason = "set by `make generate`")]
fn is_generating() -> bool {
    std::env::var_os("HOSTCTL_GENERATE").is_some()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
