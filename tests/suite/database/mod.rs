//! Tenants' databases on a real server: made, used, deleted, and every step forward and back.

mod hold;
mod tenant;
mod undo;
mod world;

use std::time::Duration;

use hostctl::database::{self, Clusters, Level, list, plan_delete, plan_password, show};
use hostctl::error::Kind;
use hostctl::journal::Found;
use hostctl::model::password::Password;
use hostctl::trash::Fate;
use tokio_postgres::error::SqlState;

use world::{PASSWORD, World, soon};

#[tokio::test]
async fn a_database_is_made_used_listed_and_deleted() {
    let mut world = World::new().await;
    let before = world.dump().await;
    let mut request = world.request("shop").await;
    request.connections = Some(7);
    request.statement_timeout = Some(Duration::from_secs(90));
    request.locale = Some("C".to_owned());
    world.make(&request).await;

    let tenant = world.login("shop", PASSWORD, "shop").await.expect("login");
    let row = tenant
        .query_one(
            "SELECT current_setting('statement_timeout'), datcollate::text, rolconnlimit
            FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()",
            &[],
        )
        .await
        .expect("settings");
    assert_eq!(
        (row.get::<_, &str>(0), row.get::<_, &str>(1), row.get::<_, i32>(2)),
        ("90s", "C", 7)
    );
    tenant
        .batch_execute("CREATE TABLE item (id int); INSERT INTO item VALUES (1)")
        .await
        .expect("table");

    let listing = list(&*world.session, &world.clusters, None, None, soon())
        .await
        .expect("list");
    assert_eq!(
        (listing.databases.len(), listing.notes.len()),
        (1, 0),
        "{listing:?}"
    );
    assert!(listing.databases[0].size_bytes.expect("size") > 1_000_000);
    let name = "shop".parse().expect("name");
    let (details, _) = show(&*world.session, &world.clusters, &name, None, soon())
        .await
        .expect("show");
    assert_eq!(
        (details.host.as_str(), details.database.state.as_str()),
        ("127.0.0.1", "active")
    );
    let keys = serde_json::to_value(&listing.databases[0]).expect("json");
    let keys: Vec<&String> = keys.as_object().expect("object").keys().collect();
    let mut wanted = [
        "name",
        "account",
        "cluster",
        "owner",
        "role",
        "state",
        "size_bytes",
        "quota_bytes",
        "created_at",
    ];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);

    let error = world.room(&request).await.expect_err("taken");
    assert_eq!(
        (error.kind(), error.reason(), error.hint_text()),
        (Kind::Conflict, "exists", Some("hostctl db show shop"))
    );

    let existing = world.existing("shop").await.expect("existing");
    let plan = plan_delete(&existing, Fate::Purged).expect("plan");
    let operation = hostctl::clock::new_id().expect("entropy");
    for number in 0..plan.steps.len() {
        world.apply(&plan, operation, number).await.expect("deleted");
    }
    assert!(
        tenant.simple_query("SELECT 1").await.is_err(),
        "the session was ended"
    );
    assert_eq!(world.dump().await, before);
    assert_eq!(
        world.existing("shop").await.expect_err("gone").kind(),
        Kind::NotFound
    );
    world.down().await;
}

