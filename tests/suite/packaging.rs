//! What `make install` puts on a machine: the units of systemd are understood and start the program that was installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::env::child::{self, Ended, Spec};

const UNITS: [&str; 2] = ["hostctl-tick.service", "hostctl-tick.timer"];

#[test]
fn installed_units_start_the_installed_program() {
    let place = tempfile::tempdir().expect("a directory");
    let prefix = place.path().join("prefix");
    let built = place.path().join("target/release");
    fs::create_dir_all(&built).expect("a directory");
    fs::copy("/bin/true", built.join("hostctl")).expect("a program");
    let target = built.parent().expect("a parent");
    let made =
        Spec::new(find("make").expect("make is missing: apt-get install --no-install-recommends make"))
            .arguments(["install", "-s", "-C", env!("CARGO_MANIFEST_DIR")])
            .argument(format!("PREFIX={}", prefix.display()))
            .variable("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .variable("CARGO_TARGET_DIR", target);
    let (ended, said) = run(made);
    assert_eq!(ended, Ended::Exit(0), "{said}");

    let units = UNITS.map(|unit| prefix.join("lib/systemd/system").join(unit));
    let service = entries(&units[0]);
    let program = format!("{}/bin/hostctl tick", prefix.display());
    assert_eq!(values(&service, "ExecStart"), [program]);
    assert_eq!(
        values(&service, "Type"),
        ["oneshot"],
        "no second run beside a first"
    );
    for (key, value) in [
        ("NoNewPrivileges", "yes"),
        ("StateDirectory", "hostctl"),
        ("UMask", "0077"),
    ] {
        assert_eq!(values(&service, key), [value], "{key}");
    }
    let timer = entries(&units[1]);
    assert_eq!(values(&timer, "OnCalendar"), ["minutely"]);
    assert_eq!(values(&timer, "Persistent"), ["yes"]);
    assert_eq!(values(&timer, "WantedBy"), ["timers.target"]);
    let delay = values(&timer, "RandomizedDelaySec");
    assert_ne!(delay, ["0"], "each host at another second");

    // Where systemd is, it says itself whether it understands them.
    if let Some(program) = find("systemd-analyze") {
        let (ended, said) = run(Spec::new(program)
            .arguments(["verify", "--man=no"])
            .arguments(&units));
        let is_about_us = said.lines().any(|line| line.contains("hostctl"));
        assert!(ended == Ended::Exit(0) && !is_about_us, "{said}");
    }
}

fn find(program: &str) -> Option<PathBuf> {
    child::find(program, &[])
}

/// How it ended, and what it said on stderr.
fn run(spec: Spec) -> (Ended, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ran = runtime
        .expect("an event loop")
        .block_on(child::run(spec.deadline(Duration::from_secs(60))));
    let output = ran.expect("it starts");
    (output.ended, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Section, key and value of each line. What is neither, nor a comment, is a mistake.
fn entries(unit: &Path) -> Vec<(String, String, String)> {
    let text = fs::read_to_string(unit).expect("a unit");
    let mut section = String::new();
    let mut entries = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
        assert!(!section.is_empty(), "{line}");
        entries.push((section.clone(), key.to_owned(), value.to_owned()));
    }
    entries
}

fn values<'a>(entries: &'a [(String, String, String)], wanted: &str) -> Vec<&'a str> {
    let found = entries.iter().filter(|(_, key, _)| key == wanted);
    found.map(|(_, _, value)| value.as_str()).collect()
}
