//! The JSON Schema of manifests that is kept in the repository: what the program prints, and what another program than ours
//! makes of manifests with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hostctl::env::child::{self, Ended, Spec};
use hostctl::manifest;
use serde_json::{Value, json};

const FILE: &str = "schema/site.schema.json";

#[test]
fn the_schema_is_that_of_this_program() {
    let printed = serde_json::to_string_pretty(&manifest::schema()).expect("JSON") + "\n";
    let file = root().join(FILE);
    if is_generating() {
        fs::create_dir_all(file.parent().expect("a directory")).expect("schema");
        fs::write(&file, &printed).expect("the schema");
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == printed,
        "{FILE} is not what the program prints: make generate"
    );
}

#[test]
fn another_validator_agrees_about_good_and_bad_manifests() {
    let good = [
        readme_example(),
        json!({ "site": [] }),
        json!({ "site": [{ "domain": "a.test", "steps": ["vhost"], "mail": { "aliases": [
            { "name": "@", "destinations": ["info@b.test"] },
        ] } }] }),
        json!({ "site": [{ "domain": "a.test", "dns": { "records": [
            { "name": "@", "type": "MX", "ttl": 3600, "values": ["10 mx.a.test."] },
            { "name": "x", "type": "A", "ttl": "1h", "values": ["192.0.2.1"] },
        ] } }] }),
    ];
    let bad = [
        json!({}),
        json!({ "sites": [] }),
        json!({ "site": [{}] }),
        json!({ "site": [{ "domain": 5 }] }),
        json!({ "site": [{ "domain": "a.test", "databse": {} }] }),
        json!({ "site": [{ "domain": "a.test", "database": { "name": "a", "limits": { "connections": 0 } } }] }),
        json!({ "site": [{ "domain": "a.test", "mail": { "boxes": [{}] } }] }),
        json!({ "site": [{ "domain": "a.test", "mail": { "aliases": [{ "name": "x" }] } }] }),
        json!({ "site": [{ "domain": "a.test", "steps": "vhost" }] }),
        json!({ "site": [{ "domain": "a.test", "dns": { "records": [{ "name": "x", "type": "A" }] } }] }),
    ];
    for (manifests, is_good) in [(&good[..], true), (&bad[..], false)] {
        for manifest in manifests {
            assert_eq!(reads(manifest), is_good, "our reader: {manifest}");
            assert_eq!(validates(manifest), is_good, "the validator: {manifest}");
        }
    }
}

/// Whether our own reader takes it.
fn reads(manifest: &Value) -> bool {
    let source = manifest::Source {
        name: "site.json".to_owned(),
        directory: PathBuf::new(),
        text: manifest.to_string(),
    };
    let entries = manifest::read_all(&[source]);
    entries.is_ok_and(|entries| entries.iter().all(|entry| entry.site.is_ok()))
}

/// Whether python3-jsonschema takes it.
fn validates(manifest: &Value) -> bool {
    const PROGRAM: &str = "import json, sys\n\
        try: import jsonschema\n\
        except ImportError: sys.exit(3)\n\
        schema, value = json.load(open(sys.argv[1])), json.load(sys.stdin)\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        sys.exit(0 if jsonschema.Draft202012Validator(schema).is_valid(value) else 5)\n";
    let file = root().join(FILE);
    let spec = Spec::new("/usr/bin/python3")
        .arguments(["-c", PROGRAM, file.to_str().expect("a path")])
        .stdin(manifest.to_string().into_bytes())
        .deadline(Duration::from_secs(60));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("an event loop");
    let output = runtime
        .block_on(child::run(spec))
        .expect("python3: apt-get install python3-jsonschema");
    match output.ended {
        Ended::Exit(0) => true,
        Ended::Exit(5) => false,
        Ended::Exit(3) => panic!("the validator is missing: apt-get install python3-jsonschema"),
        _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// The manifest that README shows, as JSON: it is an example that can rot.
fn readme_example() -> Value {
    let text = fs::read_to_string(root().join("README.md")).expect("README.md");
    let (_, rest) = text
        .split_once("<!-- manifest -->\n```toml\n")
        .expect("the manifest in README.md");
    let (toml, _) = rest.split_once("```").expect("its end");
    let source = manifest::Source {
        name: "README.md".to_owned(),
        directory: PathBuf::new(),
        text: toml.to_owned(),
    };
    let entries = manifest::read_all(&[source]).expect("a manifest");
    let sites: Vec<_> = entries
        .into_iter()
        .map(|entry| entry.site.expect("a site"))
        .collect();
    assert!(!sites.is_empty());
    manifest::to_json(&sites).expect("JSON")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[expect(clippy::disallowed_methods, reason = "set by `make generate`")]
fn is_generating() -> bool {
    std::env::var_os("HOSTCTL_GENERATE").is_some()
}
