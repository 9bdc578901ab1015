//! What was deleted comes back as it was, or is purged; and a finished operation is undone only where nothing came after it.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::{Lab, Ran};
use hostctl::env::child::{self, Spec};
use hostctl::sandbox::Name;
use tokio_postgres::{Client, Config, NoTls};

const KEYS: &str = "SELECT flags || ' ' || active || ' ' || content FROM cryptokeys";
const PASSWORD: &str = "a password of the tenant's";

/// What PowerDNS keeps, past PowerDNS.
fn stored(lab: &Lab, sql: &str) -> String {
    let spec = Spec::new("sqlite3").arguments(["-bail", "-cmd", ".timeout 5000"]);
    let spec = spec.argument(lab.path("powerdns/zones.sqlite3")).argument(sql);
    let output = lab.wait(child::run(spec)).and_then(child::Output::succeeded);
    String::from_utf8_lossy(&output.expect("the zones").stdout).into_owned()
}

/// Signs the zone by the API, as its owner's other tools would.
fn sign(lab: &Lab) {
    let address = lab.sandbox().addresses(Name::Powerdns).expect("PowerDNS")[1];
    let key = std::fs::read_to_string(lab.path("powerdns.key")).expect("the key");
    let body = r#"{"dnssec": true, "nsec3param": "1 0 0 -"}"#;
    let request = format!(
        "PUT /api/v1/servers/localhost/zones/shop.test. HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        key.trim(),
        body.len()
    );
    let mut stream = TcpStream::connect(address).expect("connected");
    stream.write_all(request.as_bytes()).expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
}

async fn enter(lab: &Lab) -> Result<Client, tokio_postgres::Error> {
    let address = lab.sandbox().addresses(Name::Postgres).expect("PostgreSQL")[0];
    let (client, connection) = Config::new()
        .host(address.ip().to_string())
        .port(address.port())
        .user("shop")
        .password(PASSWORD)
        .dbname("shop")
        .connect(NoTls)
        .await?;
    tokio::spawn(connection);
    Ok(client)
}

fn create_site(lab: &Lab) {
    let words = "site create shop.test --db shop --mail info,sales --dns -o json";
    let words: Vec<&str> = words.split(' ').collect();
    lab.run(&words).expect_code(0);
    let set = lab
        .call(&["db", "passwd", "shop", "--password-stdin"])
        .stdin(PASSWORD)
        .run();
    set.expect_code(0);
}

/// The newest operation of this kind.
fn operation(lab: &Lab, kind: &str) -> String {
    let sql = format!(
        "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' ORDER BY started_at DESC, id DESC LIMIT 1"
    );
    lab.ask(&sql).remove(0)
}

fn undo(lab: &Lab, id: &str) -> Ran {
    lab.run(&["op", "undo", id, "--yes", "-o", "json"])
}

/// The reason of a refusal.
fn reason(ran: &Ran) -> String {
    let error: serde_json::Value =
        serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {ran}"));
    error["error"]["reason"].as_str().expect("a reason").to_owned()
}

