//! A wire for HTTP, which knows where a request ends: each can be answered in the server's place, lost on the way there, or
//! on the way back.

use std::net::SocketAddr;
use std::pin::Pin;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What happens to one request.
pub enum Meeting {
    /// It is passed on, and the answer is passed back.
    Pass,
    /// It is passed on once this is over.
    After(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// It is passed on, and the answer is passed back once this is over.
    Before(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// It is not passed on, and answered with this status.
    Answer(u16),
    /// It is not passed on, and the connection is closed.
    LoseRequest,
    /// It is passed on, and the connection is closed instead of an answer.
    LoseAnswer,
}

/// A wire to `server`; `meet` is told the method of each request, and decides. The address of this end.
pub async fn start(server: SocketAddr, mut meet: impl FnMut(&str) -> Meeting + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let url = format!("http://{}", listener.local_addr().expect("address"));
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            if let Some(request) = read_request(&mut client).await {
                let meeting = meet(&method(&request));
                pass(client, server, &request, meeting).await;
            }
        }
    });
    url
}

fn method(request: &[u8]) -> String {
    let word = request.split(|byte| *byte == b' ').next().unwrap_or_default();
    String::from_utf8_lossy(word).into_owned()
}

async fn pass(mut client: TcpStream, address: SocketAddr, request: &[u8], meeting: Meeting) {
    let is_lost = matches!(meeting, Meeting::LoseAnswer);
    let mut then = None;
    match meeting {
        Meeting::LoseRequest => return,
        Meeting::Answer(status) => {
            let body = "{\"error\": \"not today\"}";
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} So\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            client.write_all(answer.as_bytes()).await.ok();
            return;
        }
        Meeting::After(future) => future.await,
        Meeting::Before(future) => then = Some(future),
        Meeting::Pass | Meeting::LoseAnswer => {}
    }
    let Ok(mut server) = TcpStream::connect(address).await else {
        return;
    };
    let mut answer = Vec::new();
    // The server closes after each answer; one that dies in the middle closes as well.
    if server.write_all(request).await.is_ok() {
        server.read_to_end(&mut answer).await.ok();
    }
    if let Some(then) = then {
        then.await;
    }
    if !is_lost {
        client.write_all(&answer).await.ok();
    }
}

/// Head and body of one request; nothing where the client leaves before its end.
async fn read_request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = client.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        request.extend_from_slice(&buffer[..length]);
        let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        let body = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let body: usize = body.map_or(0, |length| length.parse().expect("length"));
        if request.len() >= end + 4 + body {
            return Some(request);
        }
    }
}
