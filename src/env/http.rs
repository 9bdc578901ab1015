//! The one HTTP client: no proxies from the environment, no redirects, every request under a time-out.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::redirect::Policy;
use rustls::ClientConfig;

use crate::error::{Error, Result};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("hostctl/", env!("CARGO_PKG_VERSION"));

/// A client over `tls` whose whole requests, body included, take at most `timeout`.
///
/// Redirects are not followed (an API key must not travel to where an answer points), and `HTTP_PROXY` and its kin are
/// not looked at.
///
/// # Errors
/// `internal` where the client cannot be built.
pub fn client(tls: ClientConfig, timeout: Duration) -> Result<reqwest::Client> {
    built(builder(tls, timeout))
}

/// As [`client`], for one host at one address: no name is looked up any more.
///
/// # Errors
/// As [`client`].
pub fn client_at(
    tls: ClientConfig,
    timeout: Duration,
    host: &str,
    address: IpAddr,
) -> Result<reqwest::Client> {
    // The port is the URL's.
    built(builder(tls, timeout).resolve(host, SocketAddr::new(address, 0)))
}

fn builder(tls: ClientConfig, timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .timeout(timeout)
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .user_agent(USER_AGENT)
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client> {
    builder
        .build()
        .map_err(|error| Error::internal("the HTTP client cannot be built").source(error))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Answers one request with `answer` and returns the address and, by the thread, what was asked.
    fn serve(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let url = format!("http://{}/", listener.local_addr().expect("address"));
        let thread = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().expect("accepted");
            let mut request = [0; 4096];
            let length = socket.read(&mut request).expect("request");
            if answer.is_empty() {
                std::thread::sleep(Duration::from_millis(500));
            }
            socket.write_all(answer.as_bytes()).expect("answered");
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        (url, thread)
    }

    fn get(url: &str, timeout: Duration) -> reqwest::Result<reqwest::Response> {
        let tls =
            crate::env::tls::client_config_verifying(None, crate::env::tls::Verify::Nothing).expect("tls");
        let client = client(tls, timeout).expect("client");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("runtime");
        runtime.block_on(async { client.get(url).send().await })
    }

    #[test]
    fn a_redirect_is_an_answer_and_the_program_names_itself() {
        let (url, server) =
            serve("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n");
        let response = get(&url, Duration::from_secs(5)).expect("answered");
        assert_eq!(response.status().as_u16(), 302);
        let request = server.join().expect("served");
        assert!(
            request.contains(&format!("user-agent: {USER_AGENT}\r\n")),
            "{request}"
        );
    }

    #[test]
    fn a_server_that_does_not_answer_is_a_timeout() {
        let (url, _server) = serve("");
        assert!(
            get(&url, Duration::from_millis(100))
                .expect_err("silent")
                .is_timeout()
        );
    }
}
