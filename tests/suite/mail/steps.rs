//! Running planned steps as the journal does: parameters and secrets from the plan, one transaction, a marker.

use hostctl::clock;
use hostctl::control::Session;
use hostctl::error::Result;
use hostctl::journal::{ControlStep, Marker, PlannedStep, Secrets};
use hostctl::mail::{boxes, domain};
use tokio_postgres::Transaction;

/// An operation under way.
pub struct Run {
    steps: Vec<PlannedStep>,
    marker: Marker,
}

#[derive(Clone, Copy)]
enum Way {
    Forth,
    Back,
}

impl Run {
    pub fn new(steps: Vec<PlannedStep>) -> Run {
        let marker = Marker {
            operation: clock::new_id().expect("entropy"),
            step: 0,
            epoch: 1,
        };
        Run { steps, marker }
    }

    /// Does all steps, in one transaction.
    pub async fn forth(&self, session: &mut Session) -> Result<()> {
        let transaction = session.transaction().await.expect("a transaction");
        for (number, step) in self.steps.iter().enumerate() {
            go(&transaction, step, self.marker_of(number), Way::Forth).await?;
        }
        transaction.commit().await.expect("a commit");
        Ok(())
    }

    /// Undoes all steps from the end, as a later process would: in another epoch.
    pub async fn back(&self, session: &mut Session) -> Result<()> {
        let transaction = session.transaction().await.expect("a transaction");
        for (number, step) in self.steps.iter().enumerate().rev() {
            let marker = Marker {
                epoch: 2,
                ..self.marker_of(number)
            };
            go(&transaction, step, marker, Way::Back).await?;
        }
        transaction.commit().await.expect("a commit");
        Ok(())
    }

    fn marker_of(&self, number: usize) -> Marker {
        Marker {
            step: u32::try_from(number).expect("few steps"),
            ..self.marker
        }
    }
}

async fn go(transaction: &Transaction<'_>, step: &PlannedStep, marker: Marker, way: Way) -> Result<()> {
    match step.kind {
        domain::Create::KIND => run::<domain::Create>(transaction, step, marker, way).await,
        domain::Delete::KIND => run::<domain::Delete>(transaction, step, marker, way).await,
        boxes::Create::KIND => run::<boxes::Create>(transaction, step, marker, way).await,
        boxes::SetPassword::KIND => run::<boxes::SetPassword>(transaction, step, marker, way).await,
        boxes::Delete::KIND => run::<boxes::Delete>(transaction, step, marker, way).await,
        other => panic!("{other} is no step of mail"),
    }
}

async fn run<S: ControlStep>(
    transaction: &Transaction<'_>,
    planned: &PlannedStep,
    marker: Marker,
    way: Way,
) -> Result<()> {
    let step: S = serde_json::from_value(planned.parameters.clone()).expect("parameters");
    let secrets = planned
        .secrets
        .iter()
        .map(|(name, secret)| ((*name).clone(), secret.clone()));
    let secrets = Secrets(secrets.collect());
    match way {
        Way::Forth => step.apply(transaction, marker, &secrets).await.map(|_| ()),
        Way::Back => step.undo(transaction, marker, &secrets).await,
    }
}
