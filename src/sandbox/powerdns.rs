//! The private PowerDNS: zones in one file (`gsqlite3`), its HTTP API on loopback, no caches, so that a change is seen at
//! once. Ports: DNS (UDP and TCP), API.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::files;
use super::ground::Ground;
use super::packages::POWERDNS_SCHEMA;
use super::server::{self, Server};
use super::state::Name;
use crate::env::child::{self, Process, Signal, Spec};
use crate::error::Result;

/// How long one question to it may take while it starts.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
/// "Who is the root?", RFC 1035 §4.1: identifier 0x6864, one question: `.` SOA IN. Any answer will do.
const QUESTION: [u8; 17] = [0x68, 0x64, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1];

pub(super) struct Powerdns {
    api_key: String,
    is_durable: bool,
}

impl Powerdns {
    /// Makes the key and the file of zones, and starts the server.
    pub async fn create(ground: &Ground, is_durable: bool) -> Result<()> {
        server::make_directory(ground, Name::Powerdns)?;
        let api_key = files::random_word()?;
        files::write(&ground.path("powerdns.key"), &format!("{api_key}\n"), None)?;
        let schema = read(Path::new(POWERDNS_SCHEMA))?;
        let load = ground
            .spec(Name::Powerdns, "sqlite3")
            .arguments(["-bail", "zones.sqlite3"]);
        let safety = if is_durable {
            ""
        } else {
            "PRAGMA synchronous = off; "
        };
        let script = format!("{safety}BEGIN;\n{schema}\nCOMMIT;\n");
        child::run(load.stdin(script)).await?.succeeded()?;
        server::start(ground, &Powerdns { api_key, is_durable }).await
    }

    /// The server of a sandbox that is up already.
    pub fn existing(ground: &Ground) -> Result<Powerdns> {
        let api_key = read(&ground.path("powerdns.key"))?.trim_end().to_owned();
        Ok(Powerdns {
            api_key,
            is_durable: false,
        })
    }

    async fn serves_api(&self, port: u16) -> io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let request = format!(
            "GET /api/v1/servers/localhost HTTP/1.0\r\nHost: localhost\r\nX-API-Key: {}\r\n\r\n",
            self.api_key
        );
        stream.write_all(request.as_bytes()).await?;
        let mut status = [0_u8; 12];
        stream.read_exact(&mut status).await?;
        Ok(status.ends_with(b" 200"))
    }
}

impl Server for Powerdns {
    const NAME: Name = Name::Powerdns;
    const PORTS: usize = 2;
    const STOP: Signal = Signal::Terminate;

    fn configure(&self, ground: &Ground, ports: &[u16]) -> Result<()> {
        let directory = ground.of(Name::Powerdns);
        let settings = settings(&directory, ports, &self.api_key, self.is_durable);
        ground.configure(Name::Powerdns, "pdns.conf", &settings)
    }

    fn command(&self, ground: &Ground) -> Result<Spec> {
        let argument = format!("--config-dir={}", ground.of(Name::Powerdns).display());
        Ok(ground.spec(Name::Powerdns, "pdns_server").argument(argument))
    }

    async fn is_ready(&self, _ground: &Ground, _process: Process, ports: &[u16]) -> bool {
        let both =
            async { Ok::<_, io::Error>(self.serves_api(ports[1]).await? && serves_dns(ports[0]).await?) };
        matches!(timeout(ANSWER_WITHIN, both).await, Ok(Ok(true)))
    }
}

async fn serves_dns(port: u16) -> io::Result<bool> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    socket.connect(("127.0.0.1", port)).await?;
    socket.send(&QUESTION).await?;
    let mut answer = [0_u8; 512];
    Ok(socket.recv(&mut answer).await? >= 12 && answer[..2] == QUESTION[..2])
}

/// The API key is in this file rather than in an argument, which every user of the host could read.
fn settings(directory: &Path, ports: &[u16], api_key: &str, is_durable: bool) -> String {
    let directory = directory.display();
    let (dns, api) = (ports[0], ports[1]);
    let synchronous = u8::from(is_durable);
    format!(
        "launch=gsqlite3\n\
         gsqlite3-database={directory}/zones.sqlite3\n\
         gsqlite3-pragma-synchronous={synchronous}\n\
         gsqlite3-pragma-foreign-keys=yes\n\
         gsqlite3-dnssec=yes\n\
         local-address=127.0.0.1\n\
         local-port={dns}\n\
         socket-dir={directory}\n\
         write-pid=no\n\
         api=yes\n\
         api-key={api_key}\n\
         webserver=yes\n\
         webserver-address=127.0.0.1\n\
         webserver-port={api}\n\
         webserver-allow-from=127.0.0.1\n\
         webserver-loglevel=none\n\
         allow-axfr-ips=127.0.0.1\n\
         guardian=no\n\
         daemon=no\n\
         disable-syslog=yes\n\
         log-timestamp=yes\n\
         loglevel=4\n\
         distributor-threads=1\n\
         cache-ttl=0\n\
         query-cache-ttl=0\n\
         negquery-cache-ttl=0\n\
         zone-cache-refresh-interval=0\n\
         security-poll-suffix=\n"
    )
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| files::failed("read", path, error))
}

/// The address it answers DNS questions on, and the one of its API.
pub(super) fn ports(ground: &Ground) -> Result<(u16, u16)> {
    let ports = ground.record.ports(Name::Powerdns)?;
    Ok((ports[0], ports[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_on_loopback_and_nothing_is_cached() {
        let settings = settings(Path::new("/tmp/x"), &[5300, 8081], "key", false);
        for line in [
            "local-port=5300",
            "webserver-port=8081",
            "cache-ttl=0",
            "gsqlite3-pragma-synchronous=0",
        ] {
            assert!(settings.lines().any(|found| found == line), "{line}");
        }
        assert!(!settings.contains("0.0.0.0"));
    }
}
