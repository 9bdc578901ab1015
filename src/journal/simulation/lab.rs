//! Everything one schedule shares.

use std::cell::{Cell, RefCell};

use serde_json::Value;
use uuid::Uuid;

use super::faults::{Call, Fault, Faults};
use super::ledger::Ledger;
use super::random::Random;
use super::world::World;
use crate::journal::{Place, Secrets, StepRecord, StepState};

/// The operation of every schedule.
pub const OPERATION: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001);

/// What a planned step is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub is_outside: bool,
    /// Parts of its effect, 1 or 2; between two parts a process can die.
    pub parts: u8,
    pub is_pivot: bool,
}

impl Shape {
    pub const OUTSIDE: Shape = Shape {
        is_outside: true,
        parts: 1,
        is_pivot: false,
    };
    pub const HALVES: Shape = Shape {
        is_outside: true,
        parts: 2,
        is_pivot: false,
    };
    pub const CONTROL: Shape = Shape {
        is_outside: false,
        parts: 1,
        is_pivot: false,
    };

    pub const fn pivot(mut self) -> Self {
        self.is_pivot = true;
        self
    }
}

/// What somebody else does to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interference {
    Plant,
    Change,
    Remove,
}

pub struct Lab {
    pub shapes: Vec<Shape>,
    pub world: RefCell<World>,
    pub ledger: RefCell<Ledger>,
    pub faults: RefCell<Faults>,
    /// What happened in the world and where the journal was, in order.
    pub happened: RefCell<Vec<(Call, u32)>>,
    /// For a person who looks for the cause; kept only when asked for.
    pub story: Option<RefCell<Vec<String>>>,
    pub violations: RefCell<Vec<String>>,
    pub interference: Vec<(u32, u32, Interference)>,
    /// Whether something without which no end can be reached was refused for good.
    pub is_refused: Cell<bool>,
    /// A pivot's effect came after its process was taken over: nothing can withdraw it.
    pub has_late_pivot: Cell<bool>,
    /// An effect came after its process was taken over.
    pub has_late_effect: Cell<bool>,
    /// Whether a process that was taken over finds its connection cut, or a refusal.
    pub is_cut_by_takeover: bool,
    /// Whether the operation is gone on with instead of being taken back.
    pub resumes: bool,
    are_others_gone: Cell<bool>,
    calls: Cell<u32>,
}

impl Lab {
    pub fn new(shapes: Vec<Shape>, faults: Faults) -> Self {
        Lab {
            world: RefCell::new(World::inhabited()),
            ledger: RefCell::new(Ledger::new(&shapes)),
            shapes,
            faults: RefCell::new(faults),
            happened: RefCell::default(),
            story: None,
            violations: RefCell::default(),
            interference: Vec::new(),
            is_refused: Cell::new(false),
            has_late_pivot: Cell::new(false),
            has_late_effect: Cell::new(false),
            are_others_gone: Cell::new(false),
            is_cut_by_takeover: false,
            resumes: false,
            calls: Cell::new(0),
        }
    }

    /// A lab in which only what the story says goes wrong.
    pub fn calm(shapes: &[Shape]) -> Self {
        Lab::new(shapes.to_vec(), Faults::new(Random::new(0), 0))
    }

    pub fn once(&self, call: Call, number: u32, fault: Fault) -> &Self {
        self.faults.borrow_mut().once(call, number, fault);
        self
    }

    pub fn always(&self, call: Call, number: u32, fault: Fault) -> &Self {
        self.faults.borrow_mut().always(call, number, fault);
        self
    }

    /// The steps as the journal has them.
    pub fn records(&self) -> Vec<StepRecord> {
        let ledger = self.ledger.borrow();
        let record = |(number, (shape, row)): (u32, (&Shape, &super::ledger::Row))| StepRecord {
            operation: OPERATION,
            number,
            kind: "thing.make".to_owned(),
            version: 1,
            resource: resource(number),
            place: if shape.is_outside {
                Place::Outside("world".to_owned())
            } else {
                Place::Control
            },
            parameters: Value::Null,
            secrets: Secrets::default(),
            is_pivot: shape.is_pivot,
            state: row.state,
            output: row.output.clone(),
        };
        (0..)
            .zip(self.shapes.iter().zip(&ledger.steps))
            .map(record)
            .collect()
    }

    /// Time goes on: one call further, and others live too.
    pub fn tick(&self) {
        let now = self.calls.get() + 1;
        self.calls.set(now);
        if self.are_others_gone.get() {
            return;
        }
        for (_, place, interference) in self.interference.iter().filter(|entry| entry.0 == now) {
            self.tell(|| format!("somebody: {interference:?} {place}"));
            let mut world = self.world.borrow_mut();
            match interference {
                Interference::Plant => world.plant(*place),
                Interference::Change => world.change(*place),
                Interference::Remove => world.remove(*place),
            }
        }
    }

    /// From now on nobody meddles and all goes well, except what lasts.
    pub fn quiet(&self) {
        self.tell(|| "from now on all goes well".to_owned());
        self.are_others_gone.set(true);
        self.faults.borrow_mut().quiet();
    }

    /// What a call of the process with `epoch` meets.
    pub fn fault(&self, call: Call, number: u32, epoch: i64) -> Fault {
        let is_late = self.is_late(epoch);
        let mut faults = self.faults.borrow_mut();
        let fault = if is_late {
            faults.next_late(call)
        } else {
            faults.next(call, number)
        };
        self.tell(|| format!("epoch {epoch}: {call:?} {number}: {fault:?}"));
        fault
    }

    pub fn is_late(&self, epoch: i64) -> bool {
        self.ledger.borrow().epoch != epoch
    }

    /// Whether a pivot was recorded, or is there, whole or half.
    pub fn is_past_pivot(&self, ledger: &Ledger) -> bool {
        let world = self.world.borrow();
        let is_there = |(number, shape): (u32, &Shape)| shape.is_pivot && world.is_ours(number);
        ledger.is_past_pivot() || (0..).zip(&self.shapes).any(is_there)
    }

    pub fn violation(&self, text: impl Into<String>) {
        let text = text.into();
        self.tell(|| format!("VIOLATION: {text}"));
        self.violations.borrow_mut().push(text);
    }

    pub fn tell(&self, text: impl FnOnce() -> String) {
        if let Some(story) = &self.story {
            story.borrow_mut().push(text());
        }
    }

    /// Where the steps stand.
    pub fn states(&self) -> Vec<StepState> {
        self.ledger.borrow().steps.iter().map(|row| row.state).collect()
    }
}

pub fn resource(number: u32) -> String {
    format!("thing:{number}")
}
