//! Asking authorities when they would like certificates to be renewed (RFC 9773). Whatever they say, or do not say, decides
//! about a time and nothing else; a question that came to nothing is asked again later, and what was known stays.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Row};

use super::{Life, Window, ask_again, fraction};
use crate::certificate::acme::{Client, Failed, Suggestion};
use crate::certificate::authorities::Authorities;
use crate::certificate::ca::{self, Asked};
use crate::certificate::rows::{Parameter, query};
use crate::certificate::store;
use crate::clock;
use crate::env::deadline::Deadline;
use crate::error::Result;

const WHAT: &str = "the renewal information";
/// How many are asked about in one run, and how many at once at one authority.
const MANY: i64 = 1000;
const AT_ONCE: usize = 16;
/// Whoever takes a question has answered it by then, or is dead.
const TAKEN: Duration = Duration::from_secs(600);
/// How long one authority may take for all of them.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many in a row may come to nothing before an authority counts as away.
const AWAY: usize = 3;
/// When an authority that is away, or that knows nothing of such questions, is asked again.
const LATER: Duration = Duration::from_secs(60 * 60);
const MUCH_LATER: Duration = Duration::from_secs(24 * 60 * 60);
/// By so much of the wait, at most, each waits longer than it must.
const SPREAD: f64 = 0.05;

/// A certificate that is to be asked about.
struct Question {
    name: String,
    generation: i32,
    ca: String,
    id: String,
    life: Life,
    /// The window that was told, and the time that was chosen in it.
    before: Option<(Window, Timestamp)>,
    /// When it was issued, where it replaced another one.
    issued: Option<Timestamp>,
    /// Whether that one was hardly older.
    is_hasty: bool,
}

/// Why there is no answer.
enum Silence {
    /// The authority was not there.
    Away,
    /// It wants to be asked less.
    Throttled(Failed),
}

/// What is to be written down.
struct Answer {
    name: String,
    generation: i32,
    wait: Duration,
    /// Another window than before: the window, the time, and the words.
    decided: Option<(Window, Timestamp)>,
    explanation: Option<String>,
}

/// Asks about whatever it is time to ask about. How many got another time by it.
///
/// # Errors
/// Those of the control database; that an authority does not answer is none.
pub async fn ask(world: &Authorities, client: &impl GenericClient) -> Result<usize> {
    let questions = take(client).await?;
    let mut by_authority: BTreeMap<String, Vec<Question>> = BTreeMap::new();
    for question in questions {
        by_authority
            .entry(question.ca.clone())
            .or_default()
            .push(question);
    }
    let asked = by_authority
        .iter()
        .map(|(ca, questions)| all(world, client, ca, questions));
    let answers = join_all(asked).await.into_iter().collect::<Result<Vec<_>>>()?;
    let answers: Vec<Answer> = answers.into_iter().flatten().collect();
    write(client, &answers).await?;
    Ok(answers.iter().filter(|answer| answer.decided.is_some()).count())
}

/// Takes the questions that are due, so that no other host asks them meanwhile.
async fn take(client: &impl GenericClient) -> Result<Vec<Question>> {
    let statement = "WITH due AS (SELECT c.name FROM hostctl.certificates c WHERE c.ari_ask_at <= hostctl.now()
                ORDER BY c.ari_ask_at LIMIT $1 FOR UPDATE SKIP LOCKED),
            taken AS (UPDATE hostctl.certificates c SET ari_ask_at = hostctl.now() + make_interval(secs => $2)
                FROM due WHERE c.name = due.name
                RETURNING c.name, c.generation, c.ari_generation, c.ari_start, c.ari_end, c.ari_chosen)
        SELECT t.name, g.number, g.ca, g.ari_id, g.not_before, g.not_after, t.ari_start, t.ari_end, t.ari_chosen,
            CASE WHEN o.newest IS NOT NULL THEN g.created_at END,
            coalesce(o.newest > g.created_at - interval '1 day', false)
        FROM taken t JOIN hostctl.certificate_generations g ON g.certificate = t.name AND g.number = t.generation
            CROSS JOIN LATERAL (SELECT max(o.created_at) AS newest FROM hostctl.certificate_generations o
                WHERE o.certificate = t.name AND o.number < g.number) AS o
        WHERE g.ca IS NOT NULL AND g.ari_id IS NOT NULL";
    let taken = TAKEN.as_secs_f64();
    let parameters: [Parameter<'_>; 2] = [(&MANY, Type::INT8), (&taken, Type::FLOAT8)];
    let rows = query(client, WHAT, statement, &parameters).await?;
    Ok(rows.iter().map(question).collect())
}

