//! Sizes, counts and lengths of time.

use crate::bad_inputs::recorder::refused;

#[test]
fn quotas_that_are_none() {
    refused(
        "quota",
        &[
            &["mail", "box", "create", "user@example.com", "--quota={}"],
            &["site", "create", "example.com", "--mail=info", "--quota={}"],
        ],
        &[
            "26GIGOTS",
            "M",
            "12Q",
            "",
            "123",
            "0",
            "0M",
            "1.5G",
            "1,5G",
            "1_000M",
            "１０M",
            "0x10M",
            "1e9",
            "18446744073709551616B",
            "9223372036854775808B",
            "9999999T",
            "9999999999T",
            "-1G",
            "+1G",
            " 1G",
            "1G ",
            "1 G",
            "01G",
            "1G\n",
        ],
    );
}

#[test]
fn counts_that_are_none() {
    refused(
        "--connections",
        &[&["db", "create", "shop", "--connections={}"]],
        &[
            "-2",
            "99999999999",
            "2147483648",
            "ten",
            "",
            "1.5",
            "+1",
            "０",
            "0",
            "007",
            "1_0",
        ],
    );
}

#[test]
fn lengths_of_time_that_are_none() {
    refused(
        "",
        &[
            &["db", "create", "shop", "--timeout={}"],
            &["db", "create", "shop", "--lock-wait={}"],
            &["db", "create", "shop", "--statement-timeout={}"],
            &["db", "create", "shop", "--idle-in-transaction-timeout={}"],
            &[
                "dns",
                "record",
                "add",
                "example.com",
                "www",
                "A",
                "192.0.2.1",
                "--ttl={}",
            ],
            &[
                "dns",
                "record",
                "set",
                "example.com",
                "www",
                "A",
                "192.0.2.1",
                "--yes",
                "--ttl={}",
            ],
        ],
        &[
            "-1",
            "1e99",
            "5 parsecs",
            "",
            "ten",
            "1h30",
            "1.5h",
            "99999999999999999999s",
            "+1h",
            "１h",
            "1h\n",
        ],
    );
    refused(
        "0 is no limit",
        &[
            &["db", "create", "shop", "--statement-timeout={}"],
            &["db", "create", "shop", "--idle-in-transaction-timeout={}"],
        ],
        &["0", "0s"],
    );
}

#[test]
fn lives_of_records_that_are_none() {
    refused(
        "TTL",
        &[&[
            "dns",
            "record",
            "add",
            "example.com",
            "www",
            "A",
            "192.0.2.1",
            "--ttl={}",
        ]],
        &[
            "0",
            "29",
            "29s",
            "0h",
            "2147483648",
            "2147483648s",
            "4294967296",
            "100000w",
            "-1",
        ],
    );
}
