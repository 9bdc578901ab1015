//! `mail.alias.check`: once several aliases are back, nothing speaks against any of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::steps::{RESOURCE, described, one_at_a_time, resource};
use super::store::check;
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};
use crate::mail::rows::query;
use crate::model::{AliasSource, MailAddress};

/// Looks at aliases as they stand, and changes nothing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Check {
    first: AliasSource,
    others: Vec<AliasSource>,
}

impl Check {
    /// Of the aliases among the keys that steps claim; nothing without any.
    ///
    /// # Errors
    /// `usage` where a key holds an alias that is none.
    pub fn of<'a>(keys: impl Iterator<Item = &'a str>) -> Result<Option<Self>> {
        let sources = keys.filter_map(|key| key.strip_prefix(RESOURCE));
        let sources: BTreeSet<AliasSource> = sources.map(str::parse).collect::<Result<_>>()?;
        let mut sources = sources.into_iter();
        Ok(sources.next().map(|first| Check {
            first,
            others: sources.collect(),
        }))
    }

    /// The last step of what brings them back.
    ///
    /// # Errors
    /// `internal`.
    pub fn plan(&self) -> Result<PlannedStep> {
        let change = Change {
            action: "check",
            resource: self.all().map(described).collect::<Vec<_>>().join(", "),
            before: None,
            after: None,
            undo: Reversal::Undoable,
        };
        PlannedStep::in_control(self, change)
    }

    /// Looks.
    ///
    /// # Errors
    /// As [`check`].
    pub async fn look(&self, client: &impl GenericClient) -> Result<()> {
        for source in self.all() {
            check_standing(client, source).await?;
        }
        Ok(())
    }

    fn all(&self) -> impl Iterator<Item = &AliasSource> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl ControlStep for Check {
    const KIND: &'static str = "mail.alias.check";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.first)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        one_at_a_time(transaction).await?;
        self.look(transaction).await.map(|()| Value::Null)
    }

    async fn undo(&self, _: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        Ok(())
    }
}

/// What speaks against an alias that stands; nothing where it does not.
async fn check_standing(client: &impl GenericClient, source: &AliasSource) -> Result<()> {
    let statement = "SELECT account_id, destinations FROM hostctl.email_aliases WHERE source = $1";
    let parameters = [(&source.as_str() as _, Type::TEXT)];
    let rows = query(client, &described(source), statement, &parameters).await?;
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let destinations: Vec<&str> = row.get(1);
    let destinations = destinations.into_iter().map(str::parse);
    let destinations = destinations.collect::<Result<Vec<MailAddress>>>()?;
    check(client, source, &destinations, row.get::<_, Uuid>(0)).await
}