fn question(row: &Row) -> Question {
    let window = row.get::<_, Option<Timestamp>>(6).zip(row.get(7));
    let window = window.map(|(start, end)| Window { start, end });
    Question {
        name: row.get(0),
        generation: row.get(1),
        ca: row.get(2),
        id: row.get(3),
        life: Life {
            not_before: row.get(4),
            not_after: row.get(5),
        },
        before: window.zip(row.get(8)),
        issued: row.get(9),
        is_hasty: row.get(10),
    }
}

/// All questions to one authority; none as long as it wants to be left alone.
async fn all(
    world: &Authorities,
    client: &impl GenericClient,
    ca: &str,
    questions: &[Question],
) -> Result<Vec<Answer>> {
    let later = |wait| questions.iter().map(|question| question.later(wait)).collect();
    // Before its directory is read as well.
    if let Some(pause) = ca::paused(client, ca, Asked::RenewalInfo).await? {
        let left = pause.until.duration_since(store::now(client).await?);
        return Ok(later(left.unsigned_abs().min(MUCH_LATER)));
    }
    Ok(match world.client(ca).await {
        Ok(acme) if acme.directory.renewal_info.is_some() => each(world, &acme, ca, questions).await,
        Ok(_) => later(MUCH_LATER),
        Err(error) => {
            tracing::info!(
                ca,
                error = error.message(),
                "the authority cannot be asked about renewals"
            );
            later(LATER)
        }
    })
}

/// A few at once, until it wants to be asked less, or is away.
async fn each(world: &Authorities, acme: &Client, ca: &str, questions: &[Question]) -> Vec<Answer> {
    let deadline = Deadline::after(PATIENCE);
    let mut asked = stream::iter(questions)
        .map(async |question: &Question| (question, question.ask(acme, deadline).await))
        .buffer_unordered(AT_ONCE);
    let (mut answers, mut away, mut wait) = (Vec::new(), 0, LATER);
    while let Some((question, answer)) = asked.next().await {
        match answer {
            Ok(answer) => {
                away = 0;
                answers.push(answer);
            }
            Err(Silence::Away) => {
                away += 1;
                answers.push(question.later(LATER));
            }
            Err(Silence::Throttled(failed)) => {
                ca::heed(world, ca, Asked::RenewalInfo, &failed).await;
                wait = ask_again(failed.wait());
                break;
            }
        }
        if away >= AWAY {
            break;
        }
    }
    // What was not asked any more is asked later as well.
    let is_answered = |question: &&Question| answers.iter().any(|answer| answer.name == question.name);
    let left: Vec<Answer> = questions
        .iter()
        .filter(|question| !is_answered(question))
        .map(|question| question.later(wait))
        .collect();
    answers.extend(left);
    answers
}

impl Question {
    /// One question.
    async fn ask(&self, client: &Client, deadline: Deadline) -> std::result::Result<Answer, Silence> {
        if deadline.is_spent() {
            return Err(Silence::Away);
        }
        let asked = tokio::time::timeout_at(deadline.instant().into(), client.renewal_info(&self.id)).await;
        let failed = match asked {
            Ok(Ok((suggestion, retry_after))) => return Ok(self.decide(&suggestion, retry_after)),
            Ok(Err(failed)) => failed,
            Err(_) => return Err(Silence::Away),
        };
        match failed {
            Failed::Refused(problem) => {
                let said = problem.words();
                tracing::info!(certificate = self.name, said, "no renewal information");
                match problem.is_throttling() {
                    true => Err(Silence::Throttled(Failed::Refused(problem))),
                    false => Ok(self.later(ask_again(problem.retry_after))),
                }
            }
            Failed::Lost(_) | Failed::Unreached(_) => {
                let error = failed.error(&self.ca);
                let error = error.message();
                tracing::info!(certificate = self.name, error, "no renewal information");
                Err(Silence::Away)
            }
        }
    }

