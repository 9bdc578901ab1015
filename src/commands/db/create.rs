//! `hostctl db create NAME`.

use serde_json::json;

use super::{LOOK, claim, limits::Limits};
use crate::commands::{Take, password};
use crate::database::{self, Created, Existing, Request};
use crate::error::{Error, Kind, Result};
use crate::model::{ClusterName, DatabaseName, ExtensionName, Given, LocaleName};
use crate::runner::{Change, Context, Outcome, World};
use crate::{account, config};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database, and the role that logs in
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    #[command(flatten)]
    password: password::Source,
    /// The cluster it is to be on [default: main, or the only one]
    #[arg(long, value_name = "NAME")]
    cluster: Option<ClusterName>,
    /// An extension to install; several by giving it again
    #[arg(long = "extension", value_name = "NAME")]
    extensions: Vec<ExtensionName>,
    #[command(flatten)]
    limits: Limits,
    /// A locale of the server [default: that of template0]
    #[arg(long, value_name = "LOCALE")]
    locale: Option<LocaleName>,
    /// Take a database that is there already, and the role of its name, as ours; the password stays
    #[arg(
        long,
        conflicts_with_all = [
            "password_stdin", "password_file", "extensions", "connections", "statement_timeout",
            "idle_in_transaction_timeout", "locale", "if_not_exists",
        ]
    )]
    adopt: bool,
    /// Succeed, changing nothing, where the account has it already
    #[arg(long)]
    if_not_exists: bool,
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    if args.adopt {
        return adopt(&args, &name, context).await;
    }
    let chosen = args.password.take(context).await?;
    chosen.password.for_postgres()?;
    let cluster = args.cluster.as_ref().map(ClusterName::as_str);
    config::pick(&context.config.clusters, cluster)?;
    let made = Change::new("db.create", name.as_str(), args.asked())
        .claims(claim(context, &name, cluster))
        .secrets(vec![chosen.delivered(
            "database",
            name.as_str(),
            format!("hostctl db passwd {name}"),
        )])
        .run(context, async |session, world, id| {
            let request = args.request(
                name.clone(),
                &account::pick(&**session, context.settings.account.as_ref()).await?,
            );
            let room =
                database::observe_create(&**session, &world.clusters, &request, context.within(LOOK)).await?;
            database::plan_create(id, &request, &room, &chosen.password)
        })
        .await;
    let created = match made {
        Ok(Outcome::Shown | Outcome::Unchanged(_)) => return Ok(()),
        Ok(Outcome::Done(done)) => {
            let password = password::shown(context, &done);
            Created {
                password,
                ..created(done.result)?
            }
        }
        Err(error) if args.if_not_exists && error.kind() == Kind::Conflict && error.reason() == "exists" => {
            let Some(existing) = args.existing(context, &name).await? else {
                return Err(error);
            };
            context
                .ui
                .note(&format!("database {name} exists already; unchanged"));
            existing
        }
        Err(error) => return Err(error),
    };
    context.ui.one(&created)
}

/// `--adopt`: what is there already becomes ours.
async fn adopt(args: &Args, name: &DatabaseName, context: &Context) -> Result<()> {
    let cluster = args.cluster.as_ref().map(ClusterName::as_str);
    config::pick(&context.config.clusters, cluster)?;
    let asked = json!({ "cluster": cluster, "adopt": true });
    let outcome = Change::new("db.create", name.as_str(), asked)
        .claims(claim(context, name, cluster))
        .run(context, async |session, world, id| {
            let owner = account::pick(&**session, context.settings.account.as_ref()).await?;
            let limit = context.within(LOOK);
            let found = database::observe_adopt(&**session, &world.clusters, name, cluster, limit).await?;
            database::plan_adopt(id, &found, &owner)
        })
        .await?;
    match outcome {
        Outcome::Shown | Outcome::Unchanged(_) => Ok(()),
        Outcome::Done(done) => context.ui.one(&created(done.result)?),
    }
}

fn created(result: serde_json::Value) -> Result<Created> {
    serde_json::from_value(result)
        .map_err(|error| Error::internal("the result of the operation cannot be read").source(error))
}

impl Args {
    fn asked(&self) -> serde_json::Value {
        json!({
            "cluster": self.cluster,
            "extensions": self.extensions,
            "locale": self.locale,
            "connections": self.limits.connections,
            "statement_timeout": self.limits.statement_timeout(),
            "idle_in_transaction_timeout": self.limits.idle_in_transaction_timeout(),
        })
    }

    fn request(&self, name: DatabaseName, account: &account::Account) -> Request {
        let mut extensions: Vec<String> = Vec::with_capacity(self.extensions.len());
        for extension in &self.extensions {
            if !extensions.iter().any(|known| known == extension.as_str()) {
                extensions.push(extension.to_string());
            }
        }
        Request {
            name,
            account_id: account.id,
            account: account.name.clone(),
            cluster: self.cluster.as_ref().map(ToString::to_string),
            locale: self.locale.as_ref().map(ToString::to_string),
            extensions,
            connections: self.limits.connections,
            statement_timeout: self.limits.statement_timeout(),
            idle_in_transaction_timeout: self.limits.idle_in_transaction_timeout(),
        }
    }

    /// The database that is there already, if it is the same account's and bears our marks.
    async fn existing(&self, context: &Context, name: &DatabaseName) -> Result<Option<Created>> {
        let world = World::new(&context.config);
        let session = context.session().await?;
        let account = account::pick(&*session, context.settings.account.as_ref()).await?;
        let (cluster, _) = world
            .clusters
            .pick(self.cluster.as_ref().map(ClusterName::as_str))?;
        let row = database::find(&*session, name, Some(cluster)).await?;
        if row.is_none_or(|row| row.account_id != account.id) {
            return Ok(None);
        }
        let limit = context.within(LOOK);
        let existing =
            database::observe_existing(&*session, &world.clusters, name, Some(cluster), limit).await?;
        let (host, port) = world.clusters.address(cluster)?;
        Ok(Some(as_created(existing, host, port)))
    }
}

fn as_created(existing: Existing, host: String, port: u16) -> Created {
    let row = existing.database;
    Created {
        database: row.name,
        account: row.account,
        cluster: row.cluster,
        owner: row.owner,
        role: row.role,
        host,
        port,
        password: None,
        operation: row.database_operation,
    }
}
