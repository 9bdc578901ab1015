//! Directories of boxes that are no more. No other box ever gets one of them; what lies in them stays until a person removes
//! it, on the host that has it.

use jiff::Timestamp;
use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::rows::query;
use crate::error::Result;
use crate::model::MailAddress;

/// How long the ending is that a directory gets whose first name is taken: a dot and twelve digits.
const ENDING: usize = 13;

/// A directory that a box has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Below the directory of all mail: `example.com/info`.
    pub home: String,
    /// Whose box it was; nothing where that was not kept.
    pub address: Option<String>,
    /// Since when no box has it.
    pub since: Timestamp,
}

impl Home {
    /// Whether a box of this address has left it, or may have where that was not kept: the first box of an address has a
    /// directory of its name, later ones have one with an ending.
    #[must_use]
    pub fn is_of(&self, address: &str) -> bool {
        if let Some(own) = &self.address {
            return own == address;
        }
        let Some((local, domain)) = address.split_once('@') else {
            return false;
        };
        let rest = self
            .home
            .strip_prefix(domain)
            .and_then(|rest| rest.strip_prefix('/'));
        let rest = rest.and_then(|rest| rest.strip_prefix(local));
        let is_ending = |rest: &str| {
            rest.len() == ENDING
                && rest.starts_with('.')
                && rest[1..]
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        rest.is_some_and(|rest| rest.is_empty() || is_ending(rest))
    }
}

/// All of them, or those in mail domains of one account, by name.
///
/// # Errors
/// Those of the control database.
pub async fn list(client: &impl GenericClient, account: Option<Uuid>) -> Result<Vec<Home>> {
    let statement = "SELECT f.home, f.since, f.address FROM hostctl.mail_former_homes f
        WHERE $1::uuid IS NULL OR coalesce(split_part(f.address, '@', 2), split_part(f.home, '/', 1)) IN
            (SELECT d.name FROM hostctl.email_domains d WHERE d.account_id = $1)
        ORDER BY f.home COLLATE \"C\"";
    let rows = query(
        client,
        "the directories of mail",
        statement,
        &[(&account, Type::UUID)],
    )
    .await?;
    let home = |row: &tokio_postgres::Row| Home {
        home: row.get(0),
        since: row.get(1),
        address: row.get(2),
    };
    Ok(rows.iter().map(home).collect())
}

/// Those that boxes of these addresses have left.
///
/// # Errors
/// Those of the control database.
pub async fn left_by(client: &impl GenericClient, addresses: &[MailAddress]) -> Result<Vec<Home>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let mut homes = list(client, None).await?;
    homes.retain(|home| addresses.iter().any(|address| home.is_of(address.as_str())));
    Ok(homes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_that_of_one_address() {
        let home = |home: &str| Home {
            home: home.to_owned(),
            address: None,
            since: Timestamp::UNIX_EPOCH,
        };
        let address = "user3@example.com";
        for name in ["example.com/user3", "example.com/user3.0123456789ab"] {
            assert!(home(name).is_of(address), "{name}");
        }
        for name in [
            "example.com/auser3",
            "example.com/user33",
            "example.com/user3.0123456789aX",
            "example.com/user3.1",
            "ample.com/user3",
            "example.com.test/user3",
        ] {
            assert!(!home(name).is_of(address), "{name}");
        }
        // The name of a later box of one address may be that of the first box of another.
        let known = Home {
            address: Some("user3.0123456789ab@example.com".to_owned()),
            ..home("example.com/user3.0123456789ab")
        };
        assert!(!known.is_of(address) && known.is_of("user3.0123456789ab@example.com"));
    }
}
