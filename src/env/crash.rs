//! Named points at which a test may make the program fail, stop or die. Without the cargo feature `crash-points` nothing
//! here does anything and no variable is read.
//!
//! `HOSTCTL_CRASH=<mode>:<step>:<point>:<phase>` with mode `die` (SIGKILL), `stop` (SIGSTOP) or `fail` (an error), step
//! the number of a step (from 0), point and phase as below. Several, separated by commas, may stand together; each works
//! once, so that what is tried again after a `fail` goes through.
//!
//! `HOSTCTL_CLOCK_SHIFT=<seconds>` puts the wall clock of the process ahead, for tests that simulate days.
//!
//! Two modes stand at `after_intent` and hold whenever the step comes by: `twice` calls its effect two times in a row, and
//! `skip`, on the way back only, does not call it and records it as done.

#[cfg(not(feature = "crash-points"))]
use crate::env::variables::Environment;
#[cfg(not(feature = "crash-points"))]
use crate::error::Result;

/// Where in the life of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Nothing is recorded yet.
    BeforeIntent,
    /// The intent is committed, nothing is done.
    AfterIntent,
    /// Part of the effect is there, where it has parts.
    MidEffect,
    /// The effect is there, the reply was not heard.
    EffectDone,
    /// The reply was heard, nothing is recorded.
    BeforeCommit,
    /// The result is committed.
    AfterCommit,
}

impl Point {
    /// Every point, in the order of time.
    pub const ALL: [Point; 6] = [
        Point::BeforeIntent,
        Point::AfterIntent,
        Point::MidEffect,
        Point::EffectDone,
        Point::BeforeCommit,
        Point::AfterCommit,
    ];

    /// The word in `HOSTCTL_CRASH`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Point::BeforeIntent => "before_intent",
            Point::AfterIntent => "after_intent",
            Point::MidEffect => "mid_effect",
            Point::EffectDone => "effect_done",
            Point::BeforeCommit => "before_commit",
            Point::AfterCommit => "after_commit",
        }
    }
}

/// Which way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Forward.
    Do,
    /// Back.
    Undo,
}

impl Phase {
    /// The word in `HOSTCTL_CRASH`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Phase::Do => "do",
            Phase::Undo => "undo",
        }
    }
}

/// Refuses a specification that asks for nothing: a test that relies on it would prove nothing.
///
/// # Errors
/// `usage`.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn check(_: &Environment) -> Result<()> {
    Ok(())
}

/// Fails, stops or dies here if a test asked for it.
///
/// # Errors
/// `unavailable`, reason `injected`, in mode `fail`.
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn point(_: u32, _: Point, _: Phase) -> Result<()> {
    Ok(())
}

/// As [`point`] with [`Point::MidEffect`], for the step that the engine is at.
///
/// # Errors
/// As [`point`].
#[cfg(not(feature = "crash-points"))]
#[inline]
pub fn mid_effect() -> Result<()> {
    Ok(())
}

/// How many times the engine calls the effect of a step: once, where no test asked for anything else.
#[cfg(not(feature = "crash-points"))]
#[inline]
#[must_use]
pub fn times(_: u32, _: Phase) -> u32 {
    1
}

#[cfg(feature = "crash-points")]
pub use armed::{check, mid_effect, point, times};

