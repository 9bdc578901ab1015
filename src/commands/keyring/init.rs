//! `hostctl keyring init`.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::keyring;
use crate::output::{Column, Row};
use crate::runner::Context;

#[derive(Serialize)]
struct Made {
    file: String,
    keys: usize,
    current: String,
}

impl Row for Made {
    const NOUN: &'static str = "key ring";
    const COLUMNS: &'static [Column] = &[Column::new("file"), Column::new("keys"), Column::new("current")];
}

pub(super) fn run(context: &Context) -> Result<()> {
    let none = || {
        Error::configuration("no key ring is configured")
            .hint("add `[keyring]` with `file = \"/etc/hostctl/keyring\"` to the configuration file")
    };
    let path = context.config.keyring_file.clone().ok_or_else(none)?;
    if context.settings.is_dry_run {
        context.ui.note(&format!("would make {}", path.display()));
        return Ok(());
    }
    keyring::create(&path)?;
    context.stands(format!("the key ring {}", path.display()), None);
    let ring = keyring::open(&context.config, &context.environment)?;
    context
        .ui
        .note("keep a copy of it in a safe place: without it the sealed secrets are lost");
    context.ui.one(&Made {
        file: path.display().to_string(),
        keys: ring.len(),
        current: ring.current().to_owned(),
    })
}
