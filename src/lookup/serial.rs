//! The serial of a zone as one server has it, and which of two is the newer.

use std::net::SocketAddr;

use super::ask::{self, Recursion};
use crate::env::deadline::Deadline;
use crate::error::Result;
use crate::model::RecordType;

/// What one server says about a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serial {
    /// The serial of its SOA; absent where it has none.
    pub serial: Option<u32>,
    /// Whether it speaks with authority.
    pub authoritative: bool,
}

impl Serial {
    /// Whether the server has `wanted` or something newer, with authority.
    #[must_use]
    pub fn has(self, wanted: u32) -> bool {
        self.authoritative && self.serial.is_some_and(|serial| is_at_least(serial, wanted))
    }
}

/// Asks `server` for the serial of `zone`.
///
/// # Errors
/// As [`ask::query`].
pub async fn serial(server: SocketAddr, zone: &str, deadline: Deadline) -> Result<Serial> {
    let answer = ask::query(server, zone, RecordType::Soa, Recursion::Off, deadline).await?;
    let serial = answer.values(RecordType::Soa).next().and_then(of_soa);
    Ok(Serial {
        serial,
        authoritative: answer.authoritative && answer.is_ok(),
    })
}

/// The third word of an SOA's data.
fn of_soa(presentation: &str) -> Option<u32> {
    presentation.split_ascii_whitespace().nth(2)?.parse().ok()
}

/// Serial arithmetic of RFC 1982 §3.2: the newer one is less than half the circle ahead.
fn is_at_least(serial: u32, wanted: u32) -> bool {
    serial.wrapping_sub(wanted) < 1 << 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_go_round_in_a_circle() {
        for (serial, wanted, expected) in [
            (2, 1, true),
            (1, 1, true),
            (1, 2, false),
            (0, u32::MAX, true),
            (5, u32::MAX - 5, true),
            (u32::MAX, 0, false),
            (1 << 31, 0, false),
        ] {
            assert_eq!(is_at_least(serial, wanted), expected, "{serial} {wanted}");
        }
    }

    #[test]
    fn only_authority_counts() {
        assert!(
            Serial {
                serial: Some(7),
                authoritative: true
            }
            .has(7)
        );
        assert!(
            !Serial {
                serial: Some(7),
                authoritative: false
            }
            .has(7)
        );
        assert!(
            !Serial {
                serial: None,
                authoritative: true
            }
            .has(0)
        );
        assert_eq!(
            of_soa("ns1.example.test. hostmaster.example.test. 42 1 2 3 4"),
            Some(42)
        );
        assert_eq!(of_soa("nonsense"), None);
    }
}
