//! The conversation with one server: TCP, one message at a time, each signed, each answer verified.

mod questions;

use std::net::SocketAddr;
use std::time::Duration;

use hickory_proto::op::{Message, MessageType, ResponseCode};
use hickory_proto::rr::{Record, RecordType as WireType, TSigner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer;
use super::key;
use super::message::{Update, is_truncated};
use crate::clock;
use crate::config::UpdateServer;
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};
use crate::journal::Failure;

/// One call, answer included. A zone of many records takes a while.
const TIMEOUT: Duration = Duration::from_secs(15);
/// More records than any zone has that is changed by hand; a transfer without end must not fill the memory.
const MOST: usize = 4_000_000;

/// A server and the key that it knows us by. Cheap to clone.
#[derive(Clone)]
pub(in crate::dns::provider) struct Server {
    name: String,
    /// Its section in the configuration: `dns.edge`.
    section: String,
    address: SocketAddr,
    signer: TSigner,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What came of asking for a zone.
#[derive(Debug)]
pub(in crate::dns::provider) enum Transfer {
    /// Its records.
    Whole(Vec<Record>),
    /// The server has no such zone.
    Absent,
    /// It says so without a signature, as Knot does, which looks for the zone before it looks at the key. Whoever is in
    /// between could have said that. The error tells so.
    Unsigned(Error),
}

/// What verifies the answers to one question.
struct Verifier {
    sent_at: u64,
    last_mac: Vec<u8>,
    is_first: bool,
}

/// An answer, and whether its signature is right.
struct Answer {
    message: Message,
    is_verified: bool,
}

impl Server {
    /// Reads the key; opens no connection.
    ///
    /// # Errors
    /// `usage` where the key cannot be read.
    pub fn new(provider: &str, settings: &UpdateServer) -> Result<Self> {
        let tsig = settings.tsig.as_ref().ok_or_else(|| {
            Error::configuration(format!("`dns.{provider}.tsig_name` is not set"))
                .hint("updates are signed: tsig_name, tsig_algorithm and tsig_secret_file")
        })?;
        Ok(Server {
            name: format!("DNS server {}", settings.server),
            section: format!("dns.{provider}"),
            address: settings.server,
            signer: key::signer(provider, tsig)?,
        })
    }

    /// For messages: `DNS server 192.0.2.53:53`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the key, without the final dot.
    pub fn key(&self) -> String {
        self.signer
            .signer_name()
            .to_ascii()
            .trim_end_matches('.')
            .to_owned()
    }

    #[cfg(test)]
    pub(super) fn signer(&self) -> &TSigner {
        &self.signer
    }

    /// Sends one update, once.
    ///
    /// # Errors
    /// `conflict`, reason `changed`, where a prerequisite does not hold; unknown where no answer came.
    pub async fn update(&self, update: Update) -> Result<(), Failure> {
        let zone = update.zone().clone();
        let deadline = Deadline::after(TIMEOUT);
        let mut message = update.into_message();
        let (bytes, mut verifier) = self.signed(&mut message).map_err(Failure::refused)?;
        let mut stream = self.connect(deadline).await.map_err(Failure::not_now)?;
        let exchange = async {
            self.send(&mut stream, &bytes).await?;
            self.receive(&mut stream, &mut verifier, message.metadata.id)
                .await
        };
        let answer = deadline
            .run(&self.name, exchange)
            .await
            .map_err(Failure::unknown)?;
        let outcome = answer::update(self, &zone, answer.message.metadata.response_code);
        match (
            answer::signature(self, &answer.message, verifier.sent_at),
            answer.is_verified,
        ) {
            (None, true) => outcome,
            // Whoever is in between could have said that: only reading tells.
            (Some(error), _) => Err(Failure::unknown(error)),
            (None, false) => Err(Failure::unknown(
                outcome
                    .err()
                    .map_or_else(|| answer::unsigned(self), |failure| failure.error),
            )),
        }
    }

    /// Every record of a zone, its SOA once.
    ///
    /// # Errors
    /// `denied` or `unavailable`.
    pub async fn transfer(&self, zone: &str) -> Result<Transfer> {
        let deadline = Deadline::after(TIMEOUT);
        let mut stream = self.connect(deadline).await?;
        deadline
            .run(&self.name, self.transferred(&mut stream, zone))
            .await
    }

