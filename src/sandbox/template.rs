//! A cluster as `initdb` makes it, kept to be copied: whoever makes many sandboxes does that once.

use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use super::files;
use crate::env::child::{self, Spec};
use crate::error::Result;

const COPYING: Duration = Duration::from_secs(60);

/// Fills `data` with what `make`, which runs `program`, left in `folder` before; the first time it is made, and left there.
pub(super) async fn fill(
    folder: &Path,
    program: &Path,
    data: &Path,
    make: impl AsyncFnOnce() -> Result<()>,
) -> Result<()> {
    let name = name(program)?;
    let template = folder.join(&name);
    if template.is_dir() {
        return copy(&template, data).await;
    }
    make().await?;
    let fresh = folder.join(format!("{name}-{}", files::random_word()?));
    copy(data, &fresh).await?;
    match fs::rename(&fresh, &template) {
        Ok(()) => Ok(()),
        // Somebody else was quicker.
        Err(_) => fs::remove_dir_all(&fresh).map_err(|error| files::failed("delete", &fresh, error)),
    }
}

/// Of this program: another version's clusters are others.
fn name(program: &Path) -> Result<String> {
    let failed = |error| files::failed("look at", program, error);
    let made = fs::metadata(program).and_then(|found| found.modified());
    let age = made
        .map_err(failed)?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Ok(format!("cluster-{}", age.as_nanos()))
}

/// With owners and modes.
async fn copy(from: &Path, to: &Path) -> Result<()> {
    let spec = Spec::new("cp").argument("-a").argument(from).argument(to);
    child::run(spec.deadline(COPYING)).await?.succeeded().map(drop)
}
