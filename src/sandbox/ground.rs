//! The directory of a sandbox: whose it is, what lies where, and who works in it.
//!
//! All servers run as one service user. Started by root that is `postgres`: PostgreSQL is the one server every sandbox
//! has, its Debian package makes the user, and it refuses to run as root. Otherwise it is whoever starts the sandbox.
//! Files that hostctl reads belong to who runs hostctl; each server has a directory of its own (0700).

use std::fs;
use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::files;
use super::ports::Port;
use super::state::{Name, Record};
use crate::env::child::{self, Lifetime, Spec, User};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// The user that the servers drop to when root starts them.
const SERVICE_USER: &str = "postgres";
/// How long the lock of a sandbox may still be held by what was being started.
const PATIENCE: Duration = Duration::from_millis(500);
/// Its presence says that everything in the directory may be deleted.
const MARKER: &str = ".hostctl-sandbox";
/// The path of a unix socket has at most 107 bytes (unix(7)), of which servers need up to 43 below the directory.
const LONGEST: usize = 64;

/// A place that is ours, and the record of what runs there.
pub(super) struct Ground {
    pub directory: PathBuf,
    pub user: User,
    pub lifetime: Lifetime,
    pub record: Record,
    ports: Mutex<Vec<Port>>,
}

impl Ground {
    pub fn new(directory: PathBuf, user: User, record: Record) -> Ground {
        let lifetime = record.get().lifetime();
        Ground {
            directory,
            user,
            lifetime,
            record,
            ports: Mutex::new(Vec::new()),
        }
    }

    /// The directory of one server, which only the service user (and root) can enter.
    pub fn of(&self, server: Name) -> PathBuf {
        self.directory.join(server.word())
    }

    /// A file or directory at the top, which belongs to who runs hostctl.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    pub fn log(&self, server: Name) -> PathBuf {
        self.directory.join("log").join(format!("{}.log", server.word()))
    }

    /// Writes a file that `server` reads.
    pub fn configure(&self, server: Name, file: &str, contents: &str) -> Result<()> {
        files::write(&self.of(server).join(file), contents, Some(&self.user))
    }

    /// A program to be run by the service user in the directory of `server`.
    pub fn spec(&self, server: Name, program: impl Into<PathBuf>) -> Spec {
        Spec::new(program)
            .user(self.user.clone())
            .directory(self.of(server))
    }

    /// Keeps other sandboxes of this host from these ports as long as this process has the sandbox open, also while
    /// the server is down.
    pub fn hold(&self, ports: Vec<Port>) {
        self.ports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(ports);
    }
}

/// Who the servers run as.
pub(super) async fn service_user() -> Result<User> {
    if !child::is_root() {
        return User::current().await;
    }
    User::look_up(SERVICE_USER)
        .await
        .map_err(|error| match error.kind() {
            Kind::NotFound => error.hint("apt-get install --no-install-recommends postgresql"),
            _ => error,
        })
}

/// At most one `up` or `down` of a directory at a time. Held by a socket in the abstract namespace: no file, and free
/// as soon as the process is gone.
pub(super) struct Lock {
    _socket: UnixDatagram,
}

impl Lock {
    /// `busy` while another process has it. A moment's patience: a child that is being started has all that is open here
    /// until it becomes its program.
    pub async fn take(directory: &Path) -> Result<Lock> {
        let patience = Deadline::after(PATIENCE);
        loop {
            match Lock::try_take(directory) {
                Err(error) if error.kind() == Kind::Busy && !patience.is_spent() => {
                    tokio::time::sleep(PATIENCE / 20).await;
                }
                taken => return taken,
            }
        }
    }

    fn try_take(directory: &Path) -> Result<Lock> {
        let name = format!("hostctl-sandbox:{}", directory.display());
        let address =
            SocketAddr::from_abstract_name(name).map_err(|error| files::failed("lock", directory, error))?;
        match UnixDatagram::bind_addr(&address) {
            Ok(socket) => Ok(Lock { _socket: socket }),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                let message = format!(
                    "another command is working on the sandbox in {}",
                    directory.display()
                );
                Err(Error::new(Kind::Busy, "busy", message))
            }
            Err(error) => Err(files::failed("lock", directory, error)),
        }
    }
}

/// What is in a directory.
pub(super) enum Found {
    /// Nothing, not even the directory, or an empty one.
    Nothing,
    /// Something that is not ours.
    Foreign,
    /// A sandbox, whole or not.
    Sandbox,
}

