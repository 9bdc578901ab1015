//! Configuration for the mail daemons, so that they find the views of this control database: text to be put into files
//! by a person or a tool, with no secret in it. The password of the daemons' role stands in a file of libpq's own form.

mod dovecot23;
mod dovecot24;
mod opendkim;
mod postfix;

use std::fmt::Write as _;
use std::path::Path;

use crate::config::PostgresUrl;
use crate::config::postgres_url::{Host, HostPort, SslMode};
use crate::error::{Error, Result};

pub use opendkim::{DEFAULT_KEY_DIRECTORY, DEFAULT_MILTER, opendkim_configuration, opendkim_files};
pub use postfix::{PostfixInputs, postfix_configuration, postfix_files};

/// The login that daemons use unless another is named: a member of `hostctl_mail`.
pub const DEFAULT_ROLE: &str = "hostctl_dovecot";
/// Where the password is unless another file is named.
pub const DEFAULT_PASSFILE: &str = "/etc/dovecot/hostctl.pgpass";
/// Where boxes live unless `[mail] directory` says otherwise.
pub const DEFAULT_DIRECTORY: &str = "/var/mail/vhosts";
/// Debian's bundle; libpq before 16 has no word for "the system's roots".
const SYSTEM_ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Settings that 2.3 and 2.4 have in common. While an entry is fresh, nothing is asked; when it is not and the database
/// does not answer, Dovecot waits for a minute and then uses it all the same. Not among them is
/// `auth_cache_verify_password_with_worker`: the workers of 2.3.19 die where the database refuses.
const CACHE: &str = "\
# A log-in that worked goes on working while the database is away: at once for a minute, after a minute's wait later.
# The price: a suspended box, or an old password, may still get in for a minute, and an old quota holds as long. To shut
# it now, and to end the sessions that are open, on every mail host:
#   doveadm auth cache flush ADDRESS; doveadm kick ADDRESS
auth_cache_size = 16M
auth_cache_ttl = 1 min
auth_cache_negative_ttl = 0
";

/// What Postfix on the same host asks: delivery, who may send, whether a box is full before its mail is taken.
const POSTFIX: &str = "
# For Postfix on this host; take these services out where there is none.
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
service quota-status {
  executable = quota-status -p postfix
  client_limit = 1
  unix_listener /var/spool/postfix/private/quota-status {
    mode = 0660
    user = postfix
    group = postfix
  }
}
";

/// The condition for the user that `variable` expands to. While Dovecot 2.3 reconnects it cannot escape and asks for the
/// empty name; the division makes that an error, so that nobody is told "no such user" and no mail is returned.
fn user(variable: &str) -> String {
    format!("address = '{variable}' AND 1 / length('{variable}') >= 0")
}

/// Which language Dovecot speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 2.3: Debian 12, Ubuntu 24.04.
    V23,
    /// 2.4: Debian 13.
    V24,
}

impl std::str::FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let has = |version: &str| {
            text.strip_prefix(version)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        match (has("2.3"), has("2.4")) {
            (true, _) => Ok(Version::V23),
            (_, true) => Ok(Version::V24),
            _ => Err(Error::invalid("Dovecot version: only 2.3 and 2.4 are known").hint("dovecot --version")),
        }
    }
}

/// What the text is made from. Hosts, database and TLS are those of hostctl itself.
#[derive(Clone, Copy, Debug)]
pub struct ConfigInputs<'a> {
    /// Where the control database is.
    pub control: &'a PostgresUrl,
    /// The login of the daemon.
    pub role: &'a str,
    /// Its password, in libpq's form.
    pub passfile: &'a Path,
    /// Where boxes live.
    pub directory: &'a Path,
    /// For which Dovecot.
    pub version: Version,
}

/// A file of the daemon's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it belongs.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// The files of a Dovecot that reads its users from the control database, the one with the connection first. The file
/// with the password is not among them.
///
/// # Errors
/// `configuration` where a name or a path holds characters that Dovecot's language cannot carry.
pub fn dovecot_files(inputs: &ConfigInputs<'_>) -> Result<Vec<File>> {
    let values = Values::of(inputs)?;
    Ok(match inputs.version {
        Version::V23 => dovecot23::files(&values),
        Version::V24 => dovecot24::files(&values),
    })
}

/// All of it as one text that says where each part goes.
///
/// # Errors
/// As [`dovecot_files`].
pub fn dovecot_configuration(inputs: &ConfigInputs<'_>) -> Result<String> {
    let files = dovecot_files(inputs)?;
    Ok(one_text(preface(&Values::of(inputs)?), 3, &files))
}

