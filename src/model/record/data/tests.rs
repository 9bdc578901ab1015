//! Records' data: what is accepted in which canonical form, what is refused, what survives a server.

use proptest::prelude::*;

use super::*;

fn zone() -> DomainName {
    "example.com".parse().expect("zone")
}

fn parse(rtype: &str, value: &str) -> Result<Given<RecordData>> {
    RecordData::parse(rtype.parse()?, value, &zone())
}

const SHA1: &str = "0123456789abcdef0123456789abcdef01234567";
const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[test]
fn data_has_one_canonical_form() {
    for (rtype, value, canonical) in [
        ("A", "192.0.2.1", "192.0.2.1"),
        ("AAAA", "2001:DB8::0:1", "2001:db8::1"),
        ("AAAA", "::1", "::1"),
        ("CNAME", "www.example.net", "www.example.net."),
        ("CNAME", "_x.acm-validations.aws.", "_x.acm-validations.aws."),
        ("NS", "NS1.example.net.", "ns1.example.net."),
        ("PTR", "mail.example.com", "mail.example.com."),
        ("MX", "10 mx.hestiacp.com", "10 mx.hestiacp.com."),
        ("MX", "10  mx.bücher.example", "10 mx.xn--bcher-kva.example."),
        ("MX", "0 .", "0 ."),
        ("SRV", "10 20 5060 sip.example.com", "10 20 5060 sip.example.com."),
        ("SRV", "0 5 0 .", "0 5 0 ."),
        ("CAA", "0 issue letsencrypt.org", "0 issue \"letsencrypt.org\""),
        ("CAA", "128 ISSUE \";\"", "128 issue \";\""),
        (
            "CAA",
            "0 issue \"ca.test; validationmethods=dns-01\"",
            "0 issue \"ca.test; validationmethods=dns-01\"",
        ),
        (
            "CAA",
            "0 iodef mailto:a@example.com",
            "0 iodef \"mailto:a@example.com\"",
        ),
        (
            "NAPTR",
            "100 10 \"S\" \"SIP+D2U\" \"\" _sip._udp.example.com",
            "100 10 \"S\" \"SIP+D2U\" \"\" _sip._udp.example.com.",
        ),
        (
            "NAPTR",
            "1 1 U E2U+sip \"!^.*$!sip:\\\\1@x.test!\" .",
            "1 1 \"U\" \"E2U+sip\" \"!^.*$!sip:\\\\1@x.test!\" .",
        ),
        ("HTTPS", "1 . alpn=\"h2,h3\"", "1 . alpn=h2,h3"),
        ("HTTPS", "0 www.example.net", "0 www.example.net."),
        ("SVCB", "16 foo.test. port=0443 key65333=x", ""),
        (
            "SVCB",
            "16 foo.test. key667=x port=443 ipv6hint=2001:DB8::1 mandatory=port,key667",
            "16 foo.test. mandatory=port,key667 port=443 ipv6hint=2001:db8::1 key667=x",
        ),
        (
            "HTTPS",
            "1 . alpn=h2 no-default-alpn ipv4hint=192.0.2.1,192.0.2.2 ech=AEX+DQBB",
            "1 . alpn=h2 no-default-alpn ipv4hint=192.0.2.1,192.0.2.2 ech=AEX+DQBB",
        ),
        ("TYPE65280", "\\# 4 0A00 0001", "\\# 4 0a000001"),
        ("TYPE65280", "\\# 0", "\\# 0"),
    ] {
        if canonical.is_empty() {
            assert!(parse(rtype, value).is_err(), "{rtype} {value}");
            continue;
        }
        let given = parse(rtype, value).expect(value);
        assert_eq!(
            (given.value.value().as_str(), given.value.presentation().as_str()),
            (canonical, canonical)
        );
        assert_eq!(given.note.is_some(), value != canonical, "{value}");
    }
    let mx = parse("MX", "10 mx.example.net").expect("valid");
    assert_eq!(
        mx.note.as_deref(),
        Some("10 mx.example.net is stored as 10 mx.example.net.")
    );
}

