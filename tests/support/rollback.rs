//! The table behind "all or nothing": one verb, and every place at which it can fail or die.
//!
//! A cell is one such place. It is played in a world of which a dump was taken; whatever happens, after recovery the
//! world is the one before, or the one that an undisturbed run makes.

use hostctl::env::crash::{Phase, Point};

use super::{Lab, Ran, World};

/// A verb, and how to have it again and again.
#[derive(Clone, Copy)]
pub struct Verb {
    /// The arguments, without `--yes`.
    pub arguments: &'static [&'static str],
    /// What has to be there first: a command line that makes it.
    pub needs: Option<&'static [&'static str]>,
    /// A command line that takes away what the verb made.
    pub removal: Option<&'static [&'static str]>,
    /// Whether all of it is one transaction, so that there is nothing to take back.
    pub is_one_commit: bool,
}

/// How a place is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// SIGKILL.
    Die,
    /// An error, once.
    Fail,
}

/// When a place is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// While the verb goes forward.
    Do,
    /// While the verb, having failed further on, takes back what it did.
    Undo,
    /// While `op recover` ends what a killed process left.
    Recover,
}

/// One cell of the table. The step counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub mode: Mode,
    pub when: When,
    pub step: usize,
    pub point: Point,
}

/// What came of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The world is the one before.
    Nothing,
    /// The world is the one an undisturbed run makes.
    All,
    /// The place does not exist (a step without parts has no middle); the verb went through.
    Unmet,
}

/// A verb in a lab, with everything known about an undisturbed run.
pub struct Table<'a> {
    lab: &'a Lab,
    verb: Verb,
    /// How many steps its plan has.
    pub steps: usize,
    /// The first step after which there is no way back.
    pub pivot: Option<usize>,
    /// The world after an undisturbed run.
    done: World,
}

impl Cell {
    /// Every cell there is for a plan of this length.
    pub fn all(steps: usize) -> Vec<Cell> {
        let mut cells = Vec::new();
        for when in [When::Do, When::Undo, When::Recover] {
            for mode in [Mode::Die, Mode::Fail] {
                for step in 0..steps {
                    cells.extend(Point::ALL.map(|point| Cell {
                        mode,
                        when,
                        step,
                        point,
                    }));
                }
            }
        }
        cells
    }

    fn specification(self, phase: Phase) -> String {
        let mode = match self.mode {
            Mode::Die => "die",
            Mode::Fail => "fail",
        };
        format!("{mode}:{}:{}:{}", self.step, self.point.word(), phase.word())
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let phase = if self.when == When::Do {
            Phase::Do
        } else {
            Phase::Undo
        };
        write!(f, "{:?} {}", self.when, self.specification(phase))
    }
}

impl<'a> Table<'a> {
    /// Learns the plan and its undisturbed outcome.
    pub fn new(lab: &'a Lab, verb: Verb) -> Self {
        let mut table = Table {
            lab,
            verb,
            steps: 0,
            pivot: None,
            done: lab.world(),
        };
        table.prepare();
        let plan = lab.call(&table.words(&["--dry-run", "-o", "json"])).run();
        let plan = plan.expect_code(0).json();
        let steps = plan.as_array().expect("a list of steps").clone();
        table.steps = steps.len();
        table.pivot = steps.iter().position(|step| step["undo"] == "forward_only");
        lab.run(&table.words(&["--yes"])).expect_code(0);
        table.done = lab.world();
        table.clear();
        table
    }

    /// A verb that nothing takes back once it is done, with as many steps as are given: only for cells that end with
    /// nothing.
    pub fn of(lab: &'a Lab, verb: Verb, steps: usize) -> Self {
        Table {
            lab,
            verb,
            steps,
            pivot: None,
            done: lab.world(),
        }
    }

    /// Whether the place exists: a step without parts has no middle, past the pivot nothing is taken back.
    pub fn must_be_met(&self, cell: Cell) -> bool {
        let is_never = match cell.when {
            When::Do => false,
            When::Undo => self.verb.is_one_commit || self.pivot.is_some_and(|pivot| cell.step >= pivot),
            When::Recover => self.verb.is_one_commit || self.pivot == Some(cell.step),
        };
        cell.point != Point::MidEffect && !is_never
    }

    /// Plays one cell and says what came of it.
    ///
    /// # Panics
    /// Where anything is neither all nor nothing.
    pub fn play(&self, cell: Cell) -> End {
        self.try_play(cell)
            .unwrap_or_else(|problem| panic!("{} {cell}: {problem}", self.verb.arguments.join(" ")))
    }

    /// As [`Table::play`], with what is wrong as a value.
    pub fn try_play(&self, cell: Cell) -> Result<End, String> {
        self.prepare();
        let before = self.lab.world();
        let Some(ran) = self.disturb(cell) else {
            return Ok(End::Unmet);
        };
        let end = self.judge(&before, cell, &ran)?;
        self.clear();
        Ok(end)
    }

    /// Runs the verb as the cell wants it; nothing where the cell cannot be.
    fn disturb(&self, cell: Cell) -> Option<Ran> {
        let words = self.words(&["--yes"]);
        let asked = self.lab.call(&words);
        if cell.when == When::Do {
            return Some(asked.crash(&cell.specification(Phase::Do)).run());
        }
        let is_past_pivot = self.pivot.is_some_and(|pivot| cell.step >= pivot);
        if cell.when == When::Undo {
            // Past the pivot nothing is taken back.
            let back = format!(
                "{},{}",
                self.last_failure("fail"),
                cell.specification(Phase::Undo)
            );
            return (!is_past_pivot).then(|| asked.crash(&back).run());
        }
        let (left, phase) = match self.pivot {
            Some(pivot) if is_past_pivot => (format!("die:{pivot}:effect_done:do"), Phase::Do),
            _ => (self.last_failure("die"), Phase::Undo),
        };
        let ran = asked.crash(&left).run();
        assert!(ran.was_killed(), "{left} was not met: {ran}");
        Some(
            self.lab
                .call(&["op", "recover", "-o", "json"])
                .crash(&cell.specification(phase))
                .run(),
        )
    }

