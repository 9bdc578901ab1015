//! The private Dovecot: IMAP and LMTP on loopback, without root (one user for all its parts, no chroot), mailboxes
//! below the sandbox. Who its users are is said by the configuration that the mail capability generates.
//! Ports: IMAP, LMTP, and what Postfix asks: authentication and whether a box is full. Written for Dovecot 2.3; 2.4 has another language.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::files;
use super::ground::Ground;
use super::server::{self, Server};
use super::state::Name;
use crate::env::child::{self, Process, Signal, Spec, User};
use crate::error::{Error, Kind, Result};

/// Where the maildirs are, below the sandbox: `DOMAIN/LOCAL_PART/Maildir`.
pub(super) const MAIL: &str = "mail";
/// What `driver = sql` reads.
const SQL: &str = "dovecot-sql.conf.ext";
/// How long a banner may take while it starts.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);

pub(super) struct Dovecot {
    /// Part of the banner, by which this server is told from another one.
    greeting: String,
}

impl Dovecot {
    /// Starts Dovecot with `sql`, the contents of its `dovecot-sql.conf.ext`, as both password and user database.
    pub async fn create(ground: &Ground, sql: &str) -> Result<()> {
        require_version().await?;
        server::make_directory(ground, Name::Dovecot)?;
        files::make_directory(&ground.path(MAIL), Some(&ground.user))?;
        ground.configure(Name::Dovecot, SQL, sql)?;
        server::start(
            ground,
            &Dovecot {
                greeting: greeting(ground),
            },
        )
        .await
    }

    /// The server of a sandbox in which it has been started before.
    pub fn existing(ground: &Ground) -> Dovecot {
        Dovecot {
            greeting: greeting(ground),
        }
    }

    async fn greets(&self, port: u16, code: &str) -> bool {
        let line = async {
            let stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line).await.ok()?;
            Some(line)
        };
        let line = timeout(ANSWER_WITHIN, line)
            .await
            .ok()
            .flatten()
            .unwrap_or_default();
        line.starts_with(code) && line.trim_end().ends_with(&self.greeting)
    }
}

impl Server for Dovecot {
    const NAME: Name = Name::Dovecot;
    const PORTS: usize = 4;
    const STOP: Signal = Signal::Terminate;

    fn configure(&self, ground: &Ground, ports: &[u16]) -> Result<()> {
        let mail = ground.path(MAIL);
        let settings = settings(
            &ground.of(Name::Dovecot),
            &mail,
            &ground.user,
            ports,
            &self.greeting,
        );
        ground.configure(Name::Dovecot, "dovecot.conf", &settings)
    }

    fn command(&self, ground: &Ground) -> Result<Spec> {
        let settings = ground.of(Name::Dovecot).join("dovecot.conf");
        Ok(ground
            .spec(Name::Dovecot, "dovecot")
            .argument("-F")
            .argument("-c")
            .argument(settings))
    }

    async fn is_ready(&self, _ground: &Ground, _process: Process, ports: &[u16]) -> bool {
        self.greets(ports[0], "* OK ").await && self.greets(ports[1], "220 ").await
    }
}

fn greeting(ground: &Ground) -> String {
    format!("sandbox {}", ground.directory.display())
}

async fn require_version() -> Result<()> {
    let output = child::run(Spec::new("dovecot").argument("--version"))
        .await?
        .succeeded()?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if version.starts_with("2.3.") {
        return Ok(());
    }
    let message = format!("the sandbox can start Dovecot 2.3, and this host has {version}");
    Err(Error::new(Kind::Unavailable, "not_supported", message))
}

fn settings(directory: &Path, mail: &Path, user: &User, ports: &[u16], greeting: &str) -> String {
    let (directory, mail) = (directory.display(), mail.display());
    let (imap, lmtp, sasl, policy) = (ports[0], ports[1], ports[2], ports[3]);
    let User {
        name,
        group,
        uid,
        gid,
    } = user;
    // A service in a chroot needs root, and plain passwords are allowed because nobody else hears them on loopback.
    format!(
        "base_dir = {directory}/run
state_dir = {directory}/run
log_path = /dev/stderr
instance_name = sandbox-{imap}
login_greeting = {greeting}
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {name}
default_vsz_limit = 1G
first_valid_uid = {uid}
last_valid_uid = {uid}
first_valid_gid = {gid}
mail_uid = {uid}
mail_gid = {gid}
mail_home = {mail}/%d/%n
mail_location = maildir:~/Maildir
mail_fsync = never
mail_plugins = quota
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = sql
  args = {directory}/{SQL}
}}
userdb {{
  driver = sql
  args = {directory}/{SQL}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    port = {sasl}
  }}
}}
service quota-status {{
  executable = quota-status -p postfix
  client_limit = 1
  inet_listener {{
    port = {policy}
  }}
}}
plugin {{
  quota = maildir:User quota
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = \"552 5.2.2 Mailbox is full\"
}}
protocol lmtp {{
  mail_plugins = $mail_plugins
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota
}}
namespace inbox {{
  inbox = yes
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_does_everything_on_loopback() {
        let user = User {
            name: "tester".into(),
            uid: 1000,
            gid: 1001,
            group: "testers".into(),
        };
        let text = settings(
            Path::new("/tmp/x/dovecot"),
            Path::new("/tmp/x/mail"),
            &user,
            &[1143, 1024, 1025, 1026],
            "sandbox x",
        );
        for line in [
            "default_login_user = tester",
            "default_internal_group = testers",
            "first_valid_gid = 1001",
            "listen = 127.0.0.1",
            "mail_home = /tmp/x/mail/%d/%n",
            "  args = /tmp/x/dovecot/dovecot-sql.conf.ext",
            "    port = 1143",
            "    port = 1024",
            "    port = 1025",
            "    port = 1026",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}");
        }
    }
}
