//! Dovecot 2.4: one file, `%{user}` is the user.

use std::fmt::Write as _;

use super::{CACHE, File, POSTFIX, Values, user};

pub(super) fn files(values: &Values<'_>) -> Vec<File> {
    vec![File {
        path: "/etc/dovecot/conf.d/99-hostctl.conf".to_owned(),
        text: settings(values),
    }]
}

fn settings(values: &Values<'_>) -> String {
    let (servers, directory, user) = (servers(values), values.directory, user("%{user | lower}"));
    format!(
        "# Take out the other users first: comment the !include of auth-system.conf.ext in conf.d/10-auth.conf.
sql_driver = pgsql
{servers}
passdb sql {{
  query = SELECT address AS user, password FROM hostctl.mail_users WHERE {user}
}}
userdb sql {{
  query = SELECT '{directory}/' || home AS home, quota_storage_size FROM hostctl.mail_users WHERE {user}
  iterate_query = SELECT address AS user FROM hostctl.mail_users
}}

{CACHE}
mail_driver = maildir
mail_path = ~/Maildir
# Debian's own 10-mail.conf has the inbox elsewhere, as an mbox.
mail_inbox_path =
mail_uid = vmail
mail_gid = vmail

mail_plugins {{
  quota = yes
}}
protocol imap {{
  mail_plugins {{
    imap_quota = yes
  }}
}}
quota \"User quota\" {{
}}
quota_status_success = DUNNO
quota_status_nouser = DUNNO
quota_status_overquota = 552 5.2.2 Mailbox is full
{POSTFIX}"
    )
}

/// A block per server; its name is ours, so that the same host may stand there with several ports.
fn servers(values: &Values<'_>) -> String {
    let mut text = String::new();
    for (number, (host, port)) in values.hosts.iter().enumerate() {
        let _ = writeln!(
            text,
            "pgsql hostctl{} {{\n  host = {host}\n  parameters {{\n    port = {port}",
            number + 1
        );
        for (key, value) in values.parameters() {
            let _ = writeln!(text, "    {key} = {value}");
        }
        text.push_str("  }\n}\n");
    }
    text
}
