//! `certificate.set`: what may be changed of what is wanted.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};

use crate::certificate::rows::{changed, described, query, resource};
use crate::error::Result;
use crate::journal::{ControlStep, Marker, Secrets};
use crate::model::CertificateName;

/// What may be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The kind of key of the next one.
    pub key_type: String,
    /// Whether a renewal keeps the key.
    pub reuse_key: bool,
    /// What is run after a deployment; nothing: what the host's configuration says; empty: nothing at all.
    pub deploy_hook: Option<Vec<String>>,
    /// Which port is asked after a deployment, `HOST:PORT`; nothing: none.
    pub probe: Option<String>,
}

/// From one to the other.
#[derive(Debug, Serialize, Deserialize)]
pub struct SetOptions {
    pub(super) name: CertificateName,
    pub(super) before: Options,
    pub(super) after: Options,
}

impl ControlStep for SetOptions {
    const KIND: &'static str = "certificate.set";
    const VERSION: i32 = 1;

    fn resource(&self) -> String {
        resource(&self.name)
    }

    async fn apply(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<Value> {
        set(transaction, &self.name, &self.before, &self.after)
            .await
            .map(|()| Value::Null)
    }

    async fn undo(&self, transaction: &Transaction<'_>, _: Marker, _: &Secrets) -> Result<()> {
        set(transaction, &self.name, &self.after, &self.before).await
    }
}

/// Only the columns concerned are compared: the rest of the row changes with every renewal.
async fn set(
    client: &impl GenericClient,
    name: &CertificateName,
    from: &Options,
    to: &Options,
) -> Result<()> {
    let statement =
        "UPDATE hostctl.certificates SET key_type = $6, reuse_key = $7, deploy_hook = $8, probe = $9
        WHERE name = $1 AND ((key_type, reuse_key, deploy_hook, probe) IS NOT DISTINCT FROM ($2, $3, $4, $5)
            OR (key_type, reuse_key, deploy_hook, probe) IS NOT DISTINCT FROM ($6, $7, $8, $9)) RETURNING 1";
    let parameters = [
        (&name.as_str() as _, Type::TEXT),
        (&from.key_type as _, Type::TEXT),
        (&from.reuse_key as _, Type::BOOL),
        (&from.deploy_hook as _, Type::TEXT_ARRAY),
        (&from.probe as _, Type::TEXT),
        (&to.key_type as _, Type::TEXT),
        (&to.reuse_key as _, Type::BOOL),
        (&to.deploy_hook as _, Type::TEXT_ARRAY),
        (&to.probe as _, Type::TEXT),
    ];
    match query(client, &described(name), statement, &parameters)
        .await?
        .is_empty()
    {
        true => Err(changed(name)),
        false => Ok(()),
    }
}
