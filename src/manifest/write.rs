//! Sites back into a text that reads as the same sites.

use std::net::IpAddr;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::{Database, Dns, Limits, Mail, RecordGroup, Site};
use crate::error::{Error, Result};
use crate::model::{AccountName, DatabaseName, DomainName, LocalPart, MailAddress, Quota, RecordName, Span};

/// The sites as a manifest in TOML.
///
/// # Errors
/// `internal`.
pub fn to_toml(sites: &[Site]) -> Result<String> {
    let file = File {
        site: sites.iter().map(shown).collect(),
    };
    ::toml::to_string_pretty(&file)
        .map_err(|error| Error::internal("a manifest cannot be written").source(error))
}

/// The sites as a manifest in JSON.
///
/// # Errors
/// `internal`.
pub fn to_json(sites: &[Site]) -> Result<Value> {
    let file = File {
        site: sites.iter().map(shown).collect(),
    };
    serde_json::to_value(&file).map_err(|error| Error::internal("a manifest cannot be written").source(error))
}

#[derive(Serialize)]
struct File<'a> {
    site: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    domain: &'a DomainName,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a AccountName>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    steps: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<ShownDatabase<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<ShownMail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dns: Option<ShownDns<'a>>,
}

#[derive(Serialize)]
struct ShownDatabase<'a> {
    name: &'a DatabaseName,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    extensions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    password_file: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<ShownLimits>,
}

#[derive(Serialize)]
struct ShownLimits {
    #[serde(skip_serializing_if = "Option::is_none")]
    connections: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement_timeout: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_in_transaction_timeout: Option<Span>,
}

#[derive(Serialize)]
struct ShownMail<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    allow_role: bool,
    boxes: Vec<ShownBox<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<ShownAlias<'a>>,
}

#[derive(Serialize)]
struct ShownAlias<'a> {
    name: &'a str,
    destinations: &'a [MailAddress],
}

#[derive(Serialize)]
struct ShownBox<'a> {
    name: &'a LocalPart,
    quota: Quota,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_file: Option<&'a Path>,
}

#[derive(Serialize)]
struct ShownDns<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<&'a [IpAddr]>,
    #[serde(skip_serializing_if = "Clone::clone")]
    defaults: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    records: Vec<ShownRecords>,
}

#[derive(Serialize)]
struct ShownRecords {
    name: String,
    r#type: String,
    ttl: u32,
    values: Vec<String>,
}

fn shown(site: &Site) -> Shown<'_> {
    Shown {
        domain: &site.domain,
        account: site.account.as_ref(),
        steps: &site.steps,
        database: site.database.as_ref().map(shown_database),
        mail: site.mail.as_ref().map(shown_mail),
        dns: site.dns.as_ref().map(|dns| shown_dns(&site.domain, dns)),
    }
}

fn shown_database(database: &Database) -> ShownDatabase<'_> {
    let limits = database.limits;
    ShownDatabase {
        name: &database.name,
        cluster: database.cluster.as_deref(),
        extensions: &database.extensions,
        password_file: database.password_file.as_deref(),
        limits: (limits != Limits::default()).then_some(ShownLimits {
            connections: limits.connections,
            statement_timeout: limits.statement_timeout,
            idle_in_transaction_timeout: limits.idle_in_transaction_timeout,
        }),
    }
}

fn shown_mail(mail: &Mail) -> ShownMail<'_> {
    let boxes = mail.boxes.iter().map(|one| ShownBox {
        name: &one.name,
        quota: one.quota,
        password_file: one.password_file.as_deref(),
    });
    let aliases = mail.aliases.iter().map(|one| ShownAlias {
        name: if one.source.is_catch_all() {
            "@"
        } else {
            one.source.local()
        },
        destinations: &one.destinations,
    });
    ShownMail {
        allow_role: mail.allow_role,
        boxes: boxes.collect(),
        aliases: aliases.collect(),
    }
}

fn shown_dns<'a>(zone: &DomainName, dns: &'a Dns) -> ShownDns<'a> {
    let records = |group: &RecordGroup| ShownRecords {
        name: shown_name(zone, &group.name),
        r#type: group.rtype.to_string(),
        ttl: group.ttl.seconds(),
        values: group.values.iter().map(crate::model::RecordData::value).collect(),
    };
    ShownDns {
        provider: dns.provider.as_deref(),
        addresses: dns.addresses.as_deref(),
        defaults: dns.defaults,
        records: dns.records.iter().map(records).collect(),
    }
}

/// Relative, unless that would read as another name.
fn shown_name(zone: &DomainName, name: &RecordName) -> String {
    let relative = name.relative(zone);
    match RecordName::parse(relative, zone) {
        Ok(given) if given.value == *name && given.note.is_none() => relative.to_owned(),
        _ => name.absolute(),
    }
}
