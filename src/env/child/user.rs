//! Users of the host, as far as children are started as one of them.

use super::{Spec, run};
use crate::error::{Error, Kind, Result};

/// A user of the host with its primary group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: String,
    /// User number.
    pub uid: u32,
    /// Number of the primary group.
    pub gid: u32,
    /// Name of the primary group.
    pub group: String,
}

impl User {
    /// The user who runs this process.
    pub async fn current() -> Result<User> {
        User::look_up(&rustix::process::geteuid().as_raw().to_string()).await
    }

    /// The user with this name or number, from whatever the host keeps its users in. `not_found` where there is none.
    pub async fn look_up(key: &str) -> Result<User> {
        let account = entry("passwd", key).await?;
        let fields: Vec<&str> = account.split(':').collect();
        let (name, uid, gid) = match fields.as_slice() {
            [name, _, uid, gid, ..] => (*name, uid.parse(), gid.parse()),
            _ => return Err(unreadable(key)),
        };
        let (uid, gid) = (
            uid.map_err(|_| unreadable(key))?,
            gid.map_err(|_| unreadable(key))?,
        );
        let group = entry("group", &u32::to_string(&gid)).await?;
        let group = group.split(':').next().unwrap_or_default().to_owned();
        Ok(User {
            name: name.to_owned(),
            uid,
            gid,
            group,
        })
    }

    /// Whether this process already runs as this user.
    #[must_use]
    pub fn is_current(&self) -> bool {
        rustix::process::geteuid().as_raw() == self.uid
    }

    pub(super) fn setpriv_arguments(&self) -> impl Iterator<Item = String> {
        [
            format!("--reuid={}", self.uid),
            format!("--regid={}", self.gid),
            "--init-groups".to_owned(),
        ]
        .into_iter()
    }
}

/// The number of the group with this name or number. `not_found` where there is none.
pub async fn group(key: &str) -> Result<u32> {
    let group = entry("group", key).await?;
    let number = group.split(':').nth(2).and_then(|number| number.parse().ok());
    number.ok_or_else(|| Error::unavailable(format!("cannot read the entry of group {key}")))
}

/// Whether this process runs as root.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

async fn entry(database: &str, key: &str) -> Result<String> {
    let output = run(Spec::new("getent").arguments(["--", database, key])).await?;
    let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if text.is_empty() {
        let message = format!("this host has no entry for {key} in its {database} database");
        return Err(Error::new(Kind::NotFound, "not_found", message));
    }
    Ok(text)
}

fn unreadable(key: &str) -> Error {
    Error::unavailable(format!("cannot read the entry of user {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn root_is_found_by_name_and_by_number() {
        let root = User::look_up("root").await.expect("root");
        assert_eq!((root.uid, root.gid, root.group.as_str()), (0, 0, "root"));
        assert_eq!(User::look_up("0").await.expect("root"), root);
        assert_eq!(group("root").await.expect("a group"), 0);
    }

    #[tokio::test]
    async fn an_unknown_user_is_not_found() {
        let error = User::look_up("nobody-has-this-name")
            .await
            .expect_err("no such user");
        assert_eq!(error.kind(), Kind::NotFound);
    }
}
