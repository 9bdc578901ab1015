//! The mark that every outside effect carries, so that any host can tell whose it is.

use std::fmt;

use uuid::Uuid;

/// Crockford's base32 in lower case: no letter that is mistaken for a digit, safe in every name.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// `hostctl:<operation in 26 characters>:<step>.<epoch>`; at most 48 bytes, no character that any substrate quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Marker {
    /// The operation that made the effect.
    pub operation: Uuid,
    /// The number of its step, from 0.
    pub step: u32,
    /// The epoch of the process that made it.
    pub epoch: i64,
}

impl Marker {
    /// Reads a marker back; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (operation, rest) = text.strip_prefix("hostctl:")?.split_once(':')?;
        let (step, epoch) = rest.split_once('.')?;
        Some(Marker {
            operation: decode(operation)?,
            step: step.parse().ok()?,
            epoch: epoch.parse().ok()?,
        })
    }

    /// Whether `text` is a marker of the same operation, whatever the step and the epoch.
    #[must_use]
    pub fn same_operation(&self, text: &str) -> bool {
        Marker::parse(text).is_some_and(|other| other.operation == self.operation)
    }

    /// What every marker of the operation begins with, and no other.
    #[must_use]
    pub fn of_operation(&self) -> String {
        format!("hostctl:{}:", self.short())
    }

    /// The operation in 26 characters of `[0-9a-z]`, for names of staging objects.
    #[must_use]
    pub fn short(&self) -> String {
        encode(self.operation)
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.{}", self.of_operation(), self.step, self.epoch)
    }
}

fn encode(id: Uuid) -> String {
    let value = id.as_u128();
    (0..26)
        .rev()
        .map(|place| ALPHABET[((value >> (place * 5)) & 31) as usize] as char)
        .collect()
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    text.bytes()
        .try_fold(0_u128, |value, byte| {
            let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
            value.checked_mul(32)?.checked_add(digit as u128)
        })
        .map(Uuid::from_u128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    #[test]
    fn a_marker_is_read_back_as_it_was_written() {
        let marker = Marker {
            operation: clock::new_id().expect("entropy"),
            step: 11,
            epoch: 3,
        };
        assert_eq!(Marker::parse(&marker.to_string()), Some(marker));
        assert!(marker.to_string().len() <= 40, "{marker}");
    }

    #[test]
    fn the_largest_identifier_fits() {
        let marker = Marker {
            operation: Uuid::max(),
            step: 0,
            epoch: 1,
        };
        assert_eq!(Marker::parse(&marker.to_string()), Some(marker));
    }

    #[test]
    fn anything_else_is_no_marker() {
        for text in [
            "",
            "hostctl:",
            "hostctl:x:0.1",
            "my database",
            "hostctl:zzzzzzzzzzzzzzzzzzzzzzzzzz:0.1",
        ] {
            assert_eq!(Marker::parse(text), None, "{text}");
        }
    }
}
