//! What the verbs that read manifests have in common: the files, whose the sites are, how many at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::account::{self, Account};
use crate::commands::text;
use crate::error::{Error, Kind, Result};
use crate::manifest::{self, Entry, SIZE_LIMIT, Source};
use crate::runner::Context;
use crate::site::Owner;

/// How many at once, and what may go.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct How {
    /// How many sites at once
    #[arg(short, long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Remove parts of a site that its manifest does not name
    #[arg(long)]
    pub prune: bool,
    /// Remove whole sites of the same accounts that no manifest names
    #[arg(long)]
    pub prune_sites: bool,
}

/// A site of a manifest, or why it is none.
#[derive(Debug)]
pub(super) struct Item {
    /// Its domain, or where it stands.
    pub label: String,
    /// What it is to be, and whose.
    pub wish: Result<Wish>,
}

/// What a site is to be.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub site: manifest::Site,
    pub owner: Owner,
    /// What the look of a kept plan gave; another one now makes the plan stale.
    pub digest: Option<String>,
}

/// Reads the files, `-` being stdin.
///
/// # Errors
/// `usage`.
pub(super) async fn sources(files: &[PathBuf], context: &Context) -> Result<Vec<Source>> {
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        sources.push(source(file, context).await?);
    }
    Ok(sources)
}

async fn source(file: &Path, context: &Context) -> Result<Source> {
    let text = text::read(file, SIZE_LIMIT, context).await?;
    let directory = if file == Path::new("-") {
        PathBuf::from(".")
    } else {
        file.parent().map(Path::to_owned).unwrap_or_default()
    };
    Ok(Source {
        name: file.display().to_string(),
        directory,
        text,
    })
}

/// The sites of all texts, each with its account. Without `keeps_going` one that is wrong refuses all.
///
/// # Errors
/// `usage` for what is wrong in the texts; `not_found`, `denied` for an account.
pub(super) async fn items(sources: &[Source], keeps_going: bool, context: &Context) -> Result<Vec<Item>> {
    let entries = manifest::read_all(sources)?;
    let accounts = Accounts::read(context).await?;
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        entry.notes.iter().for_each(|note| context.ui.note(note));
        let Entry {
            label, place, site, ..
        } = entry;
        let wish = site.and_then(|site| {
            let owner = accounts.owner(&site).map_err(|error| error.context(&place))?;
            Ok(Wish {
                site,
                owner,
                digest: None,
            })
        });
        match wish {
            Err(error) if !keeps_going => return Err(error),
            wish => items.push(Item { label, wish }),
        }
    }
    Ok(items)
}

/// Every account, read once: counting what one owns costs more the more there is.
struct Accounts {
    all: BTreeMap<String, Account>,
    flag: Option<String>,
}

impl Accounts {
    async fn read(context: &Context) -> Result<Self> {
        let session = context.session().await?;
        let all = account::list(&*session).await?;
        Ok(Accounts {
            all: all
                .into_iter()
                .map(|account| (account.name.clone(), account))
                .collect(),
            flag: context.settings.account.as_ref().map(ToString::to_string),
        })
    }

    fn owner(&self, site: &manifest::Site) -> Result<Owner> {
        let named = site.account.as_ref().map(ToString::to_string);
        if let (Some(named), Some(flag)) = (&named, &self.flag)
            && named != flag
        {
            let message = format!("site {} belongs to account {named}, not {flag}", site.domain);
            return Err(Error::invalid(message).hint("leave --account out"));
        }
        let account = match named.as_ref().or(self.flag.as_ref()) {
            Some(name) => self.all.get(name).ok_or_else(|| {
                Error::new(Kind::NotFound, "not_found", format!("no account {name}"))
                    .hint("hostctl account list")
            })?,
            None => self.only()?,
        };
        if account.state == "suspended" {
            let message = format!("account {} is suspended", account.name);
            return Err(Error::new(Kind::Denied, "suspended", message));
        }
        Ok(Owner {
            id: account.id,
            name: account.name.clone(),
        })
    }

    fn only(&self) -> Result<&Account> {
        let mut all = self.all.values();
        match (all.next(), all.next()) {
            (Some(account), None) => Ok(account),
            (None, _) => Err(Error::new(Kind::NotFound, "not_found", "there is no account")
                .hint("hostctl account create main")),
            _ => Err(Error::invalid("there are several accounts, and none was named")
                .hint("account = \"NAME\" in the manifest, or --account NAME")),
        }
    }
}
