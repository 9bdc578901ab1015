//! The table behind "all or nothing": one verb, and every place at which it can fail or die.
//!
//! A cell is one such place. It is played in a world of which a dump was taken; whatever happens, after recovery the
//! world is the one before, or the one that an undisturbed run makes.

mod kill;
mod middle;
mod mutation;
mod wire;

use std::time::Duration;

use hostctl::clock;
use hostctl::env::crash::{Phase, Point};
use hostctl::env::variables::Environment;
use serde_json::Value;

use super::verbs::Verb;
use super::{Call, Lab, Ran, World};

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
    /// The steps of its plan, as `--dry-run` calls them.
    pub steps: Vec<String>,
    /// Their kinds, as the journal calls them.
    kinds: Vec<String>,
    /// How long an undisturbed run takes.
    pub usual: Duration,
    /// The first step after which there is no way back.
    pub pivot: Option<usize>,
    /// The world after an undisturbed run.
    done: World,
    /// Whether it leaves other passwords than it found.
    renews_hashes: bool,
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

    /// A part of them: every step dies once while it is done, and of the other ways to meet a point one in `share` is taken,
    /// each at the step whose turn it is. All of them where `HOSTCTL_TORTURE` is set.
    pub fn some(steps: usize, share: usize) -> Vec<Cell> {
        let environment = Environment::from_process().expect("an environment");
        let is_all = environment.filled("HOSTCTL_TORTURE").is_some();
        let points = Point::ALL.len();
        let is_meant = |index: usize, cell: &Cell| {
            let (way, point) = (index / (steps * points), index % points);
            let is_its_turn = cell.step == (way * points + point) % steps;
            let dies = (cell.mode, cell.when) == (Mode::Die, When::Do);
            (dies && point == cell.step % points) || (is_its_turn && (way + point).is_multiple_of(share))
        };
        let cells = Cell::all(steps).into_iter().enumerate();
        let cells = cells.filter(|(index, cell)| is_all || is_meant(*index, cell));
        cells.map(|(_, cell)| cell).collect()
    }

    /// Recovery that follows recovery is the same after each of them: one cell in three is enough to see it.
    fn is_looked_at_twice(self) -> bool {
        let point = Point::ALL.iter().position(|point| *point == self.point);
        point.is_some_and(|point| (point + self.step).is_multiple_of(3))
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
            steps: Vec::new(),
            kinds: Vec::new(),
            usual: Duration::ZERO,
            pivot: None,
            renews_hashes: false,
            done: lab.world(),
        };
        for line in verb.setting {
            lab.run(&split(line)).expect_code(0);
        }
        table.prepare();
        let before = lab.world();
        let plan = table.call(&["--dry-run", "-o", "json"]).run();
        let plan = plan.expect_code(0).json();
        let steps = plan.as_array().expect("a list of steps").clone();
        let word = |step: &Value, key: &str| step[key].as_str().expect("a word").to_owned();
        table.steps = steps
            .iter()
            .map(|step| format!("{} {}", word(step, "action"), word(step, "resource")))
            .collect();
        table.pivot = steps.iter().position(|step| step["undo"] == "forward_only");
        let started = clock::instant();
        table.call(&["--yes"]).run().expect_code(0);
        table.usual = started.elapsed();
        table.kinds = table.newest_kinds();
        table.done = lab.world();
        table.renews_hashes = before.renews_hashes(&table.done);
        assert!(
            verb.input.is_empty() || table.renews_hashes,
            "{}: the password is the one before",
            verb.line
        );
        table.clear();
        table
    }

    /// Whether the place exists: a step without parts has no middle.
    pub fn must_be_met(&self, cell: Cell) -> bool {
        self.may_be_met(cell) && (cell.point != Point::MidEffect || self.has_middle(cell))
    }

    /// Whether the program may come by there: past the pivot nothing is taken back.
    pub fn may_be_met(&self, cell: Cell) -> bool {
        let is_never = match cell.when {
            When::Do => false,
            When::Undo => self.verb.is_one_commit || self.pivot.is_some_and(|pivot| cell.step >= pivot),
            When::Recover => self.verb.is_one_commit || self.pivot == Some(cell.step),
        };
        !is_never
    }

    /// Plays one cell and says what came of it.
    ///
    /// # Panics
    /// Where anything is neither all nor nothing.
    pub fn play(&self, cell: Cell) -> End {
        self.try_play(cell)
            .unwrap_or_else(|problem| panic!("{} {cell}: {problem}", self.verb.line))
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

    /// Does every step two times in a row, and says what came of it; the same while every undo is done two times.
    ///
    /// # Errors
    /// Where it is not what doing and undoing once make.
    pub fn try_twice(&self) -> Result<(), String> {
        let each = |phase: Phase| {
            (0..self.steps.len()).map(move |step| format!("twice:{step}:after_intent:{}", phase.word()))
        };
        let forward: Vec<String> = each(Phase::Do).collect();
        self.expect_end(&forward.join(","), 0, End::All)?;
        if self.verb.is_one_commit || self.pivot == Some(0) {
            return Ok(());
        }
        let both: Vec<String> = each(Phase::Do).chain(each(Phase::Undo)).collect();
        let back = format!("{},{}", self.last_failure("fail"), both.join(","));
        self.expect_end(&back, 8, End::Nothing)
    }

    fn expect_end(&self, specification: &str, code: i32, wanted: End) -> Result<(), String> {
        self.prepare();
        let before = self.lab.world();
        let ran = self.call(&["--yes"]).crash(specification).run();
        let end = self
            .all_or_nothing(&before, &self.lab.world())
            .map_err(|problem| format!("{problem}\n{ran}"))?;
        self.clear();
        if ran.code == Some(code) && end == wanted {
            return Ok(());
        }
        Err(format!("{end:?} instead of {wanted:?}: {ran}"))
    }

    /// Runs the verb as the cell wants it; nothing where the cell cannot be.
    fn disturb(&self, cell: Cell) -> Option<Ran> {
        let asked = self.call(&["--yes"]);
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
            None => format!("{mode}:{}:after_commit:do", self.steps.len() - 1),
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
        if cell.is_looked_at_twice() {
            let again = lab.run(&["op", "recover", "-o", "json"]);
            if again.code != Some(0) || again.json() != serde_json::json!([]) || lab.world() != now {
                return Err(format!("recovering twice is not recovering once: {again}"));
            }
        }
        Self::is_truthful(cell, ran, end).map_err(|problem| format!("{problem}\n{ran}\nthen {recovery}"))
    }

    fn all_or_nothing(&self, before: &World, now: &World) -> Result<End, String> {
        let from_before = before.difference(now);
        if from_before.is_empty() {
            return Ok(End::Nothing);
        }
        let from_done = self.done.difference_in_kind(now);
        if from_done.is_empty() && before.renews_hashes(now) == self.renews_hashes {
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
        for line in self.verb.needs {
            let ran = self.run(line);
            assert!(matches!(ran.code, Some(0 | 4)), "{ran}");
        }
    }

    fn clear(&self) {
        for line in self.verb.removal {
            let ran = self.run(line);
            // An `op undo` finds the operation of the last cell where this one has left nothing.
            let is_undone = ran.stderr.contains(r#""reason":"undone""#);
            assert!(is_undone || matches!(ran.code, Some(0 | 3)), "{ran}");
        }
        // Every recovery looks again at all that was rolled back in the last minutes; the newest are enough for the proof.
        self.lab.ask(
            "UPDATE hostctl.operations SET sweep_until = NULL WHERE sweep_until IS NOT NULL
                AND id NOT IN (SELECT id FROM hostctl.operations ORDER BY started_at DESC LIMIT 3) RETURNING id::text",
        );
    }

    fn run(&self, line: &str) -> Ran {
        self.lab.run(&split(&self.resolved(line)))
    }

    /// `{kind}` stands for the newest operation of that kind that has succeeded, `{selector}` for a DKIM key that signs no more.
    fn resolved(&self, line: &str) -> String {
        let Some((start, (kind, end))) = line
            .split_once('{')
            .and_then(|(start, rest)| Some((start, rest.split_once('}')?)))
        else {
            return line.to_owned();
        };
        let newest = self.lab.ask(&match kind {
            "selector" => "SELECT selector FROM hostctl.email_dkim_keys WHERE state = 'retired'".to_owned(),
            kind => format!(
                "SELECT id::text FROM hostctl.operations WHERE kind = '{kind}' AND state = 'succeeded'
                    ORDER BY started_at DESC, id DESC LIMIT 1"
            ),
        });
        format!("{start}{}{end}", newest[0])
    }

    fn call(&self, more: &[&str]) -> Call<'a> {
        let line = self.resolved(self.verb.line);
        let words: Vec<&str> = line.split(' ').chain(more.iter().copied()).collect();
        let call = self.lab.call(&words);
        match self.verb.input {
            "" => call,
            input => call.stdin(input),
        }
    }
}

fn split(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}
