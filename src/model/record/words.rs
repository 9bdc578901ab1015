//! Taking the data of a record apart: words, quoted strings, numbers, hexadecimal digits.

use crate::error::Result;
use crate::model::field::Field;
use crate::model::number::whole;

/// A word of the data and where it begins.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    /// As it was given, escapes and quotes included.
    pub raw: String,
    pub offset: usize,
}

/// The words of one record's data, taken from the left.
pub(super) struct Words<'a> {
    pub field: Field<'a>,
    words: std::vec::IntoIter<Word>,
}

impl<'a> Words<'a> {
    /// Words between blanks; quotes and backslashes are characters like others.
    pub fn plain(field: Field<'a>) -> Self {
        let mut words = Vec::new();
        let mut offset = 0;
        for part in field.input.split(' ') {
            if !part.is_empty() {
                words.push(Word {
                    text: part.to_owned(),
                    raw: part.to_owned(),
                    offset,
                });
            }
            offset += part.len() + 1;
        }
        Words {
            field,
            words: words.into_iter(),
        }
    }

    /// Words between blanks, in which a quoted part may hold blanks and a backslash escapes (RFC 1035 §5.1). What comes
    /// out is printable ASCII.
    pub fn quoted(field: Field<'a>) -> Result<Self> {
        let mut reader = Reader {
            field,
            rest: field.input.char_indices(),
            words: Vec::new(),
            word: None,
        };
        reader.read()?;
        Ok(Words {
            field,
            words: reader.words.into_iter(),
        })
    }

    /// The next word, called `name` where it is missing.
    pub fn next(&mut self, name: &str) -> Result<Word> {
        self.words
            .next()
            .ok_or_else(|| self.field.refuse(format_args!("the {name} is missing")))
    }

    /// A whole number up to `maximum`.
    pub fn number(&mut self, name: &str, maximum: u64) -> Result<u64> {
        let word = self.next(name)?;
        whole(&word.text, maximum)
            .map_err(|rule| self.field.refuse_at(word.offset, format_args!("{name}: {rule}")))
    }

    /// The remaining words as one row of hexadecimal digits, lower case; blanks between them mean nothing (RFC 4034 §5.3).
    pub fn hexadecimal(&mut self, name: &str) -> Result<String> {
        let mut digits = self.next(name)?;
        for word in self.words.by_ref() {
            digits.text.push_str(&word.text);
        }
        if !digits.text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self
                .field
                .refuse_at(digits.offset, format_args!("{name}: not hexadecimal")));
        }
        if digits.text.len() % 2 == 1 {
            return Err(self
                .field
                .refuse_at(digits.offset, format_args!("{name}: an odd number of digits")));
        }
        Ok(digits.text.to_ascii_lowercase())
    }

    /// All that is left.
    pub fn rest(&mut self) -> Vec<Word> {
        self.words.by_ref().collect()
    }

    /// Nothing may be left.
    pub fn end(&mut self) -> Result<()> {
        match self.words.next() {
            Some(word) => Err(self.field.refuse_at(word.offset, "more words than the type has")),
            None => Ok(()),
        }
    }
}

struct Reader<'a> {
    field: Field<'a>,
    rest: std::str::CharIndices<'a>,
    words: Vec<Word>,
    word: Option<Word>,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<()> {
        let mut quote = None;
        while let Some((offset, character)) = self.rest.next() {
            match character {
                ' ' if quote.is_none() => self.end_word(offset),
                '"' => {
                    quote = if quote.is_none() { Some(offset) } else { None };
                    self.word(offset);
                }
                '\\' => {
                    let escaped = self.escape(offset)?;
                    self.word(offset).push(escaped);
                }
                character if character.is_ascii() => self.word(offset).push(character),
                _ => return Err(self.field.refuse_at(offset, "only ASCII is allowed here")),
            }
        }
        self.end_word(self.field.input.len());
        match quote {
            Some(offset) => Err(self.field.refuse_at(offset, "a quote is not closed")),
            None => Ok(()),
        }
    }

    fn word(&mut self, offset: usize) -> &mut String {
        &mut self
            .word
            .get_or_insert_with(|| Word {
                text: String::new(),
                raw: String::new(),
                offset,
            })
            .text
    }

    fn end_word(&mut self, end: usize) {
        if let Some(word) = self.word.take() {
            let raw = self.field.input[word.offset..end].to_owned();
            self.words.push(Word { raw, ..word });
        }
    }

    /// What follows a backslash: a character, or three digits.
    fn escape(&mut self, offset: usize) -> Result<char> {
        let refused = || {
            self.field
                .refuse_at(offset, "an escape that stands for no printable character")
        };
        let Some((_, first)) = self.rest.next() else {
            return Err(refused());
        };
        if !first.is_ascii_digit() {
            return if first.is_ascii() {
                Ok(first)
            } else {
                Err(refused())
            };
        }
        let mut digits = String::from(first);
        digits.extend(self.rest.by_ref().take(2).map(|(_, digit)| digit));
        let byte = if digits.len() == 3 {
            digits.parse::<u8>().ok()
        } else {
            None
        };
        byte.filter(|byte| matches!(byte, 0x20..=0x7e))
            .map(char::from)
            .ok_or_else(refused)
    }
}

/// A string in quotes, for a server (RFC 1035 §5.1). The text is printable ASCII.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether text can stand in a line of a master file and be nothing but data: printable ASCII, every quote closed, and
/// outside of quotes nothing that begins a comment or a group (RFC 1035 §5.1).
pub(super) fn is_inert(text: &str) -> bool {
    let mut quoted = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => quoted = !quoted,
            b'\\' if !bytes.next().is_some_and(|next| next.is_ascii_graphic()) => return false,
            b'(' | b')' | b';' if !quoted => return false,
            b' '..=b'~' => {}
            _ => return false,
        }
    }
    !quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_data_is_inert() {
        for text in [
            "10 mx.test.",
            "\"a;b (c)\" \"d\"",
            "a\\;b",
            "A \"ifportup(443)\"",
            "\"\\\"\"",
        ] {
            assert!(is_inert(text), "{text}");
        }
        for text in [
            "1.2.3.4 ; x",
            "1.2.3.4 (",
            "\"open",
            "x\\",
            "a\\ b",
            "a\nb",
            "a\tb",
            "ä",
            "\"\\\"",
        ] {
            assert!(!is_inert(text), "{text}");
        }
    }
}
