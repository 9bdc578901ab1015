//! The records of a manifest, put together into groups of one name and type.

use super::RecordGroup;
use super::read::Reader;
use super::tree::{Node, Value};
use crate::error::Result;
use crate::model::{DomainName, RecordData, RecordName, RecordType, Ttl};

/// The groups in the order in which they are first named. What is given twice with one TTL is put together.
///
/// # Errors
/// `usage` with both lines where one group has two TTLs (RFC 2181 §5.2); as the model for names, types and data.
pub(super) fn groups(reader: &mut Reader<'_>, zone: &DomainName, items: &[Node]) -> Result<Vec<RecordGroup>> {
    let mut groups: Vec<(RecordGroup, usize)> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    for item in items {
        let group = group(reader, zone, item)?;
        let key = (group.name.clone(), group.rtype);
        let Some(index) = places.get(&key).copied() else {
            places.insert(key, groups.len());
            groups.push((group, item.line));
            continue;
        };
        let (first, line): &mut (RecordGroup, usize) = &mut groups[index];
        if first.ttl != group.ttl {
            let message = format!(
                "{} {} has TTL {} here and {} at {}; a set has one (RFC 2181 §5.2)",
                group.name,
                group.rtype,
                group.ttl,
                first.ttl,
                reader.place(*line)
            );
            return Err(reader.refuse(item, &message));
        }
        for data in group.values {
            if !first.values.contains(&data) {
                first.values.push(data);
            }
        }
    }
    Ok(groups.into_iter().map(|(group, _)| group).collect())
}

fn group(reader: &mut Reader<'_>, zone: &DomainName, item: &Node) -> Result<RecordGroup> {
    let rtype: RecordType = reader.required(item, "type")?;
    let text = |key: &str| item.get(key).and_then(Node::text).unwrap_or_default();
    let name = reader.taken(item, RecordName::parse(text("name"), zone))?;
    let ttl = match item.get("ttl") {
        None => Ttl::DEFAULT,
        Some(node) => {
            let text = match &node.value {
                Value::Integer(seconds) => seconds.to_string(),
                _ => node.text().unwrap_or_default().to_owned(),
            };
            // `1h` is as canonical as 3600 here: no note.
            Ttl::parse(&text)
                .map_err(|error| error.context(reader.place(node.line)))?
                .value
        }
    };
    let mut values: Vec<RecordData> = Vec::new();
    for node in item.get("values").map(Node::items).unwrap_or_default() {
        let given = RecordData::parse_any(rtype, node.text().unwrap_or_default(), zone);
        let data = reader.taken(node, given)?;
        if !values.contains(&data) {
            values.push(data);
        }
    }
    if values.is_empty() {
        return Err(reader.refuse(item, &format!("{name} {rtype} has no values")));
    }
    Ok(RecordGroup {
        name,
        rtype,
        ttl,
        values,
    })
}
