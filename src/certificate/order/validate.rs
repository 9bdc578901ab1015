//! `acme.validate`: every name of an order is proved. What is put into the world for it is written down before, and gone
//! when the step has ended, whichever way; only a process that was killed leaves it, to whoever goes on.

use std::time::Duration;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answers::{self, Standing};
use super::proof::{self, Proof};
use super::store::{Answer, Desk, Row, State};
use crate::certificate::acme::{Account, Authorization, Failed, Order, Poll, Problem};
use crate::certificate::authorities::Authorities;
use crate::certificate::challenge::Challenge;
use crate::certificate::failure::{before, refusal};
use crate::certificate::rows::resource;
use crate::certificate::{ca, ledger, order};
use crate::env::crash;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::CertificateName;

/// What remains of the time of the step when waiting ends, for taking away what was put into the world.
const RESERVE: Duration = Duration::from_secs(10);

/// How long an authority that does not hear that a proof is there is told so again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Proves the names of an order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Validate {
    pub(super) id: Uuid,
    pub(super) certificate: CertificateName,
    pub(super) ca: String,
    pub(super) account: Uuid,
    pub(super) challenge: Challenge,
    /// Where a web server serves our files.
    pub(super) webroot: Option<std::path::PathBuf>,
    /// The only host that can answer; absent where any can.
    pub(super) host: Option<String>,
    pub(super) timeout_s: u64,
}

impl OutsideStep for Validate {
    const KIND: &'static str = "acme.validate";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    fn substrate(&self) -> String {
        match &self.host {
            Some(host) => format!("host:{host}"),
            None => "dns".to_owned(),
        }
    }

    fn limit(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.timeout_s) + RESERVE)
    }

    fn is_interruptible(&self) -> bool {
        true
    }

    async fn apply(&self, world: &Authorities, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        self.check_host(world).map_err(Failure::not_now)?;
        let desk = Desk {
            world,
            id: self.id,
            marker,
        };
        let row = desk.live_row().await?;
        // Whoever was at work before may have died while it wrote a zone.
        answers::let_go(&desk, &row.answers).await.map_err(before)?;
        if matches!(row.state, State::Planned | State::Ordered) {
            let longest = Duration::from_secs(self.timeout_s) + RESERVE / 5;
            let proved = tokio::time::timeout(longest, self.prove(&desk, &row)).await;
            if let Err(failure) = proved.unwrap_or_else(|_| Err(self.late())) {
                return Err(self.end(&desk, failure).await);
            }
            desk.state(State::Validated).await.map_err(Failure::unknown)?;
        }
        answers::clear(&desk).await?;
        Ok(json!({ "challenge": self.challenge }))
    }

    async fn undo(&self, world: &Authorities, marker: Marker, _: &Secrets) -> Result<(), Failure> {
        let desk = Desk {
            world,
            id: self.id,
            marker,
        };
        answers::clear(&desk).await
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let row = order::find(&**world.session().await?, self.id).await?;
        let Some(row) = row else {
            return Ok(Found::Absent);
        };
        let is_proved = matches!(row.state, State::Validated | State::Finalizing | State::Issued);
        Ok(match answers::standing(world, &row.answers).await? {
            Standing::Present(what) => Found::Changed(format!("{what} is there")),
            Standing::Absent if is_proved => Found::Ours(json!({ "challenge": self.challenge })),
            Standing::Absent => Found::Absent,
        })
    }
}

impl Validate {
    /// A file, or a port that we listen on, is on one host alone.
    fn check_host(&self, world: &Authorities) -> Result<()> {
        let here = world.host();
        match &self.host {
            Some(host) if *host != here => {
                let message = format!(
                    "{} for certificate {} is answered on {host} only",
                    self.challenge, self.certificate
                );
                Err(Error::new(Kind::Unavailable, "elsewhere", message))
            }
            _ => Ok(()),
        }
    }

    /// Somebody has not answered in all that time.
    fn late(&self) -> Failure {
        let message = format!(
            "the names of certificate {} were not proved in time",
            self.certificate
        );
        Failure::unknown(Error::new(Kind::Unavailable, "timeout", message))
    }

