//! A reader in a loop, in a process of its own, while generations come and go.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hostctl::certificate::place::{Files, Folder, Layout};
use hostctl::certificate::x509::Chain;
use hostctl::env::child::{self, Spec};
use hostctl::model::{CertificateName, Secret};

use super::authority::Authority;

/// How many generations are deployed.
const TIMES: i32 = 100;
/// How often a reader saw a whole pair meanwhile.
const LOOKS: u32 = 50;
/// A process of its own, of another language and with another library, which is told where to look, when it is over, and how
/// often it has to have seen a pair by then. It opens `current` once for two files, and `combined.pem` once.
const READER: &str = r#"
import os, ssl, sys, time
current, over, looks = sys.argv[1], sys.argv[2], int(sys.argv[3])
seen, end = 0, time.monotonic() + 60
def check(certificate, key):
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        sys.exit(f"no pair: {error}")
def copied(name, directory=None):
    file = os.open(name, os.O_RDONLY, dir_fd=directory)
    copy = os.memfd_create("copy")
    try:
        while part := os.read(file, 65536):
            os.write(copy, part)
        return copy
    finally:
        os.close(file)
def path(file):
    return f"/proc/self/fd/{file}"
while seen < looks or not os.path.exists(over):
    if time.monotonic() > end:
        sys.exit(f"{seen} pairs seen in time")
    held = []
    try:
        held.append(copied(current + "/combined.pem"))
        check(path(held[0]), path(held[0]))
        held.append(os.open(current, os.O_RDONLY | os.O_DIRECTORY))
        held.append(copied("fullchain.pem", held[1]))
        held.append(copied("privkey.pem", held[1]))
        check(path(held[2]), path(held[3]))
        seen += 1
    except FileNotFoundError:
        pass  # Its generation was pruned meanwhile.
    finally:
        for file in held:
            os.close(file)
"#;

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
        folder.switch(&installed, None).expect("switched");
        folder.prune().expect("pruned");
    };
    deploy(0);
    let current = layout.current(&name);
    let over = directory.path().join("over");
    let spec = Spec::new("python3")
        .arguments(["-c", READER])
        .argument(&current)
        .argument(&over)
        .argument(LOOKS.to_string())
        .deadline(Duration::from_secs(90));
    let reader = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(child::run(spec))
    });
    let mut number = 0;
    while !reader.is_finished() {
        number += 1;
        deploy(number);
        if number == TIMES {
            fs::write(&over, "").expect("a file");
        }
    }
    let ended = reader
        .join()
        .expect("a reader")
        .expect("python3 is missing: apt-get install --no-install-recommends python3");
    ended.succeeded().expect("pairs alone");
    assert!(number >= TIMES, "{number}");
    let kept = fs::read_dir(current.parent().expect("a folder"))
        .expect("a folder")
        .count();
    assert_eq!(kept, 3 + 3, "three generations, two links and the lock");
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
    let links = || (folder.current(), folder.previous());
    let lead =
        |current: &str, previous: Option<&str>| (Some(current.to_owned()), previous.map(str::to_owned));
    folder.switch("1.2", None).expect("switched");
    assert_eq!(links(), lead("1.2", None));
    folder.switch("1", None).expect("switched");
    assert_eq!(links(), lead("1", Some("1.2")));
    folder.switch_back("1.2").expect("back");
    assert_eq!(links(), lead("1.2", Some("1.2")));
    // What was confirmed before is remembered, wherever the link leads.
    assert_eq!(folder.install(2, &first).expect("installed"), "2");
    folder.switch("2", Some("1")).expect("switched");
    assert_eq!(links(), lead("2", Some("1")));
    folder.switch("2", Some("1.2")).expect("switched");
    assert_eq!(links(), lead("2", Some("1.2")));
    // A directory is found by what it holds.
    let earlier = |number, serial: Option<&str>| folder.earlier(number, serial).expect("a folder");
    let newest = earlier(1, None).expect("the newest");
    assert_eq!(newest.directory, "1.2");
    let other = earlier(2, None).expect("what is served").serial;
    assert_eq!(earlier(1, Some(&other)).expect("the first").directory, "1");
    assert_eq!(earlier(1, Some("00")), None);
    assert_eq!(earlier(7, None), None);
    drop(folder);
    open(&layout, &name);
}
