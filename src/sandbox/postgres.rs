//! The private PostgreSQL: control database and tenants' cluster in one, on 127.0.0.1 and on a socket in its directory.
//!
//! The socket lets the service user and root in as superuser (peer); TCP wants a password (SCRAM) of everybody. hostctl
//! itself works as the role `hostctl`, which may create roles and databases and is no superuser. Ports: SQL.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres_protocol::password::scram_sha_256;
use tokio_postgres::{Client, Config, NoTls};

use super::files;
use super::ground::Ground;
use super::packages;
use super::server::{self, Server};
use super::state::Name;
use super::template;
use crate::env::child::{self, Process, Signal, Spec};
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};

/// How long making a cluster may take.
const INITDB: Duration = Duration::from_secs(60);
/// How long the children of a killed server may take to end.
const ORPHANS: Duration = Duration::from_secs(10);

/// The role hostctl works as, and the name of the control database.
pub(super) const ROLE: &str = "hostctl";

/// Certificates for PostgreSQL, in PEM; with them TCP connections without TLS are refused.
#[derive(Clone)]
pub struct Tls {
    /// The server's certificate, for `127.0.0.1` and whatever other names clients use.
    pub certificate: String,
    /// Its private key.
    pub key: String,
    /// The certificate of the authority that clients are to trust.
    pub authority: String,
}

/// How the server is set up.
pub(super) struct Postgres<'a> {
    pub is_durable: bool,
    pub logs_statements: bool,
    pub tls: Option<&'a Tls>,
    pub templates: Option<&'a Path>,
}

impl Postgres<'_> {
    /// Makes the cluster, starts it, makes the role and its database.
    pub async fn create(&self, ground: &Ground) -> Result<()> {
        server::make_directory(ground, Name::Postgres)?;
        self.initialize(ground).await?;
        server::start(ground, self).await?;
        first_role(ground).await
    }

    async fn initialize(&self, ground: &Ground) -> Result<()> {
        let program = program("initdb")?;
        match self.templates {
            Some(folder) => {
                let data = ground.of(Name::Postgres).join("data");
                template::fill(folder, &program, &data, || self.initdb(ground, &program)).await?;
            }
            None => self.initdb(ground, &program).await?,
        }
        self.let_in(ground)
    }

    async fn initdb(&self, ground: &Ground, program: &Path) -> Result<()> {
        let spec = ground
            .spec(Name::Postgres, program)
            .arguments([
                "--pgdata=data",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .arguments(["--auth-local=peer", "--auth-host=reject"])
            .arguments((!self.is_durable).then_some("--no-sync"))
            .variable("TZ", "UTC")
            .deadline(INITDB);
        child::run(spec).await?.succeeded().map(drop)
    }

    fn let_in(&self, ground: &Ground) -> Result<()> {
        let tls = self.tls.is_some();
        let host = if tls { "hostssl" } else { "host" };
        let access = format!(
            "local all postgres peer map=sandbox\n\
             local all all scram-sha-256\n\
             {host} all all 127.0.0.1/32 scram-sha-256\n"
        );
        ground.configure(Name::Postgres, "data/pg_hba.conf", &access)?;
        // Root starts a sandbox as the service user and enters it as itself.
        let names = [ground.user.name.as_str(), "root"];
        let map = names
            .map(|name| {
                format!(
                    "sandbox {name} postgres
"
                )
            })
            .concat();
        ground.configure(Name::Postgres, "data/pg_ident.conf", &map)?;
        if let Some(tls) = self.tls {
            ground.configure(Name::Postgres, "server.pem", &tls.certificate)?;
            ground.configure(Name::Postgres, "server.key", &tls.key)?;
            files::write(&ground.path("ca.pem"), &tls.authority, None)?;
        }
        Ok(())
    }

    fn settings(&self, directory: &Path, port: u16) -> String {
        let directory = directory.display();
        let mut settings = format!(
            "include 'postgresql.conf'\n\
             listen_addresses = '127.0.0.1'\n\
             port = {port}\n\
             unix_socket_directories = '{directory}'\n\
             unix_socket_permissions = 0700\n\
             max_connections = 200\n\
             shared_buffers = 32MB\n\
             password_encryption = 'scram-sha-256'\n\
             log_line_prefix = '%m [%p] %u@%d '\n\
             jit = off\n"
        );
        // Nothing of it may be left outside the directory, also after kill -9.
        settings.push_str("dynamic_shared_memory_type = mmap\n");
        if !self.is_durable {
            settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
        }
        if self.logs_statements {
            settings.push_str("log_statement = 'all'\n");
        }
        if self.tls.is_some() {
            settings.push_str("ssl = on\nssl_min_protocol_version = 'TLSv1.2'\n");
            settings.push_str("ssl_cert_file = '../server.pem'\nssl_key_file = '../server.key'\n");
        }
        settings
    }
}

impl Server for Postgres<'_> {
    const NAME: Name = Name::Postgres;
    const PORTS: usize = 1;
    /// "Fast shutdown": sessions are broken off, the data is left in good order.
    const STOP: Signal = Signal::Interrupt;

    fn configure(&self, ground: &Ground, ports: &[u16]) -> Result<()> {
        let settings = self.settings(&ground.of(Name::Postgres), ports[0]);
        ground.configure(Name::Postgres, "data/sandbox.conf", &settings)
    }

    fn command(&self, ground: &Ground) -> Result<Spec> {
        command(ground)
    }

    async fn is_ready(&self, ground: &Ground, process: Process, _ports: &[u16]) -> bool {
        is_ready(ground, process)
    }
}

