//! `hostctl account show NAME`.

use serde::Serialize;

use super::LOOK;
use crate::account::{self, Account, Standing};
use crate::commands::Take;
use crate::database::{self, Clusters};
use crate::error::{Error, Result};
use crate::model::{AccountName, Given};
use crate::output::{Column, Row};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The account
    #[arg(value_name = "NAME")]
    name: Given<AccountName>,
}

/// What an account has, each number with its limit; no limit is unlimited.
#[derive(Serialize)]
struct Shown {
    name: String,
    state: String,
    package: Option<String>,
    databases: i64,
    databases_limit: Option<i64>,
    boxes: i64,
    boxes_limit: Option<i64>,
    domains: i64,
    domains_limit: Option<i64>,
    zones: i64,
    zones_limit: Option<i64>,
    aliases: i64,
    aliases_limit: Option<i64>,
    quota_bytes: Option<i64>,
    quota_bytes_limit: Option<i64>,
    database_size_bytes: Option<i64>,
    database_size_bytes_limit: Option<i64>,
    sites: i64,
    created_at: jiff::Timestamp,
}

impl Row for Shown {
    const NOUN: &'static str = "account";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("state").state(),
        Column::new("package"),
        Column::new("databases"),
        Column::new("databases_limit").titled("at most"),
        Column::new("boxes"),
        Column::new("boxes_limit").titled("at most"),
        Column::new("domains").titled("mail domains"),
        Column::new("domains_limit").titled("at most"),
        Column::new("zones"),
        Column::new("zones_limit").titled("at most"),
        Column::new("aliases"),
        Column::new("aliases_limit").titled("at most"),
        Column::new("quota_bytes").titled("quotas").bytes(),
        Column::new("quota_bytes_limit").titled("at most").bytes(),
        Column::new("database_size_bytes").titled("database size").bytes(),
        Column::new("database_size_bytes_limit")
            .titled("at most (told only)")
            .bytes(),
        Column::new("sites"),
        Column::new("created_at").titled("created").time(),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let found = account::find(&*session, &args.name.take(&context.ui)).await?;
    let standing = account::standing(&*session, found.id).await?;
    let standing = standing.ok_or_else(|| Error::internal("an account that is gone while it is shown"))?;
    let clusters = Clusters::new(&context.config);
    let listing = database::list(&*session, &clusters, Some(found.id), None, context.within(LOOK)).await?;
    listing.notes.iter().for_each(|note| context.ui.warn(note));
    let sizes = listing.databases.iter().map(|database| database.size_bytes);
    context.ui.one(&shown(found, standing, sizes.sum()))
}

fn shown(account: Account, standing: Standing, database_size_bytes: Option<i64>) -> Shown {
    let Standing {
        limits,
        usage,
        package,
        ..
    } = standing;
    Shown {
        name: account.name,
        state: account.state,
        package,
        databases: usage.databases,
        databases_limit: limits.databases,
        boxes: usage.boxes,
        boxes_limit: limits.boxes,
        domains: usage.domains,
        domains_limit: limits.domains,
        zones: usage.zones,
        zones_limit: limits.zones,
        aliases: usage.aliases,
        aliases_limit: limits.aliases,
        quota_bytes: usage.quota_bytes,
        quota_bytes_limit: limits.quota_bytes,
        database_size_bytes,
        database_size_bytes_limit: limits.database_bytes,
        sites: account.sites,
        created_at: account.created_at,
    }
}