#[test]
fn a_deleted_site_comes_back_with_its_data_passwords_and_keys() {
    let lab = Lab::with_dns();
    create_site(&lab);
    sign(&lab);
    let keys = stored(&lab, KEYS);
    assert!(keys.contains("PrivateKey: "), "{keys}");
    lab.wait(async {
        let tenant = enter(&lab).await.expect("the tenant enters");
        let made = "CREATE TABLE item (name text); INSERT INTO item VALUES ('tea')";
        tenant.batch_execute(made).await.expect("ordinary work");
    });
    let before = lab.world();
    lab.run(&["site", "delete", "shop.test", "--yes"]).expect_code(0);
    assert!(lab.wait(enter(&lab)).is_err(), "the tenant is still in");
    assert_eq!(stored(&lab, KEYS), "", "the zone still has keys");
    let things = lab.run(&["op", "trash", "list", "-o", "json"]).json();
    assert_eq!(things.as_array().map(Vec::len), Some(6), "{things}");

    // The names are free, and whoever has them now stands in the way.
    let id = operation(&lab, "site.delete");
    let without = lab.world();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    let occupied = lab.world();
    assert_eq!(undo(&lab, &id).code, Some(4));
    occupied.expect_same(&lab.world(), "a refused undo");
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    without.expect_same(&lab.world(), "what stood in the way is gone");

    undo(&lab, &id).expect_code(0);
    before.expect_same(&lab.world(), "the site is back");
    assert_eq!(
        stored(&lab, KEYS),
        keys,
        "the DS at the parent would not match any more"
    );
    lab.wait(async {
        let tenant = enter(&lab)
            .await
            .expect("the tenant enters with the old password");
        let rows = tenant
            .query("SELECT name FROM item", &[])
            .await
            .expect("the data");
        assert_eq!(rows[0].get::<_, String>(0), "tea");
    });
    let again = undo(&lab, &id);
    assert_eq!((again.code, reason(&again).as_str()), (Some(4), "undone"));
    undo(&lab, &operation(&lab, "op.undo")).expect_code(0);
    assert!(lab.wait(enter(&lab)).is_err(), "undoing the undo deletes again");
    undo(&lab, &operation(&lab, "op.undo")).expect_code(0);
    before.expect_same(&lab.world(), "and once more");
}

#[test]
fn what_was_made_is_undone_and_made_again() {
    let lab = Lab::with_dns();
    let creations: [(&str, &[&str]); 5] = [
        ("db.create", &["db", "create", "shop"]),
        ("mail.domain.create", &["mail", "domain", "create", "shop.test"]),
        ("mail.box.create", &["mail", "box", "create", "info@shop.test"]),
        ("dns.zone.create", &["dns", "zone", "create", "shop.test"]),
        ("account.create", &["account", "create", "acme"]),
    ];
    for (kind, words) in creations {
        lab.run(words).expect_code(0);
        let made = lab.world();
        undo(&lab, &operation(&lab, kind)).expect_code(0);
        let things = lab.run(&["op", "trash", "list", "-o", "json"]).json();
        assert_eq!(things.as_array().map(Vec::len), Some(1), "{kind}: {things}");
        undo(&lab, &operation(&lab, "op.undo")).expect_code(0);
        made.expect_same(&lab.world(), kind);
    }
}

#[test]
fn a_site_with_parts_of_later_is_not_undone() {
    let lab = Lab::with_dns();
    create_site(&lab);
    let id = operation(&lab, "site.create");
    lab.run(&["mail", "box", "create", "late@shop.test"])
        .expect_code(0);
    let before = lab.world();
    let refused = undo(&lab, &id);
    assert_eq!((refused.code, reason(&refused).as_str()), (Some(4), "changed"));
    assert!(refused.stderr.contains("late@shop.test"), "{refused}");
    before.expect_same(&lab.world(), "a refused undo");
}

#[test]
fn changes_are_undone_in_the_order_of_their_age_only() {
    let lab = Lab::with_dns();
    create_site(&lab);
    let set = |value: &str| {
        let words = ["dns", "record", "set", "shop.test", "api", "A", value];
        lab.run(&words).expect_code(0);
        (operation(&lab, "dns.record.set"), lab.world())
    };
    let passwd = |password: &str| {
        let words = ["mail", "box", "passwd", "info@shop.test", "--password-stdin"];
        lab.call(&words).stdin(password).run().expect_code(0);
        (operation(&lab, "mail.box.passwd"), lab.world())
    };
    let empty = lab.world();
    let (first, first_world) = set("192.0.2.1");
    let (second, second_world) = set("192.0.2.2");
    let refused = undo(&lab, &first);
    assert_eq!((refused.code, reason(&refused).as_str()), (Some(4), "changed"));
    second_world.expect_same(&lab.world(), "a refused undo");
    undo(&lab, &second).expect_code(0);
    first_world.expect_same(&lab.world(), "the second record");
    undo(&lab, &first).expect_code(0);
    empty.expect_same(&lab.world(), "the first record");

    let (first, first_world) = passwd("one password of many");
    let (second, second_world) = passwd("another password of many");
    assert_eq!(reason(&undo(&lab, &first)), "changed");
    second_world.expect_same(&lab.world(), "a refused undo");
    undo(&lab, &second).expect_code(0);
    first_world.expect_same(&lab.world(), "the second password");
    undo(&lab, &first).expect_code(0);
    empty.expect_same(&lab.world(), "the first password");
}

