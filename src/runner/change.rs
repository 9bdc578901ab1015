//! A mutating verb, from the request to its end.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::execute::Execution;
use super::secrets::are_of_use;
use super::{Context, Delivered, SecretFile, World};
use crate::control::Session;
use crate::dns::records::in_brief;
use crate::error::{Error, Kind, Result};
use crate::journal::{self, Plan, Reversal};
use crate::output::{Column, Format, Row};
use crate::trail::{self, Event};
use crate::{account, clock};

/// The one verb that may be begun before the life of the control database is registered: it registers it.
pub const RECONCILE: &str = "op.reconcile";
/// How long looking at the world may take: it asks several servers, each under its own limit.
const LOOK: Duration = Duration::from_secs(60);

/// What a mutating verb is about to do.
#[derive(Debug)]
pub struct Change {
    kind: &'static str,
    target: String,
    request: Value,
    claims: Vec<String>,
    question: Option<String>,
    secrets: Vec<Delivered>,
    file: Option<Arc<SecretFile>>,
    follows: bool,
    is_once_more: bool,
}

/// How it ended for the verb.
#[derive(Debug)]
pub enum Outcome {
    /// The plan was shown, nothing was done.
    Shown,
    /// Everything is as it was asked for already: no operation was begun. What the plan would have left.
    Unchanged(Value),
    /// It is done.
    Done(Done),
}

/// A plan, and what has to be asked before it is carried out, as far as only the world could tell.
#[derive(Debug)]
pub struct Proposal {
    /// What shall be done; without steps there is nothing to do.
    pub plan: Plan,
    /// The question, where something of others would be replaced.
    pub question: Option<String>,
    /// Secrets that come into being with it, beside those of the [`Change`]; written where that was given a [`SecretFile`].
    pub secrets: Vec<Delivered>,
}

impl From<Plan> for Proposal {
    fn from(plan: Plan) -> Self {
        Proposal {
            plan,
            question: None,
            secrets: Vec::new(),
        }
    }
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// Under which operation.
    pub operation: Uuid,
    /// What the plan said it would leave; no secrets.
    pub result: Value,
    /// How many steps it took; none for a replay.
    pub steps: usize,
    /// What each step left, in order; empty for a replay.
    pub outputs: Vec<Option<Value>>,
    /// The secrets that were made, for [`Context::shown`]; empty for a replay.
    pub secrets: Vec<Delivered>,
    /// Whether an earlier request with the same idempotency key did it.
    pub is_replay: bool,
}

/// A step as `--dry-run` shows it.
#[derive(Debug, Serialize)]
pub struct PlanRow {
    step: usize,
    action: &'static str,
    resource: String,
    before: Option<String>,
    after: Option<String>,
    undo: Reversal,
}

impl Row for PlanRow {
    const NOUN: &'static str = "step";
    const COLUMNS: &'static [Column] = &[
        Column::new("step"),
        Column::new("action"),
        Column::new("resource"),
        Column::new("before"),
        Column::new("after"),
        Column::new("undo"),
    ];
}

impl Change {
    /// A change named by the command's words with dots, its target, and everything that was asked for besides, without
    /// secrets: two requests are the same if these are equal.
    #[must_use]
    pub fn new(kind: &'static str, target: impl Into<String>, request: Value) -> Self {
        Change {
            kind,
            target: target.into(),
            request,
            claims: Vec::new(),
            question: None,
            secrets: Vec::new(),
            file: None,
            follows: false,
            is_once_more: false,
        }
    }

    /// It comes after another one of the same verb: `--idempotency-key` is that one's.
    #[must_use]
    pub fn follows(mut self) -> Self {
        self.follows = true;
        self
    }

    /// The same request once more, at another place: what is kept under its `--idempotency-key` makes room for it, as far as
    /// that can be taken back.
    #[must_use]
    pub fn once_more(mut self) -> Self {
        self.is_once_more = true;
        self
    }

