use proptest::prelude::*;

use super::*;
use crate::dns::live::tests::{set, zone as live};
use crate::dns::rrset::sets_of;

fn zone() -> ZoneName {
    ZoneName::parse("example.test").expect("zone").value
}

fn lines(text: &str) -> Vec<String> {
    let records = parse(&zone(), text).expect(text).into_iter();
    records
        .map(|record| {
            format!(
                "{} {} {} {}",
                record.name,
                record.ttl,
                record.data.rtype(),
                record.data.value()
            )
        })
        .collect()
}

#[test]
fn a_file_of_any_hand_is_read() {
    let text = "\u{feff}$TTL 1h\r\n@\tIN SOA ns1 hostmaster (\r\n\t1 ; serial\r\n\t2 3 4 5 )\r\n\tNS ns1\r\n\
        ns1 300 IN A 192.0.2.1\r\n\tIN 300 A 192.0.2.2\r\nWWW CNAME @\r\n@ MX 10 mail\r\n\
        $ORIGIN sub\r\n_sip._tcp SRV 0 5 5060 host.example.net.\r\n@ TXT \"a;b\" c\r\n";
    assert_eq!(
        lines(text),
        [
            "example.test 3600 NS ns1.example.test.",
            "ns1.example.test 300 A 192.0.2.1",
            "ns1.example.test 300 A 192.0.2.2",
            "www.example.test 3600 CNAME example.test.",
            "example.test 3600 MX 10 mail.example.test.",
            "_sip._tcp.sub.example.test 3600 SRV 0 5 5060 host.example.net.",
            "sub.example.test 3600 TXT a;bc",
        ]
    );
}

#[test]
fn one_bad_line_refuses_the_file_and_is_named() {
    for (text, message) in [
        (
            "a A 192.0.2.1\n$INCLUDE /etc/passwd\n",
            "line 2: $INCLUDE is not carried out",
        ),
        (
            "$generate 1-9 a$ A 192.0.2.1\n",
            "line 1: $generate is not carried out",
        ),
        ("\n\n A 192.0.2.1\n", "line 3: the first record has no name"),
        ("a 60 IN\n", "line 1: the type is missing"),
        (
            "a A 192.0.2.1\na 60 A 192.0.2.2\n",
            "line 2: a.example.test A has TTL 60, and 3600 in line 1; a set has one (RFC 2181 §5.2)",
        ),
        ("a RRSIG x\n", "line 1: RRSIG: the server signs the zone itself"),
        ("$TTL\n", "line 1: $TTL takes one word"),
    ] {
        assert_eq!(parse(&zone(), text).expect_err(text).message(), message);
    }
    for text in [
        "ok A 192.0.2.1\nb A 256.1.1.1\n",
        "ok A 192.0.2.1\nwww.other.test. A 192.0.2.1\n",
        "ok A 192.0.2.1\n$ORIGIN evil.\n",
        "ok A 192.0.2.1\nt TXT \"foo\n@ IN NS evil.example.\n",
        "ok A 192.0.2.1\na CH A 192.0.2.1\n",
        "ok A 192.0.2.1\nb 2147483648 A 192.0.2.1\n",
    ] {
        let error = parse(&zone(), text).expect_err(text);
        assert!(error.message().starts_with("line 2: "), "{error}");
    }
    assert!(
        text_of(b"a A 192.0.2.1\nb TXT \xe9\n")
            .expect_err("latin 1")
            .message()
            .starts_with("line 2: ")
    );
}

#[test]
fn what_differs_is_told_and_the_soa_does_not_count() {
    let same = set("a", 60, RecordType::A, &["192.0.2.1", "192.0.2.2"]);
    let gone = set("b", 60, RecordType::A, &["192.0.2.1"]);
    let changed = set("c", 60, RecordType::A, &["192.0.2.1"]);
    let file = "$TTL 60\na A 192.0.2.2\na A 192.0.2.1\nc 120 A 192.0.2.1\nd A 192.0.2.1\n";
    let file = sets_of(&parse(&zone(), file).expect("records")).expect("sets");
    let found = compare(&live("", vec![same, gone.clone(), changed.clone()]), &file);
    let sides: Vec<_> = found
        .iter()
        .map(|difference| (difference.live.as_ref(), difference.file.is_some()))
        .collect();
    assert_eq!(
        sides,
        [(Some(&gone), false), (Some(&changed), true), (None, true)]
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(texts in proptest::collection::vec("[ -~]{1,40}", 1..5), ttl in 0_u32..90_000) {
        let refs: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut text = set("t", ttl, RecordType::Txt, &[]);
        for value in refs {
            if let Ok(data) = RecordData::parse(RecordType::Txt, value, zone().domain()) && !text.holds(&data.value) {
                text.members.push(crate::dns::rrset::Member { data: data.value, disabled: false });
            }
        }
        prop_assume!(!text.members.is_empty());
        let sets = vec![set("@", 60, RecordType::Mx, &["10 mx.example.net."]), text];
        let written = write(&live("", sets.clone()));
        let again = sets_of(&parse(&zone(), &written).expect("read")).expect("sets");
        prop_assert_eq!(&again.len(), &2);
        let differences = compare(&live("", sets), &again);
        prop_assert!(differences.is_empty(), "{:?}", differences);
    }
}