#[test]
fn nothing_is_undone_in_a_zone_that_is_another_one_by_now() {
    let lab = Lab::with_dns();
    for account in ["acme", "beta"] {
        lab.run(&["account", "create", account]).expect_code(0);
    }
    let create = |account: &str| {
        lab.run(&["dns", "zone", "create", "moved.test", "--account", account])
            .expect_code(0);
    };
    let add = || {
        lab.run(&["dns", "record", "add", "moved.test", "www", "A", "192.0.2.1"])
            .expect_code(0);
        operation(&lab, "dns.record.add")
    };
    let refused = |id: &str, words: &str| {
        let before = lab.world();
        let ran = undo(&lab, id);
        assert_eq!((ran.code, reason(&ran).as_str()), (Some(4), "changed"), "{words}");
        before.expect_same(&lab.world(), words);
    };
    create("acme");
    undo(&lab, &add()).expect_code(0);
    let undone = operation(&lab, "op.undo");
    let added = add();
    lab.run(&["dns", "zone", "delete", "moved.test", "--purge", "--yes"])
        .expect_code(0);
    create("beta");
    refused(&undone, "undoing an undo");
    add();
    refused(&added, "undoing a change");
}

#[test]
fn what_cannot_be_undone_says_so() {
    let lab = Lab::new();
    lab.run(&["db", "create", "shop"]).expect_code(0);
    lab.run(&["db", "passwd", "shop"]).expect_code(0);
    let failed = lab
        .call(&["db", "create", "late"])
        .crash("fail:1:effect_done:do,fail:4:before_intent:do")
        .run();
    failed.expect_code(8);
    let before = lab.world();
    for (kind, expected) in [("db.passwd", "forward_only"), ("db.create", "not_finished")] {
        let refused = undo(&lab, &operation(&lab, kind));
        assert_eq!(
            (refused.code, reason(&refused).as_str()),
            (Some(4), expected),
            "{kind}"
        );
    }
    let nobody = undo(&lab, "00000000-0000-7000-8000-000000000000");
    assert_eq!(nobody.code, Some(3));
    before.expect_same(&lab.world(), "refused undos");
    lab.run(&["db", "delete", "shop", "--purge", "--yes"])
        .expect_code(0);
    let gone = undo(&lab, &operation(&lab, "db.delete"));
    assert_eq!((gone.code, reason(&gone).as_str()), (Some(4), "forward_only"));
}

