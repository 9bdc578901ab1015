//! Names that hostctl gives out: databases, accounts, and what the configuration calls its servers.

use crate::bad_inputs::recorder::refused;

const DATABASES: &[&[&str]] = &[
    &["db", "create", "--", "{}"],
    &["db", "show", "--", "{}"],
    &["db", "passwd", "--", "{}"],
    &["db", "delete", "--purge", "--yes", "--", "{}"],
    &["site", "create", "example.com", "--db={}"],
];

#[test]
fn names_of_databases_that_are_none() {
    let long = "a".repeat(64);
    let wide = "ä".repeat(32);
    let huge = "a".repeat(100_000);
    refused(
        "database name",
        DATABASES,
        &[
            "",
            " ",
            "\t",
            "Shop",
            "SHOP",
            "my-db",
            &long,
            &wide,
            &huge,
            "shop\"; DROP DATABASE tenant2; --",
            "shop\nOWNER postgres",
            "shop;SELECT pg_sleep(10)",
            "$user",
            "%s",
            "{x}",
            "%n%n",
            "1shop",
            "_shop",
            "-rf",
            "--help",
            "sh\u{200b}op",
            "sh\u{202e}op",
            "ѕhop",
            "../shop",
            "shop/x",
            "shop x",
            "shop\u{7f}",
            "shop\r",
        ],
    );
}

#[test]
fn names_of_databases_that_are_taken_by_the_system() {
    refused(
        "database name",
        DATABASES,
        &[
            "postgres",
            "template0",
            "template1",
            "public",
            "none",
            "current_user",
            "session_user",
            "user",
            "root",
            "admin",
            "hostctl",
            "mailserver",
            "pdns",
            "information_schema",
            "pg_shop",
            "hc_stage_01jx",
            "hc_trash_x",
            "select",
        ],
    );
}

const ACCOUNTS: &[&[&str]] = &[
    &["account", "create", "--", "{}"],
    &["account", "show", "--", "{}"],
    &["account", "delete", "--purge", "--yes", "--", "{}"],
    &["db", "create", "shop", "--account={}"],
    &["db", "list", "--account={}"],
];

#[test]
fn names_of_accounts_that_are_none() {
    let long = "a".repeat(40);
    refused(
        "account name",
        ACCOUNTS,
        &[
            "",
            " ",
            "a/b",
            "../x",
            "acme\n",
            "acme;id",
            "$(id)",
            "acme'",
            &long,
            "-x",
            "--help",
            "1acme",
            "ac\u{200d}me",
            "ä",
        ],
    );
}

/// What no name of something in the configuration, and no extension or locale, looks like.
const NOT_PLAIN: [&str; 7] = ["", " ", "x\ny", "x\"y", "../../x", "x'; DROP", "x\u{202e}y"];

#[test]
fn names_in_the_configuration_that_are_none() {
    refused(
        "cluster name",
        &[
            &["db", "create", "shop", "--cluster={}"],
            &["db", "list", "--cluster={}"],
            &["db", "show", "shop", "--cluster={}"],
            &["db", "passwd", "shop", "--cluster={}"],
            &["db", "delete", "shop", "--purge", "--yes", "--cluster={}"],
            &["site", "create", "example.com", "--db=shop", "--cluster={}"],
        ],
        &NOT_PLAIN,
    );
    refused(
        "provider name",
        &[
            &["dns", "zone", "create", "example.com", "--provider={}"],
            &["site", "create", "example.com", "--dns", "--provider={}"],
        ],
        &NOT_PLAIN,
    );
}

#[test]
fn names_that_are_not_in_the_configuration() {
    refused(
        "no [cluster.other] is configured",
        &[
            &["db", "create", "shop", "--cluster={}"],
            &["db", "list", "--cluster={}"],
            &["db", "show", "shop", "--cluster={}"],
            &["db", "passwd", "shop", "--cluster={}"],
            &["db", "delete", "shop", "--purge", "--yes", "--cluster={}"],
            &["site", "create", "example.com", "--db=shop", "--cluster={}"],
        ],
        &["other"],
    );
    refused(
        "no [dns.other] is configured",
        &[
            &["dns", "zone", "create", "example.com", "--provider={}"],
            &["site", "create", "example.com", "--dns", "--provider={}"],
        ],
        &["other"],
    );
}

#[test]
fn names_of_extensions_and_locales_that_are_none() {
    refused(
        "extension",
        &[&["db", "create", "shop", "--extension={}"]],
        &NOT_PLAIN,
    );
    refused("locale", &[&["db", "create", "shop", "--locale={}"]], &NOT_PLAIN);
}
