//! The certificate of a new site: wanted with the rest of it, and issued as the last thing, or with it or not at all.

use serde_json::{Value, json};

use crate::certificate::order;
use crate::certificate::store::{self, Wanted};
use crate::error::Result;
use crate::journal::PlannedStep;

/// What waits to be ordered, in words.
const NOT_YET: &str = "it is not ordered yet";

/// The certificate of a new site.
#[derive(Debug)]
pub struct NewCertificate {
    /// What is wanted.
    pub wanted: Wanted,
    /// The hosts on which it is to lie.
    pub hosts: Vec<String>,
    /// The steps of its order, where there is to be no site without it; else it is ordered once the site stands.
    pub order: Option<Vec<PlannedStep>>,
}

impl NewCertificate {
    /// What the site's operation leaves about it.
    pub(super) fn result(&self) -> Value {
        let state = if self.order.is_some() { "issued" } else { "pending" };
        json!({ "state": state, "names": self.wanted.identifiers })
    }

    /// Its steps.
    ///
    /// # Errors
    /// `internal`.
    pub(super) fn steps(self) -> Result<Vec<PlannedStep>> {
        let name = self.wanted.name.clone();
        let mut steps = vec![store::plan_create(self.wanted)?];
        for host in &self.hosts {
            steps.push(store::plan_place(&name, host)?);
        }
        match self.order {
            Some(order) => steps.extend(order),
            // Whoever dies before it is ordered leaves it to `tick`.
            None => steps.push(order::plan_pend(&name, NOT_YET)?),
        }
        Ok(steps)
    }
}
