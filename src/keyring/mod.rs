//! Secrets at rest: AES-256-GCM under a ring of keys.
//!
//! A sealed secret reads `v1.<key>.<base64url of nonce and ciphertext with tag>`: 12 bytes of nonce, then the rest. The
//! additional data is `<purpose>|v1|<row>`, so that a sealed text is worth nothing in another row. The ring is a file
//! (0600) with a line per key, `<key> <base64 of 32 bytes>`; the last line seals, all open. Any language can read it.

mod ring;
mod source;

pub use ring::{Keyring, Place};
pub use source::{create, locate, open};
