//! Sights into a sentence: who saw what.

/// `ns1`, `ns1 and ns2`, `ns1, ns2 and ns3`.
pub(super) fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// `token seen at ns1 and ns2, absent at ns3`, from pairs of what was seen and where.
pub(super) fn sentence(sights: &[(String, String)]) -> String {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for (seen, place) in sights {
        match groups.iter_mut().find(|(other, _)| other == seen) {
            Some((_, places)) if places.contains(place) => {}
            Some((_, places)) => places.push(place.clone()),
            None => groups.push((seen, vec![place.clone()])),
        }
    }
    let groups = groups
        .iter()
        .map(|(seen, places)| format!("{seen} at {}", listed(places)));
    groups.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_saw_the_same_is_named_together() {
        let sight = |seen: &str, place: &str| (seen.to_owned(), place.to_owned());
        let sights = [
            sight("token seen", "ns1"),
            sight("token seen", "ns2"),
            sight("token seen", "ns2"),
            sight("absent", "ns3"),
        ];
        assert_eq!(sentence(&sights), "token seen at ns1 and ns2, absent at ns3");
        let three = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&three), "a, b and c");
        assert_eq!(sentence(&[]), "");
    }
}
