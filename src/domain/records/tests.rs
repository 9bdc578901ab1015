use super::*;
use crate::lookup::AnswerRecord;

const NAME: &str = "_hostctl-host-challenge.example.test";
const TOKEN: &str = "mzxw6ytbmzxw6ytbmzxw6ytbmzxw6ytb";

fn now() -> Timestamp {
    "2026-11-21T00:00:00Z".parse().expect("a time")
}

fn wanted(others: &[String]) -> Wanted<'_> {
    Wanted {
        name: NAME,
        method: Method::Txt,
        token: TOKEN,
        target: None,
        others,
        now: now(),
    }
}

fn records(rtype: &str, values: &[&str]) -> Vec<AnswerRecord> {
    let record = |value: &&str| AnswerRecord {
        name: NAME.to_owned(),
        ttl: 60,
        r#type: rtype.to_owned(),
        value: (*value).to_owned(),
    };
    values.iter().map(record).collect()
}

fn told(security: Security, records: Vec<AnswerRecord>) -> Reply {
    let server = "192.0.2.53:53".parse().expect("an address");
    Reply::Answer(Told {
        answer: Answer {
            server,
            rcode: "NOERROR".to_owned(),
            authoritative: true,
            records,
        },
        negative_ttl: Some(300),
        security,
    })
}

fn text(values: &[&str]) -> Reply {
    told(Security::Insecure, records("TXT", values))
}

fn heard(server: &str, reply: Reply) -> Heard {
    Heard {
        server: server.to_owned(),
        address: Some("192.0.2.53:53".parse().expect("an address")),
        reply,
    }
}

fn finding(security: Security, replies: Vec<Reply>, others: &[String]) -> (&'static str, String) {
    let heard = replies
        .into_iter()
        .enumerate()
        .map(|(index, reply)| heard(&format!("ns{}", index + 1), reply));
    let authority = Authority {
        zone: "example.test".to_owned(),
        security,
        heard: heard.collect(),
    };
    let finding = of_authority(wanted(others), &authority);
    (finding.state.word(), finding.found)
}

fn good() -> String {
    format!("token={TOKEN} expiry=2026-11-28T00:00:00Z")
}

