//! What a zone has beside its records, and what it could not be made again without: keys and settings.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::model::Secret;

/// All of it, in the provider's words.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Backup {
    /// DNSSEC keys.
    pub(super) keys: Vec<Key>,
    /// Fields of the zone that are not set when it is made.
    pub(super) settings: Map<String, Value>,
    /// Other settings: a name and its values.
    pub(super) metadata: Vec<(String, Vec<String>)>,
}

/// A DNSSEC key with its private half.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Key {
    /// `ksk`, `zsk` or `csk`.
    pub keytype: String,
    pub active: bool,
    pub published: bool,
    /// The public half in presentation form: what the key is known by.
    pub dnskey: String,
    /// The private half in the format of BIND's `Private-key-format`.
    pub privatekey: String,
}

impl Backup {
    /// As the journal seals it.
    ///
    /// # Errors
    /// `internal`.
    pub fn to_secret(&self) -> Result<Secret> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::internal("a backup cannot be written down").source(error))?;
        Ok(Secret::new(text))
    }

    /// What the journal had sealed.
    ///
    /// # Errors
    /// `internal`.
    pub fn from_secret(secret: &Secret) -> Result<Self> {
        // The error of serde_json would quote what it read.
        serde_json::from_str(secret.expose()).map_err(|_| Error::internal("a backup cannot be read"))
    }

    /// Whether both have the same keys.
    #[must_use]
    pub fn has_keys_of(&self, other: &Backup) -> bool {
        let of = |backup: &Backup| -> BTreeSet<String> {
            backup.keys.iter().map(|key| key.dnskey.clone()).collect()
        };
        of(self) == of(other)
    }
}

impl std::fmt::Debug for Backup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Backup")
            .field("keys", &self.keys.len())
            .field("settings", &self.settings)
            .field("metadata", &self.metadata)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_comes_back_as_it_was_and_its_keys_are_never_shown() {
        let key = Key {
            keytype: "csk".to_owned(),
            active: true,
            published: true,
            dnskey: "257 3 13 AA==".to_owned(),
            privatekey: "PrivateKey: hunter2".to_owned(),
        };
        let backup = Backup {
            keys: vec![key],
            ..Backup::default()
        };
        assert!(!format!("{backup:?}").contains("hunter2"));
        let secret = backup.to_secret().expect("sealed");
        let back = Backup::from_secret(&secret).expect("opened");
        assert_eq!(back.keys[0].privatekey, backup.keys[0].privatekey);
        let error = Backup::from_secret(&Secret::new("hunter2")).expect_err("no JSON");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
