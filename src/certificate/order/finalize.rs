//! `acme.finalize`: the request is sent and the certificate fetched. What was sent is never sent again, unless the
//! authority says that it has not got it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::chains;
use super::store::{Desk, Row, State};
use crate::certificate::acme::{Account, Failed, Order, Poll, Problem, Repeat, Told, encode};
use crate::certificate::authorities::Authorities;
use crate::certificate::ca::Asked;
use crate::certificate::failure::{before, refusal};
use crate::certificate::rows::resource;
use crate::certificate::{ca, ledger, order};
use crate::env::crash;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::CertificateName;

/// A wait that is no longer is waited for here; for a longer one the order is kept.
const SHORT: Duration = Duration::from_secs(10);

/// What remains of the time of the step when waiting ends, for fetching, and for writing down how it stands.
const RESERVE: Duration = Duration::from_secs(10);

/// Gets the certificate of an order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Finalize {
    pub(super) id: Uuid,
    pub(super) certificate: CertificateName,
    pub(super) ca: String,
    pub(super) directory: String,
    /// The root that the chain should lead to.
    pub(super) preferred_chain: Option<String>,
    pub(super) timeout_s: u64,
}

impl OutsideStep for Finalize {
    const KIND: &'static str = "acme.finalize";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    fn limit(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.timeout_s) + RESERVE)
    }

    async fn apply(&self, world: &Authorities, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let desk = Desk {
            world,
            id: self.id,
            marker,
        };
        let row = desk.live_row().await?;
        if row.chain.is_some() {
            return Ok(json!({ "certificate": self.certificate }));
        }
        let account = match world.account_at(&self.ca).await {
            Ok(account) => account,
            Err(error) => return Err(desk.unless_over(before(error)).await),
        };
        let deadline = Deadline::after(Duration::from_secs(self.timeout_s));
        let driven = tokio::time::timeout_at(
            deadline.instant().into(),
            self.drive(&desk, &account, &row, deadline),
        );
        let driven = driven.await;
        let url = match driven.unwrap_or_else(|_| Err(Failure::unknown(self.late(true)))) {
            Ok(url) => url,
            Err(failure) => return Err(self.end(&desk, failure).await),
        };
        match self.fetch(&desk, &account, &row, &url).await {
            Ok(()) => Ok(json!({ "certificate": self.certificate })),
            Err(failure) => Err(self.end(&desk, failure).await),
        }
    }

    /// What the authority has issued it has issued.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    /// Once the request was sent, only the authority knows what became of it, as long as it knows the order. One that cannot
    /// be asked for too long is waited for no longer by whoever would do something else: what it may have issued is lost then.
    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let row = order::find(&**world.session().await?, self.id).await?;
        let Some(row) = row else {
            return Ok(Found::Absent);
        };
        if row.chain.is_some() {
            return Ok(Found::Ours(json!({ "certificate": self.certificate })));
        }
        let is_open = row.state == State::Finalizing && !row.is_over;
        let Some(url) = row.url.filter(|_| is_open) else {
            return Ok(Found::Absent);
        };
        let silent = |error: Error| match row.is_let_lie {
            true => {
                tracing::warn!(
                    ca = self.ca,
                    why = error.message(),
                    "nobody can say whether it has issued"
                );
                Ok(Found::Absent)
            }
            false => Err(error),
        };
        let account = match world.account_at(&self.ca).await {
            Ok(account) => account,
            Err(error) => return silent(error),
        };
        let told = match account.order_at(&url).await {
            Ok(told) => told,
            Err(Failed::Refused(problem)) if problem.is_final() => return Ok(Found::Absent),
            Err(failed) => return silent(failed.error(&self.ca)),
        };
        Ok(match told.document.status.as_str() {
            "processing" | "valid" => Found::Changed(format!("{} has got the request", self.ca)),
            _ => Found::Absent,
        })
    }
}

impl Finalize {
    /// Has the order finished; where the certificate is.
    async fn drive(
        &self,
        desk: &Desk<'_>,
        account: &Account,
        row: &Row,
        deadline: Deadline,
    ) -> Result<String, Failure> {
        let url = row.url.as_deref();
        let url = url.ok_or_else(|| Failure::refused(Error::internal("an order without a place")))?;
        let mut poll = Poll::until(deadline);
        let mut told = self.look(account, url).await?;
        let mut is_proved = None;
        loop {
            let order = &told.document;
            let mut wait = told.retry_after;
            match order.status.as_str() {
                "ready" => {
                    wait = self.send(desk, account, order, &row.csr).await?;
                    if wait.is_none() {
                        told = self.look(account, url).await?;
                        if told.document.status != "ready" {
                            continue;
                        }
                        wait = told.retry_after;
                    }
                }
                "processing" => {}
                // It may be heard of later there than at its authorizations.
                "pending" if is_proved == Some(true) => {}
                "pending" if is_proved.is_none() => {
                    is_proved = Some(self.is_proved(account, order).await?);
                    continue;
                }
                "valid" => {
                    let none = || Failure::unknown(self.bad("a valid order without a certificate"));
                    return order.certificate.clone().ok_or_else(none);
                }
                _ => {
                    let words = order.error.as_ref().map(Problem::words);
                    let words = words.unwrap_or_else(|| format!("the order is {}", order.status));
                    return Err(Failure::refused(self.bad(&words)));
                }
            }
            let is_at_work = told.document.status == "processing";
            if !poll.wait(wait).await {
                return Err(Failure::unknown(self.late(is_at_work)));
            }
            told = self.look(account, url).await?;
        }
    }

