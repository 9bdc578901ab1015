//! `hostctl mail box passwd ADDRESS`.

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::credential;
use crate::commands::{Take, password, scope};
use crate::error::Result;
use crate::journal::Plan;
use crate::mail::boxes;
use crate::model::{Given, MailAddress};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address
    #[arg(value_name = "ADDRESS")]
    address: Given<MailAddress>,
    #[command(flatten)]
    credential: credential::Given,
}

#[derive(Serialize)]
struct Renewed {
    address: MailAddress,
    password: Option<String>,
    operation: Uuid,
}

impl Row for Renewed {
    const NOUN: &'static str = "password";
    const COLUMNS: &'static [Column] = &[
        Column::new("address"),
        Column::new("password"),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let address = args.address.take(&context.ui);
    let credential = args.credential.take(context, &address).await?;
    let outcome = Change::new("mail.box.passwd", address.as_str(), json!({}))
        .secrets(credential.secrets)
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = boxes::observe(&**session, &address, visible).await?;
            let account = image.account;
            Ok(Plan {
                kind: "mail.box.passwd",
                target: address.to_string(),
                account: Some(account),
                request: json!({}),
                steps: boxes::plan_password(image, credential.hash.get().await?)?,
                claims: Vec::new(),
                result: json!({ "address": address }),
            })
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    context.ui.one(&Renewed {
        address,
        password: password::shown(context, &done),
        operation: done.operation,
    })
}
