//! What takes a core a while, begun on another thread while the world is looked at.

use tokio::sync::{Mutex, OnceCell};
use tokio::task::JoinHandle;

use crate::error::{Error, Result};

/// A value that is being made.
#[derive(Debug)]
pub struct Early<T> {
    work: Mutex<Option<JoinHandle<Result<T>>>>,
    value: OnceCell<T>,
}

impl<T: Send + 'static> Early<T> {
    /// Begins at once.
    pub fn begin(make: impl FnOnce() -> Result<T> + Send + 'static) -> Self {
        Early {
            work: Mutex::new(Some(tokio::task::spawn_blocking(make))),
            value: OnceCell::new(),
        }
    }

    /// Waits until it is made; the same value every time.
    ///
    /// # Errors
    /// Those of making it; `internal` where that panicked, or failed before.
    pub async fn get(&self) -> Result<&T> {
        let finish = async || {
            let work = self.work.lock().await.take();
            let work = work.ok_or_else(|| Error::internal("what was to be made has failed before"))?;
            work.await
                .map_err(|error| Error::internal("what was to be made was not").source(error))?
        };
        self.value.get_or_try_init(finish).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_made_once() {
        let early = Early::begin(|| Ok(vec![1]));
        let first = early.get().await.expect("made").as_ptr();
        assert_eq!(early.get().await.expect("made").as_ptr(), first);
    }

    #[tokio::test]
    async fn its_error_arrives() {
        let early = Early::<()>::begin(|| Err(Error::invalid("no")));
        assert_eq!(early.get().await.expect_err("failed").message(), "no");
    }
}
