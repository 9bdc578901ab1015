//! One certificate on this host.

use crate::certificate::Authorities;
use crate::certificate::export;
use crate::certificate::place::{Earlier, Folder, Layout};
use crate::certificate::probe::{self, Target};
use crate::certificate::store::{self as rows, Material};
use crate::config::Config;
use crate::env::crash::{self, Phase, Point};
use crate::error::{Error, Kind, Result};
use crate::keyring::Keyring;
use crate::model::CertificateName;
use crate::trail::Actor;

use super::hook::{self, Facts, Reason};
use super::store;

/// This host, and what it works with.
#[derive(Debug)]
pub struct Station<'a> {
    /// Sessions with the control database.
    pub authorities: &'a Authorities,
    /// Directory, group, hook and time-outs.
    pub config: &'a Config,
    /// Opens the keys.
    pub keyring: &'a Keyring,
    /// By which name certificates are placed on it.
    pub host: &'a str,
    /// Who is at work.
    pub actor: &'a Actor,
    /// Where the files lie.
    pub layout: Layout,
}

/// What is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The number of the generation.
    pub generation: i32,
    /// Its serial number.
    pub serial: String,
}

/// What became of one certificate.
#[derive(Debug)]
pub enum Deployed {
    /// It is served.
    Yes(Served),
    /// It was served and confirmed already.
    Unchanged(Served),
    /// Another process is at work on it.
    Busy,
    /// What was there before is served, or nothing where nothing was; when it is tried again is recorded.
    Failed(Error),
}

/// The places at which a test may end the process.
#[derive(Clone, Copy)]
enum Stage {
    Fetched,
    Installed,
    Switched,
    Hooked,
    Probed,
    Confirmed,
    SwitchedBack,
    HookedBack,
}

fn at(stage: Stage) -> Result<()> {
    crash::point(stage as u32, Point::EffectDone, Phase::Do)
}

/// Refuses a deploy hook that could not be run, or that somebody else than root or we could replace.
///
/// # Errors
/// `usage`.
pub fn check_hook(command: &[String]) -> Result<()> {
    hook::check(command)
}

impl Station<'_> {
    /// Brings the generation that is to be served to this host. No session is held meanwhile: a hook may take longer than an
    /// idle one lives.
    ///
    /// # Errors
    /// `not_found`, reason `not_placed`; those of the control database, after which the next run does what is left.
    pub async fn deploy(&self, name: &CertificateName) -> Result<Deployed> {
        // Nothing is made on this host for what is not to be brought there.
        self.fetch(name).await?;
        let Some(opened) = self.layout.open(name).transpose() else {
            return Ok(Deployed::Busy);
        };
        // Not before nobody else is at work on it: whoever was may have brought a newer one.
        let (material, confirmed, old_serial) = self.fetch(name).await?;
        at(Stage::Fetched)?;
        let work = Work {
            station: self,
            material: &material,
            confirmed,
            old_serial,
        };
        let served = Served {
            generation: material.number,
            serial: material.serial.clone(),
        };
        let brought = match opened {
            Ok(folder) => work.bring(folder).await,
            Err(error) => Err(error),
        };
        match brought {
            Ok(Brought::Unchanged) => Ok(Deployed::Unchanged(served)),
            Ok(Brought::Served(folder, said)) => {
                // What is served is served, whatever becomes of what was.
                if let Err(error) = folder.prune() {
                    tracing::warn!(%error, "old generations of certificate {name} stay");
                }
                let mut session = self.authorities.session().await?;
                store::confirm(&mut session, self.actor, self.host, &material, &said).await?;
                at(Stage::Confirmed)?;
                drop(folder);
                Ok(Deployed::Yes(served))
            }
            Err(error) => {
                let mut session = self.authorities.session().await?;
                store::postpone(&mut session, self.actor, self.host, &material, &error).await?;
                Ok(Deployed::Failed(error))
            }
        }
    }

    /// What is to be served, the generation that this host confirmed last, and the serial number of that, if it is another.
    async fn fetch(&self, name: &CertificateName) -> Result<(Material, Option<i32>, String)> {
        let session = self.authorities.session().await?;
        let confirmed = store::is_placed(&**session, name, self.host)
            .await?
            .ok_or_else(|| self.not_placed(name))?;
        let material = rows::material(&**session, name, None).await?;
        let old_serial = match confirmed {
            Some(number) if number != material.number => store::serial(&**session, name, number).await?,
            _ => None,
        };
        Ok((material, confirmed, old_serial.unwrap_or_default()))
    }

    fn not_placed(&self, name: &CertificateName) -> Error {
        let message = format!("certificate {name} is not placed on {}", self.host);
        Error::new(Kind::NotFound, "not_placed", message)
            .hint(format!("hostctl cert place {name} --on {}", self.host))
    }
}

