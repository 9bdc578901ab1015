//! The values a key takes: read from TOML or from the text of a variable or flag, and checked.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;
use toml::de::DeValue;

use super::url;
use crate::model::{HostName, Network};

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text of one line.
    Text,
    /// An absolute path.
    Path,
    /// A URL with one of these schemes.
    Url(&'static [&'static str]),
    /// One or several PostgreSQL hosts, see [`super::postgres_url`].
    PostgresUrl,
    /// Texts; with commas in a variable.
    List,
    /// The full name of a host.
    Host,
    /// Several of them.
    Hosts,
    /// A program and its arguments; an array, in a variable too.
    Command,
    /// IP addresses.
    Addresses,
    /// Networks such as `127.0.0.0/8`.
    Networks,
    /// An IP address with port; port 53 where none is given.
    Server,
    /// Several of them.
    Servers,
    /// `true` or `false`.
    Boolean,
    /// A whole number with `s`, `m`, `h`, `d` or `w`.
    Duration,
    /// 1 to 65535.
    Port,
    /// 1 to 65535, as a place in an order.
    Number,
    /// A word or a table of its own.
    TextOrTable,
}

impl Kind {
    /// What it takes, for the README and for errors: "must be …".
    #[must_use]
    pub fn expected(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Path => "an absolute path",
            Kind::Url(_) => "a URL",
            Kind::PostgresUrl => "a PostgreSQL URL",
            Kind::List => "a list of texts",
            Kind::Host => "the full name of a host, such as mx1.example.net",
            Kind::Hosts => "a list of full names of hosts, such as ns1.example.net",
            Kind::Command => "a command as an array, such as [\"systemctl\", \"reload\", \"nginx\"]",
            Kind::Addresses => "a list of IP addresses",
            Kind::Networks => "a list of networks, such as 127.0.0.0/8",
            Kind::Server => "an IP address with port, such as 192.0.2.53:53",
            Kind::Servers => "a list of IP addresses with port, such as 192.0.2.53:53",
            Kind::Boolean => "true or false",
            Kind::Duration => "a duration, such as 30s, 15m, 12h or 14d",
            Kind::Port => "a port from 1 to 65535",
            Kind::Number => "a whole number from 1 to 65535",
            Kind::TextOrTable => "text or a table",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Kind::Port | Kind::Number)
    }

    fn is_list(self) -> bool {
        matches!(
            self,
            Kind::List | Kind::Hosts | Kind::Command | Kind::Addresses | Kind::Networks | Kind::Servers
        )
    }
}

/// A checked value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One text.
    Text(String),
    /// Several.
    List(Vec<String>),
    /// Yes or no.
    Boolean(bool),
    /// A number.
    Integer(u16),
    /// A table of the key's own.
    Table(Json),
}

/// What is wrong, to be put after the key: "must be a path, found an integer". Never holds the value of a URL.
pub type Wrong = String;

impl Value {
    /// The value of a key in a file.
    pub fn from_toml(kind: Kind, found: &DeValue<'_>) -> Result<Value, Wrong> {
        let wrong = || format!("must be {}, found {}", kind.expected(), name_of(found));
        let value = match found {
            DeValue::Boolean(yes) if kind == Kind::Boolean => Value::Boolean(*yes),
            DeValue::Integer(number) if kind.is_number() => {
                let port = u16::from_str_radix(number.as_str(), number.radix()).ok();
                Value::Integer(port.ok_or_else(|| format!("must be {}", kind.expected()))?)
            }
            DeValue::Table(_) if kind == Kind::TextOrTable => Value::Table(json(found)),
            DeValue::Array(items) if kind.is_list() => {
                let texts = items
                    .iter()
                    .map(|item| item.get_ref().as_str().map(str::to_owned));
                Value::List(
                    texts
                        .collect::<Option<_>>()
                        .ok_or_else(|| format!("must be {}", kind.expected()))?,
                )
            }
            DeValue::String(text) if !kind.is_list() && kind != Kind::Boolean && !kind.is_number() => {
                Value::Text(text.clone().into_owned())
            }
            _ => return Err(wrong()),
        };
        value.checked(kind)
    }

    /// The value of a variable or flag.
    pub fn from_text(kind: Kind, text: &str) -> Result<Value, Wrong> {
        let wrong = || format!("must be {}", kind.expected());
        let value = match kind {
            Kind::Boolean => Value::Boolean(text.parse().map_err(|_| wrong())?),
            Kind::Port | Kind::Number => Value::Integer(text.parse().map_err(|_| wrong())?),
            _ if kind.is_list() && text.trim_start().starts_with('[') => {
                let array = DeValue::parse(text).map_err(|_| wrong())?;
                return Value::from_toml(kind, array.get_ref());
            }
            Kind::Command => return Err(wrong()),
            _ if kind.is_list() => {
                let items = text.split(',').map(str::trim).map(str::to_owned);
                Value::List(if text.trim().is_empty() {
                    Vec::new()
                } else {
                    items.collect()
                })
            }
            _ => Value::Text(text.to_owned()),
        };
        value.checked(kind)
    }

