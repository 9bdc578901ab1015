//! Passwords that people and programs log in with: the policy, and making new ones. Hashing is done where they are used.

use crate::clock;
use crate::error::{Error, Result};
use crate::model::Secret;

/// Characters below which a password is refused, unless the verb says otherwise.
pub const DEFAULT_MINIMUM: usize = 12;

/// Bytes above which a password is refused: hashing is slow on purpose, and its input comes from anybody.
pub const MAXIMUM: usize = 1024;

/// Letters and digits that cannot be mistaken for each other, and that neither a shell nor a URL wants quoted.
const ALPHABET: &[u8; 56] = b"23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/// 24 × log2(56) = 139 bits.
const GENERATED: usize = 24;

/// A password that obeys the policy: between the minimum in characters and 1,024 bytes, one line, no control
/// characters. It is kept byte for byte, whatever else it contains.
#[derive(Clone, Debug)]
pub struct Password(Secret);

impl Password {
    /// A password as read from a file or a pipe; one final LF or CRLF is not part of it. `minimum` is in characters.
    ///
    /// # Errors
    /// `invalid`, without a trace of the password itself.
    pub fn from_input(input: &[u8], minimum: usize) -> Result<Self> {
        let input = input
            .strip_suffix(b"\n")
            .map_or(input, |line| line.strip_suffix(b"\r").unwrap_or(line));
        if input.is_empty() {
            return Err(Error::invalid("password must not be empty"));
        }
        if input.len() > MAXIMUM {
            return Err(Error::invalid(format!("password: longer than {MAXIMUM} bytes")));
        }
        let text = std::str::from_utf8(input).map_err(|error| {
            Error::invalid(format!("password: not UTF-8 at byte {}", error.valid_up_to() + 1))
        })?;
        check(text, minimum)?;
        Ok(Password(Secret::new(text)))
    }

    /// A new password of 139 bits that needs no quoting in a shell, a URL or a configuration file.
    ///
    /// # Errors
    /// `internal` where the operating system gives no random bytes.
    pub fn generate() -> Result<Self> {
        // Bytes beyond a multiple of the alphabet are thrown away: taking the remainder would favour its beginning.
        let usable = 256 - 256 % ALPHABET.len();
        let mut text = String::with_capacity(GENERATED);
        while text.len() < GENERATED {
            let drawn = clock::random::<32>()?;
            let letters = drawn
                .iter()
                .map(|byte| usize::from(*byte))
                .filter(|number| *number < usable);
            text.extend(
                letters
                    .take(GENERATED - text.len())
                    .map(|number| char::from(ALPHABET[number % ALPHABET.len()])),
            );
        }
        Ok(Password(Secret::new(text)))
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The text for `PostgreSQL`, which takes what looks like a stored password for one: who knows the hash could then
    /// log in with it.
    ///
    /// # Errors
    /// `invalid` for `md5` and 32 hexadecimal digits, and for a SCRAM verifier.
    pub fn for_postgres(&self) -> Result<&str> {
        let text = self.expose();
        let md5 = text
            .strip_prefix("md5")
            .is_some_and(|hash| hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if md5 || text.starts_with("SCRAM-SHA-256$") {
            let message = "password: looks like a hash, and the database server would store it as one";
            return Err(Error::invalid(message).hint("choose a password, not its hash"));
        }
        Ok(text)
    }
}

fn check(text: &str, minimum: usize) -> Result<()> {
    if let Some((offset, character)) = text.char_indices().find(|(_, character)| character.is_control()) {
        let what = if matches!(character, '\n' | '\r') {
            "line break"
        } else {
            "control character"
        };
        return Err(Error::invalid(format!("password: {what} at byte {}", offset + 1)));
    }
    if text.chars().all(char::is_whitespace) {
        return Err(Error::invalid("password must not be blank"));
    }
    if text.chars().count() < minimum {
        return Err(Error::invalid(format!(
            "password: shorter than {minimum} characters"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn given(input: &[u8]) -> Result<Password> {
        Password::from_input(input, DEFAULT_MINIMUM)
    }

    #[test]
    fn one_line_end_is_not_part_of_the_password() {
        for input in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            assert_eq!(given(input.as_bytes()).expect(input).expose(), "correct horse");
        }
        for input in [
            "correct horse\n\n",
            "correct\nhorse 1",
            "correct horse\r",
            "correct horse\r\n\n",
        ] {
            assert!(given(input.as_bytes()).is_err(), "{input:?}");
        }
    }

    #[test]
    fn any_printable_text_is_kept_byte_for_byte() {
        for text in [
            "pa\\ss\"word'$(id)`id`%s{}",
            "пароль🙂пароль",
            "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            "{PLAIN}secret",
        ] {
            assert_eq!(given(text.as_bytes()).expect(text).expose(), text);
        }
    }

    #[test]
    fn bad_passwords_are_refused_without_being_repeated() {
        let long = vec![b'a'; 1025];
        for input in [
            &b""[..],
            b"\n",
            b"\r\n",
            b"x",
            b"seven77",
            b"eleven.char",
            b"            ",
            b"with\0a nul byte",
            b"with\x1ban escape",
            b"not utf-8 \xff\xfe\xfd",
            &long,
            &vec![b'a'; 1 << 20],
        ] {
            let error = given(input).expect_err("refused");
            assert_eq!((error.kind().exit_code(), error.reason()), (2, "invalid"));
            assert!(!error.message().contains("seven77") && error.message().len() < 100);
        }
        assert!(given(&long[..1024]).is_ok() && given(b"twelve.chars").is_ok());
        assert!(Password::from_input(b"short", 5).is_ok());
    }

    #[test]
    fn what_postgres_takes_for_a_hash_is_no_password_for_it() {
        for text in [
            "md5d41d8cd98f00b204e9800998ecf8427e",
            "md5D41D8CD98F00B204E9800998ECF8427E",
            "SCRAM-SHA-256$4096:c2FsdA==$x:y",
        ] {
            assert!(
                given(text.as_bytes()).expect(text).for_postgres().is_err(),
                "{text}"
            );
        }
        for text in ["md5d41d8cd98f00b204e9800998ecf8427", "md5 is not a password"] {
            assert_eq!(
                given(text.as_bytes()).expect(text).for_postgres().expect(text),
                text
            );
        }
    }

    #[test]
    fn generated_passwords_are_distinct_and_use_the_whole_alphabet() {
        let made: HashSet<String> = (0..10_000)
            .map(|_| Password::generate().expect("entropy").expose().to_owned())
            .collect();
        assert_eq!(made.len(), 10_000);
        let mut counts = [0_u32; 256];
        made.iter()
            .flat_map(|text| text.bytes())
            .for_each(|byte| counts[usize::from(byte)] += 1);
        // 240,000 draws over 56 letters: 4,286 each, standard deviation 65; a biased remainder would add a quarter.
        assert!(
            ALPHABET
                .iter()
                .all(|letter| (3_800..4_800).contains(&counts[usize::from(*letter)]))
        );
        assert_eq!(counts.iter().sum::<u32>(), 240_000);
        assert!(
            made.iter()
                .all(|text| text.len() == GENERATED && text.bytes().all(|byte| ALPHABET.contains(&byte)))
        );
    }

    proptest! {
        #[test]
        fn accepted_passwords_are_accepted_again(input in any::<Vec<u8>>()) {
            if let Ok(password) = Password::from_input(&input, 1) {
                let again = Password::from_input(password.expose().as_bytes(), 1).expect("again");
                prop_assert_eq!(again.expose(), password.expose());
            }
        }
    }
}
