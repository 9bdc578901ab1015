//! Sets of records in words, as plans tell them.

use std::borrow::Cow;

use crate::dns::rrset::{Member, RrSet};
use crate::model::RecordType;

/// How many of many sets a person is shown.
const NAMED: usize = 10;

const GLUE: &str = "; ";

/// `www.example.test 300 A 192.0.2.1, 192.0.2.2 (off); …`
pub(super) fn shown<'a>(sets: impl Iterator<Item = &'a RrSet>) -> Option<String> {
    let lines: Vec<String> = sets
        .map(|set| {
            let value = |member: &Member| match member.disabled {
                true => format!("{} (off)", member.data),
                false => member.data.to_string(),
            };
            let values: Vec<String> = set.members.iter().map(value).collect();
            format!("{} {} {} {}", set.name, set.ttl, set.rtype, values.join(", "))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join(GLUE))
}

/// For people: of a text that tells many sets the first ten, and how many more there are. Every other text as it is.
#[must_use]
pub fn in_brief(text: &str) -> Cow<'_, str> {
    if !begins_a_set(text) {
        return Cow::Borrowed(text);
    }
    let glues = text.match_indices(GLUE).map(|(offset, _)| offset);
    // A TXT may hold the same characters.
    let ends: Vec<usize> = glues
        .filter(|offset| begins_a_set(&text[offset + GLUE.len()..]))
        .collect();
    match ends.get(NAMED - 1) {
        Some(end) => Cow::Owned(format!(
            "{}; … and {} more",
            &text[..*end],
            ends.len() + 1 - NAMED
        )),
        None => Cow::Borrowed(text),
    }
}

fn begins_a_set(text: &str) -> bool {
    let mut words = text.splitn(4, ' ');
    let is_named = words.next().is_some_and(|name| !name.is_empty());
    let has_ttl = words.next().is_some_and(|ttl| ttl.parse::<u32>().is_ok());
    let has_type = words
        .next()
        .is_some_and(|rtype| rtype.parse::<RecordType>().is_ok());
    is_named && has_ttl && has_type && words.next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::set;

    #[test]
    fn of_many_sets_the_first_ten_are_told() {
        let many: Vec<RrSet> = (0..13)
            .map(|number| {
                let name = format!("h{number}");
                set(&name, 60, RecordType::Txt, &["v=DMARC1; p=none", "a; 1 A"])
            })
            .collect();
        let told = |count: usize| shown(many.iter().take(count)).expect("sets");
        assert_eq!(in_brief(&told(10)), told(10));
        assert_eq!(in_brief(&told(13)), format!("{}; … and 3 more", told(10)));
        let sentence = "1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11; 12";
        assert_eq!(in_brief(sentence), sentence);
    }

    #[test]
    fn what_is_switched_off_says_so() {
        let mut both = set("h", 60, RecordType::A, &["192.0.2.1", "192.0.2.2"]);
        both.members[1].disabled = true;
        let told = shown([both].iter());
        assert_eq!(
            told.as_deref(),
            Some("h.example.test 60 A 192.0.2.1, 192.0.2.2 (off)")
        );
    }
}
