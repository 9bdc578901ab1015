//! A row of `hostctl cert renew`.

use jiff::Timestamp;
use serde::Serialize;

use crate::certificate::renewal::{Due, Standing};
use crate::output::{Column, Row};

/// What became of a certificate.
#[derive(Debug, Default, Serialize)]
pub(super) struct Line {
    pub(super) certificate: String,
    /// `renewed`, `failed`, `pending`, `kept`, `busy`, `interrupted`, `limited`, `not due`; `due` with `--dry-run`.
    pub(super) state: &'static str,
    pub(super) ca: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) not_after: Option<Timestamp>,
    pub(super) next_at: Option<Timestamp>,
    pub(super) why: Option<String>,
    pub(super) operation: Option<String>,
}

impl Row for Line {
    const NOUN: &'static str = "certificate";
    const COLUMNS: &'static [Column] = &[
        Column::new("certificate"),
        Column::new("state").state(),
        Column::new("ca").titled("authority"),
        Column::new("serial").detail(),
        Column::new("not_after").titled("expires").time(),
        Column::new("next_at").titled("next").time(),
        Column::new("why"),
        Column::new("operation").detail(),
    ];
}

impl Line {
    pub(super) fn new(certificate: &str, state: &'static str) -> Self {
        Line {
            certificate: certificate.to_owned(),
            state,
            ..Line::default()
        }
    }

    pub(super) fn due(due: Due) -> Self {
        Line {
            next_at: due.next_at,
            why: due.why,
            ..Line::new(&due.name, "due")
        }
    }

    pub(super) fn standing(self, standing: Option<Standing>) -> Self {
        let Some(standing) = standing else { return self };
        Line {
            serial: standing.serial,
            not_after: standing.not_after,
            next_at: standing.next_at,
            ..self
        }
    }
}
