//! `hostctl dns zone diff ZONE FILE`.

use serde::Serialize;

use super::{file, observed};
use crate::commands::Take;
use crate::dns::masterfile::{self, Difference};
use crate::dns::{RrSet, readable};
use crate::error::{Error, Kind, Result};
use crate::model::{Given, RecordData, ZoneName};
use crate::output::words::Count;
use crate::output::{Column, Row};
use crate::runner::Context;

/// What is asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The zone
    #[arg(value_name = "ZONE")]
    zone: Given<ZoneName>,
    /// The master file; - is stdin
    #[arg(value_name = "FILE")]
    file: String,
}

#[derive(Serialize)]
struct Line {
    change: &'static str,
    name: String,
    r#type: String,
    zone_ttl: Option<u32>,
    zone_values: Vec<String>,
    file_ttl: Option<u32>,
    file_values: Vec<String>,
}

impl Row for Line {
    const NOUN: &'static str = "difference";
    const COLUMNS: &'static [Column] = &[
        Column::new("change"),
        Column::new("name"),
        Column::new("type"),
        Column::new("zone_ttl").titled("zone ttl"),
        Column::new("zone_values").titled("in the zone"),
        Column::new("file_ttl").titled("file ttl"),
        Column::new("file_values").titled("in the file"),
    ];
}

pub(super) async fn run(args: Args, context: &Context) -> Result<()> {
    let zone = args.zone.take(&context.ui);
    let sets = file::sets(context, &zone, &args.file).await?;
    let observed = observed(context, &zone).await?;
    let lines: Vec<Line> = masterfile::compare(readable(&observed)?, &sets)
        .iter()
        .filter_map(line)
        .collect();
    context.ui.all(&lines)?;
    match lines.len() {
        0 => Ok(()),
        count => {
            let message = format!(
                "zone {zone} and {} differ in {}",
                args.file,
                Count(count, "record set")
            );
            Err(Error::new(Kind::No, "different", message)
                .hint(format!("hostctl dns zone import {zone} {} --dry-run", args.file)))
        }
    }
}

/// `added` is what importing the file would add.
fn line(difference: &Difference) -> Option<Line> {
    let Difference { live, file } = difference;
    let either = file.as_ref().or(live.as_ref())?;
    let change = match (live, file) {
        (None, _) => "added",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "missing",
    };
    Some(Line {
        change,
        name: either.name.to_string(),
        r#type: either.rtype.to_string(),
        zone_ttl: live.as_ref().map(|set| set.ttl),
        zone_values: live.as_ref().map(values).unwrap_or_default(),
        file_ttl: file.as_ref().map(|set| set.ttl),
        file_values: file.as_ref().map(values).unwrap_or_default(),
    })
}

fn values(set: &RrSet) -> Vec<String> {
    let mut data = set.data();
    data.sort();
    data.iter().map(RecordData::value).collect()
}
