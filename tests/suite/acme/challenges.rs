//! Every way to prove a name.

use std::fs;

use hostctl::sandbox::Name;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::acme::{Manner, PLAIN, Pebble, ZONE, texts};
use crate::support::nameserver::Make;
use crate::support::{Lab, Ran};

/// The names of the certificate that stands under `name`, as the authority wrote them, sorted.
fn kept(lab: &Lab, name: &str) -> Vec<String> {
    lab.ask(&format!(
        "SELECT unnest(g.identifiers) FROM hostctl.certificates c JOIN hostctl.certificate_generations g
            ON g.certificate = c.name AND g.number = c.generation WHERE c.name = '{name}' AND c.state = 'issued' ORDER BY 1"
    ))
}

fn issue(lab: &Lab, words: &str) -> Ran {
    let words: Vec<&str> = ["cert", "issue"].into_iter().chain(words.split(' ')).collect();
    lab.run(&words)
}

#[test]
fn every_challenge_issues_from_a_strict_authority() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(
        &lab,
        Manner {
            nonce_rejections: 20,
            ..PLAIN
        },
    );
    pebble.register(&lab);
    let ran = lab
        .call(&["cert", "issue", "www.shop.example", "-o", "json"])
        .variable("HOSTCTL_LOG", "trace")
        .run();
    ran.expect_code(0);
    assert!(!ran.to_string().contains("PRIVATE KEY"), "a key is shown");
    let shown = ran.json();
    assert_eq!(shown["name"], "www.shop.example", "{ran}");
    assert_eq!(shown["state"], "issued", "{ran}");
    assert!(
        shown["serial"].is_string() && shown["not_after"].is_string(),
        "{ran}"
    );
    assert_eq!(kept(&lab, "www.shop.example"), ["www.shop.example"]);
    let installed = pebble
        .certificates()
        .join("www.shop.example/current/combined.pem");
    assert!(
        fs::read_to_string(installed)
            .expect("it lies on this host")
            .contains("PRIVATE KEY")
    );

    issue(
        &lab,
        "a.shop.example b.shop.example 127.0.0.1 --challenge tls-alpn-01 --key-type p384",
    )
    .expect_code(0);
    assert_eq!(
        kept(&lab, "a.shop.example"),
        ["127.0.0.1", "a.shop.example", "b.shop.example"]
    );

    // Apex and wildcard are proved at one name, at which somebody else has a value.
    let challenge = format!("_acme-challenge.{ZONE}");
    lab.run(&[
        "dns",
        "record",
        "add",
        ZONE,
        "_acme-challenge",
        "TXT",
        "not yours",
        "--ttl",
        "5m",
    ])
    .expect_code(0);
    issue(&lab, "shop.example *.shop.example --key-type rsa2048").expect_code(0);
    assert_eq!(kept(&lab, "shop.example"), ["*.shop.example", "shop.example"]);
    assert_eq!(texts(&lab, &challenge), ["\"not yours\""]);

    // Where the name is an alias the proof is where it leads.
    lab.run(&["dns", "zone", "create", "proofs.example"])
        .expect_code(0);
    lab.run(&[
        "dns",
        "record",
        "add",
        ZONE,
        "_acme-challenge.far",
        "CNAME",
        "far.proofs.example",
    ])
    .expect_code(0);
    issue(&lab, "far.shop.example --challenge dns-01").expect_code(0);
    assert!(texts(&lab, "far.proofs.example").is_empty());

    // Once is enough.
    let again = issue(&lab, "www.shop.example");
    again.expect_code(4);
    assert!(again.stderr.contains("is there already"), "{again}");
    issue(&lab, "www.shop.example --if-not-exists").expect_code(0);
    let open = lab.ask(
        "SELECT state FROM hostctl.certificate_orders WHERE state <> 'issued' OR key_sealed IS NOT NULL",
    );
    assert!(open.is_empty(), "{open:?}");
    assert!(lab.leftover_secrets("PRIVATE KEY").is_empty());
}

