//! `hostctl keyring check`.

use serde::Serialize;

use crate::certificate::store;
use crate::error::{Error, Kind, Result};
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::{journal, keyring, mail};

#[derive(Serialize)]
struct Checked {
    purpose: &'static str,
    secrets: usize,
    opened: usize,
}

impl Row for Checked {
    const NOUN: &'static str = "purpose";
    const COLUMNS: &'static [Column] = &[
        Column::new("purpose"),
        Column::new("secrets"),
        Column::new("opened"),
    ];
}

pub(super) async fn run(context: &Context) -> Result<()> {
    let ring = keyring::open(&context.config, &context.environment)?;
    let session = context.session().await?;
    let sealed = [
        ("operation", journal::sealed(&*session).await?),
        ("dkim", mail::domain::sealed(&*session).await?),
        ("certificate", store::sealed(&*session).await?),
    ];
    let mut rows = Vec::new();
    for (purpose, secrets) in &sealed {
        let opens = |secret: &&(String, String)| match ring.open(
            keyring::Place {
                purpose,
                row: &secret.0,
            },
            &secret.1,
        ) {
            Ok(_) => true,
            Err(error) => {
                context.ui.warn(error.message());
                false
            }
        };
        rows.push(Checked {
            purpose,
            secrets: secrets.len(),
            opened: secrets.iter().filter(opens).count(),
        });
    }
    context.ui.all(&rows)?;
    match rows.iter().all(|row| row.secrets == row.opened) {
        true => Ok(()),
        false => Err(Error::new(
            Kind::No,
            "undecryptable",
            "some secrets cannot be opened with this key ring",
        )),
    }
}
