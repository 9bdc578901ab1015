//! Handing a new secret to the person: once on a terminal, elsewhere only where it was asked for.

use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::model::secret::Secret;

use super::Context;

/// A secret that the operation makes: what it belongs to, and itself.
#[derive(Debug)]
pub struct Delivered {
    /// `database`, `box`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
    /// The secret.
    pub secret: Secret,
    /// Whether the person gave it: then it is never printed.
    pub was_given: bool,
    /// The verb that makes another one.
    pub renew: String,
}

impl Context {
    /// Writes the file of `--secret-out`, before anything is done. Says whether a file was made.
    ///
    /// # Errors
    /// `conflict`, reason `exists`, where the file is there; whatever writing it brings.
    pub(super) fn write_secrets(&self, secrets: &[Delivered]) -> Result<bool> {
        let Some(path) = &self.settings.secret_out else {
            return Ok(false);
        };
        let made: Vec<_> = secrets.iter().filter(|secret| !secret.was_given).collect();
        if made.is_empty() {
            return Ok(false);
        }
        if path.exists() {
            let message = format!("--secret-out {}: the file exists already", path.display());
            return Err(Error::new(Kind::Usage, "exists", message).hint("name a file that does not exist"));
        }
        let line =
            |secret: &&Delivered| format!("{}\t{}\t{}\n", secret.kind, secret.name, secret.secret.expose());
        let text: String = made.iter().map(line).collect();
        files::write_private(path, text.as_bytes())?;
        Ok(true)
    }

    pub(super) fn remove_secrets(&self) {
        if let Some(path) = &self.settings.secret_out
            && let Err(error) = std::fs::remove_file(path)
        {
            self.ui.warn(&format!(
                "{} holds a secret of nothing and could not be removed: {error}",
                path.display()
            ));
        }
    }

    /// The secret as the answer shows it: `None` where it must not be shown, with a note that names what helps.
    pub fn shown(&self, secret: &Delivered) -> Option<String> {
        if secret.was_given {
            return None;
        }
        if self.settings.shows_secret || (self.ui.terminal().stdout && self.settings.secret_out.is_none()) {
            return Some(secret.secret.expose().to_owned());
        }
        if self.settings.secret_out.is_none() {
            self.ui.note(&format!(
                "the password of {} {} is not shown here; set another with: {} --show-secret",
                secret.kind, secret.name, secret.renew
            ));
        }
        None
    }
}
