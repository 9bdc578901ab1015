//! From one standing to another and back.

use super::*;

fn standing() -> Standing {
    Standing {
        can_login: true,
        privileges: BTreeSet::new(),
        member_of: BTreeSet::new(),
        role_connections: UNLIMITED,
        database_connections: UNLIMITED,
        settings: BTreeMap::new(),
        public: BTreeSet::new(),
        tenant: OF_TENANT.map(ToOwned::to_owned).into(),
        beside: Beside::default(),
    }
}

fn subject() -> Subject {
    Subject {
        cluster: "main".to_owned(),
        substrate: "1".to_owned(),
        name: "shop".parse().expect("a name"),
        owner: "hc_own_x".to_owned(),
    }
}

#[test]
fn what_is_as_it_shall_be_needs_nothing() {
    let found = standing();
    let wanted = found.wanted(&LoginLimits::default(), None, false);
    assert_eq!(found.statements(&subject(), &wanted), Vec::<String>::new());
    assert_eq!(found.words(&wanted), "");
}

#[test]
fn every_difference_is_mended_and_can_be_taken_back() {
    let mut found = standing();
    found.can_login = false;
    found.privileges = ["CREATEDB".to_owned()].into();
    found.member_of = ["pg_read_all_data".to_owned()].into();
    found.role_connections = 3;
    found.database_connections = 4;
    found.settings = [("statement_timeout".to_owned(), "1min".to_owned())].into();
    found.public = ["CONNECT".to_owned()].into();
    found.tenant = ["TEMPORARY".to_owned()].into();
    let eve = BTreeSet::from(["eve".to_owned()]);
    found.beside = Beside {
        others: [("eve".to_owned(), ["CONNECT".to_owned()].into())].into(),
        in_login: eve.clone(),
        in_owner: eve,
        owner: ["LOGIN".to_owned()].into(),
        valid_until: Some("2001-01-01".to_owned()),
        ..Beside::default()
    };
    let wanted = found.wanted(&LoginLimits::default(), None, false);
    let (there, back) = (
        found.statements(&subject(), &wanted),
        wanted.statements(&subject(), &found),
    );
    assert_eq!(
        there,
        [
            "ALTER ROLE \"shop\" LOGIN",
            "ALTER ROLE \"shop\" NOCREATEDB",
            "REVOKE \"pg_read_all_data\" FROM \"shop\"",
            "ALTER ROLE \"shop\" CONNECTION LIMIT -1",
            "ALTER DATABASE \"shop\" CONNECTION LIMIT -1",
            "ALTER ROLE \"shop\" RESET statement_timeout",
            "REVOKE CONNECT ON DATABASE \"shop\" FROM PUBLIC",
            "GRANT CONNECT ON DATABASE \"shop\" TO \"shop\"",
            "REVOKE CONNECT ON DATABASE \"shop\" FROM \"eve\"",
            "REVOKE \"shop\" FROM \"eve\"",
            "REVOKE \"hc_own_x\" FROM \"eve\"",
            "ALTER ROLE \"hc_own_x\" NOLOGIN",
            "ALTER ROLE \"shop\" VALID UNTIL 'infinity'",
        ]
    );
    assert_eq!(there.len(), back.len());
    assert!(
        back.contains(&"ALTER ROLE \"shop\" SET statement_timeout = '1min'".to_owned()),
        "{back:?}"
    );
    assert_eq!(found.words(&wanted).split(", ").count(), 13);
}

#[test]
fn who_may_make_schemas_is_as_it_was_asked_for() {
    for is_suspended in [false, true] {
        for has in [false, true] {
            let mut found = standing();
            if has {
                found.tenant.insert(CREATE.to_owned());
            }
            for said in [None, Some(false), Some(true)] {
                let wanted = found.wanted(&LoginLimits::default(), said, is_suspended);
                let words = format!("{has} {said:?} {is_suspended}");
                assert_eq!(wanted.tenant.contains(CREATE), said.unwrap_or(has), "{words}");
                assert_eq!(wanted.tenant.contains("CONNECT"), !is_suspended, "{words}");
                assert!(wanted.tenant.contains("TEMPORARY"), "{words}");
            }
        }
    }
}

#[test]
fn an_attribute_that_is_missing_is_given_back() {
    let mut found = standing();
    found.privileges = ["NOINHERIT".to_owned()].into();
    let wanted = found.wanted(&LoginLimits::default(), None, false);
    let there = found.statements(&subject(), &wanted);
    assert_eq!(there, ["ALTER ROLE \"shop\" INHERIT"]);
    assert_eq!(
        wanted.statements(&subject(), &found),
        ["ALTER ROLE \"shop\" NOINHERIT"]
    );
}

#[test]
fn a_change_looks_only_at_what_it_changes() {
    let mut before = standing();
    before.can_login = false;
    let after = before.wanted(&LoginLimits::default(), None, false);
    let mut found = after.clone();
    found.role_connections = 9;
    assert_eq!(before.masked(&after, &found), after.masked(&before, &after));
    found.can_login = false;
    assert_eq!(before.masked(&after, &found), before);
}

#[test]
fn a_time_limit_is_the_same_in_every_spelling() {
    for text in ["60000", "60000ms", "60s", "1min"] {
        assert_eq!(tidy(text), "60000ms");
    }
    assert_eq!(tidy("5 parsecs"), "5 parsecs");
    let mut found = standing();
    found.settings = [("statement_timeout".to_owned(), "1min".to_owned())].into();
    let limits = found.limits();
    assert_eq!(limits.statement_timeout, Some(Duration::from_secs(60)));
    assert_eq!(found.wanted(&limits, None, false), found);
}

#[test]
fn a_suspended_database_stays_shut() {
    let mut found = standing();
    found.can_login = false;
    found.role_connections = 0;
    found.tenant.remove("CONNECT");
    let wanted = found.wanted(&LoginLimits::default(), None, true);
    assert_eq!(found.statements(&subject(), &wanted), Vec::<String>::new());
    // What its role does not have yet, the database can take already.
    let limits = LoginLimits {
        connections: Some(9),
        ..LoginLimits::default()
    };
    let wanted = found.wanted(&limits, None, true);
    assert_eq!(
        found.statements(&subject(), &wanted),
        ["ALTER DATABASE \"shop\" CONNECTION LIMIT 14"]
    );
}

#[test]
fn a_login_may_be_stricter_with_itself_in_its_database_and_not_laxer() {
    let limits = LoginLimits {
        statement_timeout: Some(Duration::from_secs(60)),
        ..LoginLimits::default()
    };
    let mut found = standing().wanted(&limits, None, false);
    for (spelling, is_drift) in [
        ("59s", false),
        ("1min", false),
        ("0", true),
        ("2min", true),
        ("5 parsecs", true),
    ] {
        found.beside.settings = [("statement_timeout".to_owned(), spelling.to_owned())].into();
        let wanted = found.wanted(&limits, None, false);
        assert_eq!(wanted != found, is_drift, "{spelling}");
        assert_eq!(
            found.wanted(&LoginLimits::default(), None, false).beside,
            found.beside
        );
        let back = wanted.statements(&subject(), &found);
        let set = format!("ALTER ROLE \"shop\" IN DATABASE \"shop\" SET statement_timeout = '{spelling}'");
        assert_eq!(back.contains(&set), is_drift, "{back:?}");
    }
}
