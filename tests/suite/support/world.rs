//! The oracle: a dump of everything that is there, read as superuser and past the program. Not in it: the journal, the
//! audit trail, the schedule, and serial numbers of zones.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use hostctl::env::child::{self, Spec};
use hostctl::sandbox::Name;

use super::Lab;

/// Tables of ours that grow by whatever is done.
const DIARIES: &str = "audit_logs|ca_ledger|ca_pauses|certificate_orders|mail_former_homes|operations|operation_steps|operation_secrets|schema_history|schedule|trash";

/// The folder in which the own steps of tests leave what they make.
pub const FILES: &str = "made";

/// A line for everything that is there, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// As it is.
    exact: Vec<String>,
    /// Without what differs between two runs of the same verb: identifiers, times, hashes of passwords.
    alike: Vec<String>,
    /// The hashes of passwords alone.
    hashes: Vec<String>,
}

impl World {
    /// Adds what another server holds; the marks of operations in it are alike.
    pub(super) fn add(&mut self, lines: Vec<String>) {
        let is_mark = |word: &str| word.starts_with("\"hostctl:");
        let alike = |line: &String| {
            let words = line
                .split(' ')
                .map(|word| if is_mark(word) { "<mark>" } else { word });
            words.collect::<Vec<_>>().join(" ")
        };
        self.alike.extend(lines.iter().map(alike));
        self.exact.extend(lines);
        self.exact.sort();
        self.alike.sort();
    }

    /// What is different, as lines with `-` and `+`; nothing where they are the same thing for thing.
    pub fn difference(&self, now: &World) -> Vec<String> {
        difference(&self.exact, &now.exact)
    }

    /// As [`World::difference`], between two runs of the same verbs.
    pub fn difference_in_kind(&self, now: &World) -> Vec<String> {
        difference(&self.alike, &now.alike)
    }

    /// Every line, without what differs between two runs of the same verb.
    pub fn lines_in_kind(&self) -> &[String] {
        &self.alike
    }

    /// Whether a password is there now that was not, or the other way round. Only this tells a verb that sets another
    /// password from one that marks the thing and does nothing: in kind both leave the same.
    pub fn renews_hashes(&self, now: &World) -> bool {
        self.hashes != now.hashes
    }

    /// Fails unless `now` is the same.
    #[track_caller]
    pub fn expect_same(&self, now: &World, words: &str) {
        let difference = self.difference(now);
        assert!(
            difference.is_empty(),
            "{words}: the world is another one:\n{}",
            difference.join("\n")
        );
    }
}

fn difference(before: &[String], now: &[String]) -> Vec<String> {
    let gone = before
        .iter()
        .filter(|line| !now.contains(line))
        .map(|line| format!("- {line}"));
    let new = now
        .iter()
        .filter(|line| !before.contains(line))
        .map(|line| format!("+ {line}"));
    gone.chain(new).collect()
}

/// Things that are not ours: no verb may touch them.
pub(super) async fn plant_sentinels(lab: &Lab) {
    let sandbox = lab.sandbox();
    let client = sandbox.superuser("postgres").await.expect("a session");
    for statement in [
        "CREATE ROLE sentinel LOGIN PASSWORD 'a password of somebody else' CONNECTION LIMIT 3",
        "COMMENT ON ROLE sentinel IS 'not yours'",
        "CREATE DATABASE sentinel OWNER sentinel CONNECTION LIMIT 7",
        "COMMENT ON DATABASE sentinel IS 'not yours'",
        "REVOKE CONNECT ON DATABASE sentinel FROM PUBLIC",
        "ALTER ROLE sentinel IN DATABASE sentinel SET statement_timeout = '3s'",
    ] {
        client.batch_execute(statement).await.expect(statement);
    }
    if sandbox.addresses(Name::Powerdns).is_ok() {
        let sql = "INSERT INTO domains (name, type, account) VALUES ('sentinel.example', 'NATIVE', 'not yours');
            INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)
                SELECT id, name, 'SOA', 'ns1.sentinel.example hostmaster.sentinel.example 7 3600 600 86400 300', 300, 0, 1 FROM domains;
            INSERT INTO records (domain_id, name, type, content, ttl, disabled, auth)
                SELECT id, 'www.sentinel.example', 'A', '192.0.2.7', 300, 0, 1 FROM domains;";
        zones(lab, sql).await;
    }
}

/// Reads the world.
pub(super) async fn dump(lab: &Lab) -> World {
    let client = lab.sandbox().superuser("hostctl").await.expect("a session");
    let rows = client.query(&lines(&own_tables(&client).await), &[]).await;
    let mut exact: Vec<String> = rows.expect("the world").iter().map(|row| row.get(0)).collect();
    let mut known = lab.known.lock().await;
    let new: Vec<&String> = exact.iter().filter(|line| !known.contains_key(*line)).collect();
    if !new.is_empty() {
        let rows = client.query(IN_KIND, &[&new]).await.expect("the world in kind");
        known.extend(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))));
    }
    let (mut alike, hashes): (Vec<String>, Vec<Option<String>>) =
        exact.iter().map(|line| known[line].clone()).unzip();
    let mut hashes: Vec<String> = hashes.into_iter().flatten().collect();
    hashes.sort();
    if lab.sandbox().addresses(Name::Powerdns).is_ok() {
        let sql = "SELECT 'zone ' || name || ' ' || type FROM domains ORDER BY 1;
            SELECT 'zone ' || d.name || ' meta ' || m.kind || ' ' || m.content FROM domainmetadata m JOIN domains d ON d.id = m.domain_id ORDER BY 1;
            SELECT 'zone ' || d.name || ' key ' || k.flags || ' ' || k.active || ' ' || replace(k.content, char(10), ' ')
                FROM cryptokeys k JOIN domains d ON d.id = k.domain_id ORDER BY 1;
            SELECT 'record ' || name || ' ' || type || ' ' || ttl || ' ' || disabled || ' '
                || CASE type WHEN 'SOA' THEN '(start)' ELSE content END FROM records WHERE type IS NOT NULL ORDER BY 1;";
        let lines = zones(lab, sql).await;
        let marks = zones(
            lab,
            "SELECT 'zone ' || name || ' account ' || coalesce(account, '') FROM domains ORDER BY 1",
        )
        .await;
        exact.extend(marks);
        exact.extend(lines.iter().cloned());
        // A key of its own for every domain.
        alike.extend(
            lines
                .iter()
                .map(|line| line.split("v=DKIM1").next().unwrap_or(line).to_owned()),
        );
    }
    for (name, text) in files(&lab.path(FILES)) {
        exact.push(format!("file {name} {text}"));
        alike.push(format!("file {name}"));
    }
    exact.sort();
    alike.sort();
    World { exact, alike, hashes }
}

