//! Telling apart what was seen on a cluster. Pure.

use uuid::Uuid;

use super::{Marked, Seen, Snapshot, Thing};
use crate::database::inventory::Database;
use crate::database::remark::Kind;
use crate::database::subject::{Subject, hidden_of, mark, mark_in, operation_of, resource, trash_of};
use crate::error::Result;
use crate::journal::{Finding, Marker, Sighting};
use crate::model::DatabaseName;

impl Snapshot {
    pub(super) fn marked(&self) -> Result<Vec<Marked>> {
        let mut all = Vec::new();
        for (name, seen) in &self.databases {
            all.extend(self.database(name, seen)?);
        }
        for (name, seen) in &self.roles {
            all.extend(self.role(name, seen));
        }
        for row in &self.rows {
            all.extend(self.row(row)?);
        }
        Ok(all)
    }

    fn database(&self, name: &str, seen: &Seen) -> Result<Option<Marked>> {
        let made = mark_in(seen.comment.as_deref(), 0);
        if let Some(operation) = operation_of(name) {
            if self.kept.contains(name) {
                return Ok(None);
            }
            let by = made
                .filter(|made| made.operation == operation)
                .unwrap_or_else(|| mark(operation));
            let hidden = self.hidden(name, by)?;
            return Ok(Some(
                hidden.unwrap_or_else(|| self.leftover(Kind::Database, name, seen, Some(by))),
            ));
        }
        let Some(made) = made else { return Ok(None) };
        let comment = seen.comment.clone().unwrap_or_default();
        let Some(row) = self.rows.iter().find(|row| row.name == name) else {
            return Ok(Some(self.unrecorded(name, seen, made, comment)));
        };
        if made.operation == row.database_operation {
            return self.changed(Kind::Database, name, &comment, row);
        }
        if seen.owner.as_ref() != Some(&row.owner) {
            return Ok(Some(self.suspect(Kind::Database, name, seen, made)));
        }
        // Its owner is ours still: a restore has put another one in its place.
        let after = mark(row.database_operation).to_string();
        self.relabelled(Kind::Database, name, (comment, after), made, row)
            .map(Some)
    }

    fn unrecorded(&self, name: &str, seen: &Seen, made: Marker, comment: String) -> Marked {
        let owner = seen.owner.clone().unwrap_or_default();
        let [login, holder] = [name, owner.as_str()].map(|role| self.made_role(role, made.operation));
        let parts = (name.parse::<DatabaseName>(), login, holder);
        let (Ok(parsed), Some(login), Some(holder)) = parts else {
            return self.suspect(Kind::Database, name, seen, made);
        };
        if operation_of(&owner).is_none() {
            return self.suspect(Kind::Database, name, seen, made);
        }
        let subject = Subject {
            cluster: self.cluster.clone(),
            substrate: self.substrate.clone(),
            name: parsed,
            owner,
        };
        let can_login = login.can_login;
        let sighting = Sighting {
            what: format!("database {name} with roles {name} and {}", subject.owner),
            resource: Some(subject.resource()),
            adopting: can_login.then_some("ours again"),
            removing: Some("into the trash"),
            note: (!can_login)
                .then(|| format!("role {name} may not log in: to adopt it, first ALTER ROLE {name} LOGIN")),
            ..self.sighting(Kind::Database, name, Finding::Unknown, Some(made))
        };
        let text = |seen: &Seen| seen.comment.clone().unwrap_or_default();
        let comments = [comment, text(login), text(holder)];
        let (replaced, entrants) = (self.replaced(&subject.owner), seen.entrants.clone());
        self.found(
            sighting,
            Thing::Whole {
                subject,
                comments,
                can_login,
                replaced,
                entrants,
            },
        )
    }

    /// A role that `operation` made.
    fn made_role(&self, name: &str, operation: Uuid) -> Option<&Seen> {
        let is_its = |seen: &&Seen| {
            mark_in(seen.comment.as_deref(), 0).is_some_and(|marker| marker.operation == operation)
        };
        self.roles.get(name).filter(is_its)
    }

    /// The databases that restores have put aside for the one that `owner` owns.
    fn replaced(&self, owner: &str) -> Vec<(Uuid, u32)> {
        let aside = self
            .databases
            .iter()
            .filter(|(_, seen)| seen.owner.as_deref() == Some(owner));
        aside
            .filter_map(|(name, seen)| {
                let by = mark_in(seen.comment.as_deref(), 0)?.operation;
                (trash_of(by) == *name).then_some((by, seen.oid))
            })
            .collect()
    }

    /// The database of a row, under the name that deleting it gave it. What lies in the trash is nobody's row.
    fn hidden(&self, name: &str, by: Marker) -> Result<Option<Marked>> {
        if self.kept.contains(name) {
            return Ok(None);
        }
        for row in self
            .rows
            .iter()
            .filter(|row| !self.databases.contains_key(&row.name))
        {
            let is_it = hidden_of(by.operation, &row.name.parse()?) == name;
            let Some(login) = self.made_role(name, row.role_operation).filter(|_| is_it) else {
                continue;
            };
            let sighting = Sighting {
                what: format!("database {} as it was deleted", row.name),
                resource: None,
                adopting: Some("brings it back"),
                ..self.sighting(Kind::Database, name, Finding::Unknown, Some(by))
            };
            let (row, login) = (row.clone(), login.oid);
            return Ok(Some(self.found(sighting, Thing::Hidden { row, by, login })));
        }
        Ok(None)
    }

