//! Reading certificates, and what has to be true of one before it is kept: it holds the names that are wanted, belongs to
//! the key, leads to its issuer by signatures, and is valid at the database's time.

mod chain;
mod key;
mod leaf;
mod names;
#[cfg(test)]
mod tests;

pub use chain::Chain;
pub use key::Key;
pub use leaf::Leaf;
pub use names::covers;

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Kind};

/// A certificate that cannot be kept, by a stable word.
fn refused(reason: &str, message: impl Into<String>) -> Error {
    Error::new(Kind::Usage, reason, message)
}

/// Bytes as a section of PEM (RFC 7468): 64 characters a line.
fn section(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    let _ = writeln!(pem, "-----END {label}-----");
    pem
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
