//! Something between hostctl and PowerDNS, where the network would be: it lets a bystander write at the worst moment, or
//! loses an answer.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::lab::{Lab, bystander, replace};

/// What happens to a request of the method that is lain in wait for.
#[derive(Clone)]
pub enum Mischief {
    /// Before it is passed on, this set gets these values.
    WriteBefore(&'static str, &'static [&'static str]),
    /// It is passed on, and the answer is thrown away.
    LoseAnswer,
    /// It is not passed on.
    LoseRequest,
}

/// Starts it for one zone; gives its address. Each method is met with mischief the first time only.
pub async fn start(lab: &Lab, method: &'static str, zone: &'static str, mischief: Mischief) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let url = format!("http://{}", listener.local_addr().expect("address"));
    let (api, key) = (lab.api(), lab.key());
    tokio::spawn(async move {
        let mut mischief = Some(mischief);
        while let Ok((client, _)) = listener.accept().await {
            pass(client, api, &key, method, zone, &mut mischief).await;
        }
    });
    url
}

async fn pass(
    mut client: TcpStream,
    api: SocketAddr,
    key: &str,
    method: &str,
    zone: &str,
    mischief: &mut Option<Mischief>,
) {
    let request = read_request(&mut client).await;
    let is_meant = request.starts_with(method.as_bytes());
    let mischief = if is_meant { mischief.take() } else { None };
    match &mischief {
        Some(Mischief::LoseRequest) => return,
        Some(Mischief::WriteBefore(name, values)) => {
            let path = format!("/zones/{zone}.");
            assert_eq!(
                bystander(api, key, "PATCH", &path, &replace(name, "A", values)).await,
                204
            );
        }
        Some(Mischief::LoseAnswer) | None => {}
    }
    let mut server = TcpStream::connect(api).await.expect("connected");
    server.write_all(&request).await.expect("sent");
    let mut answer = Vec::new();
    // The server closes after each answer.
    server.read_to_end(&mut answer).await.expect("answered");
    if !matches!(mischief, Some(Mischief::LoseAnswer)) {
        client.write_all(&answer).await.ok();
    }
}

/// Head and body of one request.
async fn read_request(client: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = client.read(&mut buffer).await.expect("read");
        request.extend_from_slice(&buffer[..length]);
        let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
            assert!(length > 0, "half a request");
            continue;
        };
        let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
        let body = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let body: usize = body.map_or(0, |length| length.parse().expect("length"));
        if request.len() >= end + 4 + body || length == 0 {
            return request;
        }
    }
}
