//! Runs the program where every server is a recorder: what is refused must not have spoken to any of them.

use std::net::UdpSocket;
use std::time::Duration;

use futures_util::future::join_all;
use hostctl::env::child::Spec;
use hostctl::env::files;

use crate::support::call::{finish, program};
use crate::support::proxy::Proxy;
use crate::support::{Ran, new_directory};

/// How many run at once.
const CROWD: usize = 8;

/// What one run is given.
#[derive(Clone, Default)]
pub struct Line {
    /// The arguments.
    pub words: Vec<String>,
    /// Standard input.
    pub stdin: Option<Vec<u8>>,
    /// Variables beside those that name the recorders, which they may replace.
    pub variables: Vec<(String, String)>,
}

impl Line {
    /// Arguments alone, with the error as JSON.
    pub fn new(words: &[&str]) -> Line {
        let json = ["-o", "json"];
        Line {
            words: json.iter().chain(words).map(ToString::to_string).collect(),
            ..Line::default()
        }
    }

    /// With standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Line {
        self.stdin = Some(bytes.into());
        self
    }

    /// With a variable.
    pub fn variable(mut self, name: &str, value: impl Into<String>) -> Line {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    fn spec(&self, settings: &[(String, String)]) -> Spec {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut spec = program(&words).deadline(Duration::from_secs(20));
        for (name, value) in settings.iter().chain(&self.variables) {
            spec = spec.variable(name, value);
        }
        match &self.stdin {
            Some(bytes) => spec.stdin(bytes.clone()),
            None => spec,
        }
    }

    fn name(&self) -> String {
        let variables = self
            .variables
            .iter()
            .map(|(name, value)| format!("{name}={value} "));
        let line = format!("{}{:?}", variables.collect::<String>(), self.words);
        line.chars().take(300).collect()
    }
}

/// Runs each line with recorders for PostgreSQL, PowerDNS and the resolver, and says how often they were spoken to.
pub fn run(lines: &[Line]) -> (Vec<Ran>, u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop");
    let directory = new_directory();
    files::create_private_dir(&directory).expect("a directory");
    let key = directory.join("powerdns.key");
    files::write_private(&key, b"key\n").expect("a key");
    let resolver = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    resolver
        .set_nonblocking(true)
        .expect("a socket that does not wait");
    let (ran, connections) = runtime.block_on(async {
        let nobody = "127.0.0.1:1".parse().expect("an address");
        let postgres = Proxy::start(nobody, None).await;
        let powerdns = Proxy::start(nobody, None).await;
        let postgres_url =
            |database: &str| format!("postgres://hostctl@127.0.0.1:{}/{database}", postgres.port);
        let settings = [
            ("CONTROL__URL", postgres_url("hostctl")),
            ("CLUSTER__MAIN__URL", postgres_url("postgres")),
            ("DNS__MAIN__PROVIDER", "powerdns".to_owned()),
            ("DNS__MAIN__URL", format!("http://127.0.0.1:{}", powerdns.port)),
            ("DNS__MAIN__API_KEY_FILE", key.display().to_string()),
            ("MAIL__HOSTNAME", "mx.example.net".to_owned()),
            (
                "RESOLVER__SERVERS",
                resolver.local_addr().expect("an address").to_string(),
            ),
        ]
        .map(|(name, value)| (format!("HOSTCTL_{name}"), value));
        let mut ran = Vec::new();
        for crowd in lines.chunks(CROWD) {
            ran.extend(join_all(crowd.iter().map(|line| finish(line.spec(&settings), line.name()))).await);
        }
        (ran, postgres.connections() + powerdns.connections())
    });
    std::fs::remove_dir_all(&directory).expect("removed");
    let questions = std::iter::from_fn(|| resolver.recv(&mut [0; 512]).ok()).count();
    (ran, connections + questions as u64)
}

/// Every line is refused for this reason's sake, which the message names, and nobody is spoken to.
pub fn refused_lines(about: &str, lines: &[Line]) {
    let (ran, connections) = run(lines);
    for ran in &ran {
        expect_refusal(ran, about);
    }
    assert_eq!(connections, 0, "somebody was spoken to");
    println!("{about}: {} refusals", ran.len());
}

/// Every value is refused in the first line, in which `{}` stands for it, and every third in each of the others, so that each
/// meets several verbs; the message names the field.
pub fn refused(field: &str, lines: &[&[&str]], values: &[&str]) {
    let all: Vec<Line> = lines
        .iter()
        .enumerate()
        .flat_map(|(number, line)| {
            let values = values.iter().enumerate();
            values.map(move |(index, value)| (number, line, index, value))
        })
        .filter(|(number, _, index, _)| *number == 0 || (number + index).is_multiple_of(3))
        .map(|(_, line, _, value)| {
            let words: Vec<String> = line.iter().map(|word| word.replace("{}", value)).collect();
            Line::new(&words.iter().map(String::as_str).collect::<Vec<_>>())
        })
        .collect();
    refused_lines(field, &all);
}

/// Exit 2, nothing on stdout, and one short error object on stderr that names the field.
pub fn expect_refusal(ran: &Ran, about: &str) {
    assert_eq!(ran.code, Some(2), "{ran}");
    assert_eq!(ran.stdout, "", "{ran}");
    // A note about another argument may come before it.
    let last = ran.stderr.lines().last().unwrap_or_default();
    let error: serde_json::Value =
        serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {ran}"));
    assert_eq!(error["error"]["kind"], "usage", "{ran}");
    let message = error["error"]["message"].as_str().expect("a message");
    assert!(message.len() < 500, "too long a message: {ran}");
    assert!(!message.chars().any(char::is_control), "not escaped: {ran}");
    assert!(
        message.contains(about),
        "refused for another reason than {about}: {ran}"
    );
}
