//! Single questions. A server may refuse one before it looks at the key, and does not sign that then: such a refusal tells
//! nothing, because whoever is in between could have said it.

use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{Record, RecordType as WireType};

use super::{Answer, Server, TIMEOUT};
use crate::clock;
use crate::dns::provider::names;
use crate::dns::provider::update::{answer, rdata};
use crate::env::deadline::Deadline;
use crate::error::{Error, Result};
use crate::model::{RecordName, RecordType};

impl Server {
    /// The data of one name and type in presentation form, as the server itself has it.
    ///
    /// # Errors
    /// `denied` or `unavailable`.
    pub async fn ask(&self, name: &str, rtype: RecordType) -> Result<Vec<String>> {
        let answer = self.signed_answer(name, WireType::from(rtype.number())).await?;
        let found = answer
            .answers
            .iter()
            .filter_map(|record| rdata::decode(&record.data));
        Ok(found
            .filter(|(found, _)| *found == rtype)
            .map(|(_, text)| text)
            .collect())
    }

    /// The records of one name and type as the server itself has them; none where an alias is there instead; nothing where it
    /// does not answer for the name.
    ///
    /// # Errors
    /// `denied` or `unavailable`.
    pub async fn records(&self, name: &RecordName, rtype: RecordType) -> Result<Option<Vec<Record>>> {
        let answer = self
            .signed_answer(name.as_str(), WireType::from(rtype.number()))
            .await?;
        let is_whole = answer.metadata.authoritative && !answer.metadata.truncation;
        let is_asked = |record: &Record| {
            u16::from(record.record_type()) == rtype.number() && is_named(record, name.as_str())
        };
        Ok(is_whole.then(|| answer.answers.into_iter().filter(is_asked).collect()))
    }

    /// Whether the server has a zone of this name; nothing where it refuses to say without a signature.
    ///
    /// # Errors
    /// `denied` or `unavailable`.
    pub async fn serves(&self, zone: &str) -> Result<Option<bool>> {
        let answer = self.answer(zone, WireType::SOA).await?;
        let message = &answer.message;
        let is_its = |record: &Record| record.record_type() == WireType::SOA && is_named(record, zone);
        let serves = message.metadata.authoritative && message.answers.iter().any(is_its);
        Ok(answer.is_verified.then_some(serves))
    }

    /// Whether the server refers who asks for `name` to other servers than those of its zone `parent`.
    ///
    /// # Errors
    /// `denied` or `unavailable`.
    pub async fn delegates(&self, parent: &str, name: &str) -> Result<bool> {
        let answer = self.signed_answer(name, WireType::NS).await?;
        let refers = |record: &Record| record.record_type() == WireType::NS && !is_named(record, parent);
        Ok(!answer.metadata.authoritative && answer.authorities.iter().any(refers))
    }

    /// Whether the server answers, and in our key as far as it looks at keys.
    ///
    /// # Errors
    /// `denied` or `unavailable`.
    pub async fn check(&self, zone: &str) -> Result<()> {
        self.answer(zone, WireType::SOA).await.map(drop)
    }

    async fn signed_answer(&self, name: &str, rtype: WireType) -> Result<Message> {
        let answer = self.answer(name, rtype).await?;
        match answer.is_verified {
            true => Ok(answer.message),
            false => Err(answer::unsigned_absence(self, name)),
        }
    }

    /// An answer; not verified is a refusal at most.
    async fn answer(&self, name: &str, rtype: WireType) -> Result<Answer> {
        let deadline = Deadline::after(TIMEOUT);
        let mut question = question(name, rtype)?;
        let (bytes, mut verifier) = self.signed(&mut question)?;
        let mut stream = self.connect(deadline).await?;
        let exchange = async {
            self.send(&mut stream, &bytes).await?;
            self.receive(&mut stream, &mut verifier, question.metadata.id)
                .await
        };
        let answer = deadline.run(&self.name, exchange).await?;
        if let Some(error) = answer::signature(self, &answer.message, verifier.sent_at) {
            return Err(error);
        }
        match answer.message.metadata.response_code {
            ResponseCode::NoError | ResponseCode::NXDomain if !answer.is_verified => {
                Err(answer::unsigned(self))
            }
            ResponseCode::NoError
            | ResponseCode::NXDomain
            | ResponseCode::Refused
            | ResponseCode::NotAuth => Ok(answer),
            code => Err(answer::transfer(self, name, code)),
        }
    }
}

fn is_named(record: &Record, name: &str) -> bool {
    names::text(&record.name)
        .trim_end_matches('.')
        .eq_ignore_ascii_case(name)
}

pub(super) fn question(name: &str, rtype: WireType) -> Result<Message> {
    let mut message = Message::new(
        u16::from_le_bytes(clock::random()?),
        MessageType::Query,
        OpCode::Query,
    );
    let absolute = format!("{}.", name.trim_end_matches('.'));
    let name = names::wire(&absolute).ok_or_else(|| Error::invalid(format!("{absolute}: no name of DNS")))?;
    message.add_query(Query::query(name, rtype));
    Ok(message)
}
