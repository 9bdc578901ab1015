//! A Postfix, a Dovecot and an OpenDKIM on loopback, with the configuration that the program prints. Postfix's master works
//! only as root; anybody else is root in a user namespace of his own, where the user `postfix` exists too.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::clock;
use hostctl::env::child::{self, Lifetime, Process, Signal, Spec};
use hostctl::sandbox::ports::Port;
use serde_json::{Value, json};

use crate::mail_flow::dovecot::as_root;
use crate::support::Lab;

const CLIENT: &str = include_str!("client.py");

/// Debian's own services, without a chroot, and where strangers come in.
const SERVICES: &str = "\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A lab whose mail flows.
pub struct Flow {
    pub lab: Lab,
    pub smtp: u16,
    pub submission: u16,
    pub(super) imap: u16,
    milter: u16,
    processes: Vec<Process>,
    ports: Vec<Port>,
}

impl Flow {
    /// Postfix, Dovecot, OpenDKIM, PowerDNS and PostgreSQL.
    pub fn new() -> Flow {
        for (program, package) in [
            ("postfix", "postfix postfix-pgsql"),
            ("dovecot", "dovecot-imapd dovecot-lmtpd dovecot-pgsql"),
            ("opendkim", "opendkim"),
            ("python3", "python3-dkim"),
        ] {
            let is_there = child::find(program, &[]).is_some();
            assert!(is_there, "apt-get install --no-install-recommends {package}");
        }
        let lab = Lab::with_dns();
        let ports: Vec<Port> = (0..5).map(|_| Port::reserve().expect("a port")).collect();
        let mut flow = Flow {
            smtp: ports[0].number(),
            submission: ports[1].number(),
            milter: ports[2].number(),
            imap: ports[4].number(),
            processes: Vec::new(),
            lab,
            ports,
        };
        flow.start_postfix();
        flow.start_dovecot();
        flow
    }

    /// Every file of the printed configuration.
    pub(super) fn printed(&self, arguments: &[&str]) -> Vec<(PathBuf, String)> {
        let words = [&["mail", "config"], arguments, &["-o", "json"]].concat();
        let ran = self.lab.run(&words);
        let parts = ran.expect_code(0).json();
        let part = |part: &Value| {
            let path = PathBuf::from(part["path"].as_str().expect("a path"));
            (path, part["text"].as_str().expect("a text").to_owned())
        };
        parts.as_array().expect("a list").iter().map(part).collect()
    }

    fn start_postfix(&mut self) {
        let directory = self.lab.path("postfix");
        let etc = directory.join("etc");
        for name in ["etc", "queue", "data"] {
            fs::create_dir_all(directory.join(name)).expect("a directory");
        }
        let passfile = directory.join("data/hostctl.pgpass");
        self.make_login(&passfile);
        self.make_certificate(&etc);
        let inet = |port: u16| format!("inet:127.0.0.1:{port}");
        let path = |name: &str| etc.join(name).display().to_string();
        let files = self.printed(&[
            "postfix",
            "--directory",
            &etc.display().to_string(),
            "--passfile",
            &passfile.display().to_string(),
            "--milter",
            &inet(self.milter),
            "--certificate",
            &path("tls.crt"),
            "--key",
            &path("tls.key"),
        ]);
        for (path, text) in files {
            let name = path.file_name().expect("a name");
            let text = match name.to_str().expect("a name") {
                "main.cf" => self.main(&directory) + &text,
                "master.cf" => self.master(&text),
                _ => text,
            };
            fs::write(etc.join(name), text).expect("a file");
        }
        // The queue and the password belong to Postfix; everything is set up as the root that runs it.
        let script = "set -e; cd \"$1\"; chmod 0755 . etc queue; chown root:root . etc etc/* queue
            chown postfix data data/hostctl.pgpass; chmod 0600 data/hostctl.pgpass etc/tls.key
            exec postfix -c \"$1/etc\" start-fg";
        let words = ["sh", "-c", script, "sh", &directory.display().to_string()].map(str::to_owned);
        let log = self.lab.path("postfix.out");
        self.spawn(&as_root(&words), &log);
        Flow::await_port(self.smtp, &[&log, &directory.join("log")]);
    }

