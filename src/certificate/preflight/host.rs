//! Whether this host could keep a certificate: a full disk is found before an authority is asked.

use std::path::Path;

use rustix::fs::{Access, access, statvfs};

use crate::certificate::deploy;
use crate::config::Certificate;
use crate::error::{Error, Kind, Result};

/// A generation needs some 30 KiB; what is left for others is theirs.
const BYTES: u64 = 4 * 1024 * 1024;

/// Looks at the directory of certificates and at the hook: the certificate's own, where it has one.
///
/// # Errors
/// `unavailable`, reason `file` or `full`; `usage` for a hook that cannot be run.
pub fn check(config: &Certificate, own_hook: Option<&[String]>) -> Result<()> {
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
    deploy::check_hook(own_hook.unwrap_or(&config.deploy_hook))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_place_and_a_hook_are_looked_at() {
        let directory = tempfile::tempdir().expect("a directory");
        let config = |hook: &[&str]| Certificate {
            directory: directory.path().join("below/it"),
            group: None,
            renew_before: None,
            http_listen: "[::]:80".parse().expect("an address"),
            tls_listen: "[::]:443".parse().expect("an address"),
            webroot: None,
            deploy_hook: hook.iter().map(|word| (*word).to_owned()).collect(),
            hook_timeout: Duration::from_secs(1),
            probe_timeout: Duration::from_secs(1),
            heartbeat_url: None,
        };
        check(&config(&[]), None).expect("can be made");
        check(&config(&["/bin/true", "reload"]), None).expect("a program");
        for hook in ["/nonexistent", "./reload", "/etc/passwd"] {
            let refused = check(&config(&[hook]), None).expect_err(hook);
            assert_eq!(refused.kind(), Kind::Usage);
            let own = [hook.to_owned()];
            check(&config(&["/bin/true"]), Some(&own)).expect_err(hook);
            check(&config(&own.each_ref().map(String::as_str)), Some(&[])).expect("none at all");
        }
    }
}
