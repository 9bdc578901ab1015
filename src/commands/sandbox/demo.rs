//! `hostctl sandbox demo`: what hostctl promises, seen with one's own eyes. Every line that begins with `$` is run by
//! this very program in a sandbox of its own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::up;
use crate::clock;
use crate::control::Session;
use crate::env::child::{self, Spec};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal;
use crate::runner::Context;
use crate::sandbox::{self, Options, Parts, Sandbox};

/// How long one command of the demo may take.
const LIMIT: Duration = Duration::from_secs(60);

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The directory of the sandbox; it must not exist [default: a new one below /tmp]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) async fn run(args: &Args, context: &Context) -> Result<()> {
    let directory = match &args.dir {
        Some(directory) => directory.clone(),
        None => PathBuf::from(format!(
            "/tmp/hostctl-demo-{:08x}",
            u32::from_be_bytes(clock::random::<4>()?)
        )),
    };
    if context.settings.is_dry_run {
        context
            .ui
            .note("would start a sandbox, show a site made, failed, killed and recovered, and remove it");
        return Ok(());
    }
    sandbox::require(Parts::ALL)?;
    tell(context, "starting PostgreSQL, PowerDNS and Dovecot on loopback")?;
    let sandbox = up::start(
        Options {
            parts: Parts::ALL,
            ..Options::new(&directory)
        },
        context,
    )
    .await?;
    let demo = Demo {
        context,
        sandbox: &sandbox,
    };
    let shown = tokio::select! {
        shown = demo.show() => shown,
        () = context.interrupt.first() => Err(Error::new(Kind::Interrupted, "interrupted", "interrupted")),
    };
    let ended = sandbox::down(&directory).await;
    shown?;
    ended?;
    tell(context, "the sandbox is gone: no process, no file")
}

fn tell(context: &Context, text: &str) -> Result<()> {
    context.ui.print(&format!("\n── {text}\n"))
}

struct Demo<'a> {
    context: &'a Context,
    sandbox: &'a Sandbox,
}

impl Demo<'_> {
    async fn show(&self) -> Result<()> {
        self.success().await?;
        self.failure().await?;
        self.death().await?;
        tell(
            self.context,
            "deleting the site: everything that was made with it, and nothing else",
        )?;
        self.expect(&["site", "delete", "shop.test", "--purge", "--yes"], 0)
            .await?;
        self.expect(&["db", "list"], 0).await?;
        self.expect(&["audit", "query", "--limit", "12"], 0).await
    }

    async fn success(&self) -> Result<()> {
        tell(self.context, "one command: a database, two mail boxes and a zone")?;
        let create = [
            "site",
            "create",
            "shop.test",
            "--db",
            "shop",
            "--mail",
            "info,sales",
            "--dns",
        ];
        self.expect(&[&create[..], &["--dry-run"]].concat(), 0).await?;
        self.expect(&[&create[..], &["--show-secret"]].concat(), 0)
            .await?;
        self.expect(&["site", "list"], 0).await?;
        self.expect(&["dns", "record", "list", "shop.test"], 0).await
    }

    async fn failure(&self) -> Result<()> {
        tell(
            self.context,
            "a failure in the middle: no name server ever shows the new zone, and all of it is taken back",
        )?;
        let nobody = ("HOSTCTL_DNS__MAIN__QUERY_SERVERS", "127.0.0.1:1");
        let create = [
            "site",
            "create",
            "late.test",
            "--db",
            "late",
            "--mail",
            "info",
            "--dns",
        ];
        let failed = self.run_one(&create, Some(nobody)).await?;
        must(failed == 8, "the failing create")?;
        self.expect(&["db", "list"], 0).await?;
        self.expect(&["dns", "zone", "list"], 0).await
    }

    async fn death(&self) -> Result<()> {
        tell(
            self.context,
            "kill -9 in the middle: the next recovery takes back what was begun",
        )?;
        self.kill_a_create().await?;
        self.expect(&["op", "list", "--open"], 0).await?;
        self.expect(&["op", "recover"], 0).await?;
        self.expect(&["site", "list"], 0).await?;
        self.expect(&["db", "list"], 0).await
    }

    /// Begins a site and kills the process as soon as the journal says that its database is being made.
    async fn kill_a_create(&self) -> Result<()> {
        let arguments = ["site", "create", "killed.test", "--db", "killed", "--dns"];
        self.context
            .ui
            .print(&format!("\n$ hostctl {} &\n", arguments.join(" ")))?;
        let log = self.sandbox.directory().join("killed.log");
        let spec = self.spec(&arguments)?;
        let process = child::spawn_server(&spec, &log, child::Lifetime::Detached)?;
        let config = self.sandbox.config()?;
        let session = Session::open(&config, Deadline::after(LIMIT)).await?;
        let deadline = Deadline::after(LIMIT);
        loop {
            let open = journal::open_operations(&session).await?;
            if open
                .iter()
                .any(|operation| operation.step.as_deref() == Some("database.create"))
            {
                break;
            }
            must(
                process.is_alive() && !deadline.is_spent(),
                "catching the create in the middle",
            )?;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        child::stop(process, child::Signal::Kill, Duration::ZERO).await?;
        self.context.ui.print("$ kill -9 %1\n")
    }

    async fn expect(&self, arguments: &[&str], code: i32) -> Result<()> {
        let found = self.run_one(arguments, None).await?;
        must(found == code, &arguments.join(" "))
    }

    async fn run_one(&self, arguments: &[&str], variable: Option<(&str, &str)>) -> Result<i32> {
        let before = variable
            .map(|(name, value)| format!("{name}={value} "))
            .unwrap_or_default();
        self.context
            .ui
            .print(&format!("\n$ {before}hostctl {}\n", arguments.join(" ")))?;
        let spec = self.spec(arguments)?;
        let spec = variable
            .into_iter()
            .fold(spec, |spec, (name, value)| spec.variable(name, value));
        let output = child::run(spec.inherits_output()).await?;
        let child::Ended::Exit(code) = output.ended else {
            return Err(Error::internal(format!(
                "hostctl {} did not end by itself",
                arguments.join(" ")
            )));
        };
        if code != 0 {
            self.context.ui.print(&format!("(exit code {code})\n"))?;
        }
        Ok(code)
    }

    fn spec(&self, arguments: &[&str]) -> Result<Spec> {
        let program = program()?;
        let spec = arguments
            .iter()
            .fold(Spec::new(program), |spec, argument| spec.argument(*argument));
        Ok(spec
            .variable("TERM", self.context.environment.filled("TERM").unwrap_or("dumb"))
            .variable("HOSTCTL_CONFIG", self.sandbox.config_file())
            .deadline(LIMIT))
    }
}

fn program() -> Result<PathBuf> {
    let found = std::env::current_exe().map(|path| Path::new(&path).to_path_buf());
    found.map_err(|error| Error::internal("this program cannot find itself").source(error))
}

fn must(holds: bool, what: &str) -> Result<()> {
    match holds {
        true => Ok(()),
        false => Err(Error::internal(format!(
            "the demo did not go as it should: {what}"
        ))),
    }
}
