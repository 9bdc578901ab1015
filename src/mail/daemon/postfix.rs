//! Postfix 3.7 and later: a file a question, `main.cf` and `master.cf` below. Every question is asked by `proxymap`, which
//! is in no chroot and keeps few connections. Where the control database does not answer, Postfix puts mail off.

use std::path::Path;

use super::{ConfigInputs, File, Values, one_text, path, plain};
use crate::config::postgres_url::Host;
use crate::error::{Error, Result};

/// What the text is made from besides hosts, database and TLS of hostctl itself.
#[derive(Clone, Copy, Debug)]
pub struct PostfixInputs<'a> {
    /// Control database, login and password file.
    pub database: ConfigInputs<'a>,
    /// `[mail] hostname`.
    pub hostname: &'a str,
    /// Where the files with the questions belong.
    pub directory: &'a Path,
    /// Where Dovecot takes mail: `unix:private/dovecot-lmtp`, `inet:127.0.0.1:24`.
    pub lmtp: &'a str,
    /// Where Dovecot says who may send: `private/auth`, `inet:127.0.0.1:12345`.
    pub sasl: &'a str,
    /// Where Dovecot says whether a box is full: `unix:private/quota-status`.
    pub quota: &'a str,
    /// Where OpenDKIM signs: `inet:127.0.0.1:8891`.
    pub milter: &'a str,
    /// The certificate with its chain.
    pub certificate: &'a Path,
    /// Its key.
    pub key: &'a Path,
}

/// The questions: name, and the statement that answers it.
const QUESTIONS: [(&str, &str); 6] = [
    (
        "domains",
        "SELECT name FROM hostctl.mail_postfix_domains WHERE name = '%s'",
    ),
    (
        "boxes",
        "SELECT address FROM hostctl.mail_postfix_boxes WHERE address = '%s'",
    ),
    (
        "aliases",
        "SELECT destination FROM hostctl.mail_postfix_aliases WHERE source = '%s'",
    ),
    (
        "senders",
        "SELECT login FROM hostctl.mail_postfix_senders WHERE address = '%s'",
    ),
    (
        "suspended",
        "SELECT '450 4.2.1 Mailbox suspended, try again later' FROM hostctl.mail_postfix_suspended WHERE name = '%s'",
    ),
    (
        "transports",
        "SELECT 'retry:4.2.1 Mailbox suspended' FROM hostctl.mail_postfix_suspended WHERE name = '%s'",
    ),
];

/// The files: one for each question, what belongs into `main.cf`, and what belongs into `master.cf`.
///
/// # Errors
/// `configuration` where a name or a path holds characters that Postfix's language cannot carry.
pub fn postfix_files(inputs: &PostfixInputs<'_>) -> Result<Vec<File>> {
    let directory = path("--directory", inputs.directory)?.trim_end_matches('/');
    let connection = connection(&inputs.database)?;
    let database = Values::of(&inputs.database)?.database;
    let mut files: Vec<File> = QUESTIONS
        .iter()
        .map(|(name, statement)| File {
            path: format!("{directory}/hostctl-{name}.cf"),
            // The name of the database is in the URL; Postfix wants to be told all the same.
            text: format!("hosts = {connection}\ndbname = {database}\nquery = {statement}\n"),
        })
        .collect();
    files.push(File {
        path: format!("{directory}/main.cf"),
        text: main(inputs, directory)?,
    });
    files.push(File {
        path: format!("{directory}/master.cf"),
        text: master(inputs)?,
    });
    Ok(files)
}

