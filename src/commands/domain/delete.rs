//! `hostctl domain delete NAME [--purge]`.

use serde_json::json;

use crate::commands::{Take, deleted, scope};
use crate::domain::{self, Scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::model::{DomainName, Given};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The domain; whoever has proven it has not any more
    #[arg(value_name = "NAME")]
    name: Given<DomainName>,
    /// Which, where there are both: `host` or `domain`
    #[arg(long, value_name = "SCOPE")]
    scope: Option<Scope>,
    #[command(flatten)]
    delete: deleted::Delete,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let fate = args.delete.fate(context);
    let change = Change::new("domain.delete", name.as_str(), json!({ "scope": args.scope }))
        .confirm(format!("forget domain {name} and what it has proven?"))
        .run(context, async |session, _, _| {
            let account = scope::visible(context, &**session).await?;
            let challenge = domain::one(&**session, &name, args.scope, account).await?;
            Ok(Plan {
                kind: "domain.delete",
                target: name.to_string(),
                account: Some(challenge.account_id()),
                request: json!({}),
                steps: domain::plan_delete(challenge, fate)?,
                claims: Vec::new(),
                result: json!({ "domain": name, "state": "deleted" }),
            })
        })
        .await;
    args.delete.tell(context, "domain", name.as_str(), change).await
}
