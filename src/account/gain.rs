//! What comes back by undoing counts like what is made: the step that refuses what an account gains beyond its limits.
//!
//! The steps that take something back are the same whether they end a failed operation or undo a finished one. The first must
//! always succeed, whatever the limits are by then; so it is for the undoing operation to count, in a step of its own.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::{GenericClient, Transaction};
use uuid::Uuid;

use super::limits::{Owned, Usage, held, lock, refuse};
use crate::error::Result;
use crate::journal::{Change, ControlStep, Marker, PlannedStep, Reversal, Secrets};

/// Of which kinds an account has more than before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gain {
    kinds: Vec<Owned>,
    /// Whether its boxes take more mail together.
    has_more_quota: bool,
}

impl Gain {
    /// What `after` has more than `before`.
    #[must_use]
    pub fn between(before: &Usage, after: &Usage) -> Self {
        let is_more = |kind: &Owned| after.of(*kind) > before.of(*kind);
        Gain {
            kinds: Owned::ALL.into_iter().filter(is_more).collect(),
            has_more_quota: match (before.quota_bytes, after.quota_bytes) {
                (Some(before), Some(after)) => after > before,
                (Some(_), None) => true,
                (None, _) => false,
            },
        }
    }

    /// Whether it is none.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.kinds.is_empty() && !self.has_more_quota
    }

    /// Refuses, in the transaction that brings it or after it, a gain that exceeds what the account's package allows. Keeps the
    /// account's row locked until the transaction ends.
    ///
    /// # Errors
    /// `denied`, reason `limit`.
    pub async fn check(&self, client: &impl GenericClient, account: Uuid) -> Result<()> {
        let Some((name, _, Some(package))) = lock(client, account).await? else {
            return Ok(());
        };
        let Some((limits, usage)) = held(client, account, &package).await? else {
            return Ok(());
        };
        let mut exceeded = limits.exceeded_by(&usage, &self.kinds);
        if self.has_more_quota && !self.kinds.contains(&Owned::Box) {
            exceeded.extend(limits.quota_exceeded_by(&usage));
        }
        refuse(&name, &package, &exceeded)
    }
}

/// `account.within_limits`: changes nothing, and fails where the account has gained too much.
#[derive(Debug, Serialize, Deserialize)]
pub struct WithinLimits {
    account: Uuid,
    /// The operation that is undone: two undoings do not wait for each other.
    operation: Uuid,
    gain: Gain,
}

/// Plans to look whether `account` may have what undoing `operation` brings back; after the rows, before what is only shown.
///
/// # Errors
/// `internal`.
pub fn plan_within_limits(account: Uuid, operation: Uuid, gain: Gain) -> Result<PlannedStep> {
    let change = Change {
        action: "check",
        resource: "limits of the account".to_owned(),
        before: None,
        after: None,
        undo: Reversal::Undoable,
    };
    let step = WithinLimits {
        account,
        operation,
        gain,
    };
    PlannedStep::in_control(&step, change)
}

impl ControlStep for WithinLimits {
    const KIND: &'static str = "account.within_limits";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        format!("limits:{}/{}", self.account, self.operation)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        self.gain
            .check(transaction, self.account)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, _: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_more_is_a_gain() {
        let before = Usage {
            databases: 2,
            boxes: 1,
            quota_bytes: Some(5),
            ..Usage::default()
        };
        assert!(Gain::between(&before, &before).is_none());
        let after = Usage {
            databases: 1,
            boxes: 2,
            quota_bytes: Some(5),
            ..Usage::default()
        };
        let gain = Gain::between(&before, &after);
        assert_eq!((gain.kinds, gain.has_more_quota), (vec![Owned::Box], false));
        for (quota_bytes, is_more) in [(Some(4), false), (Some(6), true), (None, true)] {
            let after = Usage {
                quota_bytes,
                ..before.clone()
            };
            assert_eq!(Gain::between(&before, &after).has_more_quota, is_more);
            assert!(!Gain::between(&after, &before).has_more_quota || quota_bytes == Some(4));
        }
    }
}
