//! What a server's refusal means, by its codes alone.

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::tsig::{TSIG, TsigError};

use super::server::Server;
use crate::error::{Error, Kind};
use crate::journal::Failure;
use crate::model::ZoneName;

/// The error of a signature, where the server names one (RFC 8945 §5.2).
pub(super) fn signature(server: &Server, message: &Message, sent_at: u64) -> Option<Error> {
    let tsig = &message.signature.as_ref()?.data;
    let (name, key) = (server.name(), server.key());
    Some(match tsig.error? {
        TsigError::Unknown(0) => return None,
        TsigError::BadKey => Error::new(
            Kind::Denied,
            "tsig_key",
            format!("{name} does not know the TSIG key {key} with this algorithm (BADKEY)"),
        )
        .hint("compare tsig_name and tsig_algorithm with the key statement of the server"),
        TsigError::BadSig | TsigError::BadTrunc => Error::new(
            Kind::Denied,
            "tsig_signature",
            format!("{name} refuses the signature of the TSIG key {key} (BADSIG)"),
        )
        .hint("compare the file in tsig_secret_file with the secret in the key statement of the server"),
        TsigError::BadTime => Error::new(
            Kind::Unavailable,
            "tsig_time",
            format!(
                "{name} refuses the time of our signature (BADTIME){}",
                skew(tsig, sent_at)
            ),
        )
        .hint("set the clocks of both hosts: timedatectl set-ntp true"),
        TsigError::Unknown(code) => Error::new(
            Kind::Unavailable,
            "tsig",
            format!("{name} refuses the TSIG key {key} with error {code}"),
        ),
    })
}

/// The server's clock is in its answer (RFC 8945 §5.2.3).
fn skew(tsig: &TSIG, sent_at: u64) -> String {
    let Ok(bytes) = <[u8; 6]>::try_from(tsig.other.as_slice()) else {
        return String::new();
    };
    let theirs = bytes
        .iter()
        .fold(0_u64, |time, byte| time << 8 | u64::from(*byte));
    let (difference, word) = match theirs >= sent_at {
        true => (theirs - sent_at, "ahead of"),
        false => (sent_at - theirs, "behind"),
    };
    format!(": its clock is {difference} s {word} ours")
}

/// An answer that ought to be signed and is not as the key wants it.
pub(super) fn unsigned(server: &Server) -> Error {
    let message = format!(
        "{} does not sign its answers with the TSIG key {}",
        server.name(),
        server.key()
    );
    Error::new(Kind::Denied, "tsig_unsigned", message)
        .hint("compare tsig_name, tsig_algorithm and the secret with the key statement of the server")
}

/// That a name is in no zone of the server, said by whoever could not sign it.
pub(super) fn unsigned_absence(server: &Server, name: &str) -> Error {
    let message = format!(
        "{} says that it does not serve {name}, without the signature of the TSIG key {}",
        server.name(),
        server.key()
    );
    Error::new(Kind::Unavailable, "tsig_unsigned", message)
        .hint("is the zone there, is this its primary, and does nothing in between answer in its place?")
}

/// Why a zone was not handed over.
pub(super) fn transfer(server: &Server, zone: &str, code: ResponseCode) -> Error {
    let (name, key) = (server.name(), server.key());
    match code {
        ResponseCode::Refused => Error::new(
            Kind::Denied,
            "refused",
            format!("{name} does not hand over zone {zone} to the TSIG key {key}"),
        )
        .hint("BIND: allow-transfer { key …; }; Knot: an acl with action transfer"),
        ResponseCode::ServFail => {
            Error::unavailable(format!("{name} cannot serve zone {zone} now (SERVFAIL)"))
        }
        other => Error::unavailable(format!("{name}: zone {zone}: response code {}", u16::from(other))),
    }
}

