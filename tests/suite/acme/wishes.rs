//! What may be wished of a certificate: its key, its chain, many names, names in other scripts, and an authority that the
//! owner has not let issue.

use hostctl::env::child::Spec;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::acme::{PLAIN, Pebble, ZONE, issuer};
use crate::support::call::finish;
use crate::support::{Lab, Ran};

fn issue(lab: &Lab, words: &[&str]) -> Ran {
    lab.run(&[&["cert", "issue"], words, &["-o", "json"]].concat())
}

/// The text that OpenSSL makes of what lies on this host: it is not our code.
fn text(lab: &Lab, pebble: &Pebble, name: &str) -> String {
    let file = pebble.certificates().join(name).join("current/cert.pem");
    let spec = Spec::new("openssl").arguments(["x509", "-noout", "-text", "-in"]);
    let ran = lab.wait(finish(spec.argument(file), format!("openssl on {name}")));
    ran.expect_code(0).stdout.clone()
}

fn another_kind_is_another_key(lab: &Lab, pebble: &Pebble) {
    let name = "kept.shop.example";
    issue(lab, &[name, "--reuse-key", "--challenge", "dns-01"]).expect_code(0);
    lab.run(&["cert", "set", name, "--key-type", "p384"])
        .expect_code(0);
    lab.run(&["cert", "renew", name, "--force"]).expect_code(0);
    lab.run(&["cert", "deploy", name]).expect_code(0);
    let text = text(lab, pebble, name);
    assert!(text.contains("Public-Key: (384 bit)"), "{text}");
}

fn what_another_account_has_proven_is_renewed_no_more(lab: &Lab) {
    let name = "proven.shop.example";
    issue(lab, &[name, "--challenge", "dns-01"]).expect_code(0);
    lab.run(&["account", "create", "beta"]).expect_code(0);
    lab.ask(&format!(
        "INSERT INTO hostctl.domains (name, account_id, scope, method, token, path, expires_at, verified_at)
        SELECT '{name}', id, 'host', 'txt', repeat('ab', 16), repeat('ab', 8), now() + interval '7 days', now()
        FROM hostctl.accounts WHERE name = 'beta'"
    ));
    let ran = lab.run(&["cert", "renew", name, "--force"]);
    ran.expect_code(4);
    assert!(ran.stderr.contains("is taken"), "{ran}");
    let deleted = lab.run(&["cert", "delete", name, "--with-places", "--yes", "-o", "json"]);
    deleted.expect_code(0);
    let id = lab.ask(
        "SELECT id::text FROM hostctl.operations WHERE kind = 'cert.delete' ORDER BY started_at DESC LIMIT 1",
    );
    let undo = ["op", "undo", &id[0], "--yes"];
    let ran = lab.run(&undo);
    ran.expect_code(4);
    assert!(ran.stderr.contains("is taken"), "{ran}");
    lab.ask("DELETE FROM hostctl.domains RETURNING name");
    lab.run(&undo).expect_code(0);
    lab.run(&["account", "delete", "beta", "--yes"]).expect_code(0);
}

#[test]
fn keys_chains_and_names_are_as_they_were_wished() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);

    let dns = ["--challenge", "dns-01"];
    for (kind, shown) in [
        ("p256", "Public-Key: (256 bit)"),
        ("p384", "Public-Key: (384 bit)"),
        ("rsa4096", "Public-Key: (4096 bit)"),
    ] {
        let name = format!("{kind}.shop.example");
        issue(&lab, &[&[name.as_str(), "--key-type", kind], &dns[..]].concat()).expect_code(0);
        let text = text(&lab, &pebble, &name);
        assert!(text.contains(shown), "{kind}: {text}");
    }

    another_kind_is_another_key(&lab, &pebble);
    what_another_account_has_proven_is_renewed_no_more(&lab);

    // Either of its roots, by the last certificate that is handed out.
    for number in [0, 1] {
        let (root, name) = (pebble.root(&lab, number), format!("root{number}.shop.example"));
        issue(
            &lab,
            &[&[name.as_str(), "--preferred-chain", &root], &dns[..]].concat(),
        )
        .expect_code(0);
        let file = pebble.certificates().join(&name).join("current/chain.pem");
        let pem = std::fs::read(file).expect("a chain");
        let last = x509_parser::pem::Pem::iter_from_buffer(&pem).last().expect("one");
        assert_eq!(issuer(&last.expect("PEM").contents), root, "{name}");
    }

    // As many names as there may be, in one order.
    let many: Vec<String> = (0..100).map(|number| format!("n{number}.shop.example")).collect();
    let mut words: Vec<&str> = many.iter().map(String::as_str).collect();
    words.extend(dns);
    pebble.wire.forget();
    issue(&lab, &words).expect_code(0);
    assert_eq!(pebble.wire.count("/order-plz"), 1);
    let held = text(&lab, &pebble, "n0.shop.example").matches("DNS:").count();
    assert_eq!(held, 100);
    let left = lab.zones("SELECT name FROM records WHERE type = 'TXT' AND name LIKE '\\_acme%'");
    assert!(left.is_empty(), "{left:?}");
    let more: Vec<String> = (0..101).map(|number| format!("m{number}.shop.example")).collect();
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    issue(&lab, &more).expect_code(2);

    // A name in another script, and an address, which is proved by HTTP.
    let ran = issue(&lab, &["bücher.shop.example"]);
    ran.expect_code(0);
    assert_eq!(ran.json()["identifiers"], "xn--bcher-kva.shop.example", "{ran}");
    let ran = issue(&lab, &["127.0.0.1", "--name", "address"]);
    ran.expect_code(0);
    assert!(
        text(&lab, &pebble, "address").contains("IP Address:127.0.0.1"),
        "{ran}"
    );
}

