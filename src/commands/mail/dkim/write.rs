//! `hostctl mail dkim write DIR`, also as `tick` does it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::Result;
use crate::keyring::{self, Place};
use crate::mail::rotation;
use crate::mail::signing::{self, SigningKey, Written};
use crate::output::{Column, Row};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The directory; its owner will own the files
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

#[derive(Serialize)]
struct Shown {
    directory: String,
    keys: usize,
    state: &'static str,
}

impl Row for Shown {
    const NOUN: &'static str = "directory";
    const COLUMNS: &'static [Column] = &[
        Column::new("directory"),
        Column::new("keys"),
        Column::new("state").state(),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let written = write(&args.directory, context).await?;
    context.ui.one(&Shown {
        directory: args.directory.display().to_string(),
        keys: written.keys,
        state: if written.is_changed {
            "changed"
        } else {
            "unchanged"
        },
    })
}

/// Writes into the directory that the configuration names; nothing where it names none, so that this host does not sign.
///
/// # Errors
/// Those of the verb.
pub async fn write_configured(context: &Context) -> Result<()> {
    match &context.config.mail.dkim_directory {
        Some(directory) => write(directory, context).await.map(drop),
        None => Ok(()),
    }
}

async fn write(directory: &Path, context: &Context) -> Result<Written> {
    let ring = keyring::open(&context.config, &context.environment)?;
    let sealed = rotation::signing(&*context.session().await?).await?;
    let open = |key: rotation::Signing| {
        let place = Place {
            purpose: "dkim",
            row: key.domain.as_str(),
        };
        let private = ring.open(place, &key.sealed)?;
        Ok(SigningKey {
            private,
            domain: key.domain,
            selector: key.selector,
        })
    };
    let keys = sealed.into_iter().map(open).collect::<Result<Vec<_>>>()?;
    signing::write(directory, &keys)
}
