//! A notice in words.

use std::fmt;

use jiff::Timestamp;

/// Why what ends was not replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A host serves this generation still, although another one is to be served; what went wrong there last.
    Behind {
        /// The host.
        host: String,
        /// The generation that it serves.
        served: i32,
        /// The one that it should.
        wanted: i32,
        /// What failed there.
        error: Option<String>,
    },
    /// It was revoked.
    Revoked,
    /// It was imported, and nobody said how it is renewed.
    Imported,
    /// Renewing it has failed so often, lately for this reason; 0: it is under way still.
    Failing(i32, String),
    /// Its renewal is planned, or late.
    Planned(Option<Timestamp>),
}

/// A certificate that is about to end, or has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// By what it is called.
    pub certificate: String,
    /// When it ends.
    pub not_after: Timestamp,
    /// Seconds until then; negative where it has.
    pub left_s: i64,
    /// Why it is told.
    pub cause: Cause,
    /// The hosts that serve it.
    pub hosts: Vec<String>,
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certificate {} ", self.certificate)?;
        if let Cause::Behind { host, served, .. } = &self.cause {
            write!(f, "as {host} serves it still (generation {served}) ")?;
        }
        let end = self.not_after;
        match self.left_s {
            left if left <= 0 => write!(f, "has ended on {end}")?,
            left if left < 2 * DAY => write!(f, "ends in {} h, on {end}", left / HOUR)?,
            left => write!(f, "ends in {} days, on {end}", left / DAY)?,
        }
        match &self.cause {
            Cause::Behind { wanted, error, .. } => {
                write!(f, ": generation {wanted} waits for that host")?;
                if let Some(error) = error {
                    write!(f, ", where deploying it failed: {error}")?;
                }
            }
            Cause::Revoked => f.write_str(": it was revoked, and nothing has taken its place")?,
            Cause::Imported => f.write_str(": it was imported and is not renewed here")?,
            Cause::Failing(0, error) => write!(f, ": its order is gone on with, lately: {error}")?,
            Cause::Failing(times, error) => {
                write!(f, ": renewing it has failed {times} times, lately: {error}")?;
            }
            Cause::Planned(None) => f.write_str(": no renewal is planned")?,
            Cause::Planned(Some(at)) => write!(f, ": its renewal is planned for {at}")?,
        }
        if self.hosts.is_empty() {
            return Ok(());
        }
        write!(f, "; served by {}", self.hosts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_what_when_why_and_where() {
        let end: Timestamp = "2026-03-01T00:00:00Z".parse().expect("a time");
        let notice = |left_s, cause, hosts: &[&str]| {
            let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
            let certificate = "shop.example".to_owned();
            Notice {
                certificate,
                not_after: end,
                left_s,
                cause,
                hosts,
            }
            .to_string()
        };
        assert_eq!(
            notice(7 * DAY, Cause::Imported, &["web1", "web2"]),
            "certificate shop.example ends in 7 days, on 2026-03-01T00:00:00Z: it was imported and is not renewed here; \
             served by web1, web2"
        );
        assert_eq!(
            notice(-1, Cause::Failing(3, "no answer".to_owned()), &[]),
            "certificate shop.example has ended on 2026-03-01T00:00:00Z: renewing it has failed 3 times, lately: no answer"
        );
        assert_eq!(
            notice(3 * DAY, Cause::Failing(0, "no answer".to_owned()), &[]),
            "certificate shop.example ends in 3 days, on 2026-03-01T00:00:00Z: its order is gone on with, lately: no answer"
        );
        let behind = Cause::Behind {
            host: "web1".to_owned(),
            served: 3,
            wanted: 4,
            error: Some("the deploy hook exited with 1".to_owned()),
        };
        assert_eq!(
            notice(30 * HOUR, behind, &[]),
            "certificate shop.example as web1 serves it still (generation 3) ends in 30 h, on 2026-03-01T00:00:00Z: \
             generation 4 waits for that host, where deploying it failed: the deploy hook exited with 1"
        );
    }
}
