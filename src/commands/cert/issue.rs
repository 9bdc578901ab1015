//! `hostctl cert issue NAME…`.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deploy::deploy_here;
use super::place::check_name;
use crate::account;
use crate::certificate::challenge::Challenge;
use crate::certificate::key::{KeyType, Request};
use crate::certificate::order::{self, Occasion, TIMEOUT};
use crate::certificate::preflight::{self, Intent};
use crate::certificate::renewal;
use crate::certificate::store::{self, Wanted};
use crate::commands::Take;
use crate::control::Session;
use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::journal::{Plan, PlannedStep};
use crate::model::{CertificateName, Given, Identifier};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What it is for: names, wildcards, addresses; the first is the one it is called by
    #[arg(value_name = "NAME", required_unless_present = "csr")]
    names: Vec<Given<Identifier>>,
    /// By what it is called instead; its directory bears this name
    #[arg(long, value_name = "NAME")]
    name: Option<Given<CertificateName>>,
    /// How the names are proved: http-01, dns-01 or tls-alpn-01 [default: dns-01 with a wildcard, else http-01]
    #[arg(long, value_name = "KIND")]
    challenge: Option<Challenge>,
    /// The authority [acme.NAME]; several are tried in turn
    #[arg(long, value_name = "NAME")]
    ca: Vec<String>,
    /// The kind of key: p256, p384, rsa2048 or rsa4096
    #[arg(long, value_name = "KIND", default_value = "p256", conflicts_with = "csr")]
    key_type: KeyType,
    /// Keep the key when it is renewed
    #[arg(long, conflicts_with = "csr")]
    reuse_key: bool,
    /// Your own request in a file, PEM or DER; its key stays with you
    #[arg(long, value_name = "FILE")]
    csr: Option<PathBuf>,
    /// The profile of the authority
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The common name of the root that the chain should lead to
    #[arg(long, value_name = "NAME")]
    preferred_chain: Option<String>,
    /// Where a web server serves files, for http-01 [default: `certificate.webroot`, else our own listener]
    #[arg(long, value_name = "DIR")]
    webroot: Option<PathBuf>,
    /// The host on which it is to lie, instead of this one; may be repeated
    #[arg(long, value_name = "HOST")]
    on: Vec<String>,
    /// Succeed, changing nothing, where the account has it already
    #[arg(long)]
    if_not_exists: bool,
}

#[derive(Serialize)]
struct Issued {
    name: String,
    identifiers: String,
    state: String,
    issuer: Option<String>,
    serial: Option<String>,
    not_after: Option<Timestamp>,
    hosts: String,
    operation: Option<Uuid>,
}

impl Row for Issued {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("identifiers").titled("for"),
        Column::new("state").state(),
        Column::new("issuer"),
        Column::new("serial"),
        Column::new("not_after").titled("valid until").time(),
        Column::new("hosts"),
        Column::new("operation"),
    ];
}

/// What was parsed.
pub(in crate::commands) struct Wish {
    /// The row; its account is looked up when the plan is made.
    pub(in crate::commands) wanted: Wanted,
    /// What it is for.
    pub(in crate::commands) identifiers: Vec<Identifier>,
    /// How that is proved.
    pub(in crate::commands) challenge: Challenge,
    /// Where it is to lie.
    pub(in crate::commands) hosts: Vec<String>,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let world = World::of(context);
    let wish = wish(&args, context, &world)?;
    preflight::check_names(&wish.identifiers, wish.challenge)?;
    let name = &wish.wanted.name;
    context.open_pair().await?;
    if wish.hosts.contains(&world.authorities.host()) {
        // One that waits to be issued may have been given a hook of its own.
        let waiting = store::try_observe(&**world.authorities.session().await?, name).await?;
        let hook = waiting.and_then(|image| image.options.deploy_hook);
        preflight::check_host(&context.config.certificate, hook.as_deref())?;
    }
    let outcome = at_each(context, &wish, change).await;
    match outcome {
        Ok(Outcome::Shown) => Ok(()),
        Ok(Outcome::Done(done)) => match pending(&done.result) {
            None => issued(context, &wish, done.operation).await,
            Some(why) => Err(why.operation(done.operation.to_string())),
        },
        Ok(Outcome::Unchanged(_)) => Err(Error::internal("an order without steps")),
        Err(error) if args.if_not_exists && error.reason() == "issued" => {
            context
                .ui
                .note(&format!("certificate {name} is there already; unchanged"));
            show(context, name, None).await
        }
        Err(error) => Err(error),
    }
}

