//! Zones of the reverse tree, and names of zones of either kind.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::Result;
use crate::model::field::Field;
use crate::model::number::whole;
use crate::model::{DomainName, Given, text_type};

/// A network whose addresses have a zone of their own: IPv4 at octet boundaries (RFC 1035 §3.5), IPv6 at nibble
/// boundaries (RFC 3596 §2.5). Shown as the network, `192.0.2.0/24`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReverseZone {
    network: IpAddr,
    prefix: u8,
}

text_type!(ReverseZone);

impl ReverseZone {
    /// A network in CIDR notation, as [`ReverseZone::parse_cidr`].
    ///
    /// # Errors
    /// `invalid`.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        Self::parse_cidr(input)
    }

    /// A network in CIDR notation: `192.0.2.0/24`, `2001:db8::/32`.
    ///
    /// # Errors
    /// `invalid` where the prefix is on no boundary, or the address has bits set beyond it.
    pub fn parse_cidr(input: &str) -> Result<Given<Self>> {
        let field = Field::new("network", input);
        field.check(64)?;
        let (address, length) = input
            .split_once('/')
            .ok_or_else(|| field.refuse("an address, a slash and a prefix length are needed"))?;
        let network: IpAddr = address
            .parse()
            .map_err(|_| field.refuse("not an IP address before the slash"))?;
        let (width, step) = if network.is_ipv4() { (32, 8) } else { (128, 4) };
        let prefix = whole(length, width).map_err(|rule| field.refuse_at(address.len() + 1, rule))?;
        if prefix == 0 || prefix % step != 0 {
            let rule = format_args!("the prefix length must be a multiple of {step}").to_string();
            return Err(field.refuse_at(address.len() + 1, rule));
        }
        let zone = ReverseZone {
            network,
            prefix: u8::try_from(prefix).unwrap_or(u8::MAX),
        };
        if zone.masked() != network {
            let meant = ReverseZone {
                network: zone.masked(),
                ..zone
            };
            return Err(field
                .refuse("the address has bits set beyond the prefix")
                .hint(format!("use {meant}")));
        }
        let stored = zone.to_string();
        Ok(Given::normalised(zone, input, &stored))
    }

    /// The network behind the name of a zone, `2.0.192.in-addr.arpa`; nothing for other names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some(labels) = name.strip_suffix(".in-addr.arpa") {
            let octets: Vec<u8> = labels.rsplit('.').map(octet).collect::<Option<_>>()?;
            let mut full = [0; 4];
            full.get_mut(..octets.len())?.copy_from_slice(&octets);
            return Some(ReverseZone {
                network: Ipv4Addr::from(full).into(),
                prefix: u8::try_from(8 * octets.len()).ok()?,
            });
        }
        let labels = name.strip_suffix(".ip6.arpa")?;
        let nibbles: Vec<u8> = labels.rsplit('.').map(nibble).collect::<Option<_>>()?;
        let mut full = [0_u8; 16];
        for (index, nibble) in nibbles.iter().enumerate() {
            *full.get_mut(index / 2)? |= if index % 2 == 0 { nibble << 4 } else { *nibble };
        }
        Some(ReverseZone {
            network: Ipv6Addr::from(full).into(),
            prefix: u8::try_from(4 * nibbles.len()).ok()?,
        })
    }

    /// The name of the zone.
    #[must_use]
    pub fn name(&self) -> DomainName {
        let labels: Vec<String> = match self.network {
            IpAddr::V4(address) => address
                .octets()
                .iter()
                .take(usize::from(self.prefix / 8))
                .map(u8::to_string)
                .collect(),
            IpAddr::V6(address) => address
                .octets()
                .iter()
                .flat_map(|octet| [octet >> 4, octet & 15])
                .take(usize::from(self.prefix / 4))
                .map(|nibble| format!("{nibble:x}"))
                .collect(),
        };
        let tree = if self.network.is_ipv4() {
            "in-addr.arpa"
        } else {
            "ip6.arpa"
        };
        let labels: Vec<&str> = labels.iter().rev().map(String::as_str).collect();
        DomainName::trusted(format!("{}.{tree}", labels.join(".")))
    }

    fn masked(&self) -> IpAddr {
        match self.network {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0);
                Ipv4Addr::from_bits(address.to_bits() & mask).into()
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix)).unwrap_or(0);
                Ipv6Addr::from_bits(address.to_bits() & mask).into()
            }
        }
    }
}

impl fmt::Display for ReverseZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

