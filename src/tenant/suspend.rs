//! Planning that an account is shut out, or let in again: mail by the state of the account itself, which mail servers'
//! views look at, databases one by one. Zones stay served.

use serde_json::json;

use crate::account::{self, Account};
use crate::config::Config;
use crate::database::Existing;
use crate::error::Result;
use crate::journal::{Plan, PlannedStep};
use crate::mail::domain;
use crate::model::DomainName;

/// Plans shutting an account out. `databases` are those whose login is open now; `close` gives the steps that close one of
/// them. Which ones they are is kept with the account, so that what was suspended before stays so afterwards.
///
/// # Errors
/// Those of `close`.
pub fn plan_account_suspend(
    account: &Account,
    databases: &[Existing],
    close: impl Fn(&Existing) -> Result<Vec<PlannedStep>>,
) -> Result<Plan> {
    if account.state == "suspended" {
        return Ok(plan("account.suspend", account, Vec::new(), "suspended"));
    }
    let closed = databases.iter().map(key).collect();
    // First nothing new can be made and mail is refused, then the logins are closed.
    let mut steps = vec![account::step_state(account, "suspended", closed)?];
    for database in databases {
        steps.extend(close(database)?);
    }
    Ok(plan("account.suspend", account, steps, "suspended"))
}

/// Plans letting an account in again. `databases` are those that its suspension has closed and that are still there; `open`
/// gives the steps that open one of them.
///
/// # Errors
/// Those of `open`.
pub fn plan_account_resume(
    account: &Account,
    databases: &[Existing],
    open: impl Fn(&Existing) -> Result<Vec<PlannedStep>>,
) -> Result<Plan> {
    if account.state == "active" {
        return Ok(plan("account.resume", account, Vec::new(), "active"));
    }
    let mut steps = Vec::new();
    for database in databases {
        steps.extend(open(database)?);
    }
    steps.push(account::step_state(account, "active", Vec::new())?);
    Ok(plan("account.resume", account, steps, "active"))
}

/// Refuses to shut out an account that holds the mail server's own domain.
///
/// # Errors
/// `denied`, reason `protected`.
pub fn check_protected(domains: &[domain::Domain], config: &Config) -> Result<()> {
    let host = super::delete::mail_host(config)?;
    for row in domains {
        let name: DomainName = row.name.parse()?;
        domain::check_protected(&name, host.as_ref())?;
    }
    Ok(())
}

/// As the account keeps it.
#[must_use]
pub fn key(database: &Existing) -> String {
    format!("{}/{}", database.database.cluster, database.database.name)
}

fn plan(kind: &'static str, account: &Account, steps: Vec<PlannedStep>, state: &str) -> Plan {
    let mut plan = account::plan(kind, account, steps);
    plan.result = json!({ "account": account.name, "state": state });
    plan
}
