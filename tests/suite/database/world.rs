//! A private cluster with a control database, and steps run one by one without the journal.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use hostctl::clock;
use hostctl::config::{self, Config};
use hostctl::control::{Session, schema, session};
use hostctl::database::{
    Clusters, Create, Drop, DropRoles, Existing, Forget, Hide, Prepare, Publish, Record, Request, Roles,
    Room, SetPassword, observe_create, observe_existing, plan_create,
};
use hostctl::env::deadline::Deadline;
use hostctl::env::files;
use hostctl::error::{Error, Result};
use hostctl::journal::{ControlStep, Failure, Found, Marker, OutsideStep, Place, Plan, PlannedStep, Secrets};
use hostctl::model::password::Password;
use hostctl::sandbox::{Lifetime, Options, Parts, Sandbox};
use serde_json::Value;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::support;

/// Calls a method of the step's own type, with the parameters as the journal would give them back.
macro_rules! outside {
    ($step:expr, $method:ident($($argument:expr),*)) => {{
        let parameters = $step.parameters.clone();
        match $step.kind {
            Roles::KIND => parsed::<Roles>(parameters).$method($($argument),*).await,
            Create::KIND => parsed::<Create>(parameters).$method($($argument),*).await,
            Prepare::KIND => parsed::<Prepare>(parameters).$method($($argument),*).await,
            Publish::KIND => parsed::<Publish>(parameters).$method($($argument),*).await,
            Hide::KIND => parsed::<Hide>(parameters).$method($($argument),*).await,
            Drop::KIND => parsed::<Drop>(parameters).$method($($argument),*).await,
            DropRoles::KIND => parsed::<DropRoles>(parameters).$method($($argument),*).await,
            SetPassword::KIND => parsed::<SetPassword>(parameters).$method($($argument),*).await,
            kind => panic!("{kind}"),
        }
    }};
}
pub const PASSWORD: &str = "correct horse battery";

pub struct World {
    _place: tempfile::TempDir,
    pub sandbox: Sandbox,
    pub config: Config,
    pub clusters: Clusters,
    pub session: Session,
}

pub fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(20))
}

pub fn password() -> Password {
    Password::from_input(PASSWORD.as_bytes(), 12).expect("password")
}

impl World {
    /// With somebody else's role and database beside, which must stay as they are.
    pub async fn new() -> World {
        let place = tempfile::Builder::new()
            .prefix("database-")
            .tempdir_in(support::room())
            .expect("directory");
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let directory = place.path().join("box");
        let options = Options {
            parts: Parts::NONE,
            lifetime: Lifetime::WithParent,
            templates: Some(support::templates()),
            ..Options::new(&directory)
        };
        let sandbox = Sandbox::up(options).await.expect("up");
        let superuser = sandbox.superuser("postgres").await.expect("superuser");
        superuser
            .batch_execute("CREATE ROLE sentinel LOGIN CONNECTION LIMIT 3")
            .await
            .expect("sentinel");
        superuser
            .batch_execute("CREATE DATABASE sentinel OWNER sentinel")
            .await
            .expect("sentinel");
        superuser
            .batch_execute("COMMENT ON DATABASE sentinel IS 'not yours'")
            .await
            .expect("sentinel");
        let config = read(&sandbox);
        schema::init(&session::target(&config).expect("target"), soon())
            .await
            .expect("init");
        let session = Session::open(&config, soon()).await.expect("session");
        World {
            _place: place,
            clusters: Clusters::new(&config),
            sandbox,
            config,
            session,
        }
    }

    pub async fn down(self) {
        self.sandbox.down().await.expect("down");
    }

    pub async fn request(&self, name: &str) -> Request {
        let row = self
            .session
            .query_one("SELECT id FROM hostctl.accounts", &[])
            .await
            .expect("account");
        Request {
            name: name.parse().expect("name"),
            account_id: row.get(0),
            account: "main".to_owned(),
            cluster: None,
            locale: None,
            extensions: Vec::new(),
            connections: None,
            statement_timeout: None,
            idle_in_transaction_timeout: None,
        }
    }

    pub async fn room(&self, request: &Request) -> Result<Room> {
        observe_create(&*self.session, &self.clusters, request, soon()).await
    }

    pub async fn existing(&self, name: &str) -> Result<Existing> {
        observe_existing(
            &*self.session,
            &self.clusters,
            &name.parse().expect("name"),
            None,
            soon(),
        )
        .await
    }

    /// A plan to create, under an operation of its own.
    pub async fn planned(&self, request: &Request) -> (Uuid, Plan) {
        let operation = clock::new_id().expect("entropy");
        let room = self.room(request).await.expect("room");
        (
            operation,
            plan_create(operation, request, &room, &password()).expect("plan"),
        )
    }

    /// Makes a database with all its steps.
    pub async fn make(&mut self, request: &Request) -> Uuid {
        let (operation, plan) = self.planned(request).await;
        for number in 0..plan.steps.len() {
            self.apply(&plan, operation, number).await.expect("applied");
        }
        operation
    }

    pub async fn apply(&mut self, plan: &Plan, operation: Uuid, number: usize) -> Result<Value, Failure> {
        let (step, marker) = (&plan.steps[number], marker(operation, number));
        match step.place {
            Place::Outside(_) => apply(step, &self.clusters, marker).await,
            Place::Control => self
                .in_control(step, marker, true)
                .await
                .map_err(Failure::refused),
        }
    }

