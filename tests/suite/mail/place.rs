//! A private PostgreSQL with hostctl's schema in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use hostctl::config::{self, Config, Request};
use hostctl::control::{Session, schema, session};
use hostctl::env::deadline::Deadline;
use hostctl::error::Error;
use hostctl::sandbox::{Lifetime, Options, Parts, Sandbox};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::support;

pub struct Place {
    pub sandbox: Sandbox,
    pub config: Config,
    pub session: Session,
    /// The account `main`.
    pub account: Uuid,
    _outer: tempfile::TempDir,
}

impl Place {
    pub async fn new(mail: bool) -> Place {
        let outer = tempfile::Builder::new()
            .prefix("mail-")
            .tempdir_in(support::room())
            .expect("directory");
        fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let options = Options {
            parts: Parts { dns: false, mail },
            lifetime: Lifetime::WithParent,
            templates: Some(support::templates()),
            ..Options::new(outer.path().join("box"))
        };
        let sandbox = Sandbox::up(options).await.expect("a sandbox");
        let request = Request {
            explicit: Some(&sandbox.config_file()),
            variables: &BTreeMap::new(),
            flags: &[],
            tolerates_unknown_keys: false,
        };
        let read = |path: &std::path::Path| {
            fs::read_to_string(path)
                .map(Some)
                .map_err(|error| Error::internal(error.to_string()))
        };
        let config = config::load(&request, read).expect("configuration");
        let target = session::target(&config).expect("a target");
        schema::init(&target, deadline()).await.expect("a schema");
        let session = Session::open(&config, deadline()).await.expect("a session");
        let account = account(&session, "main").await;
        Place {
            sandbox,
            config,
            session,
            account,
            _outer: outer,
        }
    }

    /// Everything that the steps of mail may write, as text.
    pub async fn world(&self) -> Vec<String> {
        let statement = "SELECT to_jsonb(d)::text FROM hostctl.email_domains d
            UNION ALL SELECT to_jsonb(b)::text FROM hostctl.email_accounts b
            UNION ALL SELECT to_jsonb(o)::text FROM hostctl.domain_owners o ORDER BY 1";
        let rows = self.session.query_typed(statement, &[]).await.expect("the rows");
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub async fn down(self) {
        drop(self.session);
        self.sandbox.down().await.expect("down");
    }
}

pub async fn account(session: &Session, name: &str) -> Uuid {
    let statement = "SELECT id FROM hostctl.accounts WHERE name = $1";
    session
        .query_typed_one(statement, &[(&name, Type::TEXT)])
        .await
        .expect("an account")
        .get(0)
}

pub fn deadline() -> Deadline {
    Deadline::after(Duration::from_secs(30))
}
