//! The secrets of parts that are not there yet: which are needed, and what stands for them in a plan that is only shown.

use super::create::Keys;
use super::look::Look;
use crate::error::Result;
use crate::mail::dkim::PublicKey;
use crate::mail::hash::PasswordHash;
use crate::manifest::{self, MailBox};
use crate::model::{LocalPart, Password};

/// Secrets that a plan needs: made before it, on other threads.
#[derive(Debug, Default)]
pub struct Material {
    /// Of a new database's login.
    pub database: Option<Password>,
    /// Of new boxes.
    pub boxes: Vec<(LocalPart, PasswordHash)>,
    /// Of a new mail domain.
    pub keys: Option<Keys>,
}

/// A hash that fits no password.
const NO_HASH: &str =
    "{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Y2hlY2tjaGVja2NoZWNrY2hlY2s";

impl Material {
    /// What stands for secrets in a plan that is only shown: nothing of it is ever used.
    ///
    /// # Errors
    /// `internal`.
    pub fn placeholder(needs: &Needs<'_>) -> Result<Self> {
        let hash = PasswordHash::parse(NO_HASH)?;
        let boxes = needs.boxes.iter().map(|one| (one.name.clone(), hash.clone()));
        let public = PublicKey {
            selector: "hc".to_owned(),
            text: "v=DKIM1; k=rsa; p=".to_owned(),
        };
        Ok(Material {
            database: needs.database.map(|_| Password::generate()).transpose()?,
            boxes: boxes.collect(),
            keys: needs.keys.then(|| Keys {
                public,
                sealed: String::new(),
            }),
        })
    }
}

/// What has to be made before the steps can be planned.
#[derive(Debug, Default)]
pub struct Needs<'a> {
    /// A password for the database's login.
    pub database: Option<&'a manifest::Database>,
    /// A password for each of these boxes.
    pub boxes: Vec<&'a MailBox>,
    /// A key that signs mail.
    pub keys: bool,
}

/// What is not there and needs a secret.
#[must_use]
pub fn needs<'a>(site: &'a manifest::Site, look: &Look) -> Needs<'a> {
    let mail = site.mail.as_ref();
    let boxes = mail.map(|mail| mail.boxes.as_slice()).unwrap_or_default();
    let stands = |one: &MailBox| {
        look.mail
            .as_ref()
            .is_some_and(|image| image.boxes.iter().any(|other| *other.address.local() == one.name))
    };
    Needs {
        database: site.database.as_ref().filter(|_| look.database.is_none()),
        boxes: boxes.iter().filter(|one| !stands(one)).collect(),
        keys: mail.is_some() && look.mail.is_none(),
    }
}
