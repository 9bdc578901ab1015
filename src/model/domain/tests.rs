//! Domain names: the canonical form, refusals, questions.

use proptest::prelude::*;

use super::*;

fn domain(input: &str) -> DomainName {
    input.parse().expect(input)
}

/// Inputs and the whole message.
const REFUSED: &[(&str, &str)] = &[
    ("", "domain name must not be empty"),
    (" ", "domain name \" \": must not be blank"),
    ("\t", "domain name \"\\t\": must not be blank"),
    (
        "example.com\n",
        "domain name \"example.com\\n\": line break '\\n' at byte 12",
    ),
    (
        "example.com\r\nX-Injected: 1",
        "domain name \"example.com\\r\\nX-Injected: 1\": line break '\\r' at byte 12",
    ),
    (
        "example.com\0",
        "domain name \"example.com\\u{0}\": NUL '\\u{0}' at byte 12",
    ),
    ("www", "domain name \"www\": a single label is not enough"),
    ("com", "domain name \"com\": a single label is not enough"),
    ("12345", "domain name \"12345\": a single label is not enough"),
    ("1.2.3.4", "domain name \"1.2.3.4\": an IP address is not a name"),
    ("::1", "domain name \"::1\": an IP address is not a name"),
    (
        "[2001:db8::1]",
        "domain name \"[2001:db8::1]\": an IP address is not a name",
    ),
    (
        "1.2.3",
        "domain name \"1.2.3\": the last label must not be a number",
    ),
    (
        "example.123",
        "domain name \"example.123\": the last label must not be a number",
    ),
    (
        "1.2.3.0x7f",
        "domain name \"1.2.3.0x7f\": the last label must not be a number",
    ),
    ("..", "domain name \"..\": empty label at byte 1"),
    (".", "domain name \".\": empty label at byte 1"),
    (
        ".example.com",
        "domain name \".example.com\": empty label at byte 1",
    ),
    (
        "example..com",
        "domain name \"example..com\": empty label at byte 9",
    ),
    (
        "example.com..",
        "domain name \"example.com..\": empty label at byte 13",
    ),
    (
        "-example.com",
        "domain name \"-example.com\": label begins with a hyphen at byte 1",
    ),
    (
        "example-.com",
        "domain name \"example-.com\": label ends with a hyphen at byte 8",
    ),
    (
        "a.-b.com",
        "domain name \"a.-b.com\": label begins with a hyphen at byte 3",
    ),
    (
        "--help",
        "domain name \"--help\": label begins with a hyphen at byte 1",
    ),
    ("-rf", "domain name \"-rf\": label begins with a hyphen at byte 1"),
    (
        "--config=/etc/x",
        "domain name \"--config=/etc/x\": character '=' is not allowed at byte 9",
    ),
    (
        "xn--.com",
        "domain name \"xn--.com\": label ends with a hyphen at byte 4",
    ),
    (
        "xn--a-.com",
        "domain name \"xn--a-.com\": label ends with a hyphen at byte 6",
    ),
    (
        "xn--zzzzzz99999.com",
        "domain name \"xn--zzzzzz99999.com\": invalid punycode at byte 1",
    ),
    (
        "a.xn--abc-.xn--zzzzzz99999.com",
        "domain name \"a.xn--abc-.xn--zzzzzz99999.com\": label ends with a hyphen at byte 10",
    ),
    (
        "exam\u{200b}ple.com",
        "domain name \"exam\\u{200b}ple.com\": invisible character '\\u{200b}' at byte 5",
    ),
    (
        "exa\u{ad}mple.com",
        "domain name \"exa\\u{ad}mple.com\": invisible character '\\u{ad}' at byte 4",
    ),
    (
        "\u{202e}moc.com",
        "domain name \"\\u{202e}moc.com\": invisible character '\\u{202e}' at byte 1",
    ),
    ("example .com", "domain name \"example .com\": blank at byte 8"),
    (
        "exa\u{a0}mple.com",
        "domain name \"exa\\u{a0}mple.com\": blank '\\u{a0}' at byte 4",
    ),
    (
        "example.com;id",
        "domain name \"example.com;id\": character ';' is not allowed at byte 12",
    ),
    (
        "$(id).com",
        "domain name \"$(id).com\": character '$' is not allowed at byte 1",
    ),
    (
        "`id`.com",
        "domain name \"`id`.com\": character '`' is not allowed at byte 1",
    ),
    (
        "a|b.com",
        "domain name \"a|b.com\": character '|' is not allowed at byte 2",
    ),
    (
        "example.com&&id",
        "domain name \"example.com&&id\": character '&' is not allowed at byte 12",
    ),
    (
        "example.com' OR '1'='1",
        "domain name \"example.com' OR '1'='1\": character ''' is not allowed at byte 12",
    ),
    (
        "x\"; DROP DATABASE postgres;--",
        "domain name \"x\"; DROP DATABASE postgres;--\": character '\"' is not allowed at byte 2",
    ),
    (
        "example.com/24",
        "domain name \"example.com/24\": character '/' is not allowed at byte 12",
    ),
    (
        "example.com?x=1#y",
        "domain name \"example.com?x=1#y\": character '?' is not allowed at byte 12",
    ),
    (
        "example.com%2f..",
        "domain name \"example.com%2f..\": character '%' is not allowed at byte 12",
    ),
    (
        "a_b.example.com",
        "domain name \"a_b.example.com\": character '_' is not allowed at byte 2",
    ),
    (
        "a＿b.example.com",
        "domain name \"a＿b.example.com\": character '_' is not allowed (in \"a_b.example.com\")",
    ),
    (
        "*.example.com",
        "domain name \"*.example.com\": a wildcard is allowed in records and certificates only",
    ),
    (
        "exаmple.com",
        "domain name \"exаmple.com\": label \"xn--exmple-4nf\" mixes Latin and Cyrillic letters that look alike",
    ),
    (
        "xn--exmple-4nf.com",
        "domain name \"xn--exmple-4nf.com\": label \"xn--exmple-4nf\" mixes Latin and Cyrillic letters that look alike",
    ),
    (
        "gοοgle.com",
        "domain name \"gοοgle.com\": label \"xn--ggle-0nda\" mixes Latin and Greek letters that look alike",
    ),
    (
        "a⁄b.com",
        "domain name \"a⁄b.com\": character '⁄' is not allowed in a domain label",
    ),
    (
        "☕.example.com",
        "domain name \"☕.example.com\": character '☕' is not allowed in a domain label",
    ),
];