/// What own steps have made.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

/// What PowerDNS keeps, past PowerDNS. By way of a file: of what a program prints only the beginning is kept.
pub(super) async fn zones(lab: &Lab, sql: &str) -> Vec<String> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let answer = lab.path(&format!("zones-{}", NUMBER.fetch_add(1, Ordering::Relaxed)));
    let spec = Spec::new("sqlite3").arguments(["-bail", "-cmd", ".timeout 5000", "-cmd"]);
    let spec = spec.argument(format!(".output {}", answer.display()));
    let spec = spec.argument(lab.path("powerdns/zones.sqlite3")).argument(sql);
    child::run(spec)
        .await
        .and_then(child::Output::succeeded)
        .expect("the zones");
    let text = std::fs::read_to_string(&answer).expect("the zones");
    std::fs::remove_file(&answer).expect("the file of the zones");
    text.lines().map(str::to_owned).collect()
}

async fn own_tables(client: &tokio_postgres::Client) -> Vec<String> {
    let sql = format!(
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'hostctl'::regnamespace
            AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '^({DIARIES})$'"
    );
    let rows = client.query(&sql, &[]).await.expect("our tables");
    rows.iter().map(|row| row.get(0)).collect()
}

/// Every line.
fn lines(tables: &[String]) -> String {
    let rows = tables
        .iter()
        .map(|table| format!("UNION ALL SELECT 'row {table} ' || to_jsonb(t)::text FROM hostctl.{table} t"));
    format!("{CATALOGS} {}", rows.collect::<Vec<_>>().join("\n"))
}

/// For each line: itself, without what no two runs have in common, and the hash of a password in it.
const IN_KIND: &str = "SELECT line,
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            regexp_replace(regexp_replace(line, '\"(token|path)\": \"[a-z2-7]+\"', '\"\\1\": \"<random>\"', 'g'),
                '(\"home\": \"[a-z0-9./-]+?)[.][0-9a-f]{12}\"', '\\1\"'),
            '(password=|oid=)[0-9a-f]+', '\\1<some>', 'g'),
            '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '<uuid>', 'g'),
            '[0-9a-hjkmnp-tv-z]{26}', '<id>', 'g'),
            '<id>:\\d+\\.\\d+', '<mark>', 'g'),
            '\\d{4}-\\d\\d-\\d\\dT[0-9:.+Z]+', '<time>', 'g'),
            '(\\{ARGON2ID\\}|v=DKIM1|v1\\.k)[^\"]*(\" \\\\?\"[^\"]*)*', '<hash>', 'g'),
        substring(line FROM 'password=[0-9a-f]{32}|\\{ARGON2ID\\}[^\"]*')
    FROM unnest($1::text[]) line";

/// No rights written down are the default ones written down; their order means nothing.
/// Of the trash what lies there, not since when; of the journal's secrets those that are kept for no undo, and what is marked
/// as undone by an operation that did not do it.
const CATALOGS: &str = "
    SELECT concat_ws(' ', 'trash', kind, name) FROM hostctl.trash
    UNION ALL SELECT concat_ws(' ', 'secret', s.operation_id, s.number, s.name)
        FROM hostctl.operation_secrets s JOIN hostctl.operations o ON o.id = s.operation_id
        WHERE NOT s.is_kept OR o.state <> 'succeeded'
    UNION ALL SELECT concat_ws(' ', 'undone', o.id)
        FROM hostctl.operations o JOIN hostctl.operations u ON u.id = o.undone_by WHERE u.state <> 'succeeded'
    UNION ALL
    SELECT concat_ws(' ', 'role', rolname, 'oid=' || oid, 'password=' || coalesce(md5(rolpassword), 'none'), rolsuper, rolinherit,
        rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, nullif(rolvaliduntil, 'infinity'),
        shobj_description(oid, 'pg_authid')) FROM pg_authid
    UNION ALL SELECT concat_ws(' ', 'member', member::regrole, roleid::regrole, grantor::regrole, admin_option)
        FROM pg_auth_members WHERE roleid::regrole::text !~ '^pg_'
    UNION ALL SELECT concat_ws(' ', 'database', datname, 'oid=' || oid, datdba::regrole,
        (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(coalesce(datacl, acldefault('d', datdba))) a), datconnlimit, datallowconn,
        datistemplate, datcollate, shobj_description(oid, 'pg_database')) FROM pg_database
    UNION ALL SELECT concat_ws(' ', 'setting', (SELECT datname FROM pg_database d WHERE d.oid = setdatabase),
        nullif(setrole, 0)::regrole, setconfig::text) FROM pg_db_role_setting";