pub(super) fn look(directory: &Path) -> Result<Found> {
    if directory.join(MARKER).is_file() {
        return Ok(Found::Sandbox);
    }
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(if entries.next().is_none() {
            Found::Nothing
        } else {
            Found::Foreign
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(Found::Foreign),
        Err(error) => Err(files::failed("read", directory, error)),
    }
}

/// The one spelling of `directory`, as the kernel shows it; relative ones count from the working directory. What is
/// not there yet need not be.
pub(super) fn canonical(directory: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(directory).map_err(|error| files::failed("find", directory, error))?;
    let mut known = absolute.as_path();
    loop {
        match (fs::canonicalize(known), known.parent()) {
            (Ok(path), _) => {
                let rest = absolute.strip_prefix(known).unwrap_or(Path::new(""));
                return check(path.components().chain(rest.components()).collect());
            }
            (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => known = parent,
            (Err(error), _) => return Err(files::failed("find", directory, error)),
        }
    }
}

/// Paths go into the configuration files of four servers, each with its own quoting: only plain ones are taken.
fn check(directory: PathBuf) -> Result<PathBuf> {
    let text = directory.as_os_str().as_encoded_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@".contains(byte);
    let hint = "hostctl sandbox up --dir /var/tmp/hostctl-sandbox";
    if !text.iter().all(is_plain) || directory.components().any(|part| part.as_os_str() == "..") {
        let shown = text.escape_ascii();
        let message = format!("the directory {shown} has characters other than A-Z a-z 0-9 / . _ - + @");
        return Err(Error::invalid(message).hint(hint));
    }
    if text.len() > LONGEST {
        let message = format!(
            "the directory {} is longer than {LONGEST} bytes, and sockets must fit below it",
            directory.display()
        );
        return Err(Error::invalid(message).hint(hint));
    }
    Ok(directory)
}

/// Takes an empty directory, or makes one: from here on everything in it is ours to delete.
pub(super) fn claim(directory: &Path, user: &User) -> Result<()> {
    fs::create_dir_all(directory).map_err(|error| files::failed("create", directory, error))?;
    // Root's files in it are closed one by one; the service user has to get through to its own.
    let mode = if user.is_current() { 0o700 } else { 0o711 };
    fs::set_permissions(directory, fs::Permissions::from_mode(mode))
        .map_err(|error| files::failed("take", directory, error))?;
    files::write(
        &directory.join(MARKER),
        "made by `hostctl sandbox up`; `hostctl sandbox down` deletes this directory\n",
        None,
    )
}

/// Whether the service user gets there: every directory above must let it through.
pub(super) async fn require_reachable(directory: &Path, user: &User) -> Result<()> {
    let test = Spec::new("test")
        .arguments(["-x".as_ref(), directory.as_os_str()])
        .user(user.clone());
    if child::run(test).await?.succeeded().is_ok() {
        return Ok(());
    }
    let message = format!(
        "the servers run as user {}, who cannot enter {}: a directory above it is closed",
        user.name,
        directory.display()
    );
    let hint = "hostctl sandbox up --dir /var/tmp/hostctl-sandbox";
    Err(Error::new(Kind::Usage, "unreachable", message).hint(hint))
}

/// Deletes the directory, the marker last, so that a deletion that is broken off can be repeated.
pub(super) fn remove(directory: &Path) -> Result<()> {
    let failed = |error| files::failed("delete", directory, error);
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.ends_with(MARKER) {
            continue;
        }
        let is_directory = path.symlink_metadata().map_err(failed)?.is_dir();
        if is_directory {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        }
        .map_err(failed)?;
    }
    fs::remove_file(directory.join(MARKER)).map_err(failed)?;
    fs::remove_dir(directory).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_something_in_it_is_foreign() {
        let directory = tempfile::tempdir().expect("directory");
        assert!(matches!(look(&directory.path().join("none")), Ok(Found::Nothing)));
        assert!(matches!(look(directory.path()), Ok(Found::Nothing)));
        fs::write(directory.path().join("letter"), "").expect("write");
        assert!(matches!(look(directory.path()), Ok(Found::Foreign)));
        assert!(matches!(
            look(&directory.path().join("letter")),
            Ok(Found::Foreign)
        ));
        fs::write(directory.path().join(MARKER), "").expect("write");
        assert!(matches!(look(directory.path()), Ok(Found::Sandbox)));
    }

    #[test]
    fn paths_are_plain_and_short() {
        assert_eq!(
            check("/var/tmp/x-1".into()).expect("plain"),
            PathBuf::from("/var/tmp/x-1")
        );
        for path in [
            "/tmp/a b",
            "/tmp/a'b",
            "/tmp/%d",
            "/tmp/a\nb",
            "/tmp/ä",
            "/tmp/../x",
        ] {
            assert_eq!(check(path.into()).expect_err(path).kind(), Kind::Usage, "{path}");
        }
        assert!(check(format!("/{}", "a".repeat(63)).into()).is_ok());
        assert!(check(format!("/{}", "a".repeat(64)).into()).is_err());
    }

    #[test]
    fn a_path_is_canonical_also_where_it_does_not_exist_yet() {
        let directory = tempfile::tempdir().expect("directory");
        let real = fs::canonicalize(directory.path()).expect("canonical");
        std::os::unix::fs::symlink(&real, real.join("link")).expect("link");
        assert_eq!(
            canonical(&real.join("link/a/b")).expect("canonical"),
            real.join("a/b")
        );
    }

    #[test]
    fn only_one_works_on_a_directory() {
        let directory = tempfile::tempdir().expect("directory");
        let lock = Lock::try_take(directory.path()).expect("free");
        assert_eq!(
            Lock::try_take(directory.path()).err().expect("held").kind(),
            Kind::Busy
        );
        drop(lock);
        assert!(Lock::try_take(directory.path()).is_ok());
    }

    #[test]
    fn removal_deletes_links_and_not_what_they_point_to() {
        let directory = tempfile::tempdir().expect("directory");
        let kept = directory.path().join("kept");
        fs::create_dir(&kept).expect("make");
        let place = directory.path().join("sandbox");
        fs::create_dir_all(place.join("deep/er")).expect("make");
        fs::write(place.join(MARKER), "").expect("write");
        std::os::unix::fs::symlink(&kept, place.join("link")).expect("link");
        remove(&place).expect("remove");
        assert!(kept.exists() && !place.exists());
    }
}
