//! Archives that want more than their database: run by a stand-in, they get nothing.

use std::fs;
use std::future::Future;
use std::time::Duration;

use hostctl::env::child::Spec;
use tokio_postgres::NoTls;

use crate::database_ops::tenant::{does, enter, lab_with_shop, leftovers, refusal};
use crate::support::call::finish;
use crate::support::{Lab, Ran};

/// Room for a statement in a real archive: a comment, whose text stands in the table of contents as it is.
const ROOM: usize = 400;

/// A real archive, in which the statement that sets a comment is another one.
fn archive(lab: &Lab, name: &str, statement: &str) -> String {
    let genuine = lab.path("genuine.dump");
    if !genuine.exists() {
        let comment = format!(
            "CREATE TABLE item (id int); COMMENT ON TABLE item IS '{}'",
            "x".repeat(ROOM)
        );
        does(lab, &enter(lab), &comment);
        let path = genuine.display().to_string();
        lab.run(&["db", "backup", "shop", "--to", &path]).expect_code(0);
        fs::remove_file(lab.path("genuine.dump.sha256")).expect("sidecar");
    }
    let mut bytes = fs::read(&genuine).expect("archive");
    let original = format!("COMMENT ON TABLE public.item IS '{}';", "x".repeat(ROOM));
    let place = bytes
        .windows(original.len())
        .position(|part| part == original.as_bytes())
        .expect("the comment");
    assert!(statement.len() < original.len());
    let other = format!("{statement:<width$}", width = original.len());
    bytes[place..place + original.len()].copy_from_slice(other.as_bytes());
    let path = lab.path(name);
    fs::write(&path, bytes).expect("archive");
    path.display().to_string()
}

#[test]
fn a_hostile_archive_fails_and_leaves_nothing() {
    let lab = lab_with_shop();
    let witness = lab.path("witness").display().to_string();
    fs::remove_file(&witness).ok();
    archive(&lab, "first", "SELECT 1;");
    let before = lab.world();
    let statements = [
        "ALTER ROLE shop SUPERUSER;".to_owned(),
        "ALTER ROLE shop PASSWORD 'stolen by the archive';".to_owned(),
        "ALTER ROLE hostctl PASSWORD 'stolen by the archive';".to_owned(),
        "ALTER ROLE shop CONNECTION LIMIT -1;".to_owned(),
        "CREATE ROLE friend LOGIN;".to_owned(),
        "CREATE DATABASE more;".to_owned(),
        "ALTER DATABASE sentinel RENAME TO mine;".to_owned(),
        format!("COPY public.item TO PROGRAM 'touch {witness}';"),
        format!("COPY public.item TO '{witness}';"),
        "CREATE TABLE public.p (t text); COPY public.p FROM '/etc/passwd';".to_owned(),
        "SELECT lo_import('/etc/passwd');".to_owned(),
        "SET ROLE shop;".to_owned(),
        "SET ROLE hostctl;".to_owned(),
        "RESET ROLE; SET SESSION AUTHORIZATION hostctl;".to_owned(),
        "DO $$ BEGIN RESET ROLE; RESET SESSION AUTHORIZATION; EXECUTE 'ALTER ROLE shop CREATEDB'; END $$;".to_owned(),
        "CREATE FUNCTION public.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION public.f();".to_owned(),
        "GRANT pg_execute_server_program TO CURRENT_USER;".to_owned(),
        "GRANT hostctl TO CURRENT_USER;".to_owned(),
        "CREATE EXTENSION hstore;".to_owned(),
        "CREATE SCHEMA mine;".to_owned(),
        format!("\\! touch {witness}"),
        "\\connect sentinel".to_owned(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename IS NOT NULL;".to_owned(),
    ];
    for statement in &statements {
        let path = archive(&lab, "hostile.dump", statement);
        let ran = lab.run(&["db", "restore", "shop", &path, "--yes"]);
        assert_eq!(ran.code, Some(8), "{statement}: {ran}");
        assert!(!lab.path("witness").exists(), "{statement}");
        assert_eq!(leftovers(&lab), Vec::<String>::new(), "{statement}");
        before.expect_same(&lab.world(), statement);
    }
    assert_eq!(refusal(&lab), None);
}

#[test]
fn what_a_stand_in_may_do_to_itself_goes_with_it() {
    let lab = lab_with_shop();
    let statements = [
        "ALTER ROLE CURRENT_USER PASSWORD 'known to the archive';",
        "ALTER ROLE CURRENT_USER SET statement_timeout = 0; ALTER ROLE CURRENT_USER IN DATABASE sentinel SET work_mem = '1GB';",
        "RESET ROLE; CREATE TABLE public.mine (id int); GRANT ALL ON public.mine TO CURRENT_USER;",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;",
        "CREATE POLICY p ON public.item TO CURRENT_USER USING (true);",
        "SELECT pg_advisory_lock(1752134517, 1); SELECT lo_create(77);",
    ];
    for statement in statements {
        let path = archive(&lab, "odd.dump", statement);
        let before = lab.ask(
            "SELECT concat_ws(' ', rolname, rolpassword, rolconnlimit, rolsuper, rolcreaterole,
                (SELECT string_agg(setconfig::text, ' ') FROM pg_db_role_setting WHERE setrole = r.oid)) FROM pg_authid r ORDER BY 1",
        );
        let ran = lab.run(&["db", "restore", "shop", &path, "--yes", "--purge"]);
        assert_eq!(ran.code, Some(0), "{statement}: {ran}");
        assert_eq!(leftovers(&lab), Vec::<String>::new(), "{statement}");
        let after = lab.ask(
            "SELECT concat_ws(' ', rolname, rolpassword, rolconnlimit, rolsuper, rolcreaterole,
                (SELECT string_agg(setconfig::text, ' ') FROM pg_db_role_setting WHERE setrole = r.oid)) FROM pg_authid r ORDER BY 1",
        );
        assert_eq!(before, after, "{statement}");
        let strangers = "SELECT relname::text FROM pg_class WHERE relowner <> 'shop'::regrole
            AND relnamespace = 'public'::regnamespace";
        assert_eq!(
            crate::database_ops::tenant::ask(&lab, &enter(&lab), strangers),
            Vec::<String>::new()
        );
    }
    assert_eq!(
        lab.ask("SELECT setconfig::text FROM pg_db_role_setting WHERE setconfig::text LIKE '%work_mem%'"),
        Vec::<String>::new()
    );
}

