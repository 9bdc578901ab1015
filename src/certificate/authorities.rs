//! What the steps of orders work through: a client for each authority, sessions of their own with the control database (an
//! order has to be written down before the journal hears of it), DNS, and what answers challenges. Everything is opened
//! when it is first needed.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::acme::{Account, AccountKey, Client, Problem};
use super::ca::{self, Asked};
use super::challenge::Responders;
use crate::config::{self, Acme, Config};
use crate::control::Session;
use crate::dns::Providers;
use crate::env::deadline::Deadline;
use crate::env::identity;
use crate::env::variables::Environment;
use crate::error::{Error, Kind, Result};
use crate::keyring::{self, Keyring};

/// How long opening a session may take.
const CONNECT: Duration = Duration::from_secs(15);

/// Everything that is configured below `[acme.NAME]`, and the rest that an order needs.
pub struct Authorities {
    pub(super) config: Config,
    environment: Environment,
    pub(super) providers: Providers,
    pub(super) responders: Responders,
    clients: tokio::sync::Mutex<BTreeMap<String, Arc<Client>>>,
    sessions: Mutex<Vec<Session>>,
}

/// A session that goes back where it came from.
pub(super) struct Lent<'a> {
    session: Option<Session>,
    from: &'a Mutex<Vec<Session>>,
}

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.config.acme.keys().collect();
        f.debug_struct("Authorities")
            .field("configured", &names)
            .finish_non_exhaustive()
    }
}

impl Authorities {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(config: &Config, environment: &Environment) -> Self {
        Authorities {
            providers: Providers::new(config),
            responders: Responders::new(&config.certificate),
            config: config.clone(),
            environment: environment.clone(),
            clients: tokio::sync::Mutex::default(),
            sessions: Mutex::default(),
        }
    }

    /// The name of this host.
    #[must_use]
    pub fn host(&self) -> String {
        self.config.host.clone().unwrap_or_else(identity::host_name)
    }

    /// The authority that is meant, with its name.
    ///
    /// # Errors
    /// `usage` where it is not configured, or it cannot be told which is meant.
    pub fn pick(&self, flag: Option<&str>) -> Result<(&str, &Acme)> {
        config::pick(&self.config.acme, flag)
    }

    /// A client of the authority `name`, its directory read.
    ///
    /// # Errors
    /// `usage` where it is not configured; `unavailable`.
    pub async fn client(&self, name: &str) -> Result<Arc<Client>> {
        let (_, acme) = self.pick(Some(name))?;
        let mut clients = self.clients.lock().await;
        if let Some(client) = clients.get(name) {
            return Ok(Arc::clone(client));
        }
        let connected = Client::connect(name, &acme.directory, acme.ca_file.as_deref()).await;
        let client = match connected {
            Ok(client) => Arc::new(client),
            Err(failed) => {
                ca::heed(self, name, Asked::Anything, &failed).await;
                return Err(failed.error(name));
            }
        };
        clients.insert(name.to_owned(), Arc::clone(&client));
        Ok(client)
    }

    /// Our account at the authority `name`.
    ///
    /// # Errors
    /// `denied`, reason `no_account`, where there is none that is valid; `busy`, reason `throttled`; as
    /// [`Authorities::client`].
    pub async fn account(&self, session: &Session, name: &str) -> Result<Account> {
        ca::check_pause(&**session, name, Asked::Anything).await?;
        let row = ca::find(&**session, name).await?;
        let none = || {
            Error::new(
                Kind::Denied,
                "no_account",
                format!("there is no account at {name}"),
            )
            .hint(format!("hostctl ca register {name} --agree-tos"))
        };
        let row = row.filter(|row| row.state == ca::State::Valid).ok_or_else(none)?;
        let (_, acme) = self.pick(Some(name))?;
        if acme.directory != row.directory {
            let message = format!(
                "[acme.{name}] is {} now, and the account was made at {}",
                acme.directory, row.directory
            );
            return Err(Error::new(Kind::Usage, "other_directory", message)
                .hint("give the other directory a name of its own"));
        }
        let key = AccountKey::open(&ca::open_key(&self.keyring()?, name, &row.key_sealed)?)?;
        Ok(Account {
            client: self.client(name).await?,
            key: Arc::new(key),
            url: row.url.ok_or_else(none)?,
        })
    }

    /// What a client of the authority `name` was told to wait for since this was asked last.
    pub(super) async fn told_to_wait(&self, name: &str) -> Option<Problem> {
        self.clients.lock().await.get(name)?.told_to_wait()
    }

    /// The key ring.
    ///
    /// # Errors
    /// `usage` where there is none.
    pub fn keyring(&self) -> Result<Keyring> {
        keyring::open(&self.config, &self.environment)
    }

    /// A session for a moment.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub(super) async fn session(&self) -> Result<Lent<'_>> {
        let kept = self.kept().pop();
        let session = match kept {
            Some(session) => session,
            None => Session::open(&self.config, Deadline::after(CONNECT)).await?,
        };
        Ok(Lent {
            session: Some(session),
            from: &self.sessions,
        })
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Lent<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session.as_ref().expect("a session until it is given back")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect("a session until it is given back")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.session.take().filter(|session| !session.is_closed()) {
            self.from
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(session);
        }
    }
}
