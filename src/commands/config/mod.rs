//! `hostctl config`: what is configured, and where it came from.

use clap::Subcommand;
use serde::Serialize;
use serde_json::Value;

use crate::config::file::usual_places;
use crate::error::Result;
use crate::hook;
use crate::output::{Column, Row};
use crate::runner::Context;

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show every setting; passwords inside URLs as ***
    Show {
        /// Also say where each value came from
        #[arg(long)]
        origin: bool,
    },
    /// Check the configuration, and the programs of the operator's own steps
    Check,
    /// Print the path of the configuration file
    Path,
}

#[derive(Serialize)]
struct Setting {
    key: String,
    value: Value,
}

impl Row for Setting {
    const NOUN: &'static str = "setting";
    const COLUMNS: &'static [Column] = &[Column::new("key"), Column::new("value")];
}

#[derive(Serialize)]
struct SettingWithOrigin {
    key: String,
    value: Value,
    origin: String,
}

impl Row for SettingWithOrigin {
    const NOUN: &'static str = "setting";
    const COLUMNS: &'static [Column] = &[Column::new("key"), Column::new("value"), Column::new("origin")];
}

#[derive(Serialize)]
struct Checked {
    file: Option<String>,
    state: &'static str,
}

impl Row for Checked {
    const NOUN: &'static str = "configuration";
    const COLUMNS: &'static [Column] = &[Column::new("file"), Column::new("state").state()];
}

impl Command {
    /// Runs the verb.
    ///
    /// # Errors
    /// Those of writing; `usage` where `check` finds a program that cannot be run.
    pub fn run(&self, context: &Context) -> Result<()> {
        let file = context
            .config
            .file
            .as_ref()
            .map(|path| path.display().to_string());
        match self {
            Command::Show { origin: true } => context.ui.all(&with_origin(context)),
            Command::Show { origin: false } => {
                let plain = with_origin(context).into_iter().map(|row| Setting {
                    key: row.key,
                    value: row.value,
                });
                context.ui.all(&plain.collect::<Vec<_>>())
            }
            Command::Check => {
                hook::check(&context.config)?;
                context.ui.one(&Checked { file, state: "valid" })
            }
            Command::Path => {
                let places = usual_places(context.environment.all());
                let usual = places.first().map(|path| path.display().to_string());
                context
                    .ui
                    .print(&format!("{}\n", file.or(usual).unwrap_or_default()))
            }
        }
    }
}

fn with_origin(context: &Context) -> Vec<SettingWithOrigin> {
    let entries = context.config.origins().into_iter();
    entries
        .map(|entry| SettingWithOrigin {
            key: entry.path,
            value: entry.value,
            origin: entry.origin,
        })
        .collect()
}
