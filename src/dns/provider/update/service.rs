//! SVCB and HTTPS on the wire (RFC 9460 §2.2): priority, target, parameters with numbered keys.

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hickory_proto::rr::Name;
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder, BinEncodable};

use super::words::Word;
use crate::dns::provider::names;
use crate::model::record::{service_key_name, service_key_number};

/// The words of the canonical presentation; nothing where a value needs its quotes, which no registered key does.
pub(super) fn bytes(words: &[Word]) -> Option<Vec<u8>> {
    let [priority, target, parameters @ ..] = words else {
        return None;
    };
    let mut bytes = priority.raw.parse::<u16>().ok()?.to_be_bytes().to_vec();
    bytes.extend(names::wire(&target.raw)?.to_bytes().ok()?);
    let mut last = None;
    for parameter in parameters {
        let (key, value) = parameter.raw.split_once('=').unwrap_or((&parameter.raw, ""));
        let number = service_key_number(key)?;
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'))
            .unwrap_or(value);
        // In the order of their numbers, each once.
        if value.contains(['"', '\\']) || last.replace(number).is_some_and(|last| last >= number) {
            return None;
        }
        let value = value_bytes(number, value)?;
        bytes.extend(number.to_be_bytes());
        bytes.extend(u16::try_from(value.len()).ok()?.to_be_bytes());
        bytes.extend(value);
    }
    Some(bytes)
}

fn value_bytes(number: u16, value: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    match number {
        0 => {
            for key in value.split(',') {
                bytes.extend(service_key_number(key)?.to_be_bytes());
            }
        }
        1 => {
            for id in value.split(',') {
                bytes.push(u8::try_from(id.len()).ok()?);
                bytes.extend(id.bytes());
            }
        }
        3 => bytes.extend(value.parse::<u16>().ok()?.to_be_bytes()),
        4 => {
            for address in value.split(',') {
                bytes.extend(address.parse::<Ipv4Addr>().ok()?.octets());
            }
        }
        5 => bytes = STANDARD.decode(value).ok()?,
        6 => {
            for address in value.split(',') {
                bytes.extend(address.parse::<Ipv6Addr>().ok()?.octets());
            }
        }
        _ => bytes.extend(value.bytes()),
    }
    Some(bytes)
}

/// The canonical presentation; nothing where the bytes are no such data, or hold what it cannot say.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let mut decoder = BinDecoder::new(bytes);
    let priority = decoder.read_u16().ok()?.unverified();
    let target = names::text(&Name::read(&mut decoder).ok()?);
    let mut text = format!("{priority} {target}");
    while !decoder.is_empty() {
        let number = decoder.read_u16().ok()?.unverified();
        let length = usize::from(decoder.read_u16().ok()?.unverified());
        let value = value_text(number, decoder.read_slice(length).ok()?.unverified())?;
        text.push(' ');
        text.push_str(&service_key_name(number));
        if !value.is_empty() {
            text.push('=');
            text.push_str(&value);
        }
    }
    Some(text)
}

fn value_text(number: u16, bytes: &[u8]) -> Option<String> {
    let list = |length: usize, show: fn(&[u8]) -> Option<String>| {
        let parts: Option<Vec<String>> = bytes.chunks(length).map(show).collect();
        Some(parts?.join(","))
    };
    match number {
        0 => list(2, |key| {
            Some(service_key_name(u16::from_be_bytes(key.try_into().ok()?)))
        }),
        1 => protocols(bytes),
        3 => Some(u16::from_be_bytes(bytes.try_into().ok()?).to_string()),
        4 => list(4, |octets| {
            Some(Ipv4Addr::from(<[u8; 4]>::try_from(octets).ok()?).to_string())
        }),
        5 => Some(STANDARD.encode(bytes)),
        6 => list(16, |octets| {
            Some(Ipv6Addr::from(<[u8; 16]>::try_from(octets).ok()?).to_string())
        }),
        _ => plain(bytes),
    }
}

fn protocols(bytes: &[u8]) -> Option<String> {
    let mut decoder = BinDecoder::new(bytes);
    let mut ids = Vec::new();
    while !decoder.is_empty() {
        let id = plain(decoder.read_character_data().ok()?.unverified())?;
        ids.push((!id.contains(',')).then_some(id)?);
    }
    Some(ids.join(","))
}

/// Text that needs no quotes.
fn plain(bytes: &[u8]) -> Option<String> {
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b';' | b'(' | b')');
    bytes
        .iter()
        .all(is_plain)
        .then(|| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::provider::update::words;

    #[test]
    fn every_parameter_comes_back_as_it_was() {
        for given in [
            "0 www.example.net.",
            "1 . mandatory=alpn,port alpn=h2,h3 no-default-alpn port=8443 ipv4hint=192.0.2.1,192.0.2.2 \
             ech=AEn+DQ== ipv6hint=2001:db8::1 dohpath=/dns-query{?dns} ohttp key65000=abc",
        ] {
            let bytes = bytes(&words::split(given).expect("words")).expect("bytes");
            assert_eq!(text(&bytes).as_deref(), Some(given));
        }
        // RFC 9460 appendix D.2, figure 7.
        let bytes = bytes(&words::split("16 foo.example.com. port=53").expect("words")).expect("bytes");
        assert_eq!(
            bytes,
            b"\x00\x10\x03foo\x07example\x03com\x00\x00\x03\x00\x02\x00\x35"
        );
        assert_eq!(text(b"\x00\x01\x00\x00\x07\x00\x02\"\\"), None);
        assert_eq!(text(b"\x00\x01\x00\x00\x07\x00\x09x"), None);
    }
}