/// What became of an update that was answered with `code`.
pub(super) fn update(server: &Server, zone: &ZoneName, code: ResponseCode) -> Result<(), Failure> {
    let (name, key) = (server.name(), server.key());
    let refused = |kind, reason, message: String| Error::new(kind, reason, message);
    let error = match code {
        ResponseCode::NoError => return Ok(()),
        ResponseCode::NXDomain | ResponseCode::YXDomain | ResponseCode::NXRRSet | ResponseCode::YXRRSet => {
            let message = format!("zone {zone}: somebody else wrote at the same time; nothing was changed");
            refused(Kind::Conflict, "changed", message).hint(format!("hostctl dns record list {zone}"))
        }
        ResponseCode::Refused => {
            let message = format!("{name} takes no updates of zone {zone} from the TSIG key {key}");
            refused(Kind::Denied, "refused", message)
                .hint("BIND: update-policy { grant … zonesub any; }; Knot: an acl with action update; PowerDNS: TSIG-ALLOW-DNSUPDATE")
        }
        ResponseCode::NotAuth | ResponseCode::NotZone => refused(
            Kind::NotFound,
            "not_found",
            format!("{name} is not the primary of zone {zone}"),
        ),
        ResponseCode::NotImp => Error::configuration(format!("{name} takes no updates at all")),
        ResponseCode::FormErr => refused(
            Kind::Conflict,
            "refused",
            format!("zone {zone}: {name} does not take the change (FORMERR)"),
        ),
        // The server may have failed at any point of it.
        other => {
            let message = format!("{name}: zone {zone}: response code {}", u16::from(other));
            return Err(Failure::unknown(Error::unavailable(message)));
        }
    };
    Err(Failure::refused(error))
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::OpCode;
    use hickory_proto::rr::TSigResponseContext;

    use super::*;
    use crate::journal::Certainty;

    fn server() -> Server {
        Server::for_tests("127.0.0.1:53".parse().expect("address"))
    }

    #[test]
    fn each_code_has_its_kind_and_its_certainty() {
        let zone = ZoneName::parse("example.test").expect("zone").value;
        let of = |code| {
            let failure = update(&server(), &zone, code).expect_err("refused");
            (failure.error.kind(), failure.certainty)
        };
        assert!(update(&server(), &zone, ResponseCode::NoError).is_ok());
        for (code, kind, certainty) in [
            (ResponseCode::NXRRSet, Kind::Conflict, Certainty::NotApplied),
            (ResponseCode::YXRRSet, Kind::Conflict, Certainty::NotApplied),
            (ResponseCode::YXDomain, Kind::Conflict, Certainty::NotApplied),
            (ResponseCode::NXDomain, Kind::Conflict, Certainty::NotApplied),
            (ResponseCode::Refused, Kind::Denied, Certainty::NotApplied),
            (ResponseCode::NotAuth, Kind::NotFound, Certainty::NotApplied),
            (ResponseCode::NotImp, Kind::Usage, Certainty::NotApplied),
            (ResponseCode::FormErr, Kind::Conflict, Certainty::NotApplied),
            (ResponseCode::ServFail, Kind::Unavailable, Certainty::Unknown),
        ] {
            assert_eq!(of(code), (kind, certainty), "{code:?}");
        }
    }

    fn answered(context: TSigResponseContext) -> Message {
        let message = Message::error_msg(1, OpCode::Update, ResponseCode::NotAuth);
        let bytes = message.to_vec().expect("message");
        let mut signed = message;
        signed.set_signature(context.sign(&bytes).expect("signed"));
        Message::from_vec(&signed.to_vec().expect("message")).expect("message")
    }

    #[test]
    fn the_error_of_a_signature_is_told_by_its_code() {
        let server = server();
        let bad_key = answered(TSigResponseContext::unknown_key(
            1,
            1000,
            server.signer().signer_name().clone(),
        ));
        let error = signature(&server, &bad_key, 1000).expect("an error");
        assert_eq!((error.kind(), error.reason()), (Kind::Denied, "tsig_key"));
        let bad_signature = answered(TSigResponseContext::bad_signature(
            1,
            1000,
            server.signer().clone(),
        ));
        let error = signature(&server, &bad_signature, 1000).expect("an error");
        assert_eq!((error.kind(), error.reason()), (Kind::Denied, "tsig_signature"));
        let plain = Message::error_msg(1, OpCode::Update, ResponseCode::NotAuth);
        assert!(signature(&server, &plain, 1000).is_none());
    }

    #[test]
    fn a_wrong_clock_is_told_in_seconds() {
        let mut message = answered(TSigResponseContext::unknown_key(
            1,
            1000,
            server().signer().signer_name().clone(),
        ));
        let mut set = |error, other: Vec<u8>| {
            let tsig = &mut message.signature.as_mut().expect("signed").data;
            (tsig.error, tsig.other) = (Some(error), other);
        };
        set(TsigError::BadTime, 1700_u64.to_be_bytes()[2..].to_vec());
        let error = signature(&server(), &message, 1000).expect("an error");
        assert_eq!(error.reason(), "tsig_time");
        assert!(
            error.message().ends_with("its clock is 700 s ahead of ours"),
            "{error}"
        );
    }
}
