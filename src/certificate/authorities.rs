//! What the steps of orders work through: a client for each authority, sessions of their own with the control database (an
//! order has to be written down before the journal hears of it), DNS, and what answers challenges. Everything is opened
//! when it is first needed.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedMutexGuard, Semaphore, SemaphorePermit};

use super::acme::{Account, AccountKey, Client, Problem};
use super::ca::{self, Asked};
use super::challenge::Responders;
use crate::clock;
use crate::config::{self, Acme, Config};
use crate::control::{Session, Spare};
use crate::dns::Providers;
use crate::env::deadline::Deadline;
use crate::env::identity;
use crate::env::variables::Environment;
use crate::error::{Error, Kind, Result};
use crate::keyring::{self, Keyring};

/// How long opening a session may take.
const CONNECT: Duration = Duration::from_secs(15);
/// How many sessions the orders of this process need at once, however many orders there are: none is held while anybody
/// else is waited for.
const SESSIONS: usize = 8;
/// How long an authority that could not be reached is not asked again: the next order would wait for it as long.
const UNREACHED: Duration = Duration::from_secs(30);

/// Everything that is configured below `[acme.NAME]`, and the rest that an order needs.
pub struct Authorities {
    pub(super) config: Config,
    environment: Environment,
    pub(super) providers: Providers,
    pub(super) responders: Responders,
    clients: Mutex<BTreeMap<String, Arc<Slot>>>,
    spare: Arc<Spare>,
    places: Semaphore,
    turns: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

/// The client of one authority, once it is connected.
type Slot = tokio::sync::Mutex<Option<Connected>>;

/// What came of connecting.
enum Connected {
    To(Arc<Client>),
    /// Not, and until when that is the answer.
    Not(Error, Instant),
}

/// A session that goes back where it came from.
pub struct Lent<'a> {
    session: Option<Session>,
    from: &'a Spare,
    _place: SemaphorePermit<'a>,
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
    /// Nothing is opened yet. Sessions come from `spare`, and go back there.
    #[must_use]
    pub fn new(config: &Config, environment: &Environment, spare: Arc<Spare>) -> Self {
        Authorities {
            providers: Providers::new(config),
            responders: Responders::new(&config.certificate),
            config: config.clone(),
            environment: environment.clone(),
            clients: Mutex::default(),
            spare,
            places: Semaphore::new(SESSIONS),
            turns: Mutex::default(),
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
        let slot = Arc::clone(lock(&self.clients).entry(name.to_owned()).or_default());
        // One that does not answer keeps those waiting who want it, and nobody else.
        let mut slot = slot.lock().await;
        match &*slot {
            Some(Connected::To(client)) => return Ok(Arc::clone(client)),
            Some(Connected::Not(error, until)) if clock::instant() < *until => return Err(error.again()),
            Some(Connected::Not(..)) | None => {}
        }
        match Client::connect(name, &acme.directory, acme.ca_file.as_deref()).await {
            Ok(client) => {
                let client = Arc::new(client);
                *slot = Some(Connected::To(Arc::clone(&client)));
                Ok(client)
            }
            Err(failed) => {
                ca::heed(self, name, Asked::Anything, &failed).await;
                let error = failed.error(name);
                *slot = Some(Connected::Not(error.again(), clock::deadline(UNREACHED)));
                Err(error)
            }
        }
    }

    /// Our account at the authority `name`.
    ///
    /// # Errors
    /// `denied`, reason `no_account`, where there is none that is valid; `busy`, reason `throttled`; as
    /// [`Authorities::client`].
    pub async fn account(&self, session: &Session, name: &str) -> Result<Account> {
        ca::check_pause(&**session, name, Asked::Anything).await?;
        let row = ca::find(&**session, name).await?;
        self.open_account(name, row).await
    }

    /// As [`Authorities::account`], holding no session while the authority is waited for.
    ///
    /// # Errors
    /// As [`Authorities::account`].
    pub(super) async fn account_at(&self, name: &str) -> Result<Account> {
        let row = {
            let session = self.session().await?;
            ca::check_pause(&**session, name, Asked::Anything).await?;
            ca::find(&**session, name).await?
        };
        self.open_account(name, row).await
    }

    async fn open_account(&self, name: &str, row: Option<ca::Row>) -> Result<Account> {
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
        self.connected(name).await?.told_to_wait()
    }

    /// The client of the authority `name`, where it was connected before.
    pub(super) async fn connected(&self, name: &str) -> Option<Arc<Client>> {
        let slot = Arc::clone(lock(&self.clients).get(name)?);
        match &*slot.lock().await {
            Some(Connected::To(client)) => Some(Arc::clone(client)),
            Some(Connected::Not(..)) | None => None,
        }
    }

    /// The key ring.
    ///
    /// # Errors
    /// `usage` where there is none.
    pub fn keyring(&self) -> Result<Keyring> {
        keyring::open(&self.config, &self.environment)
    }

    /// A session for a moment: one that is open already, where the server has not closed it meanwhile.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn session(&self) -> Result<Lent<'_>> {
        let closed = |_| Error::internal("no sessions are lent any more");
        let place = self.places.acquire().await.map_err(closed)?;
        let session = match self.spare.take() {
            Some(session) => session,
            None => Session::open(&self.config, Deadline::after(CONNECT)).await?,
        };
        Ok(Lent {
            session: Some(session),
            from: &self.spare,
            _place: place,
        })
    }
}

impl Authorities {
    /// Waits until no other order of this process is at work on `what`: those that wait for each other hold nothing.
    pub(super) async fn turn(&self, what: &str) -> OwnedMutexGuard<()> {
        let turn = Arc::clone(lock(&self.turns).entry(what.to_owned()).or_default());
        turn.lock_owned().await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
        if let Some(session) = self.session.take() {
            self.from.give(session);
        }
    }
}
