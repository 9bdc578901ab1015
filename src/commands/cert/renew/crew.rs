//! Many renewals at once. What waits for DNS or for an authority costs nothing, so that a new one may begin as soon as those
//! before it are at that point; the sessions with the control database are few, however many orders are under way.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::item::{Bench, Ended};
use super::row::Line;
use crate::certificate::order;
use crate::certificate::renewal::{self, Claimed, Renewer, Selection};
use crate::clock;
use crate::commands::cert::deploy::deploy_here;
use crate::control::Session;
use crate::error::{Error, Kind, Result};
use crate::model::CertificateName;
use crate::runner::{Context, Lines, World};

/// An order that is older than this waits for somebody else.
const YOUNG: Duration = Duration::from_secs(1);
/// So many orders may be under way for each that may be young.
const WAITING: usize = 16;
/// How many are taken at once; a process that dies keeps them from others until its leases end.
const CLAIMED: usize = 32;

/// Told of every certificate, and of what failed.
pub(super) type Tell<'a> = dyn FnMut(&Line, Option<Error>) -> Result<()> + 'a;
type Running<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Those who renew.
pub(super) struct Crew<'a> {
    context: &'a Context,
    world: World,
    lines: Lines,
    renewer: Renewer,
    jobs: usize,
}

/// What is under way.
struct Shift {
    waiting: VecDeque<Claimed>,
    begun: BTreeMap<String, (Instant, i64)>,
    to_deploy: VecDeque<CertificateName>,
    /// Whether there may be more to take.
    has_more: bool,
}

impl<'a> Crew<'a> {
    pub(super) fn new(context: &'a Context, renewer: Renewer, jobs: usize) -> Self {
        Crew {
            context,
            world: World::of(context),
            lines: Lines::new(jobs),
            renewer,
            jobs,
        }
    }

