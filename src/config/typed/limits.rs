//! How often an authority lets itself be asked: what it has published, or what the operator says.

use std::time::Duration;

use serde_json::Value as Json;

use crate::config::value::{Value, duration};

/// So many in a window that moves along with time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: u32,
    /// In how long.
    pub window: Duration,
}

/// The limits of an authority; what is absent has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderLimits {
    /// New orders of the account.
    pub orders: Option<Rate>,
    /// Failed proofs of one name.
    pub failures: Option<Rate>,
    /// Certificates for exactly the same names.
    pub certificates: Option<Rate>,
    /// Certificates below one registered domain.
    pub domain: Option<Rate>,
    /// Whether renewals are exempt: those that say what they replace from everything, those for the same names from the
    /// limits on orders and domains.
    pub exempts_renewals: bool,
}

const HOUR: u64 = 3600;
const WEEK: u64 = 7 * 24 * HOUR;

/// What authorities have published about their own directories.
const PUBLISHED: [(&str, [(u32, u64); 4]); 2] = [
    (
        "https://acme-v02.api.letsencrypt.org/directory",
        [(300, 3 * HOUR), (5, HOUR), (5, WEEK), (50, WEEK)],
    ),
    (
        "https://acme-staging-v02.api.letsencrypt.org/directory",
        [(1500, 3 * HOUR), (200, HOUR), (30_000, WEEK), (30_000, WEEK)],
    ),
];

impl OrderLimits {
    /// What is published about `directory`; for any other authority nothing.
    #[must_use]
    pub fn published(directory: &str) -> Self {
        let found = PUBLISHED.iter().find(|(known, _)| *known == directory);
        let rate = |(count, seconds): (u32, u64)| {
            Some(Rate {
                count,
                window: Duration::from_secs(seconds),
            })
        };
        found.map_or_else(
            OrderLimits::default,
            |(_, [orders, failures, certificates, domain])| OrderLimits {
                orders: rate(*orders),
                failures: rate(*failures),
                certificates: rate(*certificates),
                domain: rate(*domain),
                exempts_renewals: true,
            },
        )
    }

    /// `auto`, `none`, or a table over what is published.
    ///
    /// # Errors
    /// What is wrong, to be put after the key.
    pub(super) fn read(value: Option<&Value>, directory: &str) -> Result<Self, String> {
        let published = OrderLimits::published(directory);
        match value {
            None => Ok(published),
            Some(Value::Text(word)) if word == "auto" => Ok(published),
            Some(Value::Text(word)) if word == "none" => Ok(OrderLimits::default()),
            Some(Value::Table(table)) => published.with(table),
            Some(_) => Err("must be `auto`, `none` or a table".to_owned()),
        }
    }

    fn with(mut self, table: &Json) -> Result<Self, String> {
        for (key, value) in table.as_object().into_iter().flatten() {
            match key.as_str() {
                "orders" => self.orders = rate(key, value)?,
                "failures" => self.failures = rate(key, value)?,
                "certificates" => self.certificates = rate(key, value)?,
                "domain" => self.domain = rate(key, value)?,
                "exempts_renewals" => {
                    let wrong = || "must have true or false for `exempts_renewals`".to_owned();
                    self.exempts_renewals = value.as_bool().ok_or_else(wrong)?;
                }
                _ => {
                    return Err(
                        "may have `orders`, `failures`, `certificates`, `domain` and `exempts_renewals` only"
                            .to_owned(),
                    );
                }
            }
        }
        Ok(self)
    }

    /// The longest window: what is older than that counts nowhere.
    #[must_use]
    pub fn longest(&self) -> Duration {
        let all = [self.orders, self.failures, self.certificates, self.domain];
        let windows = all.into_iter().flatten().map(|rate| rate.window);
        windows.max().unwrap_or_default()
    }
}

/// `300/3h`, or `none`.
fn rate(key: &str, value: &Json) -> Result<Option<Rate>, String> {
    let wrong = || format!("must have a number and a time for `{key}`, such as \"300/3h\", or \"none\"");
    let text = value.as_str().ok_or_else(wrong)?;
    if text == "none" {
        return Ok(None);
    }
    let (count, window) = text.split_once('/').ok_or_else(wrong)?;
    let is_plain = count.bytes().all(|byte| byte.is_ascii_digit());
    let count = count.parse().ok().filter(|count| is_plain && *count > 0);
    Ok(Some(Rate {
        count: count.ok_or_else(wrong)?,
        window: duration(window).ok_or_else(wrong)?,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

    fn read(value: &Json, directory: &str) -> Result<OrderLimits, String> {
        let value = match value.as_str() {
            Some(text) => Value::Text(text.to_owned()),
            None => Value::Table(value.clone()),
        };
        OrderLimits::read(Some(&value), directory)
    }

    #[test]
    fn what_is_published_holds_for_its_own_directory_alone() {
        let auto = read(&json!("auto"), ENCRYPT).expect("limits");
        let orders = auto.orders.expect("a limit");
        assert_eq!((orders.count, orders.window.as_secs()), (300, 10_800));
        assert!(auto.exempts_renewals);
        assert_eq!(auto.longest().as_secs(), 604_800);
        for (value, directory) in [("auto", "https://ca.test/dir"), ("none", ENCRYPT)] {
            assert_eq!(
                read(&json!(value), directory).expect("none"),
                OrderLimits::default()
            );
        }
    }

    #[test]
    fn a_table_stands_over_what_is_published() {
        let table = json!({ "orders": "1000/3h", "domain": "none", "exempts_renewals": false });
        let limits = read(&table, ENCRYPT).expect("limits");
        assert_eq!(limits.orders.map(|rate| rate.count), Some(1000));
        assert_eq!((limits.domain, limits.exempts_renewals), (None, false));
        assert_eq!(limits.failures.map(|rate| rate.count), Some(5));
        for wrong in [
            json!("some"),
            json!({ "orders": 300 }),
            json!({ "orders": "0/3h" }),
            json!({ "orders": "+3/3h" }),
            json!({ "orders": "300/3" }),
            json!({ "orders": "300" }),
            json!({ "order": "300/3h" }),
            json!({ "exempts_renewals": "yes" }),
        ] {
            assert!(read(&wrong, ENCRYPT).is_err(), "{wrong}");
        }
    }
}
