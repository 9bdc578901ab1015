use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyIdMethod, KeyPair,
    PKCS_ECDSA_P384_SHA384, SerialNumber,
};

use super::{Chain, Key, covers};

const BEGIN: i64 = 1_800_000_000;

struct Authorities {
    root: String,
    between: CertifiedIssuer<'static, KeyPair>,
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn authorities(between: &str) -> Authorities {
    let root =
        CertifiedIssuer::self_signed(authority("root"), KeyPair::generate().expect("a key")).expect("a root");
    let key = KeyPair::generate().expect("a key");
    let mut params = authority(between);
    params.key_identifier_method = KeyIdMethod::PreSpecified(IDENTIFIER.to_vec());
    let between = CertifiedIssuer::signed_by(params, key, &root).expect("an intermediate");
    Authorities {
        root: root.pem(),
        between,
    }
}

/// The certificate and its key, in PEM.
fn leaf(authorities: &Authorities, names: &[&str], key: &KeyPair) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(BEGIN.unsigned_abs());
    params.not_after = params.not_before + Duration::from_secs(90 * 86_400);
    params.serial_number = Some(SerialNumber::from(vec![0x87, 0x65, 0x43, 0x21]));
    params.use_authority_key_identifier_extension = true;
    params.signed_by(key, &authorities.between).expect("signed").pem()
}

/// The key identifier of RFC 9773 §4.1.
const IDENTIFIER: [u8; 20] = [
    0x69, 0x88, 0x5b, 0x6b, 0x87, 0x46, 0x40, 0x41, 0xe1, 0xb3, 0x7b, 0x84, 0x7b, 0xa0, 0xae, 0x2c, 0xde,
    0x01, 0xc8, 0xd4,
];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_chain_is_put_in_order_by_signatures_and_its_root_left_out() {
    let authorities = authorities("between");
    let key = KeyPair::generate().expect("a key");
    let leaf = leaf(
        &authorities,
        &["Shop.example", "*.shop.example", "192.0.2.1"],
        &key,
    );
    let between = authorities.between.pem();
    let text = format!("{}{between}{}{leaf}", authorities.root, key.serialize_pem());
    let chain = Chain::read(text.as_bytes()).expect("a chain");
    assert_eq!(chain.certificates().len(), 2);
    let normal = |pem: &str| pem.replace('\r', "");
    assert_eq!(chain.certificate_pem(), normal(&leaf));
    assert_eq!(chain.issuers_pem(), normal(&between));
    assert_eq!(chain.pem(), normal(&format!("{leaf}{between}")));
    let found = chain.leaf();
    assert_eq!(found.identifiers, ["shop.example", "*.shop.example", "192.0.2.1"]);
    assert_eq!(
        (found.serial.as_str(), found.issuer.as_str()),
        ("87654321", "CN=between")
    );
    assert_eq!(
        (found.not_before, found.not_after),
        (at(BEGIN), at(BEGIN + 90 * 86_400))
    );
    assert_eq!(found.key_type.as_deref(), Some("p256"));
    // The example of RFC 9773 §4.1: the serial keeps its sign's zero byte.
    assert_eq!(
        found.ari_id.as_deref(),
        Some("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE")
    );
    chain
        .check(
            &strings(&["www.shop.example", "shop.example", "192.0.2.1"]),
            Some(&Key::read(key.serialize_pem().as_bytes()).expect("a key")),
            at(BEGIN),
        )
        .expect("good");
}

#[test]
fn whatever_does_not_hold_is_refused_by_its_word() {
    let authorities = authorities("between");
    let (key, other) = (
        KeyPair::generate().expect("a key"),
        KeyPair::generate().expect("a key"),
    );
    let text = leaf(&authorities, &["shop.example"], &key);
    let chain = Chain::read(text.as_bytes()).expect("a leaf alone");
    let other = Key::read(other.serialize_pem().as_bytes()).expect("a key");
    let reason = |wanted: &[&str], key: Option<&Key>, second: i64| {
        let error = chain
            .check(&strings(wanted), key, at(second))
            .expect_err("refused");
        error.reason().to_owned()
    };
    assert_eq!(
        reason(&["shop.example", "www.shop.example"], None, BEGIN),
        "missing_names"
    );
    assert_eq!(reason(&[], Some(&other), BEGIN), "key_mismatch");
    assert_eq!(reason(&[], None, BEGIN + 90 * 86_400), "expired");
    assert_eq!(reason(&[], None, BEGIN - 3_600), "not_yet_valid");
    chain
        .check_dates(at(BEGIN) - 4.minutes())
        .expect("a clock that is a little behind");

    let read = |text: &str| {
        Chain::read(text.as_bytes())
            .expect_err("refused")
            .reason()
            .to_owned()
    };
    // Another authority of the same name, and one that has nothing to do with it.
    let namesake = super::tests::authorities("between").between.pem();
    assert_eq!(read(&format!("{text}{namesake}")), "broken_chain");
    let stranger = super::tests::authorities("stranger").between.pem();
    assert_eq!(read(&format!("{text}{stranger}")), "broken_chain");
    assert_eq!(read(""), "bad_certificate");
    assert_eq!(read(&text.replace("MII", "MIJ")), "bad_certificate");
    let nameless = CertificateParams::default()
        .self_signed(&key)
        .expect("signed")
        .pem();
    assert_eq!(read(&nameless), "no_names");
    assert_eq!(
        Key::read(text.as_bytes()).expect_err("no key").reason(),
        "bad_key"
    );
}

#[test]
fn keys_of_other_kinds_belong_to_their_certificates_and_are_never_shown() {
    let authorities = authorities("between");
    let p384 = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
    let chain = Chain::read(leaf(&authorities, &["shop.example"], &p384).as_bytes()).expect("a chain");
    assert_eq!(chain.leaf().key_type.as_deref(), Some("p384"));
    let pem = p384.serialize_pem().replace('\r', "");
    let key = Key::read(pem.as_bytes()).expect("a key");
    chain.check_key(&key).expect("its own key");
    assert_eq!(key.pem().expose(), pem);
    let shown = format!("{key:?}");
    assert!(!shown.contains(&pem[40..60]), "{shown}");
}

#[test]
fn a_wildcard_stands_for_one_label_and_an_address_for_all_its_spellings() {
    let held = strings(&["shop.example", "*.shop.example", "2001:db8::1"]);
    for wanted in [
        "shop.example",
        "SHOP.example",
        "a.shop.example",
        "*.shop.example",
        "2001:DB8:0::1",
    ] {
        assert!(covers(&held, wanted), "{wanted}");
    }
    for wanted in [
        "a.b.shop.example",
        "example",
        "hop.example",
        "*.example",
        "2001:db8::2",
        "xshop.example",
    ] {
        assert!(!covers(&held, wanted), "{wanted}");
    }
    assert!(!covers(&strings(&["*.shop.example"]), "shop.example"));
}

#[test]
fn a_key_in_an_older_form_is_pkcs8_where_that_is_wanted() {
    let pair = KeyPair::generate().expect("a key");
    let whole = pair.serialize_der();
    // Behind version, algorithm and the head of the octets stands the SEC1 form.
    let inner = &whole[29..];
    let key = Key::read(super::section("EC PRIVATE KEY", inner).as_bytes()).expect("a key");
    assert_eq!(
        key.pem().expose().lines().next(),
        Some("-----BEGIN EC PRIVATE KEY-----")
    );
    assert_eq!(key.pkcs8().expect("wrapped"), whole);
}
