//! dns-01 at name servers that take updates: whatever becomes of the order, what others wrote stays, and nothing of ours.

use std::time::Duration;

use hostctl::env::child::{self, Signal, Spec};

use crate::support::Lab;
use crate::support::acme::{PLAIN, Pebble};
use crate::support::nameserver::Make;
use crate::support::wire::{ALWAYS, Fault};

const NAMES: [&str; 3] = ["dyn.test", "*.dyn.test", "www.dyn.test"];
/// The step that proves names, in an operation of `cert issue` on one host.
const VALIDATE: usize = 4;

fn words(name: &'static str) -> Vec<&'static str> {
    let fixed = ["--challenge", "dns-01", "--name", name];
    ["cert", "issue"].into_iter().chain(NAMES).chain(fixed).collect()
}

fn state(lab: &Lab, name: &str) -> Vec<String> {
    lab.ask(&format!(
        "SELECT state FROM hostctl.certificates WHERE name = '{name}'"
    ))
}

#[test]
fn nothing_of_ours_stays_at_a_name_server_whatever_becomes_of_the_order() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "www A 127.0.0.1\n");
        let edge = lab.edge();
        let pebble = Pebble::beside(&lab, edge.address, PLAIN);
        pebble.register(&lab);
        lab.wait(edge.nsupdate("update add _acme-challenge.dyn.test 300 TXT \"not yours\""));
        let before = lab.wait(edge.dump());

        // No for good, once the values are there.
        pebble
            .wire
            .strike("/chalZ/", ALWAYS, Fault::Problem(403, "", "malformed"));
        let ran = lab.run(&words("refused"));
        ran.expect_code(8);
        assert_eq!(lab.wait(edge.dump()), before, "{make:?} after a refusal");
        assert!(state(&lab, "refused").is_empty(), "{ran}");
        pebble.wire.forget();

        // Killed between the values and the word to the authority; whoever goes on takes them away.
        let died = lab
            .call(&words("killed"))
            .crash(&format!("die:{VALIDATE}:mid_effect:do"))
            .run();
        assert!(died.was_killed(), "{died}");
        let left = lab.wait(edge.dump());
        let ours = left.iter().filter(|line| !before.contains(line)).count();
        assert_eq!(ours, 3, "{make:?}: {left:?}");
        lab.run(&["op", "recover"]).expect_code(0);
        assert_eq!(lab.wait(edge.dump()), before, "{make:?} after recovery");
        assert_eq!(state(&lab, "killed"), ["issued"], "{make:?}");

        // Asked to stop while it waits for servers that never show the values.
        let silent = lab.wait(async { tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("bound") });
        let server = format!("[\"{}\"]", silent.local_addr().expect("an address"));
        let log = lab.path("stopped.log");
        let spec = Spec::new(env!("CARGO_BIN_EXE_hostctl"))
            .arguments(words("stopped"))
            .variable("HOSTCTL_CONFIG", lab.sandbox().config_file())
            .variable("HOSTCTL_DNS__EDGE__QUERY_SERVERS", &server);
        let process = child::spawn_server(&spec, &log, child::Lifetime::WithParent).expect("started");
        let begin = hostctl::clock::instant();
        while lab.wait(edge.dump()) == before {
            let said = || std::fs::read_to_string(&log).expect("a log");
            assert!(begin.elapsed() < Duration::from_secs(20), "{}", said());
            std::thread::sleep(Duration::from_millis(20));
        }
        lab.wait(child::stop(process, Signal::Terminate, Duration::from_secs(20)))
            .expect("stopped");
        assert_eq!(lab.wait(edge.dump()), before, "{make:?} after SIGTERM");
        assert!(state(&lab, "stopped").is_empty(), "{make:?}");
    }
}
