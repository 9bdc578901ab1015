//! Passwords as mail daemons store them: a scheme in braces and a hash. Hashing happens here, in process, so that no
//! password is ever an argument of another program. Which passwords are good enough is decided by the model.

use std::fmt;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::clock;
use crate::error::{Error, Kind, Result};
use crate::model::{Password, Secret};

/// The scheme of what we make.
const ARGON2ID: &str = "{ARGON2ID}";
/// bcrypt, which other systems give away.
const BLF_CRYPT: &str = "{BLF-CRYPT}";

/// 19 MiB, two passes, one lane: the first choice of OWASP's "Password Storage Cheat Sheet" for Argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Less than the least of OWASP's equivalent settings is too easy to guess.
const LEAST_MEMORY_KIB: u32 = 7_168;
/// From here on Dovecot refuses every log-in without a word: its processes may not take that much memory.
const TOO_MUCH_MEMORY_KIB: u32 = 256 * 1024;
/// Passes and lanes beyond these take seconds, at every attempt to log in.
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 16;

/// Costs of bcrypt: below it is weak, above it one attempt takes seconds.
const BCRYPT_COSTS: std::ops::RangeInclusive<u8> = 10..=16;

/// A hash with its scheme, as a daemon reads it: `{ARGON2ID}$argon2id$v=19$m=…` or `{BLF-CRYPT}$2y$12$…`. Treated as a
/// secret: who has it can guess without being seen.
#[derive(Clone, Debug)]
pub struct PasswordHash(Secret);

impl PasswordHash {
    /// Hashes a password with a new salt. Takes some 50 ms of one core: not for the thread that drives others.
    ///
    /// # Errors
    /// `internal` where the operating system gives no random bytes.
    pub fn of(password: &Password) -> Result<Self> {
        let salt = clock::random::<16>()?;
        let hash = argon2()?
            .hash_password_with_salt(password.expose().as_bytes(), &salt)
            .map_err(|error| Error::internal("a password cannot be hashed").source(error))?;
        Ok(PasswordHash(Secret::new(format!("{ARGON2ID}{hash}"))))
    }

    /// A hash that somebody brings along. The scheme is written back in its canonical case.
    ///
    /// # Errors
    /// `weak_hash` for schemes and settings that are too easy to guess, `invalid` for malformed hashes and for those that
    /// daemons cannot work with. Never repeats the hash.
    pub fn parse(text: &str) -> Result<Self> {
        let (scheme, hash) = split(text)?;
        match scheme.to_ascii_uppercase().as_str() {
            "ARGON2ID" => check_argon2id(hash).map(|()| Self::with(ARGON2ID, hash)),
            "BLF-CRYPT" => check_bcrypt(hash).map(|()| Self::with(BLF_CRYPT, hash)),
            other => Err(weak(format!("scheme {{{other}}} is not accepted"))),
        }
    }

    fn with(scheme: &str, hash: &str) -> Self {
        PasswordHash(Secret::new(format!("{scheme}{hash}")))
    }

