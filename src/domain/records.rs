//! What the servers said about the record, judged: pure, from answers to a finding.

use std::collections::HashMap;

use jiff::Timestamp;

use super::challenge::Method;
use super::finding::{Evidence, Finding, State};
use super::words::sentence;
use crate::lookup::{Answer, Authority, Heard, Reply, Security, Silence, Told};
use crate::model::RecordType;
use crate::model::escape::excerpt;

/// What has to be there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// The name of the record.
    pub name: &'a str,
    pub method: Method,
    pub token: &'a str,
    /// Of an alias.
    pub target: Option<&'a str>,
    /// Tokens of other accounts for the same name.
    pub others: &'a [String],
    pub now: Timestamp,
}

/// What one address let see.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sight {
    Token,
    /// The token, with a time in the record that is over.
    Expired,
    /// The token of another account.
    Foreign,
    /// Something else of the same type.
    Else,
    Absent,
    Alias(String),
    Bogus,
    /// Signed, and a server on the way to the keys did not answer.
    Unsure,
    Lame(String),
    Silent(Silence),
    Private,
    Nowhere,
}

impl Sight {
    fn words(&self, method: Method) -> String {
        let record = if method == Method::Cname { "alias" } else { "token" };
        match self {
            Sight::Token => format!("{record} seen"),
            Sight::Expired => "an expired token".to_owned(),
            Sight::Foreign => format!("the {record} of another account"),
            Sight::Else if method == Method::Cname => "another alias".to_owned(),
            Sight::Else => "another text".to_owned(),
            Sight::Absent => "absent".to_owned(),
            Sight::Alias(target) => format!("an alias of {}", excerpt(target)),
            Sight::Bogus => "signatures that do not hold".to_owned(),
            Sight::Unsure => "signatures that cannot be checked".to_owned(),
            Sight::Lame(code) => format!("no authority ({code})"),
            Sight::Silent(silence) => silence.words().to_owned(),
            Sight::Private => "not asked, a private address,".to_owned(),
            Sight::Nowhere => "no address".to_owned(),
        }
    }

    /// The order in a sentence.
    fn rank(&self) -> u8 {
        match self {
            Sight::Token => 0,
            Sight::Expired => 1,
            Sight::Foreign => 2,
            Sight::Else => 3,
            Sight::Alias(_) => 4,
            Sight::Absent => 5,
            Sight::Bogus => 6,
            Sight::Unsure => 7,
            Sight::Lame(_) => 8,
            Sight::Silent(_) => 9,
            Sight::Private => 10,
            Sight::Nowhere => 11,
        }
    }

    /// Spoken with authority, and not what is wanted.
    fn contradicts(&self) -> bool {
        matches!(
            self,
            Sight::Expired | Sight::Foreign | Sight::Else | Sight::Absent | Sight::Alias(_)
        )
    }
}

/// Judges what every server of the zone said. With a zone that nobody signed, this is half of the proof: see
/// [`of_resolvers`].
pub(super) fn of_authority(wanted: Wanted<'_>, authority: &Authority) -> Finding {
    let is_signed = authority.security == Security::Secure;
    let sights: Vec<(&Heard, Sight)> = authority
        .heard
        .iter()
        .map(|heard| (heard, sight(wanted, &heard.reply, is_signed)))
        .collect();
    let state = state(&sights, authority.security);
    Finding {
        state,
        found: found(wanted.method, &sights),
        retry_seconds: retry(authority.heard.iter()).filter(|_| state != State::Verified),
        evidence: evidence(wanted.method, &sights),
    }
}

/// Adds what resolvers make of a zone that nobody signed: more than half of them have to see it.
pub(super) fn of_resolvers(wanted: Wanted<'_>, finding: Finding, resolvers: &[Heard]) -> Finding {
    let mut sights: Vec<(&Heard, Sight)> = resolvers
        .iter()
        .map(|heard| (heard, sight(wanted, &heard.reply, false)))
        .collect();
    let seeing = sights.iter().filter(|(_, sight)| *sight == Sight::Token).count();
    let is_enough = seeing * 2 > resolvers.len();
    let mut all = finding.evidence;
    all.extend(evidence(wanted.method, &sights));
    if is_enough {
        return Finding {
            evidence: all,
            ..finding
        };
    }
    sights.retain(|(_, sight)| *sight != Sight::Token);
    Finding {
        state: State::Unspread,
        found: format!(
            "{}, but at resolvers: {}",
            finding.found,
            found(wanted.method, &sights)
        ),
        retry_seconds: retry(resolvers.iter()),
        evidence: all,
    }
}

fn sight(wanted: Wanted<'_>, reply: &Reply, is_signed: bool) -> Sight {
    match reply {
        Reply::Answer(told) => match told.security {
            Security::Bogus => Sight::Bogus,
            Security::Unknown => Sight::Unsure,
            // Below a signed zone nothing goes without signature.
            Security::Insecure if is_signed => Sight::Bogus,
            Security::Secure | Security::Insecure => of_answer(wanted, &told.answer),
        },
        Reply::Lame(code) => Sight::Lame(code.clone()),
        Reply::Silent(silence) => Sight::Silent(*silence),
        Reply::Private => Sight::Private,
        Reply::Nowhere => Sight::Nowhere,
    }
}

