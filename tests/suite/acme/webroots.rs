//! Where a web server of somebody else serves what we put below its root: a tenant's, who may put anything there as well.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::env::child::{self, Signal, Spec};
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::challenges::serve;
use crate::support::acme::{PLAIN, Pebble};
use crate::support::call::{finish, program};
use crate::support::{Lab, Ran};

const NAME: &str = "web.shop.example";
/// Somebody who is not us, where we may give something away.
const TENANT: u32 = 65534;

#[test]
fn a_webroot_is_left_as_its_owner_made_it() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let root = webroot(&lab, "web");
    a_root_that_is_not_there(&lab, &pebble);
    a_link_that_leads_away(&lab, &root);
    a_web_server_that_is_silent(&lab, &pebble, &root);
    a_token_that_becomes_something_else(&lab, &pebble, &root);
}

/// Nothing is made of a path with a slip in it, and nobody is asked.
fn a_root_that_is_not_there(lab: &Lab, pebble: &Pebble) {
    pebble.wire.forget();
    let root = lab.path("wbe");
    let ran = issue(lab, "022", &root, "");
    ran.expect_code(8);
    assert!(ran.stderr.contains("does not exist"), "{ran}");
    assert!(!root.exists());
    assert_eq!(pebble.wire.count(""), 0);
}

/// It is not followed, and what it leads to stays as it is.
fn a_link_that_leads_away(lab: &Lab, root: &Path) {
    let secret = lab.path("secret");
    fs::create_dir(&secret).expect("a directory");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o700)).expect("a mode");
    symlink(&secret, root.join(".well-known")).expect("a link");
    let ran = issue(lab, "022", root, "");
    ran.expect_code(8);
    assert!(ran.stderr.contains(".well-known is a symbolic link"), "{ran}");
    assert_eq!((mode(&secret), entries(&secret).len()), (0o700, 0));
    fs::remove_file(root.join(".well-known")).expect("removed");
}

/// What is put there for a look is gone however the look ends, the next time at the latest.
fn a_web_server_that_is_silent(lab: &Lab, pebble: &Pebble, root: &Path) {
    let silent = TcpListener::bind(("127.0.0.1", pebble.http)).expect("bound");
    let shown = root.display().to_string();
    let words = ["cert", "issue", NAME, "--webroot", &shown];
    let ran = lab.run(&[&words[..], &["--timeout", "4s"]].concat());
    ran.expect_code(8);
    let who = format!("the web server of {NAME} at 127.0.0.1:{}", pebble.http);
    assert!(ran.stderr.contains(&who), "{ran}");
    assert_eq!(entries(&tokens(root)), Vec::<PathBuf>::new());

    for signal in [Signal::Terminate, Signal::Kill] {
        let spec = program(&words).variable("HOSTCTL_CONFIG", lab.sandbox().config_file());
        let log = lab.path("silent.log");
        let process = child::spawn_server(&spec, &log, child::Lifetime::WithParent).expect("started");
        let begun = hostctl::clock::instant();
        while entries(&tokens(root)).is_empty() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{}",
                fs::read_to_string(&log).expect("a log")
            );
            lab.wait(async { tokio::time::sleep(Duration::from_millis(5)).await });
        }
        lab.wait(child::stop(process, signal, Duration::from_secs(20)))
            .expect("stopped");
        let left = entries(&tokens(root));
        assert_eq!(left.len(), usize::from(signal == Signal::Kill), "{signal:?}");
    }
    drop(silent);
    let left = fs::File::options().write(true).open(&entries(&tokens(root))[0]);
    let long_ago = std::time::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    left.and_then(|file| file.set_modified(long_ago)).expect("a time");
}

/// Nobody waits for what the tenant has put in the place of our file, and it is not taken away.
fn a_token_that_becomes_something_else(lab: &Lab, pebble: &Pebble, root: &Path) {
    let server = lab.wait(serve(pebble.http, root.to_owned()));
    let died = issue(lab, "077", root, "die:4:mid_effect:do");
    assert!(died.was_killed(), "{died}");
    let [token] = &entries(&tokens(root))[..] else {
        panic!("{:?}", entries(&tokens(root)));
    };
    assert_eq!(mode(token), 0o644);
    expect_readable(root);
    fs::remove_file(token).expect("removed");
    mknodat(CWD, token, FileType::Fifo, Mode::RUSR, 0).expect("a FIFO");
    for verb in [&["op", "recover"][..], &["tick"]] {
        lab.run(verb).expect_code(0);
    }
    let kind = fs::symlink_metadata(token).expect("there").file_type();
    assert!(kind.is_fifo());
    assert_eq!(
        lab.ask("SELECT name FROM hostctl.certificates"),
        Vec::<String>::new()
    );
    fs::remove_file(token).expect("removed");
    server.abort();
    lab.wait(server).expect_err("aborted");

    let other = webroot(lab, "other");
    let server = lab.wait(serve(pebble.http, other.clone()));
    issue(lab, "000", &other, "").expect_code(0);
    server.abort();
    expect_readable(&other);
    assert_eq!(entries(&tokens(&other)), Vec::<PathBuf>::new());
}

/// The directories that we made can be read by every web server, and are their owner's who has the root.
fn expect_readable(root: &Path) {
    let owner = fs::metadata(root).expect("there").uid();
    for part in [".well-known", ".well-known/acme-challenge"] {
        let part = root.join(part);
        let found = fs::metadata(&part).expect("there");
        assert_eq!((mode(&part), found.uid()), (0o755, owner), "{}", part.display());
    }
}

/// A directory of a tenant.
fn webroot(lab: &Lab, name: &str) -> PathBuf {
    let root = lab.path(name);
    fs::create_dir(&root).expect("a directory");
    if rustix::process::geteuid().is_root() {
        chown(&root, Some(TENANT), Some(TENANT)).expect("given away");
    }
    root
}

/// Issues by way of a webroot, under an umask, dying where `crash` says.
fn issue(lab: &Lab, umask: &str, root: &Path, crash: &str) -> Ran {
    let script = format!("umask {umask}; exec \"$@\"");
    let spec = Spec::new("/bin/bash")
        .arguments(["-c", &script, "bash", env!("CARGO_BIN_EXE_hostctl")])
        .arguments(["cert", "issue", NAME, "--webroot"])
        .argument(root)
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
        .deadline(Duration::from_secs(60));
    let spec = match crash {
        "" => spec,
        crash => spec.variable("HOSTCTL_CRASH", crash),
    };
    lab.wait(finish(
        spec,
        format!("umask {umask}; cert issue --webroot {}", root.display()),
    ))
}

fn tokens(root: &Path) -> PathBuf {
    root.join(".well-known/acme-challenge")
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("there").permissions().mode() & 0o7777
}
