//! Who runs us, as well as the machine can tell, and whether a process that was recorded earlier still lives.

use std::net::IpAddr;
use std::path::Path;

use rustix::io::Errno;
use rustix::process::Pid;
use serde::Serialize;

use crate::env::variables::Environment;

/// The person and the process behind a deed. What is unknown is absent, never guessed. `sudo_user` and `ssh_client` come
/// from variables and are claims; `user`, `login_user` and the rest come from the kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The name of the effective user, or its number where it has none.
    pub user: String,
    /// The number of the effective user.
    pub uid: u32,
    /// Who logged in, as the kernel's audit remembers it across `su` and `sudo`.
    pub login_user: Option<String>,
    /// `SUDO_USER`.
    pub sudo_user: Option<String>,
    /// The terminal, such as `/dev/pts/3`.
    pub tty: Option<String>,
    /// The address the SSH session came from.
    pub ssh_client: Option<IpAddr>,
    /// The host name of the kernel.
    pub host: String,
    /// Our process.
    pub pid: u32,
    /// When our process started, in clock ticks since boot: tells it from a later one with the same number.
    pub start_ticks: Option<u64>,
    /// The kernel's random name of this boot.
    pub boot_id: Option<String>,
}

/// Whether a process is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lives {
    /// The very process that was recorded.
    Yes,
    /// Gone, a zombie, or its number belongs to another one now.
    No,
    /// A process has the number, and whether it is the recorded one cannot be seen.
    Unknown,
}

const LONGEST_NAME: usize = 256;

impl Identity {
    /// Looks around.
    #[must_use]
    pub fn of_process(environment: &Environment) -> Self {
        let uid = rustix::process::geteuid().as_raw();
        let pid = std::process::id();
        Identity {
            user: user(),
            uid,
            login_user: login_user(),
            sudo_user: environment.filled("SUDO_USER").and_then(claimed_name),
            tty: tty(),
            ssh_client: ssh_client(environment),
            host: host_name(),
            pid,
            start_ticks: stat(pid).map(|stat| stat.start_ticks),
            boot_id: read_line("/proc/sys/kernel/random/boot_id"),
        }
    }
}

/// The host name of the kernel, which may be short or fully qualified.
#[must_use]
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The name of the effective user, or its number where it has none.
#[must_use]
pub fn user() -> String {
    let uid = rustix::process::geteuid().as_raw();
    user_name(uid).unwrap_or_else(|| uid.to_string())
}

/// Whether the process `pid` that started at `start_ticks` (see [`Identity`]) on this boot of this host is alive.
///
/// `/proc` may hide foreign processes (`hidepid`), so a missing entry proves nothing and the kernel is asked.
#[must_use]
pub fn process_lives(pid: u32, start_ticks: Option<u64>) -> Lives {
    if let Some(stat) = stat(pid) {
        return match start_ticks {
            _ if stat.is_dead => Lives::No,
            Some(expected) if expected == stat.start_ticks => Lives::Yes,
            Some(_) => Lives::No,
            None => Lives::Unknown,
        };
    }
    let Some(process) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Lives::No;
    };
    match rustix::process::test_kill_process(process) {
        Err(Errno::SRCH) => Lives::No,
        _ => Lives::Unknown,
    }
}

