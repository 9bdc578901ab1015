//! Whether the end of a terminal is to end us.

use std::fs;

/// SIGHUP among the bits of `SigIgn`.
const HANGUP: u64 = 1;

/// Whether we were started with SIGHUP ignored, as `nohup` does. Listening to it would undo that.
#[must_use]
pub fn is_ignored() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores(&status))
}

/// As [`is_ignored`], of the text of `/proc/PID/status`.
fn ignores(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & HANGUP != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bit_of_the_mask_is_the_hangup() {
        assert!(ignores("Name:\thostctl\nSigIgn:\t0000000000001001\n"));
        assert!(!ignores("SigIgn:\t0000000000001000\n"));
        assert!(!ignores("Name:\thostctl\n"));
    }
}
