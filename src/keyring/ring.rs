//! The ring in memory: sealing and opening.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::model::secret::Secret;

/// Where a sealed secret stands: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// What it is: `operation`, `dkim`.
    pub purpose: &'a str,
    /// The row it stands in.
    pub row: &'a str,
}

impl Place<'_> {
    fn associated_data(self) -> Aad<Vec<u8>> {
        Aad::from(format!("{}|v1|{}", self.purpose, self.row).into_bytes())
    }
}

/// Keys by identifier, the newest last.
pub struct Keyring(Vec<Key>);

struct Key {
    id: String,
    key: LessSafeKey,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

impl Keyring {
    /// Reads the text of a key ring file.
    ///
    /// # Errors
    /// `usage` naming the line; never the key.
    pub fn parse(text: &str) -> Result<Self> {
        let lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let keys = lines.map(|(index, line)| key(line).ok_or_else(|| bad(&format!("line {}", index + 1))));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        let has_twice = keys
            .iter()
            .enumerate()
            .any(|(index, key)| keys[..index].iter().any(|other| other.id == key.id));
        match keys.is_empty() || has_twice {
            true => Err(bad("a key twice, or none at all")),
            false => Ok(Keyring(keys)),
        }
    }

    /// A line for a new key.
    ///
    /// # Errors
    /// As [`clock::random`].
    pub fn new_line() -> Result<Secret> {
        let id = u32::from_be_bytes(clock::random::<4>()?);
        Ok(Secret::new(format!(
            "k{id:08x} {}\n",
            STANDARD.encode(clock::random::<32>()?)
        )))
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key; never so after [`Keyring::parse`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key that seals.
    #[must_use]
    pub fn current(&self) -> &str {
        self.0.last().map_or("", |key| &key.id)
    }

    /// Seals `secret` for `place`.
    ///
    /// # Errors
    /// `internal` without entropy.
    pub fn seal(&self, place: Place<'_>, secret: &Secret) -> Result<String> {
        let failed = || Error::internal("a secret could not be sealed");
        let key = self.0.last().ok_or_else(failed)?;
        let nonce = clock::random::<NONCE_LEN>()?;
        let mut bytes = secret.expose().as_bytes().to_vec();
        let sealing = Nonce::assume_unique_for_key(nonce);
        key.key
            .seal_in_place_append_tag(sealing, place.associated_data(), &mut bytes)
            .map_err(|_| failed())?;
        Ok(format!(
            "v1.{}.{}",
            key.id,
            URL_SAFE_NO_PAD.encode([nonce.as_slice(), &bytes].concat())
        ))
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// `denied`, reason `undecryptable`, where the key is missing, the text was changed, or it stands elsewhere.
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Result<Secret> {
        let failed = |why: &str| {
            let message = format!(
                "the secret of {} {} cannot be opened: {why}",
                place.purpose, place.row
            );
            Error::new(Kind::Denied, "undecryptable", message).hint("hostctl keyring check")
        };
        let mut parts = sealed.splitn(3, '.');
        let (Some("v1"), Some(id), Some(body)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(failed("it is not in the form v1.<key>.<text>"));
        };
        let key = self.0.iter().find(|key| key.id == id);
        let key = key.ok_or_else(|| {
            failed(&format!(
                "the key ring has no key {}",
                crate::model::escape::excerpt(id)
            ))
        })?;
        let bytes = URL_SAFE_NO_PAD
            .decode(body)
            .map_err(|_| failed("it is not base64url"))?;
        let (nonce, text) = bytes
            .split_at_checked(NONCE_LEN)
            .ok_or_else(|| failed("it is too short"))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| failed("it is too short"))?;
        let mut text = text.to_vec();
        let plain = key.key.open_in_place(nonce, place.associated_data(), &mut text);
        let plain = plain.map_err(|_| failed("it was changed, or belongs to another row"))?;
        let plain = String::from_utf8(plain.to_vec()).map_err(|_| failed("it is not UTF-8"))?;
        Ok(Secret::new(plain))
    }
}

fn key(line: &str) -> Option<Key> {
    let (id, text) = line.trim_end().split_once(' ')?;
    let is_plain = !id.is_empty() && id.len() <= 32 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let bytes = STANDARD.decode(text).ok().filter(|_| is_plain)?;
    Some(Key {
        id: id.to_owned(),
        key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).ok()?),
    })
}

fn bad(what: &str) -> Error {
    Error::configuration(format!(
        "the key ring cannot be read: {what}; a line is `<key> <base64 of 32 bytes>`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place {
        purpose: "dkim",
        row: "example.test",
    };

    fn ring() -> Keyring {
        Keyring::parse(Keyring::new_line().expect("entropy").expose()).expect("a ring")
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let ring = ring();
        let sealed = ring.seal(HERE, &Secret::new("hush")).expect("sealed");
        assert!(sealed.starts_with("v1.k") && !sealed.contains("hush"));
        assert_eq!(ring.open(HERE, &sealed).expect("opened").expose(), "hush");
        let elsewhere = Place {
            row: "example.org",
            ..HERE
        };
        assert_eq!(
            ring.open(elsewhere, &sealed).expect_err("moved").reason(),
            "undecryptable"
        );
    }

    #[test]
    fn a_changed_byte_and_a_lost_key_are_refused() {
        let first = ring();
        let sealed = first.seal(HERE, &Secret::new("hush")).expect("sealed");
        let last = if sealed.ends_with('A') { "B" } else { "A" };
        let changed = format!("{}{last}", &sealed[..sealed.len() - 1]);
        assert!(first.open(HERE, &changed).is_err());
        assert!(
            ring()
                .open(HERE, &sealed)
                .expect_err("lost")
                .message()
                .contains("no key")
        );
        for text in ["", "v1", "v1.x", "v2.x.y", "v1.k.", "plain"] {
            assert!(first.open(HERE, text).is_err(), "{text}");
        }
    }

    #[test]
    fn two_seals_of_one_secret_differ() {
        let ring = ring();
        let seal = || ring.seal(HERE, &Secret::new("hush")).expect("sealed");
        assert_ne!(seal(), seal());
    }

    #[test]
    fn an_older_key_still_opens_and_the_last_one_seals() {
        let (old, new) = (
            Keyring::new_line().expect("entropy"),
            Keyring::new_line().expect("entropy"),
        );
        let before = Keyring::parse(old.expose()).expect("a ring");
        let sealed = before.seal(HERE, &Secret::new("hush")).expect("sealed");
        let both = Keyring::parse(&format!("{}{}", old.expose(), new.expose())).expect("a ring");
        assert_eq!(both.open(HERE, &sealed).expect("opened").expose(), "hush");
        assert!(new.expose().starts_with(both.current()));
    }

    #[test]
    fn a_bad_ring_is_refused_without_showing_it() {
        for text in ["", "# nothing\n", "k1 c2hvcnQ=\n", "k1\n", "k 1 AAAA\n"] {
            let error = Keyring::parse(text).expect_err(text);
            assert!(!error.message().contains("c2hvcnQ"));
        }
    }
}
