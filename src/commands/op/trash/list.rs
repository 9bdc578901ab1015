//! `hostctl op trash list`.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::commands::scope;
use crate::error::Result;
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::trash::{self, Due, Entry, Selection};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only what is kept no longer than until now
    #[arg(long)]
    expired: bool,
}

/// A line of the trash.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    operation: Uuid,
    kind: String,
    name: String,
    account: Option<String>,
    deleted_at: Timestamp,
    purge_after: Timestamp,
}

impl Row for Line {
    const NOUN: &'static str = "thing";
    const COLUMNS: &'static [Column] = &[
        Column::new("operation"),
        Column::new("kind"),
        Column::new("name"),
        Column::new("account").detail(),
        Column::new("deleted_at").titled("deleted").time().detail(),
        Column::new("purge_after").titled("kept until").time(),
    ];
}

impl From<&Entry> for Line {
    fn from(entry: &Entry) -> Self {
        Line {
            operation: entry.operation,
            kind: entry.kind.clone(),
            name: entry.name.clone(),
            account: entry.account.clone(),
            deleted_at: entry.deleted_at,
            purge_after: entry.purge_after,
        }
    }
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let selection = Selection {
        account: scope::visible(context, &*session).await?,
        operations: None,
        due: if args.expired { Due::Over } else { Due::Any },
    };
    let entries = trash::list(&*session, &selection).await?;
    context
        .ui
        .all(&entries.iter().map(Line::from).collect::<Vec<_>>())
}
