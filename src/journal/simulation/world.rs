//! The world outside: places with at most one thing each, ours by its marker or somebody else's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::journal::{Found, Marker};

/// What stands in a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// `None` is somebody else's.
    pub owner: Option<Marker>,
    /// How many of its parts are there.
    pub parts: u8,
    /// Whether somebody else changed it after us.
    pub is_changed: bool,
}

/// Why something could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    Foreign,
    Changed,
}

/// Places by number: that of a step, or a bystander's from 100.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct World {
    pub things: BTreeMap<u32, Thing>,
    /// What others put there; it must stay.
    pub foreign: BTreeMap<u32, Thing>,
    /// Where others changed or removed what was ours.
    pub tampered: BTreeSet<u32>,
}

impl World {
    /// A world with bystanders.
    pub fn inhabited() -> Self {
        let mut world = World::default();
        world.plant(100);
        world.plant(101);
        world
    }

    /// Somebody else's thing, if the place is free.
    pub fn plant(&mut self, place: u32) {
        if self.things.contains_key(&place) {
            return;
        }
        let thing = Thing {
            owner: None,
            parts: 7,
            is_changed: false,
        };
        self.foreign.insert(place, thing.clone());
        self.things.insert(place, thing);
    }

    /// Somebody else changes what is ours.
    pub fn change(&mut self, place: u32) {
        if let Some(thing) = self.things.get_mut(&place).filter(|thing| thing.owner.is_some()) {
            thing.is_changed = true;
            self.tampered.insert(place);
        }
    }

    /// Somebody else removes what is ours.
    pub fn remove(&mut self, place: u32) {
        if self.things.get(&place).is_some_and(|thing| thing.owner.is_some()) {
            self.things.remove(&place);
            self.tampered.insert(place);
        }
    }

    /// Sees to it that `parts` of ours are there.
    pub fn grow(&mut self, place: u32, marker: Marker, parts: u8) -> Result<(), Obstacle> {
        match self.things.get_mut(&place) {
            None => {
                self.things.insert(
                    place,
                    Thing {
                        owner: Some(marker),
                        parts,
                        is_changed: false,
                    },
                );
                Ok(())
            }
            Some(thing) => {
                guard(thing, marker)?;
                thing.parts = thing.parts.max(parts);
                Ok(())
            }
        }
    }

    /// Sees to it that at most `parts` of ours are there; says whether that changed anything.
    pub fn shrink(&mut self, place: u32, marker: Marker, parts: u8) -> Result<bool, Obstacle> {
        let Some(thing) = self.things.get_mut(&place) else {
            return Ok(false);
        };
        match guard(thing, marker) {
            Err(Obstacle::Foreign) => return Ok(false),
            guarded => guarded?,
        }
        let is_less = parts < thing.parts;
        thing.parts = thing.parts.min(parts);
        if parts == 0 {
            self.things.remove(&place);
        }
        Ok(is_less)
    }

    /// What a probe finds where `parts` are wanted.
    pub fn find(&self, place: u32, marker: Marker, parts: u8) -> Found {
        let Some(thing) = self.things.get(&place) else {
            return Found::Absent;
        };
        match guard(thing, marker) {
            Err(Obstacle::Foreign) => Found::Foreign(format!("place {place} is somebody else's")),
            Err(Obstacle::Changed) => Found::Changed(format!("place {place} was changed")),
            Ok(()) if thing.parts < parts => Found::Changed(format!("place {place} is half done")),
            Ok(()) => Found::Ours(json!({ "place": place })),
        }
    }

    pub fn is_ours(&self, place: u32) -> bool {
        self.things.get(&place).is_some_and(|thing| thing.owner.is_some())
    }
}

fn guard(thing: &Thing, marker: Marker) -> Result<(), Obstacle> {
    match thing.owner {
        Some(owner) if owner.operation == marker.operation => {
            if thing.is_changed {
                Err(Obstacle::Changed)
            } else {
                Ok(())
            }
        }
        _ => Err(Obstacle::Foreign),
    }
}
