//! Writing archives and restoring them: everything comes back, and what cannot be restored changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use hostctl::env::child::Spec;
use serde_json::{Value, json};
use tokio_postgres::error::SqlState;

use crate::database_ops::tenant::{PASSWORD, ask, does, enter, lab_with_shop, leftovers, login, superuser};
use crate::support::call::finish;
use crate::support::{Lab, Ran};

/// All kinds of things that a tenant makes.
const CONTENTS: &str = "
    CREATE TYPE mood AS ENUM ('good');
    CREATE TABLE item (id serial PRIMARY KEY, name text, mood mood);
    COMMENT ON TABLE item IS 'what is sold';
    INSERT INTO item (name, mood) SELECT 'item ' || n, 'good' FROM generate_series(1, 500) n;
    SELECT setval('item_id_seq', 4711);
    CREATE TABLE part (day date) PARTITION BY RANGE (day);
    CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE VIEW names AS SELECT name FROM item;
    CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n';
    CREATE INDEX item_twice ON item (twice(id));
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER touch BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION touch();
    ALTER TABLE item ENABLE ROW LEVEL SECURITY;
    CREATE POLICY all_of_it ON item USING (true);
    GRANT SELECT (id) ON item TO PUBLIC; GRANT SELECT ON names TO PUBLIC; REVOKE EXECUTE ON FUNCTION twice FROM PUBLIC;
    SELECT lo_from_bytea(4242, 'large'::bytea);
    GRANT SELECT ON LARGE OBJECT 4242 TO PUBLIC;";

/// What can be told of it by the catalogues and by the data; numbers of objects left out.
const SIGHT: &str = "
    SELECT concat_ws(' ', 'class', relname, relkind, relowner::regrole, relacl::text, obj_description(oid)) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, attacl::text) FROM pg_attribute
        WHERE attacl IS NOT NULL AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT concat_ws(' ', 'function', proname, proowner::regrole, proacl::text) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'type', typname, typowner::regrole, typacl::text) FROM pg_type
        WHERE typnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'policy', polname) FROM pg_policy
    UNION ALL SELECT concat_ws(' ', 'trigger', tgname) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspowner::regrole, nspacl::text) FROM pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT concat_ws(' ', 'large', oid, lomowner::regrole, lomacl::text, encode(lo_get(oid), 'escape'))
        FROM pg_largeobject_metadata
    UNION ALL SELECT concat_ws(' ', 'data', count(*), sum(id), min(name)) FROM item
    UNION ALL SELECT concat_ws(' ', 'sequence', last_value) FROM item_id_seq
    ORDER BY 1";

/// What goes over to the new database.
const FRAME: &str = "SELECT concat_ws(' ', datdba::regrole, datacl::text, datconnlimit, datcollate, shobj_description(oid, 'pg_database'),
        (SELECT string_agg(concat_ws(' ', setrole::regrole, setconfig::text), '; ' ORDER BY setrole::regrole::text)
            FROM pg_db_role_setting WHERE setdatabase = d.oid))
    FROM pg_database d WHERE datname = 'shop'";

pub(super) fn file(lab: &Lab, name: &str) -> String {
    lab.path(name).display().to_string()
}

pub(super) fn backup(lab: &Lab, path: &str) -> Value {
    let ran = lab.run(&["db", "backup", "shop", "--to", path, "-o", "json"]);
    ran.expect_code(0).json()
}

pub(super) fn restore(lab: &Lab, path: &str, more: &[&str]) -> Ran {
    lab.run(&[&["db", "restore", "shop", path, "--yes", "-o", "json"], more].concat())
}

