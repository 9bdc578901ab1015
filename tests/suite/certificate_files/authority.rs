//! An authority of the test's own, and the files that its certificates come in.

use std::fs;
use std::path::Path;
use std::time::Duration;

use hostctl::clock;
use hostctl::env::files;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// A root, and an authority below it that signs.
pub struct Authority {
    root: String,
    between: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate with its chain, and its key.
pub struct Pair {
    pub leaf: String,
    pub chain: String,
    pub key: String,
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn days(days: i64) -> u64 {
    let second = clock::now().as_second() + days * 86_400;
    second.unsigned_abs()
}

impl Authority {
    pub fn new() -> Authority {
        let root = CertifiedIssuer::self_signed(params("test root"), KeyPair::generate().expect("a key"));
        let root = root.expect("a root");
        let key = KeyPair::generate().expect("a key");
        let between = CertifiedIssuer::signed_by(params("test authority"), key, &root).expect("an authority");
        Authority {
            root: root.pem(),
            between,
        }
    }

    /// The root as a file.
    pub fn write_root(&self, path: &Path) {
        fs::write(path, &self.root).expect("a file");
    }

    /// A certificate that is valid for so many days, with a key of its own.
    pub fn issue(&self, names: &[&str], valid: i64) -> Pair {
        let key = KeyPair::generate().expect("a key");
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        let begin = rcgen::date_time_ymd(1970, 1, 1);
        params.not_before = begin + Duration::from_secs(days(valid.min(0) - 1));
        params.not_after = begin + Duration::from_secs(days(valid));
        params.use_authority_key_identifier_extension = true;
        Pair {
            leaf: params.signed_by(&key, &self.between).expect("signed").pem(),
            chain: self.between.pem(),
            key: key.serialize_pem(),
        }
    }
}

impl Pair {
    pub fn fullchain(&self) -> String {
        format!("{}{}", self.leaf, self.chain)
    }

    /// As two files of a new directory.
    pub fn write(&self, directory: &Path) {
        fs::create_dir_all(directory).expect("a directory");
        fs::write(directory.join("fullchain.pem"), self.fullchain()).expect("a file");
        files::replace_private(&directory.join("privkey.pem"), self.key.as_bytes()).expect("a file");
    }

    /// A part of the key that stands in no other text.
    pub fn secret(&self) -> &str {
        self.key.lines().nth(1).expect("a line")
    }
}