fn of_answer(wanted: Wanted<'_>, answer: &Answer) -> Sight {
    let here = |rtype: RecordType| {
        let word = rtype.to_string();
        let is_here =
            move |record: &&crate::lookup::AnswerRecord| record.r#type == word && record.name == wanted.name;
        answer
            .records
            .iter()
            .filter(is_here)
            .map(|record| record.value.as_str())
    };
    let alias = here(RecordType::Cname)
        .next()
        .map(|target| target.trim_end_matches('.').to_ascii_lowercase());
    match (wanted.method, alias) {
        (Method::Cname, Some(target)) => of_alias(wanted, &target),
        (Method::Cname, None) => Sight::Absent,
        (_, Some(target)) => Sight::Alias(target),
        (_, None) => {
            let texts = here(RecordType::Txt).map(|text| of_text(wanted, text));
            texts.min_by_key(Sight::rank).unwrap_or(Sight::Absent)
        }
    }
}

fn of_alias(wanted: Wanted<'_>, target: &str) -> Sight {
    let label = target.split('.').next().unwrap_or_default();
    if wanted.target == Some(target) {
        Sight::Token
    } else if wanted.others.iter().any(|token| token == label) {
        Sight::Foreign
    } else {
        Sight::Else
    }
}

/// `token=… expiry=…`, also in quotes that somebody typed along.
fn of_text(wanted: Wanted<'_>, text: &str) -> Sight {
    let words = || text.trim_matches('"').split_ascii_whitespace();
    let Some(token) = words().find_map(|word| word.strip_prefix("token=")) else {
        return Sight::Else;
    };
    if token != wanted.token {
        let is_foreign = wanted.others.iter().any(|other| other == token);
        return if is_foreign { Sight::Foreign } else { Sight::Else };
    }
    let expiry = words().find_map(|word| word.strip_prefix("expiry=")?.parse::<Timestamp>().ok());
    match expiry {
        Some(expiry) if expiry <= wanted.now => Sight::Expired,
        _ => Sight::Token,
    }
}

fn state(sights: &[(&Heard, Sight)], security: Security) -> State {
    let counted = without_unreachable(sights);
    let any = |which: fn(&Sight) -> bool| counted.iter().any(|(_, sight)| which(sight));
    let has_token = any(|sight| *sight == Sight::Token);
    if security == Security::Bogus || any(|sight| *sight == Sight::Bogus) {
        State::Bogus
    } else if any(|sight| *sight == Sight::Expired) {
        State::Expired
    } else if has_token && any(Sight::contradicts) {
        State::Partial
    } else if any(|sight| matches!(sight, Sight::Alias(_))) {
        State::Alias
    } else if any(|sight| *sight == Sight::Foreign) {
        State::Foreign
    } else if any(Sight::contradicts) {
        State::Absent
    } else if security == Security::Unknown || any(|sight| *sight == Sight::Unsure) {
        State::Unanswered
    } else if has_token && (security == Security::Secure || !any(is_unheard)) {
        State::Verified
    } else if any(is_unheard) {
        State::Unanswered
    } else {
        State::Lame
    }
}

/// It might contradict, if it could be heard. Who says himself that he does not speak for the zone cannot.
fn is_unheard(sight: &Sight) -> bool {
    matches!(sight, Sight::Silent(_) | Sight::Private)
}

/// A host without IPv6 reaches no server by it: that does not count where the same server answered otherwise.
fn without_unreachable<'a>(sights: &'a [(&'a Heard, Sight)]) -> Vec<&'a (&'a Heard, Sight)> {
    let is_far = |sight: &Sight| *sight == Sight::Silent(Silence::Unreachable);
    let mut near: HashMap<&str, bool> = HashMap::new();
    for (heard, sight) in sights {
        *near.entry(&heard.server).or_default() |= !is_far(sight);
    }
    let counts = |(heard, sight): &&(&Heard, Sight)| !is_far(sight) || !near[heard.server.as_str()];
    sights.iter().filter(counts).collect()
}

fn found(method: Method, sights: &[(&Heard, Sight)]) -> String {
    let mut counted = without_unreachable(sights);
    counted.sort_by_key(|(_, sight)| sight.rank());
    let pairs: Vec<(String, String)> = counted
        .iter()
        .map(|(heard, sight)| (sight.words(method), place(heard, sight, sights)))
        .collect();
    if pairs.is_empty() {
        return "nobody speaks for the zone".to_owned();
    }
    sentence(&pairs)
}

/// The server, and which of its addresses where they do not agree.
fn place(heard: &Heard, sight: &Sight, sights: &[(&Heard, Sight)]) -> String {
    let server = excerpt(&heard.server);
    let is_divided = without_unreachable(sights)
        .iter()
        .any(|(other, seen)| other.server == heard.server && seen != sight);
    match heard.address {
        Some(address) if is_divided => format!("{server} ({})", address.ip()),
        _ => server,
    }
}

fn evidence(method: Method, sights: &[(&Heard, Sight)]) -> Vec<Evidence> {
    let one = |(heard, sight): &(&Heard, Sight)| Evidence {
        server: heard.server.clone(),
        address: heard.address.map(|address| address.to_string()),
        said: sight.words(method).trim_end_matches(',').to_owned(),
    };
    sights.iter().map(one).collect()
}

/// For how long the absence may be remembered by those who ask.
fn retry<'a>(heard: impl Iterator<Item = &'a Heard>) -> Option<u32> {
    let negative = |heard: &Heard| match &heard.reply {
        Reply::Answer(Told { negative_ttl, .. }) => *negative_ttl,
        _ => None,
    };
    heard.filter_map(negative).max()
}

#[cfg(test)]
mod tests;
