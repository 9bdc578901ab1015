//! Dovecot in a sandbox.

use hostctl::error::Kind;
use hostctl::sandbox::{Name, Parts, Sandbox};

use crate::sandbox::place::{Place, control};
use crate::support::client::talk;

#[tokio::test]
async fn a_message_delivered_is_read_back_and_dovecot_can_be_restarted() {
    let place = Place::new();
    let sandbox = Sandbox::up(place.options(Parts {
        dns: false,
        mail: true,
    }))
    .await
    .expect("up");
    assert_eq!(
        sandbox.addresses(Name::Dovecot).expect_err("not yet").kind(),
        Kind::NotFound
    );
    let client = control(&sandbox).await;
    client
        .batch_execute("CREATE ROLE reader LOGIN PASSWORD 'reads'")
        .await
        .expect("role");
    let port = sandbox.addresses(Name::Postgres).expect("address")[0].port();
    let sql = format!(
        "driver = pgsql\n\
         connect = host=127.0.0.1 port={port} dbname=hostctl user=reader password=reads\n\
         password_query = SELECT '%u' AS user, '{{PLAIN}}opensesame' AS password\n\
         user_query = SELECT '*:bytes=1000000' AS quota_rule\n"
    );
    sandbox.start_mail(&sql).await.expect("mail");
    let addresses = sandbox.addresses(Name::Dovecot).expect("addresses");
    let lmtp = [
        "LHLO test",
        "MAIL FROM:<a@example.test>",
        "RCPT TO:<info@example.test>",
        "DATA",
        "Subject: hello\r\n\r\nread me\r\n.",
        "QUIT",
    ];
    let said = talk(addresses[1], &lmtp);
    assert!(said.contains("250 2.0.0 <info@example.test>"), "{said}");

    let imap = [
        "1 LOGIN info@example.test opensesame",
        "2 SELECT INBOX",
        "3 FETCH 1 BODY[TEXT]",
        "4 LOGOUT",
    ];
    assert!(talk(addresses[0], &imap).contains("read me"));
    let wrong = ["1 LOGIN info@example.test opensesam", "4 LOGOUT"];
    assert!(talk(addresses[0], &wrong).contains("1 NO [AUTHENTICATIONFAILED]"));

    sandbox.restart(Name::Dovecot).await.expect("restart");
    assert!(talk(addresses[0], &imap).contains("read me"));
    sandbox.kill(Name::Dovecot).await.expect("kill");
    sandbox.start(Name::Dovecot).await.expect("start");
    assert!(talk(addresses[0], &imap).contains("read me"));
    sandbox.down().await.expect("down");
    place.assert_untouched();
}
