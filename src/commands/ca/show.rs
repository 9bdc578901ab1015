//! `hostctl ca show [CA]`.

use super::row::Account;
use crate::certificate::ca;
use crate::error::{Error, Kind, Result};
use crate::runner::{Context, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The authority [acme.NAME]
    #[arg(value_name = "CA")]
    ca: Option<String>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let session = context.session().await?;
    let Some(name) = &args.ca else {
        let rows = ca::list(&*session).await?;
        return context
            .ui
            .all(&rows.into_iter().map(Account::from).collect::<Vec<_>>());
    };
    let none = || {
        Error::new(Kind::NotFound, "not_found", format!("no account at {name}"))
            .hint(format!("hostctl ca register {name} --agree-tos"))
    };
    let row = ca::find(&*session, name).await?.ok_or_else(none)?;
    let mut account = Account::from(row.clone());
    if row.state == ca::State::Valid {
        match ca::seen(&World::of(context).authorities, &session, name).await {
            Ok((state, contacts)) => {
                account.state = state;
                account.contacts = contacts;
            }
            Err(error) => context
                .ui
                .warn(&format!("as it was last known: {}", error.message())),
        }
    }
    context.ui.one(&account)
}