    /// Renews what is selected, until nothing of it is left. `session` has what this process locked for its host.
    pub(super) async fn work(
        &self,
        session: Session,
        selection: &Selection,
        tell: &mut Tell<'_>,
    ) -> Result<()> {
        let bench = Bench {
            context: self.context,
            world: &self.world,
            lines: &self.lines,
            timeout: self.context.settings.timeout.unwrap_or(order::TIMEOUT),
        };
        let mut shift = Shift {
            waiting: VecDeque::new(),
            begun: BTreeMap::new(),
            to_deploy: VecDeque::new(),
            has_more: true,
        };
        let mut under_way: FuturesUnordered<Running<'_, (Claimed, Ended)>> = FuturesUnordered::new();
        let mut deploying: Option<Running<'_, (CertificateName, Result<Option<Error>>)>> = None;
        let questions = Arc::clone(&self.world.authorities);
        let mut asking: Running<'_, Result<usize>> = Box::pin(async {
            let session = self.context.session().await?;
            renewal::ask(&questions, &*session).await
        });
        let mut is_asking = matches!(selection, Selection::Due);
        let mut extend = tokio::time::interval(renewal::LEASE / 4);
        loop {
            self.take(&session, selection, &mut shift).await?;
            while let Some(item) = self.next(&mut shift) {
                let bench = &bench;
                under_way.push(Box::pin(async move {
                    let ended = bench.renew(&item).await;
                    (item, ended)
                }));
            }
            if deploying.is_none()
                && let Some(name) = shift.to_deploy.pop_front()
            {
                deploying = Some(Box::pin(async move {
                    let failed = deploy_here(&name, self.context).await;
                    (name, failed)
                }));
            }
            let is_idle = under_way.is_empty() && deploying.is_none();
            if is_idle && !is_asking && shift.waiting.is_empty() && !shift.has_more {
                return self.interrupted();
            }
            tokio::select! {
                Some((item, ended)) = under_way.next() => {
                    self.ended(&bench, &session, &mut shift, item, ended, tell).await?;
                }
                (name, failed) = async { deploying.as_mut().expect("polled only where there is one").await },
                    if deploying.is_some() =>
                {
                    deploying = None;
                    deployed(&name, failed, tell)?;
                }
                asked = &mut asking, if is_asking => {
                    is_asking = false;
                    shift.has_more |= asked? > 0;
                }
                () = tokio::time::sleep(YOUNG / 4), if shift.has_more || !shift.waiting.is_empty() => {}
                _ = extend.tick() => {
                    renewal::extend(&*session, &shift.held()).await?;
                }
            }
        }
    }

    /// Takes more, as long as there is somebody to do it.
    async fn take(&self, session: &Session, selection: &Selection, shift: &mut Shift) -> Result<()> {
        if self.context.interrupt.is_requested()
            || self.context.deadline.is_some_and(|whole| whole.is_spent())
        {
            let held: Vec<(String, i64)> = shift.waiting.drain(..).map(|item| held(&item)).collect();
            shift.has_more = false;
            if held.is_empty() {
                return Ok(());
            }
            return renewal::give_back(&**session, &held).await;
        }
        if !shift.has_more || !shift.waiting.is_empty() || !self.has_room(shift) {
            return Ok(());
        }
        let claimed = renewal::claim(&**session, &self.renewer, selection, CLAIMED).await?;
        // What was asked for by name is done once.
        shift.has_more = claimed.len() == CLAIMED && matches!(selection, Selection::Due);
        shift.waiting.extend(claimed);
        Ok(())
    }

    fn next(&self, shift: &mut Shift) -> Option<Claimed> {
        let item = shift.waiting.pop_front()?;
        if !self.has_room(shift) {
            shift.waiting.push_front(item);
            return None;
        }
        let (name, fence) = held(&item);
        shift.begun.insert(name, (clock::instant(), fence));
        Some(item)
    }

    fn has_room(&self, shift: &Shift) -> bool {
        let young = shift
            .begun
            .values()
            .filter(|(begun, _)| begun.elapsed() < YOUNG)
            .count();
        young < self.jobs && shift.begun.len() < self.jobs * WAITING
    }

    async fn ended(
        &self,
        bench: &Bench<'_>,
        session: &Session,
        shift: &mut Shift,
        item: Claimed,
        ended: Ended,
        tell: &mut Tell<'_>,
    ) -> Result<()> {
        let name = &item.wanted.name;
        shift.begun.remove(name.as_str());
        if item.is_placed_here && matches!(ended, Ended::Renewed(_)) {
            shift.to_deploy.push_back(name.clone());
        }
        let (line, error) = bench
            .note(session, &item, ended, super::shows(self.context))
            .await?;
        self.context.ui.clear_progress();
        tell(&line, error)
    }

    fn interrupted(&self) -> Result<()> {
        if !self.context.interrupt.is_requested() {
            return Ok(());
        }
        let message = "interrupted; what was not begun is due as before";
        Err(Error::new(Kind::Interrupted, "interrupted", message))
    }

    /// Why something that was asked for by name was not renewed.
    pub(super) async fn untouched(&self, session: &Session, name: &str) -> Result<(Line, Option<Error>)> {
        let name: CertificateName = name.parse()?;
        let asked = self.renewer.why_not(&**session, &name).await?;
        let with = |state, why: String| Line {
            next_at: asked.next_at,
            why: Some(why),
            ..Line::new(name.as_str(), state)
        };
        let (state, why, hint) = if !asked.is_renewed {
            let why = format!("certificate {name} was imported: nobody said how its names are proved");
            ("failed", why, format!("hostctl cert show {name}"))
        } else if let Some(holder) = &asked.holder {
            let why = format!("certificate {name} is being renewed by {holder}");
            ("busy", why, format!("hostctl cert status {name}"))
        } else if !asked.is_ours {
            let why = format!(
                "certificate {name} is renewed where it is placed, by one process at a time, and not here now"
            );
            ("busy", why, format!("hostctl cert status {name}"))
        } else {
            let why = asked
                .next_at
                .map_or_else(String::new, |time| format!("not due before {time}"));
            return Ok((with("not due", why), None));
        };
        let error = Error::new(Kind::Busy, state, why.clone()).hint(hint);
        Ok((with(state, why), Some(error)))
    }
}

impl Shift {
    /// Whatever is leased to us.
    fn held(&self) -> Vec<(String, i64)> {
        let waiting = self.waiting.iter().map(held);
        let begun = self.begun.iter().map(|(name, (_, fence))| (name.clone(), *fence));
        begun.chain(waiting).collect()
    }
}

fn held(item: &Claimed) -> (String, i64) {
    (item.wanted.name.to_string(), item.fence)
}

/// What failed on this host is tried again by `tick`; another process that brings it is no failure.
fn deployed(name: &CertificateName, failed: Result<Option<Error>>, tell: &mut Tell<'_>) -> Result<()> {
    let error = failed.unwrap_or_else(Some);
    let Some(error) = error.filter(|error| error.reason() != "held") else {
        return Ok(());
    };
    let line = Line {
        why: Some(error.message().to_owned()),
        ..Line::new(name.as_str(), "not deployed")
    };
    tell(&line, Some(error))
}