    /// The time stays what it was as long as the window does.
    fn decide(&self, suggestion: &Suggestion, retry_after: Option<Duration>) -> Answer {
        let window = Window {
            start: kept(suggestion.window.start),
            end: kept(suggestion.window.end),
        };
        let later = self.later(ask_again(retry_after));
        if self.before.is_some_and(|(before, _)| before == window) {
            return Answer {
                explanation: suggestion.explanation.clone(),
                ..later
            };
        }
        let chosen = part().and_then(|part| window.choose(self.life, part));
        // An authority that wants every new one replaced at once is obeyed once, and not at all where it wanted that before
        // there was a new one: then it speaks of the old one still.
        let issued = self
            .issued
            .filter(|issued| self.is_hasty || window.end <= *issued);
        let chosen = chosen.map(|time| issued.map_or(time, |issued| time.max(self.life.rest(issued))));
        if chosen.is_none() {
            let (start, end) = (window.start, window.end);
            tracing::info!(certificate = self.name, %start, %end, "a window that makes no sense");
        }
        Answer {
            decided: chosen.map(|chosen| (window, chosen)),
            explanation: suggestion.explanation.clone(),
            ..later
        }
    }

    /// Nothing new.
    fn later(&self, wait: Duration) -> Answer {
        Answer {
            name: self.name.clone(),
            generation: self.generation,
            wait: wait.mul_f64(1.0 + SPREAD * fraction(&self.name)),
            decided: None,
            explanation: None,
        }
    }
}

/// As the database keeps it, in microseconds: else a window in nanoseconds is another one at each question.
fn kept(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

/// A number from 0 to 1, another one each time.
fn part() -> Option<f64> {
    let bytes = clock::random::<4>().ok()?;
    Some(f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX))
}

/// All answers in one statement. A certificate that has failed keeps its pause: another window is no reason to ask more often.
async fn write(client: &impl GenericClient, answers: &[Answer]) -> Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    let column = |pick: fn(&Answer) -> Option<Timestamp>| answers.iter().map(pick).collect::<Vec<_>>();
    let names: Vec<&str> = answers.iter().map(|answer| answer.name.as_str()).collect();
    let generations: Vec<i32> = answers.iter().map(|answer| answer.generation).collect();
    let waits: Vec<f64> = answers.iter().map(|answer| answer.wait.as_secs_f64()).collect();
    let starts = column(|answer| answer.decided.map(|(window, _)| window.start));
    let ends = column(|answer| answer.decided.map(|(window, _)| window.end));
    let times = column(|answer| answer.decided.map(|(_, time)| time));
    let words: Vec<Option<&str>> = answers
        .iter()
        .map(|answer| answer.explanation.as_deref())
        .collect();
    let statement = "UPDATE hostctl.certificates c SET ari_ask_at = hostctl.now() + make_interval(secs => a.wait),
            ari_generation = CASE WHEN a.chosen IS NULL THEN c.ari_generation ELSE a.generation END,
            ari_start = coalesce(a.start, c.ari_start), ari_end = coalesce(a.until, c.ari_end),
            ari_chosen = coalesce(a.chosen, c.ari_chosen),
            ari_explanation = coalesce(a.words, c.ari_explanation),
            next_at = CASE WHEN a.chosen IS NULL OR c.failures > 0 THEN c.next_at ELSE a.chosen END,
            next_reason = CASE WHEN a.chosen IS NULL OR c.failures > 0 THEN c.next_reason
                ELSE 'as the authority suggests' END
        FROM unnest($1::text[], $2::int4[], $3::float8[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[])
            AS a(name, generation, wait, start, until, chosen, words)
        WHERE c.name = a.name AND c.generation = a.generation RETURNING 1";
    let parameters: [Parameter<'_>; 7] = [
        (&names, Type::TEXT_ARRAY),
        (&generations, Type::INT4_ARRAY),
        (&waits, Type::FLOAT8_ARRAY),
        (&starts, Type::TIMESTAMPTZ_ARRAY),
        (&ends, Type::TIMESTAMPTZ_ARRAY),
        (&times, Type::TIMESTAMPTZ_ARRAY),
        (&words, Type::TEXT_ARRAY),
    ];
    query(client, WHAT, statement, &parameters).await.map(drop)
}