    pub async fn undo(&mut self, plan: &Plan, operation: Uuid, number: usize) -> Result<(), Failure> {
        let (step, marker) = (&plan.steps[number], marker(operation, number));
        match step.place {
            Place::Outside(_) => undo(step, &self.clusters, marker).await,
            Place::Control => self
                .in_control(step, marker, false)
                .await
                .map(|_| ())
                .map_err(Failure::refused),
        }
    }

    /// `None` for a step that needs no probe.
    pub async fn probe(&self, plan: &Plan, operation: Uuid, number: usize) -> Option<Found> {
        let step = &plan.steps[number];
        let is_outside = matches!(step.place, Place::Outside(_));
        if !is_outside {
            return None;
        }
        Some(
            probe(step, &self.clusters, marker(operation, number))
                .await
                .expect("probe"),
        )
    }

    async fn in_control(&mut self, step: &PlannedStep, marker: Marker, is_forward: bool) -> Result<Value> {
        let transaction = self.session.transaction().await.expect("transaction");
        let secrets = secrets(step);
        let parameters = step.parameters.clone();
        let output = match (step.kind, is_forward) {
            (Record::KIND, true) => {
                parsed::<Record>(parameters)
                    .apply(&transaction, marker, &secrets)
                    .await?
            }
            (Record::KIND, false) => parsed::<Record>(parameters)
                .undo(&transaction, marker, &secrets)
                .await
                .map(|()| Value::Null)?,
            (Forget::KIND, true) => {
                parsed::<Forget>(parameters)
                    .apply(&transaction, marker, &secrets)
                    .await?
            }
            (Forget::KIND, false) => parsed::<Forget>(parameters)
                .undo(&transaction, marker, &secrets)
                .await
                .map(|()| Value::Null)?,
            (kind, _) => panic!("{kind}"),
        };
        transaction.commit().await.expect("commit");
        Ok(output)
    }

    /// Enters `database` as `role`.
    pub async fn login(
        &self,
        role: &str,
        password: &str,
        database: &str,
    ) -> Result<Client, tokio_postgres::Error> {
        let mut config = self.sandbox.control().expect("configuration");
        config.user(role).password(password).dbname(database);
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Everything that an operation could leave behind: roles, memberships, databases, grants, settings, inventory.
    pub async fn dump(&self) -> Vec<String> {
        let superuser = self.sandbox.superuser("postgres").await.expect("superuser");
        let statement = "SELECT 'role ' || row(rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,
                rolconnlimit, rolreplication, rolbypassrls, rolpassword, shobj_description(oid, 'pg_authid'))::text
                FROM pg_authid WHERE rolname !~ '^pg_'
            UNION ALL SELECT 'member ' || row(roleid::regrole, member::regrole, admin_option)::text FROM pg_auth_members
                WHERE roleid::regrole::text !~ '^pg_'
            UNION ALL SELECT 'database ' || row(datname, datdba::regrole, datacl, datconnlimit, datcollate,
                shobj_description(oid, 'pg_database'))::text FROM pg_database
            UNION ALL SELECT 'setting ' || row(setdatabase, setrole::regrole, setconfig)::text FROM pg_db_role_setting
            ORDER BY 1";
        let rows = superuser.query(statement, &[]).await.expect("dump");
        let mut dump: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let rows = self
            .session
            .query("SELECT h::text FROM hostctl.hosting_accounts h ORDER BY 1", &[])
            .await;
        dump.extend(rows.expect("inventory").iter().map(|row| row.get(0)));
        dump
    }
}

pub fn marker(operation: Uuid, number: usize) -> Marker {
    Marker {
        operation,
        step: u32::try_from(number).expect("number"),
        epoch: 1,
    }
}

pub async fn apply(step: &PlannedStep, clusters: &Clusters, marker: Marker) -> Result<Value, Failure> {
    let secrets = secrets(step);
    outside!(step, apply(clusters, marker, &secrets))
}

pub async fn undo(step: &PlannedStep, clusters: &Clusters, marker: Marker) -> Result<(), Failure> {
    let secrets = secrets(step);
    outside!(step, undo(clusters, marker, &secrets))
}

pub async fn probe(step: &PlannedStep, clusters: &Clusters, marker: Marker) -> Result<Found, Error> {
    let secrets = secrets(step);
    outside!(step, probe(clusters, marker, &secrets))
}

fn parsed<T: serde::de::DeserializeOwned>(parameters: Value) -> T {
    serde_json::from_value(parameters).expect("parameters")
}

fn secrets(step: &PlannedStep) -> Secrets {
    Secrets(
        step.secrets
            .iter()
            .map(|(name, secret)| ((*name).clone(), secret.clone()))
            .collect(),
    )
}

fn read(sandbox: &Sandbox) -> Config {
    let variables = BTreeMap::from([(
        "HOSTCTL_CLUSTER__MAIN__EXTENSIONS".to_owned(),
        "citext,dblink".to_owned(),
    )]);
    let file = sandbox.config_file();
    let request = config::Request {
        explicit: Some(&file),
        variables: &variables,
        flags: &[],
        tolerates_unknown_keys: false,
    };
    config::load(&request, files::read_config).expect("configuration")
}