#[test]
fn the_token_has_to_be_at_every_server() {
    let seen = || text(&[&good()]);
    let plain = |replies| finding(Security::Insecure, replies, &[]);
    let both = |(state, found): (&'static str, String)| format!("{state}: {found}");
    assert_eq!(
        both(plain(vec![seen(), seen()])),
        "verified: token seen at ns1 and ns2"
    );
    assert_eq!(
        both(plain(vec![seen(), seen(), text(&[])])),
        "partial: token seen at ns1 and ns2, absent at ns3"
    );
    assert_eq!(
        both(plain(vec![text(&["v=spf1 -all"]), text(&[])])),
        "absent: another text at ns1, absent at ns2"
    );
    assert_eq!(
        both(plain(vec![seen(), Reply::Lame("REFUSED".to_owned())])),
        "verified: token seen at ns1, no authority (REFUSED) at ns2",
        "who does not speak for the zone cannot contradict"
    );
    assert_eq!(
        both(plain(vec![seen(), Reply::Silent(Silence::NoAnswer)])),
        "unanswered: token seen at ns1, no answer over UDP or TCP at ns2"
    );
    assert_eq!(
        both(plain(vec![Reply::Lame("SERVFAIL".to_owned())])),
        "lame: no authority (SERVFAIL) at ns1"
    );
    assert_eq!(both(plain(Vec::new())), "lame: nobody speaks for the zone");
}

#[test]
fn a_text_is_read_whole_and_beside_others() {
    let state = |values: &[&str]| finding(Security::Insecure, vec![text(values)], &[]).0;
    assert_eq!(state(&["v=spf1 -all", &good()]), "verified");
    assert_eq!(
        state(&[&format!("\"{}\"", good())]),
        "verified",
        "with quotes typed along"
    );
    assert_eq!(state(&[&format!("token={TOKEN}")]), "verified", "without a time");
    assert_eq!(
        state(&[&format!("token={TOKEN}x")]),
        "absent",
        "a longer one is another one"
    );
    assert_eq!(state(&[TOKEN]), "absent");
    assert_eq!(
        state(&[&format!("token={TOKEN} expiry=2026-11-20T23:59:59Z")]),
        "expired"
    );
}

#[test]
fn what_others_published_is_told_apart() {
    let others = ["nb2wy3dpnb2wy3dpnb2wy3dpnb2wy3dp".to_owned()];
    let foreign = text(&["token=nb2wy3dpnb2wy3dpnb2wy3dpnb2wy3dp"]);
    let (state, found) = finding(Security::Insecure, vec![foreign], &others);
    assert_eq!(
        (state, found.as_str()),
        ("foreign", "the token of another account at ns1")
    );
    let alias = told(Security::Insecure, records("CNAME", &["Elsewhere.example.net."]));
    let (state, found) = finding(Security::Insecure, vec![alias], &[]);
    assert_eq!(
        (state, found.as_str()),
        ("alias", "an alias of elsewhere.example.net at ns1")
    );
}

#[test]
fn a_signed_zone_has_to_be_secure_and_one_server_is_enough() {
    let signed = |security| told(security, records("TXT", &[&good()]));
    let state = |zone, replies| finding(zone, replies, &[]).0;
    let silent = || Reply::Silent(Silence::NoAnswer);
    assert_eq!(
        state(Security::Secure, vec![signed(Security::Secure), silent()]),
        "verified"
    );
    assert_eq!(
        state(
            Security::Secure,
            vec![signed(Security::Bogus), signed(Security::Secure)]
        ),
        "bogus"
    );
    assert_eq!(
        state(Security::Secure, vec![signed(Security::Insecure)]),
        "bogus",
        "signatures were taken away"
    );
    assert_eq!(state(Security::Bogus, vec![signed(Security::Bogus)]), "bogus");
    assert_eq!(
        state(Security::Unknown, vec![signed(Security::Unknown)]),
        "unanswered"
    );
    assert_eq!(state(Security::Secure, vec![silent()]), "unanswered");
    assert_eq!(state(Security::Secure, vec![Reply::Private]), "unanswered");
}

#[test]
fn a_server_without_a_way_there_counts_by_its_other_address() {
    let far = heard("ns1", Reply::Silent(Silence::Unreachable));
    let authority = |heard| Authority {
        zone: "example.test".to_owned(),
        security: Security::Insecure,
        heard,
    };
    let found = of_authority(wanted(&[]), &authority(vec![heard("ns1", text(&[&good()])), far]));
    assert_eq!(
        (found.state, found.found.as_str()),
        (State::Verified, "token seen at ns1")
    );
    assert_eq!(found.evidence.len(), 2, "it is told all the same");
    let divided = vec![heard("ns1", text(&[&good()])), heard("ns1", text(&[]))];
    let found = of_authority(wanted(&[]), &authority(divided));
    assert_eq!(
        found.found,
        "token seen at ns1 (192.0.2.53), absent at ns1 (192.0.2.53)"
    );
    let alone = heard("ns1", Reply::Silent(Silence::Unreachable));
    assert_eq!(
        of_authority(wanted(&[]), &authority(vec![alone])).state,
        State::Unanswered
    );
}

#[test]
fn more_than_half_of_the_resolvers_have_to_see_it() {
    let verified = || Finding::without_asking(State::Verified, "token seen at ns1");
    let resolver = |address: &str, values: &[&str]| heard(address, text(values));
    let (one, other) = (
        || resolver("192.0.2.1:53", &[&good()]),
        || resolver("192.0.2.2:53", &[]),
    );
    let state = |resolvers: &[Heard]| of_resolvers(wanted(&[]), verified(), resolvers);
    assert_eq!(state(&[one()]).state, State::Verified);
    assert_eq!(state(&[one(), one(), other()]).state, State::Verified);
    let half = state(&[one(), other()]);
    assert_eq!((half.state, half.retry_seconds), (State::Unspread, Some(300)));
    assert_eq!(
        half.found,
        "token seen at ns1, but at resolvers: absent at 192.0.2.2:53"
    );
    assert_eq!(state(&[]).state, State::Unspread, "nobody was asked");
}

#[test]
fn an_alias_points_to_the_token() {
    let others = ["nb2wy3dpnb2wy3dpnb2wy3dpnb2wy3dp".to_owned()];
    let target = format!("{TOKEN}.dcv.example.net");
    let wanted = Wanted {
        method: Method::Cname,
        target: Some(&target),
        ..wanted(&others)
    };
    let sight = |value: &str| {
        let reply = told(Security::Insecure, records("CNAME", &[value]));
        sight(wanted, &reply, false)
    };
    assert_eq!(sight(&format!("{}.", target.to_uppercase())), Sight::Token);
    assert_eq!(sight("dcv.example.net."), Sight::Else);
    assert_eq!(sight(&format!("{}.dcv.example.net.", others[0])), Sight::Foreign);
    assert_eq!(sight_of_text(wanted), Sight::Absent);
}

fn sight_of_text(wanted: Wanted<'_>) -> Sight {
    sight(wanted, &text(&[&good()]), false)
}
