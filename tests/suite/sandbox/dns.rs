//! PowerDNS in a sandbox.

use std::fs;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use hostctl::sandbox::{Name, Parts, Sandbox, ServerState};

use crate::sandbox::place::Place;

#[tokio::test]
async fn dns_is_served_through_the_api_and_after_a_kill() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts {
        dns: true,
        mail: false,
    }))
    .await
    .expect("up");
    let addresses = sandbox.addresses(Name::Powerdns).expect("addresses");
    let key = fs::read_to_string(place.path().join("powerdns.key")).expect("key");
    rustls::crypto::ring::default_provider().install_default().ok();
    let body = r#"{"name":"example.test.","kind":"Native","nameservers":["ns1.sandbox.test."],"soa_edit_api":"INCREASE"}"#;
    let url = format!("http://{}/api/v1/servers/localhost/zones", addresses[1]);
    let http = reqwest::Client::new();
    let request = || {
        http.post(&url)
            .header("Content-Type", "application/json")
            .body(body)
    };
    assert_eq!(request().send().await.expect("answer").status().as_u16(), 401);
    let answer = request()
        .header("X-API-Key", key.trim())
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.status().as_u16(), 201);
    assert_eq!(ask_soa(addresses[0]), (0, 1));

    sandbox.kill(Name::Powerdns).await.expect("kill");
    assert_eq!(sandbox.status()[1].state, ServerState::Stopped);
    sandbox.start(Name::Powerdns).await.expect("start");
    assert_eq!(sandbox.addresses(Name::Powerdns).expect("addresses"), addresses);
    assert_eq!(ask_soa(addresses[0]), (0, 1));
    sandbox.down().await.expect("down");
    place.assert_untouched();
}

/// Response code and number of answers for `example.test SOA` (RFC 1035 §4.1).
fn ask_soa(server: SocketAddr) -> (u8, u16) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(2)))
        .expect("time-out");
    let mut question = vec![1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    question.extend_from_slice(b"\x07example\x04test\x00\x00\x06\x00\x01");
    socket.send_to(&question, server).expect("send");
    let mut answer = [0; 512];
    socket.recv(&mut answer).expect("an answer");
    (answer[3] & 15, u16::from_be_bytes([answer[6], answer[7]]))
}
