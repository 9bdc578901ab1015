//! Steps that have a middle: those whose program says so while doing, and while undoing.

use super::{Cell, Table, When};

/// Kinds of steps that have a middle while they are done.
const DOING: [&str; 9] = [
    "database.roles",
    "database.create",
    "database.prepare",
    "database.publish",
    "database.password",
    "database.hide",
    "database.drop",
    "database.drop_roles",
    "database.clear",
];

/// Kinds of steps that have a middle while they are taken back.
const UNDOING: [&str; 5] = [
    "database.roles",
    "database.create",
    "database.prepare",
    "database.publish",
    "database.hide",
];

impl Table<'_> {
    /// Whether the step of this cell has a middle in the direction in which the cell meets it.
    pub(super) fn has_middle(&self, cell: Cell) -> bool {
        let kind = self.kinds[cell.step].as_str();
        let is_past_pivot = self.pivot.is_some_and(|pivot| cell.step >= pivot);
        match cell.when {
            When::Do => DOING.contains(&kind),
            When::Recover if is_past_pivot => DOING.contains(&kind),
            When::Undo | When::Recover => UNDOING.contains(&kind),
        }
    }

    /// The kinds of the steps of the operation that was carried out last.
    pub(super) fn newest_kinds(&self) -> Vec<String> {
        let kinds = self.lab.ask(
            "SELECT kind FROM hostctl.operation_steps WHERE operation_id =
                (SELECT id FROM hostctl.operations ORDER BY started_at DESC, id DESC LIMIT 1) ORDER BY number",
        );
        assert_eq!(kinds.len(), self.steps.len(), "{}: {kinds:?}", self.verb.line);
        kinds
    }
}
