//! Making text harmless to look at: whatever a terminal would act on, or nobody would see, is shown escaped.
//!
//! Used for every message and for the cells of a table. The text of an escape is for people; it is not meant to be
//! parsed back, so a backslash stays as it is.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How many characters of an input a message repeats.
const EXCERPT: usize = 60;

/// The text with control, escape, invisible and bidirectional characters written out: `\n`, `\t`, `\u{1b}`, `\u{202e}`.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push(&mut shown, character));
    Cow::Owned(shown)
}

/// The beginning of the text, escaped, for use inside a message; never more than a line.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == EXCERPT {
            shown.push('…');
            break;
        }
        push(&mut shown, character);
    }
    shown
}

fn push(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        hidden if is_hidden(hidden) => {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(hidden));
        }
        visible => shown.push(visible),
    }
}

/// Whether a character is one that a reader does not see as what it is: controls, invisible ones, direction overrides
/// and every blank but the space.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control() || is_invisible(character) || (character != ' ' && character.is_whitespace())
}

/// Whether a character takes no room, or moves others about: soft hyphen, zero width, joiners, direction marks,
/// overrides and isolates (Unicode Technical Report 36 §2.5), fillers, tags and variation selectors.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x2800 | 0x3164
        | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
        | 0x1_d173..=0x1_d17a | 0xe_0000..=0xe_0fff)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_written_out() {
        for (input, shown) in [
            ("plain ünïcode \\ text", "plain ünïcode \\ text"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}]0;owned\u{7}", "\\u{1b}]0;owned\\u{7}"),
            ("\0\u{7f}\u{9b}", "\\u{0}\\u{7f}\\u{9b}"),
            ("moc\u{202e}.live", "moc\\u{202e}.live"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("exam\u{200b}ple", "exam\\u{200b}ple"),
            ("exa\u{ad}mple", "exa\\u{ad}mple"),
            ("a\u{a0}b\u{3000}c", "a\\u{a0}b\\u{3000}c"),
            ("\u{feff}bom\u{2028}", "\\u{feff}bom\\u{2028}"),
        ] {
            assert_eq!(escape(input), shown);
        }
    }

    #[test]
    fn an_excerpt_is_short_whatever_the_input() {
        assert_eq!(excerpt("short"), "short");
        assert_eq!(excerpt(&"a".repeat(60)), "a".repeat(60));
        assert_eq!(excerpt(&"a".repeat(1 << 20)), format!("{}…", "a".repeat(60)));
    }

    proptest! {
        #[test]
        fn nothing_hidden_survives(text in any::<String>()) {
            prop_assert!(!escape(&text).chars().any(is_hidden));
            prop_assert!(!excerpt(&text).chars().any(is_hidden));
        }
    }
}
