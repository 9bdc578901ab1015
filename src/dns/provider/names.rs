//! Names on the wire. The library writes and reads a byte in an escape as octal digits; everybody else as decimal ones
//! (RFC 1035 §5.1).

use hickory_proto::rr::Name;

use crate::model::record::{labels, name_of};

/// A name in presentation form, with its final dot.
pub(super) fn text(name: &Name) -> String {
    format!("{}.", name_of(name.iter()))
}

/// The name that a presentation form stands for; nothing where it is none.
pub(super) fn wire(absolute: &str) -> Option<Name> {
    Name::from_labels(labels(absolute)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_three_decimal_digits() {
        let name = wire("a\\032b\\.c.example.test.").expect("name");
        assert_eq!(name.iter().next(), Some(&b"a b.c"[..]));
        assert_eq!(text(&name), "a\\032b\\.c.example.test.");
        assert_eq!(
            (text(&Name::root()), wire(".")),
            (".".to_owned(), Some(Name::root()))
        );
        assert_eq!(wire("a..b."), None);
    }
}