#[test]
fn digests_have_the_length_of_their_type() {
    for (rtype, good) in [
        ("DS", format!("12345 8 1 {SHA1}")),
        ("DS", format!("12345 13 2 {SHA256}")),
        ("DS", format!("12345 13 4 {SHA256}{}", &SHA256[..32])),
        ("TLSA", format!("3 1 1 {SHA256}")),
        ("TLSA", format!("3 1 2 {SHA256}{SHA256}")),
        ("TLSA", "3 0 0 3082".to_owned()),
        ("SSHFP", format!("4 2 {SHA256}")),
    ] {
        assert_eq!(parse(rtype, &good).expect(&good).value.value(), good);
        assert_eq!(
            parse(rtype, &good.to_uppercase()).expect(&good).value.value(),
            good
        );
        for bad in [
            format!("{good}00"),
            format!("{good}0"),
            good.replacen(' ', " +", 1),
            format!("{good}zz"),
            format!("-{good}"),
        ] {
            if bad != "3 0 0 308200" {
                assert!(parse(rtype, &bad).is_err(), "{rtype} {bad}");
            }
        }
    }
    let spaced = format!("12345 13 2 {} {}", &SHA256[..32], &SHA256[32..]);
    assert!(
        parse("DS", &spaced).is_ok(),
        "RFC 4034 allows blanks inside the digest"
    );
}

/// Types and values.
const BAD: &[(&str, &str)] = &[
    ("A", "256.1.1.1"),
    ("A", "1.2.3"),
    ("A", "01.2.3.4"),
    ("A", "1.2.3.4/24"),
    ("A", "::1"),
    ("A", " 1.2.3.4"),
    ("A", "1.2.3.4 "),
    ("A", "1.2.3.4\n"),
    ("A", "1.2.3.4 5"),
    ("A", "0x7f.1"),
    ("A", "2130706433"),
    ("A", "１.2.3.4"),
    ("A", ""),
    ("A", " "),
    ("AAAA", "1.2.3.4"),
    ("AAAA", "fe80::1%eth0"),
    ("AAAA", ":::1"),
    ("AAAA", "[::1]"),
    ("AAAA", "::1/64"),
    ("AAAA", "2001:db8"),
    ("CNAME", "www"),
    ("CNAME", "a.test b.test"),
    ("CNAME", "."),
    ("CNAME", "1.2.3.4"),
    ("CNAME", "*.example.com"),
    ("CNAME", "localhost"),
    ("NS", "_ns.example.com"),
    ("NS", "ns1"),
    ("PTR", "x"),
    ("CNAME", "a.test\n@ IN NS evil."),
    ("MX", "mx.example.com"),
    ("MX", "10"),
    ("MX", "10 mx"),
    ("MX", "65536 mx.test."),
    ("MX", "-1 mx.test."),
    ("MX", "010 mx.test."),
    ("MX", "10 ."),
    ("MX", "10 1.2.3.4"),
    ("MX", "10 mx.test. x"),
    ("MX", "1e1 mx.test."),
    ("MX", "10\tmx.test."),
    ("MX", "10 mx_1.test."),
    ("SRV", "abc 20 5060 x."),
    ("SRV", "10 5 443"),
    ("SRV", "10 5 65536 a.test."),
    ("SRV", "10 5 443 x"),
    ("SRV", "1 2 3 4 a.test."),
    ("CAA", "0 issue"),
    ("CAA", "256 issue ca.test"),
    ("CAA", "0 iss ue"),
    ("CAA", "0 \"iss ue\" ca.test"),
    ("CAA", "0 isue ca.test"),
    ("CAA", "0 iss-ue ca.test"),
    ("CAA", "0 issue \"\""),
    ("CAA", "0 issue \"ca.test"),
    ("CAA", "0 \"\" ca.test"),
    ("CAA", "0 issue a b"),
    ("CAA", "0 issue \"a b\""),
    ("CAA", "0 iodef ftp://x"),
    ("CAA", "0 issue ca..test"),
    ("CAA", "0 issue \"\\010\""),
    ("CAA", "0 issue cä.test"),
    ("DS", "1 8 2 0123"),
    ("DS", "1 8 9 0123"),
    ("DS", "65536 8 1 00"),
    ("DS", "1 8 1"),
    ("DS", ""),
    ("TLSA", "3 1 1 0123"),
    ("TLSA", "4 1 1 00"),
    ("TLSA", "3 2 0 00"),
    ("TLSA", "3 1 3 00"),
    ("TLSA", "3 1 0"),
    ("TLSA", "3 1 0 xy"),
    ("SSHFP", "5 2 00"),
    ("SSHFP", "4 3 00"),
    ("SSHFP", "4 2 00"),
    ("NAPTR", "1 1 \"S\" \"x\" \"\""),
    ("NAPTR", "1 1 S! x \"\" ."),
    ("NAPTR", "1 1 U x !a!b! c.test."),
    ("HTTPS", "1"),
    ("HTTPS", "0 . alpn=h2"),
    ("HTTPS", "1 . alpn"),
    ("HTTPS", "1 . alpn=h2 alpn=h3"),
    ("HTTPS", "1 . port=65536"),
    ("HTTPS", "1 . ipv4hint=::1"),
    ("HTTPS", "1 . no-default-alpn"),
    ("HTTPS", "1 . nonsense=1"),
    ("HTTPS", "1 . mandatory=alpn"),
    ("HTTPS", "1 . mandatory=mandatory"),
    ("HTTPS", "1 . alpn=h2,"),
    ("HTTPS", "1 . ech=***"),
    ("HTTPS", "1 . ohttp=1"),
    ("HTTPS", "1 svc"),
    ("TYPE65280", "0a000001"),
    ("TYPE65280", "\\# 4 0a0000"),
    ("TYPE65280", "\\# 4"),
    ("TYPE65280", "\\# -1 00"),
    ("TYPE65280", "\\# 0 00"),
    ("SOA", "ns1.example.com. hostmaster.example.com. 1 2 3 4 5"),
];

