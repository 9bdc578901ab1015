//! What makes a sandbox usable at once: key ring, schema, the login of the mail daemons, and Dovecot itself.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Sandbox, files};
use crate::config::{self, Config};
use crate::control::quote::{identifier, literal};
use crate::control::{schema, session, sqlstate};
use crate::database::verifier;
use crate::env::deadline::Deadline;
use crate::env::files::read_config;
use crate::error::{Error, Result};
use crate::keyring;
use crate::mail::daemon::{ConfigInputs, DEFAULT_ROLE, Version, dovecot_files};
use crate::model::Password;

const LIMIT: Duration = Duration::from_secs(60);

impl Sandbox {
    /// Makes key ring and schema, and starts Dovecot over it where `has_mail`.
    ///
    /// # Errors
    /// Those of each part.
    pub async fn furnish(&self, has_mail: bool) -> Result<()> {
        let config = self.config()?;
        keyring::create(&self.keyring_file())?;
        schema::init(&session::target(&config)?, Deadline::after(LIMIT)).await?;
        if has_mail {
            self.furnish_mail(&config).await
        } else {
            Ok(())
        }
    }

    /// The configuration of the sandbox.
    ///
    /// # Errors
    /// `usage` where a person has spoilt it.
    pub fn config(&self) -> Result<Config> {
        let file = self.config_file();
        let request = config::Request {
            explicit: Some(&file),
            variables: &BTreeMap::new(),
            flags: &[],
            tolerates_unknown_keys: false,
        };
        config::load(&request, read_config)
    }

    async fn furnish_mail(&self, config: &Config) -> Result<()> {
        let what = "the login of the mail daemons";
        let password = Password::generate()?;
        let target = session::target(config)?;
        let client = target.connect(Deadline::after(LIMIT)).await?;
        let statement = format!(
            "CREATE ROLE {} LOGIN IN ROLE hostctl_mail PASSWORD {}",
            identifier(DEFAULT_ROLE),
            literal(verifier(&password)?.expose())
        );
        client
            .batch_execute(&statement)
            .await
            .map_err(|error| sqlstate::error(what, error))?;
        let passfile = self.ground.path("dovecot.pgpass");
        let line = format!("*:*:*:{DEFAULT_ROLE}:{}\n", password.expose());
        files::write(&passfile, &line, Some(&self.ground.user))?;
        let none = || Error::internal("a sandbox without a mail directory");
        let files = dovecot_files(&ConfigInputs {
            control: &config.control()?.url,
            role: DEFAULT_ROLE,
            passfile: &passfile,
            directory: config.mail.directory.as_deref().ok_or_else(none)?,
            version: Version::V23,
        })?;
        self.start_mail(&files.first().ok_or_else(none)?.text).await
    }
}
