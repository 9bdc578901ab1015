//! tls-alpn-01 from this process (RFC 8737): a handshake with a certificate that holds the digest, and nothing after it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::sync::{OwnedMutexGuard, Semaphore};
use tokio_rustls::TlsAcceptor;

use super::listen::{Listening, listen, shared};
use crate::env::deadline::{Deadline, awaited};
use crate::error::{Error, Kind, Result};

pub(in crate::certificate) const PROTOCOL: &[u8] = b"acme-tls/1";
/// How long a handshake may take, and how many at once.
const HANDSHAKE: (Duration, usize) = (Duration::from_secs(5), 64);

/// Certificates by the name that is asked for.
#[derive(Default)]
struct Certificates(Mutex<HashMap<String, Arc<CertifiedKey>>>);

/// Whose turn it is with a name: an authority that asks for it can be shown one digest.
type Turns = Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>;

/// The listener, once somebody needs it.
pub struct Responder {
    address: SocketAddr,
    certificates: Arc<Certificates>,
    turns: Turns,
    listening: tokio::sync::Mutex<Weak<Listening>>,
}

/// As long as it lives, its name is answered.
#[must_use = "dropping it ends the answer"]
pub struct Told {
    certificates: Arc<Certificates>,
    name: String,
    _turn: OwnedMutexGuard<()>,
    _listening: Arc<Listening>,
}

impl Responder {
    /// Nothing listens yet.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Responder {
            address,
            certificates: Arc::default(),
            turns: Turns::default(),
            listening: tokio::sync::Mutex::default(),
        }
    }

    /// Answers for names, DNS names or addresses, each with SHA-256 of its key authorization. Whoever needs one of them while
    /// another order answers for it waits until that one has ended.
    ///
    /// # Errors
    /// `busy`, reason `on_its_way`, where a name is not free by the deadline; as for listening.
    pub async fn tell(&self, answers: Vec<(String, [u8; 32])>, deadline: Deadline) -> Result<Vec<Told>> {
        // In one order everywhere, lest two wait for each other.
        let answers: BTreeMap<String, [u8; 32]> = answers.into_iter().collect();
        let mut turns = Vec::new();
        for name in answers.keys() {
            turns.push(self.turn(name, deadline).await?);
        }
        let listening = shared(&self.listening, async || {
            let listener = listen(self.address, "the answers to tls-alpn-01").await?;
            Ok(serve(listener, acceptor(&self.certificates)?))
        });
        let listening = listening.await?;
        let told = answers.iter().zip(turns).map(|((name, digest), turn)| {
            let (certificate, asked) = (certificate(name, digest)?, asked_for(name));
            self.certificates
                .lock()
                .insert(asked.clone(), Arc::new(certificate));
            Ok(Told {
                certificates: Arc::clone(&self.certificates),
                name: asked,
                _turn: turn,
                _listening: Arc::clone(&listening),
            })
        });
        told.collect()
    }

    async fn turn(&self, name: &str, deadline: Deadline) -> Result<OwnedMutexGuard<()>> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(name.to_owned()).or_default())
        };
        let waited = tokio::time::timeout_at(deadline.instant().into(), turn.lock_owned());
        let what = format!("another order that proves {name}");
        awaited(&what, waited).await.map_err(|_| {
            let message = format!("another order is proving {name} by tls-alpn-01");
            Error::new(Kind::Busy, "on_its_way", message).hint("hostctl op list --open")
        })
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.certificates.lock().remove(&self.name);
    }
}

impl Certificates {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<CertifiedKey>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.lock().keys()).finish()
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let is_meant = hello.alpn()?.any(|protocol| protocol == PROTOCOL);
        let name = hello.server_name().filter(|_| is_meant)?;
        self.lock().get(&name.to_ascii_lowercase()).cloned()
    }
}

