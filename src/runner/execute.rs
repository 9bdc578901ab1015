//! Executing one plan: begin or be told who is in the way, run the engine, and put every ending into an exit code.

use std::time::Duration;

use serde_json::Value;
use tracing::Instrument as _;
use uuid::Uuid;

use super::ending::{error_of, left, rolled_back};
use super::recover::{self, Recovered};
use super::{Context, Done, World, beside, rivals};
use crate::clock;
use crate::control::Session;
use crate::env::crash::Phase;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{
    self, Begun, Direction, Ending, Engine, Journal, Key, Plan, Request, Seat, State, StepRecord,
};
use crate::keyring::Keyring;

/// How long we try to reach the journal again when it went away in the middle.
const RECONNECT: Duration = Duration::from_secs(30);

/// Where an attempt is journaled.
enum Place {
    Own(Session),
    Shared(Seat),
}

/// The attempts of one verb at its plan.
pub(super) struct Execution<'a> {
    context: &'a Context,
    world: &'a World,
    deadline: Deadline,
    is_keyed: bool,
}

impl<'a> Execution<'a> {
    pub(super) fn new(context: &'a Context, world: &'a World, is_keyed: bool) -> Self {
        Execution {
            context,
            world,
            deadline: context.within(context.settings.lock_wait),
            is_keyed,
        }
    }

    /// One attempt; nothing where another operation was in the way and is over now.
    pub(super) async fn once(&mut self, session: Session, plan: &Plan, id: Uuid) -> Result<Option<Done>> {
        self.begin(Place::Own(session), plan, id).await
    }

    /// As [`Execution::once`], with a plan that has effects outside and is journaled on a session that others share.
    pub(super) async fn once_at(&mut self, seat: Seat, plan: &Plan, id: Uuid) -> Result<Option<Done>> {
        self.begin(Place::Shared(seat), plan, id).await
    }

    async fn begin(&mut self, place: Place, plan: &Plan, id: Uuid) -> Result<Option<Done>> {
        self.context.engage();
        let keyring = self.context.keyring()?;
        let key = self.context.settings.idempotency_key.clone();
        let key = key.filter(|_| self.is_keyed).map(|text| Key { text });
        let request = Request {
            actor: &self.context.actor,
            key: key.as_ref(),
            keyring: keyring.as_ref(),
            config: &self.context.config,
        };
        let seat = match place {
            Place::Own(mut session) if plan.is_one_commit() => {
                match journal::commit_whole(&mut session, self.world, &request, plan, id).await {
                    Ok(Begun::Started(_)) => {
                        self.context.spare.give(session);
                        return Ok(Some(done(plan, id, Vec::new())));
                    }
                    Ok(begun) => return self.stand_aside(begun, plan, keyring.as_ref()).await,
                    Err(error) => return self.after_lost_commit(plan, id, error).await.map(Some),
                }
            }
            Place::Own(session) => session.into(),
            Place::Shared(seat) => seat,
        };
        let begun = match Journal::begin(seat, self.world, &request, plan, id).await {
            Ok((Begun::Started(_), Some(journal))) => {
                return self.work(journal, plan, id).await.map(Some);
            }
            Ok((begun, _)) => begun,
            Err(error) => return self.after_lost_commit(plan, id, error).await.map(Some),
        };
        self.stand_aside(begun, plan, keyring.as_ref()).await
    }

    /// What was looked at may be what an operation on the same target, or one that holds one of `claims`, has left half made.
    /// Ends such operations as [`Execution::once`] does with one in the way; whether there was one, or one has ended since we
    /// began to look, `looked` ago, so that it is worth looking again.
    pub(super) async fn clear_the_way(
        &self,
        target: &str,
        claims: &[String],
        looked: Duration,
    ) -> Result<bool> {
        let begun = clock::instant();
        let session = self.context.session().await?;
        let in_the_way = beside::in_the_way(&session, Some(target), claims).await?;
        for id in &in_the_way {
            self.wait_for(*id, None, self.context.keyring()?.as_ref()).await?;
        }
        Ok(!in_the_way.is_empty()
            || journal::has_ended(&*session, target, claims, looked + begun.elapsed()).await?)
    }

