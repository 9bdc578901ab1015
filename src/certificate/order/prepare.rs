//! An order for what is wanted of a certificate, with a key of its own or the one before: for the first time and for every
//! renewal.

use std::time::Duration;

use tokio_postgres::GenericClient;
use tokio_postgres::types::Type;

use super::{NewOrder, plan};
use crate::certificate::authorities::Authorities;
use crate::certificate::challenge::Challenge;
use crate::certificate::key::{self, KeyType, Request};
use crate::certificate::revoke::Reason;
use crate::certificate::rows::{described, query};
use crate::certificate::store::{self, Wanted};
use crate::certificate::x509::Chain;
use crate::clock;
use crate::error::{Error, Result};
use crate::journal::PlannedStep;
use crate::model::{Identifier, Secret};

/// What is not said by the certificate itself.
#[derive(Debug)]
pub struct Occasion<'a> {
    /// At which of its authorities.
    pub ca: &'a str,
    /// The generation before.
    pub before: Option<i32>,
    /// The certificate that it replaces (RFC 9773 §5).
    pub replaces: Option<String>,
    /// The lease under which it is renewed: without it nothing is ordered.
    pub fence: Option<i64>,
    /// How long proving, and then issuing, may take.
    pub timeout: Duration,
}

/// Makes key and request, and plans the order.
///
/// # Errors
/// `usage` where the authority is not configured, or there is no key ring; `denied` where the key before cannot be opened.
pub async fn prepare(
    world: &Authorities,
    wanted: &Wanted,
    occasion: Occasion<'_>,
) -> Result<Vec<PlannedStep>> {
    let identifiers = identifiers(wanted)?;
    let request = request(world, wanted, &identifiers, occasion.before).await?;
    let keyring = world.keyring()?;
    let sealed = request
        .key
        .as_ref()
        .map(|key| store::seal_key(&keyring, &wanted.name, key));
    let (ca, acme) = world.pick(Some(occasion.ca))?;
    plan(NewOrder {
        id: clock::new_id()?,
        certificate: wanted.name.clone(),
        account: wanted.account,
        ca: ca.to_owned(),
        directory: acme.directory.clone(),
        identifiers,
        challenge: challenge(wanted)?,
        webroot: wanted.webroot.as_ref().map(std::path::PathBuf::from),
        host: world.host(),
        profile: wanted.profile.clone(),
        preferred_chain: wanted.preferred_chain.clone(),
        replaces: occasion.replaces,
        before: occasion.before,
        fence: occasion.fence,
        csr: request.der,
        key_sealed: sealed.transpose()?,
        timeout: occasion.timeout,
    })
}

/// What a certificate is for.
///
/// # Errors
/// `internal` where its row holds something else.
pub fn identifiers(wanted: &Wanted) -> Result<Vec<Identifier>> {
    wanted.identifiers.iter().map(|text| text.parse()).collect()
}

/// How its names are proved.
///
/// # Errors
/// `invalid` for one that was imported.
pub fn challenge(wanted: &Wanted) -> Result<Challenge> {
    wanted.challenge.parse().map_err(|_| {
        let message = format!(
            "certificate {} was imported: nobody said how its names are proved",
            wanted.name
        );
        Error::invalid(message)
    })
}

async fn request(
    world: &Authorities,
    wanted: &Wanted,
    identifiers: &[Identifier],
    before: Option<i32>,
) -> Result<Request> {
    if let Some(der) = &wanted.csr {
        return Ok(Request {
            der: der.clone(),
            key: None,
        });
    }
    let kind: KeyType = wanted.key_type.parse()?;
    // Another kind that is wished since is a wish for another key.
    let kept = kept_key(world, wanted, before).await?;
    if let Some(key) = kept.filter(|key| kind.is_of(key)) {
        return Request::again(&key, kind, identifiers);
    }
    let names = identifiers.to_vec();
    tokio::task::spawn_blocking(move || Request::generate(kind, &names))
        .await
        .map_err(|error| Error::internal("a key was not made").source(error))?
}

async fn kept_key(world: &Authorities, wanted: &Wanted, before: Option<i32>) -> Result<Option<Secret>> {
    let Some(number) = before.filter(|_| wanted.reuse_key) else {
        return Ok(None);
    };
    let session = world.session().await?;
    if is_compromised(&**session, wanted, number).await? {
        return Ok(None);
    }
    let material = store::material(&**session, &wanted.name, Some(wanted.account)).await?;
    material.key(&world.keyring()?)
}

/// Whether the key of a generation may be somebody else's as well, which may have been said of an earlier one with the same
/// key: no authority takes it again.
async fn is_compromised(client: &impl GenericClient, wanted: &Wanted, number: i32) -> Result<bool> {
    let statement = "SELECT g.chain, b.chain FROM hostctl.certificate_generations g
            JOIN hostctl.certificate_generations b ON b.certificate = g.certificate AND b.revocation_reason = $3
        WHERE g.certificate = $1 AND g.number = $2";
    let reason = Reason::KeyCompromise.code();
    let parameters = [
        (&wanted.name.as_str() as _, Type::TEXT),
        (&number as _, Type::INT4),
        (&reason as _, Type::INT4),
    ];
    let rows = query(client, &described(&wanted.name), statement, &parameters).await?;
    for row in &rows {
        let [kept, bad] = [0, 1].map(|index| Chain::read(row.get::<_, &str>(index).as_bytes()));
        let (kept, bad) = (kept?, bad?);
        let leaves = kept.certificates().first().zip(bad.certificates().first());
        if let Some((kept, bad)) = leaves
            && key::is_shared(kept, bad)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}
