//! `hostctl site diff FILE…` and `hostctl site diff DOMAIN`.

use std::path::{Path, PathBuf};

use futures_util::{StreamExt, stream};

use super::input::{How, Item, items, sources};
use super::preview::{Watch, differences, extras};
use super::removal::Removals;
use crate::error::{Error, Kind, Result};
use crate::manifest::Source;
use crate::model::{DomainName, Given};
use crate::output::words::Count;
use crate::runner::Context;
use crate::site;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Manifests (- is stdin), or domains of sites, which are compared with what they were last made to be
    #[arg(value_name = "FILE|DOMAIN", required = true)]
    what: Vec<PathBuf>,
    #[command(flatten)]
    how: How,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let watch = Watch::open(context).await?;
    let mut all = Vec::new();
    for what in &args.what {
        match domain(what) {
            Some(domain) => all.push(recorded(&watch, &domain, context).await?),
            None => all.extend(sources(std::slice::from_ref(what), context).await?),
        }
    }
    let items = items(&all, false, context).await?;
    let count = show(&watch, &items, args.how, context).await?;
    if count == 0 {
        return Ok(());
    }
    let message = format!(
        "{} between what stands and what is wanted",
        Count(count, "difference")
    );
    Err(Error::new(Kind::No, "different", message).hint("hostctl site apply"))
}

/// The domain that is meant, unless a file is: one that is there, or whose name ends as a manifest's.
fn domain(what: &Path) -> Option<DomainName> {
    let is_file = what == Path::new("-")
        || what.is_file()
        || what
            .extension()
            .is_some_and(|end| ["toml", "json", "ndjson"].iter().any(|known| end == *known));
    if is_file {
        return None;
    }
    let given: Given<DomainName> = what.to_str()?.parse().ok()?;
    Some(given.value)
}

/// What the site was last made to be.
async fn recorded(watch: &Watch<'_>, domain: &DomainName, context: &Context) -> Result<Source> {
    let account = context.account_filter(watch.session()).await?;
    let site = site::find(&**watch.session(), domain, account).await?;
    let none = || {
        let message = format!("site {domain} was made before sites kept what they were made to be");
        Error::new(Kind::NotFound, "no_manifest", message).hint(format!(
            "hostctl site export {domain} > site.toml; hostctl site apply site.toml"
        ))
    };
    let manifest = site.manifest.ok_or_else(none)?;
    Ok(Source {
        name: format!("site {domain}"),
        directory: PathBuf::new(),
        text: serde_json::json!({ "site": [manifest] }).to_string(),
    })
}

async fn show(watch: &Watch<'_>, items: &[Item], how: How, context: &Context) -> Result<usize> {
    let wishes = items.iter().filter_map(|item| item.wish.as_ref().ok());
    let look = async |wish| (wish, watch.preview(wish, how.prune).await);
    let mut looks = stream::iter(wishes).map(look).buffered(usize::from(how.jobs));
    let (mut list, mut count) = (context.ui.list(), 0);
    while let Some((wish, preview)) = looks.next().await {
        let preview = preview.map_err(|error| error.context(format!("site {}", wish.site.domain)))?;
        let extras = extras(wish.site.domain.as_str(), preview.extras);
        for row in differences(preview.steps).iter().chain(&extras) {
            list.push(row)?;
            count += 1;
        }
    }
    if how.prune_sites {
        let only = How { prune: false, ..how };
        for site in Removals::find(watch, items, only).await?.sites {
            for row in differences(watch.deletion(&site).await?) {
                list.push(&row)?;
                count += 1;
            }
        }
    }
    list.finish()?;
    Ok(count)
}
