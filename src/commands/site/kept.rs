//! A plan that was kept in a file, for `apply --plan`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::input::{Item, Wish, items};
use crate::env::files;
use crate::error::{Error, Result};
use crate::manifest::{self, SIZE_LIMIT, Source};
use crate::runner::Context;

/// The form of the file.
const VERSION: u32 = 1;

/// What is in the file: the manifests as they were read, and what was seen of each site.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    hostctl_plan: u32,
    /// Whether parts that no manifest names go.
    pub prune: bool,
    accounts: BTreeMap<String, String>,
    digests: BTreeMap<String, String>,
    manifest: Value,
}

impl Kept {
    pub fn new(prune: bool, wishes: &[&Wish], digests: BTreeMap<String, String>) -> Result<Self> {
        let accounts = wishes
            .iter()
            .map(|wish| (wish.site.domain.to_string(), wish.owner.name.clone()));
        let sites = wishes.iter().map(|wish| wish.site.clone().with_absolute_files());
        let sites: Vec<manifest::Site> = sites.collect::<Result<_>>()?;
        Ok(Kept {
            hostctl_plan: VERSION,
            prune,
            accounts: accounts.collect(),
            digests,
            manifest: manifest::to_json(&sites)?,
        })
    }

    /// Writes it to a file that does not exist yet.
    ///
    /// # Errors
    /// `conflict`, reason `exists`.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::internal("a plan cannot be written").source(error))?;
        files::write_private(path, text.as_bytes())
    }

    /// Reads it again, with its sites.
    ///
    /// # Errors
    /// `usage` where the file is no such plan.
    pub async fn read(path: &Path, keeps_going: bool, context: &Context) -> Result<(Kept, Vec<Item>)> {
        let shown = path.display();
        let none = || {
            Error::invalid(format!("{shown} is no plan of this program"))
                .hint("hostctl site plan FILE --out PLAN makes one")
        };
        let text = files::read_text(path, 2 * SIZE_LIMIT)?;
        let kept: Kept = serde_json::from_str(&text).map_err(|error| none().source(error))?;
        if kept.hostctl_plan != VERSION {
            return Err(none());
        }
        let source = Source {
            name: path.display().to_string(),
            directory: PathBuf::new(),
            text: kept.manifest.to_string(),
        };
        let mut items = items(&[source], keeps_going, context).await?;
        for wish in items.iter_mut().filter_map(|item| item.wish.as_mut().ok()) {
            let domain = wish.site.domain.as_str();
            wish.digest = Some(kept.digests.get(domain).ok_or_else(none)?.clone());
            if kept.accounts.get(domain) != Some(&wish.owner.name) {
                return Err(Error::invalid(format!(
                    "{shown}: site {domain} was planned for another account"
                )));
            }
        }
        Ok((kept, items))
    }
}
