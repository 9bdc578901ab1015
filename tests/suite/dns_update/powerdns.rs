//! PowerDNS: zones by its API, changes by update, which compare where the API cannot.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hostctl::sandbox::Name;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::dns_update::wire::{Mischief, Wire};
use crate::support::Lab;

const SECRET: &str = "c29tZSBzZWNyZXQgb2YgYSB0ZXN0IHRoYXQgaXMgbG9uZw==";

/// A PowerDNS that takes updates in our key.
fn lab() -> Lab {
    let lab = Lab::with_dns();
    let configuration = lab.path("powerdns/pdns.conf");
    let mut file = OpenOptions::new()
        .append(true)
        .open(configuration)
        .expect("a configuration");
    file.write_all(b"dnsupdate=yes\nallow-dnsupdate-from=127.0.0.1\n")
        .expect("written");
    lab.wait(lab.sandbox().restart(Name::Powerdns))
        .expect("restarted");
    let key = json!({ "name": "hostctl-test", "algorithm": "hmac-sha256", "key": SECRET });
    assert_eq!(lab.wait(api(&lab, "POST", "/tsigkeys", &key)).0, 201);
    let secret = lab.private_file("main.tsig", &format!("{SECRET}\n"));
    let server = lab.sandbox().addresses(Name::Powerdns).expect("addresses")[0];
    let file = lab.sandbox().config_file();
    let text = std::fs::read_to_string(&file).expect("a configuration");
    let update = format!(
        "[dns.main]\nupdate_server = \"{server}\"\ntsig_name = \"hostctl-test\"\ntsig_secret_file = \"{secret}\"\n"
    );
    hostctl::env::files::replace_private(&file, text.replace("[dns.main]\n", &update).as_bytes())
        .expect("written");
    lab
}

/// What somebody else asks of the API.
async fn api(lab: &Lab, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let address = lab.sandbox().addresses(Name::Powerdns).expect("addresses")[1];
    let key = std::fs::read_to_string(lab.path("powerdns.key")).expect("a key");
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let plain = hostctl::env::tls::client_config_verifying(None, hostctl::env::tls::Verify::Nothing);
    let client = hostctl::env::http::client(plain.expect("tls"), Duration::from_secs(10)).expect("a client");
    let request = client.request(method, format!("http://{address}/api/v1/servers/localhost{path}"));
    let response = request
        .header("x-api-key", key.trim())
        .json(body)
        .send()
        .await
        .expect("answered");
    (
        response.status().as_u16(),
        response.json().await.unwrap_or_default(),
    )
}

