//! `hostctl audit query`.

use clap::builder::PossibleValuesParser;

use crate::audit::{self, Entry, Moment, Pages, Pattern, Selection};
use crate::commands::scope::visible;
use crate::control::Session;
use crate::error::Result;
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::trail::Outcome;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Not before: a duration such as 2h or 7d counts back from now, else today, yesterday, a date (UTC) or RFC 3339
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Before: as --since
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// By whom; * stands for anything, as in 'root@*'
    #[arg(long, value_name = "PATTERN")]
    actor: Option<Pattern>,
    /// What was done; * stands for anything, as in 'db.*'
    #[arg(long, value_name = "PATTERN")]
    action: Option<Pattern>,
    /// To what it was done; * stands for anything
    #[arg(long, value_name = "PATTERN")]
    target: Option<Pattern>,
    /// How it ended
    #[arg(long, value_parser = PossibleValuesParser::new(Outcome::ALL.map(Outcome::word)))]
    outcome: Option<String>,
    /// At most so many, the newest
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// All of them
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl Row for Entry {
    const NOUN: &'static str = "event";
    const COLUMNS: &'static [Column] = &[
        Column::new("id"),
        Column::new("ts").titled("time").time(),
        Column::new("actor"),
        Column::new("action"),
        Column::new("target"),
        Column::new("outcome").state(),
        Column::new("account").detail(),
        Column::new("account_id").detail(),
        Column::new("request_id").detail(),
        Column::new("ip").detail(),
        Column::new("details").detail(),
        Column::new("os_user").detail(),
        Column::new("login_user").detail(),
        Column::new("sudo_user").detail(),
        Column::new("tty").detail(),
        Column::new("ssh_client").detail(),
        Column::new("host").detail(),
        Column::new("program").detail(),
        Column::new("db_role").detail(),
        Column::new("db_address").detail(),
        Column::new("tx").detail(),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let selection = Selection {
        since: args.since,
        until: args.until,
        actor: args.actor,
        action: args.action,
        target: args.target,
        outcome: args.outcome,
        account: visible(context, &*session).await?,
    };
    if args.all {
        return stream(context, &session, selection).await;
    }
    context
        .ui
        .all(&audit::newest(&*session, &selection, args.limit).await?)
}

/// In constant memory, but for the table, which has to know its widths.
async fn stream(context: &Context, session: &Session, selection: Selection) -> Result<()> {
    let mut pages = Pages::new(&**session, selection).await?;
    let mut list = context.ui.list();
    loop {
        let page = pages.next(&**session).await?;
        if page.is_empty() || context.ui.stdout_is_closed() {
            return list.finish();
        }
        page.iter().try_for_each(|entry| list.push(entry))?;
    }
}