/// At one authority after the other, as long as they fail in ways of their own. What one has begun is taken back before the
/// next is asked.
async fn at_each(context: &Context, wish: &Wish, change: impl Fn(&Wish) -> Change) -> Result<Outcome> {
    let mut errors: Vec<(String, Error)> = Vec::new();
    for (turn, ca) in wish.wanted.cas.iter().enumerate() {
        let asked = match turn {
            0 => change(wish),
            _ => change(wish).once_more(),
        };
        let outcome = asked
            .run(context, async |session, world, _| {
                plan(context, session, world, wish, ca).await
            })
            .await;
        match outcome {
            Err(error) => {
                let may_go_on = renewal::is_its_own(&error);
                errors.push((ca.clone(), error));
                if !may_go_on {
                    break;
                }
            }
            ended => return ended,
        }
    }
    Err(renewal::whole(errors))
}

fn change(wish: &Wish) -> Change {
    let asked = json!({ "wanted": wish.wanted, "on": wish.hosts });
    Change::new("cert.issue", wish.wanted.name.as_str(), asked)
}

/// Why nothing was ordered yet, as the plan left it.
fn pending(result: &Value) -> Option<Error> {
    let why = Error::new(Kind::Busy, "pending", result["pending"].as_str()?);
    Some(match result["mend"].as_str() {
        Some(mend) => why.hint(mend),
        None => why,
    })
}

