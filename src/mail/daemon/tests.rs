use super::*;

fn url(text: &str) -> PostgresUrl {
    PostgresUrl::parse(text, false).expect(text)
}

fn inputs(control: &PostgresUrl, version: Version) -> ConfigInputs<'_> {
    ConfigInputs {
        control,
        role: DEFAULT_ROLE,
        passfile: Path::new(DEFAULT_PASSFILE),
        directory: Path::new("/var/mail/vhosts/"),
        version,
    }
}

#[test]
fn several_hosts_are_a_list_for_libpq_in_2_3_and_blocks_in_2_4() {
    let url = url(
        "postgres://hostctl:hunter2@db0.example.net,db1.example.net:5433/hostctl?sslrootcert=/etc/ssl/db.pem",
    );
    let files = dovecot_files(&inputs(&url, Version::V23)).expect("files");
    let connect = files[0].text.lines().nth(1).expect("a line");
    assert_eq!(
        connect,
        "connect = host=db0.example.net,db1.example.net port=5432,5433 dbname=hostctl user=hostctl_dovecot \
         passfile=/etc/dovecot/hostctl.pgpass sslmode=verify-full sslrootcert=/etc/ssl/db.pem \
         tcp_user_timeout=5000 application_name=dovecot"
    );
    let files = dovecot_files(&inputs(&url, Version::V24)).expect("files");
    assert!(
        files[0]
            .text
            .contains("pgsql hostctl2 {\n  host = db1.example.net\n  parameters {\n    port = 5433\n")
    );
}

#[test]
fn without_a_ca_file_the_roots_of_the_system_are_named() {
    let url = url("postgres://hostctl@db0.example.net/hostctl");
    for version in [Version::V23, Version::V24] {
        let text = dovecot_configuration(&inputs(&url, version)).expect("text");
        assert!(text.contains("/etc/ssl/certs/ca-certificates.crt"), "{text}");
    }
}

#[test]
fn no_password_is_printed_and_every_file_is_named() {
    let url = url("postgres://hostctl:hunter2@127.0.0.1/hostctl");
    for version in [Version::V23, Version::V24] {
        let inputs = inputs(&url, version);
        let text = dovecot_configuration(&inputs).expect("text");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(
            text.contains("#      *:*:hostctl:hostctl_dovecot:PASSWORD\n"),
            "{text}"
        );
        assert!(text.contains("'/var/mail/vhosts/' || home AS home"), "{text}");
        assert_eq!(
            text.matches(") >= 0\n").count(),
            2,
            "both queries refuse the empty name: {text}"
        );
        for file in dovecot_files(&inputs).expect("files") {
            assert!(text.contains(&file.path) && text.contains(&file.text));
        }
    }
}

#[test]
fn what_would_change_the_meaning_of_a_line_is_refused() {
    let control = url("postgres://hostctl@127.0.0.1/hostctl");
    for directory in [
        "/var/mail vhosts",
        "/var/%d",
        "/var/'x",
        "/var/x#y",
        "vhosts",
        "/var/\nx",
        "/var/$x",
    ] {
        let inputs = ConfigInputs {
            directory: Path::new(directory),
            ..inputs(&control, Version::V23)
        };
        let error = dovecot_files(&inputs).expect_err(directory);
        assert_eq!(error.reason(), "configuration", "{directory}");
    }
    let control = url("postgres://hostctl@127.0.0.1/host%20ctl");
    assert!(dovecot_files(&inputs(&control, Version::V24)).is_err());
}

#[test]
fn the_version_is_read_as_dovecot_prints_it() {
    assert_eq!("2.3".parse::<Version>().expect("known"), Version::V23);
    assert_eq!("2.3.19.1".parse::<Version>().expect("known"), Version::V23);
    assert_eq!("2.4.1-4".parse::<Version>().expect("known"), Version::V24);
    for text in ["2.30", "2.2", "3.0", "", "2"] {
        assert!(text.parse::<Version>().is_err(), "{text}");
    }
}
