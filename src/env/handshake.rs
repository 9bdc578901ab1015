//! What a TLS server shows of itself: the certificates of its handshake, whoever issued them, and what a client that knows
//! the roots would say to them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::deadline::Deadline;
use super::starttls::Opening;
use super::tls;
use crate::error::{Error, Kind, Result};

/// Bytes read at once.
const CHUNK: usize = 16 * 1024;

/// Whom to ask, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// A name or an address.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// The name that is asked for by SNI.
    pub name: &'a str,
    /// What is said before TLS.
    pub opening: Opening,
    /// The protocols that we speak (ALPN); none is as good as any.
    pub protocols: &'a [&'a [u8]],
}

/// Connects, asks and gives what the server shows, leaf first. Nothing of it is verified but that the server has the key.
///
/// # Errors
/// `unavailable`: `unavailable` where nobody listens or the handshake fails, `timeout`; `usage` where `name` can be no
/// server's name.
pub async fn served(question: &Question<'_>, deadline: Deadline) -> Result<Vec<CertificateDer<'static>>> {
    let what = format!("{}:{}", question.host, question.port);
    deadline.run(&what, ask(question, &what)).await
}

/// Whether a client that trusts the roots in `ca_file`, or the system's, takes these certificates for `name` at `now`.
/// The answer is the reason why not, as rustls words it.
///
/// # Errors
/// `usage` where there are no roots or `name` can be no server's name.
pub fn verdict(
    certificates: &[CertificateDer<'static>],
    name: &str,
    ca_file: Option<&Path>,
    now: Timestamp,
) -> Result<Option<String>> {
    let Some((leaf, rest)) = certificates.split_first() else {
        return Ok(Some("no certificate was shown".to_owned()));
    };
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let verifier = tls::verifier(ca_file)?;
    let answer = verifier.verify_server_cert(leaf, rest, &server_name(name)?, &[], at);
    Ok(answer.err().map(|error| error.to_string()))
}

async fn ask(question: &Question<'_>, what: &str) -> Result<Vec<CertificateDer<'static>>> {
    let failed = |error: std::io::Error| Error::unavailable(format!("{what}: {error}")).source(error);
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host((question.host, question.port))
        .await
        .map_err(failed)?
        .collect();
    let mut stream = TcpStream::connect(addresses.as_slice()).await.map_err(failed)?;
    question.opening.run(&mut stream).await.map_err(failed)?;
    let recorder = Arc::new(Recorder {
        shown: Mutex::default(),
        provider: Arc::new(ring::default_provider()),
    });
    let mut config = config(&recorder)?;
    config.alpn_protocols = question.protocols.iter().map(|word| word.to_vec()).collect();
    let mut connection = ClientConnection::new(Arc::new(config), server_name(question.name)?)
        .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?;
    let shaken = shake(&mut stream, &mut connection).await;
    let shown = recorder
        .shown
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    match shaken {
        // A server that then wants a certificate of ours has shown its own all the same.
        Err(error) if shown.is_empty() => Err(Error::unavailable(format!("{what}: {error}")).source(error)),
        _ => Ok(shown),
    }
}

/// The handshake alone.
async fn shake(stream: &mut TcpStream, connection: &mut ClientConnection) -> std::io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let mut out = Vec::new();
        while connection.wants_write() {
            connection.write_tls(&mut out)?;
        }
        stream.write_all(&out).await?;
        if !connection.is_handshaking() {
            return Ok(());
        }
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Err(std::io::Error::other(
                "the connection was closed during the TLS handshake",
            ));
        }
        let mut rest = &buffer[..length];
        while !rest.is_empty() {
            connection.read_tls(&mut rest)?;
            connection.process_new_packets().map_err(std::io::Error::other)?;
        }
    }
}

fn config(recorder: &Arc<Recorder>) -> Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(Arc::clone(&recorder.provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?;
    let verifier: Arc<dyn ServerCertVerifier> = Arc::clone(recorder) as _;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

fn server_name(name: &str) -> Result<ServerName<'static>> {
    ServerName::try_from(name.to_owned()).map_err(|error| {
        let message = format!("{} is no name of a server", crate::model::escape::excerpt(name));
        Error::new(Kind::Usage, "invalid", message).source(error)
    })
}

/// Takes every certificate and remembers it; signatures are checked all the same.
#[derive(Debug)]
struct Recorder {
    shown: Mutex<Vec<CertificateDer<'static>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let shown = std::iter::once(end_entity).chain(intermediates);
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown
            .map(|certificate| certificate.clone().into_owned())
            .collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
