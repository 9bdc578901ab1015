//! An asynchronous standby of the lab's PostgreSQL, as its administrator would make it: `pg_basebackup`, streaming, and in
//! the end promotion.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::env::child::{self, Lifetime, Process, Signal, Spec, User};
use hostctl::sandbox::Name;
use hostctl::sandbox::ports::Port;
use tokio_postgres::{Client, Config, NoTls};

use crate::support::Lab;

/// A standby that follows, lags, and is promoted.
pub struct Standby {
    directory: PathBuf,
    process: Option<Process>,
    port: Port,
}

impl Standby {
    /// Copies the lab's server and follows it.
    pub async fn start(lab: &Lab) -> Standby {
        let primary = lab.path("postgres");
        let access = primary.join("data/pg_hba.conf");
        let old = fs::read_to_string(&access).expect("pg_hba.conf");
        fs::write(
            &access,
            format!("{old}local replication postgres peer map=sandbox\n"),
        )
        .expect("pg_hba.conf");
        let superuser = lab.sandbox().superuser("postgres").await.expect("a session");
        superuser
            .batch_execute("SELECT pg_reload_conf()")
            .await
            .expect("reloaded");
        let directory = lab.path("standby");
        fs::create_dir(&directory).expect("a directory");
        let user = match child::is_root() {
            true => Some(User::look_up("postgres").await.expect("a service user")),
            false => None,
        };
        if let Some(user) = &user {
            chown(&directory, Some(user.uid), Some(user.gid)).expect("an owner");
        }
        let run_as = |spec: Spec| match &user {
            Some(user) => spec.user(user.clone()),
            None => spec,
        };
        let port = lab.sandbox().addresses(Name::Postgres).expect("PostgreSQL")[0].port();
        let copy = Spec::new(programs(lab).join("pg_basebackup"))
            .arguments([
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
                "--username=postgres",
            ])
            .argument(format!("--host={}", primary.display()))
            .argument(format!("--port={port}"))
            .argument(format!("--pgdata={}", directory.join("data").display()))
            .directory("/");
        let copied = child::run(run_as(copy)).await.and_then(child::Output::succeeded);
        copied.expect("pg_basebackup");
        let own = Port::reserve().expect("a port");
        let data = directory.join("data");
        let server = Spec::new(programs(lab).join("postgres"))
            .argument("-D")
            .argument(&data)
            .arguments([
                "-c",
                &format!("config_file={}", data.join("sandbox.conf").display()),
            ])
            .arguments(["-c", &format!("port={}", own.number())])
            .arguments(["-c", &format!("unix_socket_directories={}", directory.display())])
            .directory("/")
            .death_signal(Signal::Interrupt);
        let log = lab.path("log/standby.log");
        let process = child::spawn_server(&run_as(server), &log, Lifetime::WithParent).expect("started");
        let standby = Standby {
            directory,
            process: Some(process),
            port: own,
        };
        standby.until(&log, process).await;
        standby
    }

    async fn until(&self, log: &Path, process: Process) {
        let begin = hostctl::clock::instant();
        while self.superuser("postgres").await.is_err() {
            let said = fs::read_to_string(log).unwrap_or_default();
            assert!(process.is_alive(), "the standby ended: {said}");
            assert!(
                begin.elapsed() < Duration::from_secs(30),
                "the standby does not answer: {said}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Where clients find it.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Waits until it has everything, and then gets nothing more.
    pub async fn lag(&self, lab: &Lab) {
        let now = lab.answers("SELECT pg_current_wal_lsn()::text").await.remove(0);
        let has_it = format!("SELECT (pg_last_wal_replay_lsn() >= '{now}')::text");
        self.wait_for(&has_it).await;
        let client = self.superuser("postgres").await.expect("a session");
        for statement in [
            "ALTER SYSTEM SET primary_conninfo = ''",
            "SELECT pg_reload_conf()",
        ] {
            client.batch_execute(statement).await.expect(statement);
        }
        self.wait_for("SELECT (count(*) = 0)::text FROM pg_stat_wal_receiver")
            .await;
    }

    /// Makes it the primary.
    pub async fn promote(&self) {
        let promoted = self.ask("SELECT pg_promote(true, 30)::text").await;
        assert_eq!(promoted, ["true"]);
    }

    /// What `sql`, one column of text, answers in the control database.
    pub async fn ask(&self, sql: &str) -> Vec<String> {
        let client = self.superuser("hostctl").await.expect("a session");
        let rows = client
            .query(sql, &[])
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn wait_for(&self, sql: &str) {
        let begin = hostctl::clock::instant();
        while self.ask(sql).await != ["true"] {
            assert!(begin.elapsed() < Duration::from_secs(30), "{sql}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn superuser(&self, database: &str) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = Config::new()
            .host_path(&self.directory)
            .port(self.port())
            .user("postgres")
            .dbname(database)
            .connect(NoTls)
            .await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Ends it.
    pub async fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            child::stop(process, Signal::Interrupt, Duration::from_secs(10))
                .await
                .expect("stopped");
        }
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            child::send(process, Signal::Kill).ok();
        }
    }
}

/// Where the programs of the server that runs are.
fn programs(lab: &Lab) -> PathBuf {
    let process = lab.sandbox().process(Name::Postgres).expect("PostgreSQL runs");
    let program = fs::read_link(format!("/proc/{}/exe", process.pid)).expect("a program");
    program.parent().expect("a directory").to_owned()
}
