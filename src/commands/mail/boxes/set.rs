//! `hostctl mail box set ADDRESS`, `suspend` and `resume`.

use serde_json::json;

use crate::commands::{Take, scope};
use crate::error::{Error, Result};
use crate::journal::Plan;
use crate::mail::boxes;
use crate::model::{Given, MailAddress, Quota};
use crate::runner::{Change, Context, Outcome};

/// What is asked for by `set`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address
    #[arg(value_name = "ADDRESS")]
    address: Given<MailAddress>,
    /// How much mail it takes, such as 2G, or unlimited; mail that is there stays
    #[arg(long, value_name = "SIZE")]
    quota: Option<Quota>,
}

/// What is asked for by `suspend` and `resume`.
#[derive(Debug, clap::Args)]
pub struct State {
    /// The address
    #[arg(value_name = "ADDRESS")]
    address: Given<MailAddress>,
}

pub(super) async fn set(args: Args, context: &Context) -> Result<()> {
    if args.quota.is_none() {
        let error = Error::invalid("nothing to set");
        return Err(error.hint("hostctl mail box set ADDRESS --quota 2G"));
    }
    let address = args.address.take(&context.ui);
    change("mail.box.set", &address, args.quota, None, context)
        .await
        .map(drop)
}

pub(super) async fn suspend(args: State, context: &Context) -> Result<()> {
    let address = args.address.take(&context.ui);
    if change("mail.box.suspend", &address, None, Some("suspended"), context).await? {
        context.ui.note(&format!(
            "{address} cannot log in any more (mail servers may remember a log-in for a minute), and its mail is put \
             off; sessions that are open end by: doveadm kick {address}"
        ));
    }
    Ok(())
}

pub(super) async fn resume(args: State, context: &Context) -> Result<()> {
    let address = args.address.take(&context.ui);
    change("mail.box.resume", &address, None, Some("active"), context)
        .await
        .map(drop)
}

/// Whether anything was changed.
async fn change(
    kind: &'static str,
    address: &MailAddress,
    quota: Option<Quota>,
    state: Option<&str>,
    context: &Context,
) -> Result<bool> {
    let outcome = Change::new(kind, address.as_str(), json!({ "quota": quota }))
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = boxes::observe(&**session, address, visible).await?;
            let account = image.account;
            Ok(Plan {
                kind,
                target: address.to_string(),
                account: Some(account),
                request: json!({}),
                steps: boxes::plan_set(image, quota, state)?,
                claims: Vec::new(),
                result: json!({ "address": address }),
            })
        })
        .await?;
    let is_changed = match outcome {
        Outcome::Shown => return Ok(false),
        Outcome::Unchanged(_) => {
            context
                .ui
                .note(&format!("mail box {address} is so already; unchanged"));
            false
        }
        Outcome::Done(_) => true,
    };
    context
        .ui
        .one(&boxes::find(&*context.session().await?, address, None).await?)?;
    Ok(is_changed)
}
