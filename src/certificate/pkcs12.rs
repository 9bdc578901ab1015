//! PKCS#12 (RFC 7292) as OpenSSL, Java and Windows read it: everything under AES-256-CBC with a key from PBKDF2 (PBES2,
//! RFC 8018 §6.2), the whole under an HMAC; SHA-256 throughout. Nothing of the weak ciphers that the format began with.

use std::num::NonZeroU32;

use cbc::cipher::{BlockModeEncrypt as _, KeyIvInit as _, block_padding::Pkcs7};
use ring::{digest, hmac, pbkdf2};

use crate::certificate::der::{INTEGER, NULL, OCTETS, SET, explicit, identifier, number, sequence, tagged};
use crate::certificate::x509::{Chain, Key};
use crate::clock;
use crate::error::{Error, Result};
use crate::model::Secret;

/// As OWASP has it for PBKDF2 with SHA-256.
const ITERATIONS: u32 = 600_000;
/// Of the MAC's key: the same password, and the same cost to try one.
const SALT: usize = 16;
/// Bytes of a block of SHA-256, by which RFC 7292 appendix B.2 fills its input.
const BLOCK: usize = 64;

const BMP: u8 = 0x1e;
const IMPLICIT_0: u8 = 0x80;

const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const ENCRYPTED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06];
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
const HMAC_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09];
const AES256_CBC: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
const CERTIFICATE_BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x03];
const KEY_BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02];
const X509: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];
const FRIENDLY_NAME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14];
const LOCAL_KEY_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15];

/// Key and chain under `password`; `name` is what programs show.
///
/// # Errors
/// `internal` without entropy.
pub fn write(chain: &Chain, key: &Key, name: &str, password: &Secret) -> Result<Vec<u8>> {
    let id = digest::digest(&digest::SHA256, &key.public_der()?);
    let attributes = attributes(id.as_ref(), name);
    let bags: Vec<Vec<u8>> = chain
        .certificates()
        .iter()
        .enumerate()
        .map(|(index, der)| {
            let bag = sequence(&[&identifier(X509), &explicit(&tagged(OCTETS, der))]);
            let own: &[u8] = if index == 0 { &attributes } else { &[] };
            sequence(&[&identifier(CERTIFICATE_BAG), &explicit(&bag), own])
        })
        .collect();
    let certificates = encrypted_data(&sequence(&slices(&bags)), password)?;
    let (algorithm, sealed) = seal(&key.pkcs8()?, password)?;
    let shrouded = sequence(&[&algorithm, &tagged(OCTETS, &sealed)]);
    let bag = sequence(&[&identifier(KEY_BAG), &explicit(&shrouded), &attributes]);
    let safe = sequence(&[&certificates, &data(&sequence(&[&bag]))]);
    let mac = mac(&safe, password)?;
    Ok(sequence(&[&tagged(INTEGER, &[3]), &data(&safe), &mac]))
}

fn attributes(id: &[u8], name: &str) -> Vec<u8> {
    let text: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let attribute = |kind: &[u8], value: &[u8]| sequence(&[&identifier(kind), &tagged(SET, value)]);
    let parts = [
        attribute(FRIENDLY_NAME, &tagged(BMP, &text)),
        attribute(LOCAL_KEY_ID, &tagged(OCTETS, id)),
    ];
    tagged(SET, &parts.concat())
}

/// `ContentInfo` with bytes in clear.
fn data(content: &[u8]) -> Vec<u8> {
    sequence(&[&identifier(DATA), &explicit(&tagged(OCTETS, content))])
}

/// `ContentInfo` with bytes under the password.
fn encrypted_data(content: &[u8], password: &Secret) -> Result<Vec<u8>> {
    let (algorithm, sealed) = seal(content, password)?;
    let content = sequence(&[&identifier(DATA), &algorithm, &tagged(IMPLICIT_0, &sealed)]);
    let whole = sequence(&[&tagged(INTEGER, &[0]), &content]);
    Ok(sequence(&[&identifier(ENCRYPTED_DATA), &explicit(&whole)]))
}

/// The algorithm with its parameters, and the bytes under it.
fn seal(plain: &[u8], password: &Secret) -> Result<(Vec<u8>, Vec<u8>)> {
    let (salt, vector) = (clock::random::<SALT>()?, clock::random::<16>()?);
    let mut key = [0; 32];
    let iterations = NonZeroU32::new(ITERATIONS).ok_or_else(|| Error::internal("no iterations"))?;
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        iterations,
        &salt,
        password.expose().as_bytes(),
        &mut key,
    );
    let sealed =
        cbc::Encryptor::<aes::Aes256>::new(&key.into(), &vector.into()).encrypt_padded_vec::<Pkcs7>(plain);
    let hash = sequence(&[&identifier(HMAC_SHA256), &tagged(NULL, &[])]);
    let derivation = sequence(&[&tagged(OCTETS, &salt), &number(ITERATIONS), &hash]);
    let parameters = sequence(&[
        &sequence(&[&identifier(PBKDF2), &derivation]),
        &sequence(&[&identifier(AES256_CBC), &tagged(OCTETS, &vector)]),
    ]);
    Ok((sequence(&[&identifier(PBES2), &parameters]), sealed))
}

/// `MacData` over the whole.
fn mac(content: &[u8], password: &Secret) -> Result<Vec<u8>> {
    let salt = clock::random::<SALT>()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &mac_key(password, &salt));
    let tag = hmac::sign(&key, content);
    let algorithm = sequence(&[&identifier(SHA256), &tagged(NULL, &[])]);
    let digest = sequence(&[&algorithm, &tagged(OCTETS, tag.as_ref())]);
    Ok(sequence(&[&digest, &tagged(OCTETS, &salt), &number(ITERATIONS)]))
}

/// RFC 7292 appendix B.2 with SHA-256 and ID 3, for which one hash is a whole key. The password is UTF-16 with a zero.
fn mac_key(password: &Secret, salt: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = password
        .expose()
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_be_bytes)
        .collect();
    let filled = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(BLOCK) * BLOCK;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let input = [vec![3; BLOCK], filled(salt), filled(&text)].concat();
    let mut hash = digest::digest(&digest::SHA256, &input);
    for _ in 1..ITERATIONS {
        hash = digest::digest(&digest::SHA256, hash.as_ref());
    }
    hash.as_ref().to_vec()
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}
