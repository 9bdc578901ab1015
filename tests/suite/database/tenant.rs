//! What a tenant can and cannot do.

use tokio_postgres::error::SqlState;

use crate::database::world::{PASSWORD, World};

#[tokio::test]
async fn a_tenant_works_in_its_own_database_and_nowhere_else() {
    let mut world = World::new().await;
    let mut request = world.request("shop").await;
    request.extensions = vec!["citext".to_owned()];
    world.make(&request).await;
    let request = world.request("other").await;
    world.make(&request).await;
    let tenant = world.login("shop", PASSWORD, "shop").await.expect("login");
    let works = "CREATE TABLE item (name citext PRIMARY KEY); CREATE TEMPORARY TABLE t (id int);
        INSERT INTO item VALUES ('A'); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TYPE mood AS ENUM ('good'); ALTER TABLE item ADD COLUMN m mood";
    tenant.batch_execute(works).await.expect("ordinary work");
    let row = tenant.query_one(
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'hc\\_own\\_%' LIMIT 1",
        &[],
    );
    let owner: String = row.await.expect("owner").get(0);

    for statement in [
        "COMMENT ON DATABASE shop IS NULL",
        "COMMENT ON ROLE shop IS NULL",
        "CREATE EXTENSION pgcrypto",
        "DROP EXTENSION citext",
        "CREATE SCHEMA mine",
        "ALTER DATABASE shop CONNECTION LIMIT -1",
        "ALTER DATABASE shop RENAME TO mine",
        "ALTER DATABASE shop OWNER TO shop",
        "ALTER ROLE shop CREATEDB",
        "ALTER ROLE shop CONNECTION LIMIT -1",
        "CREATE ROLE friend",
        "CREATE DATABASE more",
        "DROP DATABASE other",
        "DROP DATABASE shop",
        "ALTER ROLE other PASSWORD 'x'",
        "GRANT other TO shop",
        "SET ROLE other",
        "SET ROLE hostctl",
        &format!("SET ROLE {owner}"),
        &format!("GRANT {owner} TO shop"),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hostctl'",
        "COPY item TO PROGRAM 'true'",
    ] {
        let error = tenant.batch_execute(statement).await.expect_err(statement);
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{statement}: {error}"
        );
    }
    // The server warns only, and nothing is granted.
    tenant
        .batch_execute("GRANT CONNECT ON DATABASE shop TO PUBLIC")
        .await
        .ok();

    for database in ["other", "postgres", "template1", "hostctl"] {
        let error = world.login("shop", PASSWORD, database).await.expect_err(database);
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{database}: {error}"
        );
    }
    let error = world
        .login("other", PASSWORD, "shop")
        .await
        .expect_err("a stranger");
    assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    let superuser = world.sandbox.superuser("postgres").await.expect("superuser");
    let members = superuser
        .query(
            // Since PostgreSQL 16 its maker may grant it, and is no member by that.
            "SELECT 1 FROM pg_auth_members m WHERE roleid = 'shop'::regrole
                AND coalesce((to_jsonb(m) -> 'inherit_option')::bool OR (to_jsonb(m) -> 'set_option')::bool, true)",
            &[],
        )
        .await;
    assert!(
        members.expect("members").is_empty(),
        "nobody stays a member of the tenant's role"
    );
    world.down().await;
}
