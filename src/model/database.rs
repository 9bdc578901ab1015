//! Names of tenants' databases, which are also the names of their roles.

use crate::error::{Error, Result};
use crate::model::field::Field;
use crate::model::keywords::is_keyword;
use crate::model::name::suggestion;
use crate::model::{Given, shows_its_string, text_type};

/// Bytes of an identifier; the server cuts off the rest without an error (`NAMEDATALEN` − 1).
pub const LIMIT: usize = 63;

/// Beginnings of names that `PostgreSQL` and hostctl keep for themselves.
const PREFIXES: [(&str, &str); 3] = [("pg_", "PostgreSQL"), ("hc_", "hostctl"), ("hostctl", "hostctl")];

/// Names that mean something else to `PostgreSQL`, `pg_hba.conf`, a pooler, or the services beside it. Sorted.
const NAMES: [&str; 25] = [
    "admin",
    "administrator",
    "dovecot",
    "information_schema",
    "mailserver",
    "opendkim",
    "pdns",
    "pgbouncer",
    "pgpool",
    "postfix",
    "postgres",
    "postgresql",
    "powerdns",
    "public",
    "replication",
    "repmgr",
    "root",
    "samegroup",
    "samerole",
    "sameuser",
    "superuser",
    "template0",
    "template1",
    "vmail",
    "www_data",
];

/// The name of a database and of its login role: `[a-z][a-z0-9_]{0,62}`, so that it needs no quotes anywhere, and not a
/// name that is reserved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatabaseName(String);

shows_its_string!(DatabaseName);
text_type!(DatabaseName);

impl DatabaseName {
    /// Parses the name; nothing is normalised, since `Shop` and `shop` are two databases to the server.
    ///
    /// # Errors
    /// `invalid`, with a name that would do where one can be guessed; `reserved`.
    pub fn parse(input: &str) -> Result<Given<Self>> {
        let field = Field::new("database name", input);
        field.check_length(LIMIT)?;
        check_reserved(&field)?;
        check(&field).map_err(|error| suggest(input, error))?;
        Ok(Given::plain(DatabaseName(input.to_owned())))
    }
}

fn check(field: &Field<'_>) -> Result<()> {
    field.check_visible()?;
    field.check_characters(|character| matches!(character, 'a'..='z' | '0'..='9' | '_'))?;
    if !field.input.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Err(field.refuse("must begin with a letter"));
    }
    Ok(())
}

/// Reserved in any case: `POSTGRES` is no better than `postgres`.
fn check_reserved(field: &Field<'_>) -> Result<()> {
    let name = field.input.to_ascii_lowercase();
    if let Some((prefix, owner)) = PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)) {
        return Err(field.reserved(format_args!(
            "names that begin with {prefix} are reserved for {owner}"
        )));
    }
    if NAMES.binary_search(&name.as_str()).is_ok() {
        return Err(field.reserved("the name is reserved"));
    }
    if is_keyword(&name) {
        return Err(field.reserved("the name is a keyword of SQL"));
    }
    Ok(())
}

fn suggest(input: &str, error: Error) -> Error {
    match suggestion(input, &['_']) {
        Some(name) if DatabaseName::parse(&name).is_ok() => error.hint(format!("use {name}")),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn good_names_are_kept_as_they_are() {
        for name in ["shop", "a", "shop_2", "name", "value", "hc", "hoster", "pgadmin"] {
            assert_eq!(
                DatabaseName::parse(name).expect(name),
                Given::plain(DatabaseName(name.to_owned()))
            );
        }
    }

    #[test]
    fn the_length_is_counted_in_bytes() {
        assert!(DatabaseName::parse(&"a".repeat(63)).is_ok());
        for long in ["a".repeat(64), "ä".repeat(32)] {
            let error = DatabaseName::parse(&long).expect_err("too long");
            assert!(
                error
                    .message()
                    .contains("longer than 63 bytes (64 given) at byte 64"),
                "{error}"
            );
        }
        assert!(DatabaseName::parse("ä").is_err());
    }

    #[test]
    fn reserved_names_are_refused_as_such_in_any_case() {
        for name in [
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
            "hostctl_x",
            "mailserver",
            "pdns",
            "information_schema",
            "hc_stage_01J",
            "hc_trash_x",
            "pg_catalog",
            "pg_",
            "PG_Foo",
            "POSTGRES",
            "all",
            "replication",
            "sameuser",
            "pgbouncer",
            "select",
            "json_table",
        ] {
            let error = DatabaseName::parse(name).expect_err(name);
            assert_eq!(
                (error.kind().exit_code(), error.reason()),
                (2, "reserved"),
                "{name}"
            );
        }
    }

    #[test]
    fn a_near_miss_is_refused_with_the_name_meant() {
        for (input, hint) in [
            ("Shop", "use shop"),
            ("SHOP", "use shop"),
            ("my-db", "use my_db"),
            ("My Shop", "use my_shop"),
            ("1shop", "use shop"),
            ("_shop", "use shop"),
        ] {
            assert_eq!(
                DatabaseName::parse(input).expect_err(input).hint_text(),
                Some(hint),
                "{input}"
            );
        }
        assert_eq!(
            DatabaseName::parse("-user").expect_err("reserved").hint_text(),
            None
        );
    }

    #[test]
    fn bad_names_are_refused_without_a_guess() {
        for input in [
            "",
            " ",
            "\t",
            "shop\"; DROP DATABASE tenant2; --",
            "shop\nOWNER postgres",
            "shop;SELECT pg_sleep(10)",
            "$user",
            "%s",
            "{}",
            "%n%n",
            "shop\0",
            "sh\u{200b}op",
            "sh\u{430}p",
            "shop'",
            "../x",
            "a/b",
            "ｓhop",
            "--help",
            "123",
            "\u{202e}pohs",
        ] {
            let error = DatabaseName::parse(input).expect_err(input);
            assert_eq!(error.reason(), "invalid", "{input:?}");
            assert!(
                !error.message().contains(['\n', '\0', '\u{202e}', '\u{200b}']),
                "{error}"
            );
        }
        let message = "database name \"shop\\nOWNER postgres\": line break '\\n' at byte 5";
        assert_eq!(
            DatabaseName::parse("shop\nOWNER postgres")
                .expect_err("line")
                .message(),
            message
        );
    }

    #[test]
    fn the_table_of_names_is_sorted() {
        assert!(NAMES.windows(2).all(|pair| pair[0] < pair[1]));
    }

    proptest! {
        #[test]
        fn what_is_accepted_is_kept(input in "\\PC{0,70}|[a-zA-Z0-9_-]{1,66}") {
            if let Ok(given) = DatabaseName::parse(&input) {
                prop_assert_eq!(given.value.as_str(), input);
            }
        }
    }
}
