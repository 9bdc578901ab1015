//! Records of DNS: types, names, data, and which of them cannot stand together.
//!
//! Three forms of data, never mixed up: the *value* a person gives and gets back (TXT as raw text, everything else as in
//! a master file), the *presentation* that servers take (RFC 1035 §5.1, names absolute, strings quoted), and the wire, which
//! is the business of the protocol libraries.

mod address;
mod caa;
mod conflict;
mod data;
mod digest;
mod kind;
mod labels;
mod name;
mod service;
mod target;
mod text;
mod words;

pub use conflict::{RecordSet, check_alone, conflicts};
pub use data::RecordData;
pub use kind::RecordType;
pub use labels::{is_absolute, labels, name_of};
pub use name::RecordName;
pub use service::{key_name as service_key_name, key_number as service_key_number};
