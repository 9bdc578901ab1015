//! Zones that hold what a person seldom writes: types and names of all kinds, values that are switched off, keys of the
//! server.

use std::fmt::Write as _;

use serde_json::json;

use crate::support::Lab;
use crate::support::nameserver::{Make, ZONE};

const ODD: &str = "dn DNAME target.test.\nesc\\;x\\\"y A 192.0.2.1\n\\032blank A 192.0.2.2\n* TXT \"wild\"\n\
    *.a.b A 192.0.2.3\nq TXT \"say \\\"hi\\\" \\\\ \\233\\;\"\nn TYPE65280 \\# 4 0a000001\nloc LOC 51 56 0.123 N 5 54 0.000 E 4m\n\
    m MX 10 a\\.b\\;c.example.net.\nlocal CNAME localhost.\nun_der MX 5 x_y.example.net.\nh HTTPS 1 . alpn=\"h2,h3\"\n\\$dollar A 192.0.2.4\n";

fn export(lab: &Lab, zone: &str) -> String {
    let exported = lab.run(&["dns", "zone", "export", zone]);
    exported.expect_code(0).stdout.clone()
}

fn import(lab: &Lab, zone: &str, text: &str) -> crate::support::Ran {
    let import = lab.call(&["dns", "zone", "import", zone, "-", "--yes", "-o", "json"]);
    import.stdin(text).run()
}

#[test]
fn whatever_a_zone_holds_is_exported_as_it_can_be_read() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, ODD);
        let text = export(&lab, ZONE);
        for line in [
            "dn\t60\tIN\tDNAME\ttarget.test.\n",
            "esc\\;x\\\"y\t60\tIN\tA\t192.0.2.1\n",
            "\\032blank\t60\tIN\tA\t192.0.2.2\n",
            "\\$dollar\t60\tIN\tA\t192.0.2.4\n",
            "m\t60\tIN\tMX\t10 a\\.b\\;c.example.net.\n",
        ] {
            assert!(text.contains(line), "{make:?}: {line}{text}");
        }
        let same = lab
            .call(&["dns", "zone", "diff", ZONE, "-"])
            .stdin(text.clone())
            .run();
        same.expect_code(0);
        let served = lab.wait(lab.edge().records(ZONE));
        let again = import(&lab, ZONE, &text);
        assert_eq!(again.expect_code(0).json()["state"], "unchanged");
        // The whole of it goes, by somebody else, and comes back from the file.
        let names = "dn DNAME|esc\\;x\\\"y A|\\032blank A|\\$dollar A|* TXT|*.a.b A|q TXT|n TYPE65280|loc LOC|m MX|local CNAME|un_der MX|h HTTPS";
        let gone: Vec<String> = names
            .split('|')
            .filter_map(|set| set.split_once(' '))
            .map(|(name, rtype)| format!("update delete {name}.{ZONE} {rtype}\n"))
            .collect();
        lab.wait(lab.edge().nsupdate(&gone.concat()));
        assert!(lab.wait(lab.edge().records(ZONE)).len() < 6, "{make:?}");
        assert_eq!(
            import(&lab, ZONE, &text).expect_code(0).json()["state"],
            "imported"
        );
        let mut wanted = served;
        let mut found = lab.wait(lab.edge().records(ZONE));
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{make:?}");
    }
}

