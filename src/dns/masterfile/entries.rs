//! Entries of a master file: words on one logical line, comments and parentheses gone (RFC 1035 §5.1).

use crate::error::{Error, Result};

/// A word, as it stands there; of a quoted one what is between the quotes. Escapes are not resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    pub is_quoted: bool,
}

/// One entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where it begins, from 1.
    pub line: usize,
    /// Whether it begins with a blank, so that it has the owner of the entry before.
    pub inherits_owner: bool,
    pub words: Vec<Word>,
}

/// Takes a file apart.
///
/// # Errors
/// `invalid`, naming the line, for a quote or a parenthesis that is not closed, and for control characters.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>> {
    let mut reader = Reader {
        entries: Vec::new(),
        open: None,
        depth: 0,
    };
    let mut last = 0;
    for (index, line) in text.split('\n').enumerate() {
        last = index + 1;
        reader.line(last, line.strip_suffix('\r').unwrap_or(line))?;
    }
    if reader.depth > 0 {
        let line = reader.open.as_ref().map_or(last, |entry| entry.line);
        return Err(at(line, "a parenthesis is not closed"));
    }
    reader.end();
    Ok(reader.entries)
}

/// An error of a line.
pub(super) fn at(line: usize, rule: &str) -> Error {
    Error::invalid(format!("line {line}: {rule}"))
}

struct Reader {
    entries: Vec<Entry>,
    open: Option<Entry>,
    depth: usize,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<()> {
        if self.depth == 0 {
            self.end();
            self.open = Some(Entry {
                line: number,
                inherits_owner: line.starts_with([' ', '\t']),
                words: Vec::new(),
            });
        }
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            match first {
                ' ' | '\t' => rest = &rest[1..],
                ';' => return Ok(()),
                '(' => (self.depth, rest) = (self.depth + 1, &rest[1..]),
                ')' if self.depth == 0 => {
                    return Err(at(number, "a parenthesis is closed that was not open"));
                }
                ')' => (self.depth, rest) = (self.depth - 1, &rest[1..]),
                '"' => rest = self.quoted(number, &rest[1..])?,
                _ => rest = self.plain(number, rest)?,
            }
        }
        Ok(())
    }

    fn quoted<'a>(&mut self, number: usize, rest: &'a str) -> Result<&'a str> {
        let end = end(number, rest, |character| character == '"')?;
        let after = rest
            .get(end + 1..)
            .ok_or_else(|| at(number, "a quote is not closed"))?;
        self.word(&rest[..end], true);
        Ok(after)
    }

    fn plain<'a>(&mut self, number: usize, rest: &'a str) -> Result<&'a str> {
        let ends = |character| matches!(character, ' ' | '\t' | ';' | '(' | ')' | '"');
        let mut length = end(number, rest, ends)?;
        // The value of a parameter may be quoted, and is one word with its key (RFC 9460 §2.1).
        if rest[..length].ends_with('=') && rest[length..].starts_with('"') && self.has_parameters() {
            let inside = &rest[length + 1..];
            length += end(number, inside, |character| character == '"')? + 2;
            if length > rest.len() {
                return Err(at(number, "a quote is not closed"));
            }
        }
        self.word(&rest[..length], false);
        Ok(&rest[length..])
    }

    /// Whether the entry is of a type whose data has parameters.
    fn has_parameters(&self) -> bool {
        let is_type = |types: &[&str]| {
            let mut words = self.open.iter().flat_map(|entry| &entry.words);
            words.any(|word| types.iter().any(|rtype| word.text.eq_ignore_ascii_case(rtype)))
        };
        // The owner of a TXT may be called so.
        is_type(&["HTTPS", "SVCB"]) && !is_type(&["TXT"])
    }

    fn word(&mut self, text: &str, is_quoted: bool) {
        let word = Word {
            text: text.to_owned(),
            is_quoted,
        };
        self.open
            .iter_mut()
            .for_each(|entry| entry.words.push(word.clone()));
    }

    fn end(&mut self) {
        self.entries
            .extend(self.open.take().filter(|entry| !entry.words.is_empty()));
    }
}

/// Where the first character outside of an escape is that ends a word; the end of the line where there is none.
fn end(number: usize, text: &str, ends: impl Fn(char) -> bool) -> Result<usize> {
    let mut is_escaped = false;
    for (offset, character) in text.char_indices() {
        if character.is_control() && character != '\t' {
            return Err(at(number, "a control character"));
        }
        if !is_escaped && ends(character) {
            return Ok(offset);
        }
        is_escaped = !is_escaped && character == '\\';
    }
    match is_escaped {
        true => Err(at(number, "a backslash at the end of the line")),
        false => Ok(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let entries = entries(text).expect(text).into_iter();
        entries
            .map(|entry| entry.words.into_iter().map(|word| word.text).collect())
            .collect()
    }

    #[test]
    fn an_entry_may_take_several_lines() {
        let text = "@ SOA ns1 h (\r\n\t1 ; serial\r\n 2 3 4 5 )\r\n\r\n; only this\r\nwww\tA 192.0.2.1;x\n";
        assert_eq!(
            words(text),
            [
                vec!["@", "SOA", "ns1", "h", "1", "2", "3", "4", "5"],
                vec!["www", "A", "192.0.2.1"]
            ]
        );
        let found = entries(" A 192.0.2.1\nx A (\n 192.0.2.2 )\ny A 192.0.2.3").expect("entries");
        let places: Vec<_> = found
            .iter()
            .map(|entry| (entry.line, entry.inherits_owner))
            .collect();
        assert_eq!(places, [(1, true), (2, false), (4, false)]);
    }

    #[test]
    fn what_is_quoted_is_one_word() {
        assert_eq!(
            words("t TXT \"a;b (c) \\\" d\"\"e\" f\\;g"),
            [["t", "TXT", "a;b (c) \\\" d", "e", "f\\;g"]]
        );
    }

    #[test]
    fn what_is_not_closed_is_refused_with_its_line() {
        for (text, message) in [
            ("a A 1\nt TXT \"open\n\"", "line 2: a quote is not closed"),
            ("a A 1\n\nb A ( 1\n2\n", "line 3: a parenthesis is not closed"),
            ("b A ) 1", "line 1: a parenthesis is closed that was not open"),
            ("b TXT a\\", "line 1: a backslash at the end of the line"),
            ("b TXT \"a\u{7}\"", "line 1: a control character"),
            ("b TXT a\rb", "line 1: a control character"),
        ] {
            assert_eq!(entries(text).expect_err(text).message(), message);
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(text in "\\PC{0,60}|[ \\t\\r\\n()\";\\\\a-c0-9$@.]{0,60}") {
            if let Ok(entries) = entries(&text) {
                prop_assert!(entries.iter().all(|entry| !entry.words.is_empty() && entry.line > 0));
            }
        }
    }
}
