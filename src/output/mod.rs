//! What people and programs see. All of stdout and stderr goes through one [`Ui`]; stdout is the answer and nothing else.
//!
//! A verb describes its answer once, as a [`Row`]; [`table`], [`json`] and [`csv`] show it. Nothing here knows what a
//! database or a zone is, nor what the exit code will be.

pub mod color;
pub mod csv;
pub mod format;
pub mod json;
mod list;
mod progress;
mod prompt;
pub mod row;
pub mod table;
pub mod ui;
pub mod words;

#[cfg(test)]
mod tests;

pub use color::ColorChoice;
pub use format::Format;
pub use list::List;
pub use prompt::Confirmed;
pub use row::{Cell, Column, Row, Shown};
pub use ui::{Options, Terminal, Ui};
