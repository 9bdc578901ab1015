//! What other tenants grant the roles of a database does not keep them.

use serde_json::Value;

use crate::database_ops::tenant::{PASSWORD, ask, create, does, login, superuser};
use crate::support::{Lab, Ran};

/// Grants what it has to `victim` for as long as there is such a role, and ends when it is gone again.
const GRANTS_AT_ONCE: &str = "DO $$ DECLARE was_there bool := false; BEGIN
    FOR attempt IN 1..4000 LOOP
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'victim') THEN
                GRANT SELECT ON x TO victim;
                was_there := true;
            ELSIF was_there THEN
                RETURN;
            END IF;
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
        COMMIT;
        PERFORM pg_sleep(0.004);
    END LOOP;
    RAISE 'the role was there: %', was_there;
END $$";

/// A lab with the database `td`, and its tenant inside, with a table.
fn lab() -> (Lab, tokio_postgres::Client) {
    let lab = Lab::new();
    create(&lab, "td", &[]);
    let tenant = login(&lab, "td", PASSWORD, "td").expect("login");
    does(&lab, &tenant, "CREATE TABLE x (id int); INSERT INTO x VALUES (1)");
    (lab, tenant)
}

fn roles(lab: &Lab) -> Vec<String> {
    lab.ask("SELECT rolname::text FROM pg_roles WHERE shobj_description(oid, 'pg_authid') ~ '^hostctl:' ORDER BY 1")
}

/// What standard error says of why it was refused.
fn answer(refused: &Ran) -> Value {
    let said: Value = serde_json::from_str(&refused.stderr).expect("JSON");
    said["error"].clone()
}

/// What of another role's is left in `td`: grants and policies.
fn granted(lab: &Lab) -> Vec<String> {
    let client = lab.wait(lab.sandbox().superuser("td")).expect("superuser");
    ask(
        lab,
        &client,
        "SELECT deptype::text || ' of ' || pg_get_userbyid(refobjid)::text FROM pg_shdepend
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = 'td') AND refclassid = 'pg_authid'::regclass
                AND pg_get_userbyid(refobjid) NOT IN ('td', 'sentinel') AND deptype <> 'o'",
    )
}

#[test]
fn a_grant_to_a_role_that_is_being_made_does_not_keep_it() {
    let (lab, tenant) = lab();
    let before = roles(&lab);
    let [grants] = lab.wait(async {
        [tokio::spawn(
            async move { tenant.batch_execute(GRANTS_AT_ONCE).await },
        )]
    });
    let failed = lab
        .call(&["db", "create", "victim"])
        .crash("fail:3:before_intent:do")
        .run();
    let states = lab.ask("SELECT state FROM hostctl.operations WHERE target = 'victim'");
    assert_eq!(states, ["rolled_back"], "{failed}");
    assert_eq!(roles(&lab), before, "no role stays");
    lab.wait(grants)
        .expect("joined")
        .expect("it granted while it could");
    assert_eq!(granted(&lab), Vec::<String>::new());
    lab.run(&["db", "create", "victim"]).expect_code(0);
}

#[test]
fn grants_and_policies_do_not_keep_a_database_from_being_deleted() {
    let (lab, tenant) = lab();
    let before = roles(&lab);
    create(&lab, "tb", &[]);
    create(&lab, "tc", &[]);
    does(
        &lab,
        &tenant,
        "GRANT SELECT (id), UPDATE ON x TO tb WITH GRANT OPTION; GRANT CREATE ON SCHEMA public TO tb;
        ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO tb; CREATE POLICY p ON x TO tc;
        CREATE POLICY q ON x TO tc, tb, td",
    );
    let owner = ask(
        &lab,
        &tenant,
        "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = 'tb'",
    );
    does(&lab, &tenant, &format!("GRANT SELECT ON x TO {}", owner[0]));
    // One that would go on granting for ever.
    does(
        &lab,
        &tenant,
        "BEGIN; CREATE TABLE y (id int); GRANT SELECT ON y TO tb",
    );
    lab.run(&["db", "delete", "tb", "--purge", "--yes"])
        .expect_code(0);
    // Who is shut out is not asked.
    lab.run(&["db", "suspend", "td"]).expect_code(0);
    lab.run(&["db", "delete", "tc", "--yes"]).expect_code(0);
    let kept = lab.ask("SELECT id::text FROM hostctl.operations WHERE kind = 'db.delete' AND target = 'tc'");
    lab.run(&["op", "trash", "purge", &kept[0], "--yes"])
        .expect_code(0);
    assert_eq!(roles(&lab), before);
    assert_eq!(granted(&lab), Vec::<String>::new());
    lab.run(&["db", "resume", "td"]).expect_code(0);
    let tenant = login(&lab, "td", PASSWORD, "td").expect("login");
    let left = "SELECT policyname || ' ' || roles::text FROM pg_policies UNION SELECT 'row ' || id FROM x ORDER BY 1";
    assert_eq!(ask(&lab, &tenant, left), ["q {td}", "row 1"]);
    who_stays_in_the_way_is_put_out(&lab, &tenant);
}

