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
