//! `hostctl dns record delete ZONE NAME TYPE [VALUE…]`.

use serde_json::json;

use super::edit::Which;
use super::row::Changed;
use crate::dns::records::Action;
use crate::error::{Kind, Result};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// The values that go; without any, all records of this name and type
    #[arg(value_name = "VALUE")]
    values: Vec<String>,
    /// Succeed, changing nothing, where there is no such record
    #[arg(long)]
    if_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let named = args.which.take(&args.values, &context.ui)?;
    if named.values.is_empty() {
        named.check()?;
    }
    let question = match args.values.len() {
        0 => format!("delete all records {}?", named.words()),
        _ => format!("delete {} {}?", named.words(), args.values.join(", ")),
    };
    let action = Action::Delete(named.values.clone());
    let deleted = named
        .change(context, "dns.record.delete", json!({}), action, |_| {
            Some(question.clone())
        })
        .await;
    match deleted {
        Ok(Some(changed)) => context.ui.one(&changed),
        Ok(None) => Ok(()),
        Err(error) if args.if_exists && error.kind() == Kind::NotFound => {
            context
                .ui
                .note(&format!("no record {}; unchanged", named.words()));
            context.ui.one(&Changed::absent(&named))
        }
        Err(error) => Err(error),
    }
}
