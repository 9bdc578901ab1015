//! Turning the steps of a finished operation back in the control database, to see what stands in the way: tried in a
//! transaction that is rolled back.

use std::collections::BTreeMap;

use tokio_postgres::GenericClient;

use super::World;
use super::undo::refers_to_others;
use crate::account::{self, Gain, Usage};
use crate::control::{Session, sqlstate};
use crate::error::{Error, Kind, Result};
use crate::journal::{Operation, Place, StepRecord};
use crate::mail::alias;

/// How often it is tried where somebody else's lock is in the way.
const TRIALS: u32 = 3;
/// For how long a lock is waited for: whoever does it in earnest must not end in a deadlock with a trial, which the server
/// looks for after a second.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '500ms'";

/// What is tried.
pub(super) struct Trial<'a> {
    pub world: &'a World,
    pub operation: &'a Operation,
    /// In the order in which they were done.
    pub steps: &'a [StepRecord],
    /// Whether the account must not be suspended.
    pub is_awake: bool,
    /// What is looked at when all of them are turned back.
    pub aliases: Option<&'a alias::Check>,
}

/// What came of trying.
pub(super) struct Tried {
    /// What cannot be taken back, without what cannot because of something else that is named.
    pub in_the_way: Vec<String>,
    /// What the account gains by which step, or that it is too much.
    pub gains: Result<BTreeMap<u32, Gain>>,
}

impl Trial<'_> {
    /// Tries it, and leaves everything as it is.
    ///
    /// # Errors
    /// `busy`, reason `in_use`, where others work on it; those of the control database.
    pub async fn run(&self, session: &mut Session) -> Result<Tried> {
        let mut tried = 1;
        loop {
            match self.once(session).await {
                Err(error) if tried < TRIALS && sqlstate::is_locked_out(&error) => tried += 1,
                ended => return ended,
            }
        }
    }

    async fn once(&self, session: &mut Session) -> Result<Tried> {
        let failed = |error| sqlstate::error("the control database", error);
        let mut in_the_way = Vec::new();
        let mut gains = Ok(BTreeMap::new());
        let mut transaction = session.transaction().await.map_err(failed)?;
        transaction.batch_execute(LOCK_TIMEOUT).await.map_err(failed)?;
        let mut before = self.usage(&transaction).await?;
        for step in self
            .steps
            .iter()
            .rev()
            .filter(|step| step.place == Place::Control)
        {
            let attempt = transaction.transaction().await.map_err(failed)?;
            let marker = step.marker(self.operation.epoch);
            match self.world.turn_back_in_control(step, marker, &attempt).await {
                Ok(()) => attempt.commit().await.map_err(failed)?,
                Err(error) if is_no_answer(&error) => return Err(error),
                Err(error) => {
                    attempt.rollback().await.map_err(failed)?;
                    if in_the_way.is_empty() || !hangs_on_others(&error) {
                        in_the_way.push(error.message().to_owned());
                    }
                    continue;
                }
            }
            let after = self.usage(&transaction).await?;
            let gain = self.operation.account_id;
            let gain = gain.and_then(|account| Gain::between(account, &before, &after, self.is_awake));
            if let (Ok(found), Some(gain)) = (&mut gains, gain) {
                match gain.check(&transaction).await {
                    Ok(()) => drop(found.insert(step.number, gain)),
                    Err(error) => gains = Err(error),
                }
            }
            before = after;
        }
        if let Some(aliases) = self.aliases.filter(|_| in_the_way.is_empty()) {
            match aliases.look(&transaction).await {
                Ok(()) => {}
                Err(error) if error.kind() == Kind::Conflict => in_the_way.push(error.message().to_owned()),
                Err(error) => return Err(error),
            }
        }
        transaction.rollback().await.map_err(failed)?;
        Ok(Tried { in_the_way, gains })
    }

    /// What the account of the operation has; nothing where there is none.
    async fn usage(&self, client: &impl GenericClient) -> Result<Usage> {
        let Some(account) = self.operation.account_id else {
            return Ok(Usage::default());
        };
        let standing = account::standing(client, account).await?;
        Ok(standing.map(|standing| standing.usage).unwrap_or_default())
    }
}

/// Whether nothing was learnt of the step.
fn is_no_answer(error: &Error) -> bool {
    matches!(error.kind(), Kind::Unavailable | Kind::Internal) || sqlstate::is_locked_out(error)
}

/// Whether it cannot go, or come back, because of what belongs to it or what it belongs to: such as what could not be turned
/// back before it, and is named.
fn hangs_on_others(error: &Error) -> bool {
    error.reason() == "not_empty" || refers_to_others(error)
}
