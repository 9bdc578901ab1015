//! dns-01 through the providers of DNS: values beside those of others at the same name, and of them exactly ours taken
//! away again.
//!
//! Whole sets are what providers take, so that a change is read, made and written while no other operation of ours writes
//! the zone: the claim on it is held for that moment only, since many orders may need one zone at once.

use std::time::Duration;

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::sets::{self, data};
use crate::certificate::authorities::Authorities;
use crate::certificate::rows::query;
use crate::control::Session;
use crate::dns::step::Seen;
use crate::dns::{self, Observed};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::{Failure, Marker};
use crate::lookup::Answer;
use crate::model::{DomainName, RecordName, RecordType, ZoneName};

/// Where an authority looks (RFC 8555 §8.4).
const LABEL: &str = "_acme-challenge";
/// How many aliases are followed.
const ALIASES: usize = 8;
/// One look.
const LOOK: Duration = Duration::from_secs(10);
/// How long others of ours may have the zone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// In which zone of a provider.
    pub zone: ZoneName,
    /// At which name, aliases followed.
    pub name: RecordName,
    /// The name servers that are named in it.
    pub nameservers: Vec<String>,
}

/// A value and where it belongs.
#[derive(Clone, Debug)]
pub struct Value<'a> {
    /// At which name.
    pub name: &'a RecordName,
    /// The text.
    pub text: &'a str,
}

/// What becomes of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// They are put beside what is there.
    Put,
    /// They are taken away.
    Take,
}

/// Finds where the proof for `domain` belongs, following aliases of it (`_acme-challenge.NAME CNAME …`). The zone must be
/// of `account`, or bound to its provider in the configuration.
///
/// # Errors
/// `conflict`, reason `no_zone`, where no provider of ours has it; those of looking.
pub async fn locate(world: &Authorities, domain: &DomainName, account: Uuid) -> Result<Place> {
    let asked = format!("{LABEL}.{domain}");
    let name = follow(world, &asked).await?;
    // Not before: a resolver may take its time.
    let session = world.session().await?;
    let suffixes = std::iter::successors(Some(name.as_str()), |suffix| {
        suffix.split_once('.').map(|(_, parent)| parent)
    });
    for suffix in suffixes {
        let Ok(zone) = suffix.parse::<ZoneName>() else {
            continue;
        };
        if !dns::is_known(&**session, &world.providers, &zone).await? {
            continue;
        }
        let observed = dns::observe(&**session, &world.providers, &zone, None).await?;
        if observed.live.is_none() {
            continue;
        }
        check_writable(&observed, account)?;
        return Ok(Place {
            zone,
            nameservers: observed.nameservers(),
            name: RecordName::from_presentation(&name)?,
        });
    }
    let message = format!("no zone of ours holds {name}");
    Err(Error::new(Kind::Conflict, "no_zone", message).hint(format!(
        "hostctl dns zone create …, or delegate it: {asked} CNAME to a name in a zone that hostctl keeps"
    )))
}

async fn follow(world: &Authorities, asked: &str) -> Result<String> {
    let mut name = asked.to_owned();
    for _ in 0..ALIASES {
        let answer = world
            .providers
            .resolver()
            .query(&name, RecordType::Cname, Deadline::after(LOOK))
            .await;
        match answer.as_ref().map(alias) {
            Ok(Some(target)) => name = target,
            Ok(None) => return Ok(name),
            // A resolver that cannot say is no proof that there is no alias, but mostly the zone is our own.
            Err(error) => {
                tracing::info!(name, error = error.message(), "aliases cannot be looked for");
                return Ok(name);
            }
        }
    }
    let message = format!("{asked} leads through more than {ALIASES} aliases");
    Err(Error::new(Kind::Conflict, "alias", message).hint(format!("hostctl dns lookup {asked} CNAME")))
}

fn alias(answer: &Answer) -> Option<String> {
    let target = answer.values(RecordType::Cname).last()?;
    Some(target.trim_end_matches('.').to_ascii_lowercase())
}

fn check_writable(observed: &Observed, account: Uuid) -> Result<()> {
    if observed.target.is_bound {
        return Ok(());
    }
    observed.check_account(account)?;
    if observed.is_ours() {
        return Ok(());
    }
    let (zone, provider) = (&observed.zone, &observed.target.location.provider);
    let message = format!("zone {zone} at {provider} was not made by hostctl");
    Err(Error::new(Kind::Conflict, "foreign", message).hint(format!(
        "zones = [\"{zone}\"] below [dns.{provider}] lets hostctl keep records in it"
    )))
}