    /// What it will claim, as far as that is known before the world was looked at. Whoever holds one of these is waited for
    /// as `--lock-wait` says, before what is half made there counts as a conflict.
    #[must_use]
    pub fn claims(mut self, claims: impl IntoIterator<Item = String>) -> Self {
        self.claims.extend(claims);
        self
    }

    /// Asks before it destroys or replaces.
    #[must_use]
    pub fn confirm(mut self, question: impl Into<String>) -> Self {
        self.question = Some(question.into());
        self
    }

    /// Secrets that come into being with it.
    #[must_use]
    pub fn secrets(mut self, secrets: Vec<Delivered>) -> Self {
        self.secrets = secrets;
        self
    }

    /// One of several: its secrets go into the file that all of them share.
    #[must_use]
    pub fn shares(mut self, file: Option<Arc<SecretFile>>) -> Self {
        self.file = file;
        self
    }

    /// Runs it. `plan` looks at the world through the session and says what to do; it is called again if the world may
    /// have changed while waiting for another operation. A plan without steps begins nothing. The identifier given to it will be the operation's.
    ///
    /// # Errors
    /// Those of `plan`; and by how it ended: see README "Exit codes".
    pub async fn run<P: Into<Proposal>>(
        self,
        context: &Context,
        plan: impl AsyncFn(&Session, &World, Uuid) -> Result<P>,
    ) -> Result<Outcome> {
        let outcome = Box::pin(self.attempt(context, plan)).await;
        if let Err(error) = &outcome
            && error.operation_id().is_none()
            && matches!(error.kind(), Kind::Conflict | Kind::Denied)
            && !context.settings.is_dry_run
        {
            self.tell_refusal(context, error).await;
        }
        if let Ok(Outcome::Done(done)) = &outcome {
            context.stands(format!("{} {}", self.kind, self.target), Some(done.operation));
        }
        outcome.map(|found| match found {
            Outcome::Shown | Outcome::Unchanged(_) => found,
            // The secrets of this attempt belong to nothing: those of the first one hold.
            Outcome::Done(done) if done.is_replay => Outcome::Done(done),
            Outcome::Done(done) => Outcome::Done(Done {
                secrets: self.secrets.into_iter().chain(done.secrets).collect(),
                ..done
            }),
        })
    }

    async fn attempt<P: Into<Proposal>>(
        &self,
        context: &Context,
        plan: impl AsyncFn(&Session, &World, Uuid) -> Result<P>,
    ) -> Result<Outcome> {
        let world = World::of(context);
        let request = json!({ "account": context.settings.account, "asked": self.request });
        let session = context.session().await?;
        self.check_life(&session).await?;
        if !self.is_once_more
            && let Some(done) = self.replay(context, &world, &session, &request).await?
        {
            return Ok(Outcome::Done(done));
        }
        let mut written = Written::default();
        let ended = self
            .rounds(context, &world, session, &request, plan, &mut written)
            .await;
        if !are_of_use(context, &ended, written.operation).await {
            self.withdraw();
            if written.is_file {
                context.remove_secrets();
            }
        }
        ended
    }

