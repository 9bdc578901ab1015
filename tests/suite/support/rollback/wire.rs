//! The wires of a verb, cut.

use std::net::SocketAddr;

use hostctl::env::variables::Environment;
use hostctl::sandbox::Name;

use super::{End, Table};
use crate::support::proxy::{Fault, Proxy, Way};
use crate::support::{Call, Ran};

/// Where a wire ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    Postgres,
    Powerdns,
}

impl Table<'_> {
    /// Plays the verb with each of its wires cut at a few places in both directions, many where `HOSTCTL_TORTURE` is set.
    ///
    /// # Panics
    /// Where anything is neither all nor nothing, or the exit code lies.
    pub fn cut(&self) {
        let environment = Environment::from_process().expect("an environment");
        let is_torture = environment.filled("HOSTCTL_TORTURE").is_some();
        let samples = if is_torture { 20 } else { 1 };
        // What is undone was written to the address that it was written to.
        let meets_powerdns = self.verb.has_dns && !self.verb.line.starts_with("op undo");
        let servers: &[Server] = match meets_powerdns {
            true => &[Server::Postgres, Server::Powerdns],
            false => &[Server::Postgres],
        };
        for server in servers {
            self.cut_one(*server, samples);
        }
    }

    fn cut_one(&self, server: Server, samples: u64) {
        let address = self.address(server);
        let (requests, replies) = self.traffic(server, address);
        if requests == 0 {
            // A step that only looks at the name servers does not come by here.
            return;
        }
        let mut struck = 0;
        for (way, total) in [(Way::Request, requests), (Way::Reply, replies)] {
            for sample in 0..samples {
                // Later of the one than of the other, so that one place in each direction is not the same moment.
                let after = match way {
                    Way::Request => total * (3 * sample + 2) / (3 * samples),
                    Way::Reply => total * (3 * sample + 1) / (3 * samples),
                };
                struck += u64::from(self.cut_at(server, address, (way, after)));
            }
        }
        assert!(
            struck >= samples,
            "{}: {server:?} was cut {struck} times",
            self.verb.line
        );
    }

    /// What crosses the wire of an undisturbed run.
    fn traffic(&self, server: Server, address: SocketAddr) -> (u64, u64) {
        self.prepare();
        let wire = self.lab.wait(Proxy::start(address, None));
        let ran = through(self.call(&["--yes"]), server, wire.port).run();
        ran.expect_code(0);
        self.clear();
        wire.traffic()
    }

    /// Whether the cut came before the end.
    fn cut_at(&self, server: Server, address: SocketAddr, (way, after): (Way, u64)) -> bool {
        self.prepare();
        let before = self.lab.world();
        let wire = self
            .lab
            .wait(Proxy::start(address, Some((way, after, Fault::Cut))));
        let ran = through(self.call(&["--yes"]), server, wire.port).run();
        let has_struck = wire.has_struck();
        wire.mend();
        let words = format!(
            "{}: {server:?} cut after {after} bytes of {way:?}",
            self.verb.line
        );
        assert!(has_struck || ran.code == Some(0), "{words}: {ran}");
        let recovery = match ran.code {
            // The operation says where it was: so does recovery ask where it finds the same.
            Some(9) => Some(through(self.lab.call(&["op", "recover"]), server, wire.port).run()),
            _ => None,
        };
        if let Some(recovery) = &recovery {
            recovery.expect_code(0);
        }
        self.judge_cut(&before, &ran)
            .unwrap_or_else(|problem| panic!("{words}: {problem}\n{ran}\n{recovery:?}"));
        let open = self.lab.run(&["op", "list", "--open", "-o", "json"]).json();
        assert_eq!(open, serde_json::json!([]), "{words}: {ran}");
        self.clear();
        has_struck
    }

    fn judge_cut(&self, before: &crate::support::World, ran: &Ran) -> Result<(), String> {
        match (ran.code, self.all_or_nothing(before, &self.lab.world())?) {
            (Some(0), End::All) | (Some(8), End::Nothing) | (Some(9), _) => Ok(()),
            (code, end) => Err(format!("exit {code:?}, and it is {end:?}")),
        }
    }

    fn address(&self, server: Server) -> SocketAddr {
        let (name, index) = match server {
            Server::Postgres => (Name::Postgres, 0),
            Server::Powerdns => (Name::Powerdns, 1),
        };
        self.lab.sandbox().addresses(name).expect("a server")[index]
    }
}

fn through(call: Call<'_>, server: Server, port: u16) -> Call<'_> {
    match server {
        Server::Postgres => call.through(port),
        Server::Powerdns => call.dns_through(&format!("http://127.0.0.1:{port}")),
    }
}
