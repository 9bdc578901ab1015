//! What a capability writes: one type per kind of step, its undo on the lines below its do.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio_postgres::Transaction;

use super::{Change, Failure, Found, Marker, Place, PlannedStep};
use crate::error::{Error, Result};
use crate::model::secret::Secret;

/// Opened secrets of a step, by the names given in its plan.
#[derive(Clone, Debug, Default)]
pub struct Secrets(pub BTreeMap<String, Secret>);

impl Secrets {
    /// The secret `name`.
    ///
    /// # Errors
    /// `internal` where the plan did not seal it.
    pub fn get(&self, name: &str) -> Result<&Secret> {
        self.0
            .get(name)
            .ok_or_else(|| Error::internal(format!("the journal holds no secret {name} for this step")))
    }
}

/// A kind of step whose effect lies outside the control database. The value itself is the step's parameters: all that
/// doing, probing and undoing need, image before included.
///
/// Every method may be called twice: doing what is done is success, undoing what is undone is success.
pub trait OutsideStep: Serialize + DeserializeOwned {
    /// `capability.verb`.
    const KIND: &'static str;
    /// Raised whenever the meaning of the parameters changes.
    const VERSION: i32;
    /// The connections that the capability works through.
    type World;

    /// The thing, unique in the world: `database:main/shop`.
    fn resource(&self) -> String;

    /// Where it lies: a cluster's system identifier, a provider's address.
    fn substrate(&self) -> String;

    /// How long one attempt to do it, or to take it back, may take where it is not as long as any other.
    fn limit(&self) -> Option<Duration> {
        None
    }

    /// As [`OutsideStep::limit`], for one look.
    fn look_limit(&self) -> Option<Duration> {
        None
    }

    /// Whether a person who wants it to stop need not wait for its end: what it has done by then is taken back.
    fn is_interruptible(&self) -> bool {
        false
    }

    /// Does it; the marker goes into the world in the same request as the thing. The value is the step's output.
    fn apply(
        &self,
        world: &Self::World,
        marker: Marker,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<Value, Failure>>;

    /// Takes it back: only what is ours and as we wrote it.
    fn undo(
        &self,
        world: &Self::World,
        marker: Marker,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<(), Failure>>;

    /// Looks, and changes nothing. An error means that the world could not be asked.
    fn probe(
        &self,
        world: &Self::World,
        marker: Marker,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<Found>>;
}

/// A kind of step whose effect lies in the control database and commits together with the journal: no probe.
pub trait ControlStep: Serialize + DeserializeOwned {
    /// `capability.verb`.
    const KIND: &'static str;
    /// Raised whenever the meaning of the parameters changes.
    const VERSION: i32;

    /// The thing, unique in the world: `box:info@example.test`.
    fn resource(&self) -> String;

    /// Does it, within the transaction that records it. The value is the step's output.
    fn apply(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<Value>>;

    /// Takes it back.
    fn undo(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<()>>;

    /// Takes it back where a person undoes a finished operation: others may have come into its place meanwhile, so what comes
    /// back by it is held to what a new thing is held to. Where a failed operation is taken back nothing is asked.
    fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> impl Future<Output = Result<()>> {
        self.undo(transaction, marker, secrets)
    }
}

impl PlannedStep {
    /// Plans an outside step.
    ///
    /// # Errors
    /// `internal` where the parameters are no JSON.
    pub fn outside<S: OutsideStep>(step: &S, change: Change) -> Result<Self> {
        Ok(PlannedStep {
            kind: S::KIND,
            version: S::VERSION,
            resource: step.resource(),
            place: Place::Outside(step.substrate()),
            parameters: parameters(step)?,
            secrets: BTreeMap::new(),
            keeps_secrets: false,
            is_pivot: false,
            resumes: false,
            change,
        })
    }

    /// Plans a step within the control database.
    ///
    /// # Errors
    /// `internal` where the parameters are no JSON.
    pub fn in_control<S: ControlStep>(step: &S, change: Change) -> Result<Self> {
        Ok(PlannedStep {
            kind: S::KIND,
            version: S::VERSION,
            resource: step.resource(),
            place: Place::Control,
            parameters: parameters(step)?,
            secrets: BTreeMap::new(),
            keeps_secrets: false,
            is_pivot: false,
            resumes: false,
            change,
        })
    }

    /// Adds a secret under `name`; it is sealed before it is stored and goes when the operation ends.
    #[must_use]
    pub fn secret(mut self, name: &'static str, secret: Secret) -> Self {
        self.secrets.insert(name.to_owned(), secret);
        self
    }

    /// Keeps its secrets sealed after success: undoing the finished operation needs them.
    #[must_use]
    pub fn keep_secrets(mut self) -> Self {
        self.keeps_secrets = true;
        self
    }

    /// Has recovery go on with the operation instead of taking it back.
    #[must_use]
    pub fn resumes(mut self) -> Self {
        self.resumes = true;
        self
    }

    /// Marks the step as the last that can be taken back no more.
    #[must_use]
    pub fn pivot(mut self) -> Self {
        self.is_pivot = true;
        self
    }
}

fn parameters<S: Serialize>(step: &S) -> Result<Value> {
    serde_json::to_value(step).map_err(|error| Error::internal("a step cannot be written down").source(error))
}