#[test]
fn every_spelling_has_one_canonical_form() {
    for (input, stored) in [
        ("example.com", "example.com"),
        ("EXAMPLE.Com", "example.com"),
        ("example.com.", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("faß.de", "xn--fa-hia.de"),
        ("bloß.рф", "xn--blo-7ka.xn--p1ai"),
        ("example\u{3002}com", "example.com"),
        ("example．com", "example.com"),
        ("ex\u{61}\u{301}mple.com", "xn--exmple-qta.com"),
        ("exámple.com", "xn--exmple-qta.com"),
        ("日本語.jp", "xn--wgv71a119e.jp"),
        ("r3---sn-4g5e6.example.com", "r3---sn-4g5e6.example.com"),
        ("1password.com", "1password.com"),
        ("4.5.example", "4.5.example"),
        ("hostctl.test", "hostctl.test"),
    ] {
        let given = DomainName::parse(input).expect(input);
        assert_eq!(given.value.as_str(), stored);
        assert_eq!(given.note.is_some(), input != stored, "{input}");
    }
    let note = DomainName::parse("EXAMPLE.Com").expect("valid").note;
    assert_eq!(note.as_deref(), Some("EXAMPLE.Com is stored as example.com"));
}

#[test]
fn what_is_no_domain_name_is_refused_with_the_rule_and_the_byte() {
    for (input, message) in REFUSED {
        let error = DomainName::parse(input).expect_err(input);
        assert_eq!(error.message(), *message, "{input:?}");
        assert_eq!(
            (error.kind().exit_code(), error.reason()),
            (2, "invalid"),
            "{input:?}"
        );
    }
}

#[test]
fn names_of_special_use_are_reserved() {
    for input in [
        "localhost",
        "a.localhost",
        "printer.local",
        "x.onion",
        "host.invalid",
        "a.alt",
        "LOCALHOST.",
        "in-addr.arpa",
        "10.in-addr.arpa",
        "8.b.d.0.1.0.0.2.ip6.arpa",
        "home.arpa",
    ] {
        let error = DomainName::parse(input).expect_err(input);
        assert_eq!(
            (error.kind().exit_code(), error.reason()),
            (2, "reserved"),
            "{input}"
        );
    }
}

#[test]
fn lengths_are_counted_in_bytes() {
    let label = "a".repeat(63);
    assert!(DomainName::parse(&format!("{label}.com")).is_ok());
    assert!(DomainName::parse(&format!("{label}a.com")).is_err());
    let longest = format!("{label}.{label}.{label}.{}", "b".repeat(61));
    assert_eq!(longest.len(), 253);
    assert!(DomainName::parse(&longest).is_ok() && DomainName::parse(&format!("{longest}.")).is_ok());
    assert!(DomainName::parse(&format!("{longest}b")).is_err());
    assert!(DomainName::parse(&format!("{}.com", "ü".repeat(60))).is_err());
}

#[test]
fn public_suffixes_are_those_of_the_list() {
    for suffix in ["co.uk", "github.io", "foo.ck", "xn--55qx5d.cn"] {
        assert!(domain(suffix).is_public_suffix(), "{suffix}");
    }
    for name in [
        "example.com",
        "a.github.io",
        "www.ck",
        "shop.test",
        "a.shop.test",
        "shop.example",
    ] {
        assert!(!domain(name).is_public_suffix(), "{name}");
    }
}

#[test]
fn a_subdomain_ends_in_whole_labels() {
    let parent = domain("example.com");
    assert!(domain("a.b.example.com").is_subdomain_of(&parent));
    for name in [
        "example.com",
        "anexample.com",
        "example.community.test",
        "com.example",
    ] {
        assert!(!domain(name).is_subdomain_of(&parent), "{name}");
    }
    assert_eq!(
        domain("a.b.test").labels().collect::<Vec<_>>(),
        ["a", "b", "test"]
    );
}

#[test]
fn people_see_the_unicode_form() {
    assert_eq!(domain("bücher.example").unicode(), "bücher.example");
    assert_eq!(domain("example.com").unicode(), "example.com");
}

proptest! {
    #[test]
    fn what_is_accepted_is_canonical(input in "\\PC{0,20}|[a-zA-Z0-9ßüдλ_*.。-]{1,30}|(xn--)?[a-z0-9-]{1,12}\\.[a-z]{2,5}") {
        if let Ok(given) = DomainName::parse(&input) {
            let again = DomainName::parse(given.value.as_str()).expect("canonical");
            prop_assert_eq!(&again.value, &given.value);
            prop_assert_eq!(again.note, None);
            prop_assert_eq!(DomainName::parse(&given.value.unicode()).expect("unicode").value, given.value);
        }
    }
}
