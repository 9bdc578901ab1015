//! What a site is to be.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::model::{
    AccountName, AliasSource, DatabaseName, DomainName, LocalPart, MailAddress, Quota, RecordData,
    RecordName, RecordType, Span, Ttl,
};

/// One site of a manifest. A part that is absent is not wanted, which removes it only where pruning was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its domain.
    pub domain: DomainName,
    /// Whose it is; absent where that goes without saying.
    pub account: Option<AccountName>,
    /// The operator's own steps that are done for it, by their names in the configuration; each once.
    pub steps: Vec<String>,
    /// Its database.
    pub database: Option<Database>,
    /// Its mail.
    pub mail: Option<Mail>,
    /// Its zone.
    pub dns: Option<Dns>,
}

impl Site {
    /// Without the files that passwords were read from.
    #[must_use]
    pub fn without_files(mut self) -> Self {
        if let Some(database) = &mut self.database {
            database.password_file = None;
        }
        for one in self.mail.iter_mut().flat_map(|mail| &mut mail.boxes) {
            one.password_file = None;
        }
        self
    }

    /// With the files of passwords where they are found from everywhere.
    ///
    /// # Errors
    /// `usage` where there is no current directory.
    pub fn with_absolute_files(mut self) -> Result<Self> {
        let database = self.database.iter_mut().map(|one| &mut one.password_file);
        let boxes = self.mail.iter_mut().flat_map(|mail| &mut mail.boxes);
        for file in database.chain(boxes.map(|one| &mut one.password_file)).flatten() {
            *file = std::path::absolute(&*file)
                .map_err(|error| Error::invalid(format!("{}: {error}", file.display())))?;
        }
        Ok(self)
    }
}

/// The database of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// The database and its login role.
    pub name: DatabaseName,
    /// The cluster; absent where it goes without saying.
    pub cluster: Option<String>,
    /// Extensions, in the order of installing.
    pub extensions: Vec<String>,
    /// What the tenant may use.
    pub limits: Limits,
    /// Where a new login's password is; made where absent.
    pub password_file: Option<PathBuf>,
}

/// Limits of a database's login; what is absent is unlimited, or as the server has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Sessions at once.
    pub connections: Option<u32>,
    /// The longest statement.
    pub statement_timeout: Option<Span>,
    /// The longest idle transaction.
    pub idle_in_transaction_timeout: Option<Span>,
}

/// The mail of a site's domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Whether boxes and aliases of roles such as postmaster are meant.
    pub allow_role: bool,
    /// Its boxes.
    pub boxes: Vec<MailBox>,
    /// Its aliases, each after those that it leads to.
    pub aliases: Vec<MailAlias>,
}

/// A mail box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailBox {
    /// The part before the `@`.
    pub name: LocalPart,
    /// How much mail it takes.
    pub quota: Quota,
    /// Where a new box's password is; made where absent.
    pub password_file: Option<PathBuf>,
}

/// An alias of a site's mail domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAlias {
    /// What it stands for, in this domain.
    pub source: AliasSource,
    /// Where its mail goes: each once, in order.
    pub destinations: Vec<MailAddress>,
}

/// The zone of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dns {
    /// The provider; absent where it goes without saying.
    pub provider: Option<String>,
    /// What `@` and `www` point to; absent: as configured.
    pub addresses: Option<Vec<IpAddr>>,
    /// Whether the zone holds, besides `records`, what hostctl gives every zone: those addresses, and what mail needs.
    pub defaults: bool,
    /// Further records, one group a name and type; a group takes the place of what `defaults` would put there.
    pub records: Vec<RecordGroup>,
}

/// The records of one name and type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordGroup {
    /// Their name.
    pub name: RecordName,
    /// Their type.
    pub rtype: RecordType,
    /// How long others may keep them.
    pub ttl: Ttl,
    /// Their data; never empty.
    pub values: Vec<RecordData>,
}