struct Stat {
    is_dead: bool,
    start_ticks: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// proc(5): the second field is the command in parentheses and may hold anything, so count from the last one. The state
/// is field 3, the start time field 22.
fn parse_stat(line: &str) -> Option<Stat> {
    let (_, rest) = line.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let is_dead = matches!(fields.next()?, "Z" | "X" | "x");
    Some(Stat {
        is_dead,
        start_ticks: fields.nth(18)?.parse().ok()?,
    })
}

fn user_name(uid: u32) -> Option<String> {
    name_in_passwd(&std::fs::read_to_string("/etc/passwd").ok()?, uid)
}

fn name_in_passwd(passwd: &str, uid: u32) -> Option<String> {
    let uid = uid.to_string();
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

fn login_user() -> Option<String> {
    let uid: u32 = read_line("/proc/self/loginuid")?.parse().ok()?;
    // The kernel's "nobody logged in": (uid_t) -1.
    (uid != u32::MAX).then(|| user_name(uid).unwrap_or_else(|| uid.to_string()))
}

fn claimed_name(name: &str) -> Option<String> {
    let is_plain = name.len() <= LONGEST_NAME && !name.contains(char::is_control);
    is_plain.then(|| name.to_owned())
}

fn tty() -> Option<String> {
    let name = rustix::termios::ttyname(std::io::stdin(), Vec::new())
        .or_else(|_| rustix::termios::ttyname(std::io::stderr(), Vec::new()));
    name.ok()?.into_string().ok()
}

/// sshd(8): `SSH_CONNECTION` is "client-ip client-port server-ip server-port"; `SSH_CLIENT` is the older form.
fn ssh_client(environment: &Environment) -> Option<IpAddr> {
    let connection = environment
        .filled("SSH_CONNECTION")
        .or_else(|| environment.filled("SSH_CLIENT"))?;
    connection.split(' ').next()?.parse().ok()
}

fn read_line(path: impl AsRef<Path>) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.trim_end().to_owned()).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_know_ourselves() {
        let identity = Identity::of_process(&Environment::default());
        assert_eq!(identity.pid, std::process::id());
        assert!(identity.start_ticks.is_some() && identity.boot_id.is_some());
        assert!(!identity.user.is_empty() && !identity.host.is_empty());
        assert_eq!((identity.sudo_user, identity.ssh_client), (None, None));
    }

    #[test]
    fn claims_are_taken_from_variables_only_where_they_are_well_formed() {
        let of = |pairs| Identity::of_process(&Environment::new(pairs));
        let good = of([
            ("SUDO_USER", "ada"),
            ("SSH_CONNECTION", "2001:db8::1 50000 192.0.2.1 22"),
        ]);
        assert_eq!(good.sudo_user.as_deref(), Some("ada"));
        assert_eq!(good.ssh_client, "2001:db8::1".parse().ok());
        let bad = of([
            ("SUDO_USER", "a\u{1b}[2Jda"),
            ("SSH_CONNECTION", "not an address"),
        ]);
        assert_eq!((bad.sudo_user, bad.ssh_client), (None, None));
    }

    #[test]
    fn a_command_with_parentheses_does_not_shift_the_fields_of_stat() {
        let line =
            "42 (a) b) S 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 0 0 18446744073709551615";
        let stat = parse_stat(line).expect("parsed");
        assert!(!stat.is_dead);
        assert_eq!(stat.start_ticks, 987_654);
        assert!(
            parse_stat("42 (a) Z 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 5")
                .expect("parsed")
                .is_dead
        );
        assert!(parse_stat("42 (a) S 1").is_none());
    }

    #[test]
    fn a_living_process_is_told_from_a_later_one_with_its_number() {
        let pid = std::process::id();
        let ticks = stat(pid).expect("visible").start_ticks;
        assert_eq!(process_lives(pid, Some(ticks)), Lives::Yes);
        assert_eq!(process_lives(pid, Some(ticks + 1)), Lives::No);
        assert_eq!(process_lives(pid, None), Lives::Unknown);
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a zombie of our own is what is looked at"
    )]
    fn a_zombie_and_a_process_that_is_gone_are_dead() {
        let mut child = std::process::Command::new("true").spawn().expect("spawned");
        let pid = child.id();
        let is_zombie = || stat(pid).is_some_and(|stat| stat.is_dead);
        while !is_zombie() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let ticks = stat(pid).map(|stat| stat.start_ticks);
        assert_eq!(process_lives(pid, ticks), Lives::No);
        child.wait().expect("reaped");
        assert_eq!(process_lives(pid, ticks), Lives::No);
        assert_eq!(process_lives(0, None), Lives::No);
        assert_eq!(process_lives(u32::MAX, None), Lives::No);
    }

    #[test]
    fn names_are_looked_up_by_the_number_alone() {
        let passwd =
            "root:x:0:0::/root:/bin/sh\n# comment\nten:x:10:1000::/:/bin/sh\nada:x:1000:1000::/:/bin/sh\n";
        assert_eq!(name_in_passwd(passwd, 1000).as_deref(), Some("ada"));
        assert_eq!(name_in_passwd(passwd, 100), None);
    }
}
