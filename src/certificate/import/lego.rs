//! lego's `certificates` directory: `NAME.crt` with the chain, `NAME.issuer.crt`, `NAME.key`, `NAME.json`.

use std::path::Path;

use serde::Deserialize;

use super::{Found, Settings, entries, name_of, pair};
use crate::env::files;
use crate::error::Result;

const ENDING: &str = ".crt";
const ISSUER: &str = ".issuer.crt";

/// What is read of `NAME.json`.
#[derive(Debug, Default, Deserialize)]
struct Resource {
    #[serde(default)]
    domain: String,
}

/// Every certificate in it.
pub(super) fn look(directory: &Path) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for certificate in entries(directory)? {
        let file = name_of(&certificate);
        let Some(stem) = file.strip_suffix(ENDING).filter(|_| !file.ends_with(ISSUER)) else {
            continue;
        };
        let beside = |ending: &str| directory.join(format!("{stem}{ending}"));
        let parts = [certificate.clone(), beside(ISSUER)];
        let parts: Vec<_> = parts.into_iter().filter(|path| path.exists()).collect();
        let resource = files::read_public(&beside(".json")).unwrap_or_default();
        let resource: Resource = serde_json::from_slice(&resource).unwrap_or_default();
        found.push(Found {
            name: if resource.domain.is_empty() {
                stem.to_owned()
            } else {
                resource.domain
            },
            pair: pair(&parts, &beside(".key")),
            source: certificate,
            settings: Settings::default(),
            notes: vec![
                "how it is renewed stands on the command line of lego alone and is not taken".to_owned(),
            ],
        });
    }
    Ok(found)
}