#[test]
fn bad_data_is_refused() {
    for (rtype, value) in BAD {
        let error = parse(rtype, value).expect_err(value);
        assert_eq!(error.kind().exit_code(), 2, "{rtype} {value:?}");
        assert!(!error.message().chars().any(escape::is_hidden), "{error}");
    }
    let error = parse("MX", "10 mx").expect_err("single label");
    assert_eq!(
        error.message(),
        "MX record: target \"mx\": a single label is not a full name"
    );
    assert_eq!(error.hint_text(), Some("write it in full: mx.example.com."));
    let error = parse("MX", "10 mx.test. 5").expect_err("words");
    assert_eq!(
        error.message(),
        "MX record \"10 mx.test. 5\": more words than the type has at byte 13"
    );
}

#[test]
fn what_a_server_returns_is_equal_but_given_back_as_it_was() {
    for (rtype, returned, value) in [
        ("TXT", "\"v=spf1\" \" -all\"", "v=spf1 -all"),
        ("TXT", "bare", "bare"),
        ("TXT", "\"a;(b\"", "a;(b"),
        ("TXT", "\"\"", ""),
        ("TXT", "\"\\027]0;owned\\007\"", "\\027]0;owned\\007"),
        ("CAA", "0 ISSUE \"ca.test\"", "0 issue \"ca.test\""),
        ("AAAA", "2001:db8:0:0::1", "2001:db8::1"),
        ("MX", "10 MX.example.com.", "10 mx.example.com."),
        ("MX", "10 localhost.", "10 localhost."),
        ("CNAME", "a\\.b.example.com.", "a\\.b.example.com."),
        ("A", "nonsense", "nonsense"),
        (
            "SOA",
            "ns1.test. a.test. 1 2 3 4 5",
            "ns1.test. a.test. 1 2 3 4 5",
        ),
        ("ALIAS", "example.net.", "example.net."),
    ] {
        let data = RecordData::from_presentation(rtype.parse().expect(rtype), returned).expect(returned);
        assert_eq!(
            (data.presentation().as_str(), data.value().as_str()),
            (returned, value)
        );
    }
    let split = RecordData::from_presentation(RecordType::Txt, "\"v=spf1\" \" -all\"").expect("split");
    assert_eq!(split, parse("TXT", "v=spf1 -all").expect("whole").value);
    let raw = RecordData::from_presentation(RecordType::Txt, "\"\u{1b}]0;é\"").expect("raw bytes");
    assert_eq!(
        (raw.presentation().as_str(), raw.value().as_str()),
        ("\"\\027]0;\\195\\169\"", "\\027]0;\\195\\169")
    );
    let bare = RecordData::from_presentation(RecordType::Txt, "a;(b").expect("unquoted");
    assert_eq!(bare.presentation(), "\"a;(b\"");
    for (rtype, returned) in [
        ("TXT", ""),
        ("TXT", "\"open"),
        ("TXT", "\"x\\"),
        ("TXT", "\"\\999\""),
        ("A", ""),
        ("CNAME", "a.\n$INCLUDE x"),
        ("A", "1.2.3.4 ("),
        ("A", "1.2.3.4 ; x"),
        ("NS", "é."),
    ] {
        assert!(
            RecordData::from_presentation(rtype.parse().expect(rtype), returned).is_err(),
            "{returned:?}"
        );
    }
}

