//! The data of records between presentation form (RFC 1035 §5.1) and the wire. What is known here is written here: the
//! library's texts leave out quotes, replace bytes, and do not read back.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::NULL;
use hickory_proto::rr::{Name, RData, RecordType as WireType};
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder, BinEncodable, BinEncoder, NameEncoding};

use super::service;
use super::words::{self, Word};
use crate::dns::provider::names;
use crate::error::{Error, Kind, Result};
use crate::model::{RecordData, RecordType};

/// One field of a type's data, in order.
#[derive(Clone, Copy)]
enum Part {
    Byte,
    Short,
    Long,
    Ipv4,
    Ipv6,
    Name,
    /// A string of up to 255 bytes with its length before it.
    String,
    /// The same without quotes.
    Tag,
    /// As many strings as there are.
    Strings,
    /// All that is left, as a string without length.
    Value,
    /// All that is left, as digits.
    Hexadecimal,
}

/// Data for an update.
///
/// # Errors
/// `conflict`, reason `refused`, where the data has no wire form that reads back as the same.
pub(super) fn encode(data: &RecordData) -> Result<RData> {
    let refused = || {
        let message = format!("{} {data}: no DNSUPDATE can carry it", data.rtype());
        Error::new(Kind::Conflict, "refused", message)
            .hint("write its bytes, as in \\# 4 0a000001 (RFC 3597 §5)")
    };
    let bytes = bytes_of(data.rtype(), &data.presentation()).ok_or_else(refused)?;
    let wire = raw(data.rtype().number(), bytes);
    // What does not read back as the same would be overwritten as somebody else's by the next change.
    match decode(&wire) {
        Some((rtype, text)) if RecordData::from_presentation(rtype, &text)? == *data => Ok(wire),
        _ => Err(refused()),
    }
}

/// The type and presentation of data that a server sent; nothing for meta types.
pub(super) fn decode(data: &RData) -> Option<(RecordType, String)> {
    let rtype = RecordType::from_number(u16::from(data.record_type()))?;
    let bytes = bytes(data)?;
    let text = match (rtype, parts(rtype)) {
        (_, Some(parts)) => text_of(parts, &bytes),
        (RecordType::Svcb | RecordType::Https, None) => service::text(&bytes),
        (_, None) => None,
    };
    Some((rtype, text.unwrap_or_else(|| generic(&bytes))))
}

/// The data of these bytes, as a server would give it; nothing where they are no data of the type.
pub(in crate::dns) fn of_wire(rtype: RecordType, bytes: Vec<u8>) -> Option<RecordData> {
    let (_, text) = decode(&raw(rtype.number(), bytes))?;
    let is_known = !matches!(rtype, RecordType::Unknown(_));
    if is_known && text.starts_with("\\#") {
        return None;
    }
    RecordData::from_presentation(rtype, &text).ok()
}

/// The data that `\# 4 0a000001` stands for (RFC 3597 §5), of any type.
pub(in crate::dns) fn of_generic_text(rtype: RecordType, text: &str) -> Option<RecordData> {
    let words = words::split(text)?;
    words.first().filter(|word| word.raw == "\\#")?;
    of_wire(rtype, of_generic(&words)?)
}

/// The data in presentation form, as far as servers could hold it: whether a person should write it is not asked.
pub(in crate::dns) fn of_text(rtype: RecordType, text: &str) -> Option<RecordData> {
    let data = RecordData::from_presentation(rtype, text).ok()?;
    encode(&data).is_ok().then_some(data)
}

/// How many bytes the data has on the wire, names in full.
pub(super) fn length(data: &RData) -> usize {
    bytes(data).map_or(0, |bytes| bytes.len())
}

/// Bytes as they are. The library has another word for none.
fn raw(number: u16, bytes: Vec<u8>) -> RData {
    let code = WireType::from(number);
    match bytes.is_empty() {
        true => RData::Update0(code),
        false => RData::Unknown {
            code,
            rdata: NULL::with(bytes),
        },
    }
}

