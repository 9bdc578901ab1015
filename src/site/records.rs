//! The records of a site: what hostctl gives every zone, and what a manifest puts in its place or beside it.

use std::net::IpAddr;

use crate::config::Config;
use crate::error::Result;
use crate::mail::dkim::PublicKey;
use crate::mail::records::{self, Policy};
use crate::manifest::{Dns, RecordGroup};
use crate::model::{DomainName, RecordData, RecordName, RecordType, Ttl};

/// That there is mail, and the key that signs it, if there is one.
#[derive(Clone, Copy)]
pub(super) struct MailKey<'a>(pub Option<&'a PublicKey>);

/// What every zone gets: the addresses of `@` and `www`; and with `mail` what that needs, signed with its key if there is one.
///
/// # Errors
/// `usage` where mail has no server to go to.
pub(super) fn generated(
    zone: &DomainName,
    addresses: &[IpAddr],
    mail: Option<MailKey<'_>>,
    config: &Config,
) -> Result<Vec<RecordGroup>> {
    let mut groups = Vec::new();
    for name in ["@", "www"] {
        for rtype in [RecordType::A, RecordType::Aaaa] {
            let of_type = addresses
                .iter()
                .filter(|address| address.is_ipv4() == (rtype == RecordType::A));
            let data = of_type.map(|address| Ok(RecordData::parse(rtype, &address.to_string(), zone)?.value));
            let data = data.collect::<Result<Vec<_>>>()?;
            if !data.is_empty() {
                groups.push(group(RecordName::parse(name, zone)?.value, rtype, data));
            }
        }
    }
    if let Some(MailKey(key)) = mail {
        let host = records::host(config.mail.hostname.as_deref())?;
        let policy = Policy {
            host: &host,
            dmarc: &config.mail.dmarc,
        };
        let sets = records::all(zone, key, &policy)?;
        groups.extend(
            sets.into_iter()
                .map(|(name, rtype, data)| group(name, rtype, data)),
        );
    }
    Ok(groups)
}

fn group(name: RecordName, rtype: RecordType, values: Vec<RecordData>) -> RecordGroup {
    RecordGroup {
        name,
        rtype,
        ttl: Ttl::DEFAULT,
        values,
    }
}

/// What a zone is to hold besides SOA: `generated`, unless `dns` says no defaults, with the groups of `dns` beside it or in
/// its place. A TXT joins what hostctl puts at the same name, except that an SPF takes the place of ours.
pub(super) fn wanted(dns: &Dns, generated: Vec<RecordGroup>) -> Vec<RecordGroup> {
    let mut all = dns.records.clone();
    if !dns.defaults {
        return all;
    }
    for mut ours in generated {
        let is_same = |other: &&mut RecordGroup| other.name == ours.name && other.rtype == ours.rtype;
        if let Some(other) = all.iter_mut().find(is_same) {
            if ours.rtype == RecordType::Txt {
                let has_spf = other.values.iter().any(RecordData::is_spf);
                ours.values
                    .retain(|data| !(other.values.contains(data) || has_spf && data.is_spf()));
                other.values.extend(ours.values);
            }
            continue;
        }
        let excludes = |other: &RecordGroup| {
            other.name == ours.name && (other.rtype == RecordType::Cname || ours.rtype == RecordType::Cname)
        };
        if !dns.records.iter().any(excludes) {
            all.push(ours);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> DomainName {
        "x.test".parse().expect("a domain")
    }

    fn of(name: &str, rtype: RecordType, values: &[&str]) -> RecordGroup {
        let data = |value: &&str| RecordData::parse(rtype, value, &zone()).expect(value).value;
        group(
            RecordName::parse(name, &zone()).expect(name).value,
            rtype,
            values.iter().map(data).collect(),
        )
    }

    fn lines(dns: &Dns, generated: Vec<RecordGroup>) -> Vec<String> {
        let line = |group: RecordGroup| {
            let values: Vec<String> = group.values.iter().map(RecordData::value).collect();
            format!(
                "{} {} {}",
                group.name.relative(&zone()),
                group.rtype,
                values.join(", ")
            )
        };
        wanted(dns, generated).into_iter().map(line).collect()
    }

    fn dns(defaults: bool, records: Vec<RecordGroup>) -> Dns {
        Dns {
            provider: None,
            addresses: None,
            defaults,
            records,
        }
    }

    fn defaults() -> Vec<RecordGroup> {
        vec![
            of("www", RecordType::A, &["192.0.2.1"]),
            of("@", RecordType::Txt, &["v=spf1 mx -all"]),
            of("autoconfig", RecordType::Cname, &["mx.example.net."]),
        ]
    }

    #[test]
    fn what_a_manifest_names_takes_the_place_of_ours() {
        let own = vec![
            of("www", RecordType::Cname, &["cdn.example.net."]),
            of("@", RecordType::Txt, &["token=1"]),
            of("autoconfig", RecordType::A, &["192.0.2.9"]),
        ];
        assert_eq!(
            lines(&dns(true, own), defaults()),
            [
                "www CNAME cdn.example.net.",
                "@ TXT token=1, v=spf1 mx -all",
                "autoconfig A 192.0.2.9"
            ]
        );
    }

    #[test]
    fn there_is_one_spf() {
        let own = vec![of("@", RecordType::Txt, &["v=spf1 include:example.net -all"])];
        assert_eq!(
            lines(&dns(true, own), defaults()),
            [
                "@ TXT v=spf1 include:example.net -all",
                "www A 192.0.2.1",
                "autoconfig CNAME mx.example.net."
            ]
        );
    }

    #[test]
    fn without_defaults_there_is_only_what_is_named() {
        let own = vec![of("www", RecordType::A, &["192.0.2.2"])];
        assert_eq!(lines(&dns(false, own), defaults()), ["www A 192.0.2.2"]);
    }
}
