//! What is going to be done, frozen before the first effect.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::model::secret::Secret;

/// An operation that has not begun. It is pure data: made from the request and the observed world, shown by
/// `--dry-run`, stored as it is when it begins.
#[derive(Debug)]
pub struct Plan {
    /// The command's words with dots: `db.create`.
    pub kind: &'static str,
    /// What it is about, for people and for the audit trail: `shop`.
    pub target: String,
    /// The account that owns the target.
    pub account: Option<Uuid>,
    /// What was asked for, without secrets; two requests are the same if these are equal.
    pub request: Value,
    /// In order of execution. Undo runs from the end.
    pub steps: Vec<PlannedStep>,
    /// Resource keys this operation needs for itself besides those of its steps.
    pub claims: Vec<String>,
    /// What the operation leaves for the caller when it succeeds, without secrets.
    pub result: Value,
}

/// One effect: one thing made, changed or removed in one place.
#[derive(Debug)]
pub struct PlannedStep {
    /// `capability.verb`, for instance `database.publish`.
    pub kind: &'static str,
    /// Raised whenever the meaning of `parameters` changes.
    pub version: i32,
    /// The thing, unique in the world: `database:main/shop`. Claimed for the life of the operation.
    pub resource: String,
    /// Where the effect lies.
    pub place: Place,
    /// Everything that doing, probing and undoing need, image before included; no secret.
    pub parameters: Value,
    /// Secrets by name; sealed in the journal.
    pub secrets: BTreeMap<String, Secret>,
    /// Whether they stay sealed in the journal after success, because undoing the finished operation needs them.
    pub keeps_secrets: bool,
    /// After this step the operation only goes forward.
    pub is_pivot: bool,
    /// Whether what a dead process left of its operation is gone on with instead of being taken back: what the step gets
    /// from others is spent when it is thrown away. Only a refusal takes such an operation back.
    pub resumes: bool,
    /// The step in words.
    pub change: Change,
}

/// Where an effect lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the control database: it commits together with the journal.
    Control,
    /// Elsewhere; the text names the substrate (a cluster's system identifier, a provider's address).
    Outside(String),
}

impl Place {
    /// The host that alone can reach it, where it is bound to one.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Place::Control => None,
            Place::Outside(substrate) => substrate.strip_prefix("host:"),
        }
    }
}

/// A step as a row of `--dry-run`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What is done: `create`, `change`, `delete`, `publish`, …
    pub action: &'static str,
    /// To what, in words: `database shop on main`.
    pub resource: String,
    /// The state before, `null` where there is none.
    pub before: Option<String>,
    /// The state after, `null` where there is none.
    pub after: Option<String>,
    /// How it can be taken back.
    pub undo: Reversal,
}

/// How a step can be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reversal {
    /// Nothing remains.
    Undoable,
    /// It cannot be taken back.
    ForwardOnly,
    /// It can, but caches elsewhere may show it for a time to live.
    VisibleForTtl,
}