/// A deployment under way.
struct Work<'a> {
    station: &'a Station<'a>,
    material: &'a Material,
    /// The generation that this host confirmed last.
    confirmed: Option<i32>,
    old_serial: String,
}

enum Brought {
    Unchanged,
    /// The directory is ours until this is dropped.
    Served(Folder, String),
}

impl Work<'_> {
    async fn bring(&self, folder: Folder) -> Result<Brought> {
        // Verified once more: nothing that was spoilt on the way gets onto the disk.
        let files = export::open(self.material, self.station.keyring)?.files;
        let number = self.material.number;
        let is_same = self.confirmed == Some(number);
        if is_same && folder.current().is_some() && folder.current() == folder.holds(number, &files) {
            return Ok(Brought::Unchanged);
        }
        // A hook that cannot be run is found before anything is changed.
        hook::check(self.hook())?;
        let target = self.material.probe.as_deref().map(Target::parse).transpose()?;
        let earlier = self.earlier(&folder)?;
        let directory = folder.install(number, &files)?;
        at(Stage::Installed)?;
        folder.switch(&directory, earlier.as_ref().map(|earlier| &*earlier.directory))?;
        at(Stage::Switched)?;
        let reason = match self.confirmed {
            None => Reason::First,
            Some(_) if is_same => Reason::Again,
            Some(_) => Reason::Renewed,
        };
        match self.reload(reason, target.as_ref()).await {
            Ok(said) => Ok(Brought::Served(folder, said)),
            Err(error) => Err(self.back(&folder, earlier, error).await),
        }
    }

    /// What this host confirmed last, where that is another generation and still lies there. Neither link tells: somebody may
    /// have died before anything was confirmed.
    fn earlier(&self, folder: &Folder) -> Result<Option<Earlier>> {
        let serial = Some(&*self.old_serial).filter(|serial| !serial.is_empty());
        match self.confirmed.filter(|number| *number != self.material.number) {
            Some(number) => folder.earlier(number, serial),
            None => Ok(None),
        }
    }

    /// Hook and probe.
    async fn reload(&self, reason: Reason, target: Option<&Target>) -> Result<String> {
        let said = self
            .run_hook(reason, &self.material.serial, &self.old_serial)
            .await?;
        at(Stage::Hooked)?;
        if let Some(target) = target {
            let name = probe::name_for(&self.material.identifiers);
            let patience = self.station.config.certificate.probe_timeout;
            probe::await_fingerprint(target, &name, &self.material.fingerprint, patience).await?;
        }
        at(Stage::Probed)?;
        Ok(said)
    }

    /// What was before is served again, and the hook told. Where nothing was before, or the same, the files stay: there is
    /// nothing better.
    async fn back(&self, folder: &Folder, earlier: Option<Earlier>, error: Error) -> Error {
        let Some(earlier) = earlier else { return error };
        if let Err(worse) = folder.switch_back(&earlier.directory) {
            return error.context(format!("{}, after this", worse.message()));
        }
        let told = async {
            at(Stage::SwitchedBack)?;
            self.run_hook(Reason::RolledBack, &earlier.serial, &self.material.serial)
                .await?;
            at(Stage::HookedBack)
        };
        match told.await {
            Ok(()) => error,
            Err(worse) => error.context(format!("the way back failed too ({})", worse.message())),
        }
    }

    async fn run_hook(&self, reason: Reason, serial: &str, old_serial: &str) -> Result<String> {
        let facts = Facts {
            material: self.material,
            current: &self.station.layout.current(&self.material.name),
            serial,
            old_serial,
            reason,
        };
        hook::run(self.hook(), &facts, self.station.config.certificate.hook_timeout).await
    }

    /// Its own hook, else this host's.
    fn hook(&self) -> &[String] {
        let own = self.material.deploy_hook.as_deref();
        own.unwrap_or(&self.station.config.certificate.deploy_hook)
    }
}
