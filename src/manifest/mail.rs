//! The mail of a manifest: boxes, and aliases put into an order in which they can be made.

use std::collections::{BTreeMap, BTreeSet};

use super::read::Reader;
use super::tree::{Node, Value};
use super::{Mail, MailAlias, MailBox};
use crate::error::{Error, Result};
use crate::model::{AliasSource, DomainName, Given, LocalPart, MailAddress, Quota};

/// The mail of `domain`.
///
/// # Errors
/// `usage` with its line: names and addresses that are none, those of roles that are not meant, a name that is box and alias,
/// aliases that lead back to themselves.
pub(super) fn mail(reader: &mut Reader<'_>, domain: &DomainName, node: &Node) -> Result<Mail> {
    let mut mail = Mail {
        allow_role: matches!(
            node.get("allow_role").map(|node| &node.value),
            Some(Value::Boolean(true))
        ),
        ..Mail::default()
    };
    for item in node.get("boxes").map(Node::items).unwrap_or_default() {
        let name: LocalPart = reader.required(item, "name")?;
        if name.is_role() && !mail.allow_role {
            return Err(role(
                reader,
                item,
                &format!("mail box {name}@{domain}"),
                name.as_str(),
            ));
        }
        reader.name(format!("mail box {name}@{domain}"), item.get("name"));
        mail.boxes.push(MailBox {
            name,
            quota: reader.optional(item, "quota")?.unwrap_or(Quota::Unlimited),
            password_file: reader.file(item),
        });
    }
    let mut aliases = Vec::new();
    for item in node.get("aliases").map(Node::items).unwrap_or_default() {
        aliases.push((alias(reader, domain, &mail, item)?, item));
    }
    mail.aliases = in_order(reader, aliases)?;
    Ok(mail)
}

fn alias(reader: &mut Reader<'_>, domain: &DomainName, mail: &Mail, item: &Node) -> Result<MailAlias> {
    let source = if item.get("name").and_then(Node::text) == Some("@") {
        AliasSource::parse(&format!("@{domain}"))?.value
    } else {
        let name: LocalPart = reader.required(item, "name")?;
        AliasSource::from(MailAddress::new(name, domain.clone())?)
    };
    let what = format!("mail alias {source}");
    if mail.boxes.iter().any(|one| one.name.as_str() == source.local()) {
        return Err(reader.refuse(item, &format!("{what}: {} is one of the boxes", source.local())));
    }
    if source.address().is_some_and(|address| address.is_role()) && !mail.allow_role {
        return Err(role(reader, item, &what, source.local()));
    }
    reader.name(what.clone(), item.get("name"));
    let node = item.get("destinations");
    let mut given: Vec<MailAddress> = Vec::new();
    for destination in node.map(Node::items).unwrap_or_default() {
        given.push(reader.parsed(destination)?);
    }
    if given.is_empty() {
        return Err(reader.refuse(item, &format!("{what} has no destinations")));
    }
    let destinations = source.destinations(given);
    let destinations = reader.taken(node.unwrap_or(item), destinations.map(Given::plain))?;
    Ok(MailAlias { source, destinations })
}

fn role(reader: &Reader<'_>, item: &Node, what: &str, local: &str) -> Error {
    reader
        .refuse(item, &format!("{what}: {local} is the address of a role"))
        .hint("who reads it can get certificates for the domain; if that is meant: allow_role = true")
}

/// Each after those that it leads to: made or changed in this order, no alias leads back to itself in between.
fn in_order(reader: &Reader<'_>, given: Vec<(MailAlias, &Node)>) -> Result<Vec<MailAlias>> {
    let sources: BTreeSet<String> = given.iter().map(|(alias, _)| alias.source.to_string()).collect();
    let leads_to = |alias: &MailAlias| -> Vec<String> {
        let texts = alias.destinations.iter().map(ToString::to_string);
        texts.filter(|text| sources.contains(text)).collect()
    };
    let mut open = BTreeMap::new();
    let mut waiting: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut ready = BTreeSet::new();
    for (alias, node) in given {
        let (source, before) = (alias.source.to_string(), leads_to(&alias));
        if before.is_empty() {
            ready.insert(source.clone());
        }
        let count = before.len();
        for name in before {
            waiting.entry(name).or_default().push(source.clone());
        }
        open.insert(source, (alias, node, count));
    }
    let mut ordered = Vec::with_capacity(open.len());
    while let Some(source) = ready.pop_first() {
        ordered.extend(open.remove(&source).map(|(alias, ..)| alias));
        for next in waiting.remove(&source).unwrap_or_default() {
            if let Some((_, _, count)) = open.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(next);
                }
            }
        }
    }
    match open.into_values().next() {
        None => Ok(ordered),
        Some((alias, node, _)) => {
            let message = format!(
                "mail alias {} leads back to itself, or to one that does",
                alias.source
            );
            Err(reader.refuse(node, &message))
        }
    }
}
