//! Quoting for utility statements, which take no parameters (`CREATE ROLE`, `COMMENT`, `ALTER … SET`).
//!
//! Names were validated by their types before they come here; they are quoted all the same.

/// `name` as an SQL identifier, whatever it holds.
#[must_use]
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `text` as an SQL string constant, independent of `standard_conforming_strings`.
#[must_use]
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!(" E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_inside_an_identifier_are_doubled() {
        assert_eq!(identifier("shop"), "\"shop\"");
        assert_eq!(
            identifier("shop\"; DROP DATABASE x; --"),
            "\"shop\"\"; DROP DATABASE x; --\""
        );
    }

    #[test]
    fn quotes_and_backslashes_inside_a_literal_stay_inside() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\'; DROP"), " E'a\\\\''; DROP'");
    }
}
