//! Manifests: what sites are to be, as a file says it in TOML, JSON or NDJSON.
//!
//! [`shape`] lists every key there is, once: texts are checked against it, and the published JSON Schema is made from it.
//! Data flows from the text through [`tree`] (values with their lines, whatever the format) and the check of its shape into
//! [`Site`]s, whose parts are the validated types of the model. [`write`] is the way back. What the world looks like, and how
//! it becomes what a manifest says, is the business of `site`.

mod check;
mod desired;
mod json;
mod mail;
mod read;
mod records;
mod schema;
mod shape;
mod toml;
mod tree;
mod unique;
mod write;

#[cfg(test)]
mod tests;

pub use desired::{Database, Dns, Limits, Mail, MailAlias, MailBox, RecordGroup, Site};
pub use read::{Entry, SIZE_LIMIT, Source, read, read_all};
pub use schema::schema;
pub use write::{to_json, to_toml};
