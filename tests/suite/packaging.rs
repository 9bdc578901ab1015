//! What `make install` puts on a machine: the units of systemd are understood and start the program that was installed.

use std::fs;
use std::path::Path;
use std::process::Command;

const UNITS: [&str; 2] = ["hostctl-tick.service", "hostctl-tick.timer"];

#[test]
fn installed_units_start_the_installed_program() {
    let place = tempfile::tempdir().expect("a directory");
    let prefix = place.path().join("prefix");
    let built = place.path().join("target/release");
    fs::create_dir_all(&built).expect("a directory");
    fs::copy("/bin/true", built.join("hostctl")).expect("a program");
    let made = Command::new("make")
        .args(["install", "-s", "-C", env!("CARGO_MANIFEST_DIR")])
        .arg(format!("PREFIX={}", prefix.display()))
        .env("CARGO_TARGET_DIR", place.path().join("target"))
        .output()
        .expect("make is missing: apt-get install --no-install-recommends make");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

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
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .args(&units)
        .output();
    if let Ok(verified) = verified {
        let said = String::from_utf8_lossy(&verified.stderr);
        let about_us: Vec<&str> = said.lines().filter(|line| line.contains("hostctl")).collect();
        assert!(verified.status.success() && about_us.is_empty(), "{said}");
    }
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
