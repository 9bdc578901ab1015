//! `hostctl mail home list`.

use jiff::Timestamp;
use serde::Serialize;

use crate::commands::scope;
use crate::error::Result;
use crate::mail::{boxes, homes};
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::trash;

/// A directory that a box has left.
#[derive(Debug, Serialize)]
struct Line {
    home: String,
    /// Whose box it was; absent where that was not kept.
    address: Option<String>,
    /// Where that is, on a host that has the mail.
    directory: Option<String>,
    /// Whether it is on this host; absent where that cannot be told.
    is_here: Option<bool>,
    /// Whether a box that lies in the trash would have it again.
    is_kept: bool,
    since: Timestamp,
}

impl Row for Line {
    const NOUN: &'static str = "directory";
    const COLUMNS: &'static [Column] = &[
        Column::new("home"),
        Column::new("address"),
        Column::new("directory").detail(),
        Column::new("is_here").titled("here"),
        Column::new("is_kept").titled("in the trash"),
        Column::new("since").time(),
    ];
}

pub(super) async fn run(context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    let kept = trash::list(&*session, &trash::Selection::default()).await?;
    let kept: Vec<String> = kept
        .into_iter()
        .filter(|entry| entry.kind == boxes::KIND)
        .map(|entry| entry.name)
        .collect();
    let root = context.config.mail.directory.as_deref();
    let line = |home: homes::Home| {
        let path = root.map(|root| root.join(&home.home));
        Line {
            is_here: path.as_ref().and_then(|path| path.try_exists().ok()),
            directory: path.map(|path| path.display().to_string()),
            is_kept: kept.iter().any(|address| home.is_of(address)),
            home: home.home,
            address: home.address,
            since: home.since,
        }
    };
    let homes = homes::list(&*session, account).await?;
    context.ui.all(&homes.into_iter().map(line).collect::<Vec<_>>())
}