    async fn work(&self, mut journal: Journal<'_, World>, plan: &Plan, id: Uuid) -> Result<Done> {
        let names: Vec<String> = plan
            .steps
            .iter()
            .map(|step| format!("{} {}", step.change.action, step.change.resource))
            .collect();
        let watcher = |step: &StepRecord, phase: Phase| {
            let name = names.get(step.number as usize).map_or("", String::as_str);
            match phase {
                Phase::Do => self.context.ui.step(name),
                Phase::Undo => self.context.ui.step(&format!("taking back: {name}")),
            }
        };
        let patience = self.context.patience();
        let mut engine = Engine::new(
            &mut journal,
            self.world,
            plan.records(id),
            patience,
            &self.context.interrupt,
            &watcher,
        )
        .resuming(plan.resumes());
        let ending = engine.execute().instrument(in_log(id)).await;
        let outputs = engine.steps.iter().map(|step| step.output.clone()).collect();
        // Where it did not end well a session of its own ends with the journal, and the lock with it.
        if (matches!(ending, Ending::Done) || journal.is_shared())
            && let Some(session) = journal.release().await
        {
            self.context.spare.give(session);
        }
        match ending {
            Ending::Done => Ok(done(plan, id, outputs)),
            Ending::Lost(error) if error.reason() != "fenced" => {
                self.after_lost_journal(plan, id, error).await
            }
            ending => Err(error_of(ending, id)),
        }
    }

    /// The journal went away in the middle: once it is back, take over from ourselves.
    async fn after_lost_journal(&self, plan: &Plan, id: Uuid, cause: Error) -> Result<Done> {
        let limit = self.context.patience_for_undo();
        let deadline = Deadline::after(limit.map_or(RECONNECT, |limit| limit.min(RECONNECT)));
        let mut pause = Duration::from_millis(100);
        loop {
            match recover::own(self.context, self.world, id).await {
                Err(error) if error.reason() == "fenced" => return Err(error),
                Ok(Recovered::Ended(State::Succeeded)) => return Ok(done(plan, id, Vec::new())),
                Ok(Recovered::Ended(State::RolledBack)) => return Err(rolled_back(&cause, id)),
                Ok(Recovered::Ended(_) | Recovered::Left(_)) => return Err(left(&cause, id)),
                Err(error) if error.kind() == Kind::NotFound => return Err(cause),
                Err(_) if deadline.is_spent() || self.context.interrupt.is_final() => {
                    return Err(left(&cause, id));
                }
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_secs(2));
        }
    }

    /// The reply to the first commit never came: the journal itself tells whether it happened.
    async fn after_lost_commit(&self, plan: &Plan, id: Uuid, error: Error) -> Result<Done> {
        if !matches!(error.reason(), "connection_lost" | "timeout") {
            return Err(error);
        }
        match self.after_lost_journal(plan, id, error).await {
            Err(error) if error.operation_id().is_none() => Err(Error::new(
                Kind::Unavailable,
                error.reason(),
                format!("{}; nothing was changed", error.message()),
            )),
            ended => ended,
        }
    }

    async fn stand_aside(
        &self,
        begun: Begun,
        plan: &Plan,
        keyring: Option<&Keyring>,
    ) -> Result<Option<Done>> {
        match begun {
            Begun::Started(id) => Err(Error::internal(format!("operation {id} was begun and not run"))),
            Begun::Known { operation, is_same } => {
                let session = self.context.session().await?;
                let known = journal::find(&*session, operation).await?;
                if is_same && known.state.is_open() && rivals::has_to_yield(&session, &known, plan).await? {
                    drop(session);
                    return self.wait_for(operation, Some(plan), keyring).await.map(|()| None);
                }
                attach(self.context, self.world, &session, operation, is_same).await
            }
            Begun::Freed => Ok(None),
            Begun::Claimed { by, resource } => match self.wait_for(by, Some(plan), keyring).await {
                Err(error) if error.kind() == Kind::Busy && !self.has(by, resource).await? => Ok(None),
                waited => waited.map(|()| None),
            },
        }
    }

    /// Whether an operation has `resource` still: one that is kept gives back what it needs for a moment only.
    async fn has(&self, operation: Uuid, resource: String) -> Result<bool> {
        let session = self.context.session().await?;
        let claimants = journal::claimants(&session, &[resource]).await?;
        Ok(claimants.contains(&operation))
    }

