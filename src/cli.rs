//! The map of the tool: every noun, and behind each its verbs. Nothing else than `commands` knows clap.

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands::{self, global::Global};
use crate::error::Result;
use crate::runner::Context;

/// Administer databases, mail and DNS of a hosting business, each change as one transaction.
#[derive(Debug, Parser)]
#[command(
    name = "hostctl",
    version,
    propagate_version = false,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done, 2 usage, 3 not found, 4 conflict, 5 no, 6 busy, 7 denied, 8 unavailable, \
    9 stuck, 10 partial, 130 interrupted (README, \"Exit codes\")."
)]
pub struct Cli {
    /// What holds for every verb.
    #[command(flatten)]
    pub global: Global,
    /// The noun.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What was typed.
    ///
    /// # Errors
    /// Whatever cannot be meant, and help that was asked for.
    pub fn typed() -> std::result::Result<Cli, clap::Error> {
        let matches = commands::examples::add(Cli::command()).try_get_matches()?;
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))
    }
}

/// Every noun.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Customers: each owns databases, mail, zones and sites
    #[command(subcommand)]
    Account(commands::account::Command),
    /// Limits of accounts: how many databases, boxes and zones each may have
    #[command(subcommand)]
    Package(commands::package::Command),
    /// Databases, mail, DNS and own steps of one domain, as one operation
    #[command(subcommand)]
    Site(commands::site::Command),
    /// A private playground: PostgreSQL, DNS and mail on loopback
    #[command(subcommand)]
    Sandbox(commands::sandbox::Command),
    /// PostgreSQL databases of customers
    #[command(subcommand)]
    Db(commands::db::Command),
    /// Domains that take mail, their boxes, and what mail servers need
    #[command(subcommand)]
    Mail(commands::mail::Command),
    /// Certificates: where they come from, on which hosts they lie, and how they stand
    #[command(subcommand)]
    Cert(commands::cert::Command),
    /// Ask what is needed, write the configuration, make roles, key ring and schema
    Setup(commands::setup::Args),
    /// The schema of the control database
    #[command(subcommand)]
    Schema(commands::schema::Command),
    /// The keys that seal secrets at rest
    #[command(subcommand)]
    Keyring(commands::keyring::Command),
    /// DNS: zones and records at the providers, and lookups
    #[command(subcommand)]
    Dns(commands::dns::Command),
    /// Who owns which domain: what to publish, and whether it was seen
    #[command(subcommand)]
    Domain(commands::domain::Command),
    /// Accounts at certificate authorities
    #[command(subcommand)]
    Ca(commands::ca::Command),
    /// The audit trail: who did what
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// Look whether everything is as it has to be, and name what helps
    Doctor,
    /// Run what is due: for cron, each minute, on any number of hosts
    Tick(commands::tick::Args),
    /// Operations: what is being done, what was done, and what a dead process left
    #[command(subcommand)]
    Op(commands::op::Command),
    /// The configuration
    #[command(subcommand)]
    Config(commands::config::Command),
    /// Print the completions of a shell
    Completions(commands::completions::Args),
    /// Write the manual pages into a directory
    Man(commands::man::Args),
}

impl Command {
    /// Whether the verb makes the configuration that all others read.
    #[must_use]
    pub fn makes_configuration(&self) -> bool {
        matches!(self, Command::Setup(_))
    }

    /// Runs the verb.
    ///
    /// # Errors
    /// Those of the verb.
    pub async fn run(self, context: &Context) -> Result<()> {
        match self {
            Command::Account(command) => command.run(context).await,
            Command::Package(command) => command.run(context).await,
            Command::Site(command) => command.run(context).await,
            Command::Sandbox(command) => command.run(context).await,
            Command::Db(command) => command.run(context).await,
            Command::Mail(command) => command.run(context).await,
            Command::Cert(command) => command.run(context).await,
            Command::Setup(args) => commands::setup::run(&args, context).await,
            Command::Schema(command) => command.run(context).await,
            Command::Keyring(command) => command.run(context).await,
            Command::Dns(command) => command.run(context).await,
            Command::Domain(command) => command.run(context).await,
            Command::Ca(command) => command.run(context).await,
            Command::Audit(command) => command.run(context).await,
            Command::Doctor => commands::doctor::run(context).await,
            Command::Tick(args) => commands::tick::run(&args, context).await,
            Command::Op(command) => command.run(context).await,
            Command::Config(command) => command.run(context),
            Command::Completions(args) => commands::completions::run(&args, context, Cli::command()),
            Command::Man(args) => commands::man::run(&args, context, &Cli::command()),
        }
    }
}
