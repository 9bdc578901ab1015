//! From the import to the live port, and whatever goes wrong at the hook.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use hostctl::env::child::Spec;
use serde_json::{Value, json};

use super::authority::{Authority, Pair};
use super::nginx::{Nginx, program};
use crate::support::call::finish;
use crate::support::{Lab, Ran};

const NAME: &str = "shop.example";

/// Imports the pair from a directory; the row that is answered.
fn import(lab: &Lab, pair: &Pair) -> Value {
    let directory = lab.path("found");
    pair.write(&directory);
    let path = directory.display().to_string();
    let ran = lab.run(&["cert", "import", &path, "-o", "json"]);
    ran.expect_code(0);
    ran.json()[0].clone()
}

fn shown(lab: &Lab) -> Value {
    let ran = lab.run(&["cert", "show", NAME, "-o", "json"]);
    ran.expect_code(0);
    ran.json()
}

fn status(lab: &Lab) -> Value {
    let ran = lab.run(&["cert", "status", NAME, "-o", "json"]);
    ran.expect_code(0);
    ran.json()[0].clone()
}

fn serial(lab: &Lab) -> String {
    shown(lab)["serial"].as_str().expect("a serial").to_owned()
}

/// The program under an umask that takes nothing.
fn without_umask(lab: &Lab, arguments: &[&str]) -> Ran {
    let spec = Spec::new("/bin/bash")
        .arguments([
            "-c",
            "umask 000; exec \"$@\"",
            "bash",
            env!("CARGO_BIN_EXE_hostctl"),
        ])
        .arguments(arguments)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .deadline(std::time::Duration::from_secs(60));
    lab.wait(finish(spec, arguments.join(" ")))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o7777
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story in one world: a server is dear")]
fn what_is_imported_reaches_the_live_port_and_a_bad_hook_leaves_the_old_one() {
    let lab = Lab::new();
    let authority = Authority::new();
    let directory = lab.path("certificates");
    lab.configure(&format!(
        "\n[certificate]\ndirectory = \"{}\"\nhook_timeout = \"2s\"\nprobe_timeout = \"3s\"\n\n[host]\nname = \"web1\"\n",
        directory.display()
    ));
    let first = authority.issue(&[NAME, "*.shop.example"], 90);
    let imported = import(&lab, &first);
    assert_eq!(
        (
            &imported["state"],
            &imported["challenge"],
            &imported["identifiers"]
        ),
        (
            &json!("imported"),
            &json!("imported"),
            &json!("shop.example *.shop.example")
        )
    );
    assert_eq!(import(&lab, &first)["state"], "unchanged");
    assert_eq!(status(&lab)["state"], "issued");

    // Placed nowhere, nothing comes; placed here, tick brings it.
    lab.run(&["tick"]).expect_code(0);
    assert!(!directory.exists());
    lab.run(&["cert", "place", NAME]).expect_code(0);
    assert_eq!(
        (status(&lab)["state"].clone(), status(&lab)["host"].clone()),
        (json!("waiting"), json!("web1"))
    );
    without_umask(&lab, &["cert", "deploy", NAME]).expect_code(0);
    assert_eq!(status(&lab)["state"], "deployed");
    let current = directory.join(NAME).join("current");
    assert_eq!(fs::read_link(&current).expect("a link"), Path::new("1"));
    assert_eq!(mode(&directory), 0o700);
    assert_eq!(mode(&directory.join(NAME)), 0o700);
    assert_eq!(mode(&current), 0o700);
    for part in ["cert", "chain", "fullchain", "privkey", "combined"] {
        assert_eq!(mode(&current.join(format!("{part}.pem"))), 0o600, "{part}");
    }
    let text = |part: &str| fs::read_to_string(current.join(format!("{part}.pem"))).expect("a file");
    let plain = |text: &str| text.replace('\r', "");
    assert_eq!(text("fullchain"), plain(&first.fullchain()));
    assert_eq!(text("privkey"), plain(&first.key));
    assert_eq!(text("combined"), text("fullchain") + &text("privkey"));
    assert_eq!(text("cert") + &text("chain"), text("fullchain"));

    // A real server, a hook and a probe: the next one is served at once, with the mode that the operator gave.
    let nginx = Nginx::start(&lab, &current);
    let one = serial(&lab);
    assert_eq!(nginx.serial(&lab, NAME), one);
    fs::set_permissions(current.join("cert.pem"), fs::Permissions::from_mode(0o644)).expect("a mode");
    fs::set_permissions(current.join("privkey.pem"), fs::Permissions::from_mode(0o644)).expect("a mode");
    let set = |hook: &str| {
        let hook = format!("[{hook:?}]");
        let probe = format!("127.0.0.1:{}", nginx.port);
        let set = ["cert", "set", NAME, "--deploy-hook", &hook, "--probe", &probe];
        lab.run(&set).expect_code(0);
    };
    let reload = nginx.reload(&lab).display().to_string();
    set(&reload);
    import(&lab, &authority.issue(&[NAME, "*.shop.example"], 91));
    lab.ask("UPDATE hostctl.schedule SET next_at = hostctl.now()");
    lab.run(&["tick"]).expect_code(0);
    let two = serial(&lab);
    assert!(one != two && nginx.comes_to_serve(&lab, NAME, &two));
    assert_eq!(
        (
            mode(&current.join("cert.pem")),
            mode(&current.join("privkey.pem"))
        ),
        (0o644, 0o640)
    );

    // A hook that fails, one that hangs, and one that does nothing, so that the probe sees the old one.
    let log = lab.path("told");
    let tell = format!(
        "echo \"$HOSTCTL_HOOK_RESULT $HOSTCTL_HOOK_REASON\" >>{}",
        log.display()
    );
    let hooks = [
        (
            "fails",
            format!("{tell}\necho the reason >&2\nexit 3"),
            "exited with 3: the reason",
        ),
        ("hangs", format!("{tell}\nsleep 600"), "did not end within 2 s"),
        ("idle", tell.clone(), &*format!("shows serial {two}")),
    ];
    import(&lab, &authority.issue(&[NAME, "*.shop.example"], 92));
    let three = serial(&lab);
    for (name, script, said) in &hooks {
        set(&program(&lab.path(name), script).display().to_string());
        let ran = lab.run(&["cert", "deploy", NAME, "-o", "json"]);
        ran.expect_code(10);
        assert!(ran.stderr.contains(said), "{ran}");
        assert_eq!(fs::read_link(&current).expect("a link"), Path::new("2"), "{name}");
        assert_eq!(nginx.serial(&lab, NAME), two, "{name}");
        let told = fs::read_to_string(&log).expect("a log");
        assert!(
            told.ends_with("deployed renewed\nrolled_back failed\n"),
            "{name}: {told}"
        );
        let now = status(&lab);
        assert_eq!(
            (&now["state"], &now["next_action"]),
            (&json!("failed"), &json!("deploy")),
            "{name}"
        );
        assert!(
            now["last_error"]
                .as_str()
                .is_some_and(|error| error.contains(said)),
            "{now}"
        );
    }
    // Not tried before its time, and then the deployment alone.
    set(&reload);
    let pending = ["cert", "deploy", "--pending", "-o", "json"];
    let ran = lab.run(&pending);
    assert_eq!(ran.expect_code(0).json(), json!([]));
    lab.ask("UPDATE hostctl.certificate_places SET next_at = hostctl.now()");
    let ran = lab.run(&pending);
    assert_eq!(ran.expect_code(0).json()[0]["serial"], json!(three));
    assert!(nginx.comes_to_serve(&lab, NAME, &three));
    let now = status(&lab);
    assert_eq!(
        (&now["state"], &now["last_error"]),
        (&json!("deployed"), &Value::Null)
    );
    let ran = lab.run(&["cert", "deploy", NAME, "-o", "json"]);
    assert_eq!(ran.expect_code(0).json()[0]["state"], "unchanged");

    check(&lab, &authority, &nginx);
    nginx.end(&lab);
    assert_eq!(lab.leftover_secrets(first.secret()), Vec::<String>::new());
    let rows = lab.run(&["keyring", "check", "-o", "json"]);
    let certificates = rows.expect_code(0).json()[2].clone();
    assert_eq!(
        certificates,
        json!({ "purpose": "certificate", "secrets": 3, "opened": 3 })
    );
}

/// `cert check` needs no control database and tells by its exit code.
fn check(lab: &Lab, authority: &Authority, nginx: &Nginx) {
    let root = lab.path("root.pem");
    authority.write_root(&root);
    let (port, root) = (format!("127.0.0.1:{}", nginx.port), root.display().to_string());
    let check = |more: &[&str]| {
        let words = [&["cert", "check", &port, "--ca-file", &root, "-o", "json"], more].concat();
        lab.call(&words).through(1).run()
    };
    for (more, code, why) in [
        (&["--name", NAME][..], 0, ""),
        (&["--name", NAME, "--warn", "95d"], 10, "expires in 91 days"),
        (
            &["--name", NAME, "--warn", "99d", "--crit", "95d"],
            5,
            "expires in 91 days",
        ),
        (&["--name", "other.example"], 5, "a client refuses it"),
    ] {
        let ran = check(more);
        ran.expect_code(code);
        assert!(ran.stderr.contains(why), "{ran}");
        assert_eq!(ran.json()["chain_length"], 2);
    }
    let ran = lab.run(&["cert", "check", "127.0.0.1:1", "--name", NAME]);
    ran.expect_code(8);
}
