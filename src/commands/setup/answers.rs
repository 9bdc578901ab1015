//! What a person is asked, or a file answers.

use std::path::Path;

use serde::Deserialize;

use crate::config::PostgresUrl;
use crate::config::postgres_url::Host;
use crate::env::files;
use crate::error::{Error, Kind, Result};
use crate::model::HostName;
use crate::model::secret::Secret;
use crate::output::Ui;

/// How the questions are answered without a terminal.
const FLAG: &str = "--answers FILE";
/// The answer to a question about something that is not there.
const NONE: &str = "none";
const KEYS: &str = "control.url, control.password, cluster.url, cluster.password, dns.url, dns.api_key, dns.nameservers, \
    mail.hostname, site.address";

/// The answers.
#[derive(Debug)]
pub(super) struct Answers {
    /// The control database.
    pub(super) control: Server,
    /// The cluster for tenants.
    pub(super) cluster: Server,
    /// PowerDNS, if there is one.
    pub(super) dns: Option<PowerDns>,
    /// The name of the mail server.
    pub(super) mail_hostname: Option<String>,
    /// What a site's A and AAAA records point to.
    pub(super) addresses: Vec<String>,
}

/// A PostgreSQL server.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// As answered; it may hold a password.
    pub(super) url: String,
    /// Absent where the URL holds it, or none is needed.
    pub(super) password: Option<Secret>,
}

