//! A Dovecot whose configuration is the distribution's own with the files that the program prints, put where the printed
//! text says: beside the others in `conf.d`, with the other users taken out.

use std::fs;
use std::path::{Path, PathBuf};

use hostctl::env::child::{self, Spec, is_root};

use crate::mail_flow::servers::Flow;

const DISTRIBUTION: &str = "/etc/dovecot";
const OTHER_USERS: &str = "!include auth-system.conf.ext";

/// What only a whole host has: the places in /etc, /run and the queue of Postfix, the ports, a log, a user `vmail`.
fn lab_settings(place: &str, imap: u16, tls: &str) -> String {
    format!(
        "base_dir = {place}/run
state_dir = {place}/run
log_path = {place}/log
instance_name = lab-{imap}
listen = 127.0.0.1
ssl_cert = <{tls}/tls.crt
ssl_key = <{tls}/tls.key
mail_uid = nobody
mail_gid = nogroup
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"
    )
}

/// Only root of a host, or of a user namespace of one's own, can be the several users that mail servers are.
pub(super) fn as_root(words: &[String]) -> Spec {
    let mut words = words.to_vec();
    if !is_root() {
        let namespace = ["unshare", "--map-root-user", "--map-auto", "--"].map(str::to_owned);
        words.splice(0..0, namespace);
    }
    Spec::new(&words[0]).arguments(&words[1..])
}

impl Flow {
    /// Starts it over the queue of a Postfix that runs.
    pub(super) fn start_dovecot(&mut self) {
        let place = self.lab.path("dovecot");
        let parts = place.join("etc/conf.d");
        fs::create_dir_all(&parts).expect("a directory");
        fs::create_dir_all(self.lab.path("mail")).expect("a directory");
        copy_distribution(&place.join("etc"));
        let passfile = place.join("hostctl.pgpass");
        self.execute("CREATE ROLE hostctl_dovecot LOGIN IN ROLE hostctl_mail PASSWORD 'it reads'");
        fs::write(&passfile, "*:*:hostctl:hostctl_dovecot:it reads\n").expect("a file");
        let queue = self.lab.path("postfix/queue").display().to_string();
        let etc = place.join("etc").display().to_string();
        let passfile = passfile.display().to_string();
        for (path, text) in self.printed(&["dovecot", "--passfile", &passfile]) {
            let text = text
                .replace("/etc/dovecot/", &format!("{etc}/"))
                .replace("/var/spool/postfix", &queue);
            let below = path.strip_prefix(DISTRIBUTION).expect("a place of Dovecot");
            fs::write(place.join("etc").join(below), text).expect("a file");
        }
        let tls = self.lab.path("postfix/etc").display().to_string();
        let settings = lab_settings(&place.display().to_string(), self.imap, &tls);
        fs::write(parts.join("99-lab.conf"), settings).expect("a file");
        // As the printed text says, but for the name of the user who has the boxes.
        let script =
            "set -e; cd \"$1\"; chmod 0755 .; chown dovecot:dovecot hostctl.pgpass; chmod 0600 hostctl.pgpass
            chown nobody:nogroup ../mail; chmod 0700 ../mail
            exec dovecot -F -c \"$1/etc/dovecot.conf\"";
        let words = ["sh", "-c", script, "sh", &place.display().to_string()].map(str::to_owned);
        let log = self.lab.path("dovecot.out");
        self.spawn(&as_root(&words), &log);
        Flow::await_port(self.imap, &[&log, &place.join("log")]);
    }

    /// What the printed text says for whom a minute is too long.
    pub fn forget_log_in(&self, address: &str) {
        let settings = self.lab.path("dovecot/etc/dovecot.conf").display().to_string();
        let words = ["doveadm", "-c", &settings, "auth", "cache", "flush", address].map(str::to_owned);
        let output = self.lab.wait(child::run(as_root(&words))).expect("doveadm");
        output.succeeded().expect("flushed");
    }
}

fn copy_distribution(etc: &Path) {
    let copy = |from: PathBuf, to: PathBuf| {
        let text = fs::read_to_string(&from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        fs::write(to, text.replace(OTHER_USERS, &format!("#{OTHER_USERS}"))).expect("a file");
    };
    copy(
        Path::new(DISTRIBUTION).join("dovecot.conf"),
        etc.join("dovecot.conf"),
    );
    for entry in fs::read_dir(Path::new(DISTRIBUTION).join("conf.d")).expect("apt-get install dovecot-core") {
        let from = entry.expect("a file").path();
        let name = from.file_name().expect("a name").to_owned();
        copy(from, etc.join("conf.d").join(name));
    }
}