#[test]
fn a_dname_is_written_as_a_name_and_obeyed_by_every_provider() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_nameserver(make, "");
        let file = "dn9 60 DNAME target.test.\ndn8 60 DNAME \\# 13 06746172676574047465737400\n";
        import(&lab, ZONE, file).expect_code(0);
        for name in ["dn8", "dn9"] {
            let asked = lab.wait(lab.edge().dig(&["+short", &format!("{name}.{ZONE}"), "DNAME"]));
            assert_eq!(asked, ["target.test."], "{make:?}");
        }
        let below = lab.wait(lab.edge().dig(&["+short", &format!("www.dn9.{ZONE}"), "A"]));
        assert!(
            below.contains(&"www.target.test.".to_owned()),
            "{make:?} {below:?}"
        );
        let add = [
            "dns",
            "record",
            "add",
            ZONE,
            "dn7",
            "DNAME",
            "other.example.net",
            "-o",
            "json",
        ];
        assert_eq!(
            lab.run(&add).expect_code(0).json()["values"],
            json!(["other.example.net."])
        );
        let second = ["dns", "record", "add", ZONE, "dn7", "DNAME", "more.example.net"];
        let refused = lab.run(&second);
        assert!(refused.expect_code(2).stderr.contains("one DNAME"), "{refused}");
        lab.run(&["dns", "record", "delete", ZONE, "dn7", "DNAME", "--yes"])
            .expect_code(0);
        assert!(
            lab.wait(lab.edge().dig(&["+short", &format!("dn7.{ZONE}"), "DNAME"]))
                .is_empty()
        );
    }
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    import(
        &lab,
        "shop.test",
        "dn 60 DNAME target.test.\nx 60 TYPE65280 \\# 4 0a000001\n",
    )
    .expect_code(0);
    let text = export(&lab, "shop.test");
    assert!(text.contains("dn\t60\tIN\tDNAME\ttarget.test.\n"), "{text}");
    let same = lab
        .call(&["dns", "zone", "diff", "shop.test", "-"])
        .stdin(text)
        .run();
    same.expect_code(0);
    let add = [
        "dns",
        "record",
        "add",
        "shop.test",
        "dn7",
        "DNAME",
        "other.example.net",
    ];
    lab.run(&add).expect_code(0);
    let held = lab.zones("SELECT content FROM records WHERE type = 'DNAME' ORDER BY 1");
    assert_eq!(held, ["other.example.net", "target.test"]);
}

const FOREIGN_KEYS: &str = "@ DNSKEY 256 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==\n\
    @ CDS 12345 13 2 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de4049fd46e6c4b45c55d4ac69\n";

#[test]
fn the_keys_of_a_server_that_signs_are_its_own() {
    for make in [Make::Bind, Make::Knot] {
        let lab = Lab::with_signing_nameserver(make, "theirs A 192.0.2.9\n");
        let text = export(&lab, ZONE);
        let types = |text: &str| {
            let lines = text.lines().filter_map(|line| line.split('\t').nth(3));
            let mut types: Vec<String> = lines.map(str::to_owned).collect();
            types.sort();
            types
        };
        assert_eq!(types(&text), ["A", "A", "NS", "SOA"], "{make:?} {text}");
        let listed = lab.run(&["dns", "record", "list", ZONE, "-o", "json"]);
        let listed = listed.expect_code(0).json();
        let listed: Vec<_> = listed
            .as_array()
            .expect("sets")
            .iter()
            .map(|set| set["type"].clone())
            .collect();
        assert_eq!(listed, ["NS", "SOA", "A", "A"], "{make:?}");
        let same = lab.call(&["dns", "zone", "diff", ZONE, "-"]).stdin(text).run();
        same.expect_code(0);
        // Nor does a change of ours touch them.
        let keys = |lab: &Lab| {
            let mut lines = lab.wait(lab.edge().records(ZONE));
            lines.retain(|line| {
                [" DNSKEY ", " CDS ", " CDNSKEY "]
                    .iter()
                    .any(|word| line.contains(word))
            });
            lines.sort();
            lines
        };
        let before = keys(&lab);
        import(&lab, ZONE, "www 60 A 192.0.2.1\n").expect_code(0);
        assert!(!before.is_empty());
        assert_eq!(keys(&lab), before, "{make:?}");
    }
    let lab = Lab::with_nameserver(Make::Knot, FOREIGN_KEYS);
    let text = export(&lab, ZONE);
    assert!(
        text.contains("@\t60\tIN\tDNSKEY\t") && text.contains("@\t60\tIN\tCDS\t"),
        "{text}"
    );
}

/// A value that PowerDNS holds twice, switched off and served, and one that is switched off.
fn with_switches() -> Lab {
    let lab = Lab::with_dns();
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    let add = [
        "dns",
        "record",
        "add",
        "shop.test",
        "www",
        "A",
        "192.0.2.1",
        "192.0.2.2",
    ];
    lab.run(&add).expect_code(0);
    lab.zones(
        "INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)
            SELECT domain_id, name, type, content, ttl, 1, 1 FROM records
            WHERE name = 'www.shop.test' AND content = '192.0.2.1';
        UPDATE records SET disabled = 1 WHERE name = 'www.shop.test' AND content = '192.0.2.2'",
    );
    lab
}