#[tokio::test]
async fn a_password_is_changed_for_good() {
    let mut world = World::new().await;
    let request = world.request("shop").await;
    let made = world.make(&request).await;
    for text in ["another horse 1", "another horse 2"] {
        let existing = world.existing("shop").await.expect("existing");
        let password = Password::from_input(text.as_bytes(), 12).expect("password");
        let plan = plan_password(&existing, &password).expect("plan");
        assert!(plan.steps[0].is_pivot && !plan.steps[0].parameters.to_string().contains("SCRAM"));
        let operation = hostctl::clock::new_id().expect("entropy");
        assert_eq!(world.probe(&plan, operation, 0).await, Some(Found::Absent));
        world
            .undo(&plan, operation, 0)
            .await
            .expect("nothing to take back");
        for _ in 0..2 {
            world.apply(&plan, operation, 0).await.expect("applied");
            assert!(matches!(
                world.probe(&plan, operation, 0).await,
                Some(Found::Ours(_))
            ));
        }
        let failure = world.undo(&plan, operation, 0).await.expect_err("for good");
        assert_eq!(
            (failure.is_passing, failure.error.reason()),
            (false, "forward_only")
        );
        let refused = world
            .login("shop", PASSWORD, "shop")
            .await
            .expect_err("the old one");
        assert_eq!(refused.code(), Some(&SqlState::INVALID_PASSWORD));
        world.login("shop", text, "shop").await.expect("the new one");
    }
    let existing = world.existing("shop").await.expect("still ours");
    assert_eq!(existing.database.role_operation, made);
    world.down().await;
}

#[tokio::test]
async fn what_others_made_is_a_conflict_and_stays() {
    let mut world = World::new().await;
    let superuser = world.sandbox.superuser("postgres").await.expect("superuser");
    superuser.batch_execute("CREATE ROLE taken").await.expect("role");
    superuser
        .batch_execute("CREATE DATABASE also_taken")
        .await
        .expect("database");
    let before = world.dump().await;
    for name in ["taken", "also_taken", "sentinel"] {
        let error = world.room(&world.request(name).await).await.expect_err(name);
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Conflict, "foreign"),
            "{name}"
        );
        let error = world.existing(name).await.expect_err(name);
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Conflict, "foreign"),
            "{name}"
        );
    }
    // Made between plan and step.
    for (name, fails_at) in [("late_role", 0), ("late_database", 3)] {
        let (operation, plan) = world.planned(&world.request(name).await).await;
        let statement = if fails_at == 0 {
            format!("CREATE ROLE {name}")
        } else {
            format!("CREATE DATABASE {name}")
        };
        superuser.batch_execute(&statement).await.expect("late");
        for number in 0..fails_at {
            world.apply(&plan, operation, number).await.expect("applied");
        }
        let failure = world.apply(&plan, operation, fails_at).await.expect_err("taken");
        assert_eq!(
            (failure.is_passing, failure.error.reason()),
            (false, "foreign"),
            "{}",
            failure.error
        );
        assert!(matches!(
            world.probe(&plan, operation, fails_at).await,
            Some(Found::Foreign(_))
        ));
        for number in (0..=fails_at).rev() {
            world.undo(&plan, operation, number).await.expect("undone");
        }
        superuser
            .batch_execute(&statement.replace("CREATE", "DROP"))
            .await
            .expect("it was left there");
    }
    assert_eq!(world.dump().await, before);
    world.down().await;
}

#[tokio::test]
async fn a_database_that_lost_its_mark_or_is_used_elsewhere_is_not_deleted() {
    let mut world = World::new().await;
    let request = world.request("shop").await;
    let made = world.make(&request).await;
    let superuser = world.sandbox.superuser("postgres").await.expect("superuser");
    superuser
        .batch_execute("GRANT CONNECT ON DATABASE sentinel TO shop")
        .await
        .expect("grant");
    let error =
        plan_delete(&world.existing("shop").await.expect("existing"), Fate::Purged).expect_err("in use");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "in_use"));
    assert!(error.message().ends_with("in sentinel"), "{error}");
    superuser
        .batch_execute("REVOKE CONNECT ON DATABASE sentinel FROM shop")
        .await
        .expect("revoke");

    let mark = world::marker(made, 3);
    for (broken, mended) in [
        (
            "COMMENT ON DATABASE shop IS 'mine'".to_owned(),
            format!("COMMENT ON DATABASE shop IS '{mark}'"),
        ),
        (
            "COMMENT ON ROLE shop IS NULL".to_owned(),
            format!("COMMENT ON ROLE shop IS '{mark}'"),
        ),
    ] {
        superuser.batch_execute(&broken).await.expect("broken");
        let error = world.existing("shop").await.expect_err("not ours");
        assert_eq!(
            (error.kind(), error.reason()),
            (Kind::Conflict, "foreign"),
            "{broken}"
        );
        superuser.batch_execute(&mended).await.expect("mended");
    }
    superuser
        .batch_execute("ALTER DATABASE shop OWNER TO sentinel")
        .await
        .expect("owner");
    let error = world.existing("shop").await.expect_err("given away");
    assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "changed"));
    world.down().await;
}

