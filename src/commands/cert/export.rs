//! `hostctl cert export NAME`.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use crate::certificate::export::{self, Export};
use crate::certificate::pkcs12;
use crate::certificate::place::PARTS;
use crate::certificate::store::{self, Material};
use crate::commands::{Take, password, scope};
use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::keyring;
use crate::model::{CertificateName, Given, Secret};
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
    /// Write chain and key as PKCS#12 into this new file (0600), for Java and Windows
    #[arg(long, value_name = "FILE", group = "form")]
    pkcs12: Option<PathBuf>,
    /// The password of the PKCS#12 file, from stdin: one line (a terminal is asked)
    #[arg(long, requires = "pkcs12", conflicts_with = "password_file")]
    password_stdin: bool,
    /// The password of the PKCS#12 file, from a file that nobody else may read
    #[arg(long, value_name = "FILE", requires = "pkcs12")]
    password_file: Option<PathBuf>,
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
    let form = match (&args.part, &args.pkcs12) {
        (Some(part), _) => part,
        (None, Some(_)) => "pkcs12",
        (None, None) => "files",
    };
    if context.settings.is_dry_run {
        let would_be = |file| written(&material, &name, file);
        return context.ui.all(
            &args
                .destinations(&export)?
                .into_iter()
                .map(would_be)
                .collect::<Vec<_>>(),
        );
    }
    // Before it is told that a key went out.
    let password = match &args.pkcs12 {
        Some(_) => Some(args.password(context).await?),
        None => None,
    };
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
    let written = |path: &Path| written(&material, &name, path.display().to_string());
    if let (Some(path), Some(password)) = (&args.pkcs12, &password) {
        let key = export.key.as_ref().ok_or_else(no_key)?;
        let bytes = pkcs12::write(&export.chain, key, name.as_str(), password)?;
        files::write_private(path, &bytes)?;
        return context.ui.all(&[written(path)]);
    }
    let directory = args.directory.as_deref().unwrap_or(Path::new("."));
    let mut rows = Vec::new();
    for part in PARTS {
        let Some(text) = export.files.part(part) else {
            continue;
        };
        let path = directory.join(format!("{part}.pem"));
        files::write_private(&path, text.expose().as_bytes())?;
        rows.push(written(&path));
    }
    context.ui.all(&rows)
}

fn written(material: &Material, name: &CertificateName, file: String) -> Written {
    Written {
        certificate: name.to_string(),
        file,
        serial: material.serial.clone(),
    }
}

fn part_of<'a>(export: &'a Export, part: &str) -> Result<&'a str> {
    let text = export.files.part(part).map(Secret::expose);
    text.ok_or_else(no_key)
}

fn no_key() -> Error {
    let message = "the key of this certificate is the operator's and was never here";
    Error::new(Kind::NotFound, "no_key", message)
}

impl Args {
    /// Where everything would go; `-` is the standard output.
    fn destinations(&self, export: &Export) -> Result<Vec<String>> {
        if let Some(part) = &self.part {
            return part_of(export, part).map(|_| vec!["-".to_owned()]);
        }
        if let Some(path) = &self.pkcs12 {
            return export
                .key
                .as_ref()
                .ok_or_else(no_key)
                .map(|_| vec![path.display().to_string()]);
        }
        let directory = self.directory.as_deref().unwrap_or(Path::new("."));
        let parts = PARTS.into_iter().filter(|part| export.files.part(part).is_some());
        Ok(parts
            .map(|part| directory.join(format!("{part}.pem")).display().to_string())
            .collect())
    }

    async fn password(&self, context: &Context) -> Result<Secret> {
        let given = match &self.password_file {
            Some(path) => files::read_secret(path)?,
            None if self.password_stdin => password::from_stdin(context, "--password-stdin").await?,
            None => {
                let error = Error::invalid("a PKCS#12 file needs a password");
                return Err(error.hint("--password-stdin or --password-file FILE"));
            }
        };
        Ok(given)
    }
}
