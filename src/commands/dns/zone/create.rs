//! `hostctl dns zone create ZONE`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::account;
use crate::commands::Take;
use crate::commands::dns::tell_unseen;
use crate::control::Session;
use crate::dns::zone::{CreateZone, check_suffix, plan_adopt, plan_create};
use crate::dns::{self, Observed, ZoneDetail, observe, show_zone};
use crate::error::{Error, Kind, Result};
use crate::journal::Plan;
use crate::model::{Given, HostName, ProviderName, ReverseZone, ZoneName};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Done, Outcome, World};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name of the zone
    #[arg(
        value_name = "ZONE",
        required_unless_present = "reverse",
        conflicts_with = "reverse"
    )]
    zone: Option<Given<ZoneName>>,
    /// The reverse zone of a network instead, such as 192.0.2.0/24 or `2001:db8::/32`
    #[arg(long, value_name = "CIDR")]
    reverse: Option<Given<ReverseZone>>,
    /// The provider [dns.NAME] that is to serve it
    #[arg(long, value_name = "NAME")]
    provider: Option<Given<ProviderName>>,
    /// A name server of the zone, instead of those of the provider; may be repeated
    #[arg(long, value_name = "HOST")]
    nameserver: Vec<Given<HostName>>,
    /// Accept a public suffix such as co.uk, below which everything belongs to strangers
    #[arg(long)]
    allow_public_suffix: bool,
    /// Take a zone that the provider has already, with every record in it, as ours
    #[arg(long, conflicts_with_all = ["nameserver", "if_not_exists"])]
    adopt: bool,
    /// Succeed, changing nothing, where the account has it already
    #[arg(long)]
    if_not_exists: bool,
}

#[derive(Serialize)]
struct Created {
    name: String,
    account: String,
    provider: String,
    serial: Option<u32>,
    state: String,
    nameservers: Vec<String>,
    operation: Option<String>,
}

impl Row for Created {
    const NOUN: &'static str = "zone";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("provider"),
        Column::new("serial"),
        Column::new("state").state(),
        Column::new("nameservers").titled("name servers"),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = name(&args, context)?;
    check_suffix(&zone, args.allow_public_suffix)?;
    let provider = args.provider.as_ref().map(|provider| provider.take(&context.ui));
    let nameservers: Vec<HostName> = args
        .nameserver
        .iter()
        .map(|host| host.take(&context.ui))
        .collect();
    for host in &nameservers {
        HostName::parse_target(host.as_str(), zone.domain(), false)?;
    }
    let asked = json!({
        "provider": provider,
        "nameservers": nameservers,
        "allow_public_suffix": args.allow_public_suffix,
        "adopt": args.adopt,
    });
    let flag = provider.as_ref().map(ProviderName::as_str);
    World::new(&context.config).providers.check(&zone, flag)?;
    let made = Change::new("dns.zone.create", zone.as_str(), asked)
        .claims([dns::step::resource(&zone)])
        .run(context, async |session, world, _| {
            let account = account::pick(&**session, context.settings.account.as_ref()).await?;
            account::check_domain(&**session, zone.as_str(), account.id).await?;
            let observed = observe(&**session, &world.providers, &zone, flag).await?;
            let request = CreateZone {
                account: account.id,
                nameservers: nameservers.clone(),
                records: Vec::new(),
                allows_public_suffix: args.allow_public_suffix,
            };
            Ok(Plan {
                kind: "dns.zone.create",
                target: zone.to_string(),
                account: Some(account.id),
                request: Value::Null,
                steps: match args.adopt {
                    true => plan_adopt(&request, &observed)?,
                    false => plan_create(&request, &observed)?,
                },
                claims: Vec::new(),
                result: result(&observed, &servers(&args, &observed, &nameservers), &account.name),
            })
        })
        .await;
    match made {
        Ok(Outcome::Shown) => Ok(()),
        Ok(Outcome::Done(done)) => {
            tell_unseen(&context.ui, &done);
            context.ui.one(&created(&zone, &done))
        }
        Ok(Outcome::Unchanged(_)) => Err(Error::internal("a new zone without steps")),
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            let detail = existing(context, &zone, error).await?;
            context.ui.note(&format!("zone {zone} exists already; unchanged"));
            context.ui.one(&Created::from(detail))
        }
        Err(error) => Err(error),
    }
}

fn name(args: &Args, context: &Context) -> Result<ZoneName> {
    match (&args.zone, &args.reverse) {
        (Some(zone), _) => {
            let zone = zone.take(&context.ui);
            match ReverseZone::from_name(zone.as_str()) {
                None => Ok(zone),
                // Easily meant otherwise, since it is written backwards.
                Some(network) => Err(
                    Error::invalid(format!("zone {zone} is the reverse zone of a network"))
                        .hint(format!("hostctl dns zone create --reverse {network}")),
                ),
            }
        }
        (None, Some(network)) => network.take(&context.ui).name().as_str().parse(),
        (None, None) => Err(Error::invalid("a zone is needed").hint("hostctl dns zone create ZONE")),
    }
}

/// The name servers it has or gets, absolute.
fn servers(args: &Args, observed: &Observed, nameservers: &[HostName]) -> Vec<String> {
    if args.adopt {
        return observed.nameservers();
    }
    let servers = if nameservers.is_empty() {
        &observed.target.nameservers
    } else {
        nameservers
    };
    servers.iter().map(HostName::absolute).collect()
}

/// What the operation leaves: everything but the serial, which only the provider knows.
fn result(observed: &Observed, nameservers: &[String], account: &str) -> Value {
    json!({
        "account": account,
        "provider": observed.target.location.provider,
        "nameservers": nameservers,
    })
}

fn created(zone: &ZoneName, done: &Done) -> Created {
    let text = |key: &str| {
        done.result
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let servers = done.result.get("nameservers").and_then(Value::as_array);
    let mut serials = done
        .outputs
        .iter()
        .flatten()
        .filter_map(|output| output.get("serial")?.as_u64());
    Created {
        name: zone.to_string(),
        account: text("account"),
        provider: text("provider"),
        serial: serials.next_back().and_then(|serial| u32::try_from(serial).ok()),
        state: "active".to_owned(),
        nameservers: servers
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        operation: Some(done.operation.to_string()),
    }
}

/// The zone as it stands, if it is the account's; `error` where it is another's.
async fn existing(context: &Context, zone: &ZoneName, error: Error) -> Result<ZoneDetail> {
    let session: Session = context.session().await?;
    let account = account::pick(&*session, context.settings.account.as_ref()).await?;
    let observed = observe(&*session, &World::new(&context.config).providers, zone, None).await?;
    if observed.row.as_ref().is_none_or(|row| row.account != account.id) {
        return Err(error);
    }
    show_zone(&*session, &observed).await
}

impl From<ZoneDetail> for Created {
    fn from(detail: ZoneDetail) -> Self {
        Created {
            name: detail.summary.name,
            account: detail.summary.account,
            provider: detail.summary.provider,
            serial: detail.summary.serial,
            state: detail.summary.state,
            nameservers: detail.nameservers,
            operation: None,
        }
    }
}
