//! What the integration tests share: a private sandbox with a schema and a key ring, the program run in it, and the
//! oracle, which is a dump of the world.

pub mod acme;
pub mod acme2certifier;
pub mod ca;
pub mod call;
pub mod client;
pub mod http;
pub mod late;
pub mod nameserver;
pub mod proxy;
pub mod rollback;
pub mod verbs;
pub mod wire;
pub mod world;

use std::collections::HashMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hostctl::env::child::Lifetime;
use hostctl::env::files;
use hostctl::sandbox::{Name, Options, Parts, Sandbox};
use jiff::SignedDuration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use nameserver::{Make, Nameserver};

pub use call::{Call, Ran};
pub use world::World;

/// Bytes for the clusters of all tests that run at once.
const ENOUGH: u64 = 2 << 30;

const DNS: Parts = Parts {
    dns: true,
    mail: false,
};

/// One private world. Its servers end with it, or with the process.
pub struct Lab {
    sandbox: Option<Sandbox>,
    runtime: Runtime,
    /// What lines of the world are in kind, and the hashes of passwords in them: most stay from one look to the next.
    known: tokio::sync::Mutex<HashMap<String, (String, Option<String>)>>,
    /// A primary that is the provider `edge`.
    pub nameserver: Option<Nameserver>,
}

impl Lab {
    /// PostgreSQL, schema, key ring, and things beside ours that must stay as they are.
    pub fn new() -> Lab {
        Lab::with(Parts::NONE, false)
    }

    /// As [`Lab::new`], with PowerDNS.
    pub fn with_dns() -> Lab {
        Lab::with(DNS, false)
    }

    /// With PowerDNS or without.
    pub fn of(has_dns: bool) -> Lab {
        match has_dns {
            true => Lab::with_dns(),
            false => Lab::new(),
        }
    }

    /// As [`Lab::new`], with PowerDNS and Dovecot.
    pub fn with_mail() -> Lab {
        Lab::with(Parts::ALL, false)
    }

    /// As [`Lab::new`], with a primary that takes DNSUPDATE, and `lines` more in its zone.
    pub fn with_nameserver(make: Make, lines: &str) -> Lab {
        let lab = Lab::new();
        let server = lab.wait(Nameserver::start(make, lines));
        lab.beside(server)
    }

    /// As [`Lab::with_nameserver`]; the server signs the zone itself.
    pub fn with_signing_nameserver(make: Make, lines: &str) -> Lab {
        let lab = Lab::new();
        let server = lab.wait(Nameserver::start_signing(make, lines));
        lab.beside(server)
    }

    fn beside(mut self, server: Nameserver) -> Lab {
        let secret = self.path("edge.tsig");
        server.secret_file(&secret);
        self.configure(&server.section("edge", &secret));
        self.nameserver = Some(server);
        self
    }

    /// Adds sections to the configuration.
    pub fn configure(&self, sections: &str) {
        let file = self.sandbox().config_file();
        let text = std::fs::read_to_string(&file).expect("a configuration") + sections;
        files::replace_private(&file, text.as_bytes()).expect("a configuration");
    }

    /// The primary of [`Lab::with_nameserver`].
    pub fn edge(&self) -> &Nameserver {
        self.nameserver.as_ref().expect("a name server")
    }

    /// As [`Lab::new`], with a server that logs every statement.
    pub fn talkative() -> Lab {
        Lab::with(Parts::NONE, true)
    }

    /// As [`Lab::with_dns`], with a server that logs every statement.
    pub fn talkative_with_dns() -> Lab {
        Lab::with(DNS, true)
    }

    fn with(parts: Parts, logs_statements: bool) -> Lab {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("an event loop");
        let options = Options {
            parts,
            lifetime: Lifetime::WithParent,
            is_durable: false,
            logs_statements,
            templates: Some(templates()),
            ..Options::new(new_directory())
        };
        let sandbox = runtime.block_on(Sandbox::up(options)).expect("a sandbox");
        let lab = Lab {
            sandbox: Some(sandbox),
            runtime,
            known: tokio::sync::Mutex::default(),
            nameserver: None,
        };
        if parts.mail {
            lab.wait(lab.sandbox().furnish(true)).expect("mail");
        } else {
            lab.run(&["schema", "init"]).expect_code(0);
            lab.run(&["keyring", "init"]).expect_code(0);
        }
        lab.wait(world::plant_sentinels(&lab));
        lab
    }

