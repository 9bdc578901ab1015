//! What a verb works with: configuration, output, who asks, and connections opened late.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use uuid::Uuid;

use crate::account;
use crate::certificate::Authorities;
use crate::config::Config;
use crate::control::{Session, Spare};
use crate::env::deadline::Deadline;
use crate::env::variables::Environment;
use crate::error::{Error, Kind, Result};
use crate::journal::{Interrupt, Patience};
use crate::keyring::{self, Keyring};
use crate::model::AccountName;
use crate::output::Ui;
use crate::trail::Actor;

/// The global options that concern deeds rather than output.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `--dry-run`.
    pub is_dry_run: bool,
    /// `--account`.
    pub account: Option<AccountName>,
    /// `--lock-wait`.
    pub lock_wait: Duration,
    /// `--timeout`.
    pub timeout: Option<Duration>,
    /// `--idempotency-key`.
    pub idempotency_key: Option<String>,
    /// `--show-secret`.
    pub shows_secret: bool,
    /// `--secret-out`.
    pub secret_out: Option<PathBuf>,
}

/// How long connecting to the control database may take where no `--timeout` says otherwise.
const CONNECT: Duration = Duration::from_secs(15);
/// Taking back may take as long again as `--timeout` allowed for the whole, but never less than this.
const BACK_AT_LEAST: Duration = Duration::from_secs(10);
const PATIENCE: Patience = Patience {
    step: Duration::from_secs(60),
    retry: Duration::from_secs(15),
    pause: Duration::from_millis(50),
    whole: None,
    back: None,
};

/// What a verb works with.
#[derive(Debug)]
pub struct Context {
    /// The configuration.
    pub config: Config,
    /// The way out.
    pub ui: Ui,
    /// Who asks.
    pub actor: Actor,
    /// The variables of this process.
    pub environment: Environment,
    /// The global options.
    pub settings: Settings,
    /// Ctrl-C and SIGTERM.
    pub interrupt: Interrupt,
    /// `--timeout` from the start of the program.
    pub deadline: Option<Deadline>,
    /// Whether something was begun that has to be ended properly.
    pub engaged: AtomicBool,
    /// What the verb has done and will not undo, whatever becomes of the answer.
    pub deed: OnceLock<Deed>,
    /// Certificate authorities, for all that this process does: their directories are read once, and a port is listened on
    /// once.
    pub authorities: OnceLock<Arc<Authorities>>,
    /// Sessions with the control database that operations have given back.
    pub spare: Arc<Spare>,
}

/// Something that was done, for the case that the answer cannot be given.
#[derive(Clone, Debug)]
pub struct Deed {
    /// In words: `account.create acme`.
    pub name: String,
    /// Under which operation, if it was one.
    pub operation: Option<Uuid>,
}

impl Context {
    /// A session with the control database: one that an operation has given back, or a new one.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn session(&self) -> Result<Session> {
        if let Some(session) = self.spare.take() {
            return Ok(session);
        }
        Session::open(&self.config, self.within(CONNECT)).await
    }

    /// Opens two sessions at once, for an operation whose steps need one beside its own.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn open_pair(&self) -> Result<()> {
        let (first, second) = tokio::join!(self.session(), self.session());
        let first = first?;
        // What one is enough for goes on with one.
        if let Ok(second) = second {
            self.spare.give(second);
        }
        self.spare.give(first);
        Ok(())
    }

    /// As [`Context::session`], for taking back what was begun: that must be possible once `--timeout` is spent.
    pub(super) async fn session_for_undo(&self) -> Result<Session> {
        Session::open(&self.config, Deadline::after(CONNECT)).await
    }

    /// The key ring, if there is one.
    ///
    /// # Errors
    /// `usage` where there is one that cannot be used.
    pub fn keyring(&self) -> Result<Option<Keyring>> {
        match keyring::open(&self.config, &self.environment) {
            Ok(ring) => Ok(Some(ring)),
            Err(error) if error.reason() == "no_keyring" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The name of this host: the configured one, else the kernel's.
    #[must_use]
    pub fn host(&self) -> &str {
        self.config.host.as_deref().unwrap_or(&self.actor.identity.host)
    }

    /// The account whose objects are seen, where `--account` names one.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn account_filter(&self, session: &Session) -> Result<Option<Uuid>> {
        match &self.settings.account {
            Some(name) => Ok(Some(account::find(&**session, name).await?.id)),
            None => Ok(None),
        }
    }

    /// Whether something was begun, so that a signal must not end the process at once.
    #[must_use]
    pub fn is_engaged(&self) -> bool {
        self.engaged.load(Ordering::Relaxed)
    }

    /// From here on a signal is for the verb to answer.
    pub fn engage(&self) {
        self.engaged.store(true, Ordering::Relaxed);
    }

    /// Remembers that something is done; only the first deed is.
    pub fn stands(&self, name: impl Into<String>, operation: Option<Uuid>) {
        let name = name.into();
        self.deed.get_or_init(|| Deed { name, operation });
    }

    /// How the program ends: where stdout cannot be written after a deed, half of what was asked for is done.
    #[must_use]
    pub fn judge(&self, error: Error) -> Error {
        let Some(deed) = self.deed.get().filter(|_| error.reason() == "output") else {
            return error;
        };
        let message = format!("{} is done, but {}", deed.name, error.message());
        let judged = Error::new(Kind::Partial, "output", message);
        match deed.operation {
            Some(id) => judged
                .operation(id.to_string())
                .hint(format!("hostctl op show {id}")),
            None => judged,
        }
    }

    /// A part of the work: `length` from now, but never beyond `--timeout`.
    #[must_use]
    pub fn within(&self, length: Duration) -> Deadline {
        self.deadline
            .map_or_else(|| Deadline::after(length), |whole| whole.within(length))
    }

    pub(super) fn patience(&self) -> Patience {
        Patience {
            whole: self.deadline,
            back: self.patience_for_undo(),
            ..PATIENCE
        }
    }

    /// How long taking back may take, where `--timeout` asks for haste.
    pub(super) fn patience_for_undo(&self) -> Option<Duration> {
        self.settings.timeout.map(|whole| whole.max(BACK_AT_LEAST))
    }
}
