//! The house has floors: a room uses what stands further down, and none beside it. The order is read from the
//! documentation of `src/lib.rs`, so that what is written there is what is enforced.
//!
//! The source is read as text: comments are taken out, then every `crate::room` and `use crate::{room, …}` counts.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may show something to a person.
const SHOWS: &[&str] = &["cli", "commands", "runner"];
/// Who may know the command line.
const KNOWS_CLAP: &[&str] = &["main", "cli", "commands"];
/// What `commands` must not hold: SQL or a protocol. It may name a client in order to hand it on.
const PROTOCOLS: &[&str] = &[
    ".query_",
    ".simple_query(",
    ".batch_execute(",
    "reqwest::",
    "hickory_resolver::",
    "rustls::",
];

#[test]
fn every_room_uses_only_what_stands_further_down() {
    let floors = floors(&read(&source().join("lib.rs")));
    let broken: Vec<String> = sources()
        .iter()
        .flat_map(|file| violations(&floors, &room_of(file), &shown(file), &read(file)))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_room_has_a_floor() {
    let lib = read(&source().join("lib.rs"));
    let floors = floors(&lib);
    let known: BTreeSet<&str> = floors.iter().flatten().map(String::as_str).collect();
    for line in lib.lines() {
        if let Some(room) = line
            .strip_prefix("pub mod ")
            .and_then(|rest| rest.strip_suffix(';'))
        {
            assert!(
                known.contains(room) || room == "output",
                "src/lib.rs names no floor for {room}"
            );
        }
    }
}

#[test]
fn only_the_command_line_knows_clap() {
    for file in sources() {
        let room = room_of(&file);
        let knows =
            words(&without_comments(&read(&file))).any(|word| word == "clap" || word == "clap_complete");
        assert!(
            !knows || KNOWS_CLAP.contains(&room.as_str()),
            "{} knows clap",
            shown(&file)
        );
    }
}

#[test]
fn a_verb_holds_no_protocol() {
    for file in sources().iter().filter(|file| room_of(file) == "commands") {
        let text = without_comments(&read(file));
        let found: Vec<&&str> = PROTOCOLS
            .iter()
            .filter(|protocol| text.contains(**protocol))
            .collect();
        assert!(found.is_empty(), "{} uses {found:?}", shown(file));
    }
}

#[test]
fn a_violation_is_found_however_it_is_written() {
    let floors = floors("//! top → left, right →\n//! bottom. `output` is for top.\n\npub mod top;");
    assert_eq!(
        floors,
        [
            vec!["top".to_owned()],
            vec!["left".to_owned(), "right".to_owned()],
            vec!["bottom".to_owned()]
        ]
    );
    let found = |room: &str, text: &str| violations(&floors, room, "src/x.rs", text).len();
    assert_eq!(found("bottom", "use crate::top::Thing;"), 1, "upwards");
    assert_eq!(found("left", "fn f() { crate::right::g(); }"), 1, "beside");
    assert_eq!(
        found(
            "bottom",
            "use crate::{\n    bottom,\n    top::{self, Thing},\n    left as l,\n};"
        ),
        2,
        "in a group"
    );
    assert_eq!(found("left", "use crate::output::Row;"), 1, "output from below");
    assert_eq!(
        found("nowhere", "use crate::bottom::Thing;"),
        1,
        "a room without a floor"
    );
    assert_eq!(
        found(
            "top",
            "use crate::{left, right::{top, other}};\nuse crate::bottom::x;"
        ),
        0,
        "downwards"
    );
    assert_eq!(
        found(
            "bottom",
            "/// As [`crate::top`]. // crate::top\npub(crate) fn f() {}"
        ),
        0,
        "in a comment"
    );
    assert_eq!(
        found("bottom", "let url = \"http://x\"; crate::top::f();"),
        1,
        "after a URL"
    );
}

/// What `text`, a file of `room`, uses without being allowed to.
fn violations(floors: &[Vec<String>], room: &str, file: &str, text: &str) -> Vec<String> {
    let floor = |name: &str| {
        floors
            .iter()
            .position(|rooms| rooms.iter().any(|other| other == name))
    };
    let complaint = |used: &String, why: &str| format!("{file}: {room} uses {used}{why}");
    let mut broken = Vec::new();
    for used in used_rooms(&without_comments(text)) {
        if used == room || room == "main" {
            continue;
        }
        match (room, used.as_str()) {
            (_, "output") if SHOWS.contains(&room) => {}
            (_, "output") => broken.push(complaint(&used, ", which is for commands and runner alone")),
            // What is shown is made of the ground floors' types.
            ("output", "model" | "clock" | "error") => {}
            ("output", _) => broken.push(complaint(&used, "")),
            _ => match (floor(room), floor(&used)) {
                (Some(own), Some(other)) if own < other => {}
                (Some(own), Some(other)) if own == other => broken.push(complaint(&used, ", its neighbour")),
                (Some(_), Some(_)) => broken.push(complaint(&used, ", which stands above it")),
                _ => broken.push(complaint(&used, ", and one of them has no floor in src/lib.rs")),
            },
        }
    }
    broken
}

/// The rooms from the top down, those on one floor together, as the documentation of the crate lists them: the words
/// around its arrows up to the full stop.
fn floors(lib: &str) -> Vec<Vec<String>> {
    let lines = lib.lines().map_while(|line| line.strip_prefix("//!"));
    let documentation = lines.collect::<Vec<_>>().join(" ");
    let Some(first) = documentation.find('→') else {
        return Vec::new();
    };
    let begin = documentation[..first].rfind([':', '.']).map_or(0, |at| at + 1);
    let end = documentation[first..]
        .find('.')
        .map_or(documentation.len(), |at| first + at);
    let rooms = |floor: &str| floor.split(',').map(|room| room.trim().to_owned()).collect();
    documentation[begin..end].split('→').map(rooms).collect()
}

/// The first segment of every path that begins with `crate::`, groups included, each once.
fn used_rooms(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, found) in text.match_indices("crate::") {
        let rest = &text[at + found.len()..];
        let is_whole_word = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        if is_whole_word {
            match rest.strip_prefix('{') {
                Some(group) => rooms.extend(first_words(group)),
                None => rooms.extend(words(rest).next().map(ToOwned::to_owned)),
            }
        }
    }
    // A macro or a constant of the crate's root is no room.
    rooms.retain(|room| room.starts_with(|c: char| c.is_ascii_lowercase()));
    rooms
}

/// The first word of each member of a group, up to its closing brace.
fn first_words(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut members = vec![String::new()];
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(String::new()),
            _ if depth == 0 => members.last_mut().expect("one").push(c),
            _ => {}
        }
    }
    members
        .iter()
        .filter_map(|member| words(member).next().map(ToOwned::to_owned))
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// A URL in a string looks like a comment: what follows `://` stays.
fn without_comments(text: &str) -> String {
    let code = |line: &str| {
        let comment = line
            .match_indices("//")
            .map(|(at, _)| at)
            .find(|at| !line[..*at].ends_with(':'));
        line[..comment.unwrap_or(line.len())].to_owned()
    };
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source but `lib.rs`, which is the table of contents.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && path != source().join("lib.rs")
            {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 50, "the sources are not where they were");
    files.sort();
    files
}

fn room_of(file: &Path) -> String {
    let inside = file.strip_prefix(source()).expect("below src");
    let first = inside
        .components()
        .next()
        .expect("a name")
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn shown(file: &Path) -> String {
    format!(
        "src/{}",
        file.strip_prefix(source()).expect("below src").display()
    )
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).expect("a source")
}
