//! Addresses and local parts.

use crate::bad_inputs::recorder::refused;

/// Local parts that are none, whatever the domain.
const LOCAL_PARTS: [&str; 23] = [
    ".user",
    "user.",
    "us..er",
    "-rf",
    "--help",
    "../../etc",
    "a/b",
    "a\\b",
    ".",
    "..",
    "us er",
    "user\t",
    "user\u{a0}",
    "%n",
    "%{user}",
    "$(id)",
    "`id`",
    "|/bin/sh",
    ":include:/etc/passwd",
    "user+tag",
    "üser",
    "us\u{200b}er",
    "*",
];

const ADDRESSES: &[&[&str]] = &[
    &["mail", "box", "create", "--", "{}"],
    &["mail", "box", "show", "--", "{}"],
    &["mail", "box", "passwd", "--", "{}"],
    &["mail", "box", "delete", "--purge", "--yes", "--", "{}"],
];

#[test]
fn addresses_that_are_none() {
    let long = format!("{}@x.com", "a".repeat(65));
    let huge = format!("{}@x.com", "a".repeat(10_000));
    refused(
        "mail address",
        ADDRESSES,
        &[
            "",
            "user",
            "@example.com",
            "\"a@b\"@example.com",
            "\"john doe\"@x.com",
            "user@",
            "a@b@x.com",
            "user@x.com\n",
            "User <user@x.com>",
            &long,
            &huge,
        ],
    );
    let addresses = LOCAL_PARTS.map(|local| format!("{local}@x.com"));
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    refused("mail address", ADDRESSES, &addresses);
    // What is wrong with the domain is told of the domain.
    refused(
        "",
        ADDRESSES,
        &[
            "user@[127.0.0.1]",
            "user@localhost",
            "user@1.2.3.4",
            "user@-x.com",
            "user@x_y.com",
            "user@.com",
        ],
    );
}

#[test]
fn local_parts_that_are_none() {
    refused(
        "local part",
        &[&["site", "create", "example.com", "--mail={}"]],
        &LOCAL_PARTS,
    );
    refused(
        "",
        &[&["site", "create", "example.com", "--mail={}"]],
        &["", "info,", "info,info", "info@example.com"],
    );
}

#[test]
fn addresses_of_roles_need_a_word() {
    refused(
        "the address of a role",
        &[
            &["mail", "box", "create", "{}@example.com"],
            &["site", "create", "example.com", "--mail=info,{}"],
        ],
        &[
            "postmaster",
            "hostmaster",
            "webmaster",
            "abuse",
            "admin",
            "administrator",
            "POSTMASTER",
        ],
    );
}
