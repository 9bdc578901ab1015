//! The limits of a package, as they are given.

use crate::account::Limits;
use crate::error::{Error, Result};
use crate::model::{Allowance, Given, Quota};

/// The options that say a limit each; without one, nothing is said of it.
#[derive(Debug, clap::Args)]
pub(super) struct Flags {
    /// How many databases, or unlimited
    #[arg(long, value_name = "N")]
    databases: Option<Given<Allowance>>,
    /// How many mail boxes, or unlimited
    #[arg(long, value_name = "N")]
    boxes: Option<Given<Allowance>>,
    /// How many domains that take mail, or unlimited
    #[arg(long, value_name = "N")]
    domains: Option<Given<Allowance>>,
    /// How many DNS zones, or unlimited
    #[arg(long, value_name = "N")]
    zones: Option<Given<Allowance>>,
    /// How many mail aliases, or unlimited
    #[arg(long, value_name = "N")]
    aliases: Option<Given<Allowance>>,
    /// The sum of the quotas of all boxes, such as 10G, or unlimited
    #[arg(long, value_name = "SIZE")]
    quota: Option<Given<Quota>>,
    /// The size of all databases together; it is shown, not enforced
    #[arg(long, value_name = "SIZE")]
    database_size: Option<Given<Quota>>,
}

impl Flags {
    /// The limits with what was said put in their place.
    ///
    /// # Errors
    /// `internal`.
    pub(super) fn over(&self, mut limits: Limits) -> Result<Limits> {
        let numbers = [
            (&mut limits.databases, &self.databases),
            (&mut limits.boxes, &self.boxes),
            (&mut limits.domains, &self.domains),
            (&mut limits.zones, &self.zones),
            (&mut limits.aliases, &self.aliases),
        ];
        for (limit, flag) in numbers {
            if let Some(given) = flag {
                *limit = given.value.number();
            }
        }
        let sizes = [
            (&mut limits.quota_bytes, &self.quota),
            (&mut limits.database_bytes, &self.database_size),
        ];
        for (limit, flag) in sizes {
            if let Some(given) = flag {
                *limit = bytes(given.value)?;
            }
        }
        Ok(limits)
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        let has_numbers = [
            &self.databases,
            &self.boxes,
            &self.domains,
            &self.zones,
            &self.aliases,
        ]
        .iter()
        .any(|flag| flag.is_some());
        !has_numbers && self.quota.is_none() && self.database_size.is_none()
    }
}

fn bytes(quota: Quota) -> Result<Option<i64>> {
    let bytes = quota.bytes().map(i64::try_from).transpose();
    bytes.map_err(|error| Error::internal("a limit larger than the database can hold").source(error))
}
