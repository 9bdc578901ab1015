//! A mail server, which speaks TLS only once it was asked to.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::authority::{Authority, Pair};
use crate::support::Lab;

/// What a server says, each line after one of ours; the first one unasked.
type Talk = &'static [&'static str];
const SMTP: Talk = &[
    "220 mx ready\r\n",
    "250-mx\r\n250 STARTTLS\r\n",
    "220 go ahead\r\n",
];
const IMAP: Talk = &["* OK ready\r\n", "h1 OK begin\r\n"];
const OLD: Talk = &["220 mx ready\r\n", "250 mx\r\n", "502 what\r\n"];

/// A server that shows `pair`; its port.
async fn serve(pair: &Pair, talk: Talk) -> u16 {
    let chain = pair.fullchain();
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain.as_bytes())
        .map(|found| found.expect("a certificate"))
        .collect();
    let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("an identity");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move { meet(socket, talk, &acceptor).await.ok() });
        }
    });
    port
}

async fn meet(mut socket: TcpStream, talk: Talk, acceptor: &TlsAcceptor) -> std::io::Result<()> {
    for (number, line) in talk.iter().enumerate() {
        if number > 0 {
            let mut request = [0; 512];
            if socket.read(&mut request).await? == 0 {
                return Ok(());
            }
        }
        socket.write_all(line.as_bytes()).await?;
    }
    acceptor.accept(socket).await?.shutdown().await
}

#[test]
fn a_mail_server_is_asked_for_tls_before_it_is_looked_at() {
    let lab = Lab::new();
    let authority = Authority::new();
    let pair = authority.issue(&["mx.example"], 90);
    let root = lab.path("root.pem");
    authority.write_root(&root);
    let root = root.display().to_string();
    let ports = [SMTP, IMAP, OLD].map(|talk| lab.wait(serve(&pair, talk)));
    let check = |target: &str| {
        let words = [
            "cert",
            "check",
            target,
            "--name",
            "mx.example",
            "--ca-file",
            &root,
            "-o",
            "json",
        ];
        lab.run(&words)
    };
    let [smtp, imap, old] = ports;
    for target in [
        format!("starttls+smtp://127.0.0.1:{smtp}"),
        format!("starttls+imap://127.0.0.1:{imap}"),
    ] {
        let ran = check(&target);
        let said = ran.expect_code(0).json();
        assert_eq!(
            (&said["target"], &said["state"]),
            (&json!(target), &json!("ok")),
            "{ran}"
        );
    }
    let ran = check(&format!("starttls+smtp://127.0.0.1:{old}"));
    ran.expect_code(8);
    assert!(ran.stderr.contains("502 what"), "{ran}");

    // The same words name the port that is asked after a deployment.
    let found = lab.path("found");
    pair.write(&found);
    let directory = lab.path("certificates").display().to_string();
    lab.configure(&format!(
        "\n[certificate]\ndirectory = \"{directory}\"\nprobe_timeout = \"1s\"\n\n[host]\nname = \"web1\"\n"
    ));
    lab.run(&["cert", "import", &found.display().to_string()])
        .expect_code(0);
    lab.run(&["cert", "place", "mx.example"]).expect_code(0);
    let probe = |port: u16| {
        let probe = format!("starttls+smtp://127.0.0.1:{port}");
        let set = ["cert", "set", "mx.example", "--probe", &probe, "-o", "json"];
        assert_eq!(lab.run(&set).expect_code(0).json()["probe"], json!(probe));
        lab.run(&["cert", "deploy", "mx.example"])
    };
    probe(old).expect_code(10);
    probe(smtp).expect_code(0);
}
