//! `hostctl mail dkim show DOMAIN`.

use jiff::Timestamp;
use serde::Serialize;

use crate::commands::{Take, scope};
use crate::error::Result;
use crate::mail::{domain, rotation};
use crate::model::{DomainName, Given};
use crate::output::{Column, Row};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN")]
    name: Given<DomainName>,
}

#[derive(Serialize)]
struct Shown {
    selector: String,
    state: String,
    name: String,
    value: String,
    retire_at: Option<Timestamp>,
}

impl Row for Shown {
    const NOUN: &'static str = "DKIM key";
    const COLUMNS: &'static [Column] = &[
        Column::new("selector"),
        Column::new("state").state(),
        Column::new("name"),
        Column::new("value"),
        Column::new("retire_at").titled("leaves DNS").time(),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let session = context.session().await?;
    let account = scope::visible(context, &*session).await?;
    domain::find(&*session, &name, account).await?;
    let keys = rotation::all(&*session, &name).await?;
    let row = |key: rotation::Key| Shown {
        state: key.state,
        name: format!("{}._domainkey.{}", key.public.selector, key.domain),
        selector: key.public.selector,
        value: key.public.text,
        retire_at: key.retire_at,
    };
    context.ui.all(&keys.into_iter().map(row).collect::<Vec<_>>())
}
