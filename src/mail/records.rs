//! The DNS that a mail domain brings: where its mail goes, who may send it, how it is signed, and how programs find the
//! server. Writing it into a zone, merging it with what is there included, is the business of `dns`.

use crate::error::{Error, Result};
use crate::mail::dkim::PublicKey;
use crate::model::record::RecordSet;
use crate::model::{DomainName, HostName, RecordData, RecordName, RecordType};

/// What the records say.
#[derive(Clone, Debug)]
pub struct Policy<'a> {
    /// `[mail] hostname`: where mail is taken and read.
    pub host: &'a HostName,
    /// What others shall do with mail that fails the checks: `none`, `quarantine` or `reject`.
    pub dmarc: &'a str,
}

/// The name of the mail server as configured.
///
/// # Errors
/// `usage`, reason `configuration`, where it is missing or no host name.
pub fn host(configured: Option<&str>) -> Result<HostName> {
    let text = configured.ok_or_else(|| {
        Error::configuration("[mail] hostname is not set, and mail needs a server to go to")
            .hint("set hostname in section [mail], for instance mx1.example.net: hostctl config path")
    })?;
    text.parse().map_err(|error: Error| {
        Error::configuration(format!("[mail] hostname: {}", error.message()))
            .hint("hostctl config show --origin")
    })
}

/// All record sets of mail for `domain`, at or below its name: MX, SPF, DKIM if there is a key, DMARC, TLS reports, and
/// how programs find the server.
///
/// # Errors
/// `invalid` where a name becomes longer than DNS allows.
pub fn all(domain: &DomainName, dkim: Option<&PublicKey>, policy: &Policy<'_>) -> Result<Vec<RecordSet>> {
    let host = policy.host.absolute();
    let postmaster = format!("mailto:postmaster@{domain}");
    let mut wanted = vec![
        ("@".to_owned(), RecordType::Mx, format!("10 {host}")),
        // RFC 7208: whoever the MX names may send, nobody else.
        ("@".to_owned(), RecordType::Txt, "v=spf1 mx -all".to_owned()),
        // RFC 7489 §6.3.
        (
            "_dmarc".to_owned(),
            RecordType::Txt,
            format!("v=DMARC1; p={}; rua={postmaster}", policy.dmarc),
        ),
        // RFC 8460 §3.
        (
            "_smtp._tls".to_owned(),
            RecordType::Txt,
            format!("v=TLSRPTv1; rua={postmaster}"),
        ),
        // RFC 6186 §3.4 and RFC 8314 §5.1: with TLS from the first byte.
        (
            "_imaps._tcp".to_owned(),
            RecordType::Srv,
            format!("0 1 993 {host}"),
        ),
        (
            "_submissions._tcp".to_owned(),
            RecordType::Srv,
            format!("0 1 465 {host}"),
        ),
    ];
    if let Some(key) = dkim {
        // RFC 6376 §3.6.2.1.
        wanted.push((
            format!("{}._domainkey", key.selector),
            RecordType::Txt,
            key.text.clone(),
        ));
    }
    // A server that is itself called so has its address there.
    if policy.host.as_str() != format!("autoconfig.{domain}") {
        wanted.push(("autoconfig".to_owned(), RecordType::Cname, host));
    }
    wanted
        .into_iter()
        .map(|(name, rtype, value)| set(domain, &name, rtype, &value))
        .collect()
}

fn set(domain: &DomainName, name: &str, rtype: RecordType, value: &str) -> Result<RecordSet> {
    let name = if name == "@" {
        RecordName::apex(domain)
    } else {
        absolute(domain, name)?
    };
    Ok((name, rtype, vec![RecordData::parse(rtype, value, domain)?.value]))
}

/// With the final dot, so that no part of the domain's name is taken for the end of a relative one.
fn absolute(domain: &DomainName, name: &str) -> Result<RecordName> {
    RecordName::parse(&format!("{name}.{domain}."), domain).map(|given| given.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::model::record::conflicts;

    fn lines(domain: &str, hostname: &str) -> Vec<String> {
        let domain: DomainName = domain.parse().expect(domain);
        let host: HostName = hostname.parse().expect(hostname);
        let key = PublicKey {
            selector: "hc202611".to_owned(),
            text: "v=DKIM1; k=rsa; p=AAAA".to_owned(),
        };
        let policy = Policy {
            host: &host,
            dmarc: "quarantine",
        };
        let sets = all(&domain, Some(&key), &policy).expect("records");
        conflicts(&domain, &[], &sets).expect("they stand together");
        let line = |(name, rtype, data): &RecordSet| format!("{name} {rtype} {}", data[0].presentation());
        sets.iter().map(line).collect()
    }

    #[test]
    fn a_mail_domain_brings_everything_it_needs() {
        let expected = [
            "example.test MX 10 mx1.example.net.",
            "example.test TXT \"v=spf1 mx -all\"",
            "_dmarc.example.test TXT \"v=DMARC1; p=quarantine; rua=mailto:postmaster@example.test\"",
            "_smtp._tls.example.test TXT \"v=TLSRPTv1; rua=mailto:postmaster@example.test\"",
            "_imaps._tcp.example.test SRV 0 1 993 mx1.example.net.",
            "_submissions._tcp.example.test SRV 0 1 465 mx1.example.net.",
            "hc202611._domainkey.example.test TXT \"v=DKIM1; k=rsa; p=AAAA\"",
            "autoconfig.example.test CNAME mx1.example.net.",
        ];
        assert_eq!(lines("example.test", "mx1.example.net"), expected);
    }

    #[test]
    fn a_server_does_not_become_an_alias_of_itself() {
        let lines = lines("example.test", "autoconfig.example.test");
        assert!(!lines.iter().any(|line| line.contains("CNAME")), "{lines:?}");
    }

    #[test]
    fn a_server_that_is_not_named_is_a_matter_of_configuration() {
        for configured in [None, Some("localhost"), Some("127.0.0.1")] {
            let error = host(configured).expect_err("no host name");
            assert_eq!((error.kind(), error.reason()), (Kind::Usage, "configuration"));
        }
        assert_eq!(
            host(Some("MX1.example.net.")).expect("a host").as_str(),
            "mx1.example.net"
        );
    }
}
