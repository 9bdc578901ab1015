//! Plans for challenges: pure, from what is wanted and what was seen to steps.

use serde_json::Value;
use uuid::Uuid;

use super::challenge::{Method, Scope, check_length, path, record_name, target, token};
use super::steps::{Add, Delete, Key, ROW};
use super::store::{Challenge, Standing, described};
use crate::config;
use crate::error::{Error, Result};
use crate::journal::{Change, PlannedStep, Reversal};
use crate::model::{DomainName, HostName};
use crate::trash::{self, Fate};

/// A challenge that is to be.
#[derive(Clone, Debug)]
pub struct NewChallenge {
    /// The domain.
    pub name: DomainName,
    /// Whose it is to be.
    pub account: Uuid,
    /// What is to be proven.
    pub scope: Scope,
    /// How.
    pub method: Method,
    /// Where the domain is to lead.
    pub routes_to: Option<HostName>,
}

impl NewChallenge {
    /// Refuses what can be told without looking.
    ///
    /// # Errors
    /// `usage`.
    pub fn check(&self, config: &config::Domain) -> Result<()> {
        super::check_suffix(&self.name)?;
        if self.method == Method::Http && self.scope == Scope::Domain {
            let error = Error::invalid("a page proves a host, and not what is below it");
            return Err(error.hint("--scope host, or --method txt"));
        }
        if self.method != Method::Http {
            check_length(&record_name(self.name.as_str(), self.scope), "domain name")?;
        }
        if self.method == Method::Cname {
            target(config, &"x".repeat(32))?;
        }
        Ok(())
    }
}

/// Plans a challenge with a token of its own: one step.
///
/// # Errors
/// `internal` without entropy; as [`NewChallenge::check`].
pub fn plan_add(new: NewChallenge, standing: Standing, config: &config::Domain) -> Result<Vec<PlannedStep>> {
    let token = token()?;
    let target = match new.method {
        Method::Cname => Some(target(config, &token)?),
        Method::Txt | Method::Http => None,
    };
    let change = Change {
        action: "create",
        resource: format!("challenge for {}", described(new.name.as_str())),
        before: standing.replaced.as_ref().map(|_| "expired".to_owned()),
        after: Some(format!(
            "{} by {}, until {}",
            new.scope,
            new.method.word(),
            standing.expires_at
        )),
        undo: Reversal::Undoable,
    };
    let step = Add {
        key: Key {
            name: new.name,
            account: new.account,
            scope: new.scope,
        },
        method: new.method,
        token,
        path: path()?,
        target,
        expires_at: standing.expires_at,
        routes_to: new.routes_to.map(|host| host.to_string()),
        replaces: standing.replaced.is_some(),
    };
    let step = PlannedStep::in_control(&step, change)?;
    Ok(vec![match standing.replaced {
        Some(replaced) => step.secret(ROW, replaced.row.0).keep_secrets(),
        None => step,
    }])
}

/// Plans the end of a challenge, and of what it has proven.
///
/// # Errors
/// `internal`.
pub fn plan_delete(challenge: Challenge, fate: Fate) -> Result<Vec<PlannedStep>> {
    let change = Change {
        action: "delete",
        resource: format!("challenge for {}", described(&challenge.name)),
        before: Some(challenge.state),
        after: None,
        undo: Reversal::Undoable,
    };
    let account = challenge.account_id;
    let key = Key {
        name: challenge.name.parse()?,
        account,
        scope: challenge.scope,
    };
    let step = PlannedStep::in_control(&Delete { key }, change)?.secret(ROW, challenge.row.0);
    match fate {
        Fate::Purged => Ok(vec![step]),
        Fate::Kept(retention) => {
            let name = format!("{} ({})", challenge.name, challenge.scope);
            let kept = trash::keep("domain", &name, Some(account), Value::Null, retention)?;
            Ok(vec![step.keep_secrets(), kept])
        }
    }
}
