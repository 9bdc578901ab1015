//! `hostctl db set NAME`.

use serde_json::json;

use super::{LOOK, check_visible, claim, limits::Limits, row::Altered};
use crate::commands::Take;
use crate::database::{self, Wanted};
use crate::error::{Error, Kind, Result};
use crate::model::{DatabaseName, Given, Quota};
use crate::runner::{Change, Context};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    #[command(flatten)]
    limits: Limits,
    /// No limit of connections and times, apart from those given beside it
    #[arg(long)]
    unlimited: bool,
    /// An extension to install; several by giving it again
    #[arg(long = "extension", value_name = "NAME")]
    extensions: Vec<String>,
    /// Whether the tenant may make schemas; with that the server allows it every trusted extension
    #[arg(long, value_name = "on|off")]
    schemas: Option<Switch>,
    /// How large it should be at most, such as 2G, or unlimited; reported, not enforced
    #[arg(long, value_name = "SIZE")]
    quota: Option<Given<Quota>>,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Switch {
    /// Allowed
    On,
    /// Not allowed
    Off,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let wanted = args.wanted(context);
    if !args.asks_for_something() {
        return Err(Error::new(Kind::Usage, "invalid", "nothing to set was named")
            .hint("such as --connections 20; hostctl db set --help"));
    }
    let cluster = args.cluster.as_deref();
    let outcome = Change::new("db.set", name.as_str(), args.asked())
        .claims(claim(context, &name, cluster))
        .run(context, async |session, world, _| {
            check_visible(context, &**session, &name, cluster).await?;
            let limit = context.within(LOOK);
            let clusters = &world.clusters;
            let existing = database::observe_existing(&**session, clusters, &name, cluster, limit).await?;
            let limits = database::observe_limits(clusters, &existing, limit).await?;
            let missing = database::observe_extensions(clusters, &existing, &args.extensions, limit).await?;
            database::plan_set(&existing, &limits, missing, &wanted)
        })
        .await?;
    if args.schemas == Some(Switch::On) {
        context.ui.note(
            "with the right to make schemas the server lets the tenant install every extension that it trusts, whatever the cluster's list says",
        );
    }
    Altered::tell(context, &outcome)
}

impl Args {
    fn wanted(&self, context: &Context) -> Wanted {
        let milliseconds = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Wanted {
            unlimited: self.unlimited,
            connections: self.limits.connections,
            statement_timeout_ms: self.limits.statement_timeout().map(milliseconds),
            idle_in_transaction_timeout_ms: self.limits.idle_in_transaction_timeout().map(milliseconds),
            may_create: self.schemas.map(|switch| switch == Switch::On),
            quota: self.quota.as_ref().map(|quota| quota.take(&context.ui)),
        }
    }

    fn asks_for_something(&self) -> bool {
        let has_limit = self.unlimited
            || self.limits.connections.is_some()
            || self.limits.statement_timeout().is_some()
            || self.limits.idle_in_transaction_timeout().is_some();
        has_limit || !self.extensions.is_empty() || self.schemas.is_some() || self.quota.is_some()
    }

    fn asked(&self) -> serde_json::Value {
        json!({
            "cluster": self.cluster,
            "unlimited": self.unlimited,
            "connections": self.limits.connections,
            "statement_timeout": self.limits.statement_timeout(),
            "idle_in_transaction_timeout": self.limits.idle_in_transaction_timeout(),
            "extensions": self.extensions,
            "schemas": self.schemas.map(|switch| switch == Switch::On),
            "quota": self.quota.as_ref().map(|quota| quota.value.to_string()),
        })
    }
}