#[test]
fn a_web_server_and_a_request_of_ones_own_will_do() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(
        &lab,
        Manner {
            remembered: 100,
            ..PLAIN
        },
    );
    pebble.register(&lab);
    // Name servers that have an address by which nobody is reached from here.
    lab.run(&["dns", "zone", "create", "sandbox.test"]).expect_code(0);
    for (name, rtype, value) in [
        ("ns1", "A", "127.0.0.1"),
        ("ns2", "A", "127.0.0.1"),
        ("ns1", "AAAA", "2001:db8::53"),
    ] {
        lab.run(&["dns", "record", "add", "sandbox.test", name, rtype, value])
            .expect_code(0);
    }
    let dns = lab.sandbox().addresses(Name::Powerdns).expect("a DNS server")[0];
    lab.call(&[
        "cert",
        "issue",
        "far.shop.example",
        "--challenge",
        "dns-01",
        "--timeout",
        "30s",
    ])
    .variable("HOSTCTL_DNS__MAIN__QUERY_SERVERS", "")
    .variable("HOSTCTL_RESOLVER__AUTHORITATIVE_PORT", &dns.port().to_string())
    .run()
    .expect_code(0);

    let root = lab.path("web");
    fs::create_dir(&root).expect("a directory");
    let server = lab.wait(serve(pebble.http, root.clone()));
    let words = format!("web.shop.example --webroot {}", root.display());
    issue(&lab, &words).expect_code(0);
    server.abort();
    assert_eq!(kept(&lab, "web.shop.example"), ["web.shop.example"]);
    let left = fs::read_dir(root.join(".well-known/acme-challenge"))
        .expect("a directory")
        .count();
    assert_eq!(left, 0, "nothing of ours is left");

    // What was proved a moment ago is not asked for again, whoever asks.
    pebble.wire.forget();
    let pair = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["web.shop.example".to_owned()]).expect("names");
    let request = params
        .serialize_request(&pair)
        .expect("a request")
        .pem()
        .expect("PEM");
    let file = lab.private_file("own.csr", &request);
    issue(&lab, &format!("--csr {file} --name own --challenge dns-01")).expect_code(0);
    assert_eq!(kept(&lab, "own"), ["web.shop.example"]);
    assert_eq!(pebble.wire.count("POST /chalZ"), 0);
    let keys = lab.ask("SELECT key_sealed FROM hostctl.certificate_generations WHERE certificate = 'own' AND key_sealed IS NOT NULL");
    assert!(keys.is_empty(), "the key stays with whoever made the request");

    // A name that does not lead here: nothing is ordered, and what has to change is said.
    pebble.wire.forget();
    lab.run(&["dns", "record", "add", ZONE, "parked", "A", "127.0.0.2"])
        .expect_code(0);
    let ran = issue(&lab, "parked.shop.example");
    ran.expect_code(6);
    assert!(ran.stderr.contains("127.0.0.2 does not answer on port"), "{ran}");
    assert_eq!(pebble.wire.count("POST /order-plz"), 0);
    assert_eq!(
        lab.ask("SELECT state FROM hostctl.certificates WHERE name = 'parked.shop.example' AND next_at IS NOT NULL"),
        ["pending"]
    );
    lab.run(&["dns", "record", "set", ZONE, "parked", "A", "127.0.0.1", "--yes"])
        .expect_code(0);
    issue(&lab, "parked.shop.example").expect_code(0);
    assert_eq!(kept(&lab, "parked.shop.example"), ["parked.shop.example"]);
}

#[test]
fn a_name_server_that_takes_updates_proves_names_and_keeps_what_others_wrote() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "www A 127.0.0.1\n");
        let edge = lab.edge();
        let pebble = Pebble::beside(&lab, edge.address, PLAIN);
        pebble.register(&lab);
        lab.wait(edge.nsupdate("update add _acme-challenge.dyn.test 300 TXT \"not yours\""));
        let before = lab.wait(edge.dump());
        issue(&lab, "dyn.test *.dyn.test www.dyn.test --challenge dns-01").expect_code(0);
        assert_eq!(kept(&lab, "dyn.test"), ["*.dyn.test", "dyn.test", "www.dyn.test"]);
        assert_eq!(lab.wait(edge.dump()), before, "{make:?}");
    }
}

#[test]
fn twenty_of_twenty_orders_come_through_where_every_second_nonce_is_refused() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(
        &lab,
        Manner {
            nonce_rejections: 50,
            remembered: 50,
            ..PLAIN
        },
    );
    pebble.register(&lab);
    for number in 0..20 {
        issue(&lab, &format!("n{number}.shop.example --challenge tls-alpn-01")).expect_code(0);
    }
    let issued = lab.ask("SELECT name FROM hostctl.certificates WHERE state = 'issued'");
    assert_eq!(issued.len(), 20, "{}", pebble.log());
}

/// A web server of somebody else.
pub(super) async fn serve(port: u16, root: std::path::PathBuf) -> tokio::task::JoinHandle<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .expect("bound");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let length = socket.read(&mut request).await.unwrap_or(0);
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let path = text
                .split(' ')
                .nth(1)
                .unwrap_or("/")
                .trim_start_matches('/')
                .to_owned();
            // In pieces, as many a web server answers what it makes up.
            let answer = match fs::read_to_string(root.join(path)) {
                Ok(text) => format!(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{text}\r\n0\r\n\r\n",
                    text.len()
                ),
                Err(_) => {
                    "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()
                }
            };
            socket.write_all(answer.as_bytes()).await.ok();
        }
    })
}
