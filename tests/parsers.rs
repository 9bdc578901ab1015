//! Parsers of what people write outside `model`, whose types prove the same beside themselves: nothing panics, what is
//! accepted comes back as it is shown, and what is refused is told on one line without a secret in it.

use std::collections::BTreeMap;
use std::path::Path;

use hostctl::audit::{Moment, Pattern};
use hostctl::config::{self, PostgresUrl, value};
use hostctl::error::Error;
use hostctl::journal::Marker;
use hostctl::keyring::Keyring;
use hostctl::mail::hash::PasswordHash;
use hostctl::model::ReverseZone;
use proptest::prelude::*;

/// In place of a password wherever one may stand.
const SECRET: &str = "hunter2-hunter2";

/// One line, nothing hidden in it, and no secret.
fn is_well_told(error: &Error) -> bool {
    let message = error.message();
    !message.chars().any(char::is_control) && !message.contains(SECRET)
}

fn load(text: &str, variables: &BTreeMap<String, String>) -> Result<(), Error> {
    let request = config::Request {
        explicit: Some(Path::new("/etc/hostctl/hostctl.toml")),
        variables,
        flags: &[],
        tolerates_unknown_keys: false,
    };
    config::load(&request, |_| Ok(Some(text.to_owned()))).map(|_| ())
}

/// Paths of the keys there are, with a name where any may stand.
fn any_key() -> impl Strategy<Value = String> {
    let paths: Vec<String> = config::keys::KEYS
        .iter()
        .map(|key| key.path.replace('*', "main"))
        .collect();
    prop::sample::select(paths)
}

/// What somebody may write there: a word of each kind, or anything.
const VALUES: &str = "\\PC{0,30}|[ -~]{0,30}|true|[0-9]{1,20}[smhdw]?|[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,6})?|/[a-z/.]{0,12}|https?://[a-z0-9.:@\\[\\]/%]{0,20}|\\[.{0,20}\\]?";

proptest! {
    #[test]
    fn any_file_is_read_or_refused(text in "\\PC{0,80}|(\\[[a-z.\"*]{0,20}\\]\n)?([a-z_.\"]{1,12} ?= ?[ -~]{0,20}\n){0,4}") {
        if let Err(error) = load(&text, &BTreeMap::new()) {
            prop_assert!(is_well_told(&error), "{error}");
        }
    }

    #[test]
    fn any_value_of_any_key_is_taken_or_refused(path in any_key(), text in VALUES) {
        let quoted = toml::Value::String(text.clone()).to_string();
        for file in [format!("{path} = {quoted}\n"), format!("{path} = [{quoted}]\n"), format!("{path} = {text}\n")] {
            if let Err(error) = load(&file, &BTreeMap::new()) {
                prop_assert!(is_well_told(&error), "{error}");
            }
        }
        let variables = BTreeMap::from([(config::variables::name_of(&path), text)]);
        if let Err(error) = load("", &variables) {
            prop_assert!(is_well_told(&error), "{error}");
        }
    }

    #[test]
    fn any_variable_is_known_or_named(name in "HOSTCTL_[A-Z_]{0,30}|HOSTCTL_\\PC{0,20}", text in VALUES) {
        if let Err(error) = load("", &BTreeMap::from([(name, text)])) {
            prop_assert!(is_well_told(&error), "{error}");
        }
    }

    #[test]
    fn a_url_never_tells_its_password(
        before in "(postgres(ql)?://)?[a-z%@:]{0,6}",
        after in "\\PC{0,20}|@[a-z0-9.,:\\[\\]%-]{0,20}(/[a-z%]{0,8})?(\\?[a-z_=&%0-9-]{0,30})?",
    ) {
        for allows in [false, true] {
            match PostgresUrl::parse(&format!("{before}:{SECRET}{after}"), allows) {
                Ok(url) => prop_assert!(!format!("{url:?}").contains(SECRET), "{url:?}"),
                Err(error) => prop_assert!(is_well_told(&error), "{error}"),
            }
        }
    }

    #[test]
    fn a_server_comes_back_as_it_is_shown(text in "\\PC{0,20}|[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{0,6})?|192\\.0\\.2\\.1:[0-9]{1,2}|\\[?[0-9a-f:]{2,12}\\]?(:[0-9]{1,5})?") {
        if let Some(server) = value::server(&text) {
            prop_assert!(server.port() != 0);
            prop_assert_eq!(value::server(&server.to_string()), Some(server));
        }
    }

    #[test]
    fn a_duration_is_more_than_nothing(text in "\\PC{0,12}|[0-9]{1,20}[smhdw]?|[0-9]{1,2}[smhdw]") {
        if let Some(duration) = value::duration(&text) {
            prop_assert!(!duration.is_zero());
            prop_assert_eq!(value::duration(&format!("{}s", duration.as_secs())).is_some(), duration.as_secs() < 1_000_000_000);
        }
    }

    #[test]
    fn any_moment_lies_somewhere(text in "\\PC{0,24}|[0-9]{1,12}(ms|s|m|h|d|w)|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2}))?") {
        let now = "2026-11-21T04:00:00Z".parse().expect("now");
        match text.parse::<Moment>() {
            Ok(moment) => {
                let instant = moment.from(now);
                prop_assert_eq!(instant.to_string().parse::<Moment>().expect("a time"), Moment::At(instant));
            }
            Err(error) => prop_assert!(is_well_told(&error), "{error}"),
        }
    }

    #[test]
    fn any_pattern_comes_back_as_it_is_shown(text in "\\PC{0,40}|[a-z0-9.*_%\\\\-]{0,40}") {
        match text.parse::<Pattern>() {
            Ok(pattern) => prop_assert_eq!(pattern.text(), text),
            Err(error) => prop_assert!(is_well_told(&error), "{error}"),
        }
    }

    #[test]
    fn a_marker_comes_back_as_it_is_shown(text in "\\PC{0,40}|hostctl:[0-9a-z]{20,30}[:.][0-9]{1,12}[:.][0-9]{1,22}", bytes: [u8; 16], step: u32, epoch in 0..i64::MAX) {
        if let Some(marker) = Marker::parse(&text) {
            prop_assert_eq!(Marker::parse(&marker.to_string()), Some(marker));
        }
        let marker = Marker { operation: uuid::Uuid::from_bytes(bytes), step, epoch };
        prop_assert_eq!(Marker::parse(&marker.to_string()), Some(marker));
    }

    #[test]
    fn a_reverse_zone_comes_back_by_its_name(name in "([0-9]{1,3}\\.){0,5}in-addr\\.arpa|([0-9a-f]\\.){0,34}ip6\\.arpa|\\PC{0,12}\\.arpa") {
        if let Some(zone) = ReverseZone::from_name(&name) {
            let shown = zone.name();
            prop_assert_eq!(shown.as_str(), name);
            prop_assert_eq!(ReverseZone::parse(&zone.to_string()).expect("a network").value, zone);
        }
    }

    #[test]
    fn any_hash_and_any_key_ring_is_taken_or_refused(scheme in "(\\{[A-Z0-9-]{0,12}\\})?(\\$[a-z0-9]{1,8}){0,2}", rest in "\\PC{0,40}|(\\$[a-z0-9=,./+]{1,24}){0,4}") {
        if let Err(error) = PasswordHash::parse(&format!("{scheme}{SECRET}{rest}")) {
            prop_assert!(is_well_told(&error), "{error}");
        }
        if let Err(error) = Keyring::parse(&format!("{scheme} {SECRET} {rest}")) {
            prop_assert!(is_well_told(&error), "{error}");
        }
    }
}
