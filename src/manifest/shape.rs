//! Every key that a manifest may hold, once.

/// What a value is to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A text; what it may say is checked when it becomes a value of the model.
    Text,
    /// A whole number within these limits.
    Integer(i64, i64),
    /// Seconds, or a text such as `1h`.
    Duration,
    Boolean,
    List(&'static Shape),
    Table(&'static [Field]),
}

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub is_required: bool,
    pub documentation: &'static str,
}

const fn field(name: &'static str, shape: Shape, documentation: &'static str) -> Field {
    Field {
        name,
        shape,
        is_required: false,
        documentation,
    }
}

const fn required(name: &'static str, shape: Shape, documentation: &'static str) -> Field {
    Field {
        name,
        shape,
        is_required: true,
        documentation,
    }
}

use Shape::{Boolean, Duration, Integer, List, Table, Text};

/// The whole file.
pub(super) static MANIFEST: Shape = Table(&[required("site", List(&SITE), "the sites")]);

/// One site; a line of NDJSON.
#[rustfmt::skip]
pub(super) static SITE: Shape = Table(&[
    required("domain", Text, "the domain of the site"),
    field("account", Text, "the account that owns it; default: --account, or the only one"),
    field("steps", List(&Text), "own steps, [step.NAME] of the configuration, that are done for it"),
    field("database", Table(DATABASE), "a PostgreSQL database and its login"),
    field("mail", Table(MAIL), "a mail domain, its boxes and its aliases"),
    field("dns", Table(DNS), "a zone and its records"),
]);

#[rustfmt::skip]
static DATABASE: &[Field] = &[
    required("name", Text, "the database, and the role that logs in"),
    field("cluster", Text, "the cluster it is on; default: main, or the only one"),
    field("extensions", List(&Text), "extensions, each on the cluster's list"),
    field("limits", Table(LIMITS), "what the login may use"),
    field("password_file", Text, "file with the password of a new login, relative to the manifest; default: one is made"),
];

#[rustfmt::skip]
static LIMITS: &[Field] = &[
    field("connections", Integer(1, i32::MAX as i64), "how many sessions at once; default: unlimited"),
    field("statement_timeout", Text, "the longest statement, such as 30s; default: the server's"),
    field("idle_in_transaction_timeout", Text, "how long a transaction may do nothing, such as 5m; default: the server's"),
];

#[rustfmt::skip]
static MAIL: &[Field] = &[
    field("allow_role", Boolean, "whether boxes and aliases of roles such as postmaster are meant; default: false"),
    field("boxes", List(&Table(BOX)), "the boxes"),
    field("aliases", List(&Table(ALIAS)), "addresses whose mail goes to others"),
];

#[rustfmt::skip]
static ALIAS: &[Field] = &[
    required("name", Text, "the part before the @; @ alone takes what neither a box nor another alias takes"),
    required("destinations", List(&Text), "where the mail goes: whole addresses"),
];

#[rustfmt::skip]
static BOX: &[Field] = &[
    required("name", Text, "the part before the @"),
    field("quota", Text, "how much mail it takes, such as 2G; default: unlimited"),
    field("password_file", Text, "file with the password of a new box, relative to the manifest; default: one is made"),
];

#[rustfmt::skip]
static DNS: &[Field] = &[
    field("provider", Text, "the DNS provider; default: main, or the only one"),
    field("addresses", List(&Text), "what the domain and www point to; default: [site] address of the configuration"),
    field("defaults", Boolean, "whether the zone also holds these addresses and what mail needs; default: true"),
    field("records", List(&Table(RECORD)), "further records; a name and type takes the place of what defaults would put there"),
];

#[rustfmt::skip]
static RECORD: &[Field] = &[
    required("name", Text, "relative to the domain; @ is the domain itself"),
    required("type", Text, "such as A, MX or TXT"),
    field("ttl", Duration, "seconds, or a text such as 1h; default: 3600"),
    required("values", List(&Text), "the data, each in presentation form; TXT is raw text"),
];
