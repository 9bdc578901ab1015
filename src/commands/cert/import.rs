//! `hostctl cert import PATH`.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::account;
use crate::certificate::import::{self, Found, Known};
use crate::certificate::store::{self, NewGeneration, Wanted};
use crate::certificate::x509::{Chain, Key};
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::journal::{Plan, PlannedStep};
use crate::keyring::{self, Keyring};
use crate::model::CertificateName;
use crate::output::words::Count;
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tree of certbot (/etc/letsencrypt) or lego, or a directory or file of PEM
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// The private key of a single file, where it stands neither in it nor beside it as NAME.key
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// What a single certificate is to be called; default: the first of its names
    #[arg(long, value_name = "NAME")]
    name: Option<CertificateName>,
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    source: String,
    /// `imported`, `unchanged` or `refused`.
    state: &'static str,
    challenge: Option<String>,
    identifiers: Option<String>,
    not_after: Option<Timestamp>,
    /// Why it was refused, or what of it could not be taken.
    notes: Vec<String>,
    operation: Option<String>,
}

impl Row for Line {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("source").detail(),
        Column::new("state").state(),
        Column::new("challenge"),
        Column::new("identifiers").titled("names"),
        Column::new("not_after").titled("expires").time(),
        Column::new("notes"),
        Column::new("operation").detail(),
    ];
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let found = import::look(
        &args.path,
        args.key.as_deref(),
        &Known::configured(&context.config),
    )?;
    if found.len() > 1 && (args.name.is_some() || args.key.is_some()) {
        let message = format!(
            "--name and --key are for one certificate, and there are {}",
            found.len()
        );
        return Err(Error::invalid(message));
    }
    let keyring = keyring::open(&context.config, &context.environment)?;
    let total = found.len();
    let (mut list, mut failed, mut first) = (context.ui.list(), 0, None);
    for one in found {
        let mut line = begun(&one);
        if let Err(error) = take(one, args.name.as_ref(), &keyring, context, &mut line).await {
            if error.kind() == Kind::Interrupted {
                return Err(error);
            }
            line.state = "refused";
            line.notes.insert(0, error.message().to_owned());
            failed += 1;
            first.get_or_insert(error);
        }
        if !context.settings.is_dry_run || line.state == "refused" {
            list.push(&line)?;
        }
    }
    list.finish()?;
    match first {
        None => Ok(()),
        Some(error) if total == 1 => Err(error),
        Some(_) => {
            let message = format!(
                "{failed} of {} could not be taken; the list says why",
                Count(total, "certificate")
            );
            Err(Error::new(Kind::Partial, "partial", message)
                .hint("mend what the notes say and give the command again: what is taken stays"))
        }
    }
}

fn begun(found: &Found) -> Line {
    Line {
        name: found.name.clone(),
        source: found.source.display().to_string(),
        state: "imported",
        challenge: None,
        identifiers: None,
        not_after: None,
        notes: found.notes.clone(),
        operation: None,
    }
}

/// One operation a certificate.
async fn take(
    found: Found,
    name: Option<&CertificateName>,
    keyring: &Keyring,
    context: &Context,
    line: &mut Line,
) -> Result<()> {
    let (chain, key) = found.pair?;
    let name = match name {
        Some(name) => name.clone(),
        None => found.name.parse()?,
    };
    line.name = name.to_string();
    line.identifiers = Some(chain.leaf().identifiers.join(" "));
    line.not_after = Some(chain.leaf().not_after);
    let new = New {
        keyring,
        name: &name,
        settings: found.settings,
        chain,
        key,
    };
    let asked = json!({ "fingerprint": new.chain.leaf().fingerprint, "challenge": new.settings.challenge });
    let outcome = Change::new("cert.import", name.as_str(), asked)
        .run(context, async |session, _, _| new.plan(session, context).await)
        .await?;
    let result = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(result) => {
            line.state = "unchanged";
            result
        }
        Outcome::Done(done) => {
            line.operation = Some(done.operation.to_string());
            done.result
        }
    };
    line.challenge = result["challenge"].as_str().map(ToOwned::to_owned);
    if result["is_placed"] == false {
        line.notes.push(unplaced(&name, line.challenge.as_deref()));
    }
    Ok(())
}

