//! An account as its authority sees it.

use crate::certificate::acme::AccountDocument;
use crate::certificate::authorities::Authorities;
use crate::control::Session;
use crate::error::Result;

/// The state and the contacts of our account at `ca`.
///
/// # Errors
/// `denied` where the authority does not know it any more; `unavailable`.
pub async fn seen(world: &Authorities, session: &Session, ca: &str) -> Result<(String, Vec<String>)> {
    let account = world.account(session, ca).await?;
    let reply = account
        .get(&account.url)
        .await
        .map_err(|failed| failed.error(ca))?;
    let document: AccountDocument = reply.document(ca)?;
    Ok((document.status, document.contact))
}
