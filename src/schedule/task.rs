//! The tasks there are.

use std::time::Duration;

/// Something that is due again and again, on whichever host asks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Ending what dead processes left.
    Recover,
    /// As [`Task::Recover`], of what this host alone can go on with.
    RecoverHere,
    /// Looking again at what was rolled back while its process was out of reach.
    Sweep,
    /// Making the audit trail's partitions of the months to come.
    Partitions,
    /// Deleting for good what was kept long enough.
    PurgeTrash,
    /// Taking signing keys out of DNS whose time is over.
    Dkim,
    /// Keeping the signing keys of this host as files.
    DkimFiles,
    /// Renewing certificates.
    Renewal,
    /// Bringing the certificates that are placed on this host.
    Certificates,
    /// Telling which certificates are about to end.
    Notices,
    /// Forgetting what is known of certificates and not needed any more.
    Prune,
}

impl Task {
    /// Every task, in the order in which they are run.
    pub const ALL: [Task; 11] = [
        Task::Recover,
        Task::RecoverHere,
        Task::Sweep,
        Task::Partitions,
        Task::PurgeTrash,
        Task::Dkim,
        Task::DkimFiles,
        Task::Renewal,
        Task::Certificates,
        Task::Notices,
        Task::Prune,
    ];

    /// The word in the table and in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Task::Recover => "recover",
            Task::RecoverHere => "recover_here",
            Task::Sweep => "sweep",
            Task::Partitions => "partitions",
            Task::PurgeTrash => "purge_trash",
            Task::Dkim => "dkim",
            Task::DkimFiles => "dkim_files",
            Task::Renewal => "renewal",
            Task::Certificates => "certificates",
            Task::Notices => "notices",
            Task::Prune => "prune",
        }
    }

    /// Whether every host has to run it for itself: because its effect is in files, or because there is work for each.
    #[must_use]
    pub fn is_of_host(self) -> bool {
        matches!(
            self,
            Task::RecoverHere | Task::Sweep | Task::DkimFiles | Task::Renewal | Task::Certificates
        )
    }

    /// From one run to the next.
    #[must_use]
    pub fn every(self) -> Duration {
        match self {
            Task::Recover
            | Task::RecoverHere
            | Task::Sweep
            | Task::DkimFiles
            | Task::Renewal
            | Task::Certificates
            | Task::Notices => Duration::from_secs(60),
            Task::PurgeTrash | Task::Dkim => Duration::from_secs(60 * 60),
            Task::Partitions | Task::Prune => Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// How a run ended; the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All is well.
    Ok,
    /// Something is stuck or still open.
    Left,
    /// The task itself did not work.
    Failed,
}

impl Outcome {
    /// The word in the table and in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Left => "left",
            Outcome::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_task_is_worse_than_one_that_left_something() {
        let worst = [Outcome::Left, Outcome::Failed, Outcome::Ok].into_iter().max();
        assert_eq!(worst, Some(Outcome::Failed));
    }

    #[test]
    fn no_two_tasks_share_a_row() {
        let mut words = Task::ALL.map(Task::word).to_vec();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Task::ALL.len());
    }
}
