//! What goes: counted, limited and asked for before anything is done.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};

use super::input::{How, Item};
use super::preview::Watch;
use crate::error::{Error, Kind, Result};
use crate::output::words::{Count, Listed};
use crate::runner::Context;
use crate::site::{self, Site};

/// More removals than this need a limit of their own.
const MANY: usize = 10;
/// So does more than this part of what stands, in percent.
const PERCENT: usize = 30;
/// How many are named in the question.
const NAMED: usize = 5;

/// Everything that would go.
#[derive(Debug, Default)]
pub(super) struct Removals {
    /// In words.
    pub all: Vec<String>,
    /// Whole sites among them.
    pub sites: Vec<Site>,
    /// Sites that could not be looked at: nothing of them goes.
    pub unseen: BTreeSet<String>,
    parts: usize,
}

impl Removals {
    /// Looks at every site, and at those that no manifest names.
    ///
    /// # Errors
    /// `usage` where sites are to go and a manifest is broken; those of the control database.
    pub async fn find(watch: &Watch<'_>, items: &[Item], how: How) -> Result<Removals> {
        let mut found = Removals::default();
        if how.prune_sites && items.iter().any(|item| item.wish.is_err()) {
            let message = "a manifest that cannot be read whole does not tell which sites are to go";
            return Err(Error::invalid(message).hint("mend it, or leave --prune-sites out"));
        }
        if how.prune {
            let wishes = items.iter().filter_map(|item| item.wish.as_ref().ok());
            let look = async |wish| (wish, watch.preview(wish, true).await);
            let mut looks = stream::iter(wishes)
                .map(look)
                .buffer_unordered(usize::from(how.jobs));
            while let Some((wish, preview)) = looks.next().await {
                match preview {
                    Ok(preview) => {
                        found.parts += preview.parts;
                        found.all.extend(preview.removals);
                    }
                    Err(_) => {
                        found.unseen.insert(wish.site.domain.to_string());
                    }
                }
            }
        }
        if how.prune_sites {
            found.sites = unnamed(watch, items).await?;
            found
                .all
                .extend(found.sites.iter().map(|site| format!("site {}", site.domain)));
            found.parts += items.len() + found.sites.len();
        }
        Ok(found)
    }

    /// Makes sure that so much may go, and asks.
    ///
    /// # Errors
    /// `denied`, reason `max_removals`; those of a question.
    pub fn confirm(&self, context: &Context, limit: Option<usize>) -> Result<()> {
        let count = self.all.len();
        if count == 0 {
            return Ok(());
        }
        let is_much = count > MANY || count * 100 > self.parts * PERCENT;
        let is_allowed = limit.map_or(!is_much, |limit| count <= limit);
        let shown = Listed(&self.all[..count.min(NAMED)]).to_string();
        let more = if count > NAMED { ", …" } else { "" };
        let what = Count(count, "thing");
        if !is_allowed {
            let message = format!(
                "{what} of {} would be removed ({shown}{more})",
                self.parts.max(count)
            );
            return Err(Error::new(Kind::Denied, "max_removals", message)
                .hint(format!("if that is meant: --max-removals {count}")));
        }
        context
            .ui
            .confirm(&format!("remove {what} ({shown}{more})?"))
            .map(|_| ())
    }
}

/// The sites of the accounts concerned that no manifest names.
async fn unnamed(watch: &Watch<'_>, items: &[Item]) -> Result<Vec<Site>> {
    let wishes = items.iter().filter_map(|item| item.wish.as_ref().ok());
    let owners: BTreeSet<_> = wishes.clone().map(|wish| wish.owner.id).collect();
    let named: BTreeSet<String> = wishes.map(|wish| wish.site.domain.to_string()).collect();
    let mut sites = Vec::new();
    for owner in owners {
        sites.extend(site::list(&**watch.session(), Some(owner)).await?);
    }
    sites.retain(|site| !named.contains(&site.domain));
    Ok(sites)
}
