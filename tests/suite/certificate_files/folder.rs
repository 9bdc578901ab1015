//! A reader in a loop while generations come and go.

use std::fs;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use hostctl::certificate::place::{Files, Folder, Layout};
use hostctl::certificate::x509::{Chain, Key};
use hostctl::model::{CertificateName, Secret};
use rustix::fs::{Mode, OFlags};

use super::authority::Authority;

/// How many generations are deployed.
const TIMES: i32 = 100;
/// How often a reader saw a whole pair meanwhile.
const LOOKS: u32 = 50;

/// Opens it once nobody else has it: whatever another test starts holds our lock too, until it has become its program.
fn open(layout: &Layout, name: &CertificateName) -> Folder {
    for _ in 0..1000 {
        if let Some(folder) = layout.open(name).expect("a folder") {
            return folder;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the folder is never free");
}

/// Says so when it goes, so that a panic does not leave the reader reading.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A directory that costs no disk.
fn in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    made.expect("a directory")
}

#[test]
fn who_opens_current_once_never_sees_a_key_without_its_certificate() {
    let directory = in_memory();
    let authority = Authority::new();
    let layout = Layout {
        directory: directory.path().join("certificates"),
        group: None,
    };
    let name = "shop.example".parse().expect("a name");
    let pairs: Vec<Files> = (0..2)
        .map(|_| {
            let pair = authority.issue(&["shop.example"], 90);
            let chain = Chain::read(pair.fullchain().as_bytes()).expect("a chain");
            Files::new(&chain, Some(&Secret::new(pair.key)))
        })
        .collect();
    let deploy = |number: i32| {
        let folder = open(&layout, &name);
        let files = &pairs[usize::from(number % 2 == 1)];
        let installed = folder.install(number, files).expect("installed");
        folder.switch(&installed).expect("switched");
        folder.prune().expect("pruned");
    };
    deploy(0);
    let current = layout.current(&name);
    let (is_over, seen) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                seen.fetch_add(u32::from(look(&current)), Ordering::Relaxed);
            }
        });
        let over = Over(&is_over);
        let mut number = 0;
        while !reader.is_finished() && (number < TIMES || seen.load(Ordering::Relaxed) < LOOKS) {
            number += 1;
            deploy(number);
        }
        drop(over);
        reader.join().expect("a reader that saw pairs alone");
    });
    let kept = fs::read_dir(current.parent().expect("a folder"))
        .expect("a folder")
        .count();
    assert_eq!(kept, 3 + 3, "three generations, two links and the lock");
}

/// Whether all files could be read before their generation was pruned; those that were belong together.
fn look(current: &Path) -> bool {
    let Ok(combined) = fs::read(current.join("combined.pem")) else {
        return false;
    };
    let key = Key::read(&combined).expect("a key");
    let chain = Chain::read(&combined).expect("a chain");
    chain.check_key(&key).expect("one file is one pair");
    let Ok(opened) = rustix::fs::open(current, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()) else {
        return false;
    };
    let read = |name: &str| {
        let file = rustix::fs::openat(&opened, name, OFlags::RDONLY, Mode::empty()).ok()?;
        let mut bytes = Vec::new();
        File::from(file).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let (Some(chain), Some(key)) = (read("fullchain.pem"), read("privkey.pem")) else {
        return false;
    };
    let key = Key::read(&key).expect("a key");
    Chain::read(&chain)
        .expect("a chain")
        .check_key(&key)
        .expect("a pair");
    true
}

#[test]
fn one_process_works_on_a_certificate_and_a_number_is_never_overwritten() {
    let directory = in_memory();
    let authority = Authority::new();
    let layout = Layout {
        directory: directory.path().join("certificates"),
        group: None,
    };
    let name = "shop.example".parse().expect("a name");
    let files = || {
        let pair = authority.issue(&["shop.example"], 90);
        let chain = Chain::read(pair.fullchain().as_bytes()).expect("a chain");
        Files::new(&chain, Some(&Secret::new(pair.key)))
    };
    let folder = open(&layout, &name);
    assert!(layout.open(&name).expect("a folder").is_none(), "held");
    let (first, second) = (files(), files());
    assert_eq!(folder.install(1, &first).expect("installed"), "1");
    assert_eq!(folder.install(1, &first).expect("there already"), "1");
    // A certificate that was deleted and made anew begins with 1 again.
    assert_eq!(folder.install(1, &second).expect("installed"), "1.2");
    folder.switch("1.2").expect("switched");
    assert!(!folder.switch_back().expect("nothing before"));
    folder.switch("1").expect("switched");
    assert_eq!(
        (folder.current().as_deref(), folder.previous().as_deref()),
        (Some("1"), Some("1.2"))
    );
    assert!(folder.switch_back().expect("back"));
    assert_eq!(folder.current().as_deref(), Some("1.2"));
    drop(folder);
    open(&layout, &name);
}
