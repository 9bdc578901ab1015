//! `hostctl site schema`.

use crate::error::{Error, Result};
use crate::manifest;
use crate::runner::Context;

pub(super) fn run(context: &Context) -> Result<()> {
    let text = serde_json::to_string_pretty(&manifest::schema());
    let text = text.map_err(|error| Error::internal("the schema cannot be written").source(error))?;
    context.ui.print(&(text + "\n"))
}
