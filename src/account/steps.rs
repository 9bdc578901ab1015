//! Making and removing an account: one row in the control database each.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::store::Account;
use crate::clock;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, ControlStep, Marker, Plan, PlannedStep, Reversal, Secrets};
use crate::model::AccountName;
use crate::trash::{self, Fate};

/// `account.create`: the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    id: Uuid,
    name: AccountName,
}

impl ControlStep for Create {
    const KIND: &'static str = "account.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("account:{}", self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        // The same identifier is this very step, done already; the name under another one is somebody else's.
        let statement = "INSERT INTO hostctl.accounts (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        let made = transaction
            .query_typed(
                statement,
                &[(&self.id, Type::UUID), (&self.name.as_str(), Type::TEXT)],
            )
            .await;
        match made {
            Ok(_) => Ok(Value::Null),
            Err(error) if sqlstate::is_duplicate(&error) => Err(exists(&self.name)),
            Err(error) => Err(sqlstate::error(&format!("account {}", self.name), error)),
        }
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        remove(transaction, self.id, &self.name).await
    }
}

/// `account.delete`: the row, gone for good.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delete {
    id: Uuid,
    name: AccountName,
    state: String,
    created_at: String,
}

impl ControlStep for Delete {
    const KIND: &'static str = "account.delete";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("account:{}", self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        remove(transaction, self.id, &self.name)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        let statement = "INSERT INTO hostctl.accounts (id, name, state, created_at)
            VALUES ($1, $2, $3, $4::text::timestamptz) ON CONFLICT DO NOTHING";
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] = [
            (&self.id, Type::UUID),
            (&self.name.as_str(), Type::TEXT),
            (&self.state, Type::TEXT),
            (&self.created_at, Type::TEXT),
        ];
        let restored = transaction.query_typed(statement, &parameters).await;
        restored
            .map(|_| ())
            .map_err(|error| sqlstate::error(&format!("account {}", self.name), error))
    }
}

/// Plans a new account.
///
/// # Errors
/// `internal` without entropy.
pub fn plan_create(name: AccountName) -> Result<Plan> {
    let id = clock::new_id()?;
    let request = json!({ "name": name });
    let change = Change {
        action: "create",
        resource: format!("account {name}"),
        before: None,
        after: Some("active".to_owned()),
        undo: Reversal::Undoable,
    };
    let target = name.to_string();
    Ok(Plan {
        kind: "account.create",
        result: json!({ "account": name, "state": "active" }),
        steps: vec![PlannedStep::in_control(&Create { id, name }, change)?],
        target,
        account: Some(id),
        request,
        claims: Vec::new(),
    })
}

/// Plans the end of an account that owns nothing any more.
///
/// # Errors
/// `conflict`, reason `in_use`, naming what it still owns.
pub fn plan_delete(account: &Account, fate: Fate) -> Result<Plan> {
    let owned = [
        (account.databases, "database", "databases"),
        (account.boxes, "box", "boxes"),
        (account.zones, "zone", "zones"),
        (account.sites, "site", "sites"),
    ];
    let owned = owned.iter().filter(|(count, ..)| *count > 0);
    let owned: Vec<String> = owned
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    if !owned.is_empty() {
        let message = format!("account {} still owns {}", account.name, owned.join(", "));
        return Err(Error::new(Kind::Conflict, "in_use", message).hint("delete what it owns first"));
    }
    let name: AccountName = account.name.parse()?;
    let step = Delete {
        id: account.id,
        name,
        state: account.state.clone(),
        created_at: account.created_at.to_string(),
    };
    let change = Change {
        action: "delete",
        resource: format!("account {}", account.name),
        before: Some(account.state.clone()),
        after: None,
        undo: Reversal::Undoable,
    };
    let mut steps = vec![PlannedStep::in_control(&step, change)?];
    if let Fate::Kept(retention) = fate {
        steps.push(trash::keep(
            "account",
            &account.name,
            Some(account.id),
            Value::Null,
            retention,
        )?);
    }
    Ok(Plan {
        kind: "account.delete",
        target: account.name.clone(),
        account: Some(account.id),
        request: json!({ "name": account.name }),
        steps,
        claims: Vec::new(),
        result: json!({ "account": account.name, "state": "deleted" }),
    })
}

async fn remove(transaction: &Transaction<'_>, id: Uuid, name: &AccountName) -> Result<()> {
    let removed = transaction
        .query_typed("DELETE FROM hostctl.accounts WHERE id = $1", &[(&id, Type::UUID)])
        .await;
    removed
        .map(|_| ())
        .map_err(|error| sqlstate::error(&format!("account {name}"), error))
}

fn exists(name: &AccountName) -> Error {
    Error::new(Kind::Conflict, "exists", format!("account {name} exists already"))
        .hint(format!("hostctl account show {name}"))
}
