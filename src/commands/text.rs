//! Reading a text that was named on the command line, `-` being stdin.

use std::io::Read;
use std::path::Path;

use crate::env::files;
use crate::error::{Error, Result};
use crate::runner::Context;

/// The whole text, of at most `limit` bytes.
///
/// # Errors
/// `usage`; `unavailable` where `--timeout` is spent before a pipe ends.
pub async fn read(file: &Path, limit: u64, context: &Context) -> Result<String> {
    if file != Path::new("-") {
        return files::read_text(file, limit);
    }
    // A pipe that nobody closes must not keep a signal or a time limit from ending us.
    let read = tokio::task::spawn_blocking(move || read_pipe(std::io::stdin(), limit));
    let read = async {
        read.await
            .map_err(|error| Error::internal("stdin was not read").source(error))?
    };
    match context.deadline {
        Some(deadline) => deadline.run("stdin", read).await,
        None => read.await,
    }
}

fn read_pipe(input: impl Read, limit: u64) -> Result<String> {
    let mut bytes = Vec::new();
    let read = input.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::invalid(format!("stdin cannot be read: {error}")))?;
    if bytes.len() as u64 > limit {
        return Err(Error::invalid(format!("stdin: longer than {} MiB", limit >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        Error::invalid(format!(
            "stdin: not UTF-8 at byte {}",
            error.utf8_error().valid_up_to() + 1
        ))
    })
}
