//! Examples of every verb, as they stand in its help and on its manual page: in `examples.txt` a line without the name of the
//! program, and below it, indented, what it is for.

use std::fmt::Write as _;
use std::sync::LazyLock;

use clap::Command;

/// Of every verb. Read once: every start of the program goes through it.
static EXAMPLES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let mut lines = include_str!("examples.txt").lines();
    std::iter::from_fn(|| Some((lines.next()?, lines.next()?.trim()))).collect()
});

/// The examples of a verb, named by its words: what is typed, and what it is for.
pub fn of(verb: &str) -> impl Iterator<Item = (String, &'static str)> {
    EXAMPLES.iter().filter_map(move |(line, what)| {
        let rest = line.strip_prefix(verb)?;
        let is_its_own = rest.is_empty() || rest.starts_with(' ');
        is_its_own.then(|| (format!("hostctl {line}"), *what))
    })
}

/// Adds the examples of every verb below `command` to its help.
#[must_use]
pub fn add(command: Command) -> Command {
    below(command, "")
}

fn below(command: Command, words: &str) -> Command {
    if !command.has_subcommands() {
        return with_examples(command, words);
    }
    command.mut_subcommands(|verb| {
        let words = match words {
            "" => verb.get_name().to_owned(),
            words => format!("{words} {}", verb.get_name()),
        };
        below(verb, &words)
    })
}

fn with_examples(command: Command, verb: &str) -> Command {
    let mut text = String::from("Examples:");
    for (line, what) in of(verb) {
        let _ = write!(text, "\n  {line}\n      {what}");
    }
    let before = command.get_after_help().map(|before| format!("{before}\n\n"));
    command.after_help(before.unwrap_or_default() + &text)
}

/// The section of a manual page in roff, `roff(7)`.
#[must_use]
pub fn section(verb: &str) -> String {
    let mut text = String::from(".SH EXAMPLES\n");
    for (line, what) in of(verb) {
        let _ = writeln!(text, ".TP\n\\fB{}\\fR\n{}", escaped(&line), escaped(what));
    }
    text
}

/// No hyphen that a terminal would copy as another sign, and nothing at the beginning that is a command.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}
