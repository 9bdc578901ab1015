//! Clients as a tenant, a reader of mail or another server has them.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use hostctl::sandbox::Name;
use tokio_postgres::{Client, Config, Error, NoTls};

use super::Lab;

const LIMIT: Duration = Duration::from_secs(20);

/// Enters `database` of the lab's PostgreSQL as `role`, over TCP.
pub async fn enter(lab: &Lab, role: &str, password: &str, database: &str) -> Result<Client, Error> {
    let address = lab.sandbox().addresses(Name::Postgres).expect("PostgreSQL")[0];
    let (client, connection) = Config::new()
        .host(address.ip().to_string())
        .port(address.port())
        .user(role)
        .password(password)
        .dbname(database)
        .connect_timeout(LIMIT)
        .connect(NoTls)
        .await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Says `lines` one after another, each when the one before is answered, and returns everything heard.
pub fn talk(server: SocketAddr, lines: &[&str]) -> String {
    let mut stream = TcpStream::connect(server).expect("a connection");
    stream.set_read_timeout(Some(LIMIT)).expect("a time-out");
    let mut reader = BufReader::new(stream.try_clone().expect("the same connection"));
    let mut heard = String::new();
    reader.read_line(&mut heard).expect("a greeting");
    for line in lines {
        stream
            .write_all(format!("{line}\r\n").as_bytes())
            .expect("it listens");
        let tag = line.split(' ').next().unwrap_or_default().to_owned() + " ";
        loop {
            let mut answer = String::new();
            let length = reader.read_line(&mut answer).expect("an answer");
            assert!(length > 0, "closed after {heard}");
            heard.push_str(&answer);
            let is_code = answer.as_bytes()[0].is_ascii_digit() && answer.as_bytes().get(3) == Some(&b' ');
            if is_code || answer.starts_with(&tag) {
                break;
            }
        }
    }
    heard
}

/// Hands a message to the lab's Dovecot by LMTP, and returns what it said.
pub fn deliver(lab: &Lab, address: &str, text: &str) -> String {
    let lmtp = lab.sandbox().addresses(Name::Dovecot).expect("Dovecot")[1];
    let recipient = format!("RCPT TO:<{address}>");
    let message = format!("Subject: hello\r\n\r\n{text}\r\n.");
    let lines = [
        "LHLO test",
        "MAIL FROM:<a@example.test>",
        recipient.as_str(),
        "DATA",
        message.as_str(),
        "QUIT",
    ];
    talk(lmtp, &lines)
}

/// Logs in to the lab's Dovecot by IMAP and says `lines`, which end with the logout.
pub fn read(lab: &Lab, address: &str, password: &str, lines: &[&str]) -> String {
    let imap = lab.sandbox().addresses(Name::Dovecot).expect("Dovecot")[0];
    let login = format!("1 LOGIN {address} \"{password}\"");
    talk(imap, &[&[login.as_str()], lines].concat())
}
