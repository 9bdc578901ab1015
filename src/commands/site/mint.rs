//! The secrets of a site that a manifest describes: read from its files or made, each once, however often it is planned.

use tokio::sync::{Mutex, Semaphore};

use super::create::{panicked, seal};
use crate::env::files;
use crate::error::Result;
use crate::mail::dkim;
use crate::mail::hash::PasswordHash;
use crate::model::password::DEFAULT_MINIMUM;
use crate::model::{DomainName, LocalPart, Password, Secret};
use crate::runner::{Context, Delivered};
use crate::site::{Keys, Material, Needs};

/// What was made so far.
#[derive(Debug, Default)]
pub(super) struct Mint(Mutex<Made>);

#[derive(Debug, Default)]
struct Made {
    database: Option<Chosen>,
    boxes: Vec<(LocalPart, Chosen, PasswordHash)>,
    keys: Option<Keys>,
}

/// A password and whether somebody gave it.
#[derive(Clone, Debug)]
struct Chosen {
    password: Password,
    was_given: bool,
}

impl Mint {
    /// What a plan needs, and what of it is to be told.
    ///
    /// # Errors
    /// `usage` for a file that cannot be used, or without a key ring.
    pub async fn make(
        &self,
        needs: &Needs<'_>,
        domain: &DomainName,
        cores: &Semaphore,
        context: &Context,
    ) -> Result<(Material, Vec<Delivered>)> {
        let mut made = self.0.lock().await;
        let mut material = Material::default();
        let mut secrets = Vec::new();
        if let Some(wish) = needs.database {
            if made.database.is_none() {
                made.database = Some(Chosen::take(wish.password_file.as_deref())?);
            }
            let chosen = made.database.as_ref();
            material.database = chosen.map(|chosen| chosen.password.clone());
            let name = wish.name.as_str();
            secrets.extend(chosen.map(|chosen| chosen.delivered("database", name, "db passwd")));
        }
        for wish in &needs.boxes {
            if !made.boxes.iter().any(|(name, ..)| *name == wish.name) {
                let chosen = Chosen::take(wish.password_file.as_deref())?;
                let password = chosen.password.clone();
                let hash = on_a_core(cores, move || PasswordHash::of(&password)).await?;
                made.boxes.push((wish.name.clone(), chosen, hash));
            }
            for (name, chosen, hash) in made.boxes.iter().filter(|(name, ..)| *name == wish.name) {
                material.boxes.push((name.clone(), hash.clone()));
                let address = format!("{name}@{domain}");
                secrets.push(chosen.delivered("box", &address, "mail box passwd"));
            }
        }
        if needs.keys && made.keys.is_none() {
            made.keys = Some(seal(domain, on_a_core(cores, dkim::generate).await?, context)?);
        }
        material.keys = made.keys.clone().filter(|_| needs.keys);
        Ok((material, secrets))
    }
}

/// Computes on another thread, when a core is free.
async fn on_a_core<T: Send + 'static>(
    cores: &Semaphore,
    compute: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let _core = cores.acquire().await.map_err(|_| panicked())?;
    tokio::task::spawn_blocking(compute)
        .await
        .map_err(|_| panicked())?
}

impl Chosen {
    fn take(file: Option<&std::path::Path>) -> Result<Self> {
        let given = file.map(files::read_secret).transpose()?;
        let was_given = given.is_some();
        let password = match given {
            Some(text) => Password::from_input(text.expose().as_bytes(), DEFAULT_MINIMUM)?,
            None => Password::generate()?,
        };
        Ok(Chosen { password, was_given })
    }

    fn delivered(&self, kind: &'static str, name: &str, verb: &str) -> Delivered {
        Delivered {
            kind,
            name: name.to_owned(),
            secret: Secret::new(self.password.expose()),
            was_given: self.was_given,
            renew: format!("hostctl {verb} {name}"),
        }
    }
}
