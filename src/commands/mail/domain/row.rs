//! A mail domain, for every format.

use jiff::Timestamp;
use serde::Serialize;

use crate::config;
use crate::error::Result;
use crate::mail::dkim::PublicKey;
use crate::mail::domain::Domain;
use crate::mail::records::{self, Policy};
use crate::model::record::RecordSet;
use crate::model::{DomainName, RecordName, RecordType};
use crate::output::{Column, Row};

impl Row for Domain {
    const NOUN: &'static str = "mail domain";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("state").state(),
        Column::new("boxes"),
        Column::new("dkim_selector").titled("DKIM selector"),
        Column::new("created_at").titled("created").time(),
    ];
}

/// A record set that the domain needs.
#[derive(Serialize)]
pub(super) struct DnsRecord {
    name: RecordName,
    r#type: RecordType,
    values: Vec<String>,
}

/// A domain, and what has to stand in DNS for it.
#[derive(Serialize)]
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) state: String,
    pub(super) boxes: i64,
    pub(super) dkim_selector: Option<String>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) dns: Vec<DnsRecord>,
    pub(super) operation: Option<String>,
}

impl Row for Shown {
    const NOUN: &'static str = "mail domain";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("account"),
        Column::new("state").state(),
        Column::new("boxes"),
        Column::new("dkim_selector").titled("DKIM selector"),
        Column::new("created_at").titled("created").time(),
        Column::new("dns").titled("DNS"),
        Column::new("operation"),
    ];
}

impl Shown {
    pub(super) fn of(domain: Domain, dns: Vec<DnsRecord>) -> Self {
        Shown {
            name: domain.name,
            account: domain.account,
            state: domain.state,
            boxes: domain.boxes,
            dkim_selector: domain.dkim_selector,
            created_at: Some(domain.created_at),
            dns,
            operation: None,
        }
    }
}

/// The records that `[mail]` and the key ask for.
pub(super) fn dns(name: &DomainName, key: Option<&PublicKey>, mail: &config::Mail) -> Result<Vec<DnsRecord>> {
    let host = records::host(mail.hostname.as_deref())?;
    let sets = records::all(
        name,
        key,
        &Policy {
            host: &host,
            dmarc: &mail.dmarc,
        },
    )?;
    let row = |(name, r#type, data): RecordSet| DnsRecord {
        name,
        r#type,
        values: data.iter().map(crate::model::RecordData::value).collect(),
    };
    Ok(sets.into_iter().map(row).collect())
}