/// Has ordered what is wanted already, after the operation that wrote its row. Gives why it has to wait, where it has.
///
/// # Errors
/// As for `cert issue`.
pub(in crate::commands) async fn order_wanted(context: &Context, wish: &Wish) -> Result<Option<Error>> {
    let outcome = at_each(context, wish, |wish| change(wish).follows()).await;
    match outcome {
        Ok(Outcome::Done(done)) => Ok(pending(&done.result)),
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => Ok(None),
        // Somebody else was quicker.
        Err(error) if error.reason() == "issued" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Brings what was issued to this host, where it is to lie here.
///
/// # Errors
/// As for deploying.
pub(in crate::commands) async fn bring(context: &Context, wish: &Wish) -> Result<()> {
    let failed = match wish.hosts.iter().any(|host| host == context.host()) {
        true => deploy_here(&wish.wanted.name, context).await?,
        false => None,
    };
    failed.map_or(Ok(()), Err)
}

/// It is issued; where it is to lie on this host it is brought there at once. What fails of that is tried again by `tick`.
async fn issued(context: &Context, wish: &Wish, operation: Uuid) -> Result<()> {
    let brought = bring(context, wish).await;
    show(context, &wish.wanted.name, Some(operation)).await?;
    brought.map_err(|error| error.operation(operation.to_string()))
}

fn wish(args: &Args, context: &Context, world: &World) -> Result<Wish> {
    let mut identifiers: Vec<Identifier> = Vec::new();
    for given in &args.names {
        let identifier = given.take(&context.ui);
        if !identifiers.contains(&identifier) {
            identifiers.push(identifier);
        }
    }
    let csr = args
        .csr
        .as_ref()
        .map(|file| files::read_public(file))
        .transpose()?;
    let csr = csr.as_deref().map(Request::read).transpose()?;
    let csr = csr.map(|(request, names)| own_names(&mut identifiers, names).map(|()| request.der));
    let csr = csr.transpose()?;
    let first = identifiers
        .first()
        .ok_or_else(|| Error::invalid("a certificate needs a name"))?;
    let name = match &args.name {
        Some(name) => name.take(&context.ui),
        None => CertificateName::parse(&first.to_string())?.value,
    };
    let has_wildcard = identifiers
        .iter()
        .any(|one| matches!(one, Identifier::Wildcard(_)));
    let challenge = args.challenge.unwrap_or(match has_wildcard {
        true => Challenge::Dns01,
        false => Challenge::Http01,
    });
    let cas = match args.ca.as_slice() {
        [] => vec![world.authorities.pick(None)?.0.to_owned()],
        named => named.to_vec(),
    };
    for ca in &cas {
        world.authorities.pick(Some(ca))?;
    }
    args.on.iter().try_for_each(|host| check_name(host))?;
    let webroot = args
        .webroot
        .as_ref()
        .or(context.config.certificate.webroot.as_ref());
    // It is renewed from another directory.
    let webroot = webroot
        .filter(|_| challenge == Challenge::Http01)
        .map(std::path::absolute);
    let webroot = webroot
        .transpose()
        .map_err(|error| Error::invalid(format!("the webroot: {error}")))?;
    Ok(Wish {
        wanted: Wanted {
            name,
            // Looked up when the plan is made.
            account: Uuid::nil(),
            identifiers: identifiers.iter().map(ToString::to_string).collect(),
            cas,
            challenge: challenge.to_string(),
            key_type: csr.as_ref().map_or(args.key_type.word(), |_| "csr").to_owned(),
            reuse_key: args.reuse_key,
            csr,
            profile: args.profile.clone(),
            preferred_chain: args.preferred_chain.clone(),
            webroot: webroot.map(|path| path.display().to_string()),
        },
        identifiers,
        challenge,
        hosts: match args.on.as_slice() {
            [] => vec![world.authorities.host()],
            named => named.to_vec(),
        },
    })
}

/// A request of one's own says what it is for; whoever says it again says the same.
fn own_names(given: &mut Vec<Identifier>, mut names: Vec<Identifier>) -> Result<()> {
    if given.is_empty() {
        *given = names;
        return Ok(());
    }
    let mut sorted = given.clone();
    sorted.sort();
    names.sort();
    if sorted == names {
        return Ok(());
    }
    let listed: Vec<String> = names.iter().map(ToString::to_string).collect();
    let message = format!("the request is for {}", listed.join(", "));
    Err(Error::invalid(message))
}

async fn plan(context: &Context, session: &Session, world: &World, wish: &Wish, ca: &str) -> Result<Plan> {
    let account = account::pick(&**session, context.settings.account.as_ref()).await?;
    let wanted = Wanted {
        account: account.id,
        ..wish.wanted.clone()
    };
    let mut steps = first_steps(session, &wanted, &wish.hosts).await?;
    let intent = Intent {
        identifiers: &wish.identifiers,
        challenge: wish.challenge,
        profile: wanted.profile.as_deref(),
        webroot: wanted.webroot.as_deref().map(std::path::Path::new),
        account: account.id,
        replaces: false,
    };
    let looked = preflight::check(&world.authorities, ca, &intent).await;
    let (pending, mend) = match looked {
        Ok(()) => (None, None),
        Err(error) if error.reason() == "pending" => (
            Some(error.message().to_owned()),
            error.hint_text().map(str::to_owned),
        ),
        Err(error) => return Err(error),
    };
    if let Some(why) = &pending {
        steps.push(order::plan_pend(&wanted.name, why)?);
    } else {
        let occasion = Occasion {
            ca,
            before: None,
            replaces: None,
            fence: None,
            timeout: context.settings.timeout.unwrap_or(TIMEOUT),
        };
        steps.extend(order::prepare(&world.authorities, &wanted, occasion).await?);
    }
    Ok(Plan {
        kind: "cert.issue",
        target: wanted.name.to_string(),
        account: Some(account.id),
        request: Value::Null,
        steps,
        claims: Vec::new(),
        result: json!({ "name": wanted.name, "pending": pending, "mend": mend }),
    })
}

/// The row and its places, where it is new; nothing for one that waits to be issued.
async fn first_steps(session: &Session, wanted: &Wanted, hosts: &[String]) -> Result<Vec<PlannedStep>> {
    let name = &wanted.name;
    let conflict = |reason: &str, message: String, hint: String| {
        Err(Error::new(Kind::Conflict, reason, message).hint(hint))
    };
    match store::try_observe(&**session, name).await? {
        None => {
            let mut steps = vec![store::plan_create(wanted.clone())?];
            for host in hosts {
                steps.push(store::plan_place(name, host)?);
            }
            Ok(steps)
        }
        Some(image) if image.account != wanted.account => {
            let message = format!("another account has a certificate called {name}");
            conflict("taken", message, "--name gives it another name".to_owned())
        }
        Some(image) if image.generation.is_some() => {
            let message = format!("certificate {name} is there already");
            conflict("issued", message, format!("hostctl cert show {name}"))
        }
        Some(_) if order::wanted(&**session, name).await? == *wanted => Ok(Vec::new()),
        Some(_) => {
            let message = format!("certificate {name} waits to be issued, and is to be another one");
            conflict("exists", message, format!("hostctl cert delete {name} --yes"))
        }
    }
}

async fn show(context: &Context, name: &CertificateName, operation: Option<Uuid>) -> Result<()> {
    let detail = store::find(&**World::of(context).authorities.session().await?, name, None).await?;
    context.ui.one(&Issued {
        name: detail.listed.name,
        identifiers: detail.listed.identifiers,
        state: detail.listed.state,
        issuer: detail.issuer,
        serial: detail.serial,
        not_after: detail.listed.not_after,
        hosts: detail.placed_on,
        operation,
    })
}