fn held(lab: &Lab) -> Vec<String> {
    lab.zones("SELECT content || ' ' || disabled FROM records WHERE name = 'www.shop.test' ORDER BY 1")
}

#[test]
fn a_value_that_is_both_served_and_switched_off_comes_back_served() {
    let lab = with_switches();
    assert_eq!(held(&lab), ["192.0.2.1 0", "192.0.2.1 1", "192.0.2.2 1"]);
    let deleted = lab.run(&["dns", "zone", "delete", "shop.test", "--yes", "-o", "json"]);
    let operation = deleted.expect_code(0).json()["operation"].clone();
    assert_eq!(held(&lab), Vec::<String>::new());
    let undone = lab.run(&["op", "undo", operation.as_str().expect("an operation"), "--yes"]);
    undone.expect_code(0);
    assert_eq!(held(&lab), ["192.0.2.1 0", "192.0.2.2 1"]);
}

#[test]
fn what_is_switched_off_is_shown_so_and_added_by_switching_it_on() {
    let lab = with_switches();
    let list = |form: &[&str]| {
        let words = [&["dns", "record", "list", "shop.test", "--type", "A"], form].concat();
        lab.run(&words)
    };
    let rows = list(&["-o", "json"]).expect_code(0).json();
    assert_eq!(rows[0]["values"], json!(["192.0.2.1", "192.0.2.2"]));
    assert_eq!(rows[0]["switched_off"], json!(["192.0.2.2"]));
    let table = list(&[]);
    assert!(table.expect_code(0).stdout.contains("192.0.2.2 (off)"), "{table}");
    assert!(!table.stdout.contains("192.0.2.1 (off)"), "{table}");

    let add = [
        "dns",
        "record",
        "add",
        "shop.test",
        "www",
        "A",
        "192.0.2.2",
        "-o",
        "json",
    ];
    let shown = lab.run(&[&add[..7], &["-n"]].concat());
    assert!(shown.expect_code(0).stdout.contains("192.0.2.2 (off)"), "{shown}");
    let added = lab.run(&add);
    let added = added.expect_code(0).json();
    assert_eq!(added["state"], "active");
    assert_eq!(held(&lab), ["192.0.2.1 0", "192.0.2.2 0"]);
    assert_eq!(list(&["-o", "json"]).json()[0]["switched_off"], json!([]));
    assert_eq!(lab.run(&add).expect_code(0).json()["state"], "unchanged");
    let operation = added["operation"].as_str().expect("an operation");
    lab.run(&["op", "undo", operation, "--yes"]).expect_code(0);
    assert_eq!(held(&lab), ["192.0.2.1 0", "192.0.2.2 1"]);
}

#[test]
fn a_question_of_many_records_names_the_first() {
    let mut lines = String::new();
    for number in 10..50 {
        writeln!(lines, "h{number} A 192.0.2.{number}").expect("a line");
    }
    let lab = Lab::with_nameserver(Make::Knot, &lines);
    let file = lines.replace("A 192.0.2.", "60 A 192.0.3.");
    let import = |more: &[&str]| {
        let words = [&["dns", "zone", "import", ZONE, "-"], more].concat();
        lab.call(&words).stdin(file.clone()).run()
    };
    let asked = import(&[]);
    assert!(
        asked
            .expect_code(2)
            .stderr
            .contains("h19.dyn.test A 192.0.2.19, … and 30 more, not made by hostctl?"),
        "{asked}"
    );
    assert!(!asked.stderr.contains("h20"), "{asked}");
    let shown = import(&["-n"]);
    let table = &shown.expect_code(0).stdout;
    assert!(
        table.contains("… and 30 more") && !table.contains("192.0.3.20"),
        "{shown}"
    );
    let all = import(&["-n", "-o", "json"]).expect_code(0).json().to_string();
    assert!(all.contains("192.0.2.49") && all.contains("192.0.3.49"), "{all}");
}
