//! `--account` on verbs that make nothing: only its objects are seen.

use tokio_postgres::GenericClient;
use uuid::Uuid;

use crate::account;
use crate::error::Result;
use crate::journal::{self, Operation};
use crate::runner::Context;

/// The account whose objects are seen; all where none is named.
///
/// # Errors
/// `not_found` where there is no such account.
pub async fn visible(context: &Context, client: &impl GenericClient) -> Result<Option<Uuid>> {
    match &context.settings.account {
        Some(name) => Ok(Some(account::find(client, name).await?.id)),
        None => Ok(None),
    }
}

/// Operation `id`, where it is seen.
///
/// # Errors
/// `not_found` where there is none, or where it is of another account than the one named.
pub async fn operation(context: &Context, client: &impl GenericClient, id: Uuid) -> Result<Operation> {
    let operation = journal::find(client, id).await?;
    match visible(context, client).await? {
        Some(account) if operation.account_id != Some(account) => Err(journal::none(id)),
        _ => Ok(operation),
    }
}
