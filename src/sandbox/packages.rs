//! Which programs a sandbox needs, and the line that installs what is missing (Debian's packages).

use std::fs;
use std::path::PathBuf;

use crate::env::child;
use crate::error::{Error, Kind, Result};

/// The schema for `gsqlite3`, the backend in a file; there exactly when the backend is installed.
pub(super) const POWERDNS_SCHEMA: &str = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";

/// What runs in a sandbox beside PostgreSQL, without which there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// PowerDNS.
    pub dns: bool,
    /// Dovecot.
    pub mail: bool,
}

impl Parts {
    /// Everything.
    pub const ALL: Parts = Parts {
        dns: true,
        mail: true,
    };
    /// PostgreSQL alone.
    pub const NONE: Parts = Parts {
        dns: false,
        mail: false,
    };

    /// What this host has the programs for.
    #[must_use]
    pub fn installed() -> Parts {
        Parts {
            dns: missing(POWERDNS).is_empty(),
            mail: missing(DOVECOT).is_empty(),
        }
    }
}

/// Something that must be there, and the package that brings it.
struct Need {
    is_there: fn() -> bool,
    package: &'static str,
}

const POSTGRES: &[Need] = &[
    Need {
        is_there: || postgres("postgres").is_some(),
        package: "postgresql",
    },
    Need {
        is_there: || child::find("setpriv", &[]).is_some(),
        package: "util-linux",
    },
];

// The schema is a file of SQL, and PowerDNS has no tool that loads it: the `sqlite3` program is the smallest that does.
const POWERDNS: &[Need] = &[
    Need {
        is_there: || child::find("pdns_server", &[]).is_some(),
        package: "pdns-server",
    },
    Need {
        is_there: || PathBuf::from(POWERDNS_SCHEMA).exists(),
        package: "pdns-backend-sqlite3",
    },
    Need {
        is_there: || child::find("sqlite3", &[]).is_some(),
        package: "sqlite3",
    },
];

const DOVECOT: &[Need] = &[
    Need {
        is_there: || child::find("dovecot", &[]).is_some(),
        package: "dovecot-core",
    },
    Need {
        is_there: || PathBuf::from("/usr/lib/dovecot/imap").exists(),
        package: "dovecot-imapd",
    },
    Need {
        is_there: || PathBuf::from("/usr/lib/dovecot/lmtp").exists(),
        package: "dovecot-lmtpd",
    },
    Need {
        is_there: || PathBuf::from("/usr/lib/dovecot/modules/auth/libdriver_pgsql.so").exists(),
        package: "dovecot-pgsql",
    },
];

const PGBOUNCER: &[Need] = &[Need {
    is_there: || child::find("pgbouncer", &[]).is_some(),
    package: "pgbouncer",
}];

/// `unavailable`, reason `not_installed`, naming every package that `parts` lack.
pub fn require(parts: Parts) -> Result<()> {
    let mut packages = missing(POSTGRES);
    if parts.dns {
        packages.extend(missing(POWERDNS));
    }
    if parts.mail {
        packages.extend(missing(DOVECOT));
    }
    refuse(&packages)
}

/// The same for pgbouncer, which only tests use.
pub(super) fn require_pgbouncer() -> Result<()> {
    refuse(&missing(PGBOUNCER))
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs
        .iter()
        .filter(|need| !(need.is_there)())
        .map(|need| need.package)
        .collect()
}

fn refuse(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let verb = if packages.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} not installed", packages.join(", "));
    let hint = install_line(packages, child::is_root());
    Err(Error::new(Kind::Unavailable, "not_installed", message).hint(hint))
}

fn install_line(packages: &[&str], is_root: bool) -> String {
    let sudo = if is_root { "" } else { "sudo " };
    format!(
        "{sudo}apt-get install --no-install-recommends {}",
        packages.join(" ")
    )
}

/// `name` of the newest PostgreSQL on this host.
pub(super) fn postgres(name: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort_unstable_by(|left, right| right.cmp(left));
    let mut directories: Vec<PathBuf> = versions.into_iter().map(|(_, path)| path).collect();
    // Only a directory that has the server counts: the client's packages make directories of their versions too.
    directories.retain(|directory| directory.join("initdb").exists());
    child::find(name, &directories)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_installs_can_be_pasted() {
        let line = install_line(&["pdns-server", "sqlite3"], true);
        assert_eq!(
            line,
            "apt-get install --no-install-recommends pdns-server sqlite3"
        );
        assert!(install_line(&["postgresql"], false).starts_with("sudo apt-get "));
    }

    #[test]
    fn what_is_missing_is_named_with_its_packages() {
        let error = refuse(&["pdns-server", "sqlite3"]).expect_err("missing");
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Unavailable, "not_installed")
        );
        assert_eq!(error.message(), "pdns-server, sqlite3 are not installed");
        assert_eq!(
            missing(&[Need {
                is_there: || false,
                package: "x"
            }]),
            ["x"]
        );
    }
}
