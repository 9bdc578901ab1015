//! `hostctl package list`.

use super::row::Shown;
use crate::account::package;
use crate::error::Result;
use crate::runner::Context;

pub(super) async fn run(context: &Context) -> Result<()> {
    let session = context.session().await?;
    let rows: Vec<Shown> = package::list(&*session)
        .await?
        .into_iter()
        .map(Shown::from)
        .collect();
    context.ui.all(&rows)
}
