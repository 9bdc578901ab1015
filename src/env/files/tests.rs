use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;

fn directory() -> TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn file(directory: &TempDir, content: &[u8], mode: u32) -> PathBuf {
    let path = directory.path().join("file");
    std::fs::write(&path, content).expect("written");
    std::fs::set_permissions(&path, Permissions::from_mode(mode)).expect("mode set");
    path
}

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).expect("there").mode() & 0o7777
}

#[test]
fn exactly_one_line_end_is_taken_off_a_secret() {
    let directory = directory();
    for (content, secret) in [("pw", "pw"), ("pw\n", "pw"), ("pw\r\n", "pw"), (" p w ", " p w ")] {
        let path = file(&directory, content.as_bytes(), 0o600);
        assert_eq!(read_secret(&path).expect("readable").expose(), secret);
    }
    for content in ["", "\n", "pw\n\n", "a\nb", "a\0b"] {
        let path = file(&directory, content.as_bytes(), 0o600);
        assert_eq!(read_secret(&path).expect_err(content).kind(), Kind::Usage);
    }
}

#[test]
fn a_secret_that_others_can_read_is_refused_with_the_chmod_that_mends_it() {
    let directory = directory();
    for open in [0o640, 0o604, 0o660, 0o644] {
        let path = file(&directory, b"pw", open);
        let error = read_secret(&path).expect_err("open to others");
        assert_eq!(error.kind(), Kind::Usage);
        assert_eq!(
            error.hint_text(),
            Some(format!("chmod 600 {}", path.display()).as_str())
        );
    }
}

#[test]
fn what_is_no_plain_file_is_no_secret_and_opening_it_does_not_hang() {
    let directory = directory();
    let target = file(&directory, b"pw", 0o600);
    let link = directory.path().join("link");
    symlink(&target, &link).expect("linked");
    let fifo = directory.path().join("fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        Mode::RUSR | Mode::WUSR,
        0,
    )
    .expect("fifo");
    let missing = directory.path().join("missing");
    for path in [
        link.as_path(),
        fifo.as_path(),
        directory.path(),
        Path::new("/dev/zero"),
        missing.as_path(),
    ] {
        assert_eq!(
            read_secret(path).expect_err("refused").kind(),
            Kind::Usage,
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_secret_over_the_limit_is_refused() {
    let directory = directory();
    let limit = usize::try_from(SECRET_LIMIT).expect("small");
    assert!(read_private(&file(&directory, &vec![b'x'; limit], 0o600)).is_ok());
    assert!(read_private(&file(&directory, &vec![b'x'; limit + 1], 0o600)).is_err());
}

#[test]
fn a_file_of_another_user_is_refused() {
    let directory = directory();
    let path = file(&directory, b"pw", 0o600);
    let is_root = own_uid() == 0;
    if is_root {
        std::os::unix::fs::chown(&path, Some(65534), None).expect("root may");
        assert!(
            read_secret(&path)
                .expect_err("foreign")
                .message()
                .contains("owned by another user")
        );
        assert!(
            read_config(&path)
                .expect_err("foreign")
                .message()
                .contains("owned by another user")
        );
    }
    let link = directory.path().join("link");
    symlink(
        file(&TempDir::new_in(directory.path()).expect("inner"), b"", 0o600),
        &link,
    )
    .expect("linked");
    if is_root {
        std::os::unix::fs::lchown(&link, Some(65534), None).expect("root may");
        assert!(
            read_config(&link)
                .expect_err("foreign link")
                .message()
                .contains("owned by another user")
        );
    }
}

#[test]
fn configuration_that_every_user_may_write_is_refused() {
    let directory = directory();
    let path = file(&directory, b"a = 1", 0o644);
    assert_eq!(read_config(&path).expect("readable").as_deref(), Some("a = 1"));
    let error = read_config(&file(&directory, b"a = 1", 0o646)).expect_err("writable");
    assert_eq!(
        error.hint_text(),
        Some(format!("chmod o-w {}", path.display()).as_str())
    );
    assert_eq!(
        read_config(&directory.path().join("missing")).expect("no error"),
        None
    );
}

#[test]
fn private_files_are_0600_whatever_the_umask() {
    let directory = directory();
    let before = rustix::process::umask(Mode::empty());
    let path = directory.path().join("new");
    let outcome = write_private(&path, b"one");
    let made = create_private_dir(&directory.path().join("a/b"));
    rustix::process::umask(before);
    outcome.expect("written");
    made.expect("made");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&directory.path().join("a")), 0o700);
    assert_eq!(mode(&directory.path().join("a/b")), 0o700);
}

#[test]
fn what_exists_is_not_overwritten_not_even_through_a_dangling_link() {
    let directory = directory();
    let path = file(&directory, b"old", 0o600);
    assert_eq!(
        write_private(&path, b"new").expect_err("exists").reason(),
        "exists"
    );
    assert_eq!(std::fs::read(&path).expect("there"), b"old");
    let link = directory.path().join("link");
    symlink(directory.path().join("nowhere"), &link).expect("linked");
    assert_eq!(
        write_private(&link, b"new").expect_err("exists").kind(),
        Kind::Conflict
    );
}

#[test]
fn replacing_leaves_only_the_new_content_behind() {
    let directory = directory();
    let path = file(&directory, b"old", 0o644);
    replace_private(&path, b"new").expect("replaced");
    assert_eq!(std::fs::read(&path).expect("there"), b"new");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(std::fs::read_dir(directory.path()).expect("listed").count(), 1);
    std::fs::create_dir(directory.path().join("taken")).expect("made");
    replace_private(&directory.path().join("taken"), b"new").expect_err("a directory is in the way");
    assert_eq!(std::fs::read_dir(directory.path()).expect("listed").count(), 2);
}

#[test]
fn a_directory_that_is_open_to_others_is_not_private() {
    let directory = directory();
    let path = directory.path().join("state");
    create_private_dir(&path).expect("made");
    create_private_dir(&path).expect("made before");
    std::fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("mode set");
    assert_eq!(
        create_private_dir(&path).expect_err("open").hint_text(),
        Some(format!("chmod 700 {}", path.display()).as_str())
    );
}