fn values(lab: &Lab, name: &str) -> Vec<String> {
    let list = lab.run(&[
        "dns",
        "record",
        "list",
        "shop.test",
        "--name",
        name,
        "--type",
        "A",
        "-o",
        "json",
    ]);
    let list = list.expect_code(0).json();
    let values = list[0]["values"].as_array().cloned().unwrap_or_default();
    values
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[test]
fn changes_go_by_update_and_each_is_one_serial() {
    let lab = lab();
    let made = lab
        .run(&["dns", "zone", "create", "shop.test", "-o", "json"])
        .expect_code(0)
        .json();
    let before = made["serial"].as_u64().expect("a serial");
    lab.run(&[
        "dns",
        "record",
        "add",
        "shop.test",
        "www",
        "A",
        "192.0.2.1",
        "192.0.2.2",
    ])
    .expect_code(0);
    lab.run(&[
        "dns",
        "record",
        "delete",
        "shop.test",
        "www",
        "A",
        "192.0.2.1",
        "--yes",
    ])
    .expect_code(0);
    assert_eq!(values(&lab, "www"), ["192.0.2.2"]);
    let shown = lab
        .run(&["dns", "zone", "show", "shop.test", "-o", "json"])
        .expect_code(0)
        .json();
    assert_eq!(
        (&shown["serial"], &shown["foreign"]),
        (&json!(before + 2), &json!(0))
    );
    let (_, zone) = lab.wait(api(&lab, "GET", "/zones/shop.test.", &Value::Null));
    let sets = zone["rrsets"].as_array().expect("sets");
    assert!(
        sets.iter().any(|set| set["name"] == "_hostctl.shop.test."),
        "changed by update: {sets:?}"
    );
    lab.run(&["dns", "zone", "delete", "shop.test", "--purge", "--yes"])
        .expect_code(0);
}

#[test]
fn another_writer_in_the_same_instant_is_not_overwritten() {
    let lab = lab();
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    lab.run(&["dns", "record", "add", "shop.test", "www", "A", "192.0.2.1"])
        .expect_code(0);
    let go = Arc::new(Notify::new());
    let server = lab.sandbox().addresses(Name::Powerdns).expect("addresses")[0];
    let wire = lab.wait(Wire::start(server, Mischief::Hold, Arc::clone(&go)));
    let theirs = json!({ "rrsets": [{ "name": "www.shop.test.", "type": "A", "ttl": 3600, "changetype": "REPLACE",
        "records": [{ "content": "192.0.2.1" }, { "content": "192.0.2.9" }] }] });
    let refused = lab.wait(async {
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
        let asked = lab
            .call(&add)
            .variable("HOSTCTL_DNS__MAIN__UPDATE_SERVER", &wire.address.to_string());
        let other = async {
            while wire.updates.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(api(&lab, "PATCH", "/zones/shop.test.", &theirs).await.0, 204);
            go.notify_one();
        };
        tokio::join!(asked.start(), other).0
    });
    assert!(refused.expect_code(4).stderr.contains("\"changed\""), "{refused}");
    assert_eq!(values(&lab, "www"), ["192.0.2.1", "192.0.2.9"]);
}

#[test]
fn what_only_this_server_has_is_read_back_as_it_was_exported() {
    let lab = lab();
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    let set = |name: &str, rtype: &str, content: &str| {
        json!({ "name": format!("{name}.shop.test."), "type": rtype, "ttl": 60, "changetype": "REPLACE",
            "records": [{ "content": content }] })
    };
    let theirs = json!({ "rrsets": [
        set("alias", "ALIAS", "x.example.net."),
        set("lua", "LUA", "A \"ifportup(443, {'192.0.2.1', '192.0.2.2'})\""),
        set("place", "LOC", "51 56 0.123 N 5 54 0.000 E 4.00m 1.00m 10000.00m 10.00m"),
        { "name": "short.shop.test.", "type": "A", "ttl": 5, "changetype": "REPLACE",
            "records": [{ "content": "192.0.2.5" }] },
        { "name": "off.shop.test.", "type": "A", "ttl": 60, "changetype": "REPLACE",
            "records": [{ "content": "192.0.2.6", "disabled": true }] },
        { "name": "half.shop.test.", "type": "A", "ttl": 60, "changetype": "REPLACE",
            "records": [{ "content": "192.0.2.7" }, { "content": "192.0.2.8", "disabled": true }] },
    ] });
    assert_eq!(lab.wait(api(&lab, "PATCH", "/zones/shop.test.", &theirs)).0, 204);
    let exported = lab.run(&["dns", "zone", "export", "shop.test"]);
    let text = exported.expect_code(0).stdout.clone();
    assert!(text.contains("\tLUA\t"), "{text}");
    let diff = |text: &str| {
        let diff = lab.call(&["dns", "zone", "diff", "shop.test", "-"]);
        diff.stdin(text).run()
    };
    let same = diff(&text);
    same.expect_code(0);
    assert!(same.stderr.contains("short.shop.test A has TTL 5"), "{same}");
    let on = diff(&text.replace("; switched off: off", "off"));
    assert!(on.expect_code(5).stdout.contains("added"), "{on}");
    let moved = diff(&text.replace("x.example.net.", "x"));
    assert!(moved.expect_code(5).stdout.contains("x.shop.test."), "{moved}");
    let import = |text: &str| {
        let import = lab.call(&["dns", "zone", "import", "shop.test", "-", "--yes"]);
        import.stdin(text).run()
    };
    let before = lab.world();
    import(&text).expect_code(0);
    before.expect_same(&lab.world(), "nothing to change");
    // What is switched off would stay so beside what comes, which an update cannot do.
    let beside = import("half 60 A 192.0.2.7\nhalf 60 A 192.0.2.9\n");
    assert!(beside.expect_code(4).stderr.contains("switched off"), "{beside}");
}

#[test]
fn a_wrong_key_changes_nothing_and_is_told() {
    let lab = lab();
    lab.run(&["dns", "zone", "create", "shop.test"]).expect_code(0);
    let before = lab.world();
    let other = lab.private_file("other.tsig", "bm90IHRoZSBrZXk=\n");
    let add = lab.call(&[
        "dns",
        "record",
        "add",
        "shop.test",
        "www",
        "A",
        "192.0.2.2",
        "-o",
        "json",
    ]);
    let refused = add.variable("HOSTCTL_DNS__MAIN__TSIG_SECRET_FILE", &other).run();
    assert!(
        refused.expect_code(7).stderr.contains("TSIG key hostctl-test"),
        "{refused}"
    );
    before.expect_same(&lab.world(), "a wrong key");
}

#[test]
fn doctor_shows_whether_there_is_a_window() {
    let of = |lab: &Lab| {
        let checks = lab.run(&["doctor", "-o", "json"]).json();
        let checks = checks.as_array().expect("checks").clone();
        let main = checks
            .into_iter()
            .find(|check| check["check"] == "dns main")
            .expect("main");
        main["message"].as_str().expect("a message").to_owned()
    };
    assert!(of(&lab()).contains("compare-and-swap by DNSUPDATE"));
    assert!(of(&Lab::with_dns()).contains("no compare-and-swap"));
}
