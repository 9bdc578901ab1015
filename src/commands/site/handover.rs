//! `hostctl site handover DOMAIN`: the sheet for the customer. No passwords.

use serde::Serialize;

use super::preview::Watch;
use crate::commands::Take;
use crate::dns;
use crate::error::Result;
use crate::mail::{alias, boxes};
use crate::model::{DatabaseName, DomainName, Given, ZoneName};
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::site::{self, Site};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    domain: Given<DomainName>,
}

#[derive(Serialize)]
struct Sheet {
    domain: String,
    /// To be set at the registrar.
    nameservers: Option<Vec<String>>,
    database: Option<DatabaseSheet>,
    mail: Option<MailSheet>,
}

#[derive(Serialize)]
struct DatabaseSheet {
    database: String,
    user: String,
    host: String,
    port: u16,
}

#[derive(Serialize)]
struct MailSheet {
    addresses: Vec<String>,
    aliases: Vec<AliasSheet>,
    /// The user is the whole address.
    imap: String,
    smtp: String,
}

#[derive(Serialize)]
struct AliasSheet {
    source: String,
    destinations: Vec<String>,
}

impl Row for Sheet {
    const NOUN: &'static str = "sheet";
    const COLUMNS: &'static [Column] = &[
        Column::new("domain"),
        Column::new("nameservers").titled("name servers"),
        Column::new("database"),
        Column::new("mail"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let watch = Watch::open(context).await?;
    let account = context.account_filter(watch.session()).await?;
    let domain = args.domain.take(&context.ui);
    let site = site::find(&**watch.session(), &domain, account).await?;
    let sheet = Sheet {
        nameservers: nameservers(&watch, &site).await?,
        database: database(&watch, &site)?,
        mail: mail(&watch, &site, context).await?,
        domain: site.domain,
    };
    context.ui.one(&sheet)
}

async fn nameservers(watch: &Watch<'_>, site: &Site) -> Result<Option<Vec<String>>> {
    let Some(zone) = &site.zone else { return Ok(None) };
    let zone: ZoneName = zone.parse()?;
    let observed = dns::observe(&**watch.session(), &watch.world().providers, &zone, None).await?;
    let detail = dns::show_zone(&**watch.session(), &observed).await?;
    let without_dot = |name: String| name.trim_end_matches('.').to_owned();
    Ok(Some(detail.nameservers.into_iter().map(without_dot).collect()))
}

fn database(watch: &Watch<'_>, site: &Site) -> Result<Option<DatabaseSheet>> {
    let (Some(name), Some(cluster)) = (&site.database, &site.cluster) else {
        return Ok(None);
    };
    let name: DatabaseName = name.parse()?;
    let (host, port) = watch.world().clusters.address(cluster)?;
    Ok(Some(DatabaseSheet {
        database: name.to_string(),
        user: name.to_string(),
        host,
        port,
    }))
}

async fn mail(watch: &Watch<'_>, site: &Site, context: &Context) -> Result<Option<MailSheet>> {
    let Some(domain) = &site.mail_domain else {
        return Ok(None);
    };
    let domain: DomainName = domain.parse()?;
    let boxes = boxes::list(&**watch.session(), None, Some(&domain)).await?;
    let aliases = alias::list(&**watch.session(), None, Some(&domain)).await?;
    let aliases = aliases.into_iter().map(|one| AliasSheet {
        source: one.source,
        destinations: one.destinations,
    });
    let host = context.config.mail.hostname.as_deref().unwrap_or_default();
    // RFC 8314 §3: TLS from the first byte.
    Ok(Some(MailSheet {
        addresses: boxes.into_iter().map(|one| one.address).collect(),
        aliases: aliases.collect(),
        imap: format!("{host}:993"),
        smtp: format!("{host}:465"),
    }))
}
