//! Keeping what checks have found, with the row in the audit trail that belongs to each proof.

use std::collections::HashSet;

use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use super::challenge::Scope;
use super::check::Checked;
use super::finding::{Finding, State};
use super::store::{Challenge, Parameter, parents, query};
use crate::account;
use crate::control::sqlstate;
use crate::error::Result;
use crate::trail::{self, Actor, Event, Outcome};

const WHAT: &str = "the domains";
/// How many rows of the audit trail are on their way at a time.
const AT_ONCE: usize = 500;

/// Keeps what was found, all of it or nothing. A proof of what another account has proven before becomes [`State::Taken`], and one whose challenge
/// is gone meanwhile an absence.
///
/// # Errors
/// Those of the control database; then nothing is kept.
pub async fn keep(client: &mut Client, actor: &Actor, checked: &mut [Checked]) -> Result<()> {
    let failed = |error| sqlstate::error(WHAT, error);
    let transaction = client.transaction().await.map_err(failed)?;
    keep_in(&transaction, actor, checked).await?;
    transaction.commit().await.map_err(failed)
}

async fn keep_in(transaction: &Transaction<'_>, actor: &Actor, checked: &mut [Checked]) -> Result<()> {
    // Nobody else takes a name meanwhile.
    account::lock_owners(transaction).await?;
    let mut seen = HashSet::new();
    let accounts = checked.iter().map(|one| one.challenge.account_id);
    let accounts: Vec<Uuid> = accounts.filter(|account| seen.insert(*account)).collect();
    for account in accounts {
        let own: Vec<usize> = (0..checked.len())
            .filter(|index| is_new(&checked[*index]) && checked[*index].challenge.account_id == account)
            .collect();
        let taken = taken(transaction, checked, &own).await?;
        for index in taken {
            if let Ok(finding) = &mut checked[index].finding {
                finding.state = State::Taken;
                finding.found += ", and another account has verified it before";
            }
        }
        write(transaction, checked, &own).await?;
    }
    let proven: Vec<&Checked> = checked
        .iter()
        .filter(|one| is_new(one) && state(one) == Some(State::Verified))
        .collect();
    for some in proven.chunks(AT_ONCE) {
        try_join_all(some.iter().map(|one| tell(transaction, actor, one))).await?;
    }
    Ok(())
}

/// Whether somebody was asked.
fn is_new(checked: &Checked) -> bool {
    checked
        .finding
        .as_ref()
        .is_ok_and(|finding| !finding.evidence.is_empty())
}

fn state(checked: &Checked) -> Option<State> {
    checked.finding.as_ref().ok().map(|finding| finding.state)
}

/// Which of the proofs are of what another account has proven.
async fn taken(transaction: &Transaction<'_>, checked: &[Checked], own: &[usize]) -> Result<Vec<usize>> {
    let proofs = own
        .iter()
        .filter(|index| state(&checked[**index]) == Some(State::Verified));
    let (mut numbers, mut names, mut hows) = (Vec::new(), Vec::new(), Vec::new());
    for index in proofs {
        let challenge = &checked[*index].challenge;
        let mut add = |name: String, how: &'static str| {
            numbers.push(i32::try_from(*index).unwrap_or(i32::MAX));
            names.push(name);
            hows.push(how);
        };
        add(challenge.name.clone(), "itself");
        for parent in parents(&challenge.name) {
            add(parent, "above");
        }
        if challenge.scope == Scope::Domain {
            add(challenge.name.clone(), "below");
        }
    }
    let Some(first) = own.first() else {
        return Ok(Vec::new());
    };
    // Two questions, so that for either an index or a hash tells, and not all that anybody has proven.
    let statement = "WITH s AS (SELECT * FROM unnest($2::int[], $3::text[], $4::text[]) AS s(number, name, how))
        SELECT s.number FROM s JOIN hostctl.domains o ON o.name = s.name COLLATE \"C\"
        WHERE (s.how = 'itself' OR s.how = 'above' AND o.scope = 'domain')
            AND o.verified_at IS NOT NULL AND o.account_id <> $1
        UNION SELECT s.number FROM s JOIN hostctl.domains o ON reverse(o.name) >= reverse('.' || s.name) COLLATE \"C\"
            AND reverse(o.name) < reverse('.' || s.name) COLLATE \"C\" || '~'
        WHERE s.how = 'below' AND o.verified_at IS NOT NULL AND o.account_id <> $1";
    let parameters: [Parameter<'_>; 4] = [
        (&checked[*first].challenge.account_id, Type::UUID),
        (&numbers, Type::INT4_ARRAY),
        (&names, Type::TEXT_ARRAY),
        (&hows, Type::TEXT_ARRAY),
    ];
    let rows = query(transaction, WHAT, statement, &parameters).await?;
    Ok(rows
        .iter()
        .filter_map(|row| usize::try_from(row.get::<_, i32>(0)).ok())
        .collect())
}