    /// The text for the column `password_hash`.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Whether `password` belongs to it. Knows Argon2id only: others are for the daemon to check.
    #[must_use]
    pub fn is_of(&self, password: &str) -> bool {
        self.0
            .expose()
            .strip_prefix(ARGON2ID)
            .and_then(|hash| phc::PasswordHash::new(hash).ok())
            .is_some_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| Error::internal("the settings of Argon2 do not fit together").source(error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

/// Scheme and hash of `{SCHEME}hash`. The scheme is short and harmless to show.
fn split(text: &str) -> Result<(&str, &str)> {
    let known = |scheme: &str| {
        (1..=32).contains(&scheme.len())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    text.strip_prefix('{')
        .and_then(|rest| rest.split_once('}'))
        .filter(|(scheme, _)| known(scheme))
        .ok_or_else(|| invalid("the scheme in braces is missing"))
}

fn check_argon2id(hash: &str) -> Result<()> {
    let hash = phc::PasswordHash::new(hash)
        .map_err(|_| invalid("not of the form $argon2id$v=19$m=…,t=…,p=…$salt$hash"))?;
    if hash.algorithm.as_str() != "argon2id" || hash.version != Some(19) {
        return Err(invalid("not Argon2id version 19"));
    }
    let parameters =
        Params::try_from(&hash).map_err(|_| invalid("the settings of Argon2 are out of range"))?;
    let (memory, passes, lanes) = (parameters.m_cost(), parameters.t_cost(), parameters.p_cost());
    if hash.salt.is_none() || hash.hash.is_none_or(|output| output.len() < 16) {
        return Err(invalid("salt or hash is missing or too short"));
    }
    if memory >= TOO_MUCH_MEMORY_KIB {
        return Err(invalid(format!(
            "{memory} KiB of memory is more than mail daemons may use (less than 262144)"
        )));
    }
    if passes > MOST_PASSES || lanes > MOST_LANES {
        return Err(invalid(format!(
            "more than {MOST_PASSES} passes or {MOST_LANES} lanes take seconds to check"
        )));
    }
    if memory < LEAST_MEMORY_KIB {
        return Err(weak(format!(
            "{memory} KiB of memory is less than {LEAST_MEMORY_KIB}"
        )));
    }
    Ok(())
}

/// `$2y$12$`, 22 characters of salt and 31 of hash.
fn check_bcrypt(hash: &str) -> Result<()> {
    let malformed = || invalid("not of the form $2y$12$ and 53 characters");
    let rest = ["$2y$", "$2b$", "$2a$"]
        .iter()
        .find_map(|prefix| hash.strip_prefix(prefix))
        .ok_or_else(malformed)?;
    let (cost, encoded) = rest.split_once('$').ok_or_else(malformed)?;
    let is_encoded = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/');
    if encoded.len() != 53 || !encoded.bytes().all(is_encoded) || cost.len() != 2 {
        return Err(malformed());
    }
    if !cost.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed());
    }
    let cost: u8 = cost.parse().map_err(|_| malformed())?;
    if cost < *BCRYPT_COSTS.start() {
        return Err(weak(format!(
            "cost {cost} of bcrypt is less than {}",
            BCRYPT_COSTS.start()
        )));
    }
    if cost > *BCRYPT_COSTS.end() {
        return Err(invalid(format!(
            "cost {cost} of bcrypt takes seconds to check (at most {})",
            BCRYPT_COSTS.end()
        )));
    }
    Ok(())
}

fn invalid(rule: impl fmt::Display) -> Error {
    Error::invalid(format!("password hash: {rule}"))
        .hint("give {ARGON2ID}$argon2id$v=19$… or {BLF-CRYPT}$2y$12$…")
}

fn weak(rule: impl fmt::Display) -> Error {
    Error::new(Kind::Usage, "weak_hash", format!("password hash: {rule}"))
        .hint("set a new password instead: hostctl mail box passwd ADDRESS --password-stdin")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::from_input(text.as_bytes(), 1).expect("a password")
    }

    fn refused(text: &str) -> Error {
        PasswordHash::parse(text).expect_err(text)
    }

    const SALT_AND_HASH: &str = "$c29tZXNhbHRzb21lc2FsdA$Y2hlY2tjaGVja2NoZWNrY2hlY2s";
    const BCRYPT: &str = "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

    #[test]
    fn a_password_is_known_again_and_no_other() {
        for text in ["pa\\ss\"word'$(id)`id`%s{}", "{PLAIN}secret", "пароль🙂"] {
            let hash = PasswordHash::of(&password(text)).expect("hashed");
            assert!(hash.is_of(text), "{text}");
            assert!(!hash.is_of("something else") && !hash.is_of(""), "{text}");
            assert!(
                hash.secret()
                    .expose()
                    .starts_with("{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$")
            );
        }
    }

    #[test]
    fn every_hash_has_its_own_salt_and_passes_its_own_check() {
        let first = PasswordHash::of(&password("same")).expect("hashed");
        let second = PasswordHash::of(&password("same")).expect("hashed");
        assert_ne!(first.secret().expose(), second.secret().expose());
        let again = PasswordHash::parse(first.secret().expose()).expect("our own hash");
        assert_eq!(again.secret().expose(), first.secret().expose());
    }

    #[test]
    fn strong_hashes_are_accepted_and_their_scheme_is_made_canonical() {
        let argon = format!("$argon2id$v=19$m=65536,t=3,p=4{SALT_AND_HASH}");
        let bcrypt = format!("$2b$12${BCRYPT}");
        for (given, stored) in [
            (format!("{{argon2id}}{argon}"), format!("{{ARGON2ID}}{argon}")),
            (format!("{{Blf-Crypt}}{bcrypt}"), format!("{{BLF-CRYPT}}{bcrypt}")),
        ] {
            assert_eq!(
                PasswordHash::parse(&given).expect(&given).secret().expose(),
                stored
            );
        }
    }

    #[test]
    fn weak_schemes_and_settings_are_refused() {
        for text in [
            "{PLAIN}secret".to_owned(),
            "{MD5}5f4dcc3b5aa765d61d8327deb882cf99".to_owned(),
            "{SHA512-CRYPT}$6$salt$hash".to_owned(),
            "{CRAM-MD5}00".to_owned(),
            "{ARGON2ID.HEX}00".to_owned(),
            format!("{{ARGON2ID}}$argon2id$v=19$m=4096,t=3,p=1{SALT_AND_HASH}"),
            format!("{{BLF-CRYPT}}$2y$09${BCRYPT}"),
        ] {
            let error = refused(&text);
            assert_eq!(
                (error.kind(), error.reason()),
                (Kind::Usage, "weak_hash"),
                "{text}"
            );
        }
    }

    #[test]
    fn malformed_hashes_and_those_that_lock_a_user_out_are_refused() {
        for text in [
            String::new(),
            "secret".to_owned(),
            "{}secret".to_owned(),
            "{ARGON2ID".to_owned(),
            "{a\nb}x".to_owned(),
            "{ARGON2ID}".to_owned(),
            "{ARGON2ID}secret".to_owned(),
            format!("{{ARGON2ID}}$argon2i$v=19$m=65536,t=3,p=1{SALT_AND_HASH}"),
            format!("{{ARGON2ID}}$argon2id$v=16$m=65536,t=3,p=1{SALT_AND_HASH}"),
            format!("{{ARGON2ID}}$argon2id$m=65536,t=3,p=1{SALT_AND_HASH}"),
            format!("{{ARGON2ID}}$argon2id$v=19$m=262144,t=3,p=1{SALT_AND_HASH}"),
            format!("{{ARGON2ID}}$argon2id$v=19$m=65536,t=99,p=1{SALT_AND_HASH}"),
            "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1".to_owned(),
            "{BLF-CRYPT}$2y$12$short".to_owned(),
            format!("{{BLF-CRYPT}}$2x$12${BCRYPT}"),
            format!("{{BLF-CRYPT}}$2y$31${BCRYPT}"),
            format!("{{BLF-CRYPT}}$2y$+9${BCRYPT}"),
            format!("{{BLF-CRYPT}}$2y$12${BCRYPT}\n"),
        ] {
            let error = refused(&text);
            assert_eq!((error.kind(), error.reason()), (Kind::Usage, "invalid"), "{text}");
            assert!(!error.message().contains("secret"), "{error}");
        }
    }
}
