//! Nothing ends unnoticed: notices in time, a heartbeat whose silence is the alarm, and what is said while the control
//! database is down.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::authority::Authority;
use crate::support::{Call, Lab, Ran};

fn import(lab: &Lab, authority: &Authority, name: &str, days: i64) {
    let found = lab.path(&format!("{name}-{days}"));
    authority.issue(&[name], days).write(&found);
    lab.run(&["cert", "import", &found.display().to_string(), "--name", name])
        .expect_code(0);
}

/// The program as it runs on a host.
fn on<'a>(lab: &'a Lab, host: &str, arguments: &[&str]) -> Call<'a> {
    let directory = |what: &str| lab.path(&format!("{what}-of-{host}")).display().to_string();
    lab.call(arguments)
        .variable("HOSTCTL_HOST__NAME", host)
        .variable("HOSTCTL_CERTIFICATE__DIRECTORY", &directory("certificates"))
        .variable("HOSTCTL_STATE_DIRECTORY", &directory("state"))
}

/// What three hosts say at the same instant, sorted; each of them must say nothing on stdout and end well.
fn told(lab: &Lab, arguments: &[&str]) -> Vec<String> {
    let calls = ["web1", "web2", "web3"].map(|host| on(lab, host, arguments).start());
    let ran: Vec<Ran> = lab.wait(async { futures_util::future::join_all(calls).await });
    let mut lines = Vec::new();
    for ran in &ran {
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran}");
        lines.extend(ran.stderr.lines().map(|line| {
            line.split(" on 20")
                .next()
                .unwrap_or_default()
                .trim_end_matches(',')
                .to_owned()
        }));
    }
    lines.sort();
    lines
}

#[test]
fn what_is_about_to_end_is_told_once_by_all_hosts_whatever_the_cause() {
    let lab = Lab::new();
    let authority = Authority::new();
    let ends_in = |name: &str, hours: i32| {
        lab.ask(&format!(
            "UPDATE hostctl.certificate_generations SET not_after = now() + interval '{hours} hours 1 minute'
            WHERE certificate = '{name}' AND number = 1 RETURNING certificate"
        ))
    };
    // The one that web1 serves is about to end, and web1 never fetches the next.
    import(&lab, &authority, "behind.example", 30);
    lab.run(&["cert", "place", "behind.example", "--on", "web1"])
        .expect_code(0);
    on(&lab, "web1", &["cert", "deploy", "--pending"])
        .run()
        .expect_code(0);
    import(&lab, &authority, "behind.example", 90);
    ends_in("behind.example", 6 * 24);
    let renew = ["cert", "renew"];
    assert!(told(&lab, &renew).is_empty(), "it has a while to fetch it");
    lab.ask(
        "UPDATE hostctl.certificate_generations SET created_at = created_at - interval '61 minutes'
            WHERE certificate = 'behind.example' AND number = 2 RETURNING certificate",
    );
    for (name, days) in [
        ("a14.example", 13),
        ("b3.example", 2),
        ("c0.example", -1),
        ("d15.example", 15),
        ("revoked.example", 7),
        ("away.example", 5),
        ("calm.example", 5),
    ] {
        import(&lab, &authority, name, 30);
        ends_in(name, days * 24);
    }
    lab.ask(
        "UPDATE hostctl.certificates SET state = 'revoked' WHERE name = 'revoked.example' RETURNING name",
    );
    // One of ours whose authority is away, and one whose renewal lies ahead.
    lab.ask(
        "UPDATE hostctl.certificates SET challenge = 'dns-01', cas = '{main}', next_at = now() + interval '1 day',
            failures = CASE name WHEN 'away.example' THEN 2 ELSE 0 END,
            last_error = CASE name WHEN 'away.example' THEN 'no answer' END
        WHERE name IN ('away.example', 'calm.example') RETURNING name",
    );

    assert_eq!(
        told(&lab, &renew),
        [
            "warning: certificate a14.example ends in 13 days",
            "warning: certificate away.example ends in 5 days",
            "warning: certificate b3.example ends in 2 days",
            "warning: certificate behind.example as web1 serves it still (generation 1) ends in 6 days",
            "warning: certificate c0.example has ended",
            "warning: certificate revoked.example ends in 7 days",
        ]
    );
    assert!(told(&lab, &renew).is_empty(), "once");

    // Closer to its end, it is told again, and again where whoever told it died before it was marked.
    ends_in("a14.example", 6 * 24);
    ends_in("behind.example", 2 * 24);
    let again = [
        "warning: certificate a14.example ends in 6 days",
        "warning: certificate behind.example as web1 serves it still (generation 1) ends in 2 days",
    ];
    let died = on(&lab, "web1", &renew).crash("die:0:before_commit:do").run();
    assert!(died.was_killed(), "{died}");
    assert_eq!(died.stderr.lines().count(), 2, "{died}");
    assert_eq!(told(&lab, &renew), again);
    assert!(told(&lab, &renew).is_empty());

    // `tick` tells as well. What it brings to the host at last ends later, and there is nothing to tell of it.
    ends_in("a14.example", 2 * 24);
    let tick = told(&lab, &["tick"]);
    assert_eq!(tick, ["warning: certificate a14.example ends in 2 days"]);
    ends_in("behind.example", 0);
    import(&lab, &authority, "a14.example", 40);
    lab.ask("UPDATE hostctl.certificate_generations SET not_after = now() + interval '11 days 1 minute' WHERE certificate = 'a14.example' AND number = 2 RETURNING certificate");
    assert_eq!(
        told(&lab, &renew),
        ["warning: certificate a14.example ends in 11 days"],
        "a new one is a new story"
    );
}