#[cfg(feature = "crash-points")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    use super::{Phase, Point};
    use crate::clock;
    use crate::env::variables::Environment;
    use crate::error::{Error, Kind, Result};
    use crate::model::escape::excerpt;

    const VARIABLE: &str = "HOSTCTL_CRASH";
    const SHIFT: &str = "HOSTCTL_CLOCK_SHIFT";

    /// What is asked for at one place, written as [`place`] does.
    struct Wish {
        mode: String,
        place: String,
        is_spent: AtomicBool,
    }

    impl Wish {
        /// Whether it changes how often an effect is called, rather than what becomes of one call.
        fn is_lasting(&self) -> bool {
            matches!(self.mode.as_str(), "skip" | "twice")
        }
    }

    static WISHES: OnceLock<Vec<Wish>> = OnceLock::new();
    /// The step and phase the engine is at: step × 2 + phase.
    static CURRENT: AtomicU64 = AtomicU64::new(0);

    /// See the module.
    ///
    /// # Errors
    /// `unavailable`, reason `injected`, in mode `fail`.
    pub fn point(step: u32, point: Point, phase: Phase) -> Result<()> {
        CURRENT.store(
            u64::from(step) * 2 + u64::from(phase == Phase::Undo),
            Ordering::Relaxed,
        );
        reached(step, point, phase)
    }

    /// See the module.
    ///
    /// # Errors
    /// As [`point`].
    pub fn mid_effect() -> Result<()> {
        let current = CURRENT.load(Ordering::Relaxed);
        let phase = if current % 2 == 1 { Phase::Undo } else { Phase::Do };
        reached(
            u32::try_from(current / 2).unwrap_or(u32::MAX),
            Point::MidEffect,
            phase,
        )
    }

    /// See the module.
    #[must_use]
    pub fn times(step: u32, phase: Phase) -> u32 {
        let here = place(step, Point::AfterIntent, phase);
        let mut wishes = asked().iter().filter(|wish| wish.place == here);
        wishes
            .find_map(|wish| match (wish.mode.as_str(), phase) {
                ("skip", Phase::Undo) => Some(0),
                ("twice", _) => Some(2),
                _ => None,
            })
            .unwrap_or(1)
    }

    fn asked() -> &'static [Wish] {
        WISHES.get_or_init(|| wishes().unwrap_or_default())
    }

    fn place(step: u32, point: Point, phase: Phase) -> String {
        format!("{step}:{}:{}", point.word(), phase.word())
    }

    fn reached(step: u32, point: Point, phase: Phase) -> Result<()> {
        let wishes = asked();
        if wishes.is_empty() {
            return Ok(());
        }
        let here = place(step, point, phase);
        let is_here = |wish: &&Wish| {
            wish.place == here && !wish.is_lasting() && !wish.is_spent.swap(true, Ordering::Relaxed)
        };
        match wishes.iter().find(is_here).map(|wish| wish.mode.as_str()) {
            None => {}
            Some("die") => signal(Signal::KILL),
            Some("stop") => signal(Signal::STOP),
            Some(_) => {
                return Err(Error::new(
                    Kind::Unavailable,
                    "injected",
                    format!("made to fail at {here}"),
                ));
            }
        }
        Ok(())
    }

    fn signal(signal: Signal) {
        // A signal to ourselves cannot fail.
        let _ = kill_process(getpid(), signal);
    }

    fn wishes() -> Option<Vec<Wish>> {
        let environment = Environment::from_process().ok()?;
        let asked = environment.filled(VARIABLE)?;
        Some(asked.split(',').filter_map(wish).collect())
    }

    /// Refuses a specification that asks for nothing: a test that relies on it would prove nothing. Moves the clock.
    ///
    /// # Errors
    /// `usage`.
    pub fn check(environment: &Environment) -> Result<()> {
        if let Some(text) = environment.filled(SHIFT) {
            let seconds = text.parse::<i64>();
            clock::shift(
                seconds
                    .map_err(|_| Error::configuration(format!("{SHIFT}: a number of seconds is wanted")))?,
            );
        }
        let mut asked = environment
            .filled(VARIABLE)
            .into_iter()
            .flat_map(|all| all.split(','));
        match asked.find(|text| wish(text).is_none()) {
            None => Ok(()),
            Some(text) => Err(Error::configuration(format!(
                "{VARIABLE}: \"{}\" is no crash point",
                excerpt(text)
            ))
            .hint("<die|stop|fail|twice|skip>:<step>:<point>:<do|undo>")),
        }
    }

    fn wish(text: &str) -> Option<Wish> {
        let (mode, place) = text.split_once(':')?;
        let words: Vec<&str> = place.split(':').collect();
        let &[step, point, phase] = words.as_slice() else {
            return None;
        };
        step.parse::<u32>().ok()?;
        let point = Point::ALL.into_iter().find(|known| known.word() == point)?;
        let is_known = match mode {
            "die" | "stop" | "fail" => true,
            "twice" => point == Point::AfterIntent,
            "skip" => point == Point::AfterIntent && phase == Phase::Undo.word(),
            _ => false,
        };
        let is_phase = [Phase::Do, Phase::Undo].iter().any(|known| known.word() == phase);
        (is_known && is_phase).then(|| Wish {
            mode: mode.to_owned(),
            place: place.to_owned(),
            is_spent: AtomicBool::new(false),
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_asks_for_nothing_is_refused() {
            let check = |text| check(&Environment::new([(VARIABLE, text)]));
            for right in [
                "",
                "die:0:before_intent:do",
                "fail:1:mid_effect:undo,skip:0:after_intent:undo",
            ] {
                check(right).expect(right);
            }
            for wrong in [
                "die",
                "die:0",
                "die:x:before_intent:do",
                "die:0:nowhere:do",
                "die:0:before_intent:redo",
                "explode:0:before_intent:do",
                "skip:0:after_intent:do",
                "twice:0:before_intent:do",
                "die:0:before_intent:do,",
                "die:0:before_intent:do:more",
            ] {
                assert!(check(wrong).is_err(), "{wrong}");
            }
            let soon = Environment::new([(SHIFT, "soon")]);
            assert!(super::check(&soon).is_err(), "no number");
        }
    }
}
