//! `hostctl dns lookup NAME [TYPE]`.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::Serialize;

use crate::commands::Take;
use crate::error::{Error, Kind, Result};
use crate::lookup::{self, Answer, AnswerRecord, Recursion, Resolver};
use crate::model::escape::excerpt;
use crate::model::{DomainName, Given, RecordType};
use crate::output::{Column, Row};
use crate::runner::Context;

/// How long all questions may take where no `--timeout` says otherwise.
const LIMIT: Duration = Duration::from_secs(10);
const PORT: u16 = 53;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name; no search list is applied. The name of an address is asked for by the address
    #[arg(value_name = "NAME")]
    name: String,
    /// The type of record [default: A and AAAA; PTR of an address]
    #[arg(value_name = "TYPE")]
    rtype: Option<Given<RecordType>>,
    /// The server to ask, instead of the resolver that is configured
    #[arg(long, value_name = "IP[:PORT]", value_parser = server)]
    server: Option<SocketAddr>,
}

#[derive(Serialize)]
struct Found {
    name: String,
    r#type: String,
    ttl: u32,
    value: String,
}

impl Row for Found {
    const NOUN: &'static str = "record";
    const COLUMNS: &'static [Column] = &[
        Column::new("name"),
        Column::new("type"),
        Column::new("ttl"),
        Column::new("value"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let (name, types) = question(&args, context)?;
    let deadline = context.within(LIMIT);
    let mut found: Vec<AnswerRecord> = Vec::new();
    for rtype in types {
        let answer = match args.server {
            Some(server) => lookup::query(server, &name, rtype, Recursion::On, deadline).await?,
            None => {
                Resolver::new(&context.config.resolver)
                    .query(&name, rtype, deadline)
                    .await?
            }
        };
        // Both answers begin with the same aliases.
        for record in accepted(&name, answer)? {
            let is_known = found.iter().any(|known| {
                known.r#type == record.r#type && known.value == record.value && known.name == record.name
            });
            if !is_known {
                found.push(record);
            }
        }
    }
    let rows = found.into_iter().map(
        |AnswerRecord {
             name,
             ttl,
             r#type,
             value,
         }| Found {
            name,
            r#type,
            ttl,
            value,
        },
    );
    context.ui.all(&rows.collect::<Vec<_>>())
}

/// What goes over the wire. Names outside ASCII are converted; all others are taken as they are, because there is more
/// in DNS than what a zone of ours may hold.
fn question(args: &Args, context: &Context) -> Result<(String, Vec<RecordType>)> {
    if args.name.is_empty() {
        return Err(Error::invalid("a name must not be empty").hint("the root is written ."));
    }
    let given = args.rtype.as_ref().map(|rtype| vec![rtype.take(&context.ui)]);
    if let (None, Ok(address)) = (&given, args.name.parse::<IpAddr>()) {
        return Ok((reverse(address), vec![RecordType::Ptr]));
    }
    let name = if args.name.is_ascii() {
        args.name.clone()
    } else {
        let (labels, rest) = underscored(&args.name);
        format!("{labels}{}", DomainName::parse(rest)?.take(&context.ui))
    };
    Ok((
        name,
        given.unwrap_or_else(|| vec![RecordType::A, RecordType::Aaaa]),
    ))
}

/// `_dmarc.bücher.example` → `_dmarc.` and `bücher.example`.
fn underscored(name: &str) -> (&str, &str) {
    let labels = name
        .split_inclusive('.')
        .take_while(|label| label.starts_with('_') && label.is_ascii());
    name.split_at(labels.map(str::len).sum())
}

/// RFC 1035 §3.5 and RFC 3596 §2.5.
fn reverse(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => {
            let nibbles = address
                .octets()
                .into_iter()
                .rev()
                .flat_map(|octet| [octet & 15, octet >> 4]);
            nibbles
                .map(|nibble| format!("{nibble:x}"))
                .collect::<Vec<_>>()
                .join(".")
                + ".ip6.arpa"
        }
    }
}

/// The records of an answer; what is none, as an error.
fn accepted(name: &str, answer: Answer) -> Result<Vec<AnswerRecord>> {
    let (name, server) = (excerpt(name), answer.server);
    match answer.rcode.as_str() {
        "NOERROR" => Ok(answer.records),
        "NXDOMAIN" => Err(Error::new(
            Kind::NotFound,
            "not_found",
            format!("no name {name}, says {server} (NXDOMAIN)"),
        )),
        rcode => {
            let message = format!("{server} gives no answer about {name}: {rcode}");
            Err(
                Error::new(Kind::Unavailable, &rcode.to_ascii_lowercase(), message)
                    .hint("--server IP asks another one"),
            )
        }
    }
}

fn server(text: &str) -> Result<SocketAddr, String> {
    let alone = || {
        text.parse::<IpAddr>()
            .map(|address| SocketAddr::new(address, PORT))
    };
    match text.parse::<SocketAddr>().or_else(|_| alone()) {
        Ok(server) if server.port() != 0 => Ok(server),
        _ => Err(
            "an IP address is needed, or one with a port: 192.0.2.53, 192.0.2.53:5353, [2001:db8::53]:53"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_asked_for_backwards() {
        assert_eq!(
            reverse("192.0.2.1".parse().expect("address")),
            "1.2.0.192.in-addr.arpa"
        );
        let name = reverse("2001:db8::1".parse().expect("address"));
        assert!(
            name.starts_with("1.0.0.0.") && name.ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"),
            "{name}"
        );
        assert_eq!(name.len(), 72);
    }

    #[test]
    fn a_server_may_name_its_port() {
        for (given, meant) in [
            ("192.0.2.53", "192.0.2.53:53"),
            ("192.0.2.53:5353", "192.0.2.53:5353"),
            ("2001:db8::53", "[2001:db8::53]:53"),
            ("[2001:db8::53]:5353", "[2001:db8::53]:5353"),
        ] {
            assert_eq!(server(given).expect(given).to_string(), meant);
        }
        for bad in [
            "",
            "ns1.example.net",
            "192.0.2.53:",
            "192.0.2.53:0",
            "192.0.2.53:70000",
            "192.0.2",
        ] {
            assert!(server(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn labels_with_underscores_are_no_part_of_the_domain() {
        assert_eq!(
            underscored("_dmarc.bücher.example"),
            ("_dmarc.", "bücher.example")
        );
        assert_eq!(underscored("bücher.example"), ("", "bücher.example"));
    }

    fn answered(rcode: &str) -> Result<Vec<AnswerRecord>> {
        let server = "192.0.2.53:53".parse().expect("address");
        accepted(
            "example.test",
            Answer {
                server,
                rcode: rcode.to_owned(),
                authoritative: false,
                records: Vec::new(),
            },
        )
    }

    #[test]
    fn a_name_that_is_not_there_is_told_from_a_server_that_fails() {
        assert!(answered("NOERROR").is_ok());
        assert_eq!(answered("NXDOMAIN").expect_err("none").kind(), Kind::NotFound);
        let error = answered("SERVFAIL").expect_err("failed");
        assert_eq!((error.kind(), error.reason()), (Kind::Unavailable, "servfail"));
    }
}
