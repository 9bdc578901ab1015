//! `hostctl cert export NAME`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use crate::certificate::export::{self, Export};
use crate::certificate::place::PARTS;
use crate::certificate::store;
use crate::commands::{Take, scope};
use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::keyring;
use crate::model::{CertificateName, Given};
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::trail::{self, Event, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("form").required(true))]
pub struct Args {
    /// The certificate
    #[arg(value_name = "NAME")]
    name: Given<CertificateName>,
    /// Print this part in PEM: cert, chain, fullchain, privkey or combined
    #[arg(long, value_name = "PART", group = "form", value_parser = PARTS)]
    part: Option<String>,
    /// Write all parts into this directory, as new files (0600)
    #[arg(long, value_name = "DIR", group = "form")]
    directory: Option<PathBuf>,
}

#[derive(Serialize)]
struct Written {
    certificate: String,
    file: String,
    serial: String,
}

impl Row for Written {
    const NOUN: &'static str = "file";
    const COLUMNS: &'static [Column] = &[
        Column::new("file"),
        Column::new("certificate"),
        Column::new("serial"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let keyring = keyring::open(&context.config, &context.environment)?;
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let material = store::material(&*session, &name, account).await?;
    let export = export::open(&material, &keyring)?;
    let form = args.part.as_deref().unwrap_or("files");
    // Whoever takes a key out of here leaves a trace, before it is out.
    let event = Event {
        action: "cert.export",
        target: name.as_str(),
        account: Some(material.account),
        outcome: Outcome::Success,
        operation: None,
        details: json!({ "form": form, "serial": material.serial }),
    };
    trail::append(&*session, &context.actor, &event).await?;
    if let Some(part) = &args.part {
        return context.ui.print(part_of(&export, part)?);
    }
    let directory = args.directory.as_deref().unwrap_or(Path::new("."));
    let mut rows = Vec::new();
    for part in PARTS {
        let Some(text) = export.files.part(part) else {
            continue;
        };
        let path = directory.join(format!("{part}.pem"));
        files::write_private(&path, text.expose().as_bytes())?;
        rows.push(Written {
            certificate: name.to_string(),
            file: path.display().to_string(),
            serial: material.serial.clone(),
        });
    }
    context.ui.all(&rows)
}

fn part_of<'a>(export: &'a Export, part: &str) -> Result<&'a str> {
    let text = export.files.part(part).map(crate::model::Secret::expose);
    text.ok_or_else(|| {
        let message = "the key of this certificate is the operator's and was never here";
        Error::new(Kind::NotFound, "no_key", message)
    })
}
