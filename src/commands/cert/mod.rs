//! `hostctl cert`: certificates.

mod check;
mod conclude;
mod delete;
mod deploy;
mod export;
mod heartbeat;
mod import;
mod issue;
mod list;
mod notices;
mod place;
mod renew;
mod revoke;
mod row;
mod set;
mod show;
mod status;
mod unreachable;

use clap::Subcommand;

use crate::error::Result;
use crate::runner::Context;

pub use deploy::deploy_pending;
pub use heartbeat::beat;
pub(in crate::commands) use issue::{Wish, bring, order_wanted};
pub use notices::tell_ends;
pub use renew::renew_due;
pub use unreachable::unreachable;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Get a certificate from an authority
    Issue(issue::Args),
    /// Renew what is due, and bring it to this host; for cron, says nothing where nothing is due, 10 where something failed or
    /// has waited too long
    Renew(renew::Args),
    /// Take certificates and keys that certbot, lego or files hold
    Import(import::Args),
    /// List certificates
    List(list::Args),
    /// Show one certificate
    Show(show::Args),
    /// Show how each certificate stands on each host: what is next, when, and why
    Status(status::Args),
    /// Write a certificate, or a part of it, in PEM or PKCS#12
    Export(export::Args),
    /// Change the hook, the probe or the key of a certificate
    Set(set::Args),
    /// Say on which hosts a certificate is to lie
    Place(place::Args),
    /// Bring certificates that are placed on this host to this host
    Deploy(deploy::Args),
    /// Look at a port as a client would: what it shows, and for how long; needs no control database
    Check(check::Args),
    /// Have an authority revoke a certificate; the next renewal replaces it
    Revoke(revoke::Args),
    /// Delete a certificate; what lies on hosts stays there
    Delete(delete::Args),
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Issue(args) => issue::run(args, context).await,
            Command::Renew(args) => renew::run(args, context).await,
            Command::Import(args) => import::run(&args, context).await,
            Command::List(args) => list::run(&args, context).await,
            Command::Show(args) => show::run(args, context).await,
            Command::Status(args) => status::run(args, context).await,
            Command::Export(args) => export::run(args, context).await,
            Command::Set(args) => set::run(args, context).await,
            Command::Place(args) => place::run(args, context).await,
            Command::Deploy(args) => deploy::run(args, context).await,
            Command::Check(args) => check::run(&args, context).await,
            Command::Revoke(args) => revoke::run(args, context).await,
            Command::Delete(args) => delete::run(args, context).await,
        }
    }
}