/// All of it as one text that says where each part goes.
///
/// # Errors
/// As [`postfix_files`].
pub fn postfix_configuration(inputs: &PostfixInputs<'_>) -> Result<String> {
    let files = postfix_files(inputs)?;
    let Values {
        role,
        passfile,
        database,
        ..
    } = Values::of(&inputs.database)?;
    let preface = format!(
        "# Postfix reads its domains, boxes and aliases from the control database of hostctl, through views.
#
# 1. Once, in database {database}, as the role that made the schema: a login that may read these views and nothing else.
#
#      CREATE ROLE {role} LOGIN IN ROLE hostctl_mail;
#      \\password {role}
#
# 2. On every mail host, after apt-get install postfix postfix-pgsql: its password, readable by Postfix's own user alone.
#
#      install -o postfix -g postfix -m 0600 /dev/null {passfile}
#
#    and with an editor this one line into {passfile}:
#
#      *:*:{database}:{role}:PASSWORD
#
# Then the files below: the last two are added to the end of those that are there, in master.cf in place of the lines
# for submission and submissions. Take mydestination out of main.cf, or let none of the domains stand in it. Then:
#      postfix check && systemctl restart postfix
"
    );
    Ok(one_text(preface, 3, &files))
}

/// A URL with every host, which libpq goes through; the password is in a file of libpq's own form.
fn connection(inputs: &ConfigInputs<'_>) -> Result<String> {
    let values = Values::of(inputs)?;
    let mut hosts = Vec::new();
    for place in &inputs.control.hosts {
        let host = match &place.host {
            Host::Name(name) => name.clone(),
            Host::Address(address) if address.is_ipv6() => format!("[{address}]"),
            Host::Address(address) => address.to_string(),
            Host::Socket(directory) => directory.display().to_string().replace('/', "%2F"),
        };
        hosts.push(format!("{host}:{}", place.port));
    }
    let parameters: Vec<String> = values
        .parameters()
        .into_iter()
        .filter(|(key, _)| !matches!(*key, "dbname" | "user" | "application_name"))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    Ok(format!(
        "postgresql://{}@{}/{}?{}&connect_timeout=5&application_name=postfix",
        values.role,
        hosts.join(","),
        values.database,
        parameters.join("&")
    ))
}

fn main(inputs: &PostfixInputs<'_>, directory: &str) -> Result<String> {
    let hostname = plain("[mail] hostname", inputs.hostname)?;
    let (lmtp, quota) = (
        plain("--lmtp", inputs.lmtp)?,
        plain("--quota-status", inputs.quota)?,
    );
    let (certificate, key) = (
        path("--certificate", inputs.certificate)?,
        path("--key", inputs.key)?,
    );
    let map = |name: &str| format!("proxy:pgsql:{directory}/hostctl-{name}.cf");
    Ok(format!(
        "myhostname = {hostname}
virtual_mailbox_domains = {}
virtual_mailbox_maps = {}
virtual_alias_maps = {}
virtual_transport = lmtp:{lmtp}
# What is suspended waits, whichever way it came.
transport_maps = {}
smtpd_sender_login_maps = {}
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
    check_recipient_access {},
    check_policy_service {quota}
# Full boxes are found out before their mail is taken, also where the sender does not tell the size. What comes to an alias
# of a full box, or before what came just now has arrived there, is taken, and goes back to its sender.
smtpd_end_of_data_restrictions = check_policy_service {quota}
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtp_tls_security_level = may
",
        map("domains"),
        map("boxes"),
        map("aliases"),
        map("transports"),
        map("senders"),
        map("suspended"),
    ))
}

/// Mail of our own users alone is signed, and only there: a stranger on port 25 may claim any sender.
fn master(inputs: &PostfixInputs<'_>) -> Result<String> {
    let (sasl, milter) = (plain("--sasl", inputs.sasl)?, plain("--milter", inputs.milter)?);
    if !milter.starts_with("inet:") && !milter.starts_with("unix:") {
        return Err(Error::configuration("--milter: begins with inet: or unix:"));
    }
    let common = format!(
        "  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path={sasl}
  -o smtpd_tls_auth_only=yes
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_milters={milter}
  -o milter_default_action=tempfail
  -o milter_macro_daemon_name=ORIGINATING
"
    );
    Ok(format!(
        "submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
{common}submissions inet n - y - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
{common}"
    ))
}
