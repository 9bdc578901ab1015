//! From texts to sites: TOML, JSON, or NDJSON with a site a line.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::check::check;
use super::shape::{MANIFEST, SITE};
use super::tree::{Node, Value, refused};
use super::{Database, Dns, Limits, Site, json, mail, records, toml, unique};
use crate::error::{Error, Result};
use crate::model::{DomainName, ExtensionName, Given, Span};

/// Bytes of a manifest: some hundred thousand sites.
pub const SIZE_LIMIT: u64 = 64 * 1024 * 1024;

/// A text and where it comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file as it was named, for messages.
    pub name: String,
    /// What paths in it are relative to.
    pub directory: PathBuf,
    /// Its content.
    pub text: String,
}

/// One site of a text, or why it is none.
#[derive(Debug)]
pub struct Entry {
    /// `site.toml:3`.
    pub place: String,
    /// The domain as it was given, for messages.
    pub label: String,
    /// What was made canonical, in words.
    pub notes: Vec<String>,
    /// The site.
    pub site: Result<Site>,
    pub(super) source: String,
    /// What may be there only once in all texts, with its line.
    pub(super) names: Vec<(String, usize)>,
}

/// Reads all texts. What is wrong with one site stands in its entry.
///
/// # Errors
/// `usage`: a text that cannot be read as a whole, or something that is given twice, with both lines.
pub fn read_all(sources: &[Source]) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for source in sources {
        entries.extend(read(source)?);
    }
    unique::check(&entries)?;
    Ok(entries)
}

/// Reads one text.
///
/// # Errors
/// As [`read_all`], but for what two sites have in common.
pub fn read(source: &Source) -> Result<Vec<Entry>> {
    let (name, text) = (&source.name, source.text.as_str());
    if is_lines(source) {
        let lines = text.lines().enumerate();
        let filled = lines.filter(|(_, line)| !line.trim().is_empty());
        return Ok(filled
            .map(|(index, line)| of_line(source, index + 1, line))
            .collect());
    }
    let tree = if text.trim_start().starts_with('{') {
        json::tree(name, text, 1)?
    } else {
        toml::tree(name, text)?
    };
    if tree
        .get("site")
        .is_none_or(|sites| !matches!(sites.value, Value::List(_)))
    {
        check(name, "", &tree, &MANIFEST)?;
    }
    if let Value::Table(entries) = &tree.value
        && entries.len() > 1
    {
        check(name, "", &only_others(&tree), &MANIFEST)?;
    }
    let sites = tree.get("site").map(Node::items).unwrap_or_default();
    let numbered = sites.iter().enumerate();
    Ok(numbered
        .map(|(index, node)| entry(source, &format!("site[{index}]"), node))
        .collect())
}

/// The keys beside `site`, which each site's own check leaves out; with an empty list, so that nothing is missing.
fn only_others(tree: &Node) -> Node {
    let Value::Table(entries) = &tree.value else {
        return Node {
            line: tree.line,
            value: Value::Other("nothing"),
        };
    };
    let empty = |line| Node {
        line,
        value: Value::List(Vec::new()),
    };
    let kept = entries
        .iter()
        .map(|(name, node)| (name.clone(), empty(node.line)));
    Node {
        line: tree.line,
        value: Value::Table(kept.collect()),
    }
}

/// Whether every line is a JSON object of its own: by the name, or because each begins with a brace and the first is no
/// manifest. A manifest of one line holds `site`.
fn is_lines(source: &Source) -> bool {
    let extension = Path::new(&source.name).extension();
    if extension.is_some_and(|extension| extension == "ndjson") {
        return true;
    }
    let mut lines = source.text.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next().filter(|line| line.trim_start().starts_with('{')) else {
        return false;
    };
    let is_whole = json::tree(&source.name, first, 1).is_ok_and(|tree| tree.get("site").is_none());
    is_whole
        || (first.trim() != "{" && lines.all(|line| line.starts_with('{')) && !first.contains("\"site\""))
}

fn of_line(source: &Source, line: usize, text: &str) -> Entry {
    match json::tree(&source.name, text, line) {
        Ok(node) => entry(source, "", &node),
        Err(error) => broken(source, line, error),
    }
}

fn broken(source: &Source, line: usize, error: Error) -> Entry {
    Entry {
        place: format!("{}:{line}", source.name),
        label: format!("line {line}"),
        notes: Vec::new(),
        site: Err(error),
        source: source.name.clone(),
        names: Vec::new(),
    }
}

fn entry(source: &Source, path: &str, node: &Node) -> Entry {
    let mut reader = Reader {
        source,
        notes: Vec::new(),
        names: Vec::new(),
    };
    let site = check(&source.name, path, node, &SITE).and_then(|()| reader.site(node));
    let label = node.get("domain").and_then(Node::text).unwrap_or(path).to_owned();
    Entry {
        label: site.as_ref().map_or(label, |site| site.domain.to_string()),
        notes: reader.notes,
        names: reader.names,
        site,
        ..broken(source, node.line, Error::internal("an entry without a site"))
    }
}

/// Reads one site that has the right shape.
pub(super) struct Reader<'a> {
    source: &'a Source,
    notes: Vec<String>,
    names: Vec<(String, usize)>,
}

