//! `hostctl account list`.

use crate::account;
use crate::error::Result;
use crate::runner::Context;

pub(super) async fn run(context: &Context) -> Result<()> {
    let session = context.session().await?;
    context.ui.all(&account::list(&*session).await?)
}