/// What is still to be done: nobody knows here which hosts serve it.
fn unplaced(name: &CertificateName, challenge: Option<&str>) -> String {
    let until_then = match challenge {
        Some("imported") | None => "",
        Some("dns-01") => ", and renewed without being served",
        Some(_) => ", and not renewed before",
    };
    format!("it is placed on no host yet{until_then}: hostctl cert place {name}, on the host that serves it")
}

/// A certificate that is to be kept.
struct New<'a> {
    keyring: &'a Keyring,
    name: &'a CertificateName,
    settings: import::Settings,
    chain: Chain,
    key: Key,
}

impl New<'_> {
    async fn plan(&self, session: &Session, context: &Context) -> Result<Plan> {
        let account = account::pick(&**session, context.settings.account.as_ref()).await?;
        let there = store::try_observe(&**session, self.name).await?;
        let is_placed = there.as_ref().is_some_and(|image| !image.places.is_empty());
        let generation = NewGeneration::new(&self.chain, None);
        let mut steps = Vec::new();
        let mut challenge = self.settings.challenge.clone();
        let before = match &there {
            None => {
                steps.push(store::plan_create(self.wanted(account.id))?);
                None
            }
            Some(image) if image.account != account.id => {
                let message = format!(
                    "certificate {} is taken: it belongs to another account",
                    self.name
                );
                return Err(Error::new(Kind::Conflict, "taken", message));
            }
            Some(image) => {
                challenge.clone_from(&image.challenge);
                image.generation
            }
        };
        let wanted = there.as_ref().map_or(&[][..], |image| &image.identifiers);
        let is_same = there.as_ref().and_then(store::Image::fingerprint) == Some(generation.fingerprint());
        if !is_same {
            self.chain
                .check(wanted, Some(&self.key), store::now(&**session).await?)?;
            steps.push(self.add(there.as_ref(), before, generation)?);
        }
        Ok(Plan {
            kind: "cert.import",
            target: self.name.to_string(),
            account: Some(account.id),
            request: json!({}),
            steps,
            claims: Vec::new(),
            result: json!({ "certificate": self.name, "challenge": challenge, "is_placed": is_placed }),
        })
    }

    fn add(
        &self,
        there: Option<&store::Image>,
        before: Option<i32>,
        generation: NewGeneration,
    ) -> Result<PlannedStep> {
        let older = there.and_then(|image| {
            let mut known = image.fingerprints.iter();
            known.find(|(_, fingerprint)| fingerprint == generation.fingerprint())
        });
        if let Some((number, _)) = older {
            let message = format!(
                "it is generation {number} of certificate {}, which has a newer one",
                self.name
            );
            return Err(
                Error::new(Kind::Conflict, "older", message).hint(format!("hostctl cert show {}", self.name))
            );
        }
        let sealed = store::seal_key(self.keyring, self.name, &self.key.pem())?;
        store::plan_add(self.name, before, generation, Some(sealed))
    }

    fn wanted(&self, account: uuid::Uuid) -> Wanted {
        let leaf = self.chain.leaf();
        Wanted {
            name: self.name.clone(),
            account,
            identifiers: leaf.identifiers.clone(),
            cas: self.settings.cas.clone(),
            challenge: self.settings.challenge.clone(),
            key_type: self.settings.key_type_after(leaf),
            reuse_key: self.settings.reuse_key,
            csr: None,
            profile: self.settings.profile.clone(),
            preferred_chain: self.settings.preferred_chain.clone(),
            webroot: self.settings.webroot.clone(),
        }
    }
}