fn parts(rtype: RecordType) -> Option<&'static [Part]> {
    use Part::{Byte, Hexadecimal, Ipv4, Ipv6, Long, Short, String, Strings, Tag, Value};
    Some(match rtype {
        RecordType::A => &[Ipv4],
        RecordType::Aaaa => &[Ipv6],
        RecordType::Caa => &[Byte, Tag, Value],
        RecordType::Cname | RecordType::Dname | RecordType::Ns | RecordType::Ptr => &[Part::Name],
        RecordType::Ds => &[Short, Byte, Byte, Hexadecimal],
        RecordType::Mx => &[Short, Part::Name],
        RecordType::Naptr => &[Short, Short, String, String, String, Part::Name],
        RecordType::Soa => &[Part::Name, Part::Name, Long, Long, Long, Long, Long],
        RecordType::Srv => &[Short, Short, Short, Part::Name],
        RecordType::Sshfp => &[Byte, Byte, Hexadecimal],
        RecordType::Tlsa => &[Byte, Byte, Byte, Hexadecimal],
        RecordType::Txt => &[Strings],
        RecordType::Https | RecordType::Svcb | RecordType::Unknown(_) => return None,
    })
}

/// The bytes of data as they came, names in full.
fn bytes(data: &RData) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = BinEncoder::new(&mut bytes);
    encoder.set_name_encoding(NameEncoding::Uncompressed);
    data.emit(&mut encoder).ok()?;
    Some(bytes)
}

fn bytes_of(rtype: RecordType, presentation: &str) -> Option<Vec<u8>> {
    let words = words::split(presentation)?;
    if words.first().is_some_and(|word| word.raw == "\\#") {
        return of_generic(&words);
    }
    match parts(rtype) {
        Some(parts) => of_words(parts, &words),
        None => service::bytes(&words),
    }
}

fn of_words(parts: &[Part], words: &[Word]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut words = words.iter();
    for part in parts {
        match part {
            Part::Strings => {
                for word in words.by_ref() {
                    string(&mut bytes, word)?;
                }
            }
            Part::Hexadecimal => {
                let digits: String = words.by_ref().map(|word| word.raw.as_str()).collect();
                bytes.extend(hexadecimal(&digits)?);
            }
            part => field(&mut bytes, *part, words.next()?)?,
        }
    }
    words.next().is_none().then_some(bytes)
}

fn field(bytes: &mut Vec<u8>, part: Part, word: &Word) -> Option<()> {
    match part {
        Part::Byte => bytes.push(word.raw.parse().ok()?),
        Part::Short => bytes.extend(word.raw.parse::<u16>().ok()?.to_be_bytes()),
        Part::Long => bytes.extend(word.raw.parse::<u32>().ok()?.to_be_bytes()),
        Part::Ipv4 => bytes.extend(word.raw.parse::<Ipv4Addr>().ok()?.octets()),
        Part::Ipv6 => bytes.extend(word.raw.parse::<Ipv6Addr>().ok()?.octets()),
        Part::Name => bytes.extend(names::wire(&word.raw)?.to_bytes().ok()?),
        Part::String | Part::Tag => string(bytes, word)?,
        Part::Value => bytes.extend(&word.bytes),
        Part::Strings | Part::Hexadecimal => return None,
    }
    Some(())
}

fn string(bytes: &mut Vec<u8>, word: &Word) -> Option<()> {
    bytes.push(u8::try_from(word.bytes.len()).ok()?);
    bytes.extend(&word.bytes);
    Some(())
}

/// `\# 4 0a000001` (RFC 3597 §5).
fn of_generic(words: &[Word]) -> Option<Vec<u8>> {
    let (length, digits) = words.get(1..)?.split_first()?;
    let digits: String = digits.iter().map(|word| word.raw.as_str()).collect();
    let bytes = hexadecimal(&digits)?;
    (length.raw.parse() == Ok(bytes.len())).then_some(bytes)
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let nibbles: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let pairs = nibbles.chunks(2);
    pairs
        .map(|pair| matches!(pair, [_, _]).then(|| pair[0] << 4 | pair[1]))
        .collect()
}

fn text_of(parts: &[Part], bytes: &[u8]) -> Option<String> {
    let mut decoder = BinDecoder::new(bytes);
    let mut words = Vec::new();
    for part in parts {
        match part {
            Part::Strings => {
                // At least one (RFC 1035 §3.3.14); data without any has no words.
                words.push(words::quoted(decoder.read_character_data().ok()?.unverified()));
                while !decoder.is_empty() {
                    words.push(words::quoted(decoder.read_character_data().ok()?.unverified()));
                }
            }
            Part::Hexadecimal | Part::Value => {
                let length = decoder.len();
                let rest = decoder.read_slice(length).ok()?.unverified();
                words.push(match part {
                    Part::Value => words::quoted(rest),
                    _ => digits(rest),
                });
            }
            part => words.push(word(*part, &mut decoder)?),
        }
    }
    decoder.is_empty().then(|| words.join(" "))
}

