//! Free ports on loopback: free for TCP and for UDP, and kept from every other sandbox on the host until let go.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::ops::Range;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use crate::clock;
use crate::error::{Error, Result};

/// Below this are the ports that people give to servers by hand.
const LOWEST: u16 = 12_000;
/// How many ports are looked at before giving up.
const ATTEMPTS: u16 = 2_000;

/// A port that no other sandbox takes while this lives. Whoever is not a sandbox still can, until a server listens.
#[derive(Debug)]
pub struct Port {
    number: u16,
    /// A socket in the abstract namespace is a lock without a file: it is gone with the process.
    _lock: UnixDatagram,
}

impl Port {
    /// A port that is free now, from a random place in the range that the system does not give to outgoing connections.
    pub fn reserve() -> Result<Port> {
        let range = range(&fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default());
        let length = range.end - range.start;
        let start = u16::from_le_bytes(clock::random()?) % length;
        (0..ATTEMPTS.min(length))
            .map(|offset| range.start + (start + offset) % length)
            .find_map(Port::lock)
            .ok_or_else(|| Error::unavailable("no port is free on 127.0.0.1"))
    }

    /// Reserves this very port, whether or not a server listens on it already; `None` where a sandbox holds it.
    fn keep(number: u16) -> Option<Port> {
        let name = SocketAddr::from_abstract_name(format!("hostctl-sandbox-port-{number}")).ok()?;
        Some(Port {
            number,
            _lock: UnixDatagram::bind_addr(&name).ok()?,
        })
    }

    fn lock(number: u16) -> Option<Port> {
        Port::keep(number).filter(|_| is_free(number))
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// Whether nothing listens on this port of 127.0.0.1, neither TCP nor UDP.
#[must_use]
pub fn is_free(number: u16) -> bool {
    let address = (Ipv4Addr::LOCALHOST, number);
    TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok()
}

/// The ports below the ephemeral range, or above it where there is too little room below.
fn range(ephemeral: &str) -> Range<u16> {
    let mut bounds = ephemeral
        .split_ascii_whitespace()
        .filter_map(|number| number.parse::<u16>().ok());
    let (first, last) = (bounds.next().unwrap_or(32_768), bounds.next().unwrap_or(60_999));
    if first >= LOWEST + ATTEMPTS {
        LOWEST..first
    } else if last < u16::MAX - ATTEMPTS {
        last + 1..u16::MAX
    } else {
        LOWEST..32_768
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_leaves_out_the_ephemeral_ports() {
        assert_eq!(range("32768\t60999\n"), LOWEST..32_768);
        assert_eq!(range("1024 40000"), 40_001..u16::MAX);
        assert_eq!(range("1024 65535"), LOWEST..32_768);
        assert_eq!(range(""), LOWEST..32_768);
    }

    #[test]
    fn a_reserved_port_is_not_given_twice() {
        let first = Port::reserve().expect("a port");
        assert!(Port::lock(first.number()).is_none());
        let number = first.number();
        drop(first);
        assert!(Port::lock(number).is_some());
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("a listener");
        assert!(!is_free(tcp.local_addr().expect("address").port()));
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        assert!(!is_free(udp.local_addr().expect("address").port()));
    }
}
