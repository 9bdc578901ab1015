//! Running PostgreSQL's own programs as a stand-in: where they are, and how they find the server. The password goes
//! through a file in memory.

use std::path::{Path, PathBuf};

use super::stand_in::StandIn;
use super::{Clusters, Subject};
use crate::config::PostgresUrl;
use crate::config::postgres_url::{Host, SslMode, TargetSessionAttrs};
use crate::env::child::{self, Ended, Output, Spec};
use crate::env::memory::MemoryFile;
use crate::error::{Error, Kind, Result};
use crate::model::escape::excerpt;

/// Where distributions keep the roots that `verify-full` trusts: libpq does not look there by itself before version 16.
const ROOTS: [&str; 3] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// The newest `pg_dump` or `pg_restore` of this host.
///
/// # Errors
/// `unavailable`, reason `not_installed`.
pub(super) fn find(program: &str) -> Result<PathBuf> {
    child::find(program, &versions()).ok_or_else(|| {
        let message = format!("{program} is not installed on this host");
        Error::new(Kind::Unavailable, "not_installed", message)
            .hint("install PostgreSQL's client programs, of the server's version or later")
    })
}

/// The directories of Debian's and Red Hat's packages, newest first.
fn versions() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for (place, prefix) in [("/usr/lib/postgresql", ""), ("/usr", "pgsql-")] {
        let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
        found.extend(entries.filter_map(|entry| {
            let version = entry.file_name().to_str()?.strip_prefix(prefix)?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        }));
    }
    found.sort_unstable_by(|left, right| right.cmp(left));
    found.into_iter().map(|(_, path)| path).collect()
}

/// `program` as the stand-in in `database`. The file has to live as long as the program.
pub(super) fn spec(
    program: &str,
    clusters: &Clusters,
    subject: &Subject,
    database: &str,
    stand_in: &StandIn,
) -> Result<(Spec, MemoryFile)> {
    let (_, cluster) = clusters.pick(Some(&subject.cluster))?;
    let password = MemoryFile::new(format!("*:*:*:*:{}\n", stand_in.password.expose()).as_bytes())?;
    let mut spec = Spec::new(find(program)?)
        .argument("--no-password")
        .variable("PGPASSFILE", password.path())
        .variable("PGUSER", &stand_in.role)
        .variable("PGDATABASE", database)
        .variable("PGAPPNAME", "hostctl")
        .variable("PGCONNECT_TIMEOUT", "15");
    for (name, value) in address(&cluster.url) {
        spec = spec.variable(name, value);
    }
    Ok((spec, password))
}

/// libpq's variables for what our own connections use.
fn address(url: &PostgresUrl) -> Vec<(&'static str, String)> {
    let hosts = url.hosts.iter().map(|place| match &place.host {
        Host::Name(name) => name.clone(),
        Host::Address(address) => address.to_string(),
        Host::Socket(directory) => directory.display().to_string(),
    });
    let ports = url.hosts.iter().map(|place| place.port.to_string());
    let join = |words: Vec<String>| words.join(",");
    let mode = match url.sslmode {
        SslMode::Disable => "disable",
        SslMode::Prefer => "prefer",
        SslMode::Require => "require",
        SslMode::VerifyCa => "verify-ca",
        SslMode::VerifyFull => "verify-full",
    };
    let attributes = match url.target_session_attrs {
        TargetSessionAttrs::Any => "any",
        TargetSessionAttrs::ReadWrite => "read-write",
        TargetSessionAttrs::ReadOnly => "read-only",
        TargetSessionAttrs::Primary => "primary",
        TargetSessionAttrs::Standby => "standby",
        TargetSessionAttrs::PreferStandby => "prefer-standby",
    };
    let mut variables = vec![
        ("PGHOST", join(hosts.collect())),
        ("PGPORT", join(ports.collect())),
        ("PGSSLMODE", mode.to_owned()),
        ("PGTARGETSESSIONATTRS", attributes.to_owned()),
    ];
    let system = || {
        ROOTS
            .iter()
            .map(Path::new)
            .find(|path| path.exists())
            .map(Path::to_owned)
    };
    if matches!(url.sslmode, SslMode::VerifyCa | SslMode::VerifyFull)
        && let Some(roots) = url.sslrootcert.clone().or_else(system)
    {
        variables.push(("PGSSLROOTCERT", roots.display().to_string()));
    }
    variables
}

/// Whether the program did its work; otherwise the first thing that it complained of, and nothing of the data that
/// follows in its output.
///
/// # Errors
/// `unavailable` with that `reason`.
pub(super) fn succeeded(output: &Output, reason: &'static str, what: &str) -> Result<()> {
    let how = match output.ended {
        Ended::Exit(0) => return Ok(()),
        Ended::Exit(_) => complaint(&output.stderr),
        Ended::Signal(number) => format!("the program was ended by signal {number}"),
        Ended::Deadline => "the program did not end in time".to_owned(),
    };
    Err(Error::new(Kind::Unavailable, reason, format!("{what}: {how}")))
}

/// The programs say `pg_restore: error: could not execute query: ERROR:  …`, in English: they run with `LANG=C.UTF-8`.
fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().find(|line| line.contains("error:"));
    let line = line
        .or_else(|| text.lines().next())
        .unwrap_or("the program said nothing");
    // What the server said, without what went before.
    excerpt(line.rsplit("ERROR:  ").next().unwrap_or(line))
}
