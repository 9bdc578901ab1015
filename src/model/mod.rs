//! The validated types that all capabilities share: what was parsed once cannot be wrong afterwards.
//!
//! The same parser serves flags, files, stdin and the answers of remote servers. Every type has
//! `parse(&str) -> Result<Given<Self>>`; [`Given`] carries a note where the input was normalised. Refusals name the
//! field, the rule and the byte (counted from 1), with whatever a terminal would act on shown escaped.
//!
//! No input or output here, and no policy that depends on who asks: role addresses, public suffixes and limits are
//! answered as questions (`is_role`, `is_public_suffix`) and decided by the capability.

mod field;
mod idn;
mod keywords;
mod number;

pub mod alias;
pub mod allowance;
pub mod certificate;
pub mod database;
pub mod domain;
pub mod duration;
pub mod escape;
pub mod host;
pub mod identifier;
pub mod locale;
pub mod mail;
pub mod name;
pub mod nearest;
pub mod network;
pub mod password;
pub mod quota;
pub mod record;
pub mod reverse;
pub mod secret;

use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::error::Error;

pub use alias::AliasSource;
pub use allowance::Allowance;
pub use certificate::CertificateName;
pub use database::DatabaseName;
pub use domain::DomainName;
pub use duration::{Span, Ttl};
pub use host::HostName;
pub use identifier::Identifier;
pub use locale::LocaleName;
pub use mail::{LocalPart, MailAddress};
pub use name::{AccountName, ClusterName, ExtensionName, PackageName, ProviderName};
pub use nearest::nearest;
pub use network::{Network, Reach};
pub use password::Password;
pub use quota::Quota;
pub use record::{RecordData, RecordName, RecordType};
pub use reverse::{ReverseZone, ZoneName};
pub use secret::Secret;

/// A parsed value and what had to be changed to make it canonical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given<T> {
    /// The canonical value.
    pub value: T,
    /// A sentence for stderr, such as `USeRx@Example.com is stored as userx@example.com`; absent where the input was
    /// canonical already.
    pub note: Option<String>,
}

impl<T> Given<T> {
    /// A value that was canonical as given.
    pub fn plain(value: T) -> Self {
        Given { value, note: None }
    }

    /// A value whose canonical form is `stored`; noted where that is not what was given.
    pub fn normalised(value: T, input: &str, stored: &str) -> Self {
        let note = (input != stored).then(|| {
            format!(
                "{} is stored as {}",
                escape::excerpt(input),
                escape::excerpt(stored)
            )
        });
        Given { value, note }
    }

    /// The same note around another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Given<U> {
        Given {
            value: change(self.value),
            note: self.note,
        }
    }
}

impl<'de, T> Deserialize<'de> for Given<T>
where
    Given<T>: FromStr<Err = Error>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(field::for_serde)
    }
}

/// Gives a type with `parse(&str) -> Result<Given<Self>>` and `Display` its other ways in and out: `FromStr` for itself
/// and for `Given`, and serde as a string through the same parser.
macro_rules! text_type {
    ($type:ty) => {
        impl std::str::FromStr for $type {
            type Err = $crate::error::Error;

            fn from_str(input: &str) -> Result<Self, Self::Err> {
                <$type>::parse(input).map(|given| given.value)
            }
        }

        impl std::str::FromStr for $crate::model::Given<$type> {
            type Err = $crate::error::Error;

            fn from_str(input: &str) -> Result<Self, Self::Err> {
                <$type>::parse(input)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::Given::<$type>::deserialize(deserializer).map(|given| given.value)
            }
        }
    };
}

/// `as_str`, `AsRef<str>` and `Display` of a type that is one string inside.
macro_rules! shows_its_string {
    ($type:ty) => {
        impl $type {
            /// The canonical text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

use {shows_its_string, text_type};

#[cfg(test)]
mod tests;
