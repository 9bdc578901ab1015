//! What others hold: certbot's and lego's trees, single files, and what cannot be taken of them. Deleting and undoing.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use hostctl::certificate::x509::{Chain, Key};
use hostctl::env::child::{self, Spec};
use hostctl::env::files;
use serde_json::{Value, json};

use super::authority::{Authority, Pair};
use crate::support::{Lab, Ran};

/// `live/NAME` with links into `archive/NAME`, as certbot makes it.
fn certbot(tree: &Path, name: &str, pair: &Pair, renewal: &str) {
    let (archive, live) = (tree.join("archive").join(name), tree.join("live").join(name));
    for directory in [&archive, &live, &tree.join("renewal")] {
        fs::create_dir_all(directory).expect("a directory");
    }
    for (part, text) in [
        ("cert", &pair.leaf),
        ("chain", &pair.chain),
        ("fullchain", &pair.fullchain()),
        ("privkey", &pair.key),
    ] {
        files::write_private(&archive.join(format!("{part}1.pem")), text.as_bytes()).expect("a file");
        let target = format!("../../archive/{name}/{part}1.pem");
        symlink(target, live.join(format!("{part}.pem"))).expect("a link");
    }
    fs::write(
        tree.join(format!("renewal/{name}.conf")),
        format!("[renewalparams]\n{renewal}"),
    )
    .expect("a file");
}

fn import(lab: &Lab, path: &Path) -> Ran {
    lab.run(&[
        "cert",
        "import",
        &path.display().to_string(),
        "-o",
        "json",
        "--account",
        "main",
    ])
}

/// Name, state, challenge and notes.
fn rows(ran: &Ran) -> Vec<(String, String, String, String)> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or("-").to_owned();
    let row = |row: &Value| {
        let notes: Vec<&str> = row["notes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        (
            text(row, "name"),
            text(row, "state"),
            text(row, "challenge"),
            notes.join("; "),
        )
    };
    ran.json().as_array().expect("rows").iter().map(row).collect()
}

#[test]
fn a_tree_of_certbot_is_taken_as_far_as_it_goes_and_the_rest_is_said() {
    let lab = Lab::new();
    lab.configure("\n[acme.main]\ndirectory = \"https://ca.example/directory\"\n");
    let (authority, tree) = (Authority::new(), lab.path("letsencrypt"));
    let server = "server = https://ca.example/directory\n";
    let webroot = format!(
        "authenticator = webroot\n{server}webroot_path = /var/www/html,\nrenew_hook = systemctl reload nginx\n"
    );
    let good = authority.issue(&["shop.example", "www.shop.example"], 60);
    certbot(&tree, "shop.example", &good, &webroot);
    certbot(
        &tree,
        "nginx.example",
        &authority.issue(&["nginx.example"], 60),
        &format!("authenticator = nginx\n{server}"),
    );
    certbot(
        &tree,
        "old.example",
        &authority.issue(&["old.example"], -3),
        &webroot,
    );
    let mut mixed = authority.issue(&["mixed.example"], 60);
    mixed.key = authority.issue(&["mixed.example"], 60).key;
    certbot(&tree, "mixed.example", &mixed, &webroot);

    let ran = import(&lab, &tree);
    ran.expect_code(10);
    let found = rows(&ran);
    let states: Vec<[&str; 3]> = found
        .iter()
        .map(|(name, state, challenge, _)| [&**name, state, challenge])
        .collect();
    assert_eq!(
        states,
        [
            ["mixed.example", "refused", "-"],
            ["nginx.example", "imported", "imported"],
            ["old.example", "refused", "-"],
            ["shop.example", "imported", "http-01"],
        ]
    );
    for (index, said) in [
        "does not belong",
        "authenticator nginx",
        "expired",
        "systemctl reload nginx",
    ]
    .iter()
    .enumerate()
    {
        assert!(found[index].3.contains(said), "{:?}", found[index]);
    }
    let shown = lab.run(&["cert", "show", "shop.example", "-o", "json"]).json();
    assert_eq!(
        (
            &shown["challenge"],
            &shown["cas"],
            &shown["state"],
            &shown["key_type"]
        ),
        (
            &json!("http-01"),
            &json!("main"),
            &json!("issued"),
            &json!("p256")
        )
    );
    // Where it is served nobody knows here, and said so as long as nobody says it.
    let place = "not renewed before: hostctl cert place shop.example";
    assert!(found[3].3.contains(place), "{:?}", found[3]);
    let again = import(&lab, &tree);
    again.expect_code(10);
    assert!(
        rows(&again)[3].1 == "unchanged" && rows(&again)[3].3.contains(place),
        "{again}"
    );
    lab.run(&["cert", "place", "shop.example"]).expect_code(0);
    assert!(!rows(&import(&lab, &tree))[3].3.contains("cert place"));
    for secret in [good.secret(), mixed.secret()] {
        assert!(![&ran, &again].iter().any(|ran| format!("{ran}").contains(secret)));
        assert_eq!(lab.leftover_secrets(secret), Vec::<String>::new());
    }
}