    async fn transferred(&self, stream: &mut TcpStream, zone: &str) -> Result<Transfer> {
        let mut question = questions::question(zone, WireType::AXFR)?;
        let (bytes, mut verifier) = self.signed(&mut question)?;
        self.send(stream, &bytes).await?;
        let mut records: Vec<Record> = Vec::new();
        loop {
            let answer = self.receive(stream, &mut verifier, question.metadata.id).await?;
            if let Some(error) = answer::signature(self, &answer.message, verifier.sent_at) {
                return Err(error);
            }
            match answer.message.metadata.response_code {
                ResponseCode::NoError if answer.is_verified => {}
                ResponseCode::NoError => return Err(answer::unsigned(self)),
                ResponseCode::NotAuth if records.is_empty() && answer.is_verified => {
                    return Ok(Transfer::Absent);
                }
                ResponseCode::NotAuth if records.is_empty() => {
                    return Ok(Transfer::Unsigned(answer::unsigned_absence(self, zone)));
                }
                code => return Err(answer::transfer(self, zone, code)),
            }
            if answer.message.answers.is_empty() || records.len() > MOST {
                return Err(Error::unavailable(format!(
                    "{}: no whole transfer of zone {zone}",
                    self.name
                )));
            }
            records.extend(answer.message.answers);
            // The SOA stands at both ends (RFC 5936 §2.2).
            if records.first().map(Record::record_type) != Some(WireType::SOA) {
                return Err(Error::unavailable(format!(
                    "{}: a transfer that begins with no SOA",
                    self.name
                )));
            }
            if records.len() > 1 && records.last().map(Record::record_type) == Some(WireType::SOA) {
                records.pop();
                return Ok(Transfer::Whole(records));
            }
        }
    }

    async fn connect(&self, deadline: Deadline) -> Result<TcpStream> {
        let connecting = async {
            let stream = TcpStream::connect(self.address).await.map_err(|error| {
                Error::unavailable(format!("{} cannot be reached", self.name)).source(error)
            })?;
            // Two small writes would wait for each other.
            stream.set_nodelay(true).ok();
            Ok(stream)
        };
        let connected = deadline.run(&self.name, connecting).await;
        connected.map_err(|error| {
            error.hint(format!(
                "does it run and listen there, by TCP too? [{}] names it: hostctl config show --origin",
                self.section
            ))
        })
    }

    /// Signs anew for every attempt (a message signed twice is refused), and refuses what does not fit into one.
    fn signed(&self, message: &mut Message) -> Result<(Vec<u8>, Verifier)> {
        let sent_at = u64::try_from(clock::now().as_second())
            .map_err(|error| Error::internal("a clock before 1970").source(error))?;
        let (signature, _) = self
            .signer
            .sign_message(message, sent_at)
            .map_err(|_| super::too_large())?;
        let last_mac = signature.data.mac.clone();
        message.set_signature(signature);
        let bytes = message.to_vec().map_err(|_| super::too_large())?;
        if is_truncated(&bytes) {
            return Err(super::too_large());
        }
        let verifier = Verifier {
            sent_at,
            last_mac,
            is_first: true,
        };
        Ok((bytes, verifier))
    }

    /// RFC 7766 §8: the length in two bytes, in one write with the message.
    async fn send(&self, stream: &mut TcpStream, bytes: &[u8]) -> Result<()> {
        let length = u16::try_from(bytes.len())
            .map_err(|error| Error::internal("a message longer than 65535 bytes").source(error))?;
        let framed = [&length.to_be_bytes(), bytes].concat();
        stream
            .write_all(&framed)
            .await
            .map_err(|error| self.broke_off(error))
    }

    async fn receive(&self, stream: &mut TcpStream, verifier: &mut Verifier, id: u16) -> Result<Answer> {
        let length = stream.read_u16().await.map_err(|error| self.broke_off(error))?;
        let mut bytes = vec![0; usize::from(length)];
        stream
            .read_exact(&mut bytes)
            .await
            .map_err(|error| self.broke_off(error))?;
        let message = Message::from_vec(&bytes).map_err(|error| {
            Error::unavailable(format!("{} answers in a form that is not known", self.name)).source(error)
        })?;
        if message.metadata.id != id || message.metadata.message_type != MessageType::Response {
            return Err(Error::unavailable(format!(
                "{} answers another question",
                self.name
            )));
        }
        let is_verified = verifier.verify(&self.signer, &bytes);
        Ok(Answer { message, is_verified })
    }

    fn broke_off(&self, error: std::io::Error) -> Error {
        Error::unavailable(format!("{} broke off", self.name)).source(error)
    }

    #[cfg(test)]
    pub(super) fn for_tests(address: SocketAddr) -> Self {
        use hickory_proto::rr::Name;
        use hickory_proto::rr::rdata::tsig::TsigAlgorithm;

        let name = Name::from_ascii("hostctl.").expect("name");
        Server {
            name: format!("DNS server {address}"),
            section: "dns.edge".to_owned(),
            address,
            signer: TSigner::new(b"secret".to_vec(), TsigAlgorithm::HmacSha256, name, 300).expect("key"),
        }
    }
}

impl Verifier {
    /// Each message of an answer signs the one before with it (RFC 8945 §5.3.1). One without a signature is not taken.
    fn verify(&mut self, signer: &TSigner, bytes: &[u8]) -> bool {
        match signer.verify_message_byte(bytes, Some(&self.last_mac), self.is_first) {
            Ok((mac, _, range)) if range.contains(&self.sent_at) => {
                self.last_mac = mac;
                self.is_first = false;
                true
            }
            _ => false,
        }
    }
}
