//! The same values where they come from: variables and the configuration file.

use std::os::unix::fs::{PermissionsExt, symlink};

use crate::bad_inputs::recorder::{Line, refused_lines};

const LIST: [&str; 2] = ["db", "list"];

#[test]
fn variables_that_hold_nonsense() {
    let values: &[(&str, &[&str])] = &[
        ("HOSTCTL_ACCOUNT", &["a/b", "a\nb", " ", "-x", "ä", "a\u{202e}b"]),
        (
            "HOSTCTL_CONTROL__URL",
            &[
                "",
                "mysql://127.0.0.1/hostctl",
                "postgres://hostctl@db0.example.net/hostctl?sslmode=disable",
                "postgres://hostctl@db0.example.net/hostctl?sslmode=prefer",
                "postgres://hostctl:p%zz@127.0.0.1/hostctl",
                "postgres://hostctl@127.0.0.1:99999/hostctl",
                "postgres://hostctl@127.0.0.1/hostctl?sslmode=sometimes",
                "postgres://hostctl@127.0.0.1/hostctl?unknown=1",
                "postgres://hostctl@127.0.0.1/hostctl\n",
            ],
        ),
        (
            "HOSTCTL_CLUSTER__MAIN__URL",
            &[
                "postgres://hostctl@db1.example.net/postgres?sslmode=require",
                "http://127.0.0.1",
                "x",
            ],
        ),
        (
            "HOSTCTL_DNS__MAIN__URL",
            &[
                "http://ns.example.net:8081",
                "ftp://127.0.0.1",
                "",
                "http://127.0.0.1:99999",
                "http://127.0.0.1/\r\nX: y",
            ],
        ),
        ("HOSTCTL_DNS__MAIN__PROVIDER", &["bind", "", "PowerDNS\n"]),
        ("HOSTCTL_DNS__MAIN__API_KEY_FILE", &["powerdns.key", "../x"]),
        (
            "HOSTCTL_DNS__MAIN__QUERY_SERVERS",
            &["ns1.example.net", "1.2.3.4:0", "1.2.3.4:99999"],
        ),
        (
            "HOSTCTL_DNS__MAIN__NAMESERVERS",
            &["ns1", "ns_1.example.net", "ns1.example.net,-x.example.net"],
        ),
        (
            "HOSTCTL_MAIL__HOSTNAME",
            &[
                "mx",
                "bad host",
                "mx\n.example.net",
                "1.2.3.4",
                "",
                "*.example.net",
            ],
        ),
        ("HOSTCTL_SITE__ADDRESS", &["1.2.3", "::1%lo", "example.net"]),
        (
            "HOSTCTL_RETENTION__TRASH",
            &["14 parsecs", "0d", "-1d", "1.5d", "14", "99999999999d"],
        ),
        ("HOSTCTL_CONTROL__URLL", &["x"]),
    ];
    let lines: Vec<Line> = values
        .iter()
        .flat_map(|(name, values)| values.iter().map(|value| Line::new(&LIST).variable(name, *value)))
        .collect();
    refused_lines("", &lines);
}

/// What a file holds, and what is wrong with it.
const FILES: [(&str, &str); 14] = [
    ("[contrl]\nurl = \"x\"\n", "contrl"),
    ("[control]\nurll = \"x\"\n", "urll"),
    ("[control]\nurl = 5\n", "url"),
    (
        "[cluster.other]\nurl = \"postgres://hostctl@db0.example.net/hostctl?sslmode=disable\"\n",
        "sslmode",
    ),
    ("[control]\nurl = \"a\"\nurl = \"b\"\n", ""),
    ("[dns.\"a/b\"]\nprovider = \"powerdns\"\n", ""),
    (
        "[dns.other]\nprovider = \"powerdns\"\nurl = \"http://ns.example.net\"\n",
        "plain http",
    ),
    ("[mail]\nhostname = \"bad host\"\n", "hostname"),
    ("[dns.other]\nnameservers = [\"ns1\"]\n", "nameservers"),
    ("[retention]\ntrash = 99999999999999999999999999\n", "trash"),
    ("[site]\naddress = \"192.0.2.1\n\"", ""),
    ("[site]\naddress = [\"1.2.3\"]\n", "address"),
    ("not toml at all", ""),
    ("[site]\naddress = [\"192.0.2.1\", 5]\n", "address"),
];

#[test]
fn files_that_hold_nonsense() {
    let directory = tempfile::tempdir().expect("a directory");
    for (number, (text, about)) in FILES.iter().enumerate() {
        let file = directory.path().join(format!("{number}.toml"));
        std::fs::write(&file, text).expect("a file");
        let line = Line::new(&LIST).variable("HOSTCTL_CONFIG", file.display().to_string());
        refused_lines(about, &[line]);
    }
}

#[test]
fn files_that_grow_beyond_reason() {
    let directory = tempfile::tempdir().expect("a directory");
    let deep = format!("x = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!("[site]\naddress = [{}]\n", "\"192.0.2.1\", ".repeat(2_000_000));
    for (name, text) in [("deep", deep), ("long", long), ("nul", "\0\0\0\n".to_owned())] {
        let file = directory.path().join(name);
        std::fs::write(&file, text).expect("a file");
        let line = Line::new(&LIST).variable("HOSTCTL_CONFIG", file.display().to_string());
        refused_lines("", &[line]);
    }
    for file in ["/dev/zero", "/dev", "/nonexistent/hostctl.toml"] {
        refused_lines("", &[Line::new(&LIST).variable("HOSTCTL_CONFIG", file)]);
    }
}

#[test]
fn files_that_others_could_have_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = |name: &str| directory.path().join(name);
    for (name, mode) in [("world", 0o646), ("group", 0o664), ("good", 0o644)] {
        std::fs::write(path(name), "[site]\naddress = [\"192.0.2.1\"]\n").expect("a file");
        std::fs::set_permissions(path(name), PermissionsExt::from_mode(mode)).expect("a mode");
    }
    symlink(path("world"), path("link")).expect("a link");
    let lines = ["world", "link"]
        .map(|name| Line::new(&LIST).variable("HOSTCTL_CONFIG", path(name).display().to_string()));
    refused_lines("", &lines);
}

#[test]
fn a_key_ring_or_password_that_others_can_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("secret");
    std::fs::write(&file, "a password of theirs\n").expect("a file");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).expect("a mode");
    let file = file.display().to_string();
    let lines = [
        Line::new(&LIST).variable("HOSTCTL_CONTROL__PASSWORD_FILE", &file),
        Line::new(&["mail", "domain", "create", "example.com"]).variable("HOSTCTL_KEYRING", &file),
    ];
    refused_lines("", &lines);
}