/// A listener that answers each request with `answer` and tells its first line.
fn listen(answer: &'static str) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let port = listener.local_addr().expect("an address").port();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let mut socket = socket.expect("a connection");
            let mut request = [0; 4096];
            let length = socket.read(&mut request).expect("a request");
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            socket.write_all(answer.as_bytes()).expect("answered");
            let line = text.lines().next().unwrap_or_default().to_owned();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    (port, receiver)
}

#[test]
fn a_good_run_is_told_outside_and_a_deaf_ear_changes_nothing() {
    let lab = Lab::new();
    let (port, heard) = listen("200 OK");
    let (elsewhere, stranger) = listen("200 OK");
    let beating = |verb: &[&str], port: u16| {
        let url = format!("http://user:pass-word@127.0.0.1:{port}/ping/se-cret?key=se-cret");
        let ran = on(&lab, "web1", verb)
            .variable("HOSTCTL_CERTIFICATE__HEARTBEAT_URL", &url)
            .variable("HOSTCTL_LOG", "trace")
            .run();
        assert!(
            !ran.stderr.contains("se-cret") && !ran.stderr.contains("pass-word"),
            "{ran}"
        );
        ran.expect_code(0);
        ran
    };
    let next = || heard.recv_timeout(Duration::from_secs(20)).expect("a heartbeat");
    for verb in [&["cert", "renew"][..], &["tick"]] {
        let ran = beating(verb, port);
        assert_eq!(next(), "GET /ping/se-cret?key=se-cret HTTP/1.1");
        assert!(!ran.stderr.contains("warning: "), "{ran}");
    }
    // Nothing was renewed, or only some of it was looked at: nobody is told that all is well.
    beating(&["cert", "renew", "--dry-run"], port);
    assert!(heard.try_recv().is_err());

    let redirect: &'static str = Box::leak(
        format!("302 Found\r\nlocation: http://localhost:{elsewhere}/ping/se-cret").into_boxed_str(),
    );
    let (moved, _kept) = listen(redirect);
    let (broken, _also) = listen("500 No");
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("bound")
        .local_addr()
        .expect("an address")
        .port();
    for (port, words) in [
        (moved, "leads to another host"),
        (broken, "answered with status 500"),
        (closed, "the heartbeat at 127.0.0.1: "),
    ] {
        let ran = beating(&["cert", "renew"], port);
        assert!(
            ran.stderr.contains("warning: the heartbeat at 127.0.0.1") && ran.stderr.contains(words),
            "{ran}"
        );
    }
    assert!(stranger.try_recv().is_err(), "a secret went to another host");

    // While a host serves what ends soon, though there is another one, not all is well; whether somebody would have been told
    // shows in the complaint that nobody listens there.
    let authority = Authority::new();
    let is_told = || {
        beating(&["cert", "renew"], closed)
            .stderr
            .contains("the heartbeat at")
    };
    import(&lab, &authority, "behind.example", 6);
    lab.run(&["cert", "place", "behind.example", "--on", "web2"])
        .expect_code(0);
    let deploy = || {
        on(&lab, "web2", &["cert", "deploy", "behind.example"])
            .run()
            .expect_code(0)
            .code
    };
    deploy();
    assert!(is_told(), "it serves the newest");
    import(&lab, &authority, "behind.example", 60);
    assert!(!is_told(), "another one is there");
    deploy();
    assert!(is_told());

    // Nor is it where the deployment fails that follows the renewal.
    import(&lab, &authority, "hooked.example", 60);
    lab.run(&["cert", "place", "hooked.example", "--on", "web1"])
        .expect_code(0);
    lab.run(&[
        "cert",
        "set",
        "hooked.example",
        "--deploy-hook",
        "[\"/bin/false\"]",
    ])
    .expect_code(0);
    lab.ask("DELETE FROM hostctl.schedule RETURNING task");
    let ran = on(&lab, "web1", &["tick"])
        .variable(
            "HOSTCTL_CERTIFICATE__HEARTBEAT_URL",
            &format!("http://127.0.0.1:{closed}/"),
        )
        .run();
    ran.expect_code(10);
    assert!(
        ran.stderr.contains("hooked.example") && !ran.stderr.contains("the heartbeat at"),
        "{ran}"
    );
}