    fn role(&self, name: &str, seen: &Seen) -> Option<Marked> {
        let made = mark_in(seen.comment.as_deref(), 0);
        let made = made.or_else(|| operation_of(name).map(mark))?;
        if self.kept.contains(name) || self.is_part(name, made) {
            return None;
        }
        // A role that is deleted with its database keeps the mark of who made it: its name tells who is at it.
        if let Some(by) = operation_of(name).filter(|_| name.starts_with("hc_trash_")) {
            return Some(self.leftover(Kind::Role, name, seen, Some(mark(by))));
        }
        let row = self.rows.iter().find(|row| row.name == name || row.owner == name);
        match row {
            Some(row) if made.operation == row.role_operation => {
                let comment = seen.comment.as_deref().unwrap_or_default();
                self.changed(Kind::Role, name, comment, row).ok().flatten()
            }
            Some(_) => Some(self.suspect(Kind::Role, name, seen, made)),
            None => Some(self.leftover(Kind::Role, name, seen, Some(made))),
        }
    }

    /// Whether the role comes with a database that is listed, or that a row accounts for.
    fn is_part(&self, name: &str, made: Marker) -> bool {
        let is_whole = |database: &str, seen: &Seen| {
            let owner = seen.owner.as_deref().unwrap_or_default();
            let is_its =
                mark_in(seen.comment.as_deref(), 0).is_some_and(|marker| marker.operation == made.operation);
            let both = [database, owner].map(|role| self.made_role(role, made.operation).is_some());
            is_its
                && both == [true, true]
                && operation_of(owner).is_some()
                && (name == database || name == owner)
        };
        let is_hidden = |row: &Database| {
            made.operation == row.role_operation
                && self.databases.contains_key(name)
                && !self.databases.contains_key(&row.name)
        };
        let mut databases = self.databases.iter();
        databases.any(|(database, seen)| is_whole(database, seen) && self.is_unrecorded(database))
            || self.rows.iter().any(is_hidden)
    }

    fn is_unrecorded(&self, database: &str) -> bool {
        self.rows.iter().all(|row| row.name != database)
    }

    /// Ours, and the second word of its comment names the latest change.
    fn changed(&self, kind: Kind, name: &str, comment: &str, row: &Database) -> Result<Option<Marked>> {
        let Some(by) = mark_in(Some(comment), 1) else {
            return Ok(None);
        };
        let first = comment.split(' ').next().unwrap_or_default().to_owned();
        let found = self.relabelled(kind, name, (comment.to_owned(), first), by, row)?;
        let sighting = Sighting {
            finding: Finding::Changed,
            ..found.sighting.clone()
        };
        Ok(Some(Marked { sighting, ..found }))
    }

    fn relabelled(
        &self,
        kind: Kind,
        name: &str,
        (comment, after): (String, String),
        by: Marker,
        row: &Database,
    ) -> Result<Marked> {
        let sighting = Sighting {
            adopting: Some("keeps it as it is"),
            ..self.sighting(kind, name, Finding::Unknown, Some(by))
        };
        let thing = Thing::Relabelled {
            subject: row.subject()?,
            kind,
            name: name.to_owned(),
            comment,
            after,
        };
        Ok(self.found(sighting, thing))
    }

    fn leftover(&self, kind: Kind, name: &str, seen: &Seen, made: Option<Marker>) -> Marked {
        let sighting = Sighting {
            resource: None,
            removing: Some("drops it for good"),
            ..self.sighting(kind, name, Finding::Unknown, made)
        };
        let thing = Thing::Leftover {
            kind,
            name: name.to_owned(),
            comment: seen.comment.clone(),
            owner: seen.owner.clone(),
        };
        self.found(sighting, thing)
    }

    fn suspect(&self, kind: Kind, name: &str, seen: &Seen, made: Marker) -> Marked {
        let note = match &seen.owner {
            Some(owner) => {
                format!("it was not made as hostctl makes them: {owner} owns it and can write its comment")
            }
            None => "its row knows another maker".to_owned(),
        };
        let sighting = Sighting {
            removing: Some("takes the mark away"),
            note: Some(note),
            ..self.sighting(kind, name, Finding::Suspect, Some(made))
        };
        let thing = Thing::Suspect {
            kind,
            name: name.to_owned(),
            comment: seen.comment.clone().unwrap_or_default(),
            owner: seen.owner.clone(),
        };
        self.found(sighting, thing)
    }

    fn row(&self, row: &Database) -> Result<Option<Marked>> {
        if self.databases.contains_key(&row.name) {
            return Ok(None);
        }
        for (name, seen) in &self.databases {
            let by = mark_in(seen.comment.as_deref(), 0);
            if let Some(by) = by
                && self.hidden(name, by)?.is_some()
                && hidden_of(by.operation, &row.name.parse()?) == *name
            {
                return Ok(None);
            }
        }
        let sighting = Sighting {
            what: format!("row of database {}", row.name),
            removing: Some("forgets the row"),
            ..self.sighting(Kind::Database, &row.name, Finding::Missing, None)
        };
        Ok(Some(self.found(sighting, Thing::Missing { row: row.clone() })))
    }

    fn sighting(&self, kind: Kind, name: &str, finding: Finding, marker: Option<Marker>) -> Sighting {
        let word = match kind {
            Kind::Database => "database",
            Kind::Role => "role",
        };
        let key = name.parse::<DatabaseName>();
        Sighting {
            item: format!("{word}:{}/{name}", self.cluster),
            what: format!("{word} {name}"),
            place: format!("cluster {}", self.cluster),
            marker,
            resource: key.ok().map(|name| resource(&self.cluster, &name)),
            finding,
            adopting: None,
            removing: None,
            note: None,
        }
    }

    fn found(&self, sighting: Sighting, thing: Thing) -> Marked {
        Marked {
            sighting,
            cluster: self.cluster.clone(),
            substrate: self.substrate.clone(),
            thing,
        }
    }
}

#[cfg(test)]
mod tests;
