//! Dovecot 2.3: the connection has a file of its own, `%u` is the user.

use super::{CACHE, File, POSTFIX, Values, user};

const SQL: &str = "/etc/dovecot/hostctl-sql.conf.ext";

pub(super) fn files(values: &Values<'_>) -> Vec<File> {
    vec![
        File {
            path: SQL.to_owned(),
            text: sql(values),
        },
        File {
            path: "/etc/dovecot/conf.d/99-hostctl.conf".to_owned(),
            text: settings(),
        },
    ]
}

/// What `driver = sql` reads.
fn sql(values: &Values<'_>) -> String {
    let (directory, user) = (values.directory, user("%Lu"));
    format!(
        "driver = pgsql
connect = {}
password_query = SELECT address AS user, password FROM hostctl.mail_users WHERE {user}
user_query = SELECT '{directory}/' || home AS home, quota_rule FROM hostctl.mail_users WHERE {user}
iterate_query = SELECT address AS user FROM hostctl.mail_users
",
        connect(values)
    )
}

/// One `host=` with a list, which libpq goes through. Several would be a pool of Dovecot's own, and where a server of it
/// refuses, the authentication process of 2.3.19 dies (signal 11).
fn connect(values: &Values<'_>) -> String {
    let hosts: Vec<&str> = values.hosts.iter().map(|(host, _)| host.as_str()).collect();
    let ports: Vec<String> = values.hosts.iter().map(|(_, port)| port.to_string()).collect();
    let mut words = vec![
        format!("host={}", hosts.join(",")),
        format!("port={}", ports.join(",")),
    ];
    words.extend(
        values
            .parameters()
            .into_iter()
            .map(|(key, value)| format!("{key}={value}")),
    );
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

{CACHE}
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
  quota_status_success = DUNNO
  quota_status_nouser = DUNNO
  quota_status_overquota = \"552 5.2.2 Mailbox is full\"
}}
{POSTFIX}"
    )
}
