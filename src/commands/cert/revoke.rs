//! `hostctl cert revoke NAME [--reason WORD] [--generation N]`. The reason is the one that the audit trail gets: here it is a
//! word of RFC 5280.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::certificate::revoke::{self, Issued, Reason, Revocation};
use crate::certificate::store;
use crate::commands::{Take, scope};
use crate::error::{Error, Result};
use crate::journal::{Plan, PlannedStep};
use crate::model::{CertificateName, Given};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "--reason is one of unspecified (the default), keyCompromise, affiliationChanged, superseded, \
    cessationOfOperation and privilegeWithdrawn (RFC 5280)."
)]
pub struct Args {
    /// The certificate
    #[arg(value_name = "NAME")]
    name: Given<CertificateName>,
    /// The generation [default: the one that is served]
    #[arg(long, value_name = "N")]
    generation: Option<i32>,
    /// The authority [acme.NAME] that issued it [default: the one at which it was ordered]
    #[arg(long, value_name = "NAME")]
    ca: Option<String>,
    /// Have no other one take its place
    #[arg(long)]
    no_renew: bool,
}

#[derive(Serialize)]
struct Revoked {
    certificate: String,
    generation: Option<i64>,
    serial: Option<String>,
    reason: Option<Reason>,
    /// Of the certificate: `revoked`, or as it was where another generation is served.
    state: String,
    /// When it is replaced.
    next_at: Option<Timestamp>,
    operation: Option<Uuid>,
}

impl Row for Revoked {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("certificate"),
        Column::new("generation"),
        Column::new("serial"),
        Column::new("reason"),
        Column::new("state").state(),
        Column::new("next_at").titled("renewed").time(),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let reason = reason(context)?;
    let asked = json!({
        "reason": reason, "generation": args.generation, "ca": args.ca, "no_renew": args.no_renew,
    });
    let outcome = Change::new("cert.revoke", name.as_str(), asked)
        .confirm(format!(
            "revoke certificate {name} ({reason})? Clients refuse it from then on"
        ))
        .run(context, async |session, world, _| {
            let visible = scope::visible(context, &**session).await?;
            let issued = revoke::observe(&**session, &name, args.generation, visible).await?;
            let result = json!({ "generation": issued.number, "serial": issued.serial });
            Ok(Plan {
                kind: "cert.revoke",
                target: name.to_string(),
                account: Some(issued.account),
                request: Value::Null,
                steps: steps(world, issued, args.ca.as_deref(), reason, !args.no_renew)?,
                claims: Vec::new(),
                result,
            })
        })
        .await?;
    let (result, operation) = match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(result) => {
            context
                .ui
                .note(&format!("certificate {name} is revoked already; unchanged"));
            (result, None)
        }
        Outcome::Done(done) => (done.result, Some(done.operation)),
    };
    tell(context, &name, &result, operation.map(|id| (id, reason))).await
}

/// The reason as an authority understands it.
///
/// # Errors
/// `invalid`.
pub(super) fn reason(context: &Context) -> Result<Reason> {
    let given = context.actor.reason.as_deref();
    given.map_or(Ok(Reason::default()), |word| {
        word.parse().map_err(|error: Error| error.context("--reason"))
    })
}

/// The step that revokes what was issued; none where that is done.
///
/// # Errors
/// `usage` where the authority is not configured, or cannot be told.
pub(super) fn steps(
    world: &World,
    issued: Issued,
    flag: Option<&str>,
    reason: Reason,
    renews: bool,
) -> Result<Vec<PlannedStep>> {
    let (ca, acme) = world.authorities.pick(flag.or(issued.ca.as_deref()))?;
    revoke::plan(Revocation {
        ca: ca.to_owned(),
        directory: acme.directory.clone(),
        issued,
        reason,
        renews,
    })
}

async fn tell(
    context: &Context,
    name: &CertificateName,
    result: &Value,
    done: Option<(Uuid, Reason)>,
) -> Result<()> {
    let detail = store::find(&*context.session().await?, name, None).await?;
    context.ui.one(&Revoked {
        certificate: name.to_string(),
        generation: result["generation"].as_i64(),
        serial: result["serial"].as_str().map(str::to_owned),
        reason: done.map(|(_, reason)| reason),
        state: detail.listed.state,
        next_at: detail.next_at,
        operation: done.map(|(id, _)| id),
    })
}
