//! Many renewals at once. What waits for DNS or for an authority costs nothing, so that a new one may begin as soon as those
//! before it are at that point; the sessions with the control database are few, however many orders are under way.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::item::{Bench, Ended};
use super::row::Line;
use crate::certificate::order;
use crate::certificate::renewal::{self, Claimed, Renewer, Selection};
use crate::clock;
use crate::commands::cert::deploy::deploy_here;
use crate::control::Session;
use crate::env::deadline::Deadline;
use crate::error::{Error, Kind, Result};
use crate::model::CertificateName;
use crate::runner::{Context, Lines, World};

/// An order that is older than this waits for somebody else.
const YOUNG: Duration = Duration::from_millis(500);
/// So many orders may be under way for each that may be young.
const WAITING: usize = 16;
/// How many are taken at once; a process that dies keeps them from others until its leases end.
const CLAIMED: usize = 32;

/// Told of every certificate, and of what failed.
pub(super) type Tell<'a> = dyn FnMut(&Line, Option<Error>) + 'a;
/// Behind a pointer: what many of these are part of has a type of bearable size.
type Running<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Those who renew.
pub(super) struct Crew<'a> {
    context: &'a Context,
    world: World,
    lines: Lines,
    renewer: Renewer,
    jobs: usize,
}

/// What is to be done, and what is under way.
struct Shift<'a> {
    session: &'a Session,
    waiting: VecDeque<Claimed>,
    begun: BTreeMap<String, (Instant, i64)>,
    under_way: FuturesUnordered<Running<'a, (Claimed, Ended)>>,
    to_deploy: VecDeque<CertificateName>,
    deploying: FuturesUnordered<Running<'a, (CertificateName, Result<Option<Error>>)>>,
    /// Whether there may be more to take.
    has_more: bool,
    /// Why nothing more is taken, where something went wrong with that.
    trouble: Option<Error>,
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

    /// Renews what is selected, until nothing of it is left. `session` has what this process locked for its host. What is
    /// under way is finished, whatever goes wrong.
    pub(super) async fn work(
        &self,
        session: &Session,
        selection: &Selection,
        tell: &mut Tell<'_>,
    ) -> Result<()> {
        let bench = Bench {
            context: self.context,
            world: &self.world,
            lines: &self.lines,
            timeout: self.context.settings.timeout.unwrap_or(order::TIMEOUT),
            is_named: selection.names().is_some(),
        };
        let mut shift = Shift::new(session);
        let mut asking: Running<'_, Result<usize>> =
            Box::pin(renewal::ask(&self.world.authorities, &**session));
        let mut is_asking = matches!(selection, Selection::Due);
        let mut extend = tokio::time::interval(renewal::LEASE / 4);
        loop {
            let taken = self.take(selection, &mut shift).await;
            shift.heed(taken).await;
            self.begin(&bench, &mut shift);
            if shift.is_over() && !is_asking {
                self.hold_back(selection, &mut shift, tell).await;
                return shift.trouble.map_or_else(|| self.interrupted(), Err);
            }
            tokio::select! {
                Some((item, ended)) = shift.under_way.next() => {
                    self.ended(&bench, &mut shift, &item, ended, tell).await;
                }
                Some((name, failed)) = shift.deploying.next() => deployed(&name, failed, tell),
                asked = &mut asking, if is_asking => {
                    is_asking = false;
                    match asked {
                        Ok(count) => shift.has_more |= count > 0,
                        Err(error) => shift.heed(Err(error)).await,
                    }
                }
                () = tokio::time::sleep(YOUNG / 4), if shift.has_more || !shift.waiting.is_empty() => {}
                _ = extend.tick() => {
                    let extended = renewal::extend(&**session, &shift.held()).await;
                    shift.heed(extended).await;
                }
            }
        }
    }

    /// Takes more, as long as there is somebody to do it.
    async fn take(&self, selection: &Selection, shift: &mut Shift<'_>) -> Result<()> {
        if self.context.interrupt.is_requested() || self.context.deadline.is_some_and(Deadline::is_spent) {
            shift.has_more = false;
            return shift.give_back().await;
        }
        if !shift.has_more || !shift.waiting.is_empty() || !self.has_room(shift) {
            return Ok(());
        }
        let limit = selection.names().map_or(CLAIMED, <[String]>::len);
        let claimed = renewal::claim(&**shift.session, &self.renewer, selection, limit).await?;
        // From here on a signal waits for the end of what is under way.
        if !claimed.is_empty() {
            self.context.engage();
        }
        // What was asked for by name is done once.
        shift.has_more = claimed.len() == CLAIMED && selection.names().is_none();
        shift.waiting.extend(claimed);
        Ok(())
    }

    /// Begins what there is room for: one order after the other, and one deployment at a time.
    fn begin<'s>(&'s self, bench: &'s Bench<'s>, shift: &mut Shift<'s>) {
        while self.has_room(shift)
            && let Some(item) = shift.waiting.pop_front()
        {
            let (name, fence) = held(&item);
            shift.begun.insert(name, (clock::instant(), fence));
            shift.under_way.push(Box::pin(async move {
                let ended = bench.renew(&item).await;
                (item, ended)
            }));
        }
        if shift.deploying.is_empty()
            && let Some(name) = shift.to_deploy.pop_front()
        {
            shift.deploying.push(Box::pin(async move {
                let failed = deploy_here(&name, self.context).await;
                (name, failed)
            }));
        }
    }

    fn has_room(&self, shift: &Shift<'_>) -> bool {
        let young = shift.begun.values().filter(|(begun, _)| begun.elapsed() < YOUNG);
        young.count() < self.jobs && shift.begun.len() < self.jobs * WAITING
    }

    async fn ended(
        &self,
        bench: &Bench<'_>,
        shift: &mut Shift<'_>,
        item: &Claimed,
        ended: Ended,
        tell: &mut Tell<'_>,
    ) {
        let name = &item.wanted.name;
        shift.begun.remove(name.as_str());
        if item.is_placed_here && matches!(ended, Ended::Renewed(_)) {
            shift.to_deploy.push_back(name.clone());
        }
        let shows = super::shows(self.context);
        self.context.ui.clear_progress();
        match bench.note(shift.session, item, ended, shows).await {
            Ok((line, error)) => tell(&line, error),
            Err(error) => tell(&Line::new(name.as_str(), "failed"), Some(error)),
        }
    }

    /// Tells of what ends soon and nobody may be asked for.
    async fn hold_back(&self, selection: &Selection, shift: &mut Shift<'_>, tell: &mut Tell<'_>) {
        if selection.names().is_some() || shift.trouble.is_some() {
            return;
        }
        match renewal::hold_back(&**shift.session, &self.renewer).await {
            Ok(held) => {
                for one in held {
                    let line = Line {
                        next_at: Some(one.until),
                        ..Line::new(&one.name, "limited")
                    };
                    tell(&line, Some(one.error()));
                }
            }
            Err(error) => shift.trouble = Some(error),
        }
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
        } else if !asked.is_askable {
            let why = format!("the authorities of certificate {name} want to be left alone");
            ("busy", why, "hostctl ca limits".to_owned())
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

impl<'a> Shift<'a> {
    fn new(session: &'a Session) -> Self {
        Shift {
            session,
            waiting: VecDeque::new(),
            begun: BTreeMap::new(),
            under_way: FuturesUnordered::new(),
            to_deploy: VecDeque::new(),
            deploying: FuturesUnordered::new(),
            has_more: true,
            trouble: None,
        }
    }

    /// After trouble with the control database nothing more is begun; what waits is given back, as far as it answers, else by
    /// the end of its lease.
    async fn heed(&mut self, done: Result<()>) {
        let Err(error) = done else { return };
        self.has_more = false;
        if let Err(error) = self.give_back().await {
            tracing::warn!(%error, "what was not begun could not be given back");
        }
        self.trouble.get_or_insert(error);
    }

    /// For others to take at once.
    async fn give_back(&mut self) -> Result<()> {
        let held: Vec<(String, i64)> = self.waiting.drain(..).map(|item| held(&item)).collect();
        renewal::give_back(&**self.session, &held).await
    }

    fn is_over(&self) -> bool {
        self.under_way.is_empty()
            && self.deploying.is_empty()
            && self.to_deploy.is_empty()
            && self.waiting.is_empty()
            && !self.has_more
    }

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
fn deployed(name: &CertificateName, failed: Result<Option<Error>>, tell: &mut Tell<'_>) {
    let error = failed.unwrap_or_else(Some);
    let Some(error) = error.filter(|error| error.reason() != "held") else {
        return;
    };
    let line = Line {
        why: Some(error.message().to_owned()),
        ..Line::new(name.as_str(), "not deployed")
    };
    tell(&line, Some(error));
}
