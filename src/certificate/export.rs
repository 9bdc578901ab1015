//! A certificate in the forms that other programs want.

use crate::certificate::place::Files;
use crate::certificate::store::Material;
use crate::certificate::x509::{Chain, Key};
use crate::error::Result;
use crate::keyring::Keyring;

/// Chain, key and the files made of them.
pub struct Export {
    /// Leaf first.
    pub chain: Chain,
    /// Its key; nothing where the operator keeps it.
    pub key: Option<Key>,
    /// As they lie on hosts.
    pub files: Files,
}

/// Opens the key and puts it together.
///
/// # Errors
/// `denied`, reason `undecryptable`; `usage` where what is stored was changed.
pub fn open(material: &Material, keyring: &Keyring) -> Result<Export> {
    let chain = Chain::read(material.chain.as_bytes())?;
    let text = material.key(keyring)?;
    let key = match &text {
        Some(text) => Some(Key::read(text.expose().as_bytes())?),
        None => None,
    };
    if let Some(key) = &key {
        chain.check_key(key)?;
    }
    Ok(Export {
        files: Files::new(&chain, text.as_ref()),
        chain,
        key,
    })
}
