//! What a master file asks of a zone. Pure.

use super::{Action, Edit};
use crate::dns::live::LiveZone;
use crate::dns::masterfile::{self, Difference};
use crate::dns::observe::Observed;
use crate::dns::rrset::RrSet;
use crate::model::Ttl;

/// What makes a zone hold the sets of a file. Values of ours in other sets go where `prunes`; those of others stay.
#[must_use]
pub fn import_edits(observed: &Observed, live: &LiveZone, file: &[RrSet], prunes: bool) -> Vec<Edit> {
    let edit = |difference: Difference| match difference {
        Difference { file: Some(set), .. } => Some(Edit {
            action: Action::Serve(set.data(), Ttl::observed(set.ttl)),
            name: set.name,
            rtype: set.rtype,
        }),
        Difference { live: Some(set), .. } if prunes => {
            let mut ours = set.data();
            ours.retain(|data| observed.owns(&set.name, data));
            (!ours.is_empty()).then_some(Edit {
                action: Action::Delete(ours),
                name: set.name,
                rtype: set.rtype,
            })
        }
        Difference { .. } => None,
    };
    masterfile::compare(live, file)
        .into_iter()
        .filter_map(edit)
        .collect()
}
