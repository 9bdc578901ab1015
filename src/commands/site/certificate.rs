//! `--cert` of `site create`: what is wanted, its steps, and its order once the site stands.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::certificate::challenge::Challenge;
use crate::certificate::key::KeyType;
use crate::certificate::order::{self, Occasion, TIMEOUT};
use crate::certificate::preflight;
use crate::certificate::store::{self, Wanted};
use crate::commands::cert::{self, Wish};
use crate::error::Result;
use crate::journal::PlannedStep;
use crate::model::{CertificateName, DomainName, Identifier};
use crate::runner::{Context, World};
use crate::site::NewCertificate;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Get a certificate, as the last thing: for the domain, and for www where the zone is made here. A name that does not
    /// lead to us yet leaves it pending, and `tick` gets it
    #[arg(long)]
    pub cert: bool,
    /// Without the certificate nothing of the site stays
    #[arg(long, requires = "cert")]
    require_cert: bool,
    /// How the names are proved: http-01, dns-01 or tls-alpn-01 [default: dns-01 with --dns, else http-01]
    #[arg(long, value_name = "KIND", requires = "cert")]
    challenge: Option<Challenge>,
    /// The authority [acme.NAME]
    #[arg(long, value_name = "NAME", requires = "cert")]
    ca: Option<String>,
}

/// The certificate of a new site.
pub(super) struct Certificate {
    wish: Wish,
    is_required: bool,
}

impl Options {
    /// What is wanted; nothing where no certificate is.
    ///
    /// # Errors
    /// `usage` where the authority is not configured, or this host could keep no certificate.
    pub(super) fn take(
        &self,
        domain: &DomainName,
        has_zone: bool,
        context: &Context,
    ) -> Result<Option<Certificate>> {
        if !self.cert {
            return Ok(None);
        }
        let world = World::of(context);
        let (ca, _) = world.authorities.pick(self.ca.as_deref())?;
        let mut identifiers = vec![Identifier::Name(domain.clone())];
        // Where the zone is somebody else's, nobody here knows whether there is such a name.
        if has_zone {
            identifiers.push(Identifier::Name(format!("www.{domain}").parse()?));
        }
        let challenge = self.challenge.unwrap_or(match has_zone {
            true => Challenge::Dns01,
            false => Challenge::Http01,
        });
        preflight::check_names(&identifiers, challenge)?;
        preflight::check_host(&context.config.certificate, None)?;
        let webroot = context.config.certificate.webroot.as_ref();
        let webroot = webroot.filter(|_| challenge == Challenge::Http01);
        Ok(Some(Certificate {
            wish: Wish {
                wanted: Wanted {
                    name: CertificateName::parse(domain.as_str())?.value,
                    // Looked up when the plan is made.
                    account: Uuid::nil(),
                    identifiers: identifiers.iter().map(ToString::to_string).collect(),
                    cas: vec![ca.to_owned()],
                    challenge: challenge.to_string(),
                    key_type: KeyType::default().word().to_owned(),
                    reuse_key: false,
                    csr: None,
                    profile: None,
                    preferred_chain: None,
                    webroot: webroot.map(|path| path.display().to_string()),
                },
                identifiers,
                challenge,
                hosts: vec![world.authorities.host()],
            },
            is_required: self.require_cert,
        }))
    }
}

impl Certificate {
    /// What was asked for.
    pub(super) fn asked(&self) -> Value {
        json!({ "wanted": self.wish.wanted, "is_required": self.is_required })
    }

    /// Its part of the site of `account`. Its order belongs to the site's operation where there is to be no site without
    /// it; a plan that is only shown has it in any case.
    ///
    /// # Errors
    /// As for ordering.
    pub(super) async fn plan(
        &self,
        context: &Context,
        world: &World,
        account: Uuid,
    ) -> Result<NewCertificate> {
        let wanted = Wanted {
            account,
            ..self.wish.wanted.clone()
        };
        let order = match self.is_required || context.settings.is_dry_run {
            true => Some(ordered(context, world, &wanted).await?),
            false => None,
        };
        Ok(NewCertificate {
            wanted,
            hosts: self.wish.hosts.clone(),
            order,
        })
    }

    /// Once the site stands: its certificate is ordered, where that was not done with it, and brought to this host. Gives
    /// what the row says of it. Nothing that fails here is a failure of the site.
    pub(super) async fn finish(&self, context: &Context) -> Value {
        let name = &self.wish.wanted.name;
        let waits = match self.is_required {
            true => Ok(None),
            false => cert::order_wanted(context, &self.wish).await,
        };
        let state = match waits {
            Ok(None) => {
                if let Err(error) = cert::bring(context, &self.wish).await {
                    context.ui.warn(&format!(
                        "certificate {name} is issued, and not deployed yet: {}",
                        error.message()
                    ));
                }
                "issued"
            }
            Ok(Some(why)) => {
                context
                    .ui
                    .warn(&format!("certificate {name} is pending: {}", why.message()));
                if let Some(hint) = why.hint_text() {
                    context
                        .ui
                        .note(&format!("{hint}; `tick` gets the certificate then"));
                }
                "pending"
            }
            Err(error) => {
                if let Err(error) = note(context, name, error.message()).await {
                    context.ui.warn(error.message());
                }
                context.ui.warn(&format!(
                    "the site stands, and certificate {name} is pending: {}; `tick` tries again",
                    error.message()
                ));
                "pending"
            }
        };
        json!({ "state": state, "names": self.wish.wanted.identifiers })
    }
}

async fn note(context: &Context, name: &CertificateName, why: &str) -> Result<()> {
    store::note_failure(&*context.session().await?, name, why).await
}

/// The order as steps of an operation that is taken back as a whole where it cannot be ended: who dies on the way leaves
/// nothing either, until the authority was asked to issue.
async fn ordered(context: &Context, world: &World, wanted: &Wanted) -> Result<Vec<PlannedStep>> {
    let ca = wanted.cas.first().map_or("", String::as_str);
    let mut steps = vec![order::plan_ready(&world.authorities, wanted, ca)?];
    let occasion = Occasion {
        ca,
        before: None,
        replaces: None,
        fence: None,
        timeout: context.settings.timeout.unwrap_or(TIMEOUT),
    };
    steps.extend(order::prepare(&world.authorities, wanted, occasion).await?);
    for step in &mut steps {
        step.resumes = false;
    }
    Ok(steps)
}
