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

/// Data of any of these types, of bytes that a server could send.
fn of_any_type() -> impl Strategy<Value = RecordData> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..40);
    let labels = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..9), 0..4);
    let kinds = [
        "DNAME",
        "CNAME",
        "NS",
        "PTR",
        "MX",
        "SRV",
        "TXT",
        "CAA",
        "HTTPS",
        "LOC",
        "DNSKEY",
        "ALIAS",
        "TYPE65280",
    ];
    (proptest::sample::select(kinds.to_vec()), labels, bytes).prop_filter_map(
        "data",
        |(kind, labels, bytes)| {
            let rtype: RecordType = kind.parse().expect(kind);
            let mut name: Vec<u8> = Vec::new();
            for label in &labels {
                name.push(u8::try_from(label.len()).expect("short"));
                name.extend(label);
            }
            name.push(0);
            let wire = match kind {
                "DNAME" | "CNAME" | "NS" | "PTR" => name,
                "MX" => [vec![0, 10], name].concat(),
                "SRV" => [vec![0, 0, 0, 5, 19, 196], name].concat(),
                "HTTPS" => [vec![0, 1], name, vec![0, 3, 0, 2, 1, 187]].concat(),
                "CAA" => [vec![0, 5], b"issue".to_vec(), bytes].concat(),
                "TXT" => [vec![u8::try_from(bytes.len()).expect("short")], bytes].concat(),
                _ => bytes,
            };
            update::of_wire(rtype, wire)
        },
    )
}

fn of_any_name() -> impl Strategy<Value = RecordName> {
    let label = proptest::collection::vec(prop_oneof![any::<u8>(), 33_u8..127], 1..9);
    let labels = prop_oneof![
        proptest::collection::vec(label, 1..4),
        Just(vec![b"*".to_vec()]),
        Just(vec![b"*".to_vec(), b"b".to_vec()]),
    ];
    labels.prop_map(|labels| {
        let name = crate::model::record::name_of(labels.iter().map(Vec::as_slice));
        RecordName::from_presentation(&format!("{name}.example.test.")).expect("a name")
    })
}

proptest! {
    #[test]
    fn what_is_exported_is_read_as_the_same_sets(given in proptest::collection::vec((of_any_name(), of_any_type()), 1..6)) {
        let ttl = Ttl::from_seconds(60).expect("ttl");
        let records: Vec<NewRecord> = given
            .into_iter()
            .map(|(name, data)| NewRecord { name, ttl, data })
            .collect();
        let sets = sets_of(&records).expect("sets");
        let written = write(&live("", sets.clone()));
        let read = parse(&zone(), &written);
        prop_assert!(read.is_ok(), "{}\n{written}", read.expect_err("refused"));
        prop_assert_eq!(sets_of(&read.expect("read")).expect("sets"), sets, "{}", written);
    }
}

#[test]
fn every_type_is_read_in_its_generic_form() {
    let text = "$TTL 60\nd DNAME \\# 13 06746172676574047465737400\nd2 DNAME target.test.\nd3 DNAME below\n\
        a A \\# 4 c0000201\nt TXT \\# 4 03 61 2262\nm MX \\# 5 000a 016100\ne TYPE65280 \\# 0\nu LOC \\# 2 (\n 0001 )\n\
        TYPE1 TYPE1 192.0.2.2\nx HTTPS 1 . alpn=\"h2,h3\" port=\"443\"\nesc\\;x\\\"y A 192.0.2.3\n\\032.b A 192.0.2.4\n";
    assert_eq!(
        lines(text),
        [
            "d.example.test 60 DNAME target.test.",
            "d2.example.test 60 DNAME target.test.",
            "d3.example.test 60 DNAME below.example.test.",
            "a.example.test 60 A 192.0.2.1",
            "t.example.test 60 TXT a\"b",
            "m.example.test 60 MX 10 a.",
            "e.example.test 60 TYPE65280 \\# 0",
            "u.example.test 60 LOC \\# 2 0001",
            "type1.example.test 60 A 192.0.2.2",
            "x.example.test 60 HTTPS 1 . alpn=h2,h3 port=443",
            "esc\\;x\\\"y.example.test 60 A 192.0.2.3",
            "\\032.b.example.test 60 A 192.0.2.4",
        ]
    );
    for (text, message) in [
        (
            "a A \\# 3 c00002",
            "line 1: A record \"\\# 3 c00002\": no data of this type",
        ),
        (
            "a TYPE65280 \\# 3 c000",
            "line 1: TYPE65280 record \"\\# 3 c000\": no data of this type",
        ),
        ("a\\ A 192.0.2.1", "line 1: "),
        (
            "x\\.example.test. A 192.0.2.1",
            "line 1: record name \"x\\.example.test.\": ",
        ),
    ] {
        let error = parse(&zone(), text).expect_err(text);
        assert!(error.message().starts_with(message), "{error}");
    }
}
