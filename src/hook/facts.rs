//! What a program is told of its site.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// The `site` of the JSON on standard input; no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The domain of the site.
    pub domain: String,
    /// The name of the account it belongs to.
    pub account: String,
    /// What the domain and `www` point to.
    pub addresses: Vec<IpAddr>,
    /// Its database.
    pub database: Option<Database>,
    /// Its mail domain.
    pub mail_domain: Option<String>,
    /// Its zone.
    pub zone: Option<String>,
}

/// The database of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Database {
    /// Its name, which is that of its login, too.
    pub name: String,
    /// The cluster it lies on, by its name in the configuration.
    pub cluster: String,
}
