use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt as _, lchown, symlink};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;

const TEXT: &str = "token-1.thumb";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

#[test]
fn a_file_comes_and_goes_and_others_stay() {
    let root = tempfile::tempdir().expect("a directory");
    let path = path(root.path(), "token-1").expect("a path");
    check(root.path()).expect("a directory");
    assert_eq!(fs::read_dir(root.path()).expect("a directory").count(), 0);
    write(&path, TEXT).expect("written");
    write(&path, TEXT).expect("written twice");
    check(root.path()).expect("a directory");
    assert!(is_ours(&path, TEXT));
    assert_eq!(mode(&path), 0o644);
    for part in path.ancestors().skip(1).take(2) {
        assert_eq!(mode(part), 0o755, "{}", part.display());
    }
    assert!(write(&path, "another").is_err(), "never overwritten");
    remove(&path, "another").expect("not ours");
    assert!(path.exists());
    fs::write(&path, &TEXT[..4]).expect("a part");
    write(&path, TEXT).expect("made whole");
    assert!(is_ours(&path, TEXT));
    fs::write(&path, &TEXT[..4]).expect("a part");
    remove(&path, TEXT).expect("removed");
    remove(&path, TEXT).expect("removed twice");
    assert!(!path.exists());
    drop(root);
    remove(&path, TEXT).expect("nowhere");
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_removed() {
    let root = tempfile::tempdir().expect("a directory");
    let path = path(root.path(), "token-1").expect("a path");
    write(&path, TEXT).expect("written");
    let put: [&dyn Fn(); 4] = [
        &|| mknodat(CWD, &path, FileType::Fifo, Mode::RUSR, 0).expect("a FIFO"),
        &|| symlink("/dev/zero", &path).expect("a link"),
        &|| symlink("token-2", &path).expect("a dangling link"),
        &|| fs::write(&path, TEXT.repeat(1000)).expect("a long file"),
    ];
    for put in put {
        fs::remove_file(&path).expect("removed");
        put();
        assert!(!is_ours(&path, TEXT));
        assert_eq!(write(&path, TEXT).expect_err("taken").reason(), "webroot");
        remove(&path, TEXT).expect("not ours");
        assert!(path.symlink_metadata().is_ok());
    }
}

#[test]
fn no_part_of_the_way_is_a_link_or_made_beside_the_root() {
    let place = tempfile::tempdir().expect("a directory");
    let away = place.path().join("away");
    fs::create_dir(&away).expect("a directory");
    fs::set_permissions(&away, fs::Permissions::from_mode(0o700)).expect("a mode");
    let root = place.path().join("web");
    let path = path(&root, "token-1").expect("a path");
    for refused in [check(&root), write(&path, TEXT)] {
        assert!(
            refused
                .expect_err("no root")
                .message()
                .ends_with("does not exist")
        );
    }
    fs::create_dir(&root).expect("a directory");
    for part in [".well-known", ".well-known/acme-challenge"] {
        symlink(&away, root.join(part)).expect("a link");
        for refused in [check(&root), write(&path, TEXT)] {
            let error = refused.expect_err("a link");
            assert!(error.message().contains("symbolic link"), "{error}");
        }
        assert!(!is_ours(&path, TEXT));
        remove(&path, TEXT).expect("nothing of ours");
        fs::remove_file(root.join(part)).expect("removed");
        fs::create_dir(root.join(part)).expect("a directory");
    }
    assert_eq!(
        (mode(&away), fs::read_dir(&away).expect("there").count()),
        (0o700, 0)
    );

    // The root itself is the administrator's word, if he made the link.
    let link = place.path().join("link");
    symlink("web", &link).expect("a link");
    write(&super::path(&link, "token-1").expect("a path"), TEXT).expect("written");
    assert!(is_ours(&path, TEXT));
}

#[test]
fn a_link_above_the_root_leads_to_nothing_but_its_owners() {
    let place = tempfile::tempdir().expect("a directory");
    let (other, site) = (place.path().join("other"), place.path().join("site"));
    fs::create_dir_all(other.join("public")).expect("a directory");
    symlink("other", &site).expect("a link");
    let root = site.join("public");
    let path = path(&root, "token-1").expect("a path");
    let is_there = || other.join("public/.well-known").exists();
    // Only root can give links away, and what it makes itself it may follow.
    if rustix::process::geteuid().is_root() {
        lchown(&site, Some(4242), Some(4242)).expect("given away");
        for refused in [
            check(&root),
            write(&path, TEXT),
            show(&root, "look", TEXT).map(drop),
        ] {
            let error = refused.expect_err("a link");
            let told = format!("{} is a symbolic link", site.display());
            assert!(error.message().contains(&told), "{error}");
        }
        remove(&path, TEXT).expect("nothing of ours");
        assert!(!is_ours(&path, TEXT) && !is_there());
        lchown(&other, Some(4242), Some(4242)).expect("given away");
    }
    write(&path, TEXT).expect("his own");
    assert!(is_ours(&path, TEXT) && is_there());
    let (here, there) = (place.path().join("here"), place.path().join("there"));
    symlink("there", &here).expect("a link");
    symlink("here", &there).expect("a link");
    check(&here.join("public")).expect_err("a ring");
}

#[test]
fn what_a_look_has_left_goes_with_the_next_one() {
    let root = tempfile::tempdir().expect("a directory");
    let (name, text) = secret().expect("a secret");
    let place = path(root.path(), &name).expect("a path");
    drop(show(root.path(), &name, &text).expect("shown"));
    assert!(!place.exists());

    let others = [format!("{LOOK}other"), "other".to_owned()].map(|name| place.with_file_name(name));
    let long_ago = UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for file in others.iter().chain([&place]) {
        let text = if *file == place { text.as_str() } else { "theirs" };
        fs::write(file, text).expect("written");
        let opened = File::options().write(true).open(file).expect("there");
        opened.set_modified(long_ago).expect("a time");
    }
    let young = place.with_file_name(format!("{LOOK}young"));
    fs::write(&young, words(&format!("{LOOK}young"))).expect("written");
    let token = path(root.path(), "token-1").expect("a path");
    write(&token, TEXT).expect("written");
    assert!(!place.exists(), "old, and ours");
    assert!(others.iter().chain([&young, &token]).all(|file| file.exists()));
}

#[test]
fn a_token_is_never_a_path() {
    for token in ["", "..", "a/b", "a.b", "a b"] {
        assert!(path(Path::new("/srv"), token).is_err(), "{token}");
    }
}
