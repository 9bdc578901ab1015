//! How something imported is renewed.

use crate::certificate::x509::Leaf;

/// What is renewed elsewhere, or by hand.
pub const IMPORTED: &str = "imported";
const TYPES: [&str; 4] = ["p256", "p384", "rsa2048", "rsa4096"];

/// The values as the table has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `http-01`, `dns-01` or `imported`.
    pub challenge: String,
    /// The authority; none for `imported`.
    pub cas: Vec<String>,
    /// Where a web server serves answers to `http-01`.
    pub webroot: Option<String>,
    /// The kind of key of the next one, where it was said; else as the present one.
    pub key_type: Option<String>,
    /// Whether a renewal keeps the key.
    pub reuse_key: bool,
    /// The root that the chain should lead to.
    pub preferred_chain: Option<String>,
    /// The authority's profile.
    pub profile: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            challenge: IMPORTED.to_owned(),
            cas: Vec::new(),
            webroot: None,
            key_type: None,
            reuse_key: false,
            preferred_chain: None,
            profile: None,
        }
    }
}

impl Settings {
    /// Renewed elsewhere, whatever else was found out.
    pub(super) fn give_up(&mut self) {
        IMPORTED.clone_into(&mut self.challenge);
        self.cas.clear();
        self.webroot = None;
    }

    /// The kind of key of the next one: as it was said, as the present one, or the usual one.
    #[must_use]
    pub fn key_type_after(&self, leaf: &Leaf) -> String {
        let said = self.key_type.as_deref().or(leaf.key_type.as_deref());
        let known = said.filter(|said| TYPES.contains(said));
        match (known, said) {
            (Some(known), _) => known,
            (None, Some(said)) if said.starts_with("rsa") => "rsa4096",
            _ => "p256",
        }
        .to_owned()
    }
}
