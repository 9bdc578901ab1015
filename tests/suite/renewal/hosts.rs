//! Several processes on several hosts.

use std::fs;

use super::{directory, on, plant};
use crate::support::acme::{PLAIN, Pebble};
use crate::support::{Lab, Ran};

fn names(part: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{part}{number}.shop.example"))
        .collect()
}

fn lies_on(lab: &Lab, host: &str) -> Vec<String> {
    let entries = fs::read_dir(directory(lab, host)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn four_processes_on_two_hosts_order_each_certificate_once() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    // What is proved by a port is proved by the host where it is placed, which has an address of its own.
    lab.run(&["dns", "record", "add", "shop.example", "*.two", "A", "127.0.0.2"])
        .expect_code(0);
    let mut placed = [names("one", 90), names("two", 90)];
    plant(&lab, &placed[0], "dns-01", "{main}", "web1");
    plant(&lab, &placed[1], "dns-01", "{main}", "web2");
    let first = names("port", 10);
    let second: Vec<String> = (0..10)
        .map(|number| format!("p{number}.two.shop.example"))
        .collect();
    plant(&lab, &first, "http-01", "{main}", "web1");
    plant(&lab, &second, "http-01", "{main}", "web2");
    placed[0].extend(first);
    placed[1].extend(second);
    let listen = [
        format!("127.0.0.1:{}", pebble.http),
        format!("127.0.0.2:{}", pebble.http),
    ];
    let ran: Vec<Ran> = lab.wait(async {
        let call = |host: &str, listen: &str| {
            on(&lab, host, &["cert", "renew"])
                .variable("HOSTCTL_CERTIFICATE__HTTP_LISTEN", listen)
                .start()
        };
        let (a, b, c, d) = tokio::join!(
            call("web1", &listen[0]),
            call("web1", &listen[0]),
            call("web2", &listen[1]),
            call("web2", &listen[1])
        );
        vec![a, b, c, d]
    });
    for ran in &ran {
        ran.expect_code(0);
    }
    assert_eq!(pebble.wire.count("/order-plz"), 200);
    assert_eq!(pebble.wire.count("/finalize-order/"), 200);
    assert_eq!(
        lab.ask("SELECT concat_ws(' ', count(*), min(generation), max(generation), max(failures)) FROM hostctl.certificates"),
        ["200 2 2 0"]
    );
    // What another host renewed waits for its own.
    for (host, listen) in ["web1", "web2"].iter().zip(&listen) {
        on(&lab, host, &["tick"])
            .variable("HOSTCTL_CERTIFICATE__HTTP_LISTEN", listen)
            .run()
            .expect_code(0);
    }
    for (host, placed) in ["web1", "web2"].iter().zip(&mut placed) {
        placed.sort();
        assert_eq!(lies_on(&lab, host), *placed, "{host}");
    }
    assert_eq!(pebble.wire.count("/order-plz"), 200);
}

#[test]
fn what_a_dead_host_began_is_taken_back_by_another_that_it_is_placed_on() {
    let lab = Lab::with_dns();
    let pebble = Pebble::start(&lab, PLAIN);
    pebble.register(&lab);
    let name = "dead.shop.example".to_owned();
    plant(&lab, std::slice::from_ref(&name), "http-01", "{main}", "web1");
    lab.ask("INSERT INTO hostctl.certificate_places (certificate, host, generation) SELECT name, 'web2', 1 FROM hostctl.certificates");
    let died = on(&lab, "web1", &["cert", "renew"])
        .crash("die:2:mid_effect:do")
        .run();
    assert!(died.was_killed(), "{died}");
    lab.ask("UPDATE hostctl.certificates SET leased_until = hostctl.now() - interval '1 second'");
    let moved = || lab.ask("SELECT max(updated_at)::text FROM hostctl.operation_steps");
    let before = moved();
    // It may come back: its order is left to it, and how long it has been silent is still known.
    let ran = on(&lab, "web2", &["cert", "renew"]).run();
    ran.expect_code(10);
    assert!(ran.stderr.contains("only web1 can go on with it"), "{ran}");
    assert_eq!(moved(), before);
    // What it has put there it wrote down last: an hour from then on, and not two.
    let silent = |minutes: u8| {
        lab.ask(&format!(
            "UPDATE hostctl.certificate_orders SET changed_at = changed_at - interval '{minutes} minutes',
                answers = '[{{\"kind\": \"http-01\", \"host\": \"web1\", \"text\": \"t\",
                    \"path\": \"/nowhere/.well-known/acme-challenge/t\"}}]' RETURNING certificate"
        ))
    };
    silent(58);
    lab.ask("UPDATE hostctl.operation_steps SET updated_at = updated_at - interval '61 minutes'");
    let before = moved();
    on(&lab, "web2", &["tick"]).run().expect_code(0);
    assert_eq!(moved(), before);
    silent(3);
    lab.ask("DELETE FROM hostctl.schedule RETURNING task");
    super::due(&lab);
    on(&lab, "web2", &["tick"]).run().expect_code(0);
    super::due(&lab);
    on(&lab, "web2", &["cert", "renew"]).run().expect_code(0);
    assert_eq!(super::stands(&lab), ["dead.shop.example 3 issued 0"]);
    assert!(lab.ask("SELECT resource FROM hostctl.claims").is_empty());
}
