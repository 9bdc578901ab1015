//! What comes back by undoing counts like what is made.
//!
//! The steps that take something back are the same whether they end a failed operation or undo a finished one. The first must
//! always succeed, whatever the limits are by then; so the undoing operation says of each of its steps what the account gains
//! by it, and that is counted in the transaction of the step.

use serde::{Deserialize, Serialize};
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::limits::{Owned, Usage, held, lock, refuse, suspended};
use crate::error::Result;

/// Of which kinds an account has more than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gain {
    account: Uuid,
    kinds: Vec<Owned>,
    /// Whether its boxes take more mail together.
    has_more_quota: bool,
    /// Whether the account must not be suspended.
    #[serde(default)]
    is_awake: bool,
}

impl Gain {
    /// What `account` has more `after` than `before`, and whether it must be awake for it; nothing where that is neither.
    #[must_use]
    pub fn between(account: Uuid, before: &Usage, after: &Usage, is_awake: bool) -> Option<Self> {
        let is_more = |kind: &Owned| after.of(*kind) > before.of(*kind);
        let gain = Gain {
            account,
            kinds: Owned::ALL.into_iter().filter(is_more).collect(),
            has_more_quota: match (before.quota_bytes, after.quota_bytes) {
                (Some(before), Some(after)) => after > before,
                (Some(_), None) => true,
                (None, _) => false,
            },
            is_awake,
        };
        (!gain.kinds.is_empty() || gain.has_more_quota || is_awake).then_some(gain)
    }

    /// Refuses, in the transaction that brought it, a gain that exceeds what the account's package allows, or that a suspended
    /// account may not have. Keeps the account's row locked until the transaction ends.
    ///
    /// # Errors
    /// `denied`, reason `limit` or `suspended`.
    pub async fn check(&self, client: &impl GenericClient) -> Result<()> {
        let (name, package) = match lock(client, self.account).await? {
            Some((name, state, _)) if self.is_awake && state == "suspended" => return Err(suspended(&name)),
            Some((name, _, Some(package))) => (name, package),
            Some((_, _, None)) | None => return Ok(()),
        };
        let Some((limits, usage)) = held(client, self.account, &package).await? else {
            return Ok(());
        };
        let mut exceeded = limits.exceeded_by(&usage, &self.kinds);
        if self.has_more_quota && !self.kinds.contains(&Owned::Box) {
            exceeded.extend(limits.quota_exceeded_by(&usage));
        }
        refuse(&name, &package, &exceeded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_more_is_a_gain() {
        let gain = |before: &Usage, after: &Usage| {
            Gain::between(Uuid::nil(), before, after, false).map(|gain| (gain.kinds, gain.has_more_quota))
        };
        let before = Usage {
            databases: 2,
            boxes: 1,
            quota_bytes: Some(5),
            ..Usage::default()
        };
        assert_eq!(gain(&before, &before), None);
        assert!(Gain::between(Uuid::nil(), &before, &before, true).is_some());
        let after = Usage {
            databases: 1,
            boxes: 2,
            ..before.clone()
        };
        assert_eq!(gain(&before, &after), Some((vec![Owned::Box], false)));
        assert_eq!(gain(&after, &before), Some((vec![Owned::Database], false)));
        for (quota_bytes, is_more) in [(Some(4), false), (Some(6), true), (None, true)] {
            let after = Usage {
                quota_bytes,
                ..before.clone()
            };
            assert_eq!(gain(&before, &after), is_more.then(|| (Vec::new(), true)));
            assert_eq!(
                gain(&after, &before),
                (quota_bytes == Some(4)).then(|| (Vec::new(), true))
            );
        }
    }
}
