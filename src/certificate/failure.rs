//! What a failed request means for the step that made it.

use super::acme::Failed;
use crate::error::{Error, Kind};
use crate::journal::{Certainty, Failure};

/// An error from before anything was sent.
pub(super) fn before(error: Error) -> Failure {
    match error.kind() {
        Kind::Unavailable | Kind::Busy => Failure::not_now(error),
        _ => Failure::refused(error),
    }
}

/// A request that failed. What the authority refuses for good is refused for good.
pub(super) fn refusal(ca: &str, failed: Failed) -> Failure {
    let certainty = match &failed {
        Failed::Lost(_) => Certainty::Unknown,
        Failed::Unreached(_) | Failed::Refused(_) => Certainty::NotApplied,
    };
    Failure {
        certainty,
        is_passing: failed.is_passing(),
        error: failed.error(ca),
    }
}

/// A refusal to make something: nothing was made, unless the answer was lost.
pub(super) fn unmade(failure: Failure) -> Failure {
    match failure.certainty {
        Certainty::NotApplied => for_good(failure),
        Certainty::Unknown => failure,
    }
}

/// The same, where nothing is lost by beginning anew.
pub(super) fn for_good(failure: Failure) -> Failure {
    Failure {
        is_passing: false,
        ..failure
    }
}
