//! `hostctl sandbox status`.

use serde::Serialize;

use super::Place;
use crate::error::Result;
use crate::output::{Column, Row};
use crate::runner::Context;
use crate::sandbox::{Sandbox, ServerState};

#[derive(Serialize)]
struct Line {
    server: &'static str,
    state: &'static str,
    address: String,
    pid: Option<u32>,
}

impl Row for Line {
    const NOUN: &'static str = "server";
    const COLUMNS: &'static [Column] = &[
        Column::new("server"),
        Column::new("state").state(),
        Column::new("address"),
        Column::new("pid"),
    ];
}

pub(super) async fn run(place: &Place, context: &Context) -> Result<()> {
    tell(&Sandbox::open(&place.dir).await?, context)
}

pub(super) fn tell(sandbox: &Sandbox, context: &Context) -> Result<()> {
    let line = |server: crate::sandbox::ServerStatus| Line {
        server: server.server.word(),
        state: match server.state {
            ServerState::Running => "running",
            ServerState::Stopped => "stopped",
        },
        address: server.address.to_string(),
        pid: server.pid,
    };
    context
        .ui
        .all(&sandbox.status().into_iter().map(line).collect::<Vec<_>>())
}
