//! Records of a zone: names, types and values.

use crate::bad_inputs::recorder::refused;

/// Every value of these types is refused, whether it is added, set or deleted.
fn values(field: &str, rtype: &str, values: &[&str]) {
    refused(
        field,
        &[
            &["dns", "record", "add", "example.com", "x", rtype, "--", "{}"],
            &[
                "dns",
                "record",
                "set",
                "example.com",
                "x",
                rtype,
                "--yes",
                "--",
                "{}",
            ],
            &[
                "dns",
                "record",
                "delete",
                "example.com",
                "x",
                rtype,
                "--yes",
                "--",
                "{}",
            ],
        ],
        values,
    );
}

#[test]
fn addresses_that_are_none() {
    values(
        "A record",
        "A",
        &[
            "256.1.1.1",
            "1.2.3",
            "01.2.3.4",
            "1.2.3.4/24",
            "::1",
            "",
            " 1.2.3.4",
            "1.2.3.4 ",
            "1.2.3.4\n",
            "0x7f.1",
            "１.2.3.4",
        ],
    );
    values(
        "AAAA record",
        "AAAA",
        &[
            "1.2.3.4",
            "fe80::1%eth0",
            ":::1",
            "",
            "1::2::3",
            "12345::",
            "::1/64",
            "[::1]",
            "::ffff:1.2.3.4.5",
        ],
    );
}

#[test]
fn targets_that_are_none() {
    for rtype in ["CNAME", "NS", "PTR"] {
        values(
            &format!("{rtype} record"),
            rtype,
            &[
                "",
                "a..b.",
                "mx",
                "a b.",
                "x\n.test.",
                "-x.test.",
                "1.2.3.4",
                "a;b.test.",
            ],
        );
    }
    values(
        "MX record",
        "MX",
        &[
            "mx.test.",
            "10",
            "10 mx",
            "65536 mx.test.",
            "-1 mx.test.",
            "+1 mx.test.",
            "10 mx.test. more",
            "ten mx.test.",
            "10 1.2.3.4",
        ],
    );
    values(
        "SRV record",
        "SRV",
        &[
            "abc 20 5060 x.test.",
            "10 5 443",
            "10 5 65536 x.test.",
            "10 5 443 x",
            "10 5 443 x.test. y",
        ],
    );
}

#[test]
fn a_target_that_says_nothing_is_there_stands_alone() {
    refused(
        "stands alone",
        &[&[
            "dns",
            "record",
            "add",
            "example.com",
            "_s._tcp",
            "SRV",
            "10 5 443 x.test.",
            "{}",
        ]],
        &["0 5 0 ."],
    );
}

#[test]
fn texts_that_are_none() {
    let long = "x".repeat(65_536);
    values(
        "TXT record",
        "TXT",
        &[
            "",
            "foo\n@ IN NS evil.example.",
            "x\r\n$INCLUDE /etc/passwd",
            "\n$ORIGIN evil.",
            "tab\there",
            "esc\u{1b}]0;owned\u{7}",
            "café",
            "a\u{202e}b",
            &long,
        ],
    );
}

#[test]
fn certificates_words_that_are_none() {
    values(
        "CAA record",
        "CAA",
        &[
            "0 issue",
            "256 issue \"ca.test\"",
            "0 iss ue",
            "-1 issue \"ca.test\"",
            "0 issue \"a\nb\"",
            "issue \"ca.test\"",
            "",
        ],
    );
    values(
        "DS record",
        "DS",
        &[
            "1 8 2 abcd",
            "1 8 2 zz",
            "65536 8 2 00",
            "1 8 1 0123",
            "1 8 2",
            "",
        ],
    );
    values(
        "TLSA record",
        "TLSA",
        &["3 1 1 0123", "3 1 +1 0123", "3 1 1 zz", "256 1 1 00", "3 1 1", ""],
    );
}

#[test]
fn what_only_a_server_may_write() {
    values(
        "SOA record",
        "SOA",
        &["ns1.example.com. hostmaster.example.com. 1 2 3 4 5"],
    );
    values(
        "TYPE65280 record",
        "TYPE65280",
        &[
            "192.0.2.1",
            "\\# 3 abcd",
            "\\# x abcd",
            "\\# 2 zzzz",
            "\\# 65536 00",
            "",
        ],
    );
}

#[test]
fn types_that_are_none() {
    refused(
        "record type",
        &[
            &["dns", "record", "add", "example.com", "x", "{}", "192.0.2.1"],
            &[
                "dns",
                "record",
                "set",
                "example.com",
                "x",
                "{}",
                "192.0.2.1",
                "--yes",
            ],
            &["dns", "record", "delete", "example.com", "x", "{}", "--yes"],
            &["dns", "record", "list", "example.com", "--type={}"],
            &["dns", "lookup", "example.com", "{}"],
        ],
        &[
            "AXFR",
            "IXFR",
            "ANY",
            "OPT",
            "TSIG",
            "MAILB",
            "axfr",
            "FOO",
            "",
            " A",
            "A\n",
            "TYPE65536",
            "TYPE",
            "TYPE-1",
            "A;B",
        ],
    );
}

#[test]
fn names_that_are_none() {
    let label = "a".repeat(64);
    refused(
        "record name",
        &[
            &[
                "dns",
                "record",
                "add",
                "--",
                "example.com",
                "{}",
                "A",
                "192.0.2.1",
            ],
            &[
                "dns",
                "record",
                "set",
                "--yes",
                "--",
                "example.com",
                "{}",
                "A",
                "192.0.2.1",
            ],
            &["dns", "record", "delete", "--yes", "--", "example.com", "{}", "A"],
            &["dns", "record", "list", "example.com", "--name={}"],
        ],
        &[
            "www.other.com.",
            "notexample.com.",
            "com.",
            ".",
            "x..y",
            ".x",
            &label,
            "a\\.b",
            "x\n",
            "x y",
            "a.*.b",
            "x*",
            "\u{200b}x",
            "x;y",
            "$ORIGIN",
            "x/y",
            "\"x\"",
        ],
    );
}

#[test]
fn an_alias_cannot_be_the_zone_itself() {
    refused(
        "cannot be an alias",
        &[
            &["dns", "record", "add", "example.com", "{}", "CNAME", "x.test."],
            &[
                "dns",
                "record",
                "set",
                "example.com",
                "{}",
                "CNAME",
                "x.test.",
                "--yes",
            ],
        ],
        &["@", "", "example.com", "example.com."],
    );
}
