//! placeholder
#[derive(Debug, clap::Args)]
pub struct Args {}
pub(super) async fn run(_: &Args, _: &crate::runner::Context) -> crate::error::Result<()> { Ok(()) }
