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
use crate::certificate::failure::{before, refusal};
use crate::certificate::rows::resource;
use crate::certificate::{ca, ledger, order};
use crate::env::crash;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::CertificateName;

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
        Some(Duration::from_secs(self.timeout_s))
    }

    async fn apply(&self, world: &Authorities, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let desk = Desk {
            world,
            id: self.id,
            marker,
        };
        let row = desk.row().await.map_err(before)?;
        if row.chain.is_some() {
            return Ok(json!({ "certificate": self.certificate }));
        }
        let account = world.account_at(&self.ca).await.map_err(before)?;
        let deadline = Deadline::after(Duration::from_secs(self.timeout_s));
        let url = match self.drive(&desk, &account, &row, deadline).await {
            Ok(url) => url,
            Err(failure) => return Err(self.end(&desk, failure).await),
        };
        let chain = match chains::fetch(&account, &url, self.preferred_chain.as_deref()).await {
            Ok(chain) => chain,
            Err(failure) => {
                ca::heed_requests(world, &self.ca).await;
                return Err(failure);
            }
        };
        let now = desk.now().await.map_err(Failure::unknown)?;
        chains::check(&chain, &row, now).map_err(Failure::refused)?;
        desk.chain(&url, &chain).await.map_err(Failure::unknown)?;
        Ok(json!({ "certificate": self.certificate }))
    }

    /// What the authority has issued it has issued.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    /// Once the request was sent, only the authority knows what became of it.
    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let row = order::find(&**world.session().await?, self.id).await?;
        let Some(row) = row else {
            return Ok(Found::Absent);
        };
        if row.chain.is_some() {
            return Ok(Found::Ours(json!({ "certificate": self.certificate })));
        }
        let Some(url) = row.url.filter(|_| row.state == State::Finalizing) else {
            return Ok(Found::Absent);
        };
        let account = world.account_at(&self.ca).await?;
        let told = account
            .order_at(&url)
            .await
            .map_err(|failed| failed.error(&self.ca))?;
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
        loop {
            let order = &told.document;
            match order.status.as_str() {
                "ready" => {
                    self.send(desk, account, order, &row.csr).await?;
                    told = self.look(account, url).await?;
                    if told.document.status != "ready" {
                        continue;
                    }
                }
                "processing" => {}
                "valid" => {
                    let none = || Failure::refused(self.bad("a valid order without a certificate"));
                    return order.certificate.clone().ok_or_else(none);
                }
                _ => {
                    let words = order.error.as_ref().map(Problem::words);
                    let words = words.unwrap_or_else(|| format!("the order is {}", order.status));
                    return Err(Failure::refused(self.bad(&words)));
                }
            }
            if !poll.wait(told.retry_after).await {
                let message = format!("{} has not issued the certificate yet", self.ca);
                return Err(Failure::unknown(Error::new(
                    Kind::Unavailable,
                    "timeout",
                    message,
                )));
            }
            told = self.look(account, url).await?;
        }
    }

    /// Sends the request, once it is written down that it may have been. What became of it the order tells.
    async fn send(
        &self,
        desk: &Desk<'_>,
        account: &Account,
        order: &Order,
        csr: &[u8],
    ) -> Result<(), Failure> {
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
        match sent {
            Ok(_) => Ok(()),
            Err(Failed::Refused(problem)) if !problem.is_passing() && problem.word() != "orderNotReady" => {
                Err(refusal(&self.ca, Failed::Refused(problem)))
            }
            Err(failed) => {
                tracing::info!(
                    ca = self.ca,
                    why = failed.error(&self.ca).message(),
                    "the request may not have arrived"
                );
                Ok(())
            }
        }
    }

    async fn look(&self, account: &Account, url: &str) -> Result<Told<Order>, Failure> {
        let told = account.order_at(url).await;
        told.map_err(|failed| Failure {
            // What was sent before may have arrived.
            certainty: crate::journal::Certainty::Unknown,
            ..refusal(&self.ca, failed)
        })
    }

    async fn end(&self, desk: &Desk<'_>, failure: Failure) -> Failure {
        ca::heed_requests(desk.world, &self.ca).await;
        if !failure.is_passing
            && let Err(error) = desk.failed(failure.error.message()).await
        {
            tracing::warn!(%error, "the end of an order could not be written down");
        }
        failure
    }

    fn bad(&self, words: &str) -> Error {
        Error::new(Kind::Unavailable, "ca_failed", format!("{}: {words}", self.ca))
    }
}

/// Bytes as the parameters of a step hold them.
pub(super) fn text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
