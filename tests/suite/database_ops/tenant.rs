//! A tenant's database in a lab, entered as its users enter it.

use hostctl::error::Result;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use crate::support::Lab;

pub const PASSWORD: &str = "correct horse battery";

/// A lab with the database `shop`.
pub fn lab_with_shop() -> Lab {
    let lab = Lab::new();
    create(&lab, "shop", &[]);
    lab
}

/// Makes a database with [`PASSWORD`].
pub fn create(lab: &Lab, name: &str, more: &[&str]) {
    let arguments = [&["db", "create", name, "--password-stdin"], more].concat();
    lab.call(&arguments).stdin(PASSWORD).run().expect_code(0);
}

/// Enters `database` as `role` over TCP.
pub fn login(lab: &Lab, role: &str, password: &str, database: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config = lab.sandbox().control().expect("configuration");
    config.user(role).password(password).dbname(database);
    lab.wait(async {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    })
}

/// Enters `shop` as its tenant.
pub fn enter(lab: &Lab) -> Client {
    login(lab, "shop", PASSWORD, "shop").expect("login")
}

/// Why the tenant is not let in; nothing where it is.
pub fn refusal(lab: &Lab) -> Option<SqlState> {
    let refused = login(lab, "shop", PASSWORD, "shop").err()?;
    Some(refused.code().expect("an answer of the server").clone())
}

/// Runs statements as `client`.
#[track_caller]
pub fn does(lab: &Lab, client: &Client, sql: &str) {
    lab.wait(client.batch_execute(sql))
        .unwrap_or_else(|error| panic!("{sql}: {error:?}"));
}

/// The first column of what `client` is answered.
#[track_caller]
pub fn ask(lab: &Lab, client: &Client, sql: &str) -> Vec<String> {
    let rows = lab.wait(client.query(sql, &[]));
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}

/// Runs statements as superuser in `database`.
pub fn superuser(lab: &Lab, database: &str, sql: &str) {
    let client = lab.wait(lab.sandbox().superuser(database)).expect("superuser");
    does(lab, &client, sql);
}

/// What operations could have left behind in the cluster: staging databases and stand-ins.
pub fn leftovers(lab: &Lab) -> Vec<String> {
    lab.ask(
        "SELECT datname::text FROM pg_database WHERE datname LIKE 'hc\\_stage\\_%'
        UNION SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'hc\\_login\\_%'",
    )
}
