//! The lock of an operation on a cluster: a barrier behind its predecessor's last statement, and a fence before it.
//!
//! Every statement of a step runs on a session that holds a session advisory lock with the operation's key. A server
//! goes on with what it was sent although the client is dead (`CREATE DATABASE` above all), and keeps the lock until it
//! is through: who has the lock sees the final outcome. A predecessor that is alive but stopped holds it too, idle; whoever
//! took the operation over, with a higher epoch, ends that session, and nothing late can come of it.
//!
//! Anybody may take such a lock in a database that he enters, and read the key of ours there. A session that is not of our role
//! is nobody's predecessor: a tenant that has the lock is put out.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Row, SimpleQueryMessage};
use uuid::Uuid;

use super::catalog::leave;
use super::clusters::Link;
use super::subject::is_marked;
use crate::control::quote::literal;
use crate::control::sqlstate;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::journal::Marker;

/// The first half of the lock's key; the journal's own locks have the number before.
const CLASS: i32 = 1_752_134_517;
/// How long a dead client's statement may go on.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
/// Who was put out comes again: we want to be first.
const HASTE: Duration = Duration::from_millis(1);

/// Takes the lock of `marker`'s operation for this session, and gives back any other.
///
/// # Errors
/// `busy` while a predecessor's statement goes on, or where a later epoch is at work.
pub(super) async fn take(link: &Link, marker: Marker) -> Result<()> {
    let what = format!("cluster {}", link.cluster);
    let deadline = Deadline::after(PATIENCE);
    let statement = format!(
        "SET application_name = {}; SELECT pg_advisory_unlock_all(); SELECT pg_try_advisory_lock({CLASS}, {})",
        literal(&name(marker)),
        key(marker.operation),
    );
    loop {
        let answer = link
            .client
            .simple_query(&statement)
            .await
            .map_err(|error| sqlstate::error(&what, error))?;
        let last = answer.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        if last.last() == Some("t") {
            return Ok(());
        }
        let pause = displace(link, marker, &what).await?;
        if deadline.is_spent() {
            let message = format!("{what}: an earlier statement of this operation has not ended yet");
            return Err(Error::new(Kind::Busy, "in_use", message).hint("hostctl op recover"));
        }
        tokio::time::sleep(pause).await;
    }
}

/// Ends the sessions of predecessors that do nothing, and of tenants; what is working is waited for. Tells for how long to wait
/// before the next attempt.
async fn displace(link: &Link, marker: Marker, what: &str) -> Result<Duration> {
    // Of a question that came in part the server says that it is active, and waits for the rest.
    let statement = "SELECT l.pid, a.application_name,
            coalesce(a.state, '') LIKE 'idle%' OR coalesce(a.wait_event, '') = 'ClientRead', r.rolname = session_user,
            r.rolname::text, shobj_description(r.oid, 'pg_authid'), pg_has_role(r.oid, 'USAGE') FROM pg_locks l
        JOIN pg_stat_activity a USING (pid) JOIN pg_roles r ON r.oid = a.usesysid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.pid <> pg_backend_pid()
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND l.classid = $1::oid AND l.objid = $2::oid";
    let keys: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&CLASS, Type::INT4), (&key(marker.operation), Type::INT4)];
    let holders = link
        .client
        .query_typed(statement, &keys)
        .await
        .map_err(|error| sqlstate::error(what, error))?;
    let (ours, others): (Vec<Row>, Vec<Row>) = holders.into_iter().partition(|holder| holder.get(3));
    for holder in ours {
        let (pid, is_idle): (i32, bool) = (holder.get(0), holder.get(2));
        match epoch(holder.get(1), marker) {
            Some(epoch) if epoch > marker.epoch => {
                return Err(Error::new(
                    Kind::Busy,
                    "fenced",
                    format!("{what}: another process took the operation over"),
                ));
            }
            Some(_) if is_idle => {
                let end = link
                    .client
                    .query_typed("SELECT pg_terminate_backend($1)", &[(&pid, Type::INT4)])
                    .await;
                end.map_err(|error| sqlstate::error(what, error))?;
            }
            Some(_) | None => {}
        }
    }
    let tenants = others.iter().filter(|holder| is_marked(holder.get(5)));
    let tenants: BTreeMap<&str, bool> = tenants.map(|holder| (holder.get(4), holder.get(6))).collect();
    for (tenant, is_member) in &tenants {
        put_out(link, tenant, *is_member, what).await?;
    }
    Ok(if tenants.is_empty() { PAUSE } else { HASTE })
}

/// Ends all sessions of `tenant` in this database: another of them may be next in line for the lock.
async fn put_out(link: &Link, tenant: &str, is_member: bool, what: &str) -> Result<()> {
    let end = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE usename = {} AND datname = current_database() AND pid <> pg_backend_pid()",
        literal(tenant)
    );
    let statements = match is_member {
        true => end,
        false => [link.join(tenant), end, leave(tenant)].join("; "),
    };
    match link.client.batch_execute(&statements).await {
        // Another operation of ours may be joining it, or it is gone: the next look tells.
        Err(error) if sqlstate::is_lost(&error) => Err(sqlstate::error(what, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The random end of the identifier; two operations with the same end merely wait for each other.
fn key(operation: Uuid) -> i32 {
    let bytes = operation.into_bytes();
    i32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]])
}

/// What `pg_stat_activity` shows of a session that works for an operation.
fn name(marker: Marker) -> String {
    format!("hostctl {} {}", marker.short(), marker.epoch)
}

fn epoch(name: &str, marker: Marker) -> Option<i64> {
    name.strip_prefix("hostctl ")?
        .strip_prefix(&marker.short())?
        .trim_start()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_tells_its_epoch_to_its_own_operation_only() {
        let marker = Marker {
            operation: Uuid::from_u128(7),
            step: 1,
            epoch: 12,
        };
        assert_eq!(epoch(&name(marker), marker), Some(12));
        assert_eq!(
            epoch(
                &name(marker),
                Marker {
                    operation: Uuid::from_u128(8),
                    ..marker
                }
            ),
            None
        );
        assert_eq!(epoch("psql", marker), None);
        assert!(
            name(Marker {
                operation: Uuid::max(),
                step: 0,
                epoch: i64::MAX
            })
            .len()
                < 64,
            "cut off by the server"
        );
    }
}
