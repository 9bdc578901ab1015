//! What one order counts as.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::Counted;
use crate::config::{OrderLimits, Rate};

/// One thing that an order counts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) counted: Counted,
    pub(super) subject: String,
    pub(super) rate: Option<Rate>,
}

/// Why an order is let in more easily.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// Nothing speaks for it.
    New,
    /// There was a certificate for the same names.
    SameNames,
    /// It says which certificate it replaces (RFC 9773 §5).
    Replaces,
}

/// Everything that an order for these names counts as, failures included, which are only looked at.
pub(super) fn counts(limits: &OrderLimits, identifiers: &[String], occasion: Occasion) -> Vec<Count> {
    let occasion = match limits.exempts_renewals {
        true => occasion,
        false => Occasion::New,
    };
    if occasion == Occasion::Replaces {
        return Vec::new();
    }
    let of = |counted, subject, rate| Count {
        counted,
        subject,
        rate,
    };
    let mut counts = vec![of(
        Counted::Certificates,
        same_names(identifiers),
        limits.certificates,
    )];
    let proved: BTreeSet<&str> = identifiers.iter().map(|name| proved(name)).collect();
    counts.extend(
        proved
            .into_iter()
            .map(|name| of(Counted::Failures, name.to_owned(), limits.failures)),
    );
    if occasion == Occasion::New {
        counts.push(of(Counted::Orders, String::new(), limits.orders));
        let domains: BTreeSet<String> = identifiers.iter().map(|name| registered(name)).collect();
        counts.extend(
            domains
                .into_iter()
                .map(|domain| of(Counted::Domain, domain, limits.domain)),
        );
    }
    counts
}

/// The names of a certificate as one text, in whatever order they came.
pub(super) fn same_names(identifiers: &[String]) -> String {
    let sorted: BTreeSet<&str> = identifiers.iter().map(String::as_str).collect();
    sorted.into_iter().collect::<Vec<_>>().join(" ")
}

/// What is proved for an identifier: the name below the star of a wildcard.
pub(super) fn proved(identifier: &str) -> &str {
    identifier.strip_prefix("*.").unwrap_or(identifier)
}

/// What somebody registered: one label below a public suffix. An address stands for itself, one of version 6 for its /64.
fn registered(identifier: &str) -> String {
    match identifier.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let network = u128::from(address) & (u128::MAX << 64);
            format!("{}/64", std::net::Ipv6Addr::from(network))
        }
        Err(_) => {
            let name = proved(identifier);
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limits(exempts_renewals: bool) -> OrderLimits {
        let rate = |count| {
            Some(Rate {
                count,
                window: Duration::from_secs(3600),
            })
        };
        OrderLimits {
            orders: rate(300),
            failures: rate(5),
            certificates: rate(5),
            domain: rate(50),
            exempts_renewals,
        }
    }

    fn words(exempts: bool, occasion: Occasion) -> Vec<String> {
        let names = ["shop.example.co.uk", "*.shop.example.co.uk", "www.example.com"];
        let names = names.map(ToOwned::to_owned);
        let mut words: Vec<String> = counts(&limits(exempts), &names, occasion)
            .into_iter()
            .map(|count| format!("{} {}", count.counted.word(), count.subject))
            .collect();
        words.sort();
        words
    }

    #[test]
    fn an_order_counts_once_a_name_a_domain_and_a_set_of_names() {
        let all = [
            "certificate *.shop.example.co.uk shop.example.co.uk www.example.com",
            "domain example.co.uk",
            "domain example.com",
            "failure shop.example.co.uk",
            "failure www.example.com",
            "order ",
        ];
        assert_eq!(words(true, Occasion::New), all);
        for occasion in [Occasion::SameNames, Occasion::Replaces] {
            assert_eq!(words(false, occasion), all, "an authority that exempts nothing");
        }
    }

    #[test]
    fn renewals_are_exempt_from_what_the_authority_exempts_them_from() {
        assert!(words(true, Occasion::Replaces).is_empty());
        let same = words(true, Occasion::SameNames);
        assert!(
            same.len() == 3
                && same
                    .iter()
                    .all(|word| !word.starts_with("domain") && !word.starts_with("order")),
            "{same:?}"
        );
    }

    #[test]
    fn a_registered_domain_is_below_a_public_suffix() {
        for (identifier, domain) in [
            ("a.b.example.com", "example.com"),
            ("*.example.co.uk", "example.co.uk"),
            ("a.someone.github.io", "someone.github.io"),
            ("github.io", "github.io"),
            ("shop.test", "shop.test"),
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3::1", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(registered(identifier), domain, "{identifier}");
        }
    }
}