    async fn prove(&self, desk: &Desk<'_>, row: &Row) -> Result<(), Failure> {
        let deadline = Deadline::after(Duration::from_secs(self.timeout_s));
        desk.check_proven(&self.certificate).await?;
        let account = match desk.world.account_at(&self.ca).await {
            Ok(account) => account,
            Err(error) => return Err(self.put_off(desk, error).await),
        };
        let url = row.url.as_deref();
        let url = url.ok_or_else(|| Failure::refused(Error::internal("an order without a place")))?;
        let order = account
            .order_at(url)
            .await
            .map_err(|failed| refusal(&self.ca, failed))?
            .document;
        match order.status.as_str() {
            "pending" => {}
            "ready" | "processing" | "valid" => return Ok(()),
            _ => return Err(self.refused(desk, &account, &order).await),
        }
        let pending = self.pending(&account, &order, row).await?;
        if pending.is_empty() {
            return Ok(());
        }
        let proofs =
            proof::all(&pending, self.challenge, &account.key.thumbprint()).map_err(Failure::refused)?;
        self.answer(desk, &account, &proofs, deadline).await
    }

    /// The authority cannot be asked. Where it wants to be left alone nobody looks at the answers before it is asked again.
    async fn put_off(&self, desk: &Desk<'_>, error: Error) -> Failure {
        if error.reason() == "throttled"
            && let Err(failure) = answers::clear(desk).await
        {
            let error = failure.error.message();
            tracing::warn!(
                error,
                "the answers of an order that has to wait could not be taken away"
            );
        }
        before(error)
    }

    /// What has to be proved yet; what was proved lately the authority remembers.
    async fn pending(
        &self,
        account: &Account,
        order: &Order,
        row: &Row,
    ) -> Result<Vec<(String, Authorization)>, Failure> {
        let asked = account.authorizations(order).await;
        let mut pending = Vec::new();
        for (url, told) in order.authorizations.iter().zip(asked) {
            let authorization = told.map_err(|failed| refusal(&self.ca, failed))?.document;
            if authorization.status == "pending" {
                self.check(row, &authorization)?;
                pending.push((url.clone(), authorization));
            }
        }
        Ok(pending)
    }

    /// Nothing is put into the world for a name that was not asked for.
    fn check(&self, row: &Row, authorization: &Authorization) -> Result<(), Failure> {
        let name = &authorization.identifier.value;
        let mut names = row.identifiers.iter();
        if names.any(|asked| asked.strip_prefix("*.").unwrap_or(asked) == name) {
            return Ok(());
        }
        let message = format!("{}: it wants a proof of {name}, which was not asked for", self.ca);
        Err(Failure::refused(Error::new(
            Kind::Unavailable,
            "ca_failed",
            message,
        )))
    }

    /// Puts the answers where they belong, makes sure that they are seen, and says so.
    async fn answer(
        &self,
        desk: &Desk<'_>,
        account: &Account,
        proofs: &[Proof],
        deadline: Deadline,
    ) -> Result<(), Failure> {
        let placed = answers::place(desk, self, proofs, deadline).await?;
        crash::mid_effect().map_err(Failure::unknown)?;
        let due = proofs.iter().filter(|proof| proof.is_due);
        let said = join_all(due.map(|proof| self.say(account, proof))).await;
        said.into_iter().collect::<Result<(), Failure>>()?;
        // What is answered from this process is answered until the authority has made up its mind.
        self.follow(desk, account, proofs, deadline).await?;
        drop(placed);
        Ok(())
    }

    /// Says that a proof is there, until the authority has heard it. Some take it only once: whether it has arrived is told
    /// by the authorization, not by the refusal of a second one.
    async fn say(&self, account: &Account, proof: &Proof) -> Result<(), Failure> {
        let mut poll = Poll::until(Deadline::after(PATIENCE));
        let mut was_lost = false;
        loop {
            let Err(failed) = account.ready(&proof.challenge).await else {
                return Ok(());
            };
            if !failed.is_throttling() {
                let told = account.authorization(&proof.authorization).await;
                let told = told.map_err(|failed| refusal(&self.ca, failed))?;
                if !proof::waits_for_word(&told.document, &proof.challenge) {
                    return Ok(());
                }
            }
            let is_over = match &failed {
                Failed::Lost(_) => false,
                // What was lost has arrived, then.
                Failed::Refused(problem) if was_lost && !problem.is_passing() => return Ok(()),
                Failed::Refused(problem) => !problem.is_worth_repeating(),
                Failed::Unreached(_) => true,
            };
            if is_over || !poll.wait(failed.wait()).await {
                return Err(refusal(&self.ca, failed));
            }
            was_lost |= matches!(failed, Failed::Lost(_));
        }
    }

