//! What each call meets: a script for the named stories, chance for the seeds, and what lasts.

use std::collections::{BTreeMap, BTreeSet};

use super::random::Random;

/// The kinds of calls that can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    Apply,
    Probe,
    Undo,
    ControlDo,
    ControlUndo,
    /// A transition of the journal.
    Commit,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Fine,
    /// No, and it will stay so.
    Refused,
    /// Not now.
    NotNow,
    /// No reply; nothing happened, half of it did, all of it did.
    LostBefore,
    LostHalf,
    LostAfter,
    /// The same, but the caller waits until its patience ends.
    HangBefore,
    HangHalf,
    HangAfter,
}

impl Fault {
    pub fn is_half(self) -> bool {
        matches!(self, Fault::LostHalf | Fault::HangHalf)
    }
}

/// A whole schedule's faults.
pub struct Faults {
    random: Random,
    per_mille: u32,
    script: Vec<(Call, u32, Fault)>,
    lasting: BTreeMap<(Call, u32), Fault>,
    late_troubles: u32,
    /// Steps whose undo says that it is done and does nothing.
    pub lying_undos: BTreeSet<u32>,
    /// Steps whose probe always finds nothing.
    pub lying_probes: BTreeSet<u32>,
}

impl Faults {
    pub fn new(random: Random, per_mille: u32) -> Self {
        let (lying_undos, lying_probes) = (BTreeSet::new(), BTreeSet::new());
        Faults {
            random,
            per_mille,
            script: Vec::new(),
            lasting: BTreeMap::new(),
            late_troubles: 2,
            lying_undos,
            lying_probes,
        }
    }

    /// The next such call meets `fault`.
    pub fn once(&mut self, call: Call, number: u32, fault: Fault) {
        self.script.push((call, number, fault));
    }

    /// Every such call meets `fault`; a refusal lasts, what is unreachable comes back with [`Faults::quiet`].
    pub fn always(&mut self, call: Call, number: u32, fault: Fault) {
        self.lasting.insert((call, number), fault);
    }

    /// From now on all goes well, except what lasts.
    pub fn quiet(&mut self) {
        self.per_mille = 0;
        self.script.clear();
        self.lasting.retain(|_, fault| *fault == Fault::Refused);
    }

    pub fn next(&mut self, call: Call, number: u32) -> Fault {
        if let Some(fault) = self.lasting.get(&(call, number)) {
            return *fault;
        }
        if let Some(position) = self
            .script
            .iter()
            .position(|entry| (entry.0, entry.1) == (call, number))
        {
            return self.script.remove(position).2;
        }
        if self.per_mille == 0 || !self.random.chance(self.per_mille) {
            return Fault::Fine;
        }
        self.draw(call, number)
    }

    /// What meets a process that was taken over: its effect may lose its reply, its withdrawal may need a second try.
    pub fn next_late(&mut self, call: Call) -> Fault {
        let choices: &[Fault] = match call {
            Call::Apply => &[Fault::Fine, Fault::LostHalf, Fault::LostAfter, Fault::HangAfter],
            Call::Undo if self.late_troubles > 0 => &[Fault::Fine, Fault::NotNow, Fault::LostHalf],
            Call::Undo | Call::Probe | Call::ControlDo | Call::ControlUndo | Call::Commit => &[Fault::Fine],
        };
        let fault = self.random.pick(choices);
        self.late_troubles -= u32::from(call == Call::Undo && fault != Fault::Fine);
        fault
    }

    fn draw(&mut self, call: Call, number: u32) -> Fault {
        use Fault::{HangAfter, HangBefore, HangHalf, LostAfter, LostBefore, LostHalf, NotNow, Refused};
        let choices: &[Fault] = match call {
            Call::Apply => &[
                Refused, NotNow, LostBefore, LostHalf, LostAfter, HangBefore, HangHalf, HangAfter, LostAfter,
            ],
            Call::Probe => &[NotNow, NotNow, HangBefore],
            Call::Undo => &[
                Refused, NotNow, NotNow, LostBefore, LostHalf, LostAfter, HangBefore, HangHalf, HangAfter,
            ],
            Call::ControlDo => &[Refused, NotNow],
            Call::ControlUndo => &[Refused, NotNow, NotNow],
            Call::Commit => &[Refused, NotNow, LostBefore, LostAfter],
        };
        let fault = self.random.pick(choices);
        // What is unreachable often stays so for a while.
        if fault == NotNow && call != Call::Commit {
            let more = self.random.below(8);
            self.script.extend((0..more).map(|_| (call, number, NotNow)));
        }
        fault
    }
}
