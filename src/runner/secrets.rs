//! Handing a new secret to the person: once on a terminal, elsewhere only where it was asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, StepState};
use crate::model::secret::Secret;
use crate::output::Terminal;

use super::{Context, Outcome};

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

/// The file of `--secret-out` of a verb that runs several operations: what belongs to one is in it before that one begins.
#[derive(Debug)]
pub struct SecretFile {
    path: PathBuf,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// What stands, by the target of its operation.
    texts: BTreeMap<String, String>,
    /// Whether the file holds more than that.
    is_stale: bool,
}

impl SecretFile {
    /// Makes the file, empty; nothing where none was asked for.
    ///
    /// # Errors
    /// `usage`, reasons `exists` and `no_directory`; whatever writing it brings.
    pub fn create(context: &Context) -> Result<Option<Arc<Self>>> {
        let Some(path) = &context.settings.secret_out else {
            return context.check_shown().map(|()| None);
        };
        check_room(path)?;
        files::write_private(path, b"")?;
        Ok(Some(Arc::new(SecretFile {
            path: path.clone(),
            held: Mutex::default(),
        })))
    }

    /// What belongs to the operation on `target` from now on, written through to the disk.
    pub(super) fn set(&self, target: &str, secrets: &[Delivered]) -> Result<()> {
        let made = secrets.iter().filter(|secret| !secret.was_given);
        let text: String = made.map(line).collect();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.texts.get(target).map_or("", String::as_str) == text {
            return Ok(());
        }
        files::append_private(&self.path, text.as_bytes())?;
        let former = held.texts.insert(target.to_owned(), text);
        held.is_stale |= former.is_some_and(|text| !text.is_empty());
        Ok(())
    }

    /// Nothing belongs to it: it was rolled back, or nothing was to do.
    pub(super) fn withdraw(&self, target: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let former = held.texts.remove(target);
        held.is_stale |= former.is_some_and(|text| !text.is_empty());
    }

    /// Writes it once more without what belongs to nothing; a file of nothing goes.
    ///
    /// # Errors
    /// Whatever writing it brings.
    pub fn finish(&self) -> Result<()> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let text: String = held.texts.values().map(String::as_str).collect();
        if text.is_empty() {
            return std::fs::remove_file(&self.path).map_err(|error| {
                let message = format!("{} cannot be removed: {error}", self.path.display());
                Error::new(Kind::Unavailable, "file", message).source(error)
            });
        }
        match held.is_stale {
            true => files::replace_private(&self.path, text.as_bytes()),
            false => Ok(()),
        }
    }
}

fn line(secret: &Delivered) -> String {
    format!("{}\t{}\t{}\n", secret.kind, secret.name, secret.secret.expose())
}

/// Looks whether the file can be made: nothing of that name, a link included, in a directory that is there.
fn check_room(path: &Path) -> Result<()> {
    let shown = path.display();
    if let Ok(found) = path.symlink_metadata() {
        let what = match found.is_symlink() {
            true => "there is a symbolic link",
            false => "the file exists already",
        };
        let message = format!("--secret-out {shown}: {what}");
        return Err(Error::new(Kind::Usage, "exists", message).hint("name a file that does not exist"));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    if parent.is_dir() {
        return Ok(());
    }
    let message = format!("--secret-out {shown}: {} is no directory", parent.display());
    Err(Error::new(Kind::Usage, "no_directory", message).hint(format!("mkdir -m 700 {}", parent.display())))
}

impl Context {
    /// Writes the file of `--secret-out`, before anything is done. Says whether a file was made.
    ///
    /// # Errors
    /// `usage`, reasons `exists` and `no_directory`; `output` where secrets are to be shown on a stdout that keeps nothing;
    /// whatever writing the file brings.
    pub(super) fn write_secrets(&self, secrets: &[Delivered]) -> Result<bool> {
        let made: Vec<_> = secrets.iter().filter(|secret| !secret.was_given).collect();
        if made.is_empty() {
            return Ok(false);
        }
        let Some(path) = &self.settings.secret_out else {
            return self.check_shown().map(|()| false);
        };
        check_room(path)?;
        let text: String = made.into_iter().map(line).collect();
        files::write_private(path, text.as_bytes())?;
        Ok(true)
    }

    /// Refuses to show secrets where nobody would ever see them: a stdout that is closed is /dev/null as well, before we
    /// can look at it.
    fn check_shown(&self) -> Result<()> {
        if !self.settings.shows_secret || !Terminal::is_stdout_void() {
            return Ok(());
        }
        let message = "--show-secret: stdout is closed or /dev/null, and the secret would be lost";
        Err(Error::new(Kind::Usage, "output", message).hint("--secret-out FILE"))
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

/// Whether the secrets that were written are those of something, or may yet become so.
pub(super) async fn are_of_use(context: &Context, ended: &Result<Outcome>, operation: Uuid) -> bool {
    let error = match ended {
        Ok(Outcome::Done(done)) => return !done.is_replay,
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => return false,
        Err(error) => error,
    };
    // Nothing of it where another operation has ended so, that was in the way.
    if error.operation_id() != Some(operation.to_string().as_str()) {
        return false;
    }
    match error.reason() {
        "left_to_recovery" => true,
        "stuck" | "fenced" => is_past_pivot(context, operation).await,
        _ => false,
    }
}

/// Whether the operation can only go on. Where that cannot be found out it may: a password of nothing does less harm than
/// one that nobody knows.
async fn is_past_pivot(context: &Context, operation: Uuid) -> bool {
    let look = async { journal::steps(&*context.session().await?, operation).await };
    let is_untouched = |state: &StepState| {
        matches!(
            state,
            StepState::Pending | StepState::NotApplied | StepState::Undone
        )
    };
    match look.await {
        Ok(steps) => steps
            .iter()
            .any(|step| step.is_pivot && !is_untouched(&step.state)),
        Err(_) => true,
    }
}