/// The name that an authority asks for: an address in the form of its reverse tree (RFC 8738 §6).
pub(in crate::certificate) fn asked_for(name: &str) -> String {
    match name.parse::<IpAddr>() {
        Err(_) => name.to_owned(),
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        Ok(IpAddr::V6(address)) => {
            let nibbles = address.octets().into_iter().rev();
            let labels: Vec<String> = nibbles
                .flat_map(|byte| [byte & 15, byte >> 4])
                .map(|nibble| format!("{nibble:x}"))
                .collect();
            format!("{}.ip6.arpa", labels.join("."))
        }
    }
}

fn certificate(name: &str, digest: &[u8]) -> Result<CertifiedKey> {
    let failed = |error: rcgen::Error| Error::internal(format!("a certificate for tls-alpn-01: {error}"));
    let pair = KeyPair::generate().map_err(failed)?;
    let mut params = CertificateParams::new(vec![name.to_owned()]).map_err(failed)?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let made = params.self_signed(&pair).map_err(failed)?;
    let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pair.serialize_der()));
    let key = any_supported_type(&der)
        .map_err(|error| Error::internal("a key for tls-alpn-01 cannot be used").source(error))?;
    Ok(CertifiedKey::new(vec![made.der().clone()], key))
}

fn acceptor(certificates: &Arc<Certificates>) -> Result<TlsAcceptor> {
    let resolver: Arc<dyn ResolvesServerCert> = Arc::<Certificates>::clone(certificates);
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    let places = Arc::new(Semaphore::new(HANDSHAKE.1));
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // Out of descriptors: others have to close some first.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let shaken = tokio::time::timeout(HANDSHAKE.0, async {
                let mut stream = acceptor.accept(socket).await?;
                stream.shutdown().await
            });
            let shaken = shaken.await;
            tracing::trace!(?shaken, "a handshake of tls-alpn-01");
            drop(place);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_has_one_answer_at_a_time() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
        let responder = Responder::new(free.local_addr().expect("an address"));
        drop(free);
        let answers = |names: &[&str], byte| {
            names
                .iter()
                .map(|name| ((*name).to_owned(), [byte; 32]))
                .collect()
        };
        let long = Deadline::after(Duration::from_secs(20));
        let first = responder
            .tell(answers(&["b.example", "a.example"], 1), long)
            .await
            .expect("told");
        let soon = Deadline::after(Duration::from_millis(20));
        let refused = responder.tell(answers(&["a.example"], 2), soon).await;
        assert_eq!(refused.err().expect("taken").reason(), "on_its_way");
        let shown = |name: &str| {
            responder
                .certificates
                .lock()
                .get(name)
                .map(|found| found.cert[0].clone())
        };
        let before = shown("a.example").expect("answered");
        let second = responder.tell(answers(&["a.example", "c.example", "b.example"], 2), long);
        let end = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            assert_eq!(shown("a.example"), Some(before.clone()), "the first one's");
            drop(first);
        };
        let (second, ()) = tokio::join!(second, end);
        let second = second.expect("told");
        assert!(shown("a.example").is_some_and(|found| found != before));
        drop(second);
        assert_eq!(shown("a.example"), None);
    }

    #[test]
    fn an_address_is_asked_for_by_its_reverse_name() {
        assert_eq!(asked_for("192.0.2.1"), "1.2.0.192.in-addr.arpa");
        let asked = asked_for("2001:db8::1");
        assert!(asked.starts_with("1.0.0.0.") && asked.ends_with(".8.b.d.0.1.0.0.2.ip6.arpa"));
        assert_eq!(asked_for("shop.example"), "shop.example");
    }

    #[test]
    fn the_digest_stands_in_a_critical_extension() {
        use x509_parser::prelude::FromDer;
        let made = certificate("shop.example", &[7; 32]).expect("a certificate");
        let (_, read) = x509_parser::certificate::X509Certificate::from_der(&made.cert[0]).expect("X.509");
        let extension = read
            .extensions()
            .iter()
            .find(|extension| extension.oid.to_id_string() == "1.3.6.1.5.5.7.1.31")
            .expect("the extension of RFC 8737");
        assert!(extension.critical && extension.value.ends_with(&[7; 32]));
    }
}
