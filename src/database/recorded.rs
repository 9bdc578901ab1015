//! What the journal says of the state of a database, where that is not what its row says: somebody wrote it past the program.

use tokio_postgres::GenericClient;

use super::{AlterRow, Existing, Record, RowState};
use crate::error::Result;
use crate::journal::{ControlStep, last_written};

/// The state in which the program wrote the row of `existing` last; nothing where it is in that state, and where the journal
/// does not tell.
///
/// # Errors
/// Those of the control database.
pub async fn recorded(client: &impl GenericClient, existing: &Existing) -> Result<Option<String>> {
    // The journal has no index by resource, and what was never shut nobody has to ask it about.
    if existing.was_never_shut() {
        return Ok(None);
    }
    let made_by = existing.database.database_operation;
    let kinds = [Record::KIND, AlterRow::KIND];
    let last = last_written(client, &existing.subject.resource(), &kinds).await?;
    let Some(last) = last else { return Ok(None) };
    let state = if last.kind == Record::KIND {
        (last.operation == made_by).then(|| RowState::ACTIVE.to_owned())
    } else {
        // Another database may have had the name meanwhile.
        let step: Option<AlterRow> = serde_json::from_value(last.parameters).ok();
        step.filter(|step| step.database_operation == made_by)
            .map(|step| step.after.state)
    };
    Ok(state.filter(|state| *state != existing.database.state))
}
