//! The program without one of its undos.

use hostctl::env::crash::Point;

use super::{Cell, Mode, Table, When};

/// What came of a program without one of its undos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutation {
    /// Whether the judge, or the program itself, said that something remains.
    pub is_seen: bool,
    /// Whether the world is the one before again.
    pub is_clean: bool,
}

impl Table<'_> {
    /// How many steps can be taken back: those before the pivot.
    pub fn undos(&self) -> usize {
        match self.pivot {
            _ if self.verb.is_one_commit => 0,
            Some(pivot) => pivot,
            None => self.steps.len(),
        }
    }

    /// Fails at the end, with the undo of `step` taken out of the program.
    pub fn without_undo(&self, step: usize) -> Mutation {
        self.prepare();
        let before = self.lab.world();
        let specification = format!("{},skip:{step}:after_intent:undo", self.last_failure("fail"));
        let ran = self.call(&["--yes"]).crash(&specification).run();
        let is_announced = ran.code == Some(9) && !before.difference(&self.lab.world()).is_empty();
        let cell = Cell {
            mode: Mode::Fail,
            when: When::Undo,
            step,
            point: Point::AfterIntent,
        };
        let is_seen = is_announced || self.judge(&before, cell, &ran).is_err();
        // With its undo back the program may mend it; what it took for undone already it does not look at again.
        for id in self
            .lab
            .ask("SELECT id::text FROM hostctl.operations WHERE state = 'stuck'")
        {
            self.lab.run(&["op", "retry", &id]);
        }
        let is_clean = before.difference(&self.lab.world()).is_empty()
            && self.lab.ask("SELECT resource FROM hostctl.claims").is_empty();
        Mutation { is_seen, is_clean }
    }
}