/// Puts values into a zone or takes them away; what is so already stays so.
///
/// # Errors
/// As for every change of records; `busy` where another operation of ours has the zone.
pub async fn change(
    world: &Authorities,
    marker: Marker,
    zone: &ZoneName,
    values: &[Value<'_>],
    way: Way,
) -> Result<(), Failure> {
    let turn = world.turn(zone.as_str()).await;
    claim(world, zone, marker.operation)
        .await
        .map_err(Failure::not_now)?;
    let session = world.session().await.map_err(Failure::not_now)?;
    let changed = sets::change(world, &session, marker, zone, values, way).await;
    let released = release(&session, zone, marker.operation).await;
    drop(turn);
    changed.and(released.map_err(Failure::not_now))
}

/// Gives back the claim on a zone that `operation` has left, but for one that it has until it ends.
///
/// # Errors
/// Those of the control database.
pub async fn let_go(world: &Authorities, zone: &ZoneName, operation: Uuid) -> Result<()> {
    release(&*world.session().await?, zone, operation).await
}

/// Whether any of the values is in the zone, at the provider.
///
/// # Errors
/// Those of looking.
pub async fn holds_any(world: &Authorities, zone: &ZoneName, values: &[Value<'_>]) -> Result<bool> {
    let session = world.session().await?;
    let observed = dns::observe(&**session, &world.providers, zone, None).await?;
    let Some(live) = &observed.live else {
        return Ok(false);
    };
    for value in values {
        let data = data(value.text, live.zone.domain())?;
        if live
            .set(value.name, RecordType::Txt)
            .is_some_and(|set| set.holds(&data))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Waits until every authoritative server answers with the value.
///
/// # Errors
/// Reason `not_published`, naming the servers at which it is not seen.
pub async fn wait(
    world: &Authorities,
    zone: &ZoneName,
    value: &Value<'_>,
    deadline: Deadline,
) -> Result<(), Failure> {
    let target = world.providers.target(zone, None).map_err(Failure::refused)?;
    let seen = Seen {
        zone: zone.clone(),
        query_servers: target.query_servers,
        name: value.name.clone(),
        data: data(value.text, zone.domain()).map_err(Failure::refused)?,
    };
    seen.wait(&world.providers, deadline).await.map(drop)
}

/// No session is held between two attempts: whoever has the zone may need one to let go of it.
async fn claim(world: &Authorities, zone: &ZoneName, operation: Uuid) -> Result<()> {
    let statement = "WITH taken AS (INSERT INTO hostctl.claims (resource, operation_id) VALUES ($1, $2)
            ON CONFLICT DO NOTHING RETURNING 1)
        SELECT 1 FROM taken UNION ALL SELECT 1 FROM hostctl.claims WHERE resource = $1 AND operation_id = $2";
    let deadline = Deadline::after(PATIENCE);
    let resource = resource(zone);
    loop {
        let parameters = [(&resource as _, Type::TEXT), (&operation as _, Type::UUID)];
        let rows = {
            let session = world.session().await?;
            query(&**session, "the claim on a zone", statement, &parameters).await?
        };
        if !rows.is_empty() {
            return Ok(());
        }
        if deadline.is_spent() {
            let message = format!("another operation has zone {zone}");
            return Err(Error::new(Kind::Busy, "busy", message).hint("hostctl op list --open"));
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

/// An operation that makes or changes the zone by steps of its own has it until it ends.
async fn release(session: &Session, zone: &ZoneName, operation: Uuid) -> Result<()> {
    let statement = "DELETE FROM hostctl.claims WHERE resource = $1 AND operation_id = $2
            AND NOT EXISTS (SELECT FROM hostctl.operation_steps s WHERE s.operation_id = $2 AND s.resource = $1)
        RETURNING 1";
    let resource = resource(zone);
    let parameters = [(&resource as _, Type::TEXT), (&operation as _, Type::UUID)];
    query(&**session, "the claim on a zone", statement, &parameters)
        .await
        .map(drop)
}

/// As the steps of DNS call it.
fn resource(zone: &ZoneName) -> String {
    format!("zone:{zone}")
}