    fn checked(self, kind: Kind) -> Result<Value, Wrong> {
        match &self {
            Value::Text(text) => check_text(kind, text)?,
            Value::List(items) if kind == Kind::Command && items.is_empty() => {
                return Err("is empty".to_owned());
            }
            Value::List(items) => items.iter().try_for_each(|item| check_text(kind, item))?,
            Value::Integer(0) => return Err(format!("must be {}", kind.expected())),
            Value::Integer(_) | Value::Boolean(_) | Value::Table(_) => {}
        }
        Ok(self)
    }

    /// The value as JSON, passwords in URLs shown as `***`.
    #[must_use]
    pub fn redacted(&self) -> Json {
        match self {
            Value::Text(text) => Json::from(url::redact(text)),
            Value::List(items) => Json::from(items.clone()),
            Value::Boolean(yes) => Json::from(*yes),
            Value::Integer(number) => Json::from(*number),
            Value::Table(table) => table.clone(),
        }
    }
}

fn check_text(kind: Kind, text: &str) -> Result<(), Wrong> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if text.contains(char::is_control) {
        return Err("holds a control character".to_owned());
    }
    let is_right = match kind {
        Kind::Path => Path::new(text).is_absolute(),
        Kind::Url(schemes) => return url::check(text, schemes),
        Kind::Host | Kind::Hosts => is_host(text),
        Kind::Addresses => text.parse::<IpAddr>().is_ok(),
        Kind::Networks => Network::parse(text).is_some(),
        Kind::Server | Kind::Servers => server(text).is_some(),
        Kind::Duration => duration(text).is_some(),
        _ => true,
    };
    if is_right {
        Ok(())
    } else {
        Err(format!("must be {}", kind.expected()))
    }
}

/// `192.0.2.53:5300`, `[2001:db8::53]:53`, or an address alone, which means port 53.
#[must_use]
pub fn server(text: &str) -> Option<SocketAddr> {
    let with_port = text
        .parse::<SocketAddr>()
        .ok()
        .filter(|server| server.port() != 0);
    with_port.or_else(|| Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, 53)))
}

/// `14d`: digits and one unit of `s`, `m`, `h`, `d`, `w`; more than none.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    (count > 0).then(|| Duration::from_secs(count * seconds))
}

/// Underscores are for names of records, not of machines.
fn is_host(text: &str) -> bool {
    !text.contains('_') && text.parse::<HostName>().is_ok()
}

fn name_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

/// The parser bounds the depth (80), so that recursion is safe here.
fn json(value: &DeValue<'_>) -> Json {
    match value {
        DeValue::String(text) => Json::from(text.as_ref()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Json::from(number.to_string()), Json::from),
        DeValue::Float(number) => Json::from(number.as_str()),
        DeValue::Boolean(yes) => Json::from(*yes),
        DeValue::Datetime(date) => Json::from(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => table
            .iter()
            .map(|(key, item)| (key.get_ref().to_string(), json(item.get_ref())))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_whole_number_and_one_unit() {
        assert_eq!(duration("14d"), Some(Duration::from_secs(14 * 86_400)));
        for wrong in [
            "",
            "d",
            "14",
            "1.5d",
            "-1d",
            "+1d",
            "0d",
            "1h30m",
            " 1d",
            "1 d",
            "9999999999d",
            "1µ",
            "１d",
        ] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_server_is_an_address_with_a_port() {
        assert_eq!(
            server("192.0.2.53").map(|server| server.to_string()).as_deref(),
            Some("192.0.2.53:53")
        );
        assert_eq!(
            server("[2001:db8::53]:5300").map(|server| server.port()),
            Some(5300)
        );
        for wrong in [
            "ns1.example.net:53",
            "192.0.2.53:0",
            "192.0.2.53:65536",
            "192.0.2.256",
            "",
        ] {
            assert_eq!(server(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_kind_takes_its_texts_and_refuses_others() {
        let table: [(Kind, &[&str], &[&str]); 9] = [
            (Kind::Text, &["a b"], &["", " ", "a\nb", "a\u{1b}b"]),
            (Kind::Path, &["/a"], &["a", "~/a", "./a"]),
            (Kind::Boolean, &["true", "false"], &["yes", "1", "TRUE", ""]),
            (Kind::Port, &["1", "65535"], &["0", "65536", "-1", "x"]),
            (Kind::Number, &["1", "65535"], &["0", "65536", "-1", "1.5"]),
            (Kind::List, &["a, b", "", "[\"a,b\"]"], &["a,,b", "[1]", "[\"a\""]),
            (Kind::Command, &["[\"a\", \"b c\"]"], &["a b", "[]", ""]),
            (
                Kind::Networks,
                &["127.0.0.0/8, ::1/128"],
                &["127.0.0.0/33", "127.0.0.1", "::/129"],
            ),
            (
                Kind::Url(&["https"]),
                &["https://example.net/"],
                &["http://example.net/", "example.net", "https://"],
            ),
        ];
        for (kind, right, wrong) in table {
            for text in right {
                assert!(Value::from_text(kind, text).is_ok(), "{kind:?} {text:?}");
            }
            for text in wrong {
                assert!(Value::from_text(kind, text).is_err(), "{kind:?} {text:?}");
            }
        }
    }
}