    /// Keeps the certificate that is at `url`, before it looks for a chain of it that is liked better.
    async fn fetch(&self, desk: &Desk<'_>, account: &Account, row: &Row, url: &str) -> Result<(), Failure> {
        let fetched = chains::fetch(account, url).await?;
        let now = desk.now().await.map_err(Failure::unknown)?;
        let had_issuers = desk.has_issuers(row).await.map_err(Failure::unknown)?;
        chains::check(&fetched.chain, row, now, had_issuers).map_err(Failure::refused)?;
        desk.chain(url, &fetched.chain).await.map_err(Failure::unknown)?;
        let Some(wanted) = &self.preferred_chain else {
            return Ok(());
        };
        let other = chains::preferred(account, &fetched, wanted).await;
        ca::heed_requests(desk.world, &self.ca).await;
        if let Some(other) = other.filter(|other| chains::check(other, row, now, had_issuers).is_ok()) {
            desk.chain(url, &other).await.map_err(Failure::unknown)?;
        }
        Ok(())
    }

    /// Whether the order has nothing left to wait for.
    async fn is_proved(&self, account: &Account, order: &Order) -> Result<bool, Failure> {
        for told in account.authorizations(order).await {
            let told = told.map_err(|failed| refusal(&self.ca, failed))?;
            if told.document.status != "valid" {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Sends the request, if the names are still the account's, and once it is written down that it may have been. What
    /// became of it the order tells; nothing did where the authority says to wait, which it gives.
    async fn send(
        &self,
        desk: &Desk<'_>,
        account: &Account,
        order: &Order,
        csr: &[u8],
    ) -> Result<Option<Duration>, Failure> {
        desk.check_proven(&self.certificate).await?;
        desk.state(State::Finalizing).await.map_err(Failure::not_now)?;
        {
            let session = desk.world.session().await.map_err(Failure::not_now)?;
            ledger::spend(&**session, self.id)
                .await
                .map_err(Failure::not_now)?;
        }
        let payload = json!({ "csr": encode(csr) });
        let sent = account.post(&order.finalize, &payload, Repeat::Never).await;
        crash::mid_effect().map_err(Failure::unknown)?;
        let Err(failed) = sent else { return Ok(None) };
        match &failed {
            Failed::Refused(problem) if problem.is_throttling() => {
                ca::heed(desk.world, &self.ca, Asked::Anything, &failed).await;
                match failed.wait().filter(|wait| *wait <= SHORT) {
                    Some(wait) => Ok(Some(wait)),
                    None => Err(refusal(&self.ca, failed)),
                }
            }
            Failed::Refused(problem) if !problem.is_passing() && problem.word() != "orderNotReady" => {
                Err(refusal(&self.ca, failed))
            }
            _ => {
                tracing::info!(
                    ca = self.ca,
                    why = failed.error(&self.ca).message(),
                    "the request may not have arrived"
                );
                Ok(None)
            }
        }
    }

    async fn look(&self, account: &Account, url: &str) -> Result<Told<Order>, Failure> {
        let told = account.order_at(url).await;
        told.map_err(|failed| Failure {
            // What was sent before may have arrived, and a page that some machine in between makes says nothing of it.
            certainty: crate::journal::Certainty::Unknown,
            is_passing: !matches!(&failed, Failed::Refused(problem) if problem.is_final()),
            error: failed.error(&self.ca),
        })
    }

    async fn end(&self, desk: &Desk<'_>, failure: Failure) -> Failure {
        ca::heed_requests(desk.world, &self.ca).await;
        let failure = desk.unless_over(failure).await;
        let words = failure.error.message();
        let noted = match failure.is_passing {
            true => desk.kept(words).await,
            false => desk.failed(words).await,
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "how an order stands could not be written down");
        }
        failure
    }

    /// An authority that is at work has its time; one that does not even take the request is in trouble.
    fn late(&self, is_at_work: bool) -> Error {
        let reason = if is_at_work { "timeout" } else { "ca_failed" };
        let message = format!("{} has not issued the certificate yet", self.ca);
        Error::new(Kind::Unavailable, reason, message)
    }

    fn bad(&self, words: &str) -> Error {
        Error::new(Kind::Unavailable, "ca_failed", format!("{}: {words}", self.ca))
    }
}

/// Bytes as the parameters of a step hold them.
pub(super) fn text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
