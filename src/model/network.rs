//! Networks of addresses, and which addresses are everybody's to reach: what a stranger names must not lead inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    length: u8,
}

impl Network {
    /// `127.0.0.0/8`; nothing for what is no network.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (address, length) = (address.parse::<IpAddr>().ok()?, length.parse::<u8>().ok()?);
        let longest = if address.is_ipv4() { 32 } else { 128 };
        (length <= longest).then_some(Network { address, length })
    }

    /// Whether `address` is in it. An IPv4 address in the clothes of IPv6 is in no network of IPv4.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => covers_v4((own, self.length), other),
            (IpAddr::V6(own), IpAddr::V6(other)) => covers_v6((own, self.length), other),
            _ => false,
        }
    }
}

/// Which addresses may be asked: everybody's, and the private ones that were allowed.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    allowed: Vec<Network>,
}

impl Reach {
    /// The public addresses, and those in `allowed`.
    #[must_use]
    pub fn new(allowed: Vec<Network>) -> Self {
        Reach { allowed }
    }

    /// With these addresses besides.
    #[must_use]
    pub fn and(&self, addresses: impl Iterator<Item = IpAddr>) -> Self {
        let single = |address: IpAddr| Network {
            address,
            length: if address.is_ipv4() { 32 } else { 128 },
        };
        Reach {
            allowed: self
                .allowed
                .iter()
                .copied()
                .chain(addresses.map(single))
                .collect(),
        }
    }

    /// Whether `address` may be asked.
    #[must_use]
    pub fn may(&self, address: IpAddr) -> bool {
        is_public(address) || self.allowed.iter().any(|network| network.contains(address))
    }
}

/// Whether the address is one of the Internet's: in no special-purpose registry (RFC 6890), and no IPv6 address that has an
/// IPv4 address in it, since whoever translates it may lead anywhere.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|network| covers_v4(*network, address)),
        IpAddr::V6(address) => {
            covers_v6(GLOBAL_V6, address) && !SPECIAL_V6.iter().any(|network| covers_v6(*network, address))
        }
    }
}

/// The IANA registry for IPv4, multicast and class E.
const SPECIAL_V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];
/// All that is assigned so far (RFC 4291 §2.4); mapped addresses, NAT64, unique local, link-local and multicast are outside.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// What is special within: protocol assignments with Teredo, documentation, 6to4.
const SPECIAL_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn covers_v4((network, length): (Ipv4Addr, u8), address: Ipv4Addr) -> bool {
    let kept = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
    network.to_bits() & kept == address.to_bits() & kept
}

fn covers_v6((network, length): (Ipv6Addr, u8), address: Ipv6Addr) -> bool {
    let kept = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    network.to_bits() & kept == address.to_bits() & kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn only_the_internet_s_addresses_are_public() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "172.32.0.1",
            "2606:4700::1111",
            "2a00::1",
        ] {
            assert!(is_public(ip(public)), "{public}");
        }
        for special in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.0.2.1",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:10.0.0.1",
            "64:ff9b::808:808",
            "2002:a00:1::1",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(ip(special)), "{special}");
        }
    }

    #[test]
    fn what_was_allowed_may_be_asked_and_nothing_beside_it() {
        let network = |text: &str| Network::parse(text).expect(text);
        let reach = Reach::new(vec![
            network("127.0.0.0/30"),
            network("::1/128"),
            network("10.9.0.0/16"),
        ]);
        for allowed in ["127.0.0.3", "::1", "10.9.255.1", "1.1.1.1"] {
            assert!(reach.may(ip(allowed)), "{allowed}");
        }
        for refused in ["127.0.0.4", "::2", "10.10.0.1", "::ffff:127.0.0.1"] {
            assert!(!reach.may(ip(refused)), "{refused}");
        }
        assert!(network("0.0.0.0/0").contains(ip("10.0.0.1")) && !network("0.0.0.0/0").contains(ip("::1")));
        for wrong in ["127.0.0.0/33", "127.0.0.1", "::/129", "x/8", "10.0.0.0/"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }
}