fn octet(label: &str) -> Option<u8> {
    whole(label, 255)
        .ok()
        .and_then(|number| u8::try_from(number).ok())
}

fn nibble(label: &str) -> Option<u8> {
    let digit = label.chars().next().filter(|_| label.len() == 1)?;
    digit.to_digit(16).and_then(|number| u8::try_from(number).ok())
}

/// The name of a zone: a [`DomainName`] or that of a [`ReverseZone`]. What verbs take where the zone exists already, and
/// what a plan keeps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZoneName(DomainName);

text_type!(ZoneName);

impl ZoneName {
    /// Any spelling of either kind of name.
    ///
    /// # Errors
    /// As [`DomainName::parse`].
    pub fn parse(input: &str) -> Result<Given<Self>> {
        if input.len() <= 80 {
            let lower = input.to_ascii_lowercase();
            if let Some(zone) = ReverseZone::from_name(lower.strip_suffix('.').unwrap_or(&lower)) {
                let name = zone.name();
                return Ok(Given::normalised(ZoneName(name.clone()), input, name.as_str()));
            }
        }
        Ok(DomainName::parse(input)?.map(ZoneName))
    }

    /// The name as a domain.
    #[must_use]
    pub fn domain(&self) -> &DomainName {
        &self.0
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<DomainName> for ZoneName {
    fn from(name: DomainName) -> Self {
        ZoneName(name)
    }
}

impl From<&ReverseZone> for ZoneName {
    fn from(zone: &ReverseZone) -> Self {
        ZoneName(zone.name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_network_names_its_zone() {
        for (network, name) in [
            ("192.0.2.0/24", "2.0.192.in-addr.arpa"),
            ("10.0.0.0/8", "10.in-addr.arpa"),
            ("192.0.2.1/32", "1.2.0.192.in-addr.arpa"),
            ("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa"),
            ("2001:DB8:a0::/44", "a.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
        ] {
            let given = ReverseZone::parse_cidr(network).expect(network);
            assert_eq!(given.value.name().as_str(), name);
            assert_eq!(given.note.is_some(), network.contains("DB8"));
            assert_eq!(ReverseZone::from_name(name), Some(given.value));
        }
    }

    #[test]
    fn networks_off_a_boundary_are_refused() {
        for input in [
            "",
            "192.0.2.0",
            "192.0.2.0/25",
            "192.0.2.0/0",
            "192.0.2.0/33",
            "192.0.2.0/+24",
            "192.0.2.0/024",
            "192.0.2.1/24",
            "2001:db8::/33",
            "2001:db8::1/32",
            "::/0",
            "::/129",
            "example.com/24",
            "192.0.2.0/24\n",
            "/24",
            "192.0.2.0/24/8",
        ] {
            assert_eq!(
                ReverseZone::parse_cidr(input).expect_err(input).reason(),
                "invalid",
                "{input}"
            );
        }
        let error = ReverseZone::parse_cidr("192.0.2.7/24").expect_err("host bits");
        assert_eq!(error.hint_text(), Some("use 192.0.2.0/24"));
    }

    #[test]
    fn a_zone_is_named_by_either_kind_of_name() {
        for (input, name) in [
            ("2.0.192.IN-ADDR.arpa.", "2.0.192.in-addr.arpa"),
            ("8.B.d.0.1.0.0.2.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa"),
            ("Example.com", "example.com"),
        ] {
            assert_eq!(ZoneName::parse(input).expect(input).value.as_str(), name);
        }
        for input in [
            "in-addr.arpa",
            "ip6.arpa",
            "256.in-addr.arpa",
            "01.in-addr.arpa",
            "1.2.3.4.5.in-addr.arpa",
            "g.ip6.arpa",
            "e164.arpa",
            "x.local",
        ] {
            assert_eq!(
                ZoneName::parse(input).expect_err(input).reason(),
                "reserved",
                "{input}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_canonical(input in "\\PC{0,20}|[0-9]{1,3}(\\.[0-9]{1,3}){3}/(8|16|24|32)|[0-9a-f]{1,4}::/(16|20|32)") {
            if let Ok(given) = ReverseZone::parse_cidr(&input) {
                let text = given.value.to_string();
                prop_assert_eq!(ReverseZone::parse_cidr(&text).expect("canonical"), Given::plain(given.value.clone()));
                let name = ZoneName::from(&given.value);
                prop_assert_eq!(ZoneName::parse(name.as_str()).expect("name"), Given::plain(name));
            }
        }
    }
}
