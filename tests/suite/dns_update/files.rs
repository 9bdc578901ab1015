//! Whole zones from and to master files.

use serde_json::json;

use crate::support::Lab;
use crate::support::nameserver::{Make, ZONE};

const FILE: &str = "\u{feff}$TTL 1h\r\n@\tIN SOA ns1 hostmaster (\r\n\t1 ; serial\r\n\t2 3 4 5 )\r\n\tNS ns1\r\n\
    ns1 60 A 127.0.0.1\r\nwww\t300 IN A 192.0.2.1\r\n\tIN 300 A 192.0.2.2\r\n@ MX 10 mail\r\nmail A 192.0.2.3\r\n\
    t TXT \"a;b\" \"c d\"\r\n*.dev CNAME www\r\n";

fn lab(make: Make) -> Lab {
    Lab::with_nameserver(make, "theirs A 192.0.2.9\n")
}

fn write(lab: &Lab, name: &str, text: &str) -> String {
    let path = lab.path(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn a_file_is_imported_in_one_change_and_read_back() {
    for make in [Make::Bind, Make::Knot] {
        let lab = lab(make);
        let file = write(&lab, "zone", FILE);
        let before = lab.wait(lab.edge().serial(ZONE));
        let different = lab.run(&["dns", "zone", "diff", ZONE, &file, "-o", "json"]);
        let lines = different.expect_code(5).json();
        let changes: Vec<_> = lines
            .as_array()
            .expect("lines")
            .iter()
            .map(|line| (&line["change"], &line["name"]))
            .collect();
        assert!(
            changes.contains(&(&json!("missing"), &json!("theirs.dyn.test"))),
            "{changes:?}"
        );
        assert!(
            changes.contains(&(&json!("added"), &json!("www.dyn.test"))),
            "{changes:?}"
        );
        lab.run(&["dns", "zone", "import", ZONE, &file, "--dry-run"])
            .expect_code(0);
        assert_eq!(lab.wait(lab.edge().serial(ZONE)), before);
        let imported = lab.run(&["dns", "zone", "import", ZONE, &file, "--yes", "-o", "json"]);
        assert_eq!(imported.expect_code(0).json()["state"], "imported");
        assert_eq!(lab.wait(lab.edge().serial(ZONE)), before + 1, "{make:?}");
        let mail = lab.wait(lab.edge().dig(&["+short", "dyn.test", "MX"]));
        assert_eq!(mail, ["10 mail.dyn.test."]);
        let text = lab.wait(lab.edge().dig(&["+short", "t.dyn.test", "TXT"]));
        assert_eq!(text, ["\"a;b\" \"c d\""]);
        let again = lab.run(&["dns", "zone", "import", ZONE, &file, "--yes", "-o", "json"]);
        assert_eq!(again.expect_code(0).json()["state"], "unchanged");
        let exported = lab
            .run(&["dns", "zone", "export", ZONE])
            .expect_code(0)
            .stdout
            .clone();
        assert!(
            exported.contains("theirs\t60\tIN\tA\t192.0.2.9\n") && !exported.contains("_hostctl"),
            "{exported}"
        );
        let same = write(&lab, "exported", &exported);
        lab.run(&["dns", "zone", "diff", ZONE, &same]).expect_code(0);
        let piped = lab
            .call(&["dns", "zone", "diff", ZONE, "-"])
            .stdin(exported)
            .run();
        piped.expect_code(0);
        lab.run(&[
            "dns",
            "zone",
            "import",
            ZONE,
            &write(&lab, "less", "www 300 A 192.0.2.1\n"),
            "--prune",
            "--yes",
        ])
        .expect_code(0);
        let left = lab.wait(lab.edge().records(ZONE));
        assert!(left.iter().any(|line| line.starts_with("theirs.")), "{left:?}");
        assert!(
            !left
                .iter()
                .any(|line| line.starts_with("mail.") || line.contains("192.0.2.2")),
            "{left:?}"
        );
    }
}

#[test]
fn one_bad_line_of_many_changes_nothing() {
    let lab = lab(Make::Bind);
    let before = lab.world();
    let lines: Vec<String> = (0..499).map(|number| format!("h{number} A 192.0.2.1")).collect();
    for (bad, rule) in [
        ("bad A 256.1.1.1", "line 251: "),
        ("$INCLUDE /etc/passwd", "line 251: $INCLUDE is not carried out"),
        (
            "$GENERATE 1-65535 a$ A 192.0.2.4",
            "line 251: $GENERATE is not carried out",
        ),
        (
            "t TXT \"foo\n@ IN NS evil.example.",
            "line 251: a quote is not closed",
        ),
        ("www.other.test. A 192.0.2.1", "line 251: "),
        (
            "h1 60 A 192.0.2.2",
            "line 251: h1.dyn.test A has TTL 60, and 3600 in line 2",
        ),
    ] {
        let (head, tail) = lines.split_at(250);
        let text = [&head.join("\n"), bad, &tail.join("\n"), ""].join("\n");
        let file = write(&lab, "bad", &text);
        let refused = lab.run(&["dns", "zone", "import", ZONE, &file, "--yes"]);
        assert!(refused.expect_code(2).stderr.contains(rule), "{refused}");
    }
    before.expect_same(&lab.world(), "a bad line");
}

#[test]
fn values_of_others_are_replaced_only_after_asking() {
    let lab = lab(Make::Knot);
    let before = lab.world();
    let file = write(&lab, "zone", "theirs 60 A 192.0.2.1\n");
    let refused = lab.run(&["dns", "zone", "import", ZONE, &file]);
    assert!(refused.expect_code(2).stderr.contains("--yes"), "{refused}");
    before.expect_same(&lab.world(), "not asked");
    lab.run(&["dns", "zone", "import", "nowhere.test", &file, "--yes"])
        .expect_code(3);
}
