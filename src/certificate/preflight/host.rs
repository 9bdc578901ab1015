//! Whether this host could keep a certificate: a full disk is found before an authority is asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{Access, access, statvfs};

use crate::config::Certificate;
use crate::error::{Error, Kind, Result};

/// A generation needs some 30 KiB; what is left for others is theirs.
const BYTES: u64 = 4 * 1024 * 1024;

/// Looks at the directory of certificates and at the hook.
///
/// # Errors
/// `unavailable`, reason `file` or `full`; `usage`, reason `hook`.
pub fn check(config: &Certificate) -> Result<()> {
    let directory = &config.directory;
    let there = directory
        .ancestors()
        .find(|ancestor| ancestor.is_dir())
        .unwrap_or(Path::new("/"));
    let shown = directory.display();
    let file = |why: String| {
        Error::new(
            Kind::Unavailable,
            "file",
            format!("certificates are kept in {shown}: {why}"),
        )
    };
    access(there, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| {
        file(format!("{}: {error}", there.display())).hint(format!("install -d -m 0755 {shown}"))
    })?;
    let space = statvfs(there).map_err(|error| file(error.to_string()))?;
    if space.f_bavail.saturating_mul(space.f_frsize) < BYTES || (space.f_files > 0 && space.f_favail < 16) {
        let message = format!("certificates are kept in {shown}: the disk is full");
        return Err(Error::new(Kind::Unavailable, "full", message));
    }
    match config.deploy_hook.first() {
        Some(program) => check_hook(Path::new(program)),
        None => Ok(()),
    }
}

fn check_hook(program: &Path) -> Result<()> {
    let is_program =
        fs::metadata(program).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0);
    match is_program && program.is_absolute() {
        true => Ok(()),
        false => {
            let message = format!("the deploy hook {} is no program", program.display());
            Err(Error::new(Kind::Usage, "hook", message).hint("hostctl config show --origin"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_and_a_hook_are_looked_at() {
        let directory = tempfile::tempdir().expect("a directory");
        let config = |hook: &[&str]| Certificate {
            directory: directory.path().join("below/it"),
            renew_before: "auto".to_owned(),
            http_listen: "[::]:80".parse().expect("an address"),
            tls_listen: "[::]:443".parse().expect("an address"),
            webroot: None,
            deploy_hook: hook.iter().map(|word| (*word).to_owned()).collect(),
            heartbeat_url: None,
        };
        check(&config(&[])).expect("can be made");
        check(&config(&["/bin/true", "reload"])).expect("a program");
        for hook in ["/nonexistent", "true", "/etc/passwd"] {
            assert_eq!(check(&config(&[hook])).expect_err(hook).reason(), "hook");
        }
    }
}
