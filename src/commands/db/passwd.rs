//! `hostctl db passwd NAME`.

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{LOOK, check_cluster, check_visible, claim};
use crate::commands::{Take, password};
use crate::database;
use crate::error::Result;
use crate::model::{ClusterName, DatabaseName, Given};
use crate::output::{Column, Row};
use crate::runner::{Change, Context, Outcome};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database whose role gets another password
    #[arg(value_name = "NAME")]
    name: Given<DatabaseName>,
    #[command(flatten)]
    password: password::Source,
    /// The cluster it is on, where several have one of this name
    #[arg(long, value_name = "NAME")]
    cluster: Option<ClusterName>,
}

#[derive(Serialize)]
struct Renewed {
    database: DatabaseName,
    role: DatabaseName,
    password: Option<String>,
    operation: Uuid,
}

impl Row for Renewed {
    const NOUN: &'static str = "password";
    const COLUMNS: &'static [Column] = &[
        Column::new("database"),
        Column::new("role"),
        Column::new("password"),
        Column::new("operation"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let name = args.name.take(&context.ui);
    let chosen = args.password.take(context).await?;
    chosen.password.for_postgres()?;
    let cluster = args.cluster.as_ref().map(ClusterName::as_str);
    check_cluster(context, cluster)?;
    let outcome = Change::new("db.passwd", name.as_str(), json!({ "cluster": cluster }))
        .claims(claim(context, &name, cluster))
        .secrets(vec![chosen.delivered(
            "database",
            name.as_str(),
            format!("hostctl db passwd {name}"),
        )])
        .run(context, async |session, world, _| {
            check_visible(context, &**session, &name, cluster).await?;
            let limit = context.within(LOOK);
            let existing =
                database::observe_existing(&**session, &world.clusters, &name, cluster, limit).await?;
            database::plan_password(&existing, &chosen.password)
        })
        .await?;
    let Outcome::Done(done) = outcome else {
        return Ok(());
    };
    let password = password::shown(context, &done);
    context.ui.one(&Renewed {
        database: name.clone(),
        role: name,
        password,
        operation: done.operation,
    })
}
