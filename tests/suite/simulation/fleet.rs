//! Three hosts, one authority and one control database, on one clock that the test moves.

use std::path::PathBuf;

use futures_util::future::join_all;
use hostctl::certificate::x509::Chain;
use hostctl::clock;
use hostctl::sandbox::ports::Port;
use jiff::{SignedDuration, Timestamp};

use crate::support::ca::Ca;
use crate::support::{Call, Lab, Ran};

/// A host: a name, a disk of its own, and a port of its own for proofs.
pub struct Host {
    pub name: &'static str,
    pub is_dead: bool,
    directory: PathBuf,
    state: PathBuf,
    port: Port,
}

/// What a host said in one run.
pub struct Said {
    pub day: i64,
    pub host: &'static str,
    pub ran: Ran,
}

pub struct Fleet {
    pub lab: Lab,
    pub ca: Ca,
    pub hosts: Vec<Host>,
    pub said: Vec<Said>,
    /// Whether hosts reach the control database.
    pub has_database: bool,
    elapsed: SignedDuration,
    nowhere: Port,
}

impl Fleet {
    pub fn new(names: &[&'static str]) -> Fleet {
        let lab = Lab::with_dns();
        let ca = Ca::alone(&lab);
        let port = || Port::reserve().expect("a port");
        let hosts = names.iter().map(|name| Host {
            name,
            is_dead: false,
            directory: lab.path(&format!("certificates-of-{name}")),
            state: lab.path(&format!("state-of-{name}")),
            port: port(),
        });
        Fleet {
            hosts: hosts.collect(),
            said: Vec::new(),
            has_database: true,
            elapsed: SignedDuration::ZERO,
            nowhere: port(),
            lab,
            ca,
        }
    }

    /// What every clock says.
    pub fn now(&self) -> Timestamp {
        clock::now() + self.elapsed
    }

    /// Goes on to `elapsed` after the beginning.
    pub fn go_to(&mut self, elapsed: SignedDuration) {
        self.elapsed = elapsed;
        self.ca.with(|desk| desk.ahead = elapsed);
        self.lab.put_database_ahead(elapsed);
    }

    /// The program as it runs on a host.
    pub fn on(&self, host: &Host, arguments: &[&str]) -> Call<'_> {
        let port = host.port.number();
        let call = self
            .lab
            .call(arguments)
            .variable("HOSTCTL_HOST__NAME", host.name)
            .variable(
                "HOSTCTL_CERTIFICATE__DIRECTORY",
                &host.directory.display().to_string(),
            )
            .variable("HOSTCTL_CERTIFICATE__HTTP_LISTEN", &format!("127.0.0.1:{port}"))
            .variable("HOSTCTL_DOMAIN__HTTP_PORT", &port.to_string())
            .variable("HOSTCTL_STATE_DIRECTORY", &host.state.display().to_string())
            .ahead(self.elapsed);
        match self.has_database {
            true => call,
            false => call.through(self.nowhere.number()),
        }
    }

    /// What cron runs on every host that lives, at the same minute.
    pub fn run(&mut self, arguments: &[&str]) {
        let living: Vec<&Host> = self.hosts.iter().filter(|host| !host.is_dead).collect();
        let calls = living.iter().map(|host| self.on(host, arguments).start());
        let ran = self.lab.wait(join_all(calls));
        let day = self.elapsed.as_hours() / 24;
        let said = living.iter().zip(ran).map(|(host, ran)| Said {
            day,
            host: host.name,
            ran,
        });
        let said: Vec<Said> = said.collect();
        self.said.extend(said);
    }

    /// What lies on the disk of a host and is not valid any more, as `host: name`.
    pub fn expired(&self, host: &Host) -> Vec<String> {
        let entries = std::fs::read_dir(&host.directory).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut expired: Vec<String> = names
            .filter(|name| {
                let file = host.directory.join(name).join("current/fullchain.pem");
                let chain = Chain::read(&std::fs::read(file).expect("a certificate")).expect("a chain");
                chain.leaf().not_after <= self.now()
            })
            .map(|name| format!("{}: {name}", host.name))
            .collect();
        expired.sort();
        expired
    }

    /// As [`Fleet::expired`], of all hosts that live.
    pub fn expired_where_it_matters(&self) -> Vec<String> {
        let living = self.hosts.iter().filter(|host| !host.is_dead);
        living.flat_map(|host| self.expired(host)).collect()
    }

    /// What hosts said, for messages.
    pub fn all_words(&self) -> String {
        let spoken = self.said.iter().filter(|said| !said.ran.stderr.is_empty());
        let lines = spoken.map(|said| format!("day {}, {}: {}", said.day, said.host, said.ran.stderr));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// As [`Fleet::all_words`], of the last runs.
    pub fn last_words(&self) -> String {
        let last = self.said.iter().rev().take(4);
        let lines = last.map(|said| format!("day {}, {}: {}", said.day, said.host, said.ran));
        lines.collect::<Vec<_>>().join("\n")
    }
}