    /// Looks and tries, until nobody else's operation is in the way.
    async fn rounds<P: Into<Proposal>>(
        &self,
        context: &Context,
        world: &World,
        mut session: Session,
        request: &Value,
        plan: impl AsyncFn(&Session, &World, Uuid) -> Result<P>,
        written: &mut Written,
    ) -> Result<Outcome> {
        let mut execution = Execution::new(context, world, !self.follows);
        let mut is_confirmed = false;
        loop {
            let id = clock::new_id()?;
            let looked = context
                .within(LOOK)
                .run(session.place(), plan(&session, world, id))
                .await;
            let Proposal {
                plan: mut planned,
                question,
                secrets,
            } = match looked {
                Ok(proposal) => proposal.into(),
                Err(error) if is_in_the_way(&error) && !context.settings.is_dry_run => {
                    match execution.clear_the_way(&self.target, &self.claims).await? {
                        true => continue,
                        false => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            };
            account::foresee(&*session, self.kind, &planned).await?;
            planned.kind = self.kind;
            planned.target.clone_from(&self.target);
            planned.request.clone_from(request);
            if context.settings.is_dry_run {
                show(context, &planned)?;
                return Ok(Outcome::Shown);
            }
            if planned.steps.is_empty() {
                return Ok(Outcome::Unchanged(planned.result));
            }
            if let Some(question) = self
                .question
                .as_ref()
                .or(question.as_ref())
                .filter(|_| !is_confirmed)
            {
                context.ui.confirm(question)?;
                is_confirmed = true;
            }
            if let Some(file) = &self.file {
                file.set(&self.target, &secrets)?;
            } else if !written.is_file {
                written.is_file = context.write_secrets(&self.secrets)?;
            }
            written.operation = id;
            let ended = execution.once(session, &planned, id).await;
            context.ui.clear_progress();
            match ended {
                Ok(Some(done)) => {
                    let secrets = if done.is_replay { Vec::new() } else { secrets };
                    return Ok(Outcome::Done(Done { secrets, ..done }));
                }
                // Somebody else's operation was in the way and has ended: the world may be another one.
                Ok(None) => {
                    session = context.session().await?;
                    self.check_life(&session).await?;
                    // It may have been ours, and have come to its end.
                    if let Some(done) = self.replay(context, world, &session, request).await? {
                        return Ok(Outcome::Done(done));
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What an earlier request with the same key has done.
    async fn replay(
        &self,
        context: &Context,
        world: &World,
        session: &Session,
        request: &Value,
    ) -> Result<Option<Done>> {
        match context.settings.is_dry_run || self.follows {
            true => Ok(None),
            false => super::execute::replay(context, world, session, self.kind, &self.target, request).await,
        }
    }

    /// After a fail-over of the control database only one verb has anything to do.
    async fn check_life(&self, session: &Session) -> Result<()> {
        match self.kind {
            RECONCILE => Ok(()),
            _ => journal::check_life(&**session).await,
        }
    }

    /// What was written for it belongs to nothing.
    fn withdraw(&self) {
        if let Some(file) = &self.file {
            file.withdraw(&self.target);
        }
    }

    /// Exits 4 and 7 leave a row in the audit trail, even though nothing was begun.
    async fn tell_refusal(&self, context: &Context, error: &Error) {
        let event = Event {
            action: self.kind,
            target: &self.target,
            account: None,
            outcome: trail::Outcome::Refused,
            operation: None,
            details: json!({ "reason_code": error.reason(), "message": error.message() }),
        };
        let told = async { trail::append(&*context.session().await?, &context.actor, &event).await };
        if let Err(error) = told.await {
            tracing::warn!(%error, "the refusal could not be written to the audit trail");
        }
    }
}

/// What an attempt has left where `--secret-out` says.
#[derive(Default)]
struct Written {
    /// Whether it made the file.
    is_file: bool,
    /// The operation of its last round.
    operation: Uuid,
}

/// Whether a dead process may have left what was found.
fn is_in_the_way(error: &Error) -> bool {
    error.kind() == Kind::Conflict && matches!(error.reason(), "exists" | "foreign" | "changed")
}

fn show(context: &Context, plan: &Plan) -> Result<()> {
    let is_for_people = context.ui.options().format == Format::Table;
    let told = |text: &Option<String>| match text {
        Some(text) if is_for_people => Some(in_brief(text).into_owned()),
        text => text.clone(),
    };
    let row = |(index, step): (usize, &journal::PlannedStep)| PlanRow {
        step: index + 1,
        action: step.change.action,
        resource: step.change.resource.clone(),
        before: told(&step.change.before),
        after: told(&step.change.after),
        undo: step.change.undo,
    };
    let rows: Vec<PlanRow> = plan.steps.iter().enumerate().map(row).collect();
    context.ui.all(&rows)
}
