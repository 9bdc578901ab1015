//! Two clusters with databases of the same name: each verb is told which, or asks.

use crate::database_ops::tenant::{PASSWORD, login};
use crate::support::{Lab, Ran};

struct Two {
    first: Lab,
    second: Lab,
}

impl Two {
    fn run(&self, arguments: &[&str]) -> Ran {
        let mut address = self.second.sandbox().control().expect("configuration");
        address.dbname("postgres");
        let port = address.get_ports()[0];
        let password = address.get_password().expect("password");
        let password = String::from_utf8(password.to_vec()).expect("text");
        let file = self.first.path("second.password");
        if !file.exists() {
            self.first.private_file("second.password", &password);
        }
        self.first
            .call(arguments)
            .variable(
                "HOSTCTL_CLUSTER__SECOND__URL",
                &format!("postgres://hostctl@127.0.0.1:{port}/postgres"),
            )
            .variable(
                "HOSTCTL_CLUSTER__SECOND__PASSWORD_FILE",
                &file.display().to_string(),
            )
            .stdin(PASSWORD)
            .run()
    }

    /// Whether the tenant is let in, on each.
    fn open(&self) -> [bool; 2] {
        [&self.first, &self.second].map(|lab| login(lab, "shop", PASSWORD, "shop").is_ok())
    }
}

#[test]
fn every_verb_works_on_the_cluster_that_is_named() {
    let two = Two {
        first: Lab::new(),
        second: Lab::new(),
    };
    for cluster in ["main", "second"] {
        two.run(&["db", "create", "shop", "--password-stdin", "--cluster", cluster])
            .expect_code(0);
    }
    assert_eq!(two.open(), [true, true]);
    let archive = two.first.path("shop.dump").display().to_string();
    let verbs: &[&[&str]] = &[
        &["db", "show", "shop"],
        &["db", "set", "shop", "--connections", "5"],
        &["db", "suspend", "shop"],
        &["db", "resume", "shop"],
        &["db", "backup", "shop", "--to", &archive],
        &["db", "restore", "shop", &archive, "--yes"],
        &["db", "passwd", "shop", "--password-stdin"],
        &["db", "delete", "shop", "--purge", "--yes"],
    ];
    let first = two.first.world();
    for verb in verbs {
        if verb.contains(&"restore") {
            // The archive is there: which database it is for is what is missing.
            two.run(&["db", "backup", "shop", "--to", &archive, "--cluster", "second"]);
        }
        let ran = two.run(verb);
        assert_eq!(ran.code, Some(2), "{ran}");
        assert!(ran.stderr.contains("main, second"), "{ran}");
        let named = [verb, &["--cluster", "second"][..]].concat();
        if verb.contains(&"backup") {
            continue;
        }
        two.run(&named).expect_code(0);
        let expected = match verb[1] {
            "suspend" | "delete" => [true, false],
            _ => [true, true],
        };
        assert_eq!(two.open(), expected, "{named:?}");
    }
    let difference = first.difference(&two.first.world());
    let of_cluster: Vec<&String> = difference
        .iter()
        .filter(|line| !line.contains("row backups") && !line.contains("\"second\""))
        .collect();
    assert!(of_cluster.is_empty(), "{of_cluster:?}");
    // An archive from one cluster on the other.
    two.run(&["db", "restore", "shop", &archive, "--yes"])
        .expect_code(0);
    assert_eq!(two.open(), [true, false]);
    let listed = two.run(&["db", "backups", "--cluster", "second", "-o", "json"]);
    assert_eq!(listed.expect_code(0).json().as_array().map(Vec::len), Some(1));
    let listed = two.run(&["db", "list", "--cluster", "second", "-o", "json"]);
    assert_eq!(listed.expect_code(0).json(), serde_json::json!([]));
}