impl Reader<'_> {
    fn site(&mut self, node: &Node) -> Result<Site> {
        let domain: DomainName = self.required(node, "domain")?;
        self.name(format!("site {domain}"), node.get("domain"));
        Ok(Site {
            account: self.optional(node, "account")?,
            database: node.get("database").map(|node| self.database(node)).transpose()?,
            steps: names(node.get("steps")),
            mail: node
                .get("mail")
                .map(|node| mail::mail(self, &domain, node))
                .transpose()?,
            dns: node.get("dns").map(|node| self.dns(&domain, node)).transpose()?,
            domain,
        })
    }

    fn database(&mut self, node: &Node) -> Result<Database> {
        let name: crate::model::DatabaseName = self.required(node, "name")?;
        let cluster = node.get("cluster").and_then(Node::text).map(ToOwned::to_owned);
        self.name(
            format!("database {}/{name}", cluster.as_deref().unwrap_or_default()),
            node.get("name"),
        );
        let mut extensions = Vec::new();
        for item in node.get("extensions").map(Node::items).unwrap_or_default() {
            let extension: ExtensionName = self.parsed(item)?;
            if !extensions.contains(&extension.to_string()) {
                extensions.push(extension.to_string());
            }
        }
        let limits = node.get("limits").map(|node| self.limits(node)).transpose()?;
        Ok(Database {
            name,
            cluster,
            extensions,
            limits: limits.unwrap_or_default(),
            password_file: self.file(node),
        })
    }

    fn limits(&mut self, node: &Node) -> Result<Limits> {
        let connections = match node.get("connections").map(|node| &node.value) {
            Some(Value::Integer(number)) => u32::try_from(*number).ok(),
            _ => None,
        };
        Ok(Limits {
            connections,
            statement_timeout: self.time_limit(node, "statement_timeout")?,
            idle_in_transaction_timeout: self.time_limit(node, "idle_in_transaction_timeout")?,
        })
    }

    /// `PostgreSQL` keeps it as milliseconds in 31 bits, and takes 0 for no limit at all.
    fn time_limit(&mut self, node: &Node, key: &str) -> Result<Option<Span>> {
        let Some(node) = node.get(key) else {
            return Ok(None);
        };
        let span: Span = self.parsed(node)?;
        match span.duration().as_millis() {
            0 => Err(self.refuse(node, "0 is no limit")),
            milliseconds if i32::try_from(milliseconds).is_err() => Err(self.refuse(
                node,
                "longer than 2147483647 ms (24 days), which the server cannot keep",
            )),
            _ => Ok(Some(span)),
        }
    }

    fn dns(&mut self, domain: &DomainName, node: &Node) -> Result<Dns> {
        let addresses = node.get("addresses").map(|node| {
            let parse = |item: &Node| {
                let text = item.text().unwrap_or_default();
                text.parse::<IpAddr>()
                    .map_err(|_| self.refuse(item, "not an IP address"))
            };
            node.items().iter().map(parse).collect::<Result<Vec<_>>>()
        });
        Ok(Dns {
            provider: node.get("provider").and_then(Node::text).map(ToOwned::to_owned),
            addresses: addresses.transpose()?,
            defaults: !matches!(
                node.get("defaults").map(|node| &node.value),
                Some(Value::Boolean(false))
            ),
            records: records::groups(
                self,
                domain,
                node.get("records").map(Node::items).unwrap_or_default(),
            )?,
        })
    }

    pub(super) fn required<T>(&mut self, node: &Node, key: &str) -> Result<T>
    where
        Given<T>: std::str::FromStr<Err = Error>,
    {
        let value = self.optional(node, key)?;
        value.ok_or_else(|| self.refuse(node, &format!("`{key}` is missing")))
    }

    pub(super) fn optional<T>(&mut self, node: &Node, key: &str) -> Result<Option<T>>
    where
        Given<T>: std::str::FromStr<Err = Error>,
    {
        node.get(key).map(|node| self.parsed(node)).transpose()
    }

    pub(super) fn parsed<T>(&mut self, node: &Node) -> Result<T>
    where
        Given<T>: std::str::FromStr<Err = Error>,
    {
        let given = node.text().unwrap_or_default().parse();
        self.taken(node, given)
    }

    /// The value, with its note kept or its error given a place.
    pub(super) fn taken<T>(&mut self, node: &Node, given: Result<Given<T>>) -> Result<T> {
        let given = given.map_err(|error| error.context(self.place(node.line)))?;
        if let Some(note) = given.note {
            self.notes.push(format!("{}: {note}", self.place(node.line)));
        }
        Ok(given.value)
    }

    pub(super) fn refuse(&self, node: &Node, message: &str) -> Error {
        refused(&self.source.name, node.line, message)
    }

    pub(super) fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.source.name)
    }

    pub(super) fn name(&mut self, name: String, node: Option<&Node>) {
        self.names.push((name, node.map_or(0, |node| node.line)));
    }

    pub(super) fn file(&self, node: &Node) -> Option<PathBuf> {
        let text = node.get("password_file")?.text()?;
        Some(self.source.directory.join(text))
    }
}

/// The texts of a list, each once, in their order.
fn names(node: Option<&Node>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in node
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::text)
    {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}