#[test]
fn a_plan_keeps_the_data() {
    let data = parse("MX", "10 mx.example.net").expect("valid").value;
    let json = serde_json::to_string(&data).expect("json");
    assert_eq!(json, "{\"type\":\"MX\",\"presentation\":\"10 mx.example.net.\"}");
    assert_eq!(
        serde_json::from_str::<RecordData>(&json).expect("read back"),
        data
    );
}

#[test]
fn an_spf_policy_is_told_by_its_version() {
    for (value, is_spf) in [
        ("v=spf1", true),
        ("V=SPF1 -all", true),
        ("v=spf10", false),
        ("v=spf", false),
        ("spf", false),
    ] {
        assert_eq!(
            parse("TXT", value).expect(value).value.is_spf(),
            is_spf,
            "{value}"
        );
    }
}

fn any_type() -> impl Strategy<Value = RecordType> {
    prop::sample::select(vec![
        "A",
        "AAAA",
        "CAA",
        "CNAME",
        "DNAME",
        "DS",
        "HTTPS",
        "MX",
        "NAPTR",
        "NS",
        "PTR",
        "SOA",
        "SRV",
        "SSHFP",
        "SVCB",
        "TLSA",
        "TXT",
        "TYPE65280",
    ])
    .prop_map(|name| name.parse().expect("type"))
}

proptest! {
    #[test]
    fn what_is_accepted_round_trips(
        rtype in any_type(),
        value in "\\PC{0,20}|[ -~]{0,40}|([0-9]{1,3} ){0,3}[a-z.\"\\\\=]{1,12}|[0-9.]{7,9}|\\\\# [0-2]( [0-9a-f]{2,4})?",
    ) {
        if let Ok(given) = RecordData::parse(rtype, &value, &zone()) {
            let data = given.value;
            prop_assert!(data.presentation().bytes().all(|byte| matches!(byte, b' '..=b'~')));
            prop_assert_eq!(&RecordData::parse(rtype, &data.value(), &zone()).expect("value").value, &data);
            let returned = RecordData::from_presentation(rtype, &data.presentation()).expect("presentation");
            prop_assert_eq!(returned.presentation(), data.presentation());
            prop_assert_eq!(returned, data);
        }
    }

    #[test]
    fn a_server_cannot_make_us_panic(rtype in any_type(), returned in any::<String>()) {
        if let Ok(data) = RecordData::from_presentation(rtype, &returned) {
            prop_assert!(!data.to_string().chars().any(escape::is_hidden));
            prop_assert!(!data.presentation().chars().any(char::is_control));
        }
    }
}