#[test]
fn purging_leaves_nothing_and_the_clock_does_it_alone() {
    let lab = Lab::with_dns();
    let before = lab.world();
    create_site(&lab);
    lab.run(&["site", "delete", "shop.test", "--yes"]).expect_code(0);
    let id = operation(&lab, "site.delete");
    assert_ne!(
        lab.ask("SELECT count(*)::text FROM hostctl.operation_secrets"),
        ["0"]
    );
    lab.run(&["op", "trash", "purge", "--expired", "--yes"])
        .expect_code(0);
    let refused = lab.run(&["op", "trash", "purge", &id]);
    assert_eq!(refused.code, Some(2), "{refused}");
    lab.run(&["op", "trash", "purge", &id, "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "a purged site");
    assert_eq!(
        lab.ask("SELECT count(*)::text FROM hostctl.operation_secrets"),
        ["0"]
    );
    let gone = undo(&lab, &id);
    assert_eq!((gone.code, reason(&gone).as_str()), (Some(4), "purged"));

    create_site(&lab);
    let delete = lab.call(&["site", "delete", "shop.test", "--yes"]);
    delete
        .variable("HOSTCTL_RETENTION__TRASH", "1s")
        .run()
        .expect_code(0);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    lab.run(&["tick"]).expect_code(0);
    before.expect_same(&lab.world(), "after the tick");

    // A key would stand for several operations, and what cannot go holds nothing else up.
    let mut hidden = Vec::new();
    for name in ["one", "two"] {
        lab.run(&["db", "create", name]).expect_code(0);
        lab.run(&["db", "delete", name, "--yes"]).expect_code(0);
        hidden.extend(lab.ask("SELECT datname::text FROM pg_database WHERE datname LIKE 'hc\\_trash%'"));
    }
    let ids = lab.ask("SELECT operation_id::text FROM hostctl.trash ORDER BY name");
    let purge = ["op", "trash", "purge", &ids[0], &ids[1], "--yes", "-o", "json"];
    let before = lab.world();
    let keyed = lab.run(&[&purge[..], &["--idempotency-key", "k-1"]].concat());
    assert_eq!(keyed.code, Some(2), "{keyed}");
    before.expect_same(&lab.world(), "a purge with a key");
    lab.ask(&format!(
        "COMMENT ON DATABASE {} IS 'somebody else''s'",
        hidden[0]
    ));
    let partly = lab.run(&purge);
    let rows = partly.expect_code(10).json();
    assert_eq!(
        [&rows[0]["state"], &rows[1]["state"]],
        ["failed", "purged"],
        "{partly}"
    );
    assert_eq!(rows[0]["error"]["reason"], "changed", "{partly}");
    assert_eq!(
        lab.ask("SELECT operation_id::text FROM hostctl.trash"),
        [ids[0].clone()]
    );
}

#[test]
fn a_purge_tells_whose_mail_it_leaves_on_disk() {
    let lab = Lab::new();
    let mail = lab.path("mail");
    let call = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let mail = mail.display().to_string();
        lab.call(&words).variable("HOSTCTL_MAIL__DIRECTORY", &mail).run()
    };
    for line in [
        "mail domain create shop.test",
        "mail box create info@shop.test",
        "mail box create sales@shop.test",
    ] {
        call(line).expect_code(0);
    }
    let homes = || {
        let listed = call("mail home list -o json").expect_code(0).json();
        let line = |row: &serde_json::Value| {
            let text = |key: &str| row[key].as_str().expect(key).to_owned();
            format!("{} {} {}", text("home"), row["is_here"], row["is_kept"])
        };
        listed
            .as_array()
            .expect("a list")
            .iter()
            .map(line)
            .collect::<Vec<_>>()
    };
    assert_eq!(homes(), Vec::<String>::new());
    std::fs::create_dir_all(mail.join("shop.test/info/Maildir")).expect("a directory");
    let kept = call("mail box delete info@shop.test --yes");
    kept.expect_code(0);
    assert!(!kept.stderr.contains("stays on disk"), "{kept}");
    assert_eq!(homes(), ["shop.test/info true true"]);
    let place = mail.join("shop.test/info").display().to_string();
    let id = operation(&lab, "mail.box.delete");
    let purged = call(&format!("op trash purge {id} --yes"));
    purged.expect_code(0);
    assert!(purged.stderr.contains(&place), "{purged}");
    assert!(mail.join("shop.test/info/Maildir").is_dir());
    assert_eq!(homes(), ["shop.test/info true false"]);
    let purged = call("mail domain delete shop.test --with-boxes --purge --yes");
    purged.expect_code(0);
    assert!(purged.stderr.contains("shop.test/sales"), "{purged}");
    assert!(!purged.stderr.contains(&place), "told once: {purged}");
    assert_eq!(
        homes(),
        ["shop.test/info true false", "shop.test/sales false false"]
    );
}