    /// A place after everything that can be taken back was done.
    fn last_failure(&self, mode: &str) -> String {
        match self.pivot {
            Some(pivot) => format!("{mode}:{pivot}:before_intent:do"),
            None => format!("{mode}:{}:after_commit:do", self.steps - 1),
        }
    }

    fn judge(&self, before: &World, cell: Cell, ran: &Ran) -> Result<End, String> {
        let lab = self.lab;
        // What a failure, as opposed to a death, leaves must be all or nothing without any help, or announced.
        if !ran.was_killed() && ran.code != Some(0) && ran.code != Some(9) {
            self.all_or_nothing(before, &lab.world())
                .map_err(|problem| format!("before recovery: {problem}\n{ran}"))?;
        }
        let recovery = lab.run(&["op", "recover", "-o", "json"]);
        if recovery.code != Some(0) {
            return Err(format!("{ran}\nthen {recovery}"));
        }
        let now = lab.world();
        let end = self
            .all_or_nothing(before, &now)
            .map_err(|problem| format!("{problem}\n{ran}\nthen {recovery}"))?;
        let again = lab.run(&["op", "recover", "-o", "json"]);
        if again.code != Some(0) || again.json() != serde_json::json!([]) || lab.world() != now {
            return Err(format!("recovering twice is not recovering once: {again}"));
        }
        Self::is_truthful(cell, ran, end).map_err(|problem| format!("{problem}\n{ran}\nthen {recovery}"))
    }

    fn all_or_nothing(&self, before: &World, now: &World) -> Result<End, String> {
        let from_before = before.difference(now);
        if from_before.is_empty() {
            return Ok(End::Nothing);
        }
        let from_done = self.done.difference_in_kind(now);
        if from_done.is_empty() {
            return Ok(End::All);
        }
        Err(format!(
            "neither nothing:\n{}\nnor all:\n{}",
            from_before.join("\n"),
            from_done.join("\n")
        ))
    }

    /// Whether the exit code told what happened, and whether the cell was met at all.
    fn is_truthful(cell: Cell, ran: &Ran, end: End) -> Result<End, String> {
        let is_met = ran.was_killed() || ran.code != Some(0);
        match (ran.code, end) {
            (Some(0), End::Nothing) if cell.when != When::Recover => {
                Err("exit 0, and nothing is there".to_owned())
            }
            (Some(8), End::All) => Err("exit 8, and everything is there".to_owned()),
            (Some(1), _) => Err("exit 1 is a bug".to_owned()),
            _ if is_met || cell.mode == Mode::Fail => Ok(end),
            _ => Ok(End::Unmet),
        }
    }

    fn prepare(&self) {
        if let Some(needs) = self.verb.needs {
            let ran = self.lab.run(needs);
            assert!(matches!(ran.code, Some(0 | 4)), "{ran}");
        }
    }

    fn clear(&self) {
        if let Some(removal) = self.verb.removal {
            let ran = self.lab.run(removal);
            assert!(matches!(ran.code, Some(0 | 3)), "{ran}");
        }
    }

    fn words(&self, more: &[&'static str]) -> Vec<&'static str> {
        self.verb.arguments.iter().chain(more).copied().collect()
    }
}

/// `db create`.
pub const DATABASE_CREATE: Verb = Verb {
    arguments: &["db", "create", "shop"],
    needs: None,
    removal: Some(&["db", "delete", "shop", "--purge", "--yes"]),
    is_one_commit: false,
};
/// `db delete --purge`.
pub const DATABASE_DELETE: Verb = Verb {
    arguments: &["db", "delete", "shop", "--purge"],
    needs: Some(&["db", "create", "shop"]),
    removal: None,
    is_one_commit: false,
};
/// `account create`: one commit.
pub const ACCOUNT_CREATE: Verb = Verb {
    arguments: &["account", "create", "acme"],
    needs: None,
    removal: Some(&["account", "delete", "acme", "--purge", "--yes"]),
    is_one_commit: true,
};
/// `mail domain create`: one commit, with a key.
pub const MAIL_DOMAIN_CREATE: Verb = Verb {
    arguments: &["mail", "domain", "create", "shop.example"],
    needs: None,
    removal: Some(&["mail", "domain", "delete", "shop.example", "--purge", "--yes"]),
    is_one_commit: true,
};
/// `site create`: a database and mail.
pub const SITE_CREATE: Verb = Verb {
    arguments: &[
        "site",
        "create",
        "shop.example",
        "--db",
        "shop",
        "--mail",
        "info,sales",
    ],
    needs: None,
    removal: Some(&["site", "delete", "shop.example", "--purge", "--yes"]),
    is_one_commit: false,
};
/// `dns zone create`.
pub const ZONE_CREATE: Verb = Verb {
    arguments: &["dns", "zone", "create", "shop.example"],
    needs: None,
    removal: Some(&["dns", "zone", "delete", "shop.example", "--purge", "--yes"]),
    is_one_commit: false,
};
