//! TXT: the forms of a text, and that nothing gets lost between them.

use proptest::prelude::*;

use super::*;
use crate::model::{RecordData, RecordType};

fn given(value: &str) -> Result<Given<RecordData>> {
    RecordData::parse(RecordType::Txt, value, &"example.com".parse()?)
}

#[test]
fn text_is_raw_and_comes_back_the_same() {
    for (value, presentation) in [
        ("v=spf1 -all", "\"v=spf1 -all\""),
        ("say \"hi\"", "\"say \\\"hi\\\"\""),
        ("back\\slash", "\"back\\\\slash\""),
        ("C:\\100", "\"C:\\\\100\""),
        ("\\999", "\"\\\\999\""),
        ("caf\\195\\169", "\"caf\\195\\169\""),
        ("\\092200", "\"\\\\200\""),
        ("a;b $ORIGIN ( )", "\"a;b $ORIGIN ( )\""),
        ("\\010", "\"\\010\""),
        (" a ", "\" a \""),
    ] {
        let data = given(value).expect(value).value;
        assert_eq!(
            (data.presentation().as_str(), data.value().as_str()),
            (presentation, value)
        );
        assert_eq!(
            RecordData::from_presentation(RecordType::Txt, presentation).expect(value),
            data
        );
    }
    assert_eq!(
        given("\"quoted\"").expect("quotes").note.as_deref(),
        Some("the quotes are part of the text: TXT is given without them")
    );
}

#[test]
fn bad_text_is_refused() {
    for value in [
        "",
        " ",
        "foo\n@ IN NS evil.example.",
        "x\r\n$INCLUDE /etc/passwd",
        "\n$ORIGIN evil.",
        "a\tb",
        "a\0",
        "\u{1b}]0;owned\u{7}",
        "café",
        "\u{202e}",
    ] {
        let error = given(value).expect_err(value);
        assert!(!error.message().chars().any(escape::is_hidden), "{error}");
    }
    let error = given("café").expect_err("not ASCII");
    assert_eq!(
        error.message(),
        "TXT record \"café\": only ASCII is allowed, not 'é' at byte 4"
    );
    assert_eq!(error.hint_text(), Some("write \\195\\169 for it"));
    assert!(given(&"a".repeat(64_000)).is_ok() && given(&"a".repeat(64_001)).is_err());
    assert!(given(&"\\195".repeat(64_000)).is_ok() && given(&"\\195".repeat(64_001)).is_err());
    assert!(given(&"a".repeat(1 << 20)).expect_err("long").message().len() < 200);
}

#[test]
fn long_text_is_split_at_255_bytes_and_joined_again() {
    for (length, strings) in [
        (255, 1),
        (256, 2),
        (392, 2),
        (510, 2),
        (511, 3),
        (736, 3),
        (64_000, 251),
    ] {
        let text: String = ('a'..='z').cycle().take(length).collect();
        let data = given(&text).expect("long").value;
        let presentation = data.presentation();
        assert_eq!(presentation.matches('"').count(), 2 * strings);
        assert!(presentation.split(' ').all(|string| string.len() <= 257));
        assert_eq!(
            RecordData::from_presentation(RecordType::Txt, &presentation)
                .expect("read back")
                .value(),
            text
        );
    }
}

proptest! {
    #[test]
    fn bytes_of_a_text_survive_both_forms(bytes in prop::collection::vec(any::<u8>(), 1..600)) {
        let presentation = presentation(&bytes);
        prop_assert_eq!(&from_presentation(&presentation).expect("presentation"), &bytes);
        let shown = show(&bytes);
        if !shown.trim().is_empty() {
            prop_assert_eq!(parse(&Field::new("text", &shown)).expect("value").value, bytes);
        }
    }
}
