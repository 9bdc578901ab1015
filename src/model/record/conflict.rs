//! Which records cannot stand together in a zone. Servers ignore some of these silently (RFC 2136 §3.4.2), so they are
//! found before anything is sent.

use std::collections::BTreeMap;

use crate::error::{Error, Kind, Result};
use crate::model::{DomainName, RecordData, RecordName, RecordType};

/// All records of one name and type.
pub type RecordSet = (RecordName, RecordType, Vec<RecordData>);

/// Whether `change` may be applied to a zone that holds `existing`. Each set of `change` is the whole set as it shall be
/// afterwards; an empty one is removed. What the zone holds already is not judged, unless the change adds to it.
///
/// # Errors
/// `invalid` for what no zone may hold: an edited SOA, an alias or DS at the apex, a set named twice, no name servers at the
/// apex, "nothing" beside something. Conflicts with reason `cname`, `spf` and `dmarc` where other records stand in the way.
pub fn conflicts(zone: &DomainName, existing: &[RecordSet], change: &[RecordSet]) -> Result<()> {
    let mut after: BTreeMap<&RecordName, BTreeMap<RecordType, &[RecordData]>> = BTreeMap::new();
    for (name, rtype, data) in existing {
        after.entry(name).or_default().insert(*rtype, data);
    }
    let mut seen = std::collections::BTreeSet::new();
    for (name, rtype, data) in change {
        if !seen.insert((name, rtype)) {
            return Err(Error::invalid(format!("{name} {rtype}: given twice")));
        }
        check_alone(zone, name, *rtype, data)?;
        after.entry(name).or_default().insert(*rtype, data);
    }
    for (name, rtype, data) in change.iter().filter(|(_, _, data)| !data.is_empty()) {
        check_alias(name, &after[name])?;
        if *rtype == RecordType::Txt {
            let before = existing
                .iter()
                .find(|(other, kind, _)| other == name && kind == rtype);
            check_policies(zone, name, before.map_or(&[], |(_, _, data)| data), data)?;
        }
    }
    Ok(())
}

/// What can be said of one set by itself; `data` is all of it, and nothing where it is removed.
///
/// # Errors
/// `invalid`.
pub fn check_alone(
    zone: &DomainName,
    name: &RecordName,
    rtype: RecordType,
    data: &[RecordData],
) -> Result<()> {
    let refuse = |rule: &str| Err(Error::invalid(format!("{name} {rtype}: {rule}")));
    let apex = name.is_apex(zone);
    match rtype {
        _ if !name.is_inside(zone) => refuse(&format!("outside the zone {zone}")),
        RecordType::Soa => refuse("the server keeps the SOA itself"),
        RecordType::Cname
            if data
                .iter()
                .any(|data| data.value().trim_end_matches('.') == name.as_str()) =>
        {
            refuse("an alias of itself leads nowhere")
        }
        RecordType::Cname if apex && !data.is_empty() => {
            let message = format!("{name} CNAME: the zone's own name cannot be an alias (RFC 1034 §3.6.2)");
            Err(Error::invalid(message).hint(format!("hostctl dns record add {zone} @ A ADDRESS")))
        }
        RecordType::Ns if apex && data.is_empty() => refuse("a zone needs its name servers"),
        RecordType::Ds if apex && !data.is_empty() => {
            refuse("DS belongs into the parent zone (RFC 4035 §2.4)")
        }
        RecordType::Dname if data.len() > 1 => refuse("a name has one DNAME (RFC 6672 §2.4)"),
        _ if data.len() > 1 && data.iter().any(RecordData::is_nothing) => {
            refuse("the target . says that there is nothing, and stands alone")
        }
        _ => Ok(()),
    }
}

