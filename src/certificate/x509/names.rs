//! Whether a certificate's names hold a wanted one.

use std::net::IpAddr;

/// Whether one of `held` stands for `wanted`: the same name, a wildcard for exactly one more label (RFC 6125 §6.4.3), the
/// same address however it is written. A wanted wildcard is held by itself alone.
#[must_use]
pub fn covers(held: &[String], wanted: &str) -> bool {
    if let Ok(address) = wanted.parse::<IpAddr>() {
        return held.iter().any(|name| name.parse() == Ok(address));
    }
    let parent = wanted
        .split_once('.')
        .filter(|(label, _)| *label != "*")
        .map(|(_, parent)| parent);
    held.iter().any(|name| {
        name.eq_ignore_ascii_case(wanted)
            || name
                .strip_prefix("*.")
                .zip(parent)
                .is_some_and(|(base, parent)| base.eq_ignore_ascii_case(parent))
    })
}
