//! `database.drop_replaced`: the end of a database that a restore has replaced, without return.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::clusters::{Link, Way};
use super::create::drop_database;
use super::failure::{changed, forward_only};
use super::subject::{is_made_by, made_by, trash_of};
use super::{Clusters, Subject, catalog};
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};

/// Drops what the restore `replacement` has put aside.
#[derive(Debug, Serialize, Deserialize)]
pub struct DropReplaced {
    /// The database.
    #[serde(flatten)]
    pub subject: Subject,
    /// The operation that restored; absent: this one.
    pub replacement: Option<Uuid>,
    /// The number of the database that was replaced: it has the same one under every name, whatever is undone.
    pub oid: u32,
}

impl OutsideStep for DropReplaced {
    const KIND: &'static str = "database.drop_replaced";
    const VERSION: i32 = 1;
    type World = Clusters;

    fn resource(&self) -> String {
        self.subject.resource()
    }

    fn substrate(&self) -> String {
        self.subject.substrate.clone()
    }

    async fn apply(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let link = world
            .enter(&self.subject, marker, Way::Do)
            .await
            .map_err(Failure::not_now)?;
        let by = self.replacement.unwrap_or(marker.operation);
        let trash = trash_of(by);
        let found = catalog::database_of(&link, self.oid)
            .await
            .map_err(Failure::not_now)?;
        match found {
            Some((name, found))
                if name != trash
                    || !is_made_by(found.comment.as_deref(), by)
                    || found.owner != self.subject.owner =>
            {
                Err(Failure::refused(changed(format!(
                    "database {name} is not as hostctl left it"
                ))))
            }
            Some(_) => drop_database(&link, &trash, &self.subject.words())
                .await
                .map(|()| Value::Null),
            None => Ok(Value::Null),
        }
    }

    /// Only where nothing was done yet.
    async fn undo(&self, world: &Clusters, marker: Marker, secrets: &Secrets) -> Result<(), Failure> {
        match self
            .probe(world, marker, secrets)
            .await
            .map_err(Failure::not_now)?
        {
            Found::Absent => Ok(()),
            Found::Ours(_) | Found::Changed(_) | Found::Foreign(_) => Err(forward_only(format!(
                "what was replaced in {} was dropped",
                self.subject.words()
            ))),
        }
    }

    async fn probe(&self, world: &Clusters, marker: Marker, _: &Secrets) -> Result<Found> {
        let link = world.enter(&self.subject, marker, Way::Back).await?;
        Ok(match catalog::database_of(&link, self.oid).await? {
            Some((name, found)) if found.is_half_dropped => {
                Found::Changed(format!("database {name} is half dropped"))
            }
            Some(_) => Found::Absent,
            None => Found::Ours(Value::Null),
        })
    }
}

/// The restores whose replaced databases are still there, with their numbers, of the database that `owner` owns.
pub(super) async fn of(link: &Link, owner: &str) -> Result<Vec<(Uuid, u32)>> {
    let statement = "SELECT datname::text, shobj_description(oid, 'pg_database'), oid FROM pg_database
        WHERE pg_get_userbyid(datdba) = $1 AND datname LIKE 'hc\\_trash\\_%' ORDER BY datname";
    let rows = link.client.query_typed(statement, &[(&owner, Type::TEXT)]).await;
    let rows = rows.map_err(|error| sqlstate::error(&format!("cluster {}", link.cluster), error))?;
    let replacement = |row: &tokio_postgres::Row| {
        let by = made_by(row.get::<_, Option<&str>>(1))?;
        (trash_of(by) == row.get::<_, &str>(0)).then(|| (by, row.get(2)))
    };
    Ok(rows.iter().filter_map(replacement).collect())
}
