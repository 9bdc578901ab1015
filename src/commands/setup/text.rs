//! Answers into the text of the configuration, and where each file is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::answers::{Answers, Server};
use crate::error::{Error, Result};
use crate::model::secret::Secret;

/// Where everything is: beside the configuration.
#[derive(Debug)]
pub(super) struct Layout {
    /// The directory of all.
    pub(super) directory: PathBuf,
    /// The configuration.
    pub(super) file: PathBuf,
    /// The key ring.
    pub(super) keyring: PathBuf,
    control_password: PathBuf,
    cluster_password: PathBuf,
    api_key: PathBuf,
}

impl Layout {
    /// The layout around the configuration `file`, an absolute path.
    pub(super) fn new(file: &Path, answers: &Answers) -> Result<Self> {
        let directory = file
            .parent()
            .ok_or_else(|| Error::invalid("the configuration must be a file in a directory"))?;
        let in_directory = |name: &str| directory.join(name);
        // One password is one file.
        let is_shared = matches!((&answers.control.password, &answers.cluster.password),
            (Some(control), Some(cluster)) if control.expose() == cluster.expose());
        let cluster = if is_shared {
            "control.password"
        } else {
            "cluster.password"
        };
        Ok(Layout {
            directory: directory.to_owned(),
            file: file.to_owned(),
            keyring: in_directory("keyring"),
            control_password: in_directory("control.password"),
            cluster_password: in_directory(cluster),
            api_key: in_directory("powerdns.key"),
        })
    }

    /// The files that hold one secret each.
    pub(super) fn secrets<'a>(&'a self, answers: &'a Answers) -> Vec<(&'a Path, &'a Secret)> {
        let mut secrets: Vec<(&Path, &Secret)> = Vec::new();
        secrets.extend(
            answers
                .control
                .password
                .as_ref()
                .map(|secret| (self.control_password.as_path(), secret)),
        );
        if self.cluster_password != self.control_password {
            secrets.extend(
                answers
                    .cluster
                    .password
                    .as_ref()
                    .map(|secret| (self.cluster_password.as_path(), secret)),
            );
        }
        secrets.extend(
            answers
                .dns
                .as_ref()
                .map(|dns| (self.api_key.as_path(), &dns.api_key)),
        );
        secrets
    }
}

/// The configuration file; it names every secret by its file.
pub(super) fn configuration(layout: &Layout, answers: &Answers) -> String {
    let mut text =
        String::from("# Made by `hostctl setup`. What else there is: hostctl config show --origin\n");
    section(
        &mut text,
        "control",
        &server(&answers.control, &layout.control_password),
    );
    section(
        &mut text,
        "cluster.main",
        &server(&answers.cluster, &layout.cluster_password),
    );
    if let Some(dns) = &answers.dns {
        let settings = [
            ("provider", quoted("powerdns")),
            ("url", quoted(&dns.url)),
            ("api_key_file", quoted(&layout.api_key.to_string_lossy())),
            ("nameservers", list(&dns.nameservers)),
        ];
        section(&mut text, "dns.main", &settings);
    }
    if let Some(hostname) = &answers.mail_hostname {
        section(&mut text, "mail", &[("hostname", quoted(hostname))]);
    }
    if !answers.addresses.is_empty() {
        section(&mut text, "site", &[("address", list(&answers.addresses))]);
    }
    section(
        &mut text,
        "keyring",
        &[("file", quoted(&layout.keyring.to_string_lossy()))],
    );
    text
}

fn server(server: &Server, password_file: &Path) -> Vec<(&'static str, String)> {
    let mut settings = vec![("url", quoted(&server.url))];
    if server.password.is_some() {
        settings.push(("password_file", quoted(&password_file.to_string_lossy())));
    }
    settings
}

fn section(text: &mut String, name: &str, settings: &[(&str, String)]) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\n[{name}]");
    for (key, value) in settings {
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(words: &[String]) -> String {
    toml::Value::from(words.to_vec()).to_string()
}
