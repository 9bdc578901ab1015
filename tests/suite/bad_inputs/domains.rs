//! Domains, zones, networks and hosts.

use crate::bad_inputs::recorder::refused;

const DOMAINS: &[&[&str]] = &[
    &["mail", "domain", "create", "--", "{}"],
    &["mail", "domain", "show", "--", "{}"],
    &["mail", "domain", "delete", "--purge", "--yes", "--", "{}"],
    &["dns", "zone", "create", "--", "{}"],
    &["dns", "zone", "show", "--", "{}"],
    &["dns", "zone", "delete", "--purge", "--yes", "--", "{}"],
    &["dns", "record", "list", "--", "{}"],
    &["dns", "record", "add", "--", "{}", "www", "A", "192.0.2.1"],
    &[
        "dns",
        "record",
        "set",
        "--yes",
        "--",
        "{}",
        "www",
        "A",
        "192.0.2.1",
    ],
    &["dns", "record", "delete", "--yes", "--", "{}", "www", "A"],
    &["site", "create", "--dns", "--", "{}"],
    &["site", "show", "--", "{}"],
    &["site", "delete", "--purge", "--yes", "--", "{}"],
];

#[test]
fn domains_that_are_none() {
    let label = format!("{}.com", "a".repeat(64));
    let huge = "a".repeat(10_000);
    refused(
        "domain name",
        DOMAINS,
        &[
            "",
            " ",
            "\t",
            "example.com\n",
            "example.com\r\nX-Injected: 1",
            "www",
            "localhost",
            "com",
            "12345",
            "1.2.3.4",
            "..",
            ".",
            ".example.com",
            "example..com",
            "example.com..",
            "-example.com",
            "example-.com",
            "a.-b.com",
            &label,
            "xn--",
            "xn--a-.com",
            "xn--zzzzzz99999.com",
            "exam\u{200b}ple.com",
            "exa\u{ad}mple.com",
            "exam\u{202e}ple.com",
            "example.com;id",
            "$(id).com",
            "`id`.com",
            "example.com&&id",
            "a|b.com",
            "example.com' OR '1'='1",
            "x\"; DROP DATABASE postgres;--",
            "example.com/24",
            "example.com?x=1#y",
            "example.com%2f..",
            "*.example.com",
            "_dmarc.example.com",
            "--help",
            "-rf",
            "--config=/etc/x",
            &huge,
        ],
    );
}

#[test]
fn domains_under_which_others_live() {
    refused(
        "a public suffix",
        &[
            &["mail", "domain", "create", "{}"],
            &["dns", "zone", "create", "{}"],
            &["site", "create", "{}", "--mail=info"],
            &["site", "create", "{}", "--db=shop"],
        ],
        &["co.uk", "github.io", "CO.UK."],
    );
}

#[test]
fn names_of_the_reverse_tree_are_no_domains() {
    refused(
        "reverse",
        &[
            &["mail", "domain", "create", "{}"],
            &["dns", "zone", "create", "{}"],
            &["site", "create", "{}", "--dns"],
        ],
        &[
            "in-addr.arpa",
            "10.in-addr.arpa",
            "ip6.arpa",
            "8.b.d.0.1.0.0.2.ip6.arpa",
        ],
    );
}

#[test]
fn networks_that_are_none() {
    refused(
        "network",
        &[&["dns", "zone", "create", "--reverse={}"]],
        &[
            "",
            "192.0.2.0",
            "192.0.2.0/33",
            "192.0.2.0/-1",
            "192.0.2.0/25",
            "192.0.2.1/24",
            "256.0.2.0/24",
            "01.0.0.0/8",
            "2001:db8::/129",
            "2001:db8::/33",
            "x/24",
            "192.0.2.0/24\n",
            "192.0.2.0/+24",
        ],
    );
}

#[test]
fn hosts_that_are_none() {
    refused(
        "",
        &[&["dns", "zone", "create", "example.com", "--nameserver={}"]],
        &[
            "",
            "ns1",
            "-ns.example.net",
            "ns 1.example.net",
            "ns_1.example.net",
            "1.2.3.4",
            "a\nb.net",
            "*.example.net",
        ],
    );
}

#[test]
fn addresses_of_machines_that_are_none() {
    refused(
        "--address",
        &[&["site", "create", "example.com", "--dns", "--address={}"]],
        &[
            "",
            "1.2.3",
            "256.1.1.1",
            "01.2.3.4",
            "1.2.3.4/24",
            "::g",
            ":::1",
            "fe80::1%eth0",
            "example.com",
            "1.2.3.4,",
        ],
    );
}

#[test]
fn names_that_nobody_is_asked_about() {
    let label = format!("{}.test", "a".repeat(64));
    let long = ["a"; 128].join(".");
    refused(
        "name",
        &[
            &["dns", "lookup", "--", "{}"],
            &["dns", "lookup", "--server=127.0.0.1:1", "--", "{}"],
        ],
        &[
            "",
            "a..b",
            ".a",
            "x\n.test",
            "a b.test",
            "example.test;id",
            "exam\u{200b}ple.test",
            &label,
            &long,
        ],
    );
    refused(
        "--server",
        &[&["dns", "lookup", "example.test", "--server={}"]],
        &[
            "",
            "ns1.example.net",
            "1.2.3.4:99999",
            "1.2.3.4:0",
            "1.2.3.4:x",
            "1.2.3",
            "[::1",
            "1.2.3.4\n",
        ],
    );
}