    /// Starts OpenDKIM over the keys that were written for it.
    pub fn start_opendkim(&mut self) {
        let keys = self.keys();
        let place = self.lab.path("opendkim");
        fs::create_dir_all(&place).expect("a directory");
        let file = |name: &str| place.join(name).display().to_string();
        let directory = format!("HOSTCTL_MAIL__DKIM_DIRECTORY={}", keys.display());
        let (name, value) = directory.split_once('=').expect("a variable");
        let words = ["mail", "config", "opendkim", "--milter"];
        let milter = format!("inet:127.0.0.1:{}", self.milter);
        let words = [&words[..], &[&milter, "-o", "json"]].concat();
        let ran = self.lab.call(&words).variable(name, value).run();
        for part in ran.expect_code(0).json().as_array().expect("a list") {
            let path = PathBuf::from(part["path"].as_str().expect("a path"));
            let text = part["text"].as_str().expect("a text");
            // What only a whole host has: the user, the places in /etc and /run, the system's log. And a sandbox is in a
            // directory where everybody may make one.
            let text = text
                .replace("UserID opendkim\n", "")
                .replace("Syslog yes", "Syslog no")
                .replace("RequireSafeKeys yes", "RequireSafeKeys no")
                .replace("/run/opendkim/opendkim.pid", &file("pid"))
                .replace("/etc/opendkim/hostctl.lua", &file("hostctl.lua"));
            let name = path.file_name().expect("a name");
            fs::write(place.join(name), text).expect("a file");
        }
        let log = self.lab.path("opendkim.out");
        let spec = Spec::new("opendkim").arguments(["-f", "-x", &file("opendkim.conf")]);
        self.spawn(&spec, &log);
        Flow::await_port(self.milter, &[&log]);
    }

    /// As the printed unit does when the tables change.
    pub fn restart_opendkim(&mut self) {
        let process = self.processes.pop().expect("OpenDKIM");
        self.end(process);
        self.start_opendkim();
    }

    /// Where the keys are.
    pub fn keys(&self) -> PathBuf {
        self.lab.path("keys")
    }

    /// Writes the keys as the mail host does, and says what came of it.
    pub fn write_keys(&self) -> Value {
        fs::create_dir_all(self.keys()).expect("a directory");
        let directory = self.keys().display().to_string();
        let ran = self.lab.run(&["mail", "dkim", "write", &directory, "-o", "json"]);
        ran.expect_code(0).json()
    }

    /// The login of Postfix, and its password file.
    fn make_login(&self, passfile: &Path) {
        let sql = "CREATE ROLE hostctl_postfix LOGIN IN ROLE hostctl_mail PASSWORD 'it asks'";
        self.execute(sql);
        fs::write(passfile, "*:*:*:hostctl_postfix:it asks\n").expect("a file");
    }

    /// Runs SQL as superuser.
    pub fn execute(&self, sql: &str) {
        self.lab.wait(async {
            let client = self.lab.sandbox().superuser("hostctl").await.expect("a session");
            client.batch_execute(sql).await.expect(sql);
        });
    }

    fn make_certificate(&self, etc: &Path) {
        let made = rcgen::generate_simple_self_signed(vec!["mx.sandbox.test".to_owned()]);
        let made = made.expect("a certificate");
        fs::write(etc.join("tls.crt"), made.cert.pem()).expect("a file");
        fs::write(etc.join("tls.key"), made.signing_key.serialize_pem()).expect("a file");
        assert!(self.lab.path("hostctl.toml").is_file());
    }

    fn main(&self, directory: &Path) -> String {
        let place = directory.display();
        format!(
            "compatibility_level = 3.6
config_directory = {place}/etc
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/log
maillog_file_prefixes = {place}
multi_instance_enable = yes
multi_instance_name = postfix-lab-{}
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_transport = error:no local delivery
relay_transport = error:no relaying
default_transport = error:no outgoing mail
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
smtp_host_lookup = native
lmtp_host_lookup = native
disable_dns_lookups = yes
biff = no
append_dot_mydomain = no
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
message_size_limit = 4000000
virtual_mailbox_limit = 0
",
            self.smtp
        )
    }

