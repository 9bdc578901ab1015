//! TLS for clients: rustls with ring, the system's roots or a given CA file, and how much of a certificate is checked.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::env::files;
use crate::error::{Error, Result};

/// How much of the server's certificate is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Chain and name; the default everywhere.
    Full,
    /// The chain only: any server of that CA (`sslmode=verify-ca`).
    Chain,
    /// Nothing: encryption without knowing to whom (`sslmode=require`).
    Nothing,
}

/// A client configuration that checks everything, with the roots in `ca_file` (PEM), or the system's.
///
/// # Errors
/// `usage` where the file holds no certificate or the system has no roots.
pub fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig> {
    client_config_verifying(ca_file, Verify::Full)
}

/// As [`client_config`], with less checking where the operator asked for it.
///
/// # Errors
/// As [`client_config`].
pub fn client_config_verifying(ca_file: Option<&Path>, verify: Verify) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?;
    if verify == Verify::Nothing {
        let verifier = Arc::new(Lenient {
            chain: None,
            provider,
        });
        return Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_no_client_auth());
    }
    let roots = roots(ca_file)?;
    if verify == Verify::Full {
        return Ok(builder.with_root_certificates(roots).with_no_client_auth());
    }
    let chain = verifier_of(roots, &provider)?;
    let verifier = Arc::new(Lenient {
        chain: Some(chain),
        provider,
    });
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// What checks chain, name and dates against the roots in `ca_file` (PEM), or the system's.
///
/// # Errors
/// As [`client_config`].
pub fn verifier(ca_file: Option<&Path>) -> Result<Arc<WebPkiServerVerifier>> {
    verifier_of(roots(ca_file)?, &Arc::new(ring::default_provider()))
}

fn verifier_of(roots: RootCertStore, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| Error::configuration(format!("the CA certificates cannot be used: {error}")))
}

fn roots(ca_file: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let (certificates, from) = match ca_file {
        Some(path) => (certificates_in(path)?, path.display().to_string()),
        None => (
            rustls_native_certs::load_native_certs().certs,
            "the system's certificate store".to_owned(),
        ),
    };
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        let error = Error::configuration(format!("{from} holds no CA certificate"));
        return Err(if ca_file.is_none() {
            error.hint("apt install ca-certificates")
        } else {
            error
        });
    }
    Ok(roots)
}

fn certificates_in(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let pem = files::read_public(path)?;
    CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Error::configuration(format!("{} is no PEM file: {error}", path.display())))
}

/// Signatures are always checked; the name never, the chain where there is one to check against.
#[derive(Debug)]
struct Lenient {
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        // webpki looks at the name last: an error about it means that the chain is good.
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::pki_types::PrivateKeyDer;
    use rustls::{ClientConnection, ServerConfig, ServerConnection, Stream};

    use super::*;
    use crate::error::Kind;

    struct Authority {
        issuer: CertifiedIssuer<'static, KeyPair>,
        file: tempfile::NamedTempFile,
    }

    fn authority() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("key")).expect("signed");
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(issuer.pem().as_bytes()).expect("written");
        Authority { issuer, file }
    }

    /// Serves one connection with a certificate for `good.test` and answers `hello`.
    fn serve(authority: &Authority) -> u16 {
        let key = KeyPair::generate().expect("key");
        let params = CertificateParams::new(vec!["good.test".to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &authority.issuer).expect("signed");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("server");
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let port = listener.local_addr().expect("address").port();
        std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().expect("accepted");
            let mut session = ServerConnection::new(Arc::new(config)).expect("session");
            // Fails where the client refuses us, as it should in half of the tests.
            let _ = Stream::new(&mut session, &mut socket).write_all(b"hello");
        });
        port
    }

    fn is_trusted(config: ClientConfig, port: u16, name: &str) -> bool {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).expect("connected");
        let name = ServerName::try_from(name.to_owned()).expect("name");
        let mut session = ClientConnection::new(Arc::new(config), name).expect("session");
        let mut answer = [0; 5];
        Stream::new(&mut session, &mut socket)
            .read_exact(&mut answer)
            .is_ok()
    }

    #[test]
    fn each_mode_accepts_what_it_says_and_no_more() {
        let (ours, foreign) = (authority(), authority());
        let table = [
            (Verify::Full, &ours, "good.test", true),
            (Verify::Full, &ours, "other.test", false),
            (Verify::Full, &foreign, "good.test", false),
            (Verify::Chain, &ours, "other.test", true),
            (Verify::Chain, &foreign, "good.test", false),
            (Verify::Chain, &foreign, "other.test", false),
            (Verify::Nothing, &foreign, "other.test", true),
        ];
        for (verify, trusted, name, expected) in table {
            let config = client_config_verifying(Some(trusted.file.path()), verify).expect("configured");
            assert_eq!(
                is_trusted(config, serve(&ours), name),
                expected,
                "{verify:?} {name}"
            );
        }
    }

    #[test]
    fn a_file_without_certificates_is_a_configuration_error() {
        let empty = tempfile::NamedTempFile::new().expect("file");
        assert_eq!(
            client_config(Some(empty.path()))
                .expect_err("no certificate")
                .kind(),
            Kind::Usage
        );
        assert_eq!(
            client_config(Some(Path::new("/nonexistent")))
                .expect_err("missing")
                .kind(),
            Kind::Usage
        );
    }
}
