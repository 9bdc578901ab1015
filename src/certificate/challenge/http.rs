//! http-01 from this process: one listener for all orders, which knows tokens and nothing else.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::listen::{Listening, listen, shared};
use crate::error::Result;

/// Below which path an authority looks (RFC 8555 §8.3).
pub(in crate::certificate) const PATH: &str = "/.well-known/acme-challenge/";
/// The longest request that is read, and how long it may take.
const REQUEST: (usize, Duration) = (8 * 1024, Duration::from_secs(5));
/// How many are answered at once; an authority asks from a handful of places.
const AT_ONCE: usize = 64;

type Answers = Arc<Mutex<HashMap<String, String>>>;

/// The listener, once somebody needs it.
pub struct Responder {
    address: SocketAddr,
    answers: Answers,
    listening: tokio::sync::Mutex<Weak<Listening>>,
}

/// As long as it lives, its token is answered.
#[must_use = "dropping it ends the answer"]
pub struct Told {
    answers: Answers,
    token: String,
    _listening: Arc<Listening>,
}

impl Responder {
    /// Nothing listens yet.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Responder {
            address,
            answers: Answers::default(),
            listening: tokio::sync::Mutex::default(),
        }
    }

    /// Answers `token` with `text`, listening from now on.
    ///
    /// # Errors
    /// As for listening.
    pub async fn tell(&self, token: &str, text: &str) -> Result<Told> {
        let listening = shared(&self.listening, async || {
            let listener = listen(self.address, "the answers to http-01").await?;
            Ok(serve(listener, Arc::clone(&self.answers)))
        });
        let listening = listening.await?;
        lock(&self.answers).insert(token.to_owned(), text.to_owned());
        Ok(Told {
            answers: Arc::clone(&self.answers),
            token: token.to_owned(),
            _listening: listening,
        })
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        lock(&self.answers).remove(&self.token);
    }
}

fn lock(answers: &Answers) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
    answers.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, answers: Answers) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // Out of descriptors: others have to close some first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let answers = Arc::clone(&answers);
        tokio::spawn(async move {
            let answered = tokio::time::timeout(REQUEST.1, answer(socket, &answers)).await;
            tracing::trace!(?answered, "a question about a token");
            drop(place);
        });
    }
}

async fn answer(mut socket: TcpStream, answers: &Answers) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|window| window == b"\r\n\r\n") && request.len() < REQUEST.0 {
        let mut part = [0; 1024];
        match socket.read(&mut part).await? {
            0 => break,
            length => request.extend_from_slice(&part[..length]),
        }
    }
    let found = token(&request).and_then(|token| lock(answers).get(token).cloned());
    let (status, text) = match &found {
        Some(text) => ("200 OK", text.as_str()),
        None => ("404 Not Found", ""),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        text.len()
    );
    socket.write_all(head.as_bytes()).await?;
    socket.write_all(text.as_bytes()).await?;
    socket.shutdown().await
}

/// The token that a request asks for.
fn token(request: &[u8]) -> Option<&str> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let path = line.strip_prefix("GET ")?.split(' ').next()?;
    path.strip_prefix(PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ask(address: SocketAddr, request: &str) -> String {
        let mut socket = TcpStream::connect(address).await.expect("connected");
        socket.write_all(request.as_bytes()).await.expect("asked");
        let mut text = String::new();
        socket.read_to_string(&mut text).await.expect("answered");
        text
    }

    #[tokio::test]
    async fn a_token_is_answered_as_long_as_it_is_told() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
        let address = free.local_addr().expect("an address");
        drop(free);
        let responder = Responder::new(address);
        let told = responder.tell("abc", "abc.thumb").await.expect("told");
        let other = responder
            .tell("def", "def.thumb")
            .await
            .expect("told on the same port");
        let request = format!("GET {PATH}abc HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        assert!(ask(address, &request).await.ends_with("\r\n\r\nabc.thumb"));
        assert!(
            ask(address, "GET / HTTP/1.1\r\n\r\n")
                .await
                .starts_with("HTTP/1.1 404 ")
        );
        assert!(
            ask(address, "nonsense\r\n\r\n")
                .await
                .starts_with("HTTP/1.1 404 ")
        );
        drop(told);
        assert!(ask(address, &request).await.starts_with("HTTP/1.1 404 "));
        // The port is free for others as soon as nobody needs it.
        drop(other);
        let others = listen(address, "others").await.expect("free");
        drop(others);
        let again = responder.tell("abc", "abc.thumb").await.expect("told again");
        assert!(ask(address, &request).await.ends_with("\r\n\r\nabc.thumb"));
        drop(again);
    }
}