    /// Ends what a dead process left, or waits for a living one as long as `--lock-wait` allows. What is kept makes room for
    /// `plan`, where that is to come instead of it.
    async fn wait_for(&self, by: Uuid, plan: Option<&Plan>, keyring: Option<&Keyring>) -> Result<()> {
        loop {
            let session = self.context.session().await?;
            let operation = journal::find(&*session, by).await?;
            if operation.state == State::Stuck {
                return Err(beside::stuck(&operation));
            }
            if !operation.state.is_open() {
                return Ok(());
            }
            let direction = match plan {
                Some(plan) if rivals::has_to_yield(&session, &operation, plan).await? => Direction::GiveUp,
                _ => Direction::Back,
            };
            // The server may not have noticed yet that we let go of what was our own.
            let wait = match journal::is_held_by(&operation, &self.context.actor) {
                true => recover::LETTING_GO,
                false => Duration::ZERO,
            };
            let recovered = recover::one(
                self.context,
                self.world,
                session,
                &operation,
                direction,
                keyring,
                wait,
            );
            match recovered.await {
                Ok(Recovered::Ended(_)) => {
                    let words = operation.kind.replace('.', " ");
                    self.context
                        .ui
                        .note(&format!("recovered {words} {} ({by}) first", operation.target));
                    return Ok(());
                }
                Ok(Recovered::Left(error)) if direction == Direction::GiveUp => {
                    return Err(error.hint(format!("hostctl op recover {by}; hostctl op abandon {by}")));
                }
                Ok(Recovered::Left(error)) => return Err(error),
                Err(error) if error.reason() == "ended" => return Ok(()),
                Err(error) if error.reason() != "held" || self.deadline.is_spent() => return Err(error),
                Err(_) => tokio::time::sleep(Duration::from_millis(100).min(self.deadline.remaining())).await,
            }
        }
    }
}

/// The result of an earlier request with the same key, if there is one.
pub(super) async fn replay(
    context: &Context,
    world: &World,
    session: &Session,
    kind: &'static str,
    target: &str,
    request: &Value,
) -> Result<Option<Done>> {
    let Some(key) = &context.settings.idempotency_key else {
        return Ok(None);
    };
    match journal::find_key(&**session, key, kind, target, request).await? {
        None => Ok(None),
        Some((operation, is_same)) => attach(context, world, session, operation, is_same).await,
    }
}

/// Waits for the operation that runs under our key and gives its result; nothing where it was rolled back, so that the
/// key is free again. What a dead process left under it is recovered first.
async fn attach(
    context: &Context,
    world: &World,
    session: &Session,
    id: Uuid,
    is_same: bool,
) -> Result<Option<Done>> {
    if !is_same {
        let message = "this idempotency key was used for another request";
        return Err(Error::new(Kind::Conflict, "idempotency_key", message).operation(id.to_string()));
    }
    loop {
        let operation = journal::find(&**session, id).await?;
        match operation.state {
            State::Succeeded => {
                return Ok(Some(Done {
                    operation: id,
                    result: operation.result,
                    steps: 0,
                    outputs: Vec::new(),
                    secrets: Vec::new(),
                    is_replay: true,
                }));
            }
            State::RolledBack => return Ok(None),
            State::Stuck | State::Abandoned => {
                return Err(error_of(Ending::Stuck(stuck_before(), Vec::new()), id));
            }
            State::Running | State::Unwinding
                if context.interrupt.is_requested() || context.deadline.is_some_and(Deadline::is_spent) =>
            {
                return Err(journal::held(&operation));
            }
            State::Running | State::Unwinding => {
                match recover::by_id(context, world, id, Direction::Back, Duration::ZERO).await {
                    Ok(Recovered::Ended(_)) => {}
                    Err(error) if matches!(error.reason(), "held" | "ended") => {
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                    Ok(Recovered::Left(error)) | Err(error) => return Err(error),
                }
            }
        }
    }
}

fn stuck_before() -> Error {
    Error::new(Kind::Stuck, "stuck", "the first request with this key is stuck")
}

fn done(plan: &Plan, operation: Uuid, outputs: Vec<Option<Value>>) -> Done {
    Done {
        operation,
        result: plan.result.clone(),
        steps: plan.steps.len(),
        outputs,
        secrets: Vec::new(),
        is_replay: false,
    }
}

/// What stands in each line of the log about operation `id`.
pub(super) fn in_log(id: Uuid) -> tracing::Span {
    tracing::error_span!("operation", %id)
}
