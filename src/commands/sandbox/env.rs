//! `hostctl sandbox env`.

use std::fmt::Write as _;

use super::Place;
use crate::error::Result;
use crate::runner::Context;
use crate::sandbox::Sandbox;

pub(super) async fn run(place: &Place, context: &Context) -> Result<()> {
    let sandbox = Sandbox::open(&place.dir).await?;
    let mut text = String::new();
    for (name, value) in sandbox.environment() {
        let quoted = value.replace('\'', "'\\''");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "export {name}='{quoted}'");
    }
    context.ui.print(&text)
}
