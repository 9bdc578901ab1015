//! The key that signs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hickory_proto::rr::rdata::tsig::TsigAlgorithm;
use hickory_proto::rr::{Name, TSigner};

use crate::config::Tsig;
use crate::env::files;
use crate::error::{Error, Result};

/// How far clocks may be apart, in seconds (RFC 8945 §10).
const FUDGE: u16 = 300;

/// Reads the secret.
///
/// # Errors
/// `usage` where the file cannot be read or holds no key.
pub(super) fn signer(provider: &str, tsig: &Tsig) -> Result<TSigner> {
    let refused = |rule: &str| {
        let file = tsig.secret_file.display();
        Error::configuration(format!("[dns.{provider}] tsig_secret_file {file}: {rule}"))
    };
    let text = files::read_secret(&tsig.secret_file)
        .map_err(|error| error.context(format!("[dns.{provider}] tsig_secret_file")))?;
    let secret = STANDARD
        .decode(text.expose().trim_end_matches(['\r', '\n']))
        .map_err(|_| {
            refused("holds no base64").hint("put the secret alone into it, as in the server's key statement")
        })?;
    if secret.is_empty() {
        return Err(refused("holds an empty key"));
    }
    let name = Name::from_ascii(&tsig.name)
        .map_err(|_| Error::configuration(format!("[dns.{provider}] tsig_name is no name")))?;
    let algorithm = match tsig.algorithm.as_str() {
        "hmac-sha256" => TsigAlgorithm::HmacSha256,
        "hmac-sha384" => TsigAlgorithm::HmacSha384,
        "hmac-sha512" => TsigAlgorithm::HmacSha512,
        _ => {
            return Err(Error::configuration(format!(
                "[dns.{provider}] tsig_algorithm is not known"
            )));
        }
    };
    TSigner::new(secret, algorithm, name.to_lowercase(), FUDGE)
        .map_err(|error| Error::internal("a TSIG algorithm that cannot be computed").source(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_is_taken() {
        let directory = tempfile::tempdir().expect("directory");
        let of = |secret: &str| {
            let file = directory.path().join("key");
            files::replace_private(&file, secret.as_bytes()).expect("written");
            let tsig = Tsig {
                name: "Hostctl.".to_owned(),
                algorithm: "hmac-sha256".to_owned(),
                secret_file: file,
            };
            signer("edge", &tsig)
        };
        let signer = of("c2VjcmV0\n").expect("a key");
        assert_eq!(
            (signer.key(), signer.signer_name().to_ascii().as_str()),
            (&b"secret"[..], "hostctl.")
        );
        for secret in ["c2Vj cmV0\n", "hunter2!\n", "c2VjcmV0\nmore\n"] {
            let error = of(secret).err().expect(secret);
            assert_eq!(error.kind(), crate::error::Kind::Usage);
            assert!(!error.message().contains(secret.trim()), "{error}");
        }
    }
}
