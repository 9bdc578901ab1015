//! `hostctl site list`.

use crate::error::Result;
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::site::{self, Site};

impl Row for Site {
    const NOUN: &'static str = "site";
    const COLUMNS: &'static [Column] = &[
        Column::new("domain"),
        Column::new("account"),
        Column::new("database"),
        Column::new("mail_domain").titled("mail").detail(),
        Column::new("boxes"),
        Column::new("zone"),
        Column::new("certificate").detail(),
        Column::new("state").state(),
        Column::new("created_at").titled("created").time(),
        Column::new("cluster").detail(),
    ];
}

pub(super) async fn run(context: &Context) -> Result<()> {
    let session = context.session().await?;
    let account = context.account_filter(&session).await?;
    context.ui.all(&site::list(&*session, account).await?)
}
