//! Archives that are made and restored whatever the tenant does with its database, and only where nobody else writes.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

use crate::database_ops::tenant::{ask, create, does, enter, lab_with_shop, leftovers, login, superuser};
use crate::support::Lab;

fn backup(lab: &Lab, path: &str) -> crate::support::Ran {
    lab.run(&["db", "backup", "shop", "--to", path, "-o", "json"])
}

#[test]
fn an_extension_comes_back_in_its_schema() {
    let lab = lab_with_shop();
    lab.run(&["db", "set", "shop", "--schemas", "on"]).expect_code(0);
    let tenant = enter(&lab);
    does(
        &lab,
        &tenant,
        "CREATE SCHEMA \"Of \"\"ours\"; COMMENT ON SCHEMA \"Of \"\"ours\" IS 'ours'; CREATE EXTENSION hstore SCHEMA \"Of \"\"ours\";
        CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext;
        SELECT ext.show_limit(); ALTER ROLE shop IN DATABASE shop SET pg_trgm.similarity_threshold = '0.5';
        CREATE TABLE item (pairs \"Of \"\"ours\".hstore, name ext.citext); INSERT INTO item VALUES ('a=>1', 'A')",
    );
    let path = lab.path("shop.dump").display().to_string();
    backup(&lab, &path).expect_code(0);
    drop(tenant);
    let superusers = "ALTER DATABASE shop SET log_min_messages = 'error'";
    superuser(&lab, "postgres", superusers);
    let restored = lab.run(&["db", "restore", "shop", &path, "--yes", "-o", "json"]);
    restored.expect_code(0);
    assert!(
        restored.stderr.contains("SET \\\"log_min_messages\\\"") && !restored.stderr.contains("pg_trgm"),
        "{restored}"
    );
    let limit = "SELECT ext.show_limit()::text";
    assert_eq!(ask(&lab, &enter(&lab), limit), ["0.5"]);
    let seen =
        "SELECT concat_ws(' ', extname, nspname, nspowner::regrole, obj_description(n.oid)) FROM pg_extension
        JOIN pg_namespace n ON n.oid = extnamespace WHERE extname <> 'plpgsql' ORDER BY 1";
    assert_eq!(
        ask(&lab, &enter(&lab), seen),
        [
            "citext ext shop",
            "hstore Of \"ours shop ours",
            "pg_trgm ext shop"
        ]
    );
    let count = "SELECT count(*)::text FROM item WHERE name OPERATOR(ext.=) 'a'::ext.citext";
    assert_eq!(ask(&lab, &enter(&lab), count), ["1"]);
}

#[test]
fn a_backup_that_could_not_be_whole_says_what_is_in_the_way() {
    let lab = lab_with_shop();
    let tenant = enter(&lab);
    does(
        &lab,
        &tenant,
        "CREATE TABLE item (id int); ALTER TABLE item ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    );
    let path = lab.path("shop.dump").display().to_string();
    let refused = backup(&lab, &path);
    refused.expect_code(7);
    assert!(
        refused.stderr.contains("\"row_security\"")
            && refused
                .stderr
                .contains("ALTER TABLE public.item NO FORCE ROW LEVEL SECURITY"),
        "{refused}"
    );
    assert_eq!(leftovers(&lab), Vec::<String>::new());
    does(&lab, &tenant, "ALTER TABLE item NO FORCE ROW LEVEL SECURITY");
    backup(&lab, &path).expect_code(0);
}

#[test]
fn a_database_all_of_whose_connections_are_taken_is_still_served_by_us() {
    let lab = Lab::new();
    create(&lab, "shop", &["--connections", "2"]);
    let tenants = [enter(&lab), enter(&lab)];
    login(&lab, "shop", super::tenant::PASSWORD, "shop").expect_err("a third one");
    let path = lab.path("shop.dump").display().to_string();
    backup(&lab, &path).expect_code(0);
    let set = lab
        .call(&["db", "set", "shop", "--extension", "citext"])
        .variable("HOSTCTL_CLUSTER__MAIN__EXTENSIONS", "citext");
    set.run().expect_code(0);
    lab.run(&["db", "set", "shop", "--connections", "1"])
        .expect_code(0);
    fs::remove_file(&path).expect("removed");
    fs::remove_file(format!("{path}.sha256")).expect("removed");
    backup(&lab, &path).expect_code(0);
    drop(tenants);
}

#[test]
fn an_archive_is_made_only_where_nobody_else_writes() {
    let lab = lab_with_shop();
    let directory = lab.path("theirs");
    let inner = directory.join("inner");
    fs::create_dir_all(&inner).expect("directories");
    let open = |directory: &Path, mode: u32| {
        fs::set_permissions(directory, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    let before = lab.world();
    for place in [&directory, &inner] {
        open(&directory, 0o777);
        let to = place.join("shop.dump").display().to_string();
        let refused = backup(&lab, &to);
        refused.expect_code(2);
        assert!(refused.stderr.contains("writable by others"), "{refused}");
        backup(&lab, &place.display().to_string()).expect_code(2);
    }
    before.expect_same(&lab.world(), "places of others");
    open(&directory, 0o1777);
    backup(&lab, &inner.display().to_string()).expect_code(0);
}

#[test]
fn a_name_that_another_file_gets_meanwhile_is_written_over_by_nobody() {
    let lab = lab_with_shop();
    let directory = lab.path("archives");
    fs::create_dir(&directory).expect("a directory");
    let victim = lab.path("victim");
    fs::write(&victim, "precious").expect("a file");
    let (place, aim) = (directory.clone(), victim.clone());
    let swap = std::thread::spawn(move || {
        for _ in 0..200_000 {
            let entries = fs::read_dir(&place).expect("a directory").flatten();
            for entry in entries {
                let path = entry.path();
                if path.extension().is_some_and(|extension| extension == "partial") {
                    fs::rename(&path, place.join("aside")).expect("renamed");
                    symlink(&aim, &path).expect("a link");
                    return true;
                }
            }
            std::thread::sleep(Duration::from_micros(50));
        }
        false
    });
    let to = directory.join("shop.dump").display().to_string();
    let ran = backup(&lab, &to);
    assert!(swap.join().expect("joined"), "it was swapped: {ran}");
    assert_eq!(fs::read(&victim).expect("the victim"), b"precious", "{ran}");
    ran.expect_code(4);
    assert!(!Path::new(&to).exists(), "{ran}");
}
