//! `hostctl domain list`.

use crate::commands::scope;
use crate::domain;
use crate::error::Result;
use crate::runner::Context;

pub(super) async fn run(context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    context.ui.all(&domain::list(&*session, account).await?)
}
