//! `hostctl site plan FILE…`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use futures_util::{StreamExt, stream};

use super::input::{How, Item, items, sources};
use super::kept::Kept;
use super::preview::Watch;
use super::removal::Removals;
use crate::error::Result;
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Manifests in TOML, JSON or NDJSON; - is stdin
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    how: How,
    /// Keep the plan in a new file, for apply --plan
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let items = items(&sources(&args.files, context).await?, false, context).await?;
    let digests = show(&items, args.how, context).await?;
    let Some(out) = &args.out else { return Ok(()) };
    let wishes: Vec<_> = items.iter().filter_map(|item| item.wish.as_ref().ok()).collect();
    Kept::new(args.how.prune, &wishes, digests)?.write(out)?;
    context.ui.note(&format!(
        "carry it out with: hostctl site apply --plan {}",
        out.display()
    ));
    Ok(())
}

/// Shows every step, and gives what was seen of each site.
///
/// # Errors
/// Those of looking and planning.
pub(super) async fn show(items: &[Item], how: How, context: &Context) -> Result<BTreeMap<String, String>> {
    let watch = Watch::open(context).await?;
    let wishes = items.iter().filter_map(|item| item.wish.as_ref().ok());
    let look = async |wish| (wish, watch.preview(wish, how.prune).await);
    // In the order of the files, however fast each is looked at.
    let mut looks = stream::iter(wishes).map(look).buffered(usize::from(how.jobs));
    let (mut digests, mut list) = (BTreeMap::new(), context.ui.list());
    while let Some((wish, preview)) = looks.next().await {
        let preview = preview.map_err(|error| error.context(format!("site {}", wish.site.domain)))?;
        preview.steps.iter().try_for_each(|step| list.push(step))?;
        digests.insert(wish.site.domain.to_string(), preview.digest);
    }
    if how.prune_sites {
        let only = How { prune: false, ..how };
        for site in Removals::find(&watch, items, only).await?.sites {
            for step in watch.deletion(&site).await? {
                list.push(&step)?;
            }
        }
    }
    list.finish()?;
    Ok(digests)
}
