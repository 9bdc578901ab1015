//! What `doctor` asks of the clusters: versions, privileges, and which databases everybody may enter.

use futures_util::future::join_all;

use super::Clusters;
use super::clusters::Link;
pub use crate::control::checks::{Check, Level};
use crate::control::{pooler, sqlstate};
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};

/// Looks at every configured cluster, all at once; the findings come in the order of names.
pub async fn checks(clusters: &Clusters, deadline: Deadline) -> Vec<Check> {
    let asked = clusters.names().map(|cluster| async move {
        let subject = format!("cluster {cluster}");
        let findings = deadline
            .run(&subject, Box::pin(examine(clusters, cluster, deadline)))
            .await;
        findings.unwrap_or_else(|error| vec![failed(&subject, &error)])
    });
    join_all(asked).await.into_iter().flatten().collect()
}

async fn examine(clusters: &Clusters, cluster: &str, deadline: Deadline) -> Result<Vec<Check>> {
    let link = clusters.link(cluster, deadline).await?;
    let subject = format!("cluster {cluster}");
    // Two clients in one server session would both hold the lock of an operation.
    let pooled = pooler::refuse(&clusters.target(cluster)?, &link.client, deadline).await;
    let mut findings: Vec<Check> = pooled
        .err()
        .map(|error| failed(&subject, &error))
        .into_iter()
        .collect();
    findings.extend(privileges(&link, &subject).await?);
    findings.extend(open_to_everybody(&link, &subject).await?);
    Ok(findings)
}

async fn privileges(link: &Link, subject: &str) -> Result<Vec<Check>> {
    let statement =
        "SELECT rolname::text, rolcreaterole, rolcreatedb, rolinherit, pg_is_in_recovery() FROM pg_roles
        WHERE rolname = current_user";
    let rows = link
        .client
        .query_typed(statement, &[])
        .await
        .map_err(|error| sqlstate::error(subject, error))?;
    let row = rows
        .first()
        .ok_or_else(|| Error::internal("a session without a role"))?;
    let role: &str = row.get(0);
    let mut findings = Vec::new();
    let needed = [(1, "CREATEROLE"), (2, "CREATEDB"), (3, "INHERIT")];
    for (_, privilege) in needed
        .into_iter()
        .filter(|(column, _)| !link.is_superuser && !row.get::<_, bool>(*column))
    {
        let message = format!("role {role} has not {privilege}");
        findings.push(check(
            subject,
            Level::Failed,
            message,
            Some(format!("ALTER ROLE {role} {privilege}")),
        ));
    }
    if row.get(4) {
        let hint = Some("name the primary in the URL".to_owned());
        findings.push(check(
            subject,
            Level::Failed,
            "the server is a standby".to_owned(),
            hint,
        ));
    }
    if findings.is_empty() {
        let version = link.version / 10_000;
        let message = format!("PostgreSQL {version}, role {role} may make databases and roles");
        findings.push(check(subject, Level::Ok, message, None));
    }
    findings.extend(power(link, subject, role));
    Ok(findings)
}

/// How much harm the credential could do elsewhere.
fn power(link: &Link, subject: &str, role: &str) -> Option<Check> {
    let (message, hint) = if link.is_superuser {
        (
            format!("role {role} is a superuser, which hostctl does not need"),
            Some(format!("ALTER ROLE {role} NOSUPERUSER")),
        )
    } else if link.version < 160_000 {
        (
            format!("before PostgreSQL 16 the CREATEROLE of {role} is as strong as a superuser"),
            None,
        )
    } else {
        return None;
    };
    Some(check(subject, Level::Warning, message, hint))
}

async fn open_to_everybody(link: &Link, subject: &str) -> Result<Vec<Check>> {
    let statement = "SELECT datname::text FROM pg_database WHERE datallowconn
        AND has_database_privilege('public', oid, 'CONNECT') ORDER BY datname COLLATE \"C\"";
    let rows = link
        .client
        .query_typed(statement, &[])
        .await
        .map_err(|error| sqlstate::error(subject, error))?;
    let finding = |name: &str| {
        let message = format!("every tenant may enter database {name}");
        let hint = format!("REVOKE CONNECT ON DATABASE {name} FROM PUBLIC");
        check(subject, Level::Warning, message, Some(hint))
    };
    Ok(rows.iter().map(|row| finding(row.get(0))).collect())
}

fn failed(subject: &str, error: &Error) -> Check {
    Check::failed(subject, error)
}

fn check(subject: &str, level: Level, message: String, hint: Option<String>) -> Check {
    Check {
        subject: subject.to_owned(),
        level,
        message,
        hint,
    }
}
