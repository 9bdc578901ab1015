//! The master file that a verb is given.

use std::io::Read as _;
use std::path::Path;

use crate::dns::masterfile;
use crate::dns::{RrSet, sets_of};
use crate::env::files::{self, TEXT_LIMIT};
use crate::error::{Error, Result};
use crate::model::{Ttl, ZoneName};
use crate::runner::Context;

/// The sets in a file, or on stdin where it is `-`.
///
/// # Errors
/// `usage`, naming the line.
pub(super) async fn sets(context: &Context, zone: &ZoneName, file: &str) -> Result<Vec<RrSet>> {
    let bytes = match file {
        "-" => from_stdin(context).await?,
        path => files::read_public(Path::new(path))?,
    };
    let read = masterfile::text_of(&bytes).and_then(|text| masterfile::parse(zone, text));
    let name = if file == "-" { "stdin" } else { file };
    let sets = sets_of(&read.map_err(|error| error.context(name))?)?;
    for set in sets.iter().filter(|set| set.ttl < Ttl::MINIMUM) {
        let (name, rtype, ttl, least) = (&set.name, set.rtype, set.ttl, Ttl::MINIMUM);
        context.ui.note(&format!(
            "{name} {rtype} has TTL {ttl}: below {least} resolvers hammer the servers or ignore it"
        ));
    }
    Ok(sets)
}

async fn from_stdin(context: &Context) -> Result<Vec<u8>> {
    // A pipe that nobody closes must not keep a signal or a time limit from ending us.
    let read = tokio::task::spawn_blocking(|| {
        let mut bytes = Vec::new();
        let read = std::io::stdin().take(TEXT_LIMIT + 1).read_to_end(&mut bytes);
        read.map_err(|error| Error::invalid(format!("stdin cannot be read: {error}")))?;
        match bytes.len() as u64 > TEXT_LIMIT {
            true => Err(Error::invalid(format!("stdin is longer than {TEXT_LIMIT} bytes"))),
            false => Ok(bytes),
        }
    });
    let read = async {
        read.await
            .map_err(|error| Error::internal("stdin was not read").source(error))?
    };
    match context.deadline {
        Some(deadline) => deadline.run("stdin", read).await,
        None => read.await,
    }
}
