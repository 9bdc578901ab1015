//! What a server said, as text: response code, whether it speaks with authority, records in presentation form.

use std::fmt::Write as _;
use std::net::SocketAddr;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{CAA, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record};
use hickory_resolver::proto::serialize::binary::BinDecodable as _;
use serde::Serialize;

use crate::model::record::name_of;
use crate::model::{RecordData, RecordType};

/// One answer of one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Who said it.
    pub server: SocketAddr,
    /// `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`, …
    pub rcode: String,
    /// Whether the server is one of the zone's own (the AA bit).
    pub authoritative: bool,
    /// The answer section as it came: aliases first, then what they lead to.
    pub records: Vec<AnswerRecord>,
}

/// One record of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerRecord {
    /// Absolute, without the final dot, lower case.
    pub name: String,
    /// Seconds.
    pub ttl: u32,
    /// `A`, `TXT`, `TYPE65280`.
    pub r#type: String,
    /// As a person would give it: TXT as raw text, everything else in presentation form. Hostile input: escape it before
    /// it reaches a terminal.
    pub value: String,
}

impl Answer {
    /// Whether the name exists and the server could say so.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.rcode == "NOERROR"
    }

    /// The values of one type.
    pub fn values(&self, rtype: RecordType) -> impl Iterator<Item = &str> {
        let wanted = rtype.to_string();
        self.records
            .iter()
            .filter(move |record| record.r#type == wanted)
            .map(|record| record.value.as_str())
    }

    pub(super) fn new(server: SocketAddr, message: &Message) -> Self {
        Answer {
            server,
            rcode: word(message.metadata.response_code),
            authoritative: message.metadata.authoritative,
            records: message.answers.iter().filter_map(record).collect(),
        }
    }
}

fn record(record: &Record) -> Option<AnswerRecord> {
    let rtype = RecordType::from_number(u16::from(record.record_type()))?;
    let presentation = presentation(&record.data);
    let value = RecordData::from_presentation(rtype, &presentation).map_or(presentation, |data| data.value());
    let name = record.name.to_ascii().to_ascii_lowercase();
    Some(AnswerRecord {
        name: name.strip_suffix('.').map_or(name.clone(), str::to_owned),
        ttl: record.ttl,
        r#type: rtype.to_string(),
        value,
    })
}

/// The presentation of a record's data. The library joins strings without quotes and replaces bytes that are no UTF-8, so
/// types that hold text are written here.
fn presentation(data: &RData) -> String {
    match data {
        RData::TXT(TXT { txt_data, .. }) => {
            let strings: Vec<String> = txt_data.iter().map(|string| quoted(string)).collect();
            strings.join(" ")
        }
        RData::CAA(caa) => caa_presentation(caa),
        RData::Unknown { code, rdata } if u16::from(*code) == RecordType::Dname.number() => {
            let name = Name::from_bytes(&rdata.anything);
            name.map_or_else(
                |_| generic(&rdata.anything),
                |name| format!("{}.", name_of(name.iter())),
            )
        }
        RData::Unknown { rdata, .. } => generic(&rdata.anything),
        other => other.to_string(),
    }
}

fn caa_presentation(caa: &CAA) -> String {
    format!("{} {} {}", caa.flags(), caa.tag, quoted(&caa.value))
}

/// RFC 3597 §5.
fn generic(bytes: &[u8]) -> String {
    let mut text = format!("\\# {}", bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        let _ = write!(text, "{}{byte:02x}", if index == 0 { " " } else { "" });
    }
    text
}

/// RFC 1035 §5.1.
fn quoted(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            0x20..=0x7e => text.push(char::from(*byte)),
            other => {
                let _ = write!(text, "\\{other:03}");
            }
        }
    }
    text.push('"');
    text
}

/// The names of RFC 6895 §2.3.
pub(super) fn word(code: ResponseCode) -> String {
    let word = match code {
        ResponseCode::NoError => "NOERROR",
        ResponseCode::FormErr => "FORMERR",
        ResponseCode::ServFail => "SERVFAIL",
        ResponseCode::NXDomain => "NXDOMAIN",
        ResponseCode::NotImp => "NOTIMP",
        ResponseCode::Refused => "REFUSED",
        ResponseCode::NotAuth => "NOTAUTH",
        ResponseCode::NotZone => "NOTZONE",
        other => return format!("RCODE{}", u16::from(other)),
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::op::OpCode;
    use hickory_resolver::proto::rr::RecordType as Type;
    use hickory_resolver::proto::rr::rdata::NULL;

    use super::*;

    fn answered(data: RData) -> AnswerRecord {
        let mut message = Message::response(1, OpCode::Query);
        message.metadata.authoritative = true;
        let name = Name::from_ascii("WWW.Example.test.").expect("name");
        message.add_answer(Record::from_rdata(name, 300, data));
        let answer = Answer::new("127.0.0.1:53".parse().expect("address"), &message);
        assert!(answer.authoritative && answer.is_ok());
        answer.records.into_iter().next().expect("one record")
    }

    #[test]
    fn text_comes_back_as_it_was_given() {
        let record = answered(RData::TXT(TXT::from_bytes(vec![b"a \"b\" \\ c", b"\x1b]0;\xff"])));
        assert_eq!(
            (record.name.as_str(), record.r#type.as_str()),
            ("www.example.test", "TXT")
        );
        assert_eq!(record.value, "a \"b\" \\ c\\027]0;\\255");
    }

    #[test]
    fn an_unknown_type_is_written_in_the_generic_form() {
        let code = Type::Unknown(65280);
        let record = answered(RData::Unknown {
            code,
            rdata: NULL::with(vec![10, 0, 0, 1]),
        });
        assert_eq!(
            (record.r#type.as_str(), record.value.as_str()),
            ("TYPE65280", "\\# 4 0a000001")
        );
    }

    #[test]
    fn a_dname_is_a_name() {
        let target = b"\x06target\x04test\x00".to_vec();
        let record = answered(RData::Unknown {
            code: Type::Unknown(39),
            rdata: NULL::with(target),
        });
        assert_eq!(
            (record.r#type.as_str(), record.value.as_str()),
            ("DNAME", "target.test.")
        );
    }

    #[test]
    fn response_codes_have_their_names() {
        assert_eq!(word(ResponseCode::NXDomain), "NXDOMAIN");
        assert_eq!(word(ResponseCode::YXRRSet), "RCODE7");
    }
}