/// The server as it was set up before, for starting it again.
pub(super) struct Existing;

impl Server for Existing {
    const NAME: Name = Name::Postgres;
    const PORTS: usize = 1;
    const STOP: Signal = Signal::Interrupt;

    fn configure(&self, _ground: &Ground, _ports: &[u16]) -> Result<()> {
        Ok(())
    }

    fn command(&self, ground: &Ground) -> Result<Spec> {
        command(ground)
    }

    async fn is_ready(&self, ground: &Ground, process: Process, _ports: &[u16]) -> bool {
        is_ready(ground, process)
    }
}

fn program(name: &str) -> Result<PathBuf> {
    packages::postgres(name)
        .ok_or_else(|| Error::new(Kind::Unavailable, "not_installed", "postgresql is not installed"))
}

fn command(ground: &Ground) -> Result<Spec> {
    let data = ground.of(Name::Postgres).join("data");
    let settings = format!("config_file={}", data.join("sandbox.conf").display());
    let spec = ground
        .spec(Name::Postgres, program("postgres")?)
        .argument("-D")
        .argument(&data);
    Ok(spec.arguments(["-c", &settings]))
}

/// `postmaster.pid` has the process number in its first line and `ready` in its eighth once connections are accepted
/// (`pg_ctl` looks there too).
fn is_ready(ground: &Ground, process: Process) -> bool {
    let lines = lock_file(ground);
    let at = |line: usize| lines.get(line).map(|text| text.trim());
    at(0).and_then(|pid| pid.parse().ok()) == Some(process.pid) && at(7) == Some("ready")
}

fn lock_file(ground: &Ground) -> Vec<String> {
    let text = fs::read_to_string(ground.of(Name::Postgres).join("data/postmaster.pid")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Ends the server, and clears away what a killed one leaves: its lock file and, in the kernel, the few bytes of shared
/// memory by which it is noticed.
pub(super) async fn stop(ground: &Ground, signal: Signal) -> Result<()> {
    server::stop(ground, Name::Postgres, signal).await?;
    clear(ground).await
}

/// The second half of [`stop`], for a server that is surely dead.
pub(super) async fn clear(ground: &Ground) -> Result<()> {
    let lines = lock_file(ground);
    let patience = Deadline::after(ORPHANS);
    let mut found = lines.get(6).and_then(|line| segment(line, &lines[0]));
    // The children of a killed server end a moment after it, and let go of the segment only then.
    while let Some((_, true)) = found
        && !patience.is_spent()
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
        found = lines.get(6).and_then(|line| segment(line, &lines[0]));
    }
    if let Some((segment, false)) = found {
        child::run(Spec::new("ipcrm").arguments(["-m", &segment]))
            .await?
            .succeeded()?;
    }
    match fs::remove_file(ground.of(Name::Postgres).join("data/postmaster.pid")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(files::failed("delete", Path::new("postmaster.pid"), error))
        }
        _ => Ok(()),
    }
}

/// The identifier of the segment that a lock file's seventh line (`key identifier`) names, if that one still is the
/// one that process `creator` made, and whether a process still holds it.
fn segment(line: &str, creator: &str) -> Option<(String, bool)> {
    let table = fs::read_to_string("/proc/sysvipc/shm").ok()?;
    find_segment(&table, line, creator)
}