    /// Asks until every name is proved, or one is refused.
    async fn follow(
        &self,
        desk: &Desk<'_>,
        account: &Account,
        proofs: &[Proof],
        deadline: Deadline,
    ) -> Result<(), Failure> {
        let mut poll = Poll::until(deadline);
        let mut left: Vec<&Proof> = proofs.iter().collect();
        loop {
            let asked = join_all(
                left.iter()
                    .map(|proof| account.authorization(&proof.authorization)),
            )
            .await;
            let mut wait = None;
            let mut pending = Vec::new();
            let mut refused = None;
            for (proof, told) in left.into_iter().zip(asked) {
                let told = told.map_err(|failed| refusal(&self.ca, failed))?;
                match told.document.status.as_str() {
                    "valid" => {}
                    "pending" | "processing" => {
                        wait = wait.max(told.retry_after);
                        pending.push(proof);
                    }
                    _ => {
                        ledger::fail(desk.world, &self.ca, self.id, &proof.name).await;
                        refused.get_or_insert_with(|| proof::refused(&self.ca, proof, &told.document));
                    }
                }
            }
            if let Some(error) = refused {
                return Err(Failure::refused(error));
            }
            left = pending;
            if left.is_empty() {
                return Ok(());
            }
            if !poll.wait(wait).await {
                let names: Vec<&str> = left.iter().map(|proof| proof.name.as_str()).collect();
                let message = format!("{} has not looked at {} yet", self.ca, names.join(", "));
                return Err(Failure::not_now(Error::new(
                    Kind::Unavailable,
                    "timeout",
                    message,
                )));
            }
        }
    }

    /// Why an order is over: the words stand at its authorizations.
    async fn refused(&self, desk: &Desk<'_>, account: &Account, order: &Order) -> Failure {
        let asked = account.authorizations(order).await;
        let mut words: Vec<String> = Vec::new();
        for told in asked.into_iter().flatten() {
            // Whoever was at work before may have died before it was counted.
            if told.document.status == "invalid" {
                ledger::fail(desk.world, &self.ca, self.id, &told.document.identifier.value).await;
            }
            words.extend(proof::words(&told.document));
        }
        words.extend(order.error.as_ref().map(Problem::words));
        let message = match words.is_empty() {
            true => format!("{}: the order is {}", self.ca, order.status),
            false => format!("{}: {}", self.ca, words.join("; ")),
        };
        Failure::refused(Error::new(Kind::Unavailable, "not_proved", message))
    }

    /// After a failure: where it is for good, nothing of ours stays.
    async fn end(&self, desk: &Desk<'_>, failure: Failure) -> Failure {
        ca::heed_requests(desk.world, &self.ca).await;
        let failure = desk.unless_over(failure).await;
        if failure.is_passing {
            if let Err(error) = desk.kept(failure.error.message()).await {
                tracing::warn!(%error, "why an order is kept could not be written down");
            }
            return failure;
        }
        let said = desk.failed(failure.error.message()).await;
        match (answers::clear(desk).await, said) {
            (Ok(()), Ok(())) => failure,
            // Whatever could not be taken away now is taken away when the operation is taken back.
            _ => Failure {
                certainty: crate::journal::Certainty::Unknown,
                ..failure
            },
        }
    }

    /// The answers that belong to a proof.
    pub(super) fn file(&self, world: &Authorities, proof: &Proof) -> Result<Option<Answer>> {
        let Some(root) = &self.webroot else {
            return Ok(None);
        };
        Ok(Some(Answer::File {
            host: world.host(),
            path: crate::certificate::challenge::webroot::path(root, &proof.token)?,
            text: proof.authorization_text.clone(),
        }))
    }
}
