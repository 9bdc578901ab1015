//! A step of a finished operation turned round: doing it is taking the original back, taking it back is doing the original
//! again. The original's marker goes with it, so that what is in the world is still compared with what was written then.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Change, Found, Marker, PlannedStep, StepRecord, StepState};
use crate::error::{Error, Result};

/// The kind of every such step.
const KIND: &str = "operation.turn_back";
const VERSION: i32 = 1;

/// The parameters: what the journal knows of the original. Its resource and its place are those of the turned step, and so
/// are its secrets.
#[derive(Debug, Serialize, Deserialize)]
struct Original {
    operation: Uuid,
    number: u32,
    epoch: i64,
    kind: String,
    version: i32,
    parameters: Value,
    output: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    condition: Option<Value>,
}

/// The original as it is turned back.
#[derive(Debug)]
pub struct Turned {
    /// The step of the finished operation.
    pub step: StepRecord,
    /// Its mark in the world.
    pub marker: Marker,
    /// What has to hold once it is turned back, in words of whoever planned it; looked at in the same transaction.
    pub condition: Option<Value>,
}

impl Turned {
    /// Plans to take `step` back, which was done in `epoch` of its operation, if `condition` holds then.
    ///
    /// # Errors
    /// `internal` where the parameters are no JSON.
    pub fn plan(
        step: StepRecord,
        epoch: i64,
        change: Change,
        condition: Option<Value>,
    ) -> Result<PlannedStep> {
        let original = Original {
            operation: step.operation,
            number: step.number,
            epoch,
            kind: step.kind,
            version: step.version,
            parameters: step.parameters,
            output: step.output,
            condition,
        };
        let parameters = serde_json::to_value(original)
            .map_err(|error| Error::internal("a step cannot be written down").source(error))?;
        Ok(PlannedStep {
            kind: KIND,
            version: VERSION,
            resource: step.resource,
            place: step.place,
            parameters,
            secrets: step.secrets.0,
            keeps_secrets: true,
            is_pivot: false,
            resumes: false,
            change,
        })
    }

    /// The original behind `record`; nothing where that is an ordinary step.
    ///
    /// # Errors
    /// `internal` where the journal holds something else.
    pub fn of(record: &StepRecord) -> Result<Option<Self>> {
        if (record.kind.as_str(), record.version) != (KIND, VERSION) {
            return Ok(None);
        }
        let original: Original = serde_json::from_value(record.parameters.clone())
            .map_err(|error| Error::internal("the journal holds no original of a step").source(error))?;
        let step = StepRecord {
            operation: original.operation,
            number: original.number,
            kind: original.kind,
            version: original.version,
            resource: record.resource.clone(),
            place: record.place.clone(),
            parameters: original.parameters,
            secrets: record.secrets.clone(),
            is_pivot: false,
            state: StepState::Applied,
            output: original.output,
        };
        let marker = step.marker(original.epoch);
        Ok(Some(Turned {
            step,
            marker,
            condition: original.condition,
        }))
    }
}

impl Found {
    /// What was found, as the turned step sees it.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Found::Absent => Found::Ours(Value::Null),
            Found::Ours(_) => Found::Absent,
            found @ (Found::Changed(_) | Found::Foreign(_)) => found,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::journal::{Place, Reversal, Secrets};

    fn step(number: u32) -> StepRecord {
        StepRecord {
            operation: Uuid::max(),
            number,
            kind: "database.hide".to_owned(),
            version: 1,
            resource: "database:main/shop".to_owned(),
            place: Place::Outside("7".to_owned()),
            parameters: json!({ "name": "shop" }),
            secrets: Secrets::default(),
            is_pivot: false,
            state: StepState::Applied,
            output: Some(json!(3)),
        }
    }

    fn change() -> Change {
        Change {
            action: "undo",
            resource: "hide".to_owned(),
            before: None,
            after: None,
            undo: Reversal::Undoable,
        }
    }

    #[test]
    fn the_original_comes_back_with_its_own_mark() {
        let planned = Turned::plan(step(2), 5, change(), Some(json!("enough room"))).expect("planned");
        assert_eq!(planned.resource, "database:main/shop");
        let record = StepRecord {
            operation: Uuid::nil(),
            number: 0,
            kind: planned.kind.to_owned(),
            version: planned.version,
            parameters: planned.parameters,
            ..step(0)
        };
        let turned = Turned::of(&record).expect("read").expect("turned");
        assert_eq!(turned.step.parameters, json!({ "name": "shop" }));
        assert_eq!(turned.condition, Some(json!("enough room")));
        assert_eq!(
            (turned.marker.operation, turned.marker.step, turned.marker.epoch),
            (Uuid::max(), 2, 5)
        );
        assert!(Turned::of(&step(0)).expect("read").is_none(), "an ordinary step");
    }

    #[test]
    fn done_and_not_done_change_places() {
        assert_eq!(Found::Absent.turned(), Found::Ours(Value::Null));
        assert_eq!(Found::Ours(json!(1)).turned(), Found::Absent);
        assert_eq!(
            Found::Changed("x".to_owned()).turned(),
            Found::Changed("x".to_owned())
        );
    }
}
