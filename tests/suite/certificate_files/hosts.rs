//! Each host gets what is placed on it, and nothing else; what cannot be written changes nothing.

use std::fs;
use std::path::PathBuf;

use hostctl::env::child::Spec;
use serde_json::json;

use super::authority::Authority;
use crate::support::call::finish;
use crate::support::{Call, Lab, Ran};

fn import(lab: &Lab, authority: &Authority, name: &str) {
    let found = lab.path(name);
    authority.issue(&[name], 90).write(&found);
    lab.run(&["cert", "import", &found.display().to_string()])
        .expect_code(0);
}

fn directory(lab: &Lab, host: &str) -> PathBuf {
    lab.path(&format!("certificates-of-{host}"))
}

/// The program as it runs on a host.
fn on<'a>(lab: &'a Lab, host: &str, arguments: &[&str]) -> Call<'a> {
    let directory = directory(lab, host).display().to_string();
    lab.call(arguments)
        .variable("HOSTCTL_HOST__NAME", host)
        .variable("HOSTCTL_CERTIFICATE__DIRECTORY", &directory)
}

fn lies_on(lab: &Lab, host: &str) -> Vec<String> {
    let entries = fs::read_dir(directory(lab, host)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_host_gets_what_is_placed_on_it_and_nothing_else() {
    let lab = Lab::new();
    let authority = Authority::new();
    for name in ["a.example", "b.example", "c.example"] {
        import(&lab, &authority, name);
    }
    lab.run(&["cert", "place", "a.example", "--on", "web1", "--on", "web2"])
        .expect_code(0);
    lab.run(&["cert", "place", "b.example", "--on", "web2"])
        .expect_code(0);
    // Two processes on each host at the same instant.
    let both = ["web1", "web1", "web2", "web2"].map(|host| on(&lab, host, &["tick"]).start());
    let ran: Vec<Ran> = lab.wait(async {
        let [a, b, c, d] = both;
        let (a, b, c, d) = tokio::join!(a, b, c, d);
        vec![a, b, c, d]
    });
    for ran in &ran {
        ran.expect_code(0);
    }
    assert_eq!(lies_on(&lab, "web1"), ["a.example"]);
    assert_eq!(lies_on(&lab, "web2"), ["a.example", "b.example"]);
    let states = lab.run(&["cert", "status", "-o", "json"]);
    let states: Vec<(String, String, String)> = states
        .json()
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap_or("-").to_owned();
            (text("certificate"), text("host"), text("state"))
        })
        .collect();
    let row = |name: &str, host: &str, state: &str| (name.to_owned(), host.to_owned(), state.to_owned());
    assert_eq!(
        states,
        [
            row("a.example", "web1", "deployed"),
            row("a.example", "web2", "deployed"),
            row("b.example", "web2", "deployed"),
            row("c.example", "-", "issued"),
        ]
    );
    let refused = on(&lab, "web1", &["cert", "deploy", "b.example", "-o", "json"]).run();
    refused.expect_code(3);
    assert!(refused.stderr.contains("not_placed"), "{refused}");
    taken_back(&lab, &authority);
    taken_off(&lab, &authority);
    brought_back(&lab, &authority);
}

/// A host that serves what was taken back gets what came instead, though it never saw anything between.
fn taken_back(lab: &Lab, authority: &Authority) {
    let pending = ["cert", "deploy", "--pending", "-o", "json"];
    import(lab, authority, "b.example");
    on(lab, "web2", &pending).run().expect_code(0);
    let operation = lab.ask(
        "SELECT id::text FROM hostctl.operations WHERE kind = 'cert.import' ORDER BY started_at DESC LIMIT 1",
    );
    lab.run(&["op", "undo", &operation[0], "--yes"]).expect_code(0);
    import(lab, authority, "b.example");
    let ran = on(lab, "web2", &pending).run();
    assert_eq!(ran.expect_code(0).json()[0]["certificate"], "b.example", "{ran}");
    let serves = directory(lab, "web2").join("b.example/current/fullchain.pem");
    let found = fs::read_to_string(lab.path("b.example").join("fullchain.pem")).expect("a certificate");
    assert_eq!(fs::read_to_string(serves).expect("a certificate"), found);
}

/// A host that was taken off removes what hostctl put there, and fetches it again should it be placed there again.
fn taken_off(lab: &Lab, authority: &Authority) {
    let folder = directory(lab, "web2").join("a.example");
    fs::write(folder.join("notes"), "not yours").expect("a file");
    fs::write(folder.join("1/dh.pem"), "not yours").expect("a file");
    let pending = ["cert", "deploy", "--pending", "-o", "json"];
    let off = ["cert", "place", "a.example", "--off", "web2"];
    lab.run(&off).expect_code(0);
    import(lab, authority, "a.example");
    let shown = on(lab, "web2", &[&pending[..], &["--dry-run"]].concat()).run();
    assert_eq!(shown.expect_code(0).json()[0]["state"], "leaving", "{shown}");
    assert!(
        folder.join("current/privkey.pem").exists(),
        "a plan removes nothing"
    );
    // Killed once the files are gone: the next run does what is left.
    let died = on(lab, "web2", &pending).crash("die:0:effect_done:do").run();
    assert!(died.was_killed(), "{died}");
    let ran = on(lab, "web2", &pending).run();
    assert_eq!(ran.expect_code(0).json()[0]["state"], "removed", "{ran}");
    assert!(ran.stderr.contains("1, notes"), "{ran}");
    assert_eq!(on(lab, "web2", &pending).run().expect_code(0).json(), json!([]));
    let left = |path: PathBuf| -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path)
            .expect("a directory")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(left(folder.clone()), [".lock", "1", "notes"]);
    assert_eq!(left(folder.join("1")), ["dh.pem"]);
    on(lab, "web1", &pending).run().expect_code(0);
    let current = fs::read_link(directory(lab, "web1").join("a.example/current")).expect("a link");
    assert_eq!(current, PathBuf::from("2"), "the other host has the next one");

    // Undone, the host fetches it again; placed again before the host has looked, nothing goes.
    let operation = lab.ask(
        "SELECT id::text FROM hostctl.operations WHERE kind = 'cert.place' ORDER BY started_at DESC LIMIT 1",
    );
    lab.run(&["op", "undo", &operation[0], "--yes"]).expect_code(0);
    on(lab, "web2", &pending).run().expect_code(0);
    assert!(folder.join("current/privkey.pem").exists());
    lab.run(&off).expect_code(0);
    lab.run(&["cert", "place", "a.example", "--on", "web2"])
        .expect_code(0);
    on(lab, "web2", &pending).run().expect_code(0);
    assert!(folder.join("current/privkey.pem").exists());
    // Without anything of others the directory goes too.
    lab.run(&["cert", "place", "b.example", "--off", "web2"])
        .expect_code(0);
    on(lab, "web2", &["tick"]).run().expect_code(0);
    lab.ask("UPDATE hostctl.schedule SET next_at = hostctl.now() RETURNING 1::text");
    on(lab, "web2", &["tick"]).run().expect_code(0);
    assert_eq!(lies_on(lab, "web2"), ["a.example"]);
}

