//! What README says in tables is what the program does: keys of the configuration, exit codes, verbs.
//! `make generate` writes the table of keys anew.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use clap::CommandFactory;
use hostctl::cli::Cli;
use hostctl::config::keys::KEYS;
use hostctl::error::Kind;

const BEGIN: &str = "<!-- keys: written by make generate -->\n";
const END: &str = "<!-- end of keys -->";

#[test]
fn every_key_of_the_configuration_is_in_the_table() {
    let text = readme();
    let begin = text.find(BEGIN).expect("the beginning of the table") + BEGIN.len();
    let end = text.find(END).expect("the end of the table");
    let table = table_of_keys();
    if is_generating() {
        // The other tests read it meanwhile: they see the old or the new one, never half of it.
        let new = path().with_extension("md.new");
        fs::write(&new, format!("{}{table}{}", &text[..begin], &text[end..])).expect("README.md.new");
        fs::rename(&new, path()).expect("README.md");
    } else {
        assert!(
            text[begin..end] == table,
            "the table of keys in README.md is old: make generate"
        );
    }
}

#[test]
fn every_exit_code_is_documented() {
    let text = readme();
    assert!(text.contains("| 0 | ok |"));
    for kind in Kind::ALL {
        let row = format!("| {} | {} |", kind.exit_code(), kind.word());
        assert!(
            text.contains(&row),
            "README.md has no line that begins with {row}"
        );
    }
}

#[test]
fn every_verb_is_in_the_table() {
    let text = readme();
    for noun in Cli::command()
        .get_subcommands()
        .filter(|noun| noun.get_name() != "help")
    {
        let row = text
            .lines()
            .find(|line| line.starts_with(&format!("| `{}`", noun.get_name())));
        let row = row.unwrap_or_else(|| panic!("README.md has no row for {}", noun.get_name()));
        for verb in noun.get_subcommands().filter(|verb| verb.get_name() != "help") {
            let names_it = row
                .split(|c: char| !c.is_alphanumeric() && c != '-')
                .any(|word| word == verb.get_name());
            assert!(
                names_it,
                "README.md: the row of {} lacks {}",
                noun.get_name(),
                verb.get_name()
            );
        }
    }
}

fn table_of_keys() -> String {
    let mut table = String::from("| key | default | meaning |\n|---|---|---|\n");
    for key in KEYS {
        let default = key
            .default
            .filter(|text| !text.is_empty())
            .map(|text| format!("`{text}`"))
            .unwrap_or_default();
        writeln!(table, "| `{}` | {default} | {} |", key.path, key.documentation).expect("text");
    }
    table
}

fn readme() -> String {
    fs::read_to_string(path()).expect("README.md")
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

#[expect(clippy::disallowed_methods, reason = "set by `make generate`")]
fn is_generating() -> bool {
    std::env::var_os("HOSTCTL_GENERATE").is_some()
}
