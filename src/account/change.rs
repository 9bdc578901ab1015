//! Changing an account: another package, suspended or not.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::limits::{self, Owned};
use super::store::Account;
use crate::control::sqlstate;
use crate::error::{Error, Kind, Result};
use crate::journal::{ControlStep, Marker, Plan, PlannedStep, Reversal, Secrets};
use crate::model::{AccountName, PackageName};

const SUSPENDED: &str = "suspended";

/// `account.set`: another package in the row that the plan saw.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetPackage {
    id: Uuid,
    name: AccountName,
    before: Option<String>,
    after: Option<String>,
    /// Whether it may have more already than the new package allows.
    is_forced: bool,
}

impl ControlStep for SetPackage {
    const KIND: &'static str = "account.set";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        self.write(transaction, self.before.as_ref(), self.after.as_ref())
            .await?;
        if let Some(package) = self.after.as_ref().filter(|_| !self.is_forced) {
            let checked = limits::check(transaction, self.id, self.name.as_str(), package, &Owned::ALL).await;
            checked.map_err(limits::with_force)?;
        }
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        self.write(transaction, self.after.as_ref(), self.before.as_ref())
            .await
    }
}

impl SetPackage {
    async fn write(
        &self,
        transaction: &Transaction<'_>,
        from: Option<&String>,
        to: Option<&String>,
    ) -> Result<()> {
        let statement = "UPDATE hostctl.accounts SET package = $3
            WHERE id = $1 AND (package IS NOT DISTINCT FROM $2 OR package IS NOT DISTINCT FROM $3)";
        let parameters: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.id, Type::UUID), (&from, Type::TEXT), (&to, Type::TEXT)];
        write(transaction, &self.name, statement, &parameters).await
    }
}

/// `account.suspend` and `account.resume`: the state of the row that the plan saw. Mail looks at it with every question.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetState {
    id: Uuid,
    name: AccountName,
    before: Standing,
    after: Standing,
}

/// Whether an account is suspended, and which databases (`cluster/name`) were closed with it.
#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    state: String,
    closed_databases: Vec<String>,
}

impl ControlStep for SetState {
    const KIND: &'static str = "account.state";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        self.write(transaction, &self.before, &self.after).await?;
        self.check_closed(transaction, &self.after).await?;
        Ok(Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        self.write(transaction, &self.after, &self.before).await
    }

    async fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<()> {
        self.undo(transaction, marker, secrets).await?;
        self.check_closed(transaction, &self.before).await
    }
}

impl SetState {
    /// Refuses to suspend an account with a database that would stay open: made, or resumed, since this was planned. The
    /// account's row is written and so locked by now, and whoever makes or resumes one looks at it under the same lock. Mail
    /// needs no look: it is shut by this row.
    async fn check_closed(&self, transaction: &Transaction<'_>, to: &Standing) -> Result<()> {
        if to.state != SUSPENDED {
            return Ok(());
        }
        let statement = "SELECT h.cluster || '/' || h.name FROM hostctl.hosting_accounts h
            WHERE h.account_id = $1 AND h.state = 'active' AND h.cluster || '/' || h.name <> ALL($2)
            ORDER BY 1 LIMIT 5";
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&self.id, Type::UUID), (&to.closed_databases, Type::TEXT_ARRAY)];
        let rows = transaction.query_typed(statement, &parameters).await;
        let rows = rows.map_err(|error| sqlstate::error("the databases", error))?;
        let open: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
        if open.is_empty() {
            return Ok(());
        }
        let (name, open) = (&self.name, open.join(", "));
        let message = format!("database {open} of account {name} was not open when this was planned");
        Err(Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl account suspend {name}")))
    }

    async fn write(&self, transaction: &Transaction<'_>, from: &Standing, to: &Standing) -> Result<()> {
        let statement = "UPDATE hostctl.accounts SET state = $4, closed_databases = $5
            WHERE id = $1 AND ((state, closed_databases) = ($2, $3) OR (state, closed_databases) = ($4, $5))";
        let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
            (&self.id, Type::UUID),
            (&from.state, Type::TEXT),
            (&from.closed_databases, Type::TEXT_ARRAY),
            (&to.state, Type::TEXT),
            (&to.closed_databases, Type::TEXT_ARRAY),
        ];
        write(transaction, &self.name, statement, &parameters).await
    }
}

/// Refuses what a suspended account may not have, and keeps the account awake until the transaction ends.
///
/// # Errors
/// `denied`, reason `suspended`.
pub async fn keep_awake(transaction: &Transaction<'_>, account: Uuid) -> Result<()> {
    match limits::lock(transaction, account).await? {
        Some((name, state, _)) if state == SUSPENDED => Err(limits::suspended(&name)),
        Some(_) | None => Ok(()),
    }
}

async fn write(
    transaction: &Transaction<'_>,
    name: &AccountName,
    statement: &str,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<()> {
    let written = transaction.execute_typed(statement, parameters).await;
    match written.map_err(|error| sqlstate::error(&format!("account {name}"), error))? {
        0 => {
            let message = format!("account {name} is not as it was when this was planned");
            Err(Error::new(Kind::Conflict, "changed", message).hint(format!("hostctl account show {name}")))
        }
        _ => Ok(()),
    }
}

/// Plans another package, or none; no steps where it is so already.
///
/// # Errors
/// `internal`.
pub fn plan_set(account: &Account, package: Option<&PackageName>, is_forced: bool) -> Result<Plan> {
    let after = package.map(ToString::to_string);
    let mut steps = Vec::new();
    if after != account.package {
        let words = |package: &Option<String>| {
            Some(
                package
                    .as_ref()
                    .map_or("no package".to_owned(), |name| format!("package {name}")),
            )
        };
        let change = change(account, words(&account.package), words(&after));
        let step = SetPackage {
            id: account.id,
            name: account.name.parse()?,
            before: account.package.clone(),
            after,
            is_forced,
        };
        steps.push(PlannedStep::in_control(&step, change)?);
    }
    Ok(plan("account.set", account, steps))
}

/// The step that suspends or resumes the account itself; the logins of databases are for others, and are only written
/// down here.
///
/// # Errors
/// `internal`.
pub fn step_state(account: &Account, after: &str, closed_databases: Vec<String>) -> Result<PlannedStep> {
    let step = SetState {
        id: account.id,
        name: account.name.parse()?,
        before: Standing {
            state: account.state.clone(),
            closed_databases: account.closed_databases.clone(),
        },
        after: Standing {
            state: after.to_owned(),
            closed_databases,
        },
    };
    let change = change(account, Some(account.state.clone()), Some(after.to_owned()));
    PlannedStep::in_control(&step, change)
}

/// A plan about the account.
#[must_use]
pub fn plan(kind: &'static str, account: &Account, steps: Vec<PlannedStep>) -> Plan {
    Plan {
        kind,
        target: account.name.clone(),
        account: Some(account.id),
        request: Value::Null,
        steps,
        claims: vec![format!("account:{}", account.name)],
        result: json!({ "account": account.name }),
    }
}

fn change(account: &Account, before: Option<String>, after: Option<String>) -> crate::journal::Change {
    crate::journal::Change {
        action: "change",
        resource: format!("account {}", account.name),
        before,
        after,
        undo: Reversal::Undoable,
    }
}

fn resource(name: &AccountName) -> String {
    format!("account:{name}")
}
