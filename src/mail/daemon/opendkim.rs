//! OpenDKIM 2.11: it signs what Postfix's submission hands it, with the keys that `mail dkim write` keeps as files.

use std::path::Path;

use super::{File, one_text, path, plain};
use crate::error::{Error, Result};
use crate::mail::signing::{KEY_TABLE, SIGNING_TABLE};

/// Where the keys are unless `[mail] dkim_directory` says otherwise.
pub const DEFAULT_KEY_DIRECTORY: &str = "/etc/opendkim/hostctl";
/// Where it listens unless another place is named.
pub const DEFAULT_MILTER: &str = "inet:127.0.0.1:8891";

/// Lets pass without a signature what says another domain in From than on the envelope, which Postfix has compared with
/// the log-in. Without it a customer could have mail signed in the name of another one, by writing that one into From.
const SCRIPT: &str = r#"local function domain(address)
  return address and string.lower(string.match(address, "@([^@<>%s]+)>?%s*$") or "")
end
local from = string.lower(odkim.get_fromdomain(ctx) or "")
if from == "" or from ~= domain(odkim.get_envfrom(ctx)) or odkim.get_header(ctx, "From", 1) ~= nil then
  odkim.set_result(ctx, SMFIS_ACCEPT)
end
"#;

/// The files: the configuration, the script that decides what is signed, and the unit that tells of new keys.
///
/// # Errors
/// `configuration` where a path or an address holds characters that the language cannot carry.
pub fn opendkim_files(directory: &Path, milter: &str) -> Result<Vec<File>> {
    let keys = path("[mail] dkim_directory", directory)?.trim_end_matches('/');
    let socket = socket(plain("--milter", milter)?)?;
    let script = "/etc/opendkim/hostctl.lua";
    let file = |path: &str, text: String| File {
        path: path.to_owned(),
        text,
    };
    Ok(vec![
        file(
            "/etc/opendkim.conf",
            format!(
                "Syslog yes
UserID opendkim
PidFile /run/opendkim/opendkim.pid
Socket {socket}
Mode s
Canonicalization relaxed/simple
SignatureAlgorithm rsa-sha256
OversignHeaders From
RequireSafeKeys yes
KeyTable file:{keys}/{KEY_TABLE}
SigningTable file:{keys}/{SIGNING_TABLE}
SetupPolicyScript {script}
"
            ),
        ),
        file(script, SCRIPT.to_owned()),
        file(
            "/etc/systemd/system/hostctl-dkim.path",
            format!("[Path]\nPathChanged={keys}/{SIGNING_TABLE}\n\n[Install]\nWantedBy=multi-user.target\n"),
        ),
        file(
            "/etc/systemd/system/hostctl-dkim.service",
            "[Service]\nType=oneshot\nExecStart=systemctl try-reload-or-restart opendkim.service\n"
                .to_owned(),
        ),
    ])
}

/// All of it as one text that says where each part goes.
///
/// # Errors
/// As [`opendkim_files`].
pub fn opendkim_configuration(directory: &Path, milter: &str) -> Result<String> {
    let files = opendkim_files(directory, milter)?;
    let keys = directory.display();
    let preface = format!(
        "# OpenDKIM signs what the users of this host send.
#
# 1. On every host that signs, after apt-get install opendkim: a place for the keys, which OpenDKIM alone can read.
#
#      install -d -o opendkim -g opendkim -m 0700 {keys}
#
# 2. In hostctl's own configuration there, so that `hostctl tick`, run by root every minute, keeps the keys up to date:
#
#      [mail]
#      dkim_directory = \"{keys}\"
#
#    and once by hand: hostctl mail dkim write {keys}
#
# Then the files below, in place of those that are there, and:
#      systemctl daemon-reload && systemctl enable --now hostctl-dkim.path && systemctl restart opendkim
"
    );
    Ok(one_text(preface, 3, &files))
}

/// `inet:127.0.0.1:8891` in OpenDKIM's own order, `inet:8891@127.0.0.1`.
fn socket(milter: &str) -> Result<String> {
    if let Some(file) = milter.strip_prefix("unix:").filter(|file| file.starts_with('/')) {
        return Ok(format!("local:{file}"));
    }
    let inet = milter
        .strip_prefix("inet:")
        .and_then(|rest| rest.rsplit_once(':'));
    match inet {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok(format!("inet:{port}@{host}"))
        }
        _ => Err(Error::configuration(
            "--milter: such as inet:127.0.0.1:8891 or unix:/run/opendkim/opendkim.sock",
        )),
    }
}
