//! A lab with own steps whose programs do what a test wants.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use hostctl::env::child::running;

use crate::support::world::FILES;
use crate::support::{Lab, Ran};

/// Makes a file that bears its owner; before that it does what stands in `on-STEP-PHASE`.
const PROGRAM: &str = r#"#!/bin/sh
here=$1 phase=$2
echo "$HOSTCTL_HOOK_STEP $phase" >>"$here/took-place"
cat >"$here/input-$phase"
env >"$here/environment-$phase"
file=$here/made/$HOSTCTL_HOOK_STEP.$HOSTCTL_HOOK_DOMAIN
twist=$here/on-$HOSTCTL_HOOK_STEP-$phase
make() { echo "$HOSTCTL_HOOK_OWNER" >"$file.new" && mv "$file.new" "$file"; }
is_ours() { [ "$(cat "$file" 2>/dev/null)" = "$HOSTCTL_HOOK_OWNER" ]; }
[ ! -e "$twist" ] || . "$twist"
case $phase in
    apply) make ;;
    probe) is_ours && exit 0; [ -e "$file" ] && exit 10; exit 20 ;;
    undo) rm -f "$file.new"; is_ours || exit 10; rm -f "$file" ;;
esac
"#;

/// A lab with the steps `first` and `second`.
pub struct Place {
    pub lab: Lab,
}

pub const CREATE: &[&str] = &["site", "create", "shop.example", "--db", "shop"];
pub const DELETE: &[&str] = &["site", "delete", "shop.example", "--purge", "--yes"];

impl Place {
    pub fn new() -> Place {
        Place::with("timeout = \"20s\"")
    }

    /// With these settings in each step.
    pub fn with(settings: &str) -> Place {
        let place = Place { lab: Lab::new() };
        let lab = &place.lab;
        fs::create_dir(lab.path(FILES)).expect("a folder");
        let program = place.path("program");
        fs::write(&program, PROGRAM).expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("executable");
        let (program, here) = (program.display(), lab.sandbox().directory().display());
        let command = |phase| format!("{phase} = [\"{program}\", \"{here}\", \"{phase}\"]\n");
        let commands = ["apply", "probe", "undo"].map(command).concat();
        // Not in the order of their names.
        place.configure(&format!(
            "[step.second]\n{commands}{settings}\n[step.first]\norder = 50\n{commands}{settings}\n"
        ));
        place
    }

    /// Adds to the configuration.
    pub fn configure(&self, text: &str) {
        let file = self.lab.sandbox().config_file();
        let before = fs::read_to_string(&file).expect("a configuration");
        fs::write(&file, format!("{before}\n{text}")).expect("a configuration");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.lab.path(name)
    }

    /// Lets a program do something else, or something before.
    pub fn twist(&self, step: &str, phase: &str, script: &str) {
        fs::write(self.path(&format!("on-{step}-{phase}")), script).expect("a twist");
    }

    /// Lets it do what it always does.
    pub fn straighten(&self, step: &str, phase: &str) {
        fs::remove_file(self.path(&format!("on-{step}-{phase}"))).expect("it was twisted");
    }

    /// What was run since the last time this was asked, `STEP PHASE` each.
    pub fn took_place(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("took-place")).unwrap_or_default();
        let _ = fs::remove_file(self.path("took-place"));
        text.lines().map(str::to_owned).collect()
    }

    /// The state of the only operation that there is besides those that ended well, as `op show` gives it.
    pub fn shown(&self, ran: &Ran) -> serde_json::Value {
        let error: serde_json::Value = serde_json::from_str(&ran.stderr).expect("an error as JSON");
        let id = error["error"]["operation"]
            .as_str()
            .expect("an operation")
            .to_owned();
        self.lab
            .run(&["op", "show", &id, "-o", "json"])
            .expect_code(0)
            .json()
    }
}

/// Whether a process with this argument runs.
pub fn is_running(argument: &str) -> bool {
    running().iter().any(|found| {
        let line = fs::read(format!("/proc/{}/cmdline", found.process.pid)).unwrap_or_default();
        line.split(|byte| *byte == 0)
            .any(|part| part == argument.as_bytes())
    })
}
