//! What a box is opened with: a password, hashed here, or a hash that another system made.

use crate::commands::early::Early;
use crate::commands::password;
use crate::error::Result;
use crate::mail::hash::PasswordHash;
use crate::model::MailAddress;
use crate::runner::{Context, Delivered};

/// The options of a verb that sets the password of a box.
#[derive(Debug, clap::Args)]
pub(super) struct Given {
    #[command(flatten)]
    password: password::Source,
    /// Read a hash from stdin, {ARGON2ID}$argon2id$… or {BLF-CRYPT}$2y$…, instead of a password
    #[arg(long, conflicts_with_all = ["password_stdin", "password_file"])]
    hash_stdin: bool,
}

/// What is stored, being made, and what is told.
pub(super) struct Credential {
    pub(super) hash: Early<PasswordHash>,
    pub(super) secrets: Vec<Delivered>,
}

impl Given {
    /// Whether a password or a hash was given, from wherever.
    pub(super) fn is_given(&self) -> bool {
        self.hash_stdin || self.password.is_given()
    }

    /// Takes what was given, or makes a password, and begins to hash it.
    pub(super) async fn take(&self, context: &Context, address: &MailAddress) -> Result<Credential> {
        if self.hash_stdin {
            let text = password::from_stdin(context, "--hash-stdin").await?;
            let hash = PasswordHash::parse(text.expose())?;
            return Ok(Credential {
                hash: Early::begin(|| Ok(hash)),
                secrets: Vec::new(),
            });
        }
        let chosen = self.password.take(context).await?;
        let secrets = vec![chosen.delivered(
            "box",
            address.as_str(),
            format!("hostctl mail box passwd {address}"),
        )];
        Ok(Credential {
            hash: Early::begin(move || PasswordHash::of(&chosen.password)),
            secrets,
        })
    }
}