    /// The servers.
    pub fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("up until dropped")
    }

    /// Runs a future to its end.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Runs a future whenever another one is waited for.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.runtime.spawn(future)
    }

    /// A call of the program with these arguments.
    pub fn call(&self, arguments: &[&str]) -> Call<'_> {
        Call::new(self, arguments)
    }

    /// Runs the program with these arguments.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.call(arguments).run()
    }

    /// Everything that is there, except journal and audit trail.
    pub fn world(&self) -> World {
        let mut world = self.wait(world::dump(self));
        if let Some(server) = &self.nameserver {
            world.add(self.wait(server.dump()));
        }
        world
    }

    /// Runs `sql` in what PowerDNS keeps, past PowerDNS.
    pub fn zones(&self, sql: &str) -> Vec<String> {
        self.wait(world::zones(self, sql))
    }

    /// What `sql`, one column of text, answers to the superuser in the control database.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        self.wait(self.answers(sql))
    }

    /// As [`Lab::ask`], for use inside a future.
    pub async fn answers(&self, sql: &str) -> Vec<String> {
        let client = self.sandbox().superuser("hostctl").await.expect("a session");
        let rows = client
            .query(sql, &[])
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        rows.iter()
            .map(|row| row.get::<_, Option<String>>(0).unwrap_or_default())
            .collect()
    }

    /// From now on the clock of the control database, by which everything is decided, is ahead by so much.
    pub fn put_database_ahead(&self, by: SignedDuration) {
        let seconds = by.as_secs();
        let sql = format!(
            "CREATE OR REPLACE FUNCTION hostctl.now() RETURNS timestamptz LANGUAGE sql STABLE
                RETURN pg_catalog.clock_timestamp() + interval '{seconds} seconds'"
        );
        self.wait(async {
            let client = self.sandbox().superuser("hostctl").await.expect("a session");
            client.batch_execute(&sql).await.expect("another clock");
        });
    }

    /// Where the plain text stands although it must not: the control database, the log of PostgreSQL.
    pub fn leftover_secrets(&self, plain: &str) -> Vec<String> {
        let tables = self.ask(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
        );
        let mut places: Vec<String> = tables
            .into_iter()
            .filter(|table| {
                let sql = format!("SELECT t::text FROM {table} t");
                self.ask(&sql).iter().any(|row| row.contains(plain))
            })
            .collect();
        let log = self.sandbox().log_file(Name::Postgres);
        if std::fs::read_to_string(&log).expect("a log").contains(plain) {
            places.push(log.display().to_string());
        }
        places
    }

    /// A file below the directory of the lab.
    pub fn path(&self, name: &str) -> PathBuf {
        self.sandbox().directory().join(name)
    }

    /// Writes a file only its owner can read, and says where.
    pub fn private_file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        files::write_private(&path, text.as_bytes()).expect("a file");
        path.display().to_string()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.down()).expect("down");
        }
        // Connections that are still being closed must not keep us.
        let spare = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("an event loop");
        std::mem::replace(&mut self.runtime, spare).shutdown_timeout(Duration::from_secs(1));
    }
}

/// A directory that is not there yet.
pub fn new_directory() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    room().join(format!(
        "hostctl-test-{}-{}",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    ))
}

/// Where servers keep what they have: in memory, where there is enough of it.
pub fn room() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let is_large = |found: rustix::fs::StatVfs| found.f_bavail * found.f_frsize >= ENOUGH;
    match rustix::fs::statvfs(memory).is_ok_and(is_large) {
        true => memory.to_owned(),
        false => std::env::temp_dir(),
    }
}

/// Where clusters are kept as `initdb` makes them.
pub fn templates() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}
