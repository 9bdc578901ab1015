//! `hostctl cert set NAME`.

use std::str::FromStr;

use serde_json::json;

use crate::certificate::deploy;
use crate::certificate::probe::Target;
use crate::certificate::store::{self, Options};
use crate::commands::{Take, scope};
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;
use crate::model::{CertificateName, Given};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The certificate
    #[arg(value_name = "NAME")]
    name: Given<CertificateName>,
    /// What is run after a deployment: a program and its arguments as a JSON array, `none`, or `default`
    /// for what the host's configuration says
    #[arg(long, value_name = "COMMAND")]
    deploy_hook: Option<Hook>,
    /// Which port is asked after a deployment, HOST:PORT as the host reaches it (for mail servers with `starttls+smtp://` or
    /// `starttls+imap://` before it), or `none`
    #[arg(long, value_name = "HOST:PORT")]
    probe: Option<String>,
    /// The kind of key of the next one
    #[arg(long, value_name = "TYPE", value_parser = ["p256", "p384", "rsa2048", "rsa4096"])]
    key_type: Option<String>,
    /// Whether a renewal keeps the key
    #[arg(long, value_name = "BOOLEAN")]
    reuse_key: Option<bool>,
}

/// A deploy hook as it is given: nothing is the host's, empty is none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hook(Option<Vec<String>>);

impl FromStr for Hook {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "default" => return Ok(Hook(None)),
            "none" => return Ok(Hook(Some(Vec::new()))),
            _ => {}
        }
        let command: Vec<String> = serde_json::from_str(text)
            .ok()
            .filter(|command: &Vec<String>| !command.is_empty())
            .ok_or_else(|| {
                Error::invalid("must be a JSON array with a program and its arguments, `none` or `default`")
                    .hint("'[\"systemctl\", \"reload\", \"nginx\"]'")
            })?;
        let is_named = !command[0].is_empty() && (command[0].starts_with('/') || !command[0].contains('/'));
        if !is_named || command.iter().any(|word| word.contains('\0')) {
            return Err(Error::invalid(
                "must begin with the absolute path of a program, or its name alone",
            ));
        }
        Ok(Hook(Some(command)))
    }
}

impl Args {
    fn is_empty(&self) -> bool {
        self.deploy_hook.is_none()
            && self.probe.is_none()
            && self.key_type.is_none()
            && self.reuse_key.is_none()
    }

    fn after(&self, before: &Options) -> Result<Options> {
        if before.key_type == "csr" && (self.key_type.is_some() || self.reuse_key.is_some()) {
            let message = "its key is the operator's, who made the request";
            return Err(Error::new(Kind::Conflict, "own_request", message));
        }
        let probe = match self.probe.as_deref() {
            None => before.probe.clone(),
            Some("none") => None,
            Some(text) => Some(Target::parse(text)?.to_string()),
        };
        Ok(Options {
            key_type: self.key_type.clone().unwrap_or_else(|| before.key_type.clone()),
            reuse_key: self.reuse_key.unwrap_or(before.reuse_key),
            deploy_hook: match &self.deploy_hook {
                Some(hook) => hook.0.clone(),
                None => before.deploy_hook.clone(),
            },
            probe,
        })
    }
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    if args.is_empty() {
        let hint = "hostctl cert set NAME --probe HOST:PORT --deploy-hook '[\"/path\", \"argument\"]'";
        return Err(Error::invalid("nothing to set").hint(hint));
    }
    let name = args.name.clone().take(&context.ui);
    if let Some(Hook(Some(command))) = &args.deploy_hook
        && let Err(error) = deploy::check_hook(command)
    {
        // It runs where the certificate lies, which may be elsewhere.
        context.ui.warn(&format!("on this host {}", error.message()));
    }
    let asked = json!({
        "deploy_hook": args.deploy_hook.as_ref().map(|hook| &hook.0), "probe": args.probe,
        "key_type": args.key_type, "reuse_key": args.reuse_key,
    });
    let outcome = Change::new("cert.set", name.as_str(), asked)
        .run(context, async |session, _, _| {
            let visible = scope::visible(context, &**session).await?;
            let image = store::observe(&**session, &name, visible).await?;
            let after = args.after(&image.options)?;
            Ok(Plan {
                kind: "cert.set",
                target: name.to_string(),
                account: Some(image.account),
                request: json!({}),
                steps: store::plan_options(&image, after)?,
                claims: Vec::new(),
                result: json!({ "certificate": name }),
            })
        })
        .await?;
    match outcome {
        Outcome::Shown => return Ok(()),
        Outcome::Unchanged(_) => context
            .ui
            .note(&format!("certificate {name} is so already; unchanged")),
        Outcome::Done(_) => {}
    }
    context
        .ui
        .one(&store::find(&*context.session().await?, &name, None).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_a_program_with_its_arguments_and_never_a_line_for_a_shell() {
        let hook = |text: &str| text.parse::<Hook>().map(|hook| hook.0);
        assert_eq!(hook("default").expect("default"), None);
        assert_eq!(hook("none").expect("none"), Some(Vec::new()));
        assert_eq!(
            hook(r#"["/bin/x", "a b"]"#).expect("a command"),
            Some(vec!["/bin/x".to_owned(), "a b".to_owned()])
        );
        for text in [
            "systemctl reload nginx",
            "[]",
            "[\"x/y\"]",
            "[\"\"]",
            "[1]",
            "[\"/x\", \"\\u0000\"]",
            "/bin/x",
        ] {
            assert!(hook(text).is_err(), "{text}");
        }
    }
}
