//! What an account may have, and what becomes of everything it has; and moving in what was there before.

mod adoption;
mod adoption_mail;
mod limits;
mod suspension;
mod whole;

use crate::support::{Lab, Ran};
use serde_json::Value;

/// Kind and reason of the error object.
#[track_caller]
fn refused(ran: &Ran, code: i32) -> String {
    ran.expect_code(code);
    let said: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"]["reason"].as_str().expect("a reason").to_owned()
}

/// Runs words with one space between two, for JSON.
fn json_call(lab: &Lab, line: &str) -> Ran {
    let mut words: Vec<&str> = line.split(' ').collect();
    words.extend(["-o", "json"]);
    lab.run(&words)
}

/// The newest operation of this kind.
fn newest(lab: &Lab, kind: &str) -> String {
    lab.ask(&format!(
        "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' ORDER BY started_at DESC, id DESC LIMIT 1"
    ))
    .remove(0)
}

/// Undoes it.
#[track_caller]
fn undo(lab: &Lab, kind: &str) {
    lab.run(&["op", "undo", &newest(lab, kind), "--yes"])
        .expect_code(0);
}