fn word(part: Part, decoder: &mut BinDecoder<'_>) -> Option<String> {
    Some(match part {
        Part::Byte => decoder.read_u8().ok()?.unverified().to_string(),
        Part::Short => decoder.read_u16().ok()?.unverified().to_string(),
        Part::Long => decoder.read_u32().ok()?.unverified().to_string(),
        Part::Ipv4 => {
            let octets: [u8; 4] = decoder.read_slice(4).ok()?.unverified().try_into().ok()?;
            Ipv4Addr::from(octets).to_string()
        }
        Part::Ipv6 => {
            let octets: [u8; 16] = decoder.read_slice(16).ok()?.unverified().try_into().ok()?;
            Ipv6Addr::from(octets).to_string()
        }
        Part::Name => names::text(&Name::read(decoder).ok()?),
        Part::String => words::quoted(decoder.read_character_data().ok()?.unverified()),
        Part::Tag => String::from_utf8(decoder.read_character_data().ok()?.unverified().to_vec()).ok()?,
        Part::Strings | Part::Value | Part::Hexadecimal => return None,
    })
}

fn generic(bytes: &[u8]) -> String {
    let digits = digits(bytes);
    let blank = if digits.is_empty() { "" } else { " " };
    format!("\\# {}{blank}{digits}", bytes.len())
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(rtype: RecordType, text: &str) -> String {
        let data = RecordData::from_presentation(rtype, text).expect(text);
        decode(&encode(&data).expect(text)).expect(text).1
    }

    #[test]
    fn every_known_type_comes_back_as_it_was() {
        for (rtype, text) in [
            (RecordType::A, "192.0.2.1"),
            (RecordType::Aaaa, "2001:db8::1"),
            (RecordType::Caa, "128 issue \"ca.example.net; x=\\\"1\\\"\""),
            (RecordType::Cname, "a\\.b.example.net."),
            (
                RecordType::Ds,
                "12345 13 2 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de4049fd46e6c4b45c55d4ac69",
            ),
            (RecordType::Https, "1 . alpn=\"h2,h3\" ipv4hint=192.0.2.1"),
            (RecordType::Mx, "10 mx1.example.net."),
            (RecordType::Mx, "0 ."),
            (
                RecordType::Naptr,
                "100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@example.net!\" .",
            ),
            (
                RecordType::Soa,
                "ns1.example.net. hostmaster.example.net. 4294967295 1 2 3 4",
            ),
            (RecordType::Srv, "0 5 5060 sip.example.net."),
            (
                RecordType::Sshfp,
                "4 2 123456789abcdef67890123456789abcdef67890123456789abcdef678901234",
            ),
            (
                RecordType::Tlsa,
                "3 1 1 49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de4049fd46e6c4b45c55d4ac69",
            ),
            (RecordType::Txt, "\"a\" \"b;\\\"\\\\\\000\\255\""),
            (RecordType::Txt, "\"\""),
            (RecordType::Txt, "\\# 0"),
            (RecordType::Unknown(65280), "\\# 4 0a000001"),
            (RecordType::Unknown(65280), "\\# 0"),
        ] {
            let again = there_and_back(rtype, text);
            assert_eq!(
                RecordData::from_presentation(rtype, &again).expect(&again),
                RecordData::from_presentation(rtype, text).expect(text),
                "{text} became {again}"
            );
        }
    }

    #[test]
    fn what_has_no_wire_form_is_refused() {
        for (rtype, text) in [
            (RecordType::A, "everywhere"),
            (RecordType::Mx, "10"),
            (RecordType::Mx, "10 mx.example.net. more"),
            (RecordType::Unknown(65401), "alias.example.net."),
            (RecordType::Unknown(65280), "\\# 3 0a000001"),
        ] {
            let data = RecordData::from_presentation(rtype, text).expect(text);
            let error = encode(&data).expect_err(text);
            assert_eq!((error.kind(), error.reason()), (Kind::Conflict, "refused"));
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let strings: Vec<String> = bytes.chunks(255).map(words::quoted).collect();
            let text = if strings.is_empty() { "\"\"".to_owned() } else { strings.join(" ") };
            prop_assert_eq!(there_and_back(RecordType::Txt, &text), text);
        }

        #[test]
        fn any_bytes_of_any_type_are_read_without_harm(number in 1_u16..70, bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Some((rtype, text)) = decode(&raw(number, bytes)) {
                prop_assert!(RecordData::from_presentation(rtype, &text).is_ok(), "{}", text);
            }
        }
    }
}
