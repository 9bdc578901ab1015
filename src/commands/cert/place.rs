//! `hostctl cert place NAME [--on HOST]… [--off HOST]…`.

use serde_json::json;

use crate::certificate::store;
use crate::commands::{Take, scope};
use crate::error::{Error, Result};
use crate::journal::Plan;
use crate::model::escape::{excerpt, is_hidden};
use crate::model::{CertificateName, Given};
use crate::runner::{Change, Context, Outcome};

/// Characters of a host's name.
const LONGEST: usize = 253;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificate
    #[arg(value_name = "NAME")]
    name: Given<CertificateName>,
    /// Have this host fetch it, by its `host.name`; without --on and --off: this host
    #[arg(long, value_name = "HOST")]
    on: Vec<String>,
    /// Have this host fetch it no more; what hostctl put there goes with its next tick
    #[arg(long, value_name = "HOST")]
    off: Vec<String>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    args.on
        .iter()
        .chain(&args.off)
        .try_for_each(|host| check_name(host))?;
    if let Some(host) = args.on.iter().find(|host| args.off.contains(host)) {
        return Err(Error::invalid(format!(
            "{host} is given with --on and with --off"
        )));
    }
    let on = match args.on.is_empty() && args.off.is_empty() {
        true => vec![context.host().to_owned()],
        false => distinct(args.on),
    };
    let off = distinct(args.off);
    let outcome = Change::new("cert.place", name.as_str(), json!({ "on": on, "off": off }))
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = store::observe(&**session, &name, visible).await?;
            Ok(Plan {
                kind: "cert.place",
                target: name.to_string(),
                account: Some(image.account),
                request: json!({}),
                steps: store::plan_places(&image, &on, &off)?,
                claims: Vec::new(),
                result: json!({ "certificate": name }),
            })
        })
        .await?;
    match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => context
            .ui
            .note(&format!("certificate {name} is placed so already; unchanged")),
        Outcome::Done(_) if !on.is_empty() => context.ui.note(&format!(
            "{} fetches it with the next tick; at once, there: hostctl cert deploy {name}",
            on.join(", ")
        )),
        Outcome::Done(_) => context.ui.note(&format!(
            "{} removes its files with the next tick; at once, there: hostctl cert deploy --pending",
            off.join(", ")
        )),
    }
    let session = context.session().await?;
    context
        .ui
        .all(&store::status(&*session, None, Some(name.as_str()), None).await?)
}

fn distinct(mut hosts: Vec<String>) -> Vec<String> {
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// Whether a host may be called so.
///
/// # Errors
/// `usage`, reason `invalid`.
pub(super) fn check_name(host: &str) -> Result<()> {
    let is_plain = !host.is_empty()
        && host.len() <= LONGEST
        && !host
            .chars()
            .any(|letter| letter.is_whitespace() || is_hidden(letter));
    match is_plain {
        true => Ok(()),
        false => Err(Error::invalid(format!(
            "{:?} is no name of a host",
            excerpt(host)
        ))),
    }
}
