//! `hostctl domain add NAME`.

use serde_json::json;

use super::row::Shown;
use crate::account;
use crate::commands::Take;
use crate::domain::{self, Method, NewChallenge, Scope};
use crate::error::{Kind, Result};
use crate::journal::Plan;
use crate::model::{DomainName, Given, HostName};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain
    #[arg(value_name = "NAME")]
    name: Given<DomainName>,
    /// What is to be proven: `host`, the name alone, or `domain`, everything below it too
    #[arg(long, value_name = "SCOPE", default_value = "host")]
    scope: Scope,
    /// How: by a `txt` record, by a `cname` record, or by a page over `http`
    #[arg(long, value_name = "METHOD", default_value = "txt")]
    method: Method,
    /// Where the domain is to lead once it is in use
    #[arg(long, value_name = "TARGET")]
    routes_to: Option<Given<HostName>>,
    /// Succeed, changing nothing, where the account has a token for it that is still good
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let routes_to = args.routes_to.as_ref().map(|host| host.take(&context.ui));
    let wanted = NewChallenge {
        name: name.clone(),
        account: uuid::Uuid::nil(),
        scope: args.scope,
        method: args.method,
        routes_to,
    };
    wanted.check(&context.config.domain)?;
    let request = json!({ "scope": wanted.scope, "method": wanted.method, "routes_to": wanted.routes_to });
    let made = Change::new("domain.add", name.as_str(), request)
        .run(context, async |session, _, _| {
            let account = account::pick(&**session, context.settings.account.as_ref()).await?;
            let standing = domain::observe_add(&**session, &name, args.scope, account.id).await?;
            let new = NewChallenge {
                account: account.id,
                ..wanted.clone()
            };
            Ok(Plan {
                kind: "domain.add",
                target: name.to_string(),
                account: Some(account.id),
                request: json!({}),
                steps: domain::plan_add(new, standing, &context.config.domain)?,
                claims: Vec::new(),
                result: json!({ "domain": name, "account": account.name }),
            })
        })
        .await;
    let operation = match made {
        Ok(Outcome::Shown) => return Ok(()),
        Ok(Outcome::Unchanged(_)) => None,
        Ok(Outcome::Done(done)) => Some(done.operation.to_string()),
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            context.ui.note(&format!(
                "domain {name} has a token that is still good; unchanged"
            ));
            None
        }
        Err(error) => return Err(error),
    };
    let session = context.session().await?;
    let account = account::pick(&*session, context.settings.account.as_ref()).await?;
    let challenge = domain::one(&*session, &name, Some(args.scope), Some(account.id)).await?;
    context.ui.one(&Shown::new(challenge, operation, context))?;
    context.ui.note(&format!(
        "publish it, then: hostctl domain verify {name} --poll 2m"
    ));
    Ok(())
}