    /// A process serves one connection: it remembers for a while where mail for an address went.
    fn master(&self, printed: &str) -> String {
        let (smtp, submission) = (self.smtp, self.submission);
        let printed = printed
            .replace(
                "submission inet n - y",
                &format!("127.0.0.1:{submission} inet n - n"),
            )
            .replace(
                "submissions inet n - y",
                &format!("127.0.0.1:{} inet n - n", self.ports[3].number()),
            );
        format!("127.0.0.1:{smtp} inet n - n - - smtpd\n  -o max_use=1\n{SERVICES}{printed}")
    }

    pub(super) fn spawn(&mut self, spec: &Spec, log: &Path) {
        let process = child::spawn_server(spec, log, Lifetime::WithParent).expect("a server");
        self.processes.push(process);
    }

    pub(super) fn await_port(port: u16, logs: &[&Path]) {
        let deadline = clock::deadline(Duration::from_secs(60));
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if clock::instant() > deadline {
                let said: Vec<String> = logs
                    .iter()
                    .map(|log| fs::read_to_string(log).unwrap_or_default())
                    .collect();
                panic!("nobody answers at {port}: {}", said.join("\n"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn end(&self, process: Process) {
        let stopped = child::stop(process, Signal::Terminate, Duration::from_secs(10));
        self.lab.wait(stopped).expect("stopped");
    }

    /// One question to the client.
    pub fn client(&self, asked: &Value) -> Value {
        let script = self.lab.path("client.py");
        if !script.exists() {
            fs::write(&script, CLIENT).expect("a file");
        }
        let spec = Spec::new("python3")
            .argument(&script)
            .stdin(asked.to_string())
            .deadline(Duration::from_secs(60));
        let output = self.lab.wait(child::run(spec)).expect("python3");
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        serde_json::from_str(&answer).unwrap_or_else(|_| {
            panic!(
                "{asked}: {}\n{}",
                String::from_utf8_lossy(&output.stderr),
                self.said()
            )
        })
    }

    /// A stranger's message.
    pub fn send(&self, to: &str, text: &str) -> Value {
        self.client(&json!({
            "do": "send", "port": self.smtp, "from": "stranger@elsewhere.example", "to": to,
            "message": format!("From: stranger@elsewhere.example\r\nTo: {to}\r\nSubject: {text}\r\n\r\n{text}\r\n"),
        }))
    }

    /// Logs in, once.
    pub fn read(&self, user: &str, password: &str) -> Value {
        self.client(&json!({ "do": "read", "port": self.imap, "user": user, "password": password }))
    }

    /// Waits until a message with `text` in it has come. Postfix keeps to what it learned of a destination for a while.
    pub fn await_message(&self, user: &str, password: &str, text: &str) -> String {
        for _ in 0..300 {
            let read = self.read(user, password);
            let messages = read["messages"].as_array().expect("a list").clone();
            let found = messages
                .iter()
                .filter_map(Value::as_str)
                .find(|message| message.contains(text));
            if let Some(message) = found {
                return message.to_owned();
            }
            std::thread::sleep(Duration::from_millis(250));
        }
        panic!("{user}: no message with {text}: {}", self.said())
    }

    /// The last that Postfix and Dovecot said.
    fn said(&self) -> String {
        let last = |name: &str| {
            let log = fs::read_to_string(self.lab.path(name)).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            lines[lines.len().saturating_sub(25)..].join("\n")
        };
        [last("postfix/log"), last("dovecot/log")].join("\n")
    }

    /// A box with a password.
    pub fn make_box(&self, address: &str, password: &str, more: &[&str]) {
        let file = self
            .lab
            .private_file(&format!("password-{address}"), &format!("{password}\n"));
        let words = ["mail", "box", "create", address, "--password-file", &file];
        self.lab.run(&[&words[..], more].concat()).expect_code(0);
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        for process in std::mem::take(&mut self.processes) {
            self.end(process);
        }
    }
}