#[test]
fn an_authority_that_the_owner_does_not_name_is_not_asked() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    // Pebble does not say what it is called: its directory, with the name in it.
    let directory = lab.wait(named_directory(&pebble));
    let run = |words: &[&str]| {
        lab.call(words)
            .variable("HOSTCTL_ACME__MAIN__DIRECTORY", &directory)
            .run()
    };
    run(&["ca", "register", "--agree-tos"]).expect_code(0);
    let caa = |name: &str, value: &str| {
        lab.run(&["dns", "record", "add", ZONE, name, "CAA", value])
            .expect_code(0);
    };
    caa("closed", "0 issue \"other.test\"");
    caa("open", "0 issue \"ca.test\"");
    caa("open", "0 issuewild \";\"");
    let before = lab.world();
    pebble.wire.forget();
    for name in [
        "closed.shop.example",
        "below.closed.shop.example",
        "*.open.shop.example",
    ] {
        let ran = run(&["cert", "issue", name, "--challenge", "dns-01", "-o", "json"]);
        ran.expect_code(7);
        assert!(
            ran.stderr.contains("\"caa\"") && ran.stderr.contains("ca.test"),
            "{ran}"
        );
    }
    before.expect_same(&lab.world(), "after a look at CAA records");
    assert_eq!(pebble.wire.count("/order-plz"), 0, "nothing was spent");
    run(&["cert", "issue", "open.shop.example", "--challenge", "dns-01"]).expect_code(0);
}

/// Serves the directory of `pebble` with `caaIdentities` in it; where it is.
async fn named_directory(pebble: &Pebble) -> String {
    let mut directory = pebble.directory().await;
    directory["meta"]["caaIdentities"] = serde_json::json!(["ca.test"]);
    let body = directory.to_string();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            if !matches!(socket.read(&mut request).await, Ok(1..)) {
                continue;
            }
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
            let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.ok();
        }
    });
    format!("http://{address}/dir")
}

#[test]
fn no_key_and_no_token_is_said_or_shown() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    let registered = lab
        .call(&["ca", "register", "--agree-tos"])
        .variable("HOSTCTL_LOG", "trace")
        .run();
    registered.expect_code(0);
    let words = [
        "cert",
        "issue",
        "quiet.shop.example",
        "--challenge",
        "http-01",
        "-vv",
    ];
    let issued = lab.call(&words).variable("HOSTCTL_LOG", "trace").run();
    issued.expect_code(0);
    let revoke = ["cert", "revoke", "quiet.shop.example", "--yes", "-vv"];
    let revoked = lab.call(&revoke).variable("HOSTCTL_LOG", "trace").run();
    revoked.expect_code(0);
    let file = pebble
        .certificates()
        .join("quiet.shop.example/current/privkey.pem");
    let key = std::fs::read_to_string(file).expect("a key");
    let secret = key.lines().nth(1).expect("a line");
    for ran in [&registered, &issued, &revoked] {
        let said = ran.to_string();
        assert!(
            !said.contains(secret) && !said.contains("PRIVATE KEY"),
            "{}",
            ran.words
        );
    }
    // What proves a name is worth something until it is proved.
    let tokens: Vec<String> = pebble
        .log()
        .lines()
        .filter_map(|line| line.split_once("/.well-known/acme-challenge/"))
        .map(|(_, rest)| {
            let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "-_".contains(*letter);
            rest.chars().take_while(is_plain).collect()
        })
        .collect();
    assert!(!tokens.is_empty(), "{}", pebble.log());
    for token in &tokens {
        assert!(!issued.to_string().contains(token.as_str()), "{issued}");
        assert_eq!(lab.leftover_secrets(token), Vec::<String>::new());
    }
    assert_eq!(lab.leftover_secrets(secret), Vec::<String>::new());
}