/// An alias is the only record of its name, signatures apart (RFC 2181 §10.1).
fn check_alias(name: &RecordName, sets: &BTreeMap<RecordType, &[RecordData]>) -> Result<()> {
    let aliases = sets.get(&RecordType::Cname).map_or(0, |data| data.len());
    let conflict = |message: String| Err(Error::new(Kind::Conflict, "cname", message));
    if aliases > 1 {
        return conflict(format!("{name} CNAME: a name is the alias of one other only"));
    }
    let beside = sets.iter().find(|(rtype, data)| {
        **rtype != RecordType::Cname && !rtype.stands_beside_alias() && !data.is_empty()
    });
    match beside {
        Some((rtype, _)) if aliases == 1 => conflict(format!(
            "{name}: a CNAME cannot stand beside {rtype} (RFC 2181 §10.1)"
        )),
        _ => Ok(()),
    }
}

/// A name has one SPF policy and one DMARC policy; of two, receivers obey none (RFC 7208 §3.2, RFC 7489 §6.6.3).
fn check_policies(
    zone: &DomainName,
    name: &RecordName,
    before: &[RecordData],
    after: &[RecordData],
) -> Result<()> {
    let is_second = |is_policy: fn(&RecordData) -> bool| {
        let count = |data: &[RecordData]| data.iter().filter(|data| is_policy(data)).count();
        count(after) > 1 && count(after) > count(before)
    };
    let refuse = |reason: &'static str, policy: &str| {
        let message = format!("{name} TXT: there is {policy} already, and two are none");
        let hint = format!("hostctl dns record set {zone} {name} TXT POLICY");
        Err(Error::new(Kind::Conflict, reason, message).hint(hint))
    };
    if is_second(RecordData::is_spf) {
        return refuse("spf", "an SPF policy");
    }
    if name.as_str().starts_with("_dmarc.") && is_second(RecordData::is_dmarc) {
        return refuse("dmarc", "a DMARC policy");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> DomainName {
        "example.com".parse().expect("zone")
    }

    fn set(name: &str, rtype: &str, values: &[&str]) -> RecordSet {
        let name = RecordName::parse(name, &zone()).expect(name).value;
        let rtype: RecordType = rtype.parse().expect(rtype);
        let data = values
            .iter()
            .map(|value| RecordData::parse(rtype, value, &zone()).expect(value).value);
        (name, rtype, data.collect())
    }

    fn reason(existing: &[RecordSet], change: &[RecordSet]) -> String {
        conflicts(&zone(), existing, change).map_or_else(
            |error| format!("{} {}", error.kind().exit_code(), error.reason()),
            |()| "fine".to_owned(),
        )
    }

    #[test]
    fn an_alias_stands_alone() {
        let alias = set("www", "CNAME", &["other.test."]);
        let address = set("www", "A", &["192.0.2.1"]);
        assert_eq!(
            reason(std::slice::from_ref(&address), std::slice::from_ref(&alias)),
            "4 cname"
        );
        assert_eq!(
            reason(std::slice::from_ref(&alias), std::slice::from_ref(&address)),
            "4 cname"
        );
        assert_eq!(reason(&[], &[alias.clone(), address.clone()]), "4 cname");
        assert_eq!(
            reason(&[], &[set("www", "CNAME", &["a.test.", "b.test."])]),
            "4 cname"
        );
        assert_eq!(
            reason(&[set("web", "A", &["192.0.2.1"])], std::slice::from_ref(&alias)),
            "fine"
        );
        assert_eq!(
            reason(
                std::slice::from_ref(&address),
                &[alias.clone(), set("www", "A", &[])]
            ),
            "fine"
        );
        assert_eq!(reason(&[set("www", "RRSIG", &["\\# 1 00"])], &[alias]), "fine");
    }

    #[test]
    fn what_is_wrong_already_does_not_hinder_its_removal() {
        let wrong = [
            set("www", "CNAME", &["other.test."]),
            set("www", "A", &["192.0.2.1"]),
        ];
        assert_eq!(reason(&wrong, &[set("www", "A", &[])]), "fine");
        assert_eq!(reason(&wrong, &[set("www", "A", &["192.0.2.2"])]), "4 cname");
    }

    #[test]
    fn the_apex_keeps_what_makes_it_a_zone() {
        assert_eq!(reason(&[], &[set("@", "CNAME", &["other.test."])]), "2 invalid");
        assert_eq!(reason(&[], &[set("@", "NS", &[])]), "2 invalid");
        assert_eq!(reason(&[], &[set("sub", "NS", &[])]), "fine");
        assert_eq!(reason(&[], &[set("@", "SOA", &[])]), "2 invalid");
        let digest = format!("1 8 1 {}", "ab".repeat(20));
        assert_eq!(reason(&[], &[set("@", "DS", &[&digest])]), "2 invalid");
        assert_eq!(reason(&[], &[set("sub", "DS", &[&digest])]), "fine");
    }

    #[test]
    fn a_name_has_one_dmarc_policy() {
        let policy = set("_dmarc", "TXT", &["v=DMARC1; p=reject"]);
        let two = set("_dmarc", "TXT", &["v=DMARC1; p=reject", "v=DMARC1;p=none"]);
        let other = set("_dmarc", "TXT", &["v=DMARC1; p=reject", "v=DMARC10", "hello"]);
        let existing = std::slice::from_ref(&policy);
        assert_eq!(reason(existing, std::slice::from_ref(&two)), "4 dmarc");
        assert_eq!(reason(existing, &[other]), "fine");
        assert_eq!(
            reason(std::slice::from_ref(&two), std::slice::from_ref(&two)),
            "fine"
        );
        let elsewhere = set("www", "TXT", &["v=DMARC1; p=reject", "v=DMARC1;p=none"]);
        assert_eq!(reason(&[], &[elsewhere]), "fine");
    }

    #[test]
    fn an_alias_of_itself_is_refused() {
        assert_eq!(
            reason(&[], &[set("lo", "CNAME", &["LO.example.com."])]),
            "2 invalid"
        );
        assert_eq!(reason(&[], &[set("lo", "CNAME", &["www.example.com."])]), "fine");
    }

    #[test]
    fn a_name_has_one_spf_policy() {
        let policy = set("@", "TXT", &["v=spf1 mx -all"]);
        let two = set("@", "TXT", &["v=spf1 mx -all", "V=SPF1 -all"]);
        let other = set("@", "TXT", &["v=spf1 mx -all", "v=spf10", "hello"]);
        assert_eq!(
            reason(std::slice::from_ref(&policy), std::slice::from_ref(&two)),
            "4 spf"
        );
        assert_eq!(reason(&[], std::slice::from_ref(&two)), "4 spf");
        assert_eq!(
            reason(std::slice::from_ref(&policy), std::slice::from_ref(&other)),
            "fine"
        );
        assert_eq!(
            reason(std::slice::from_ref(&two), std::slice::from_ref(&two)),
            "fine"
        );
        assert_eq!(reason(&[policy], &[set("www", "TXT", &["v=spf1 -all"])]), "fine");
    }

    #[test]
    fn nothing_stands_beside_nothing() {
        assert_eq!(reason(&[], &[set("@", "MX", &["0 ."])]), "fine");
        assert_eq!(
            reason(&[], &[set("@", "MX", &["0 .", "10 mx.test."])]),
            "2 invalid"
        );
        assert_eq!(
            reason(&[], &[set("_sip._tcp", "SRV", &["0 5 0 .", "0 5 1 a.test."])]),
            "2 invalid"
        );
    }

    #[test]
    fn a_set_is_given_once_and_inside_the_zone() {
        let address = set("www", "A", &["192.0.2.1"]);
        assert_eq!(reason(&[], &[address.clone(), address.clone()]), "2 invalid");
        let outside = (
            RecordName::from_presentation("www.other.test.").expect("name"),
            address.1,
            address.2,
        );
        assert_eq!(reason(&[], &[outside]), "2 invalid");
    }
}
