//! What may be there only once in all texts: a domain, a database, a box.

use std::collections::BTreeMap;

use super::Entry;
use crate::error::{Error, Kind, Result};

/// Refuses what is given twice, naming both places.
///
/// # Errors
/// `usage`, reason `duplicate`.
pub(super) fn check(entries: &[Entry]) -> Result<()> {
    let mut seen: BTreeMap<&str, Vec<(&str, &Entry, usize)>> = BTreeMap::new();
    for entry in entries {
        for (name, line) in &entry.names {
            let (cluster, what) = split(name);
            let known = seen.entry(what).or_default();
            // A database without a cluster may be on any: its name is taken on all of them.
            let same = |(other, _, _): &&(&str, &Entry, usize)| {
                *other == cluster || other.is_empty() || cluster.is_empty()
            };
            if let Some((_, first, first_line)) = known.iter().find(same) {
                let kind = name.split(' ').next().unwrap_or_default();
                let shown = if kind == "database" {
                    format!("database {what}")
                } else {
                    name.clone()
                };
                let message = format!(
                    "{}:{first_line} and {}:{line}: {shown} is given twice",
                    first.source, entry.source
                );
                return Err(Error::new(Kind::Usage, "duplicate", message));
            }
            known.push((cluster, entry, *line));
        }
    }
    Ok(())
}

/// The cluster of a database and its name; anything else is its own name.
fn split(name: &str) -> (&str, &str) {
    name.strip_prefix("database ")
        .and_then(|rest| rest.split_once('/'))
        .unwrap_or(("", name))
}