/// A PowerDNS server.
#[derive(Debug)]
pub(super) struct PowerDns {
    /// The address of its HTTP API.
    pub(super) url: String,
    /// The key of that.
    pub(super) api_key: Secret,
    /// The name servers of new zones.
    pub(super) nameservers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    control: WrittenServer,
    cluster: Option<WrittenServer>,
    dns: Option<WrittenDns>,
    #[serde(default)]
    mail: WrittenMail,
    #[serde(default)]
    site: WrittenSite,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenServer {
    url: String,
    password: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDns {
    url: String,
    api_key: String,
    #[serde(default)]
    nameservers: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMail {
    hostname: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSite {
    #[serde(default)]
    address: Vec<String>,
}

/// Reads the answers from a private file.
///
/// # Errors
/// `usage`: never with an excerpt, which might be a password.
pub(super) fn read(path: &Path) -> Result<Answers> {
    let bytes = files::read_private(path)?;
    let text =
        String::from_utf8(bytes).map_err(|_| Error::invalid(format!("{} is not UTF-8", path.display())))?;
    parse(&text).map_err(|error| error.context(path.display()))
}

fn parse(text: &str) -> Result<Answers> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = 1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        Error::invalid(format!(
            "line {line} is not TOML, or not one of the known keys with a value that fits"
        ))
        .hint(format!("the keys are {KEYS}"))
    })?;
    let control = server(written.control)?;
    let cluster = match written.cluster {
        Some(cluster) => beside(server(cluster)?, &control)?,
        None => beside(
            Server {
                url: same_server(&control.url)?,
                password: None,
            },
            &control,
        )?,
    };
    let answers = Answers {
        control,
        cluster,
        dns: written.dns.map(powerdns).transpose()?,
        mail_hostname: written.mail.hostname,
        addresses: written.site.address,
    };
    check(&answers)?;
    Ok(answers)
}

/// Asks a person.
///
/// # Errors
/// `usage`, naming `--answers`, where there is nobody; `interrupted`.
pub(super) fn ask(ui: &Ui) -> Result<Answers> {
    if !ui.can_ask() {
        return Err(Error::new(
            Kind::Usage,
            "needs_input",
            "setup asks questions, and there is nobody to ask",
        )
        .hint(format!("hostctl setup {FLAG}")));
    }
    let control = ask_server(
        ui,
        "control database (URL)",
        "postgres://hostctl@localhost/hostctl",
        None,
    )?;
    let cluster = ask_server(
        ui,
        "cluster for tenants (URL)",
        &same_server(&control.url)?,
        Some(&control),
    )?;
    let dns = match asked(ui, "HTTP API of PowerDNS (URL)", NONE)? {
        None => None,
        Some(url) => Some(PowerDns {
            url,
            api_key: ui.ask_password("API key of PowerDNS", FLAG, false)?,
            nameservers: words(asked(ui, "name servers of new zones, with blanks between", NONE)?),
        }),
    };
    let mail_hostname = asked(ui, "name of the mail server", NONE)?;
    let addresses = words(asked(
        ui,
        "addresses of sites (A, AAAA), with blanks between",
        NONE,
    )?);
    let answers = Answers {
        control,
        cluster,
        dns,
        mail_hostname,
        addresses,
    };
    check(&answers)?;
    Ok(answers)
}

fn ask_server(ui: &Ui, question: &str, default: &str, known: Option<&Server>) -> Result<Server> {
    let mut server = Server {
        url: ui.ask(question, FLAG, Some(default))?.trim().to_owned(),
        password: None,
    };
    let parsed = url(&server.url)?;
    if let Some(known) = known {
        server = beside(server, known)?;
    }
    let is_local = parsed
        .hosts
        .iter()
        .all(|place| matches!(place.host, Host::Socket(_)));
    if server.password.is_none() && parsed.password.is_none() && !is_local {
        let user = parsed.user.as_deref().unwrap_or("the role");
        server.password = Some(ui.ask_password(&format!("password of {user}"), FLAG, false)?);
    }
    Ok(server)
}

fn asked(ui: &Ui, question: &str, default: &str) -> Result<Option<String>> {
    let answer = ui.ask(question, FLAG, Some(default))?.trim().to_owned();
    Ok(Some(answer).filter(|answer| !answer.is_empty() && answer != NONE))
}

fn words(answer: Option<String>) -> Vec<String> {
    let separates = |letter: char| letter.is_whitespace() || letter == ',';
    let answer = answer.unwrap_or_default();
    answer
        .split(separates)
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

fn server(written: WrittenServer) -> Result<Server> {
    url(&written.url)?;
    Ok(Server {
        password: written.password.map(secret).transpose()?,
        url: written.url,
    })
}

fn powerdns(written: WrittenDns) -> Result<PowerDns> {
    Ok(PowerDns {
        url: written.url,
        api_key: secret(written.api_key)?,
        nameservers: written.nameservers,
    })
}

fn secret(text: String) -> Result<Secret> {
    if text.is_empty() || text.contains(['\n', '\r', '\0']) {
        return Err(Error::invalid(
            "a password or key must be one line, and not empty",
        ));
    }
    Ok(Secret::new(text))
}

/// Whether it is TLS enough is for the configuration to say.
fn url(text: &str) -> Result<PostgresUrl> {
    PostgresUrl::parse(text, true)
}

/// `server` with the password of `known`, where it has none of its own and is the same role there.
fn beside(server: Server, known: &Server) -> Result<Server> {
    let (own, other) = (url(&server.url)?, url(&known.url)?);
    let is_same = own.hosts == other.hosts && own.user == other.user;
    if is_same && own.password.is_none() && server.password.is_none() {
        return Ok(Server {
            password: known.password.clone(),
            ..server
        });
    }
    Ok(server)
}

/// The maintenance database of the same server.
fn same_server(control: &str) -> Result<String> {
    let (head, options) = control.split_at(control.find('?').unwrap_or(control.len()));
    let authority = head.find("://").map_or(0, |index| index + 3);
    let end = head[authority..]
        .find('/')
        .map_or(head.len(), |index| authority + index);
    let made = format!("{}/postgres{options}", &head[..end]);
    match url(&made)?.database.as_deref() {
        Some("postgres") => Ok(made),
        _ => Err(
            Error::invalid("control.url names its database as an option; name the cluster, too")
                .hint("cluster.url"),
        ),
    }
}

/// What the configuration takes as mere text and verbs would refuse later.
fn check(answers: &Answers) -> Result<()> {
    let nameservers = answers.dns.iter().flat_map(|dns| &dns.nameservers);
    for name in nameservers.chain(&answers.mail_hostname) {
        HostName::parse(name)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cluster_is_the_same_server_unless_another_is_named() {
        let answers = parse(
            "control.url = \"postgres://h@localhost:5433/ctl?sslmode=disable\"\ncontrol.password = \"p\"",
        )
        .expect("answers");
        assert_eq!(
            answers.cluster.url,
            "postgres://h@localhost:5433/postgres?sslmode=disable"
        );
        assert_eq!(answers.cluster.password.as_ref().map(Secret::expose), Some("p"));
        let text = "control.url = \"postgres://h@localhost/ctl\"\ncontrol.password = \"p\"\n\
            cluster.url = \"postgres://other@localhost/postgres\"";
        assert!(parse(text).expect("answers").cluster.password.is_none());
    }

    #[test]
    fn a_bad_file_is_named_by_its_line_and_never_quoted() {
        for (text, line) in [
            (
                "control.url = \"postgres://h@localhost/c\"\ncontrol.password = 31337",
                2,
            ),
            (
                "control.url = \"postgres://h@localhost/c\"\ncontrol.pasword = \"31337\"",
                2,
            ),
            (
                "control.url = \"postgres://h@localhost/c\"\ncontrol.password = \"31337",
                2,
            ),
        ] {
            let error = parse(text).expect_err(text);
            assert!(
                error.message().contains(&format!("line {line} ")),
                "{}",
                error.message()
            );
            assert!(!error.message().contains("31337"), "{}", error.message());
        }
    }

    #[test]
    fn names_are_checked_before_anything_is_written() {
        let text = "control.url = \"postgres://h@localhost/c\"\nmail.hostname = \"not a name\"";
        assert_eq!(parse(text).expect_err("refused").kind(), Kind::Usage);
    }
}