#[tokio::test]
async fn extensions_and_locales_are_checked_before_anything_is_done() {
    let world = World::new().await;
    for (extension, kind) in [
        ("adminpack", Kind::Denied),
        ("dblink", Kind::Denied),
        ("citext\"; --", Kind::Denied),
    ] {
        let mut request = world.request("shop").await;
        request.extensions = vec![extension.to_owned()];
        let error = world.room(&request).await.expect_err(extension);
        assert_eq!((error.kind(), error.reason()), (kind, "extension"), "{error}");
    }
    for locale in ["../../x", "xx_XX.utf8", "C'; DROP DATABASE sentinel; --", ""] {
        let mut request = world.request("shop").await;
        request.locale = Some(locale.to_owned());
        assert_eq!(world.room(&request).await.expect_err(locale).kind(), Kind::Usage);
    }
    world.down().await;
}

#[tokio::test]
async fn a_cluster_that_is_away_gives_a_note_and_no_failure() {
    let mut world = World::new().await;
    let request = world.request("shop").await;
    world.make(&request).await;
    let mut config = world.config.clone();
    config.clusters.get_mut("main").expect("cluster").url.hosts[0].port = 1;
    let away = Clusters::new(&config);
    let listing = list(&*world.session, &away, None, None, soon())
        .await
        .expect("list");
    assert_eq!(
        (listing.databases[0].size_bytes, listing.notes.len()),
        (None, 1),
        "{:?}",
        listing.notes
    );
    let findings = database::checks(&away, soon()).await;
    assert_eq!(
        (findings.len(), findings[0].level),
        (1, Level::Failed),
        "{findings:?}"
    );

    // The row says that it lies elsewhere: the cluster behind the name is another one.
    let superuser = world.sandbox.superuser("hostctl").await.expect("superuser");
    superuser
        .batch_execute("UPDATE hostctl.hosting_accounts SET substrate = '1'")
        .await
        .expect("update");
    assert_eq!(
        world.existing("shop").await.expect_err("another").reason(),
        "substrate"
    );
    let listing = list(&*world.session, &world.clusters, None, None, soon())
        .await
        .expect("list");
    assert_eq!((listing.databases[0].size_bytes, listing.notes.len()), (None, 1));
    world.down().await;
}

#[tokio::test]
async fn the_doctor_names_missing_privileges_and_open_databases() {
    let world = World::new().await;
    let findings = database::checks(&world.clusters, soon()).await;
    let worst = |level| findings.iter().filter(|finding| finding.level == level).count();
    assert_eq!((worst(Level::Failed), worst(Level::Ok)), (0, 1), "{findings:?}");
    let message = "every tenant may enter database sentinel";
    assert!(
        findings.iter().any(|finding| finding.message == message),
        "{findings:?}"
    );
    let superuser = world.sandbox.superuser("postgres").await.expect("superuser");
    superuser
        .batch_execute("ALTER ROLE hostctl NOCREATEDB")
        .await
        .expect("alter");
    let findings = database::checks(&world.clusters, soon()).await;
    let hints: Vec<_> = findings
        .iter()
        .filter(|finding| finding.level == Level::Failed)
        .collect();
    assert_eq!(hints.len(), 1);
    assert_eq!(hints[0].hint.as_deref(), Some("ALTER ROLE hostctl CREATEDB"));
    world.down().await;
}