/// The columns of /proc/sysvipc/shm: key, shmid, perms, size, cpid, lpid, nattch, … (`proc_sysvipc(5)`).
fn find_segment(table: &str, line: &str, creator: &str) -> Option<(String, bool)> {
    let (key, identifier) = line.trim().split_once(' ')?;
    // Negative where the server ran for a single user, as initdb lets it.
    let creator = creator.trim().trim_start_matches('-');
    table.lines().find_map(|row| {
        let columns: Vec<&str> = row.split_ascii_whitespace().collect();
        let is_it = columns.first() == Some(&key)
            && columns.get(1) == Some(&identifier.trim())
            && columns.get(4) == Some(&creator);
        is_it.then(|| (identifier.trim().to_owned(), columns.get(6) != Some(&"0")))
    })
}

/// The role `hostctl` and its database. The password travels as its SCRAM verifier, so that no log can show it. Nobody
/// but `hostctl` may enter the other databases that are there: tenants stay in their own.
async fn first_role(ground: &Ground) -> Result<()> {
    let password = files::random_word()?;
    let port = ground.record.ports(Name::Postgres)?[0];
    files::write(&ground.path("control.password"), &format!("{password}\n"), None)?;
    files::write(
        &ground.path("pgpass"),
        &format!("127.0.0.1:{port}:*:{ROLE}:{password}\n"),
        None,
    )?;
    let client = superuser(ground, "postgres").await?;
    let verifier = scram_sha_256(password.as_bytes());
    let failed = |error: tokio_postgres::Error| {
        Error::unavailable(format!("cannot prepare the databases of the sandbox: {error}")).source(error)
    };
    let roles = format!(
        "CREATE ROLE {ROLE} LOGIN CREATEROLE CREATEDB PASSWORD '{verifier}';\
         REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;\
         GRANT CONNECT ON DATABASE postgres TO {ROLE}"
    );
    client.batch_execute(&roles).await.map_err(failed)?;
    client
        .batch_execute(&format!("CREATE DATABASE {ROLE} OWNER {ROLE}"))
        .await
        .map_err(failed)
}

/// A session as superuser, through the socket.
pub(super) async fn superuser(ground: &Ground, database: &str) -> Result<Client> {
    let port = ground.record.ports(Name::Postgres)?[0];
    let mut config = Config::new();
    config
        .host_path(ground.of(Name::Postgres))
        .port(port)
        .user("postgres")
        .dbname(database);
    config
        .application_name("hostctl sandbox")
        .connect_timeout(Duration::from_secs(5));
    let failed = |error: tokio_postgres::Error| {
        Error::unavailable(format!("cannot enter the sandbox's PostgreSQL: {error}")).source(error)
    };
    let (client, connection) = config.connect(NoTls).await.map_err(failed)?;
    tokio::spawn(connection);
    Ok(client)
}

/// How hostctl enters, with its password.
pub(super) fn control(ground: &Ground) -> Result<Config> {
    let path = ground.path("control.password");
    let password = fs::read_to_string(&path).map_err(|error| files::failed("read", &path, error))?;
    let port = ground.record.ports(Name::Postgres)?[0];
    let mut config = Config::new();
    config
        .host("127.0.0.1")
        .port(port)
        .user(ROLE)
        .dbname(ROLE)
        .password(password.trim_end());
    config.connect_timeout(Duration::from_secs(5));
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durability_statement_log_and_tls_are_switches() {
        let plain = Postgres {
            is_durable: true,
            logs_statements: false,
            tls: None,
            templates: None,
        };
        let settings = plain.settings(Path::new("/tmp/x"), 5432);
        assert!(settings.contains("unix_socket_directories = '/tmp/x'\n"));
        for word in ["fsync", "log_statement", "ssl"] {
            assert!(!settings.contains(word), "{word}");
        }
        let tls = Tls {
            certificate: String::new(),
            key: String::new(),
            authority: String::new(),
        };
        let other = Postgres {
            is_durable: false,
            logs_statements: true,
            tls: Some(&tls),
            templates: None,
        };
        let settings = other.settings(Path::new("/tmp/x"), 5432);
        for word in ["fsync = off", "log_statement = 'all'", "ssl = on"] {
            assert!(settings.contains(word), "{word}");
        }
    }

    #[test]
    fn a_segment_is_removed_only_if_it_is_the_one() {
        let table = "       key      shmid perms                  size  cpid  lpid nattch   uid\n    \
                     4711         12   600                    56   333   444      0   101\n      \
                     99         13   600                    56   333   444      2   101\n";
        assert_eq!(
            find_segment(table, "     4711        12", "-333"),
            Some(("12".to_owned(), false))
        );
        assert_eq!(find_segment(table, "4711 12", "334"), None, "another's");
        assert_eq!(find_segment(table, "4711 13", "333"), None, "another key");
        let in_use = find_segment(table, "99 13", "333");
        assert_eq!(in_use, Some(("13".to_owned(), true)));
    }
}
