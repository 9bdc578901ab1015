//! `hostctl site export [DOMAIN…]`.

use futures_util::{StreamExt, stream};

use super::preview::{Watch, eyes};
use crate::commands::Take;
use crate::error::{Error, Kind, Result};
use crate::manifest;
use crate::model::{DomainName, Given};
use crate::output::Format;
use crate::output::words::Count;
use crate::runner::Context;
use crate::site::{self, Owner, Site};

/// How many are looked at side by side.
const JOBS: usize = 8;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domains of sites
    #[arg(value_name = "DOMAIN", required_unless_present = "all")]
    domains: Vec<Given<DomainName>>,
    /// Every site, or every one of --account
    #[arg(long, conflicts_with = "domains")]
    all: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let watch = Watch::open(context).await?;
    let account = context.account_filter(watch.session()).await?;
    let mut found = Vec::new();
    if args.all {
        found = site::list(&**watch.session(), account).await?;
    }
    for domain in &args.domains {
        let domain = domain.take(&context.ui);
        found.push(site::find(&**watch.session(), &domain, account).await?);
    }
    let looks = stream::iter(&found).map(|site| one(&watch, site, context));
    let looks: Vec<Result<manifest::Site>> = looks.buffered(JOBS).collect().await;
    let total = looks.len();
    let (mut sites, mut first) = (Vec::with_capacity(total), None);
    for (site, look) in found.iter().zip(looks) {
        match look {
            Ok(site) => sites.push(site),
            Err(error) if total == 1 || error.kind() == Kind::Interrupted => return Err(error),
            Err(error) => {
                context.ui.warn(&format!("{}: {}", site.domain, error.message()));
                first.get_or_insert(error);
            }
        }
    }
    print(&sites, context)?;
    let Some(error) = first else { return Ok(()) };
    let message = format!(
        "{} of {} could not be looked at and left out",
        total - sites.len(),
        Count(total, "site")
    );
    Err(Error::new(Kind::Partial, "partial", message)
        .hint("site apply --prune-sites with this would remove what was left out: mend what the warnings say, and export again")
        .source(error))
}

fn print(sites: &[manifest::Site], context: &Context) -> Result<()> {
    match context.ui.options().format {
        Format::Table => context.ui.print(&manifest::to_toml(sites)?),
        Format::Json => context.ui.print(&pretty(&manifest::to_json(sites)?)?),
        Format::Ndjson => {
            let file = manifest::to_json(sites)?;
            let lines = file["site"].as_array().into_iter().flatten();
            let text = lines.fold(String::new(), |text, site| text + &site.to_string() + "\n");
            context.ui.print(&text)
        }
        Format::Csv => Err(Error::invalid("a manifest is no table").hint("-o json, -o ndjson or neither")),
    }
}

async fn one(watch: &Watch<'_>, site: &Site, context: &Context) -> Result<manifest::Site> {
    let eyes = eyes(context, watch.session(), watch.world());
    let owner = Owner {
        id: site.account_id,
        name: site.account.clone(),
    };
    let look = site::look(eyes, &site.domain.parse()?, owner, None, true).await?;
    let exported = site::export(&look, &context.config)?;
    for line in site::raised(&look) {
        context.ui.warn(&line);
    }
    Ok(exported)
}

fn pretty(value: &serde_json::Value) -> Result<String> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Error::internal("a manifest cannot be written").source(error))?;
    Ok(text + "\n")
}
