//! Sets before and after a change, and how one that is found stands to them.

use serde::{Deserialize, Serialize};

use crate::dns::live::LiveZone;
use crate::dns::provider::SetChange;
use crate::dns::rrset::RrSet;
use crate::model::{RecordData, RecordName, RecordType};

/// One set before and after.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetImages {
    /// Its name.
    pub name: RecordName,
    /// Its type.
    #[serde(rename = "type")]
    pub rtype: RecordType,
    /// As it was; absent where there was none.
    pub before: Option<RrSet>,
    /// As it shall be; absent where there shall be none.
    pub after: Option<RrSet>,
}

/// How a set stands to its images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Before,
    After,
    /// We only added, what we added is in it, and others changed the rest: they keep what is theirs.
    Joined,
    /// Not as we wrote it, but what we added is in it.
    Mixed,
    Other,
}

impl SetImages {
    pub(super) fn standing(&self, live: &LiveZone) -> Standing {
        let found = live.set(&self.name, self.rtype);
        if found == self.after.as_ref() {
            Standing::After
        } else if found == self.before.as_ref() {
            Standing::Before
        } else if let Some(found) = found.filter(|found| self.has_addition(found)) {
            match self.is_joined(found) {
                true => Standing::Joined,
                false => Standing::Mixed,
            }
        } else {
            Standing::Other
        }
    }

    /// What only we added.
    fn added(&self) -> impl Iterator<Item = &RecordData> {
        let after = self.after.iter().flat_map(|set| &set.members);
        let is_new = |data: &&RecordData| !self.before.as_ref().is_some_and(|before| before.holds(data));
        after.map(|member| &member.data).filter(is_new)
    }

    /// Whether something that only we added is in the set.
    fn has_addition(&self, found: &RrSet) -> bool {
        self.added().any(|data| found.holds(data))
    }

    /// Whether we only added, all of that is in the set, and others have written other values beside it: whoever changed the TTL
    /// alone has changed ours.
    fn is_joined(&self, found: &RrSet) -> bool {
        let is_ours = |data: &RecordData| self.after.as_ref().is_some_and(|after| after.holds(data));
        let theirs = found.members.iter().any(|member| !is_ours(&member.data));
        let gone = self.before.iter().flat_map(|before| &before.members);
        let is_changed = theirs || gone.into_iter().any(|member| !found.holds(&member.data));
        is_changed && self.is_addition() && self.added().all(|data| found.serves(data))
    }

    /// Whether all that was there before is there afterwards, with the same TTL.
    pub(super) fn is_addition(&self) -> bool {
        let (Some(before), Some(after)) = (&self.before, &self.after) else {
            return self.after.is_some();
        };
        before.ttl == after.ttl && before.members.iter().all(|member| after.members.contains(member))
    }

    /// A set as it was found without what only we added.
    pub(super) fn without_addition(&self, found: &RrSet) -> Option<RrSet> {
        let mut rest = found.clone();
        rest.members
            .retain(|member| !self.added().any(|data| *data == member.data));
        (!rest.members.is_empty()).then_some(rest)
    }
}

/// The way from each set's image before to that after.
pub(in crate::dns) fn changes(sets: &[SetImages]) -> Vec<SetChange<'_>> {
    sets.iter()
        .map(|images| SetChange {
            name: &images.name,
            rtype: images.rtype,
            before: images.before.as_ref(),
            after: images.after.as_ref(),
        })
        .collect()
}

/// Sets in words: `www.example.test A, example.test MX`.
pub(super) fn words<'a>(sets: impl Iterator<Item = &'a SetImages>) -> String {
    let names: Vec<String> = sets
        .map(|images| format!("{} {}", images.name, images.rtype))
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::live::tests::{set, zone};

    fn images(before: &[&str], after: &[&str]) -> SetImages {
        let image = |values: &[&str]| (!values.is_empty()).then(|| set("www", 300, RecordType::A, values));
        let name = set("www", 300, RecordType::A, &[]).name;
        SetImages {
            name,
            rtype: RecordType::A,
            before: image(before),
            after: image(after),
        }
    }

    fn standing(images: &SetImages, found: &[&str]) -> Standing {
        let sets = if found.is_empty() {
            Vec::new()
        } else {
            vec![set("www", 300, RecordType::A, found)]
        };
        images.standing(&zone("", sets))
    }

    #[test]
    fn a_set_is_told_by_its_images() {
        let (old, new, theirs) = ("192.0.2.1", "192.0.2.2", "192.0.2.3");
        let add = images(&[old], &[old, new]);
        assert_eq!(standing(&add, &[old]), Standing::Before);
        assert_eq!(standing(&add, &[new, old]), Standing::After);
        assert_eq!(standing(&add, &[old, new, theirs]), Standing::Joined);
        assert_eq!(standing(&add, &[new, theirs]), Standing::Joined);
        assert_eq!(standing(&add, &[old, theirs]), Standing::Other);
        let mut other_ttl = set("www", 60, RecordType::A, &[old, new]);
        assert_eq!(add.standing(&zone("", vec![other_ttl.clone()])), Standing::Mixed);
        other_ttl
            .members
            .push(set("www", 60, RecordType::A, &[theirs]).members.remove(0));
        assert_eq!(add.standing(&zone("", vec![other_ttl])), Standing::Joined);
        let both = images(&[], &[old, new]);
        assert_eq!(standing(&both, &[new, theirs]), Standing::Mixed);
        assert_eq!(standing(&add, &[]), Standing::Other);
        let exchange = images(&[old], &[new]);
        assert_eq!(standing(&exchange, &[new, theirs]), Standing::Mixed);
        let remove = images(&[old], &[]);
        assert_eq!(standing(&remove, &[]), Standing::After);
        assert_eq!(standing(&remove, &[theirs]), Standing::Other);
    }
}
