//! Making and removing an account: one row in the control database each.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::store::Account;
use crate::clock;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{Change, ControlStep, Marker, Plan, PlannedStep, Reversal, Secrets};
use crate::model::{AccountName, PackageName};
use crate::trash::{self, Fate};

/// `account.create`: the row.
#[derive(Debug, Serialize, Deserialize)]
pub struct Create {
    id: Uuid,
    name: AccountName,
    #[serde(default)]
    package: Option<PackageName>,
}

impl ControlStep for Create {
    const KIND: &'static str = "account.create";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("account:{}", self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        // The same identifier is this very step, done already; the name under another one is somebody else's.
        let statement = "INSERT INTO hostctl.accounts (id, name, package) VALUES ($1, $2, $3)
            ON CONFLICT (id) DO NOTHING";
        let package = self.package.as_ref().map(PackageName::as_str);
        let made = transaction
            .query_typed(
                statement,
                &[
                    (&self.id, Type::UUID),
                    (&self.name.as_str(), Type::TEXT),
                    (&package, Type::TEXT),
                ],
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
    #[serde(default)]
    package: Option<String>,
    #[serde(default)]
    closed_databases: Vec<String>,
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
        let statement =
            "INSERT INTO hostctl.accounts (id, name, state, created_at, package, closed_databases)
            VALUES ($1, $2, $3, $4::text::timestamptz, $5, $6) ON CONFLICT (id) DO NOTHING";
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 6] = [
            (&self.id, Type::UUID),
            (&self.name.as_str(), Type::TEXT),
            (&self.state, Type::TEXT),
            (&self.created_at, Type::TEXT),
            (&self.package, Type::TEXT),
            (&self.closed_databases, Type::TEXT_ARRAY),
        ];
        let restored = transaction.query_typed(statement, &parameters).await;
        match restored {
            Ok(_) => Ok(()),
            Err(error) if sqlstate::is_duplicate(&error) => Err(exists(&self.name)),
            Err(error) if error.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION) => Err(self.unpackaged()),
            Err(error) => Err(sqlstate::error(&format!("account {}", self.name), error)),
        }
    }
}

impl Delete {
    /// The package was deleted after the account was.
    fn unpackaged(&self) -> Error {
        let package = self.package.as_deref().unwrap_or_default();
        let message = format!("package {package} of account {} is gone", self.name);
        Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl package create {package}"))
    }
}

/// Plans a new account.
///
/// # Errors
/// `internal` without entropy.
pub fn plan_create(name: AccountName, package: Option<PackageName>) -> Result<Plan> {
    let id = clock::new_id()?;
    let request = json!({ "name": name });
    let with_package = package
        .as_ref()
        .map(|package| format!("active, package {package}"));
    let change = Change {
        action: "create",
        resource: format!("account {name}"),
        before: None,
        after: Some(with_package.unwrap_or_else(|| "active".to_owned())),
        undo: Reversal::Undoable,
    };
    let target = name.to_string();
    Ok(Plan {
        kind: "account.create",
        result: json!({ "account": name, "state": "active" }),
        steps: vec![PlannedStep::in_control(&Create { id, name, package }, change)?],
        target,
        account: Some(id),
        request,
        claims: Vec::new(),
    })
}

/// The steps that end the account itself; everything it owns has to go before.
///
/// # Errors
/// `internal`.
pub fn steps_delete(account: &Account, fate: Fate) -> Result<Vec<PlannedStep>> {
    let step = Delete {
        id: account.id,
        name: account.name.parse()?,
        state: account.state.clone(),
        created_at: account.created_at.to_string(),
        package: account.package.clone(),
        closed_databases: account.closed_databases.clone(),
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
        let owner = Some(account.id);
        steps.push(trash::keep(
            "account",
            &account.name,
            owner,
            Value::Null,
            retention,
        )?);
    }
    Ok(steps)
}

async fn remove(transaction: &Transaction<'_>, id: Uuid, name: &AccountName) -> Result<()> {
    let removed = transaction
        .query_typed("DELETE FROM hostctl.accounts WHERE id = $1", &[(&id, Type::UUID)])
        .await;
    removed.map(|_| ()).map_err(|error| match error.code() {
        Some(&SqlState::FOREIGN_KEY_VIOLATION) => {
            let message = format!("account {name} has got something more since this was planned");
            Error::new(Kind::Conflict, "in_use", message).hint("give the command again")
        }
        _ => sqlstate::error(&format!("account {name}"), error),
    })
}

fn exists(name: &AccountName) -> Error {
    Error::new(Kind::Conflict, "exists", format!("account {name} exists already"))
        .hint(format!("hostctl account show {name}"))
}