fn reason(ran: &Ran) -> String {
    let said: Value = serde_json::from_str(ran.stderr.lines().last().unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {ran}"));
    said["error"]["reason"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn an_archive_is_restored_with_data_owners_rights_sequences_and_large_objects() {
    let lab = lab_with_shop();
    superuser(
        &lab,
        "postgres",
        "ALTER DATABASE shop CONNECTION LIMIT 11; CREATE ROLE watcher LOGIN PASSWORD 'a long password';
        GRANT CONNECT ON DATABASE shop TO watcher; ALTER DATABASE shop SET work_mem = '5MB'",
    );
    let tenant = enter(&lab);
    does(&lab, &tenant, CONTENTS);
    does(
        &lab,
        &tenant,
        "ALTER ROLE shop IN DATABASE shop SET search_path = \"$user\", public;
        ALTER ROLE shop IN DATABASE shop SET statement_timeout = '77s'",
    );
    let seen = ask(&lab, &tenant, SIGHT);
    let frame = lab.ask(FRAME);
    let path = file(&lab, "shop.dump");
    let made = backup(&lab, &path);
    assert_eq!(made["path"], json!(path));
    let permissions = fs::metadata(&path).expect("archive").permissions().mode();
    assert_eq!(permissions & 0o7777, 0o600);
    let sum = lab.wait(finish(
        Spec::new("sha256sum")
            .argument("--check")
            .argument(format!("{path}.sha256"))
            .directory(lab.path("")),
        "sha256sum".to_owned(),
    ));
    sum.expect_code(0);
    let listed = lab
        .run(&["db", "backups", "shop", "-o", "json"])
        .expect_code(0)
        .json();
    assert_eq!(
        (
            &listed[0]["sha256"],
            &listed[0]["size_bytes"],
            &listed[0]["account"]
        ),
        (&made["sha256"], &made["size_bytes"], &json!("main"))
    );

    does(
        &lab,
        &tenant,
        "DROP TABLE item CASCADE; CREATE TABLE later (id int)",
    );
    let restored = restore(&lab, &path, &[]);
    let restored = restored.expect_code(0).json();
    assert!(
        lab.wait(tenant.simple_query("SELECT 1")).is_err(),
        "its session was ended"
    );
    let tenant = enter(&lab);
    assert_eq!(ask(&lab, &tenant, SIGHT), seen);
    assert_eq!(lab.ask(FRAME), frame);
    assert_eq!(ask(&lab, &tenant, "SHOW statement_timeout"), ["77s"]);
    login(&lab, "watcher", "a long password", "shop").expect("others come in as before");
    assert_eq!(leftovers(&lab), Vec::<String>::new());
    // What was there before is kept, and nobody enters it.
    let kept = restored["kept"].as_str().expect("kept");
    let refused = login(&lab, "watcher", "a long password", kept).expect_err("a login that is refused");
    assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    superuser(&lab, kept, "SELECT FROM later");
    // A second one that keeps nothing, and the end of all of it.
    let purged = restore(&lab, &path, &["--purge"]);
    assert_eq!(purged.expect_code(0).json()["kept"], json!(null));
    assert_eq!(ask(&lab, &enter(&lab), SIGHT), seen);
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    let left = lab.ask("SELECT datname::text FROM pg_database WHERE datname LIKE 'hc\\_%'");
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn an_archive_becomes_a_database_of_its_own() {
    let lab = lab_with_shop();
    let tenant = enter(&lab);
    does(&lab, &tenant, CONTENTS);
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let ran = lab
        .call(&[
            "db",
            "restore",
            "shop",
            &path,
            "--as",
            "copy",
            "--password-stdin",
            "-o",
            "json",
        ])
        .stdin(PASSWORD)
        .run();
    let made = ran.expect_code(0).json();
    assert_eq!(
        (&made["database"], &made["password"]),
        (&json!("copy"), &json!(null))
    );
    let copy = login(&lab, "copy", PASSWORD, "copy").expect("login");
    assert_eq!(ask(&lab, &copy, "SELECT count(*)::text FROM item"), ["500"]);
    does(&lab, &copy, "DROP TABLE item CASCADE");
    assert_eq!(ask(&lab, &tenant, "SELECT count(*)::text FROM item"), ["500"]);
    assert_eq!(leftovers(&lab), Vec::<String>::new());
    let again = lab.run(&["db", "restore", "shop", &path, "--as", "copy"]);
    again.expect_code(4);
    // Undone as what was made is: with what is in it by now.
    drop(copy);
    let operation = made["operation"].as_str().expect("operation");
    let undone = lab.run(&["op", "undo", operation, "--yes", "-o", "json"]);
    let undone = undone.expect_code(0).json();
    assert!(
        login(&lab, "copy", PASSWORD, "copy").is_err(),
        "it is in the trash"
    );
    let undoing = undone["operation"].as_str().expect("operation");
    lab.run(&["op", "undo", undoing, "--yes"]).expect_code(0);
    let copy = login(&lab, "copy", PASSWORD, "copy").expect("it is back");
    assert_eq!(ask(&lab, &copy, "SELECT count(*)::text FROM part"), ["0"]);
    lab.run(&["db", "delete", "copy", "--purge", "--yes"])
        .expect_code(0);
}

#[test]
fn schemas_and_extensions_come_back_where_they_are_allowed() {
    let lab = lab_with_shop();
    let with_citext = |arguments: &[&str]| {
        lab.call(arguments)
            .variable("HOSTCTL_CLUSTER__MAIN__EXTENSIONS", "citext")
            .run()
    };
    with_citext(&["db", "set", "shop", "--schemas", "on", "--extension", "citext"]).expect_code(0);
    let tenant = enter(&lab);
    does(
        &lab,
        &tenant,
        "CREATE SCHEMA app; CREATE TABLE app.item (name citext);
        CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; INSERT INTO app.item VALUES ('A')",
    );
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    // It has the extension, so it may have it again.
    restore(&lab, &path, &[]).expect_code(0);
    assert_eq!(
        ask(
            &lab,
            &enter(&lab),
            "SELECT count(*)::text FROM app.item WHERE name = 'a'"
        ),
        ["1"]
    );
    assert_eq!(
        ask(
            &lab,
            &enter(&lab),
            "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'app'"
        ),
        ["shop"]
    );
    // Another database has it not, and this cluster does not allow it.
    crate::database_ops::tenant::create(&lab, "other", &[]);
    let before = lab.world();
    let other = lab.run(&["db", "restore", "other", &path, "--yes", "-o", "json"]);
    other.expect_code(7);
    assert_eq!(reason(&other), "extension");
    let other = with_citext(&["db", "restore", "other", &path, "--yes", "-o", "json"]);
    other.expect_code(8);
    assert!(other.stderr.contains("--schemas on"), "{other}");
    before.expect_same(&lab.world(), "two restores that were refused");
}

#[test]
fn a_file_that_is_no_whole_archive_changes_nothing() {
    let lab = lab_with_shop();
    does(&lab, &enter(&lab), CONTENTS);
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    let bytes = fs::read(&path).expect("archive");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(lab.path(name), bytes).expect("file");
        file(&lab, name)
    };
    let before = lab.world();
    let refused = |path: &str, code: i32, why: &str| {
        let ran = restore(&lab, path, &[]);
        ran.expect_code(code);
        assert_eq!(reason(&ran), why, "{ran}");
        before.expect_same(&lab.world(), path);
        assert_eq!(leftovers(&lab), Vec::<String>::new(), "{path}");
    };
    refused(&file(&lab, "missing"), 2, "configuration");
    refused(&file(&lab, ""), 2, "file");
    refused("/dev/zero", 2, "file");
    refused(&write("empty", b""), 2, "format");
    refused(
        &write(
            "plain.sql",
            b"-- PostgreSQL database dump\nCREATE TABLE t (id int);\n",
        ),
        2,
        "format",
    );
    refused(&write("head", &bytes[..40]), 2, "format");
    // Its table of contents is whole, its data is not.
    refused(&write("half", &bytes[..bytes.len() - 2000]), 8, "restore");
    // Known by its place, or by the checksum beside it.
    fs::copy(format!("{path}.sha256"), lab.path("half.sha256")).expect("copy");
    refused(&file(&lab, "half"), 4, "checksum");
    fs::write(&path, &bytes[..bytes.len() - 1]).expect("damage");
    refused(&path, 4, "checksum");
    fs::write(&path, &bytes).expect("mended");
    restore(&lab, &path, &[]).expect_code(0);
}

#[test]
fn an_archive_is_never_written_over_and_never_half_there() {
    let lab = lab_with_shop();
    let directory = lab.path("archives");
    fs::create_dir(&directory).expect("directory");
    does(
        &lab,
        &enter(&lab),
        "CREATE TABLE noise AS SELECT md5(n::text) FROM generate_series(1, 20000) n",
    );
    let there = || {
        let mut names: Vec<String> = fs::read_dir(&directory)
            .expect("directory")
            .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
            .collect();
        names.sort();
        names
    };
    let path = directory.join("shop.dump").display().to_string();
    fs::write(&path, "mine").expect("file");
    let before = lab.world();
    lab.run(&["db", "backup", "shop", "--to", &path]).expect_code(4);
    assert_eq!(fs::read(&path).expect("file"), b"mine");
    fs::remove_file(&path).expect("removed");
    // No room: the writer is ended when its file grows beyond 64 KiB.
    let line = "ulimit -f 64; exec \"$@\"";
    let spec = Spec::new("/bin/bash")
        .arguments([
            "-c",
            line,
            "bash",
            env!("CARGO_BIN_EXE_hostctl"),
            "db",
            "backup",
            "shop",
            "--to",
            &path,
        ])
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file());
    lab.wait(finish(spec, line.to_owned())).expect_code(8);
    assert_eq!(there(), Vec::<String>::new());
    before.expect_same(&lab.world(), "archives that were not written");
    assert_eq!(leftovers(&lab), Vec::<String>::new());

    let to = directory.display().to_string();
    lab.run(&["db", "backup", "shop", "--to", &to]).expect_code(0);
    let names = there();
    assert!(
        names.len() == 2 && names[0].starts_with("shop-2") && names[1] == format!("{}.sha256", names[0]),
        "{names:?}"
    );
    lab.run(&["db", "backup", "shop"]).expect_code(0);
    let listed = lab.run(&["db", "backups", "-o", "json"]).expect_code(0).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
}

#[test]
fn an_archive_of_another_account_is_refused() {
    let lab = lab_with_shop();
    let path = file(&lab, "shop.dump");
    backup(&lab, &path);
    lab.run(&["account", "create", "acme"]).expect_code(0);
    lab.run(&["db", "create", "theirs", "--account", "acme"])
        .expect_code(0);
    let before = lab.world();
    let ran = lab.run(&["db", "restore", "theirs", &path, "--yes", "-o", "json"]);
    ran.expect_code(4);
    assert_eq!(reason(&ran), "foreign");
    let ran = lab.run(&["db", "backup", "shop", "--account", "acme"]);
    ran.expect_code(3);
    let listed = lab.run(&["db", "backups", "--account", "acme", "-o", "json"]);
    assert_eq!(listed.expect_code(0).json(), json!([]));
    before.expect_same(&lab.world(), "another account's archive");
}
