//! A Dovecot with the configuration that we print.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use hostctl::mail::boxes::{self, NewBox};
use hostctl::mail::daemon::{self, ConfigInputs, Version};
use hostctl::mail::dkim::PublicKey;
use hostctl::mail::domain::{self, NewDomain};
use hostctl::mail::hash::PasswordHash;
use hostctl::model::{Password, Quota};
use hostctl::sandbox::Name;

use crate::mail::place::Place;
use crate::mail::steps::Run;
use crate::support::client::talk;

const PASSWORD: &str = "pa\\ss\"word'$(id)`id`%s{}";

/// The login of the daemon and its password file, as the printed text says.
async fn start(place: &Place) -> (SocketAddr, SocketAddr) {
    let superuser = place.sandbox.superuser("hostctl").await.expect("a session");
    let sql = "CREATE ROLE hostctl_dovecot LOGIN IN ROLE hostctl_mail PASSWORD 'it reads'";
    superuser.batch_execute(sql).await.expect("a role");
    let passfile = place.sandbox.directory().join("dovecot.pgpass");
    fs::write(&passfile, "*:*:hostctl:hostctl_dovecot:it reads\n").expect("a file");
    fs::set_permissions(&passfile, fs::Permissions::from_mode(0o600)).expect("permissions");
    let pid = place.sandbox.process(Name::Postgres).expect("PostgreSQL").pid;
    let owner = fs::metadata(format!("/proc/{pid}")).expect("a process");
    chown(&passfile, Some(owner.uid()), Some(owner.gid())).expect("an owner");
    let control = &place.config.control().expect("configured").url;
    let directory = place.config.mail.directory.clone().expect("configured");
    let files = daemon::dovecot_files(&ConfigInputs {
        control,
        role: daemon::DEFAULT_ROLE,
        passfile: &passfile,
        directory: &directory,
        version: Version::V23,
    });
    place
        .sandbox
        .start_mail(&files.expect("files")[0].text)
        .await
        .expect("Dovecot");
    let addresses = place.sandbox.addresses(Name::Dovecot).expect("addresses");
    (addresses[0], addresses[1])
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash::of(&Password::from_input(text.as_bytes(), 12).expect("a password")).expect("a hash")
}

async fn make(place: &mut Place, quota: Quota) {
    let dkim = PublicKey {
        selector: "hc202611".to_owned(),
        text: "v=DKIM1; k=rsa; p=AAAA".to_owned(),
    };
    let name = "example.test".parse().expect("a name");
    let new = NewDomain {
        name,
        account: place.account,
        dkim,
        sealed_dkim: "v1.k.sealed".to_owned(),
    };
    let mut steps = domain::plan_create(new).expect("a plan");
    let address = "info@example.test".parse().expect("an address");
    let new = NewBox {
        address,
        quota,
        hash: hash(PASSWORD),
    };
    steps.extend(boxes::plan_create(vec![new], place.account, false).expect("a plan"));
    Run::new(steps).forth(&mut place.session).await.expect("rows");
}

fn logs_in(imap: SocketAddr, user: &str, password: &str) -> bool {
    let quoted = password.replace('\\', "\\\\").replace('"', "\\\"");
    let heard = talk(imap, &[&format!("1 LOGIN {user} \"{quoted}\""), "2 LOGOUT"]);
    heard.lines().any(|line| line.starts_with("1 OK"))
}

#[tokio::test]
async fn a_box_that_was_just_made_takes_mail_and_lets_its_owner_in() {
    let mut place = Place::new(true).await;
    make(&mut place, Quota::from_bytes(1 << 20).expect("a quota")).await;
    let (imap, lmtp) = start(&place).await;

    assert!(logs_in(imap, "info@example.test", PASSWORD));
    assert!(logs_in(imap, "INFO@Example.Test", PASSWORD));
    assert!(!logs_in(imap, "info@example.test", "something else"));
    assert!(!logs_in(imap, "nobody@example.test", PASSWORD));
    assert!(!logs_in(imap, "x' OR address='info@example.test", PASSWORD));

    let said = deliver(lmtp, "info@example.test", "read me");
    assert!(said.contains("250 2.0.0 <info@example.test>"), "{said}");
    assert!(deliver(lmtp, "nobody@example.test", "no").contains("550 5.1.1"));
    let login = format!(
        "1 LOGIN info@example.test \"{}\"",
        PASSWORD.replace('\\', "\\\\").replace('"', "\\\"")
    );
    let lines = [
        login.as_str(),
        "2 SELECT INBOX",
        "3 FETCH 1 BODY[TEXT]",
        "5 GETQUOTAROOT INBOX",
        "4 LOGOUT",
    ];
    let heard = talk(imap, &lines);
    assert!(heard.contains("read me") && heard.contains(" 1024)"), "{heard}");
    let home = place.sandbox.directory().join("mail/example.test/info/Maildir");
    assert!(Path::new(&home).is_dir(), "{}", home.display());
    let said = deliver(lmtp, "info@example.test", &"too much\r\n".repeat(200_000));
    assert!(said.contains("552 5.2.2"), "{said}");
    place.down().await;
}

#[tokio::test]
async fn another_password_and_a_suspended_box_hold_at_once() {
    let mut place = Place::new(true).await;
    make(&mut place, Quota::Unlimited).await;
    let (imap, lmtp) = start(&place).await;
    assert!(logs_in(imap, "info@example.test", PASSWORD));

    let address = "info@example.test".parse().expect("an address");
    let image = boxes::observe(&*place.session, &address, None)
        .await
        .expect("a box");
    let steps = boxes::plan_password(image, &hash("quite another one")).expect("a plan");
    Run::new(steps).forth(&mut place.session).await.expect("changed");
    assert!(!logs_in(imap, "info@example.test", PASSWORD));
    assert!(logs_in(imap, "info@example.test", "quite another one"));
    assert!(deliver(lmtp, "info@example.test", &"not too much\r\n".repeat(200_000)).contains("250 2.0.0"));

    place
        .session
        .batch_execute("UPDATE hostctl.email_domains SET state = 'suspended'")
        .await
        .expect("suspended");
    assert!(!logs_in(imap, "info@example.test", "quite another one"));
    assert!(deliver(lmtp, "info@example.test", "no").contains("550 5.1.1"));
    place.down().await;
}

fn deliver(lmtp: SocketAddr, to: &str, text: &str) -> String {
    let recipient = format!("RCPT TO:<{to}>");
    let message = format!("Subject: hello\r\n\r\n{text}\r\n.");
    let greeting = ["LHLO test", "MAIL FROM:<a@example.test>", recipient.as_str()];
    if talk(lmtp, &[&greeting[..], &["QUIT"]].concat()).contains("550 ") {
        return talk(lmtp, &[&greeting[..], &["QUIT"]].concat());
    }
    talk(lmtp, &[&greeting[..], &["DATA", &message, "QUIT"]].concat())
}
