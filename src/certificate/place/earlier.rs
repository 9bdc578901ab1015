//! What lies on this host of an earlier generation, to be served again.

use super::folder::{Folder, age};
use crate::certificate::x509::Chain;
use crate::env::files;
use crate::error::Result;

/// The directory of an earlier generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// By what it is called.
    pub directory: String,
    /// The serial number of what lies in it.
    pub serial: String,
}

impl Folder {
    /// The directory of a generation, if it is still there: one that holds `serial`, where that is known. Of several it is the
    /// one that is served, else the newest.
    ///
    /// # Errors
    /// `unavailable`, reason `file`.
    pub fn earlier(&self, number: i32, serial: Option<&str>) -> Result<Option<Earlier>> {
        let current = self.current();
        let found = self.entries()?.into_iter().filter_map(|directory| {
            let (_, again) = age(&directory).filter(|(of, _)| u64::try_from(number) == Ok(*of))?;
            let pem = files::read_public(&self.path().join(&directory).join("cert.pem")).ok()?;
            let holds = Chain::read(&pem).ok()?.leaf().serial.clone();
            let is_served = current.as_ref() == Some(&directory);
            let earlier = Earlier {
                directory,
                serial: holds,
            };
            let is_it = serial.is_none_or(|serial| serial == earlier.serial);
            is_it.then_some((is_served, again, earlier))
        });
        let last = found.max_by_key(|(is_served, again, _)| (*is_served, *again));
        Ok(last.map(|(_, _, earlier)| earlier))
    }
}
