//! What holds for every type alike.

use std::time::Duration;

use crate::clock;
use crate::error::Result;
use crate::model::*;

/// Every parser of text, by the name it has in messages.
fn refusals(input: &str) -> Vec<(&'static str, Option<Error>)> {
    fn of<T>(result: Result<Given<T>>) -> Option<Error> {
        result.err()
    }
    vec![
        ("account name", of(AccountName::parse(input))),
        ("cluster name", of(ClusterName::parse(input))),
        ("provider name", of(ProviderName::parse(input))),
        ("extension", of(ExtensionName::parse(input))),
        ("database name", of(DatabaseName::parse(input))),
        ("domain name", of(DomainName::parse(input))),
        ("domain name", of(ZoneName::parse(input))),
        ("host name", of(HostName::parse(input))),
        ("network", of(ReverseZone::parse(input))),
        ("local part", of(LocalPart::parse(input))),
        ("mail address", of(MailAddress::parse(input))),
        ("quota", of(Quota::parse(input))),
        ("duration", of(Span::parse(input))),
        ("TTL", of(Ttl::parse(input))),
        ("record type", of(RecordType::parse(input))),
    ]
}

#[test]
fn empty_blank_and_hidden_characters_are_refused_everywhere() {
    for input in [
        "",
        " ",
        "\t",
        "\n",
        "\0",
        "\u{a0}",
        "\u{feff}",
        "\u{202e}",
        "a\u{7f}b",
        "\u{1b}]0;owned\u{7}",
    ] {
        for (name, error) in refusals(input) {
            let error = error.unwrap_or_else(|| panic!("{name} accepts {input:?}"));
            assert!(error.message().starts_with(name), "{error}");
            assert!(!error.message().chars().any(escape::is_hidden), "{error:?}");
            assert_eq!(error.kind().exit_code(), 2);
        }
    }
}

#[test]
fn a_megabyte_is_refused_at_once_with_a_short_message() {
    for letter in ["a", "1", ".", "ü", "-", "\u{202e}", "@"] {
        let input = letter.repeat((1 << 20) / letter.len());
        let started = clock::instant();
        for (name, error) in refusals(&input) {
            let error = error.unwrap_or_else(|| panic!("{name} accepts a megabyte"));
            assert!(error.message().len() < 800, "{name}: {}", error.message().len());
        }
        assert!(
            started.elapsed() < Duration::from_millis(10 * 15),
            "{:?}",
            started.elapsed()
        );
    }
}

#[test]
fn serde_goes_through_the_same_parser() {
    let name: DomainName = serde_json::from_str("\"EXAMPLE.Com\"").expect("valid");
    assert_eq!(serde_json::to_string(&name).expect("json"), "\"example.com\"");
    let given: Given<MailAddress> = serde_json::from_str("\"Info@example.com\"").expect("valid");
    assert_eq!(
        given.note.as_deref(),
        Some("Info@example.com is stored as info@example.com")
    );
    let error = serde_json::from_str::<DatabaseName>("\"Shop\"")
        .expect_err("upper case")
        .to_string();
    assert!(
        error.starts_with("database name \"Shop\": character 'S' is not allowed at byte 1 (use shop)"),
        "{error}"
    );
    let zone: ZoneName =
        serde_json::from_str("\"2.0.192.in-addr.arpa\"").expect("a plan holds reverse zones too");
    assert_eq!(zone.as_str(), "2.0.192.in-addr.arpa");
}