/// What lies on the host may be anything by now: it is looked at before anybody says that it is served.
fn brought_back(lab: &Lab, authority: &Authority) {
    let name = "back.example";
    let pending = || on(lab, "web1", &["cert", "deploy", "--pending", "-o", "json"]).run();
    let arrive = || {
        import(lab, authority, name);
        lab.run(&["cert", "place", name, "--on", "web1"]).expect_code(0);
        pending().expect_code(0);
        fs::read_to_string(lab.path(name).join("fullchain.pem")).expect("a certificate")
    };
    let delete = || {
        let ran = lab.run(&["cert", "delete", name, "--with-places", "--yes", "-o", "json"]);
        let operation = ran.expect_code(0).json()["operation"].clone();
        operation.as_str().expect("an operation").to_owned()
    };
    let folder = directory(lab, "web1").join(name);
    let first = arrive();
    let comes_back = |operation: &str| {
        lab.run(&["op", "undo", operation, "--yes"]).expect_code(0);
        let status = || lab.run(&["cert", "status", name, "-o", "json"]).json()[0]["state"].clone();
        assert_eq!(status(), "waiting", "nobody has looked yet");
        let ran = pending();
        assert_eq!(ran.expect_code(0).json()[0]["certificate"], name, "{ran}");
        let served = fs::read_to_string(folder.join("current/fullchain.pem")).expect("a certificate");
        assert_eq!((served == first, status()), (true, json!("deployed")));
        assert_eq!(pending().expect_code(0).json(), json!([]));
    };

    let operation = delete();
    fs::remove_dir_all(&folder).expect("the files");
    comes_back(&operation);
    // Another of that name came, and went, and may have been taken off that host before.
    for is_taken_off in [false, true] {
        let operation = delete();
        assert!(arrive() != first);
        if is_taken_off {
            lab.run(&["cert", "place", name, "--off", "web1"]).expect_code(0);
        }
        delete();
        comes_back(&operation);
    }
    let leftovers = "SELECT host FROM hostctl.certificate_leftovers WHERE certificate = 'back.example'";
    assert_eq!(lab.ask(leftovers), Vec::<String>::new());
    // What is placed here is not leaving, whatever is written down.
    lab.ask("INSERT INTO hostctl.certificate_leftovers (certificate, host) VALUES ('back.example', 'web1') RETURNING host");
    assert_eq!(pending().expect_code(0).json(), json!([]));
}

#[test]
fn a_full_disk_and_a_directory_of_others_change_nothing() {
    let lab = Lab::new();
    let authority = Authority::new();
    import(&lab, &authority, "a.example");
    lab.run(&["cert", "place", "a.example", "--on", "web1"])
        .expect_code(0);
    let deploy = ["cert", "deploy", "a.example"];
    on(&lab, "web1", &deploy).run().expect_code(0);
    import(&lab, &authority, "a.example");

    // A file that may grow to a kilobyte only is a disk that is full: the chain is longer.
    let spec = Spec::new("/bin/bash")
        .arguments([
            "-c",
            "trap '' XFSZ; ulimit -f 1; exec \"$@\"",
            "bash",
            env!("CARGO_BIN_EXE_hostctl"),
        ])
        .arguments(deploy)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .variable("HOSTCTL_HOST__NAME", "web1")
        .variable("HOSTCTL_CERTIFICATE__DIRECTORY", directory(&lab, "web1"));
    let full = lab.wait(finish(spec, "on a full disk".to_owned()));
    full.expect_code(10);
    assert!(
        full.stderr.contains("cannot be written: File too large"),
        "{full}"
    );
    let folder = directory(&lab, "web1").join("a.example");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(names, [".lock", "1", "current"]);
    let status = lab.run(&["cert", "status", "a.example", "-o", "json"]).json();
    assert_eq!(
        (&status[0]["state"], &status[0]["next_action"]),
        (&json!("failed"), &json!("deploy"))
    );
    on(&lab, "web1", &deploy).run().expect_code(0);

    import(&lab, &authority, "a.example");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs::set_permissions(&folder, open).expect("a mode");
    let refused = on(&lab, "web1", &deploy).run();
    refused.expect_code(10);
    assert!(refused.stderr.contains("can be written by others"), "{refused}");
    assert_eq!(
        fs::read_link(folder.join("current")).expect("a link"),
        PathBuf::from("2")
    );
}