#[test]
fn lego_and_single_files_are_taken_and_what_is_deleted_comes_back() {
    let lab = Lab::new();
    let (authority, tree) = (Authority::new(), lab.path("lego"));
    let certificates = tree.join("certificates");
    fs::create_dir_all(&certificates).expect("a directory");
    let wildcard = authority.issue(&["*.shop.example"], 60);
    let write = |name: &str, text: &str| {
        files::write_private(&certificates.join(name), text.as_bytes()).expect("a file");
    };
    write("_.shop.example.crt", &wildcard.fullchain());
    write("_.shop.example.issuer.crt", &wildcard.chain);
    write("_.shop.example.key", &wildcard.key);
    write("_.shop.example.json", "{\"domain\": \"*.shop.example\"}");
    let ran = import(&lab, &tree);
    ran.expect_code(0);
    assert_eq!(rows(&ran)[0].0, "_.shop.example");

    let single = authority.issue(&["single.example", "192.0.2.7"], 60);
    let file = lab.path("combined.pem");
    files::write_private(&file, format!("{}{}", single.key, single.fullchain()).as_bytes()).expect("a file");
    let imported = import(&lab, &file);
    imported.expect_code(0);
    let names: Vec<String> = lab
        .run(&["cert", "list", "-o", "json"])
        .json()
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            format!(
                "{} {}",
                row["name"].as_str().expect("a name"),
                row["identifiers"].as_str().expect("names")
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            "_.shop.example *.shop.example",
            "single.example single.example 192.0.2.7"
        ]
    );

    // The same name by another account, and a domain that is another account's.
    lab.run(&["account", "create", "acme"]).expect_code(0);
    lab.run(&["mail", "domain", "create", "acme.example", "--account", "acme"])
        .expect_code(0);
    let path = file.display().to_string();
    lab.run(&["cert", "import", &path, "--account", "acme"])
        .expect_code(4);
    let theirs = lab.path("theirs");
    authority.issue(&["www.acme.example"], 60).write(&theirs);
    let taken = import(&lab, &theirs);
    taken.expect_code(4);
    assert!(taken.stderr.contains("\"taken\""), "{taken}");

    // Exported as it was, with a trace; a look lets nothing out.
    for form in [["--part", "privkey"], ["--directory", "/nowhere"]] {
        let shown = lab.run(&[&["cert", "export", "single.example", "--dry-run"], &form[..]].concat());
        shown.expect_code(0);
        assert!(!shown.stdout.contains("PRIVATE"), "{shown}");
    }
    let key = lab.run(&["cert", "export", "single.example", "--part", "privkey"]);
    assert_eq!(key.expect_code(0).stdout, single.key.replace('\r', ""));
    let exports = lab.ask("SELECT details->>'form' FROM hostctl.audit_logs WHERE action = 'cert.export'");
    assert_eq!(exports, ["privkey"]);
    export_pkcs12(&lab, &single);

    // Deleted and brought back whole, with its places; the import itself undone.
    lab.run(&["cert", "place", "single.example", "--on", "web1"])
        .expect_code(0);
    let before = lab.world();
    let delete = ["cert", "delete", "single.example", "--yes", "-o", "json"];
    let refused = lab.run(&delete);
    refused.expect_code(4);
    assert!(refused.stderr.contains("\"placed\""), "{refused}");
    let deleted = lab.run(&[&delete[..], &["--with-places"]].concat());
    let operation = deleted.expect_code(0).json()["operation"]
        .as_str()
        .expect("an operation")
        .to_owned();
    lab.run(&["cert", "show", "single.example"]).expect_code(3);
    lab.run(&["op", "undo", &operation, "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "after the way there and back");
    let undo = imported.json()[0]["operation"]
        .as_str()
        .expect("an operation")
        .to_owned();
    lab.run(&["op", "undo", &undo, "--yes"]).expect_code(4);
    lab.run(&["cert", "place", "single.example", "--off", "web1"])
        .expect_code(0);
    lab.run(&["op", "undo", &undo, "--yes"]).expect_code(0);
    lab.run(&["cert", "show", "single.example"]).expect_code(3);

    // A renewal that is undone leaves the one before.
    let found = lab.path("renewed");
    authority.issue(&["renewed.example"], 60).write(&found);
    import(&lab, &found).expect_code(0);
    let before = lab.world();
    authority.issue(&["renewed.example"], 61).write(&found);
    let renewed = import(&lab, &found).json()[0]["operation"]
        .as_str()
        .expect("an operation")
        .to_owned();
    lab.run(&["op", "undo", &renewed, "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "after a renewal and back");

    goes_with_its_account(&lab, &theirs);
    assert_eq!(lab.leftover_secrets(single.secret()), Vec::<String>::new());
}

/// The end of an account is the end of its certificates, and both come back.
fn goes_with_its_account(lab: &Lab, found: &Path) {
    let path = found.display().to_string();
    lab.run(&["cert", "import", &path, "--account", "acme"])
        .expect_code(0);
    lab.run(&["cert", "place", "www.acme.example", "--on", "web1"])
        .expect_code(0);
    let before = lab.world();
    let ended = lab.run(&["account", "delete", "acme", "--yes", "-o", "json"]);
    let ended = ended.expect_code(0).json()["operation"]
        .as_str()
        .expect("an operation")
        .to_owned();
    lab.run(&["cert", "show", "www.acme.example"]).expect_code(3);
    lab.run(&["op", "undo", &ended, "--yes"]).expect_code(0);
    before.expect_same(&lab.world(), "after the end of an account and back");
}

/// As OpenSSL reads it: the key, and the chain that it belongs to.
fn export_pkcs12(lab: &Lab, pair: &Pair) {
    let password = lab.private_file("pkcs12.password", "correct horse\n");
    let file = lab.path("single.p12").display().to_string();
    let export = ["cert", "export", "single.example", "--pkcs12", &file];
    lab.run(&export).expect_code(2);
    lab.run(&[&export[..], &["--password-file", &password]].concat())
        .expect_code(0);
    let source = format!("file:{password}");
    let words = ["pkcs12", "-in", &file, "-passin", &source, "-nodes"];
    let read = lab.wait(child::run(Spec::new("openssl").arguments(words)));
    let read = read.and_then(child::Output::succeeded).expect("openssl reads it");
    let key = Key::read(&read.stdout).expect("a key");
    let chain = Chain::read(&read.stdout).expect("a chain");
    chain.check_key(&key).expect("a pair");
    assert_eq!(chain.pem(), pair.fullchain().replace('\r', ""));
    let wrong = ["pkcs12", "-in", &file, "-passin", "pass:wrong", "-nodes"];
    let read = lab.wait(child::run(Spec::new("openssl").arguments(wrong)));
    assert!(read.and_then(child::Output::succeeded).is_err());
}
