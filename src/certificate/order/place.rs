//! `acme.order`: the order at the authority. Its place is written down before anything else is done with it, so that the
//! one order that can be lost is the one whose answer was lost.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{Desk, State};
use crate::certificate::acme::{self, Account, Failed, Placed, Poll};
use crate::certificate::authorities::Authorities;
use crate::certificate::ca::Asked;
use crate::certificate::failure::{before, for_good, refusal, unmade};
use crate::certificate::rows::resource;
use crate::certificate::{ca, ledger, order};
use crate::env::crash;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Found, Marker, OutsideStep, Secrets};
use crate::model::{CertificateName, Identifier};

/// How long an order whose answer was lost is asked for again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no order.
enum Stop {
    /// The authority was not asked.
    Before(Error),
    /// It was.
    Failed(Failed),
}

/// Orders a certificate.
#[derive(Debug, Serialize, Deserialize)]
pub struct PlaceOrder {
    pub(super) id: Uuid,
    pub(super) certificate: CertificateName,
    pub(super) ca: String,
    pub(super) directory: String,
    pub(super) identifiers: Vec<Identifier>,
    pub(super) profile: Option<String>,
    pub(super) replaces: Option<String>,
}

impl OutsideStep for PlaceOrder {
    const KIND: &'static str = "acme.order";
    const VERSION: i32 = 1;
    type World = Authorities;

    fn resource(&self) -> String {
        resource(&self.certificate)
    }

    fn substrate(&self) -> String {
        self.directory.clone()
    }

    async fn apply(&self, world: &Authorities, marker: Marker, _: &Secrets) -> Result<Value, Failure> {
        let desk = self.desk(world, marker);
        if let Some(url) = desk.row().await.map_err(before)?.url {
            return Ok(json!({ "url": url }));
        }
        // As long as nothing was ordered it is no loss to begin anew.
        let account = self
            .account(world)
            .await
            .map_err(|error| for_good(before(error)))?;
        let placed = match self.place(world, &account).await {
            Ok(placed) => placed,
            Err(Stop::Before(error)) => return Err(for_good(before(error))),
            Err(Stop::Failed(failed)) => {
                ca::heed(world, &self.ca, Asked::Order(&self.names()), &failed).await;
                return Err(unmade(refusal(&self.ca, failed)));
            }
        };
        crash::mid_effect().map_err(Failure::unknown)?;
        let expires = placed.order.expires.filter(|time| acme::can_be_kept(*time));
        desk.ordered(&placed.url, expires)
            .await
            .map_err(Failure::unknown)?;
        self.check(&placed.order).map_err(Failure::refused)?;
        Ok(json!({ "url": placed.url }))
    }

    /// An order cannot be taken back; what nobody answers ends by itself.
    async fn undo(&self, _: &Authorities, _: Marker, _: &Secrets) -> Result<(), Failure> {
        Ok(())
    }

    async fn probe(&self, world: &Authorities, _: Marker, _: &Secrets) -> Result<Found> {
        let row = order::find(&**world.session().await?, self.id).await?;
        let row = row.filter(|row| !matches!(row.state, State::Abandoned | State::Failed));
        Ok(match row.and_then(|row| row.url) {
            Some(url) => Found::Ours(json!({ "url": url })),
            None => Found::Absent,
        })
    }
}

impl PlaceOrder {
    fn desk<'a>(&self, world: &'a Authorities, marker: Marker) -> Desk<'a> {
        Desk {
            world,
            id: self.id,
            marker,
        }
    }

    async fn account(&self, world: &Authorities) -> Result<Account> {
        let asked = self.names();
        ca::check_pause(&**world.session().await?, &self.ca, Asked::Order(&asked)).await?;
        world.account_at(&self.ca).await
    }

    /// With what it replaces, if the authority takes that: it refuses where another order said so before (RFC 9773 §5), or
    /// another account has it, and a certificate is more than a good place in its queue.
    async fn place(&self, world: &Authorities, account: &Account) -> Result<Placed, Stop> {
        match self.ask(world, account, self.replaces.as_deref()).await {
            Err(Stop::Failed(Failed::Refused(problem)))
                if self.replaces.is_some() && problem.may_be_of_a_part() =>
            {
                tracing::info!(
                    ca = self.ca,
                    said = problem.words(),
                    "what is replaced is not told"
                );
                self.ask(world, account, None).await
            }
            placed => placed,
        }
    }

    /// Each request for an order counts at the authority, so each is counted here before it is sent, also where it is sent
    /// again because the answer was lost. What the lost one made ends by itself.
    async fn ask(
        &self,
        world: &Authorities,
        account: &Account,
        replaces: Option<&str>,
    ) -> Result<Placed, Stop> {
        let wanted: Vec<acme::Identifier> = self.identifiers.iter().map(wire).collect();
        let mut poll = Poll::until(Deadline::after(PATIENCE));
        loop {
            self.admit(world, replaces.is_some())
                .await
                .map_err(Stop::Before)?;
            let asked = account.order(&wanted, self.profile.as_deref(), replaces).await;
            let failed = match asked {
                Ok(placed) => return Ok(placed),
                Err(failed) => failed,
            };
            let is_worth_it = match &failed {
                Failed::Lost(_) => true,
                // An error page may come from a machine in between.
                Failed::Refused(problem) => problem.word().is_empty() && problem.is_worth_repeating(),
                Failed::Unreached(_) => false,
            };
            if !is_worth_it || !poll.wait(failed.wait()).await {
                return Err(Stop::Failed(failed));
            }
        }
    }

    async fn admit(&self, world: &Authorities, replaces: bool) -> Result<()> {
        let names = self.names();
        let request = ledger::Request {
            ca: &self.ca,
            limits: &world.pick(Some(&self.ca))?.1.limits,
            order: Some(self.id),
            identifiers: &names,
            replaces,
        };
        let mut session = world.session().await?;
        ledger::admit(&mut session, &request).await?.check(&self.ca)
    }

    fn names(&self) -> Vec<String> {
        self.identifiers.iter().map(ToString::to_string).collect()
    }

    /// RFC 8555 §7.4: the order is for what was asked, neither less nor more.
    fn check(&self, order: &acme::Order) -> Result<()> {
        let sorted = |mut list: Vec<acme::Identifier>| {
            list.sort();
            list
        };
        let wanted = sorted(self.identifiers.iter().map(wire).collect());
        if sorted(order.identifiers.clone()) == wanted {
            return Ok(());
        }
        let message = format!("{}: the order is for other names than were asked for", self.ca);
        Err(Error::new(Kind::Unavailable, "ca_failed", message))
    }
}

fn wire(identifier: &Identifier) -> acme::Identifier {
    let kind = match identifier {
        Identifier::Name(_) | Identifier::Wildcard(_) => "dns",
        Identifier::Address(_) => "ip",
    };
    acme::Identifier {
        kind: kind.to_owned(),
        value: identifier.to_string(),
    }
}
