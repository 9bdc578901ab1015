//! Taking a value out of what the person gave, with a note where it had to be made canonical.

use crate::model::Given;
use crate::output::Ui;

/// See the module.
pub trait Take {
    /// The canonical value.
    type Value;

    /// Gives the value and tells what was changed about it.
    fn take(&self, ui: &Ui) -> Self::Value;
}

impl<T: Clone> Take for Given<T> {
    type Value = T;

    fn take(&self, ui: &Ui) -> T {
        if let Some(note) = &self.note {
            ui.note(note);
        }
        self.value.clone()
    }
}