/// Logs in as the stand-in, whose password the archive has set, for as long as there is work; gives what came in.
async fn break_in(
    lab: &Lab,
    options: &str,
    work: impl Future<Output = Ran>,
) -> (Ran, Vec<tokio_postgres::Client>) {
    let watch = lab.sandbox().superuser("postgres").await.expect("superuser");
    let mut config = lab.sandbox().control().expect("configuration");
    config.password("known to the archive").options(options);
    let names = "SELECT rolname::text, replace(rolname, 'hc_login_', 'hc_stage_')::text FROM pg_roles WHERE rolname ~ '^hc_login_'";
    let (mut clients, mut work) = (Vec::new(), std::pin::pin!(work));
    loop {
        let attempt = async {
            let rows = watch.query(names, &[]).await.expect("names");
            let Some(row) = rows.first() else {
                return tokio::time::sleep(Duration::from_millis(2)).await;
            };
            config.user(row.get::<_, &str>(0)).dbname(row.get::<_, &str>(1));
            if let Ok((client, connection)) = config.connect(NoTls).await {
                tokio::spawn(connection);
                clients.push(client);
            }
        };
        tokio::select! {
            ran = &mut work => return (ran, clients),
            () = attempt => {}
        }
    }
}

#[test]
fn whoever_logs_in_as_the_stand_in_does_not_stay() {
    let lab = lab_with_shop();
    // Such a session is seen by nobody before its time has passed.
    for options in ["", "-c post_auth_delay=20"] {
        let statement = "ALTER ROLE CURRENT_USER PASSWORD 'known to the archive';";
        let path = archive(&lab, "open.dump", statement);
        let restore = lab.call(&["db", "restore", "shop", &path, "--yes", "--purge"]);
        let (ran, clients) = lab.wait(break_in(&lab, options, restore.start()));
        ran.expect_code(0);
        assert_eq!(leftovers(&lab), Vec::<String>::new(), "{options}");
        for client in clients {
            assert!(
                lab.wait(client.simple_query("SELECT 1")).is_err(),
                "a session of nobody's"
            );
        }
        lab.run(&["op", "recover"]).expect_code(0);
        lab.run(&["db", "suspend", "shop"]).expect_code(0);
        lab.run(&["db", "resume", "shop"]).expect_code(0);
    }
}

#[test]
fn a_restore_that_is_killed_at_work_is_taken_back() {
    let lab = lab_with_shop();
    let path = archive(&lab, "slow.dump", "SELECT pg_sleep(60);");
    let before = lab.world();
    let line = "\"$@\" & pid=$!; for i in $(seq 200); do sleep 0.05; \
        [ -n \"$(pgrep -P $pid pg_restore)\" ] && sleep 0.3 && break; done; kill -9 $pid; wait $pid; exit 0";
    let spec = Spec::new("/bin/bash")
        .arguments([
            "-c",
            line,
            "bash",
            env!("CARGO_BIN_EXE_hostctl"),
            "db",
            "restore",
            "shop",
            &path,
            "--yes",
        ])
        .variable("HOSTCTL_CONFIG", lab.sandbox().config_file());
    lab.wait(finish(spec, line.to_owned())).expect_code(0);
    assert_eq!(leftovers(&lab).len(), 2, "it was at work: {:?}", leftovers(&lab));
    assert_eq!(refusal(&lab), None, "the old one is served meanwhile");
    lab.run(&["op", "recover"]).expect_code(0);
    assert_eq!(leftovers(&lab), Vec::<String>::new());
    before.expect_same(&lab.world(), "a restore that was killed");
    let sessions = lab.ask("SELECT usename::text FROM pg_stat_activity WHERE usename LIKE 'hc\\_login\\_%'");
    assert_eq!(sessions, Vec::<String>::new());
}