/// The files below a preface, numbered from `first`.
fn one_text(mut text: String, first: usize, files: &[File]) -> String {
    for (number, file) in files.iter().enumerate() {
        let rule = "-".repeat(80);
        let _ = write!(
            text,
            "\n# {rule}\n# {}. {}\n# {rule}\n{}",
            number + first,
            file.path,
            file.text
        );
    }
    text
}

/// What has to be there before any file is read.
fn preface(values: &Values<'_>) -> String {
    let Values {
        role,
        passfile,
        database,
        directory,
        ..
    } = values;
    format!(
        "# Dovecot reads its users from the control database of hostctl, through views that show active boxes only.
#
# 1. Once, in database {database}, as the role that made the schema: a login that may read these views and nothing else.
#
#      CREATE ROLE {role} LOGIN IN ROLE hostctl_mail;
#      \\password {role}
#
# 2. On every mail host, after apt-get install dovecot-imapd dovecot-lmtpd dovecot-pgsql: its password, readable by
#    Dovecot's own user alone (libpq ignores the file otherwise); and the user and the directory of the boxes.
#
#      install -o dovecot -g dovecot -m 0600 /dev/null {passfile}
#      useradd --system --no-create-home --shell /usr/sbin/nologin vmail
#      install -d -o vmail -g vmail -m 0700 {directory}
#
#    and with an editor this one line into {passfile}:
#
#      *:*:{database}:{role}:PASSWORD
#
# Then the files below, and: doveconf -n > /dev/null && systemctl restart dovecot
"
    )
}

/// What the templates are filled with; nothing in it needs quoting.
struct Values<'a> {
    hosts: Vec<(String, u16)>,
    database: &'a str,
    role: &'a str,
    passfile: &'a str,
    directory: &'a str,
    sslmode: &'static str,
    sslrootcert: Option<&'a str>,
}

impl<'a> Values<'a> {
    fn of(inputs: &ConfigInputs<'a>) -> Result<Self> {
        let url = inputs.control;
        let database = url.database.as_deref().or(url.user.as_deref()).ok_or_else(|| {
            Error::configuration("[control] url names no database").hint("hostctl config show --origin")
        })?;
        let checked = matches!(url.sslmode, SslMode::VerifyCa | SslMode::VerifyFull);
        let roots = url
            .sslrootcert
            .as_deref()
            .or(checked.then_some(Path::new(SYSTEM_ROOTS)));
        Ok(Values {
            hosts: url.hosts.iter().map(host).collect::<Result<_>>()?,
            database: plain("database", database)?,
            role: plain("role", inputs.role)?,
            passfile: path("password file", inputs.passfile)?,
            directory: path("[mail] directory", inputs.directory)?.trim_end_matches('/'),
            sslmode: word(url.sslmode),
            sslrootcert: roots.map(|file| path("sslrootcert", file)).transpose()?,
        })
    }

    /// libpq's parameters besides host and port, in the order in which they are printed.
    fn parameters(&self) -> Vec<(&'static str, &str)> {
        let mut parameters = vec![
            ("dbname", self.database),
            ("user", self.role),
            ("passfile", self.passfile),
            ("sslmode", self.sslmode),
        ];
        parameters.extend(self.sslrootcert.map(|file| ("sslrootcert", file)));
        // A server that went away without a word is noticed after 5 s, not after Dovecot's own minute.
        parameters.extend([("tcp_user_timeout", "5000"), ("application_name", "dovecot")]);
        parameters
    }
}

fn host(place: &HostPort) -> Result<(String, u16)> {
    let text = match &place.host {
        Host::Name(name) => name.clone(),
        Host::Address(address) => address.to_string(),
        Host::Socket(directory) => directory.display().to_string(),
    };
    plain("host", &text)?;
    Ok((text, place.port))
}

fn path<'a>(what: &str, path: &'a Path) -> Result<&'a str> {
    let text = path.to_str().filter(|text| text.starts_with('/'));
    let refuse = || Error::configuration(format!("{what}: an absolute path is needed"));
    plain(what, text.ok_or_else(refuse)?)
}

/// Dovecot splits at blanks, expands `%` and `$`, and begins comments at `#`, quotes or no quotes; Postfix and OpenDKIM
/// are no easier.
fn plain<'a>(what: &str, text: &'a str) -> Result<&'a str> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b':');
    if text.is_empty() || !text.bytes().all(is_plain) {
        let message =
            format!("{what}: a daemon's configuration can carry letters, digits and _ - . / : only");
        return Err(Error::configuration(message).hint("hostctl config show --origin"));
    }
    Ok(text)
}

fn word(mode: SslMode) -> &'static str {
    match mode {
        SslMode::Disable => "disable",
        SslMode::Prefer => "prefer",
        SslMode::Require => "require",
        SslMode::VerifyCa => "verify-ca",
        SslMode::VerifyFull => "verify-full",
    }
}

#[cfg(test)]
mod tests;