async fn write(transaction: &Transaction<'_>, checked: &mut [Checked], own: &[usize]) -> Result<()> {
    let column = |of: fn(&Challenge) -> String| {
        own.iter()
            .map(|index| of(&checked[*index].challenge))
            .collect::<Vec<_>>()
    };
    let (names, scopes) = (
        column(|one| one.name.clone()),
        column(|one| one.scope.word().to_owned()),
    );
    let tokens = column(|one| one.token.clone());
    let evidence: Vec<Value> = own.iter().map(|index| image(&checked[*index])).collect();
    let proofs: Vec<bool> = own
        .iter()
        .map(|index| state(&checked[*index]) == Some(State::Verified))
        .collect();
    let accounts: Vec<Uuid> = own
        .iter()
        .map(|index| checked[*index].challenge.account_id)
        .collect();
    let statement = "UPDATE hostctl.domains d SET checked_at = hostctl.now(), evidence = s.evidence,
            verified_at = CASE WHEN s.is_proof THEN hostctl.now() ELSE d.verified_at END,
            marker = CASE WHEN s.is_proof THEN NULL ELSE d.marker END
        FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::bool[])
            AS s(name, account_id, scope, token, evidence, is_proof)
        WHERE d.name = s.name COLLATE \"C\" AND d.account_id = s.account_id AND d.scope = s.scope AND d.token = s.token COLLATE \"C\"
        RETURNING d.token, d.verified_at";
    let parameters: [Parameter<'_>; 6] = [
        (&names, Type::TEXT_ARRAY),
        (&accounts, Type::UUID_ARRAY),
        (&scopes, Type::TEXT_ARRAY),
        (&tokens, Type::TEXT_ARRAY),
        (&evidence, Type::JSONB_ARRAY),
        (&proofs, Type::BOOL_ARRAY),
    ];
    let rows = query(transaction, WHAT, statement, &parameters).await?;
    let written: HashSet<String> = rows.iter().map(|row| row.get(0)).collect();
    for index in own {
        let is_gone = !written.contains(&checked[*index].challenge.token);
        if let (true, Ok(finding)) = (is_gone, &mut checked[*index].finding) {
            finding.state = State::Absent;
            finding.found += ", but the challenge is another one by now";
        }
    }
    Ok(())
}

fn image(checked: &Checked) -> Value {
    match &checked.finding {
        Ok(Finding {
            state,
            found,
            evidence,
            ..
        }) => json!({ "state": state.word(), "found": found, "servers": evidence }),
        Err(_) => Value::Null,
    }
}

async fn tell(transaction: &Transaction<'_>, actor: &Actor, checked: &Checked) -> Result<()> {
    let challenge = &checked.challenge;
    let mut details = image(checked);
    details["scope"] = json!(challenge.scope);
    details["method"] = json!(challenge.method);
    let event = Event {
        action: "domain.verify",
        target: &challenge.name,
        account: Some(challenge.account_id),
        outcome: Outcome::Success,
        operation: None,
        details,
    };
    trail::append(transaction, actor, &event).await
}
