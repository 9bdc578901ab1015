//! A row as a step meets it: it is written or removed only as the plan saw it, and written back or removed again only where
//! this step wrote it last.

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row, Transaction};

use super::rows::{Parameter, ROW, changed, mark, missing, not_empty};
use crate::control::sqlstate;
use crate::error::Result;
use crate::journal::{Marker, Secrets};

/// A table, the column that tells its rows apart, and the command that lists them.
#[derive(Debug)]
pub(super) struct Table {
    name: &'static str,
    key: &'static str,
    list: &'static str,
}

pub(super) const DOMAINS: Table = Table {
    name: "email_domains",
    key: "name",
    list: "hostctl mail domain list",
};

pub(super) const BOXES: Table = Table {
    name: "email_accounts",
    key: "address",
    list: "hostctl mail box list",
};

pub(super) const ALIASES: Table = Table {
    name: "email_aliases",
    key: "source",
    list: "hostctl mail alias list",
};

impl Table {
    /// The row `key`, which is called `what` in messages.
    pub(super) fn target<'a>(&'static self, key: &'a str, what: &'a str) -> Target<'a> {
        Target {
            table: self,
            key,
            what,
        }
    }

    /// A row as the plan saw it, as a row of this table called `seen`; its text is the second parameter.
    fn seen(&self) -> String {
        format!(
            "jsonb_populate_record(NULL::hostctl.{}, $2::text::jsonb) seen",
            self.name
        )
    }
}

/// See [`Table::target`]. In every statement the row itself is called `r`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    table: &'static Table,
    key: &'a str,
    what: &'a str,
}

