//! A and AAAA.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::error::Result;
use crate::model::field::Field;

/// Four numbers without leading zeros.
pub(super) fn a(field: Field<'_>) -> Result<String> {
    let address = field
        .input
        .parse::<Ipv4Addr>()
        .map_err(|_| field.refuse("not an IPv4 address"))?;
    Ok(address.to_string())
}

/// In the one spelling of RFC 5952; no zone, no prefix.
pub(super) fn aaaa(field: Field<'_>) -> Result<String> {
    let address = field
        .input
        .parse::<Ipv6Addr>()
        .map_err(|_| field.refuse("not an IPv6 address"))?;
    Ok(address.to_string())
}
