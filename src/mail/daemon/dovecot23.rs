//! Dovecot 2.3: the connection has a file of its own, `%u` is the user.

use super::{File, Values};

const SQL: &str = "/etc/dovecot/hostctl-sql.conf.ext";

pub(super) fn files(values: &Values<'_>) -> Vec<File> {
    vec![
        File { path: SQL.to_owned(), text: sql(values) },
        File { path: "/etc/dovecot/conf.d/99-hostctl.conf".to_owned(), text: settings() },
    ]
}

/// What `driver = sql` reads.
fn sql(values: &Values<'_>) -> String {
    let directory = values.directory;
    format!(
        "driver = pgsql
connect = {}
password_query = SELECT address AS user, password FROM hostctl.mail_users WHERE address = '%Lu'
user_query = SELECT '{directory}/' || home AS home, quota_rule FROM hostctl.mail_users WHERE address = '%Lu'
iterate_query = SELECT address AS user FROM hostctl.mail_users
",
        connect(values)
    )
}

/// Several `host=` are Dovecot's own pool; ports that differ can only be told to libpq, host by host.
fn connect(values: &Values<'_>) -> String {
    let first = values.hosts.first().map_or(5432, |(_, port)| *port);
    let mut words: Vec<String> = if values.hosts.iter().all(|(_, port)| *port == first) {
        let hosts = values.hosts.iter().map(|(host, _)| format!("host={host}"));
        hosts.chain([format!("port={first}")]).collect()
    } else {
        let hosts: Vec<&str> = values.hosts.iter().map(|(host, _)| host.as_str()).collect();
        let ports: Vec<String> = values.hosts.iter().map(|(_, port)| port.to_string()).collect();
        vec![format!("host={}", hosts.join(",")), format!("port={}", ports.join(","))]
    };
    words.extend(values.parameters().into_iter().map(|(key, value)| format!("{key}={value}")));
    words.join(" ")
}

fn settings() -> String {
    format!(
        "# Take out the other users first: comment the !include of auth-system.conf.ext in conf.d/10-auth.conf.
passdb {{
  driver = sql
  args = {SQL}
}}
userdb {{
  driver = sql
  args = {SQL}
}}

# Remembered for a minute, so that a suspended box is shut soon; and longer while the database does not answer.
# At once: doveadm auth cache flush USER
auth_cache_size = 16M
auth_cache_ttl = 1 min
auth_cache_negative_ttl = 0
# Argon2 takes 50 ms: not in the process that everybody waits for.
auth_cache_verify_password_with_worker = yes

mail_location = maildir:~/Maildir
mail_uid = vmail
mail_gid = vmail

mail_plugins = $mail_plugins quota
protocol imap {{
  mail_plugins = $mail_plugins imap_quota
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
}}
"
    )
}
