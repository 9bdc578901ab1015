//! A pgbouncer with transaction pooling in front of the sandbox's PostgreSQL, to try what a pooler does to a program
//! that needs a session. Ports: SQL.

use tokio::net::TcpStream;

use super::ground::Ground;
use super::packages;
use super::postgres::{self, ROLE};
use super::server::{self, Server};
use super::state::Name;
use crate::env::child::{Process, Signal, Spec};
use crate::error::{Error, Result};

pub(super) struct Pgbouncer;

impl Pgbouncer {
    pub async fn create(ground: &Ground) -> Result<()> {
        packages::require_pgbouncer()?;
        server::make_directory(ground, Name::Pgbouncer)?;
        // SCRAM towards the server needs the password itself: its verifier proves nothing there.
        let config = postgres::control(ground)?;
        let password = config
            .get_password()
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        let password = password.ok_or_else(|| Error::internal("the control role has no password"))?;
        ground.configure(
            Name::Pgbouncer,
            "users.txt",
            &format!("\"{ROLE}\" \"{password}\"\n"),
        )?;
        server::start(ground, &Pgbouncer).await
    }
}

impl Server for Pgbouncer {
    const NAME: Name = Name::Pgbouncer;
    const PORTS: usize = 1;
    const STOP: Signal = Signal::Terminate;

    fn configure(&self, ground: &Ground, ports: &[u16]) -> Result<()> {
        let server = ground.record.ports(Name::Postgres)?[0];
        let settings = settings(
            &ground.of(Name::Pgbouncer).display().to_string(),
            server,
            ports[0],
        );
        ground.configure(Name::Pgbouncer, "pgbouncer.ini", &settings)
    }

    fn command(&self, ground: &Ground) -> Result<Spec> {
        let settings = ground.of(Name::Pgbouncer).join("pgbouncer.ini");
        Ok(ground
            .spec(Name::Pgbouncer, "pgbouncer")
            .argument("--quiet")
            .argument(settings))
    }

    async fn is_ready(&self, ground: &Ground, process: Process, ports: &[u16]) -> bool {
        // Written after it has its ports.
        let file = ground.of(Name::Pgbouncer).join("pgbouncer.pid");
        let pid = std::fs::read_to_string(file).unwrap_or_default();
        pid.trim().parse() == Ok(process.pid) && TcpStream::connect(("127.0.0.1", ports[0])).await.is_ok()
    }
}

fn settings(directory: &str, server: u16, port: u16) -> String {
    format!(
        "[databases]\n\
         * = host=127.0.0.1 port={server}\n\
         [pgbouncer]\n\
         listen_addr = 127.0.0.1\n\
         listen_port = {port}\n\
         unix_socket_dir =\n\
         auth_type = scram-sha-256\n\
         auth_file = {directory}/users.txt\n\
         pool_mode = transaction\n\
         default_pool_size = 10\n\
         max_client_conn = 200\n\
         logfile = {directory}/own.log\n\
         pidfile = {directory}/pgbouncer.pid\n"
    )
}
