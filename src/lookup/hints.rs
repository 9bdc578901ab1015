//! Where the tree begins: the root servers, and the key that signs the root.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use hickory_proto::dnssec::TrustAnchors;

use crate::config;
use crate::env::files;
use crate::error::{Error, Result};

/// No file of either kind is larger.
const LIMIT: u64 = 1 << 20;

/// `named.root` as IANA publishes it, a to m.
const ROOT: [&str; 26] = [
    "198.41.0.4",
    "170.247.170.2",
    "192.33.4.12",
    "199.7.91.13",
    "192.203.230.10",
    "192.5.5.241",
    "192.112.36.4",
    "198.97.190.53",
    "192.36.148.17",
    "192.58.128.30",
    "193.0.14.129",
    "199.7.83.42",
    "202.12.27.33",
    "2001:503:ba3e::2:30",
    "2801:1b8:10::b",
    "2001:500:2::c",
    "2001:500:2d::d",
    "2001:500:a8::e",
    "2001:500:2f::f",
    "2001:500:12::d0d",
    "2001:500:1::53",
    "2001:7fe::53",
    "2001:503:c27::2:30",
    "2001:7fd::1",
    "2001:500:9f::42",
    "2001:dc3::35",
];

/// The root servers that are configured, or the Internet's.
///
/// # Errors
/// `usage` where the file cannot be read or names no address.
pub(super) fn roots(config: &config::Resolver) -> Result<Vec<SocketAddr>> {
    let addresses: Vec<IpAddr> = match &config.root_hints_file {
        None => ROOT.iter().filter_map(|address| address.parse().ok()).collect(),
        Some(path) => {
            let found = of_text(&files::read_text(path, LIMIT)?);
            if found.is_empty() {
                return Err(refused("root_hints_file", path, "it names no address"));
            }
            found
        }
    };
    let port = config.authoritative_port;
    Ok(addresses
        .into_iter()
        .map(|address| SocketAddr::new(address, port))
        .collect())
}

/// The trust anchors that are configured, or the Internet's. None where the root is a private one without its own: nothing
/// there is signed by IANA.
///
/// # Errors
/// `usage` where the file cannot be read or holds no key.
pub(super) fn anchors(config: &config::Resolver) -> Result<Option<TrustAnchors>> {
    match (&config.trust_anchor_file, &config.root_hints_file) {
        (Some(path), _) => {
            let text = files::read_text(path, LIMIT)?;
            let anchors: TrustAnchors = text
                .parse()
                .map_err(|error| refused("trust_anchor_file", path, &format!("{error}")))?;
            Ok(Some(anchors))
        }
        (None, Some(_)) => Ok(None),
        (None, None) => Ok(Some(TrustAnchors::default())),
    }
}

/// Every address in a master file: of `a.root. 60 A 192.0.2.1` the last word.
fn of_text(text: &str) -> Vec<IpAddr> {
    let line = |line: &str| {
        let words: Vec<&str> = line.split(';').next()?.split_whitespace().collect();
        let (last, others) = words.split_last()?;
        let is_address = others.iter().any(|word| {
            let word = word.to_ascii_uppercase();
            word == "A" || word == "AAAA"
        });
        is_address.then(|| last.parse().ok()).flatten()
    };
    text.lines().filter_map(line).collect()
}

fn refused(key: &str, path: &Path, why: &str) -> Error {
    Error::configuration(format!("[resolver] {key} {}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_root_server_has_its_addresses() {
        assert!(ROOT.iter().all(|address| address.parse::<IpAddr>().is_ok()));
    }

    #[test]
    fn hints_are_read_as_they_are_published() {
        let text = ";  last update\n.  3600000  NS  A.ROOT-SERVERS.NET.\nA.ROOT-SERVERS.NET. 3600000 A 198.41.0.4\n\
            a.root-servers.net. 3600000 IN aaaa 2001:503:ba3e::2:30 ; both\n";
        let expected: Vec<IpAddr> = ["198.41.0.4", "2001:503:ba3e::2:30"]
            .iter()
            .map(|address| address.parse().expect("an address"))
            .collect();
        assert_eq!(of_text(text), expected);
    }
}