#[test]
fn a_control_database_that_is_down_is_told_once_an_hour_until_it_is_urgent() {
    let lab = Lab::new();
    let authority = Authority::new();
    for (host, name, days) in [("web2", "far.example", 60), ("web3", "near.example", 6)] {
        import(&lab, &authority, name, days);
        lab.run(&["cert", "place", name, "--on", host]).expect_code(0);
        on(&lab, host, &["cert", "deploy", "--pending"])
            .run()
            .expect_code(0);
    }
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("bound")
        .local_addr()
        .expect("an address")
        .port();
    let (renew, tick) = (["cert", "renew"], ["tick"]);
    let down = |host: &str, verb: &[&str]| {
        let ran = on(&lab, host, verb).through(closed).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(8), ""), "{ran}");
        ran.stderr
    };

    // Eight at the same instant, with the clock of one hour.
    let calls: Vec<_> = (0..8)
        .map(|_| on(&lab, "web2", &renew).through(closed).start())
        .collect();
    let ran: Vec<Ran> = lab.wait(async { futures_util::future::join_all(calls).await });
    for ran in &ran {
        ran.expect_code(8);
    }
    let said = ran
        .iter()
        .filter(|ran| ran.stderr.contains("error: the control database"))
        .count();
    let silent = ran.iter().filter(|ran| ran.stderr.is_empty()).count();
    assert_eq!((said, silent), (1, 7), "{ran:?}");
    for verb in [&renew[..], &tick] {
        assert_eq!(down("web2", verb), "");
    }
    // An hour later.
    let memory = lab.path("state-of-web2/unreachable");
    let then = hostctl::clock::now().as_second() - 3600;
    fs::write(&memory, format!("{then}\n")).expect("a file");
    assert!(down("web2", &tick).starts_with("error: the control database"));
    assert_eq!(down("web2", &renew), "");

    // A host that serves something which is about to end says so each time, and what.
    for _ in 0..2 {
        let said = down("web3", &renew);
        assert!(
            said.starts_with("error: the control database")
                && said.contains("warning: certificate near.example on this host ends on 20"),
            "{said}"
        );
    }
    // So does one that cannot remember.
    fs::write(lab.path("state-of-web4"), "a file in its place").expect("a file");
    for _ in 0..2 {
        assert!(down("web4", &renew).starts_with("error: the control database"));
    }
    // A person who names a certificate is answered.
    let asked = on(&lab, "web2", &["cert", "renew", "far.example"])
        .through(closed)
        .run();
    asked.expect_code(8);
    assert!(asked.stderr.starts_with("error: the control database"), "{asked}");
}