impl Target<'_> {
    /// Whether this step wrote the row; nothing where there is none.
    pub(super) async fn is_ours(&self, client: &impl GenericClient, marker: Marker) -> Result<Option<bool>> {
        let Table { name, key, .. } = self.table;
        let statement =
            format!("SELECT coalesce(starts_with(marker, $2), false) FROM hostctl.{name} WHERE {key} = $1");
        let rows = self
            .run(client, &statement, &[(&mark(marker), Type::TEXT)])
            .await?;
        Ok(rows.first().map(|row| row.get(0)))
    }

    /// Writes the row that the plan saw: `columns`, in which `$4` and on are `values`, and the mark. Gives what `returning`
    /// asks for, and nothing where this step wrote it before.
    ///
    /// # Errors
    /// `conflict`, reason `changed`; `not_found`.
    pub(super) async fn write(
        &self,
        transaction: &Transaction<'_>,
        (columns, values): (&[&str], &[Parameter<'_>]),
        returning: &str,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<Option<Row>> {
        let Table { name, key, list } = self.table;
        let columns = [columns, &["marker = $3"]].concat().join(", ");
        let statement = format!(
            "UPDATE hostctl.{name} r SET {columns} FROM {}
            WHERE r.{key} = $1 AND r = seen RETURNING {returning}",
            self.table.seen()
        );
        let (row, mark) = (secrets.get(ROW)?.expose(), marker.to_string());
        let mut parameters: Vec<Parameter<'_>> = vec![(&row, Type::TEXT), (&mark, Type::TEXT)];
        parameters.extend_from_slice(values);
        if let Some(row) = self.run(transaction, &statement, &parameters).await?.pop() {
            return Ok(Some(row));
        }
        match self.is_ours(transaction, marker).await? {
            Some(true) => Ok(None),
            Some(false) => Err(changed(self.what)),
            None => Err(missing(self.what, list)),
        }
    }

    /// Writes `columns` and the mark as the plan saw them into the row that this step wrote. Whether that was needed.
    ///
    /// # Errors
    /// `conflict`, reason `changed`, where it is neither as this step left it nor as the plan saw it.
    pub(super) async fn write_back(
        &self,
        transaction: &Transaction<'_>,
        columns: &[&str],
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<bool> {
        let Table { name, key, .. } = self.table;
        let columns = [columns, &["marker"]].concat();
        let columns: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} = seen.{column}"))
            .collect();
        let columns = columns.join(", ");
        let statement = format!(
            "UPDATE hostctl.{name} r SET {columns} FROM {}
            WHERE r.{key} = $1 AND starts_with(r.marker, $3) RETURNING 1",
            self.table.seen()
        );
        let row = secrets.get(ROW)?.expose();
        let parameters: [Parameter<'_>; 2] = [(&row, Type::TEXT), (&mark(marker), Type::TEXT)];
        if !self.run(transaction, &statement, &parameters).await?.is_empty() {
            return Ok(true);
        }
        self.check_seen(transaction, row).await.map(|()| false)
    }

    /// Removes the row that this step made. Whether that was needed.
    ///
    /// # Errors
    /// `conflict`: `changed` where others wrote it last, `not_empty` where rows of others belong to it.
    pub(super) async fn remove_made(&self, transaction: &Transaction<'_>, marker: Marker) -> Result<bool> {
        let Table { name, key, .. } = self.table;
        let statement = format!(
            "DELETE FROM hostctl.{name} r WHERE r.{key} = $1 AND starts_with(r.marker, $2) RETURNING 1"
        );
        let gone = self
            .run(transaction, &statement, &[(&mark(marker), Type::TEXT)])
            .await?;
        if !gone.is_empty() {
            return Ok(true);
        }
        match self.is_ours(transaction, marker).await? {
            None => Ok(false),
            Some(_) => Err(changed(self.what)),
        }
    }

    /// Removes the row that the plan saw. Whether it was there.
    ///
    /// # Errors
    /// As [`Target::remove_made`].
    pub(super) async fn remove_seen(
        &self,
        transaction: &Transaction<'_>,
        marker: Marker,
        secrets: &Secrets,
    ) -> Result<bool> {
        let Table { name, key, .. } = self.table;
        let statement = format!(
            "DELETE FROM hostctl.{name} r USING {} WHERE r.{key} = $1 AND r = seen RETURNING 1",
            self.table.seen()
        );
        let row = secrets.get(ROW)?.expose();
        let gone = self.run(transaction, &statement, &[(&row, Type::TEXT)]).await?;
        if gone.is_empty() && self.is_ours(transaction, marker).await?.is_some() {
            return Err(changed(self.what));
        }
        Ok(!gone.is_empty())
    }

    /// Brings back the row that the plan saw. Whether that was needed.
    ///
    /// # Errors
    /// `conflict`, reason `changed`, where another one stands in its place.
    pub(super) async fn bring_back(&self, transaction: &Transaction<'_>, secrets: &Secrets) -> Result<bool> {
        let Table { name, key, .. } = self.table;
        let statement = format!(
            "INSERT INTO hostctl.{name} SELECT * FROM {} WHERE seen.{key} = $1
            ON CONFLICT ({key}) DO NOTHING RETURNING 1",
            self.table.seen()
        );
        let row = secrets.get(ROW)?.expose();
        let back = self.run(transaction, &statement, &[(&row, Type::TEXT)]).await?;
        if !back.is_empty() {
            return Ok(true);
        }
        self.check_seen(transaction, row).await.map(|()| false)
    }

    async fn check_seen(&self, transaction: &Transaction<'_>, row: &str) -> Result<()> {
        let Table { name, key, .. } = self.table;
        let statement = format!(
            "SELECT FROM hostctl.{name} r, {} WHERE r.{key} = $1 AND r = seen",
            self.table.seen()
        );
        let same = self.run(transaction, &statement, &[(&row, Type::TEXT)]).await?;
        match same.is_empty() {
            true => Err(changed(self.what)),
            false => Ok(()),
        }
    }

    /// The key is the first parameter of every statement.
    async fn run(
        &self,
        client: &impl GenericClient,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>> {
        let mut all: Vec<Parameter<'_>> = vec![(&self.key, Type::TEXT)];
        all.extend_from_slice(parameters);
        let rows = client.query_typed(statement, &all).await;
        rows.map_err(|error| match error.code() {
            Some(&SqlState::FOREIGN_KEY_VIOLATION) => not_empty(self.what, self.key, "boxes or aliases"),
            _ => sqlstate::error(self.what, error),
        })
    }
}