/// Takes the lock of whichever operation is at work on the cluster, in its own database, and keeps it.
const TAKES_THE_LOCK: &str = "DO $$ DECLARE key bigint; BEGIN
    FOR attempt IN 1..20000 LOOP
        SELECT objid::bigint INTO key FROM pg_locks
            WHERE locktype = 'advisory' AND classid::bigint = 1752134517 AND granted LIMIT 1;
        IF key IS NOT NULL THEN
            PERFORM pg_advisory_lock(1752134517, (key - CASE WHEN key >= 2147483648 THEN 4294967296 ELSE 0 END)::int);
            RETURN;
        END IF;
        PERFORM pg_sleep(0.001);
    END LOOP;
    RAISE 'nothing was at work';
END $$";

fn who_stays_in_the_way_is_put_out(lab: &Lab, tenant: &tokio_postgres::Client) {
    for name in ["tb", "tc"] {
        create(lab, name, &[]);
        does(
            lab,
            tenant,
            &format!("GRANT SELECT ON x TO {name}; CREATE POLICY p_{name} ON x TO {name}"),
        );
    }
    let delete = |name: &str| lab.run(&["db", "delete", name, "--purge", "--yes"]);
    let is_out = |tenant: &tokio_postgres::Client| lab.wait(tenant.simple_query("SELECT 1")).is_err();
    does(lab, tenant, "BEGIN; ALTER TABLE x SET (fillfactor = 90)");
    delete("tc").expect_code(0);
    assert!(is_out(tenant), "it is in still");

    let tenant = login(lab, "td", PASSWORD, "td").expect("login");
    let [taking] = lab.wait(async {
        [tokio::spawn(async move {
            let taken = tenant.batch_execute(TAKES_THE_LOCK).await;
            taken.map(|()| tenant)
        })]
    });
    delete("tb").expect_code(0);
    let tenant = lab.wait(taking).expect("joined").expect("it took the lock");
    assert!(is_out(&tenant), "it is in still");
    assert_eq!(granted(lab), Vec::<String>::new());
}

#[test]
fn what_a_role_owns_elsewhere_keeps_it_until_it_is_given_away_as_the_hint_says() {
    let (lab, tenant) = lab();
    create(&lab, "tb", &[]);
    superuser(&lab, "td", "ALTER TABLE x OWNER TO tb");
    superuser(&lab, "postgres", "GRANT CONNECT ON DATABASE sentinel TO tb");
    let hint = || {
        let refused = lab.run(&["db", "delete", "tb", "--purge", "--yes", "-o", "json"]);
        let error = answer(refused.expect_code(4));
        assert_eq!(error["reason"], "in_use", "{refused}");
        (
            error["message"].to_string(),
            error["hint"].as_str().expect("a hint").to_owned(),
        )
    };
    let (message, said) = hint();
    assert!(
        message.contains("td") && message.contains("sentinel"),
        "{message}"
    );
    assert!(
        said.contains(r#"REVOKE ALL ON DATABASE "sentinel" FROM "tb""#),
        "{said}"
    );
    superuser(&lab, "postgres", "REVOKE ALL ON DATABASE sentinel FROM tb");
    let (message, said) = hint();
    assert!(!message.contains("sentinel"), "{message}");
    let commands = said.strip_prefix("in td, as hostctl: ").expect("one place");
    let mut config = lab.sandbox().control().expect("configuration");
    config.dbname("td");
    let ours = lab.wait(async {
        let (client, connection) = config.connect(tokio_postgres::NoTls).await.expect("entered");
        tokio::spawn(connection);
        client
    });
    does(&lab, &ours, commands);
    lab.run(&["db", "delete", "tb", "--purge", "--yes"])
        .expect_code(0);
    drop(tenant);
}
