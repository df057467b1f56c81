//! The group committer: gathers the commands that arrive while the last batch was being committed.
//!
//! There is no timer: a lone command is taken at once, and a busy lane takes everything that waits,
//! up to a bound, as its next batch. While one lane waits for its commit, another loads, decides and
//! writes, so that the store and the processors are busy at the same time. A command weighs as many actions as it
//! has. Commands of one shard go through one lane, and begin in their order; so do those of one part of the store,
//! so that a batch stays in one part where there are as many lanes as parts.

use std::any::Any;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use reelhouse_domain::Refusal;
use reelhouse_domain::ports::{Needs, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tracing::{Instrument as _, Span};

use crate::book::{GameBook, Shelf};
use crate::command::{Answer, Command};
use crate::desk::{Desk, Order, Tools};
use crate::error::Error;
use crate::meters::Meters;
use crate::notices::Notices;
use crate::recall::{Recall, Recalled};
use crate::settings::{CommitterSettings, Ports, Settings};

/// How many actions of a list take the room of one by itself in the queue: together they cost about that much less.
const LISTED: usize = 4;

/// How often a batch that another writer disturbed is begun again before it is given up.
const ATTEMPTS: u32 = 6;

/// How long a disturbed batch is begun again at most: those behind it wait for as long.
const PATIENCE: Duration = Duration::from_secs(5);

/// When an overloaded caller should try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Who handed an order in.
struct Caller {
    reply: oneshot::Sender<Result<Answer, Error>>,
    /// The span in which the caller waits.
    span: Span,
}

struct Job {
    order: Order,
    caller: Caller,
    weight: usize,
    /// Its room in the queue.
    _room: OwnedSemaphorePermit,
}

/// The front of the write path.
pub(crate) struct Committer {
    units: Arc<dyn UnitOfWorkFactory>,
    lanes: Vec<Queue>,
}

/// The queue of a lane: how much may still come in, and where to.
struct Queue {
    capacity: usize,
    room: Arc<Semaphore>,
    jobs: mpsc::UnboundedSender<Job>,
}

impl Committer {
    /// Starts the lanes on the present tokio runtime; they end when the committer is dropped and
    /// what waits is done.
    pub(crate) fn start(
        ports: &Ports,
        book: &Arc<GameBook>,
        notices: &Arc<Notices>,
        meters: &Arc<Meters>,
        settings: &Settings,
    ) -> Self {
        let CommitterSettings { lanes, queue, batch } = settings.committer;
        let capacity = queue.clamp(1, Semaphore::MAX_PERMITS);
        let recall = Arc::new(Recall::new());
        let lanes = (0..lanes.max(1))
            .map(|_| {
                let (jobs, receiver) = mpsc::unbounded_channel();
                let (book, notices, meters) = (Arc::clone(book), Arc::clone(notices), Arc::clone(meters));
                let recall = Arc::clone(&recall);
                let lane = Lane { ports: ports.clone(), book, recall, notices, meters, settings: *settings };
                let gatherer = Gatherer { jobs: receiver, next: None, batch: batch.max(1) };
                tokio::spawn(lane.run(gatherer));
                Queue { capacity, room: Arc::new(Semaphore::new(capacity)), jobs }
            })
            .collect();
        Self { units: Arc::clone(&ports.units), lanes }
    }

    /// How much room is taken in each lane's queue, and how much each has.
    pub(crate) fn queues(&self) -> (impl Iterator<Item = usize>, usize) {
        let taken = |lane: &Queue| lane.capacity.saturating_sub(lane.room.available_permits());
        (self.lanes.iter().map(taken), self.lanes.first().map_or(0, |lane| lane.capacity))
    }

    /// Hands an order in and waits for its answer. The order is carried out even if the caller
    /// goes away.
    pub(crate) async fn submit(&self, order: Order) -> Result<Answer, Error> {
        let lane = &self.lanes[self.units.part(order.shard) as usize % self.lanes.len()];
        let weight = order.command.weight();
        // What takes more room than the whole queue has is let in when the queue is empty.
        let permits = u32::try_from(weight.div_ceil(LISTED).min(lane.capacity)).unwrap_or(u32::MAX);
        let room = Arc::clone(&lane.room).try_acquire_many_owned(permits);
        let room = room.map_err(|_| Error::Overloaded { retry_after: RETRY_AFTER })?;
        let (reply, answer) = oneshot::channel();
        let stopping = |_| Error::Unavailable("the server is stopping".to_owned());
        let span = tracing::debug_span!("write", weight);
        let caller = Caller { reply, span: span.clone() };
        lane.jobs.send(Job { order, caller, weight, _room: room }).map_err(stopping)?;
        answer.instrument(span).await.unwrap_or_else(|_| Err(given_up()))
    }
}

/// Takes batches from a queue.
struct Gatherer {
    jobs: mpsc::UnboundedReceiver<Job>,
    /// A job that did not fit into the last batch.
    next: Option<Job>,
    /// The most that a batch weighs, unless one job weighs more.
    batch: usize,
}

impl Gatherer {
    /// Waits for a job, and takes with it those that wait behind it and fit; none when all is done.
    async fn gather(&mut self) -> Option<(Vec<Order>, Vec<Caller>)> {
        let first = match self.next.take() {
            Some(job) => job,
            None => self.jobs.recv().await?,
        };
        let mut weight = first.weight;
        let (mut orders, mut callers) = (vec![first.order], vec![first.caller]);
        while let Ok(job) = self.jobs.try_recv() {
            weight += job.weight;
            if weight > self.batch {
                self.next = Some(job);
                break;
            }
            orders.push(job.order);
            callers.push(job.caller);
        }
        Some((orders, callers))
    }
}

struct Lane {
    ports: Ports,
    book: Arc<GameBook>,
    recall: Arc<Recall>,
    notices: Arc<Notices>,
    meters: Arc<Meters>,
    settings: Settings,
}

/// What came of a unit of work.
struct Decided {
    answers: Vec<Result<Answer, Error>>,
    /// Whether anything was written.
    written: bool,
}

impl Lane {
    /// Carries out batch after batch.
    async fn run(self, mut gatherer: Gatherer) {
        while let Some((orders, callers)) = gatherer.gather().await {
            self.meters.batch(orders.len(), orders.iter().map(|order| order.command.weight()).sum());
            self.answer(orders, callers).await;
        }
    }

    /// Carries out a batch and tells its callers. A batch that panics is given up, and harms no other.
    async fn answer(&self, orders: Vec<Order>, callers: Vec<Caller>) {
        let span = batch_span(&callers);
        let carried_out = AssertUnwindSafe(self.carry_out(&orders)).catch_unwind().instrument(span).await;
        let answers = carried_out.unwrap_or_else(|panic| {
            let why = panic_text(panic.as_ref());
            tracing::error!(why, orders = orders.len(), "a batch panicked: whether it was committed is unknown");
            self.meters.panicked();
            orders.iter().map(|_| Err(given_up())).collect()
        });
        for (caller, answer) in callers.into_iter().zip(answers) {
            // A caller that went away has no use for its answer.
            drop(caller.reply.send(answer));
        }
    }

    /// Carries out a batch; one that clashes with another writer goes order by order.
    async fn carry_out(&self, orders: &[Order]) -> Vec<Result<Answer, Error>> {
        match self.attempt(orders).await {
            Ok(answers) => answers,
            Err(StoreError::Clash(_)) if orders.len() > 1 => {
                let mut answers = Vec::with_capacity(orders.len());
                for order in orders {
                    answers.push(self.carry_out_one(order).await);
                }
                answers
            }
            Err(error) => orders.iter().map(|order| Err(settle(order, error.clone()))).collect(),
        }
    }

    async fn carry_out_one(&self, order: &Order) -> Result<Answer, Error> {
        match self.attempt(std::slice::from_ref(order)).await {
            Ok(mut answers) => {
                answers.pop().unwrap_or_else(|| Err(Error::Internal("an order was not decided".to_owned())))
            }
            Err(error) => Err(settle(order, error)),
        }
    }

    /// Tries a batch until it is committed, refused by the store, or out of attempts: first on what is recalled, then
    /// on what is loaded. A batch of one is tried again after a clash too: the other writer's row is then there to be
    /// seen.
    async fn attempt(&self, orders: &[Order]) -> Result<Vec<Result<Answer, Error>>, StoreError> {
        let needs = needs_of(orders);
        let (recalled, left) = self.recall.take(needs.clone());
        let in_vain = !recalled.is_empty();
        if in_vain && let Some(answers) = self.attempt_recalled(orders, &left, recalled).await? {
            return Ok(answers);
        }
        let mut tried = 0;
        let begun = tokio::time::Instant::now();
        loop {
            tried += 1;
            let error = match self.commit(orders, &needs, Recalled::default()).await {
                Ok(Decided { answers, written }) => {
                    if in_vain && written {
                        self.meters.recalled_in_vain();
                        self.recall.doubt();
                    }
                    return Ok(answers);
                }
                Err(error) => error,
            };
            let again = match &error {
                StoreError::Retry(_) => true,
                StoreError::Clash(_) => orders.len() == 1,
                StoreError::Unavailable(_) | StoreError::Archived { .. } | StoreError::Corrupt(_) => false,
            };
            if !again || tried == ATTEMPTS || begun.elapsed() > PATIENCE {
                return Err(self.give_up(error, orders.len(), tried));
            }
            self.meters.begun_again();
            tokio::time::sleep(Duration::from_millis(1 << tried)).await;
        }
    }

    /// Tries a batch on what is recalled; no answers when it is to be loaded: the store refused it, or nothing was
    /// written by which the store would have said that what is recalled was still so. Only a commit of which nobody
    /// knows whether it took hold is given up here.
    async fn attempt_recalled(
        &self,
        orders: &[Order],
        left: &Needs,
        recalled: Recalled,
    ) -> Result<Option<Vec<Result<Answer, Error>>>, StoreError> {
        match self.commit(orders, left, recalled).await {
            Ok(Decided { answers, written: true }) => {
                self.recall.trust();
                Ok(Some(answers))
            }
            Ok(Decided { written: false, .. }) => Ok(None),
            Err(error @ StoreError::Unavailable(_)) => Err(self.give_up(error, orders.len(), 1)),
            Err(error) => {
                tracing::debug!(%error, orders = orders.len(), "a batch is loaded that was recalled");
                Ok(None)
            }
        }
    }

    /// Gives a batch up.
    fn give_up(&self, error: StoreError, orders: usize, tried: u32) -> StoreError {
        tracing::warn!(%error, orders, tried, "a batch was not committed");
        // A batch that clashes is not given up yet: its commands are tried one by one.
        if !matches!(error, StoreError::Clash(_)) {
            self.meters.given_up();
        }
        error
    }

    /// One unit of work: begin, decide, commit.
    async fn commit(&self, orders: &[Order], needs: &Needs, recalled: Recalled) -> Result<Decided, StoreError> {
        let begun = tokio::time::Instant::now();
        let units = self.ports.units.as_ref();
        let (mut snapshot, unit) = match *needs == Needs::default() {
            true => (Snapshot::default(), None),
            false => units.begin(needs).await.map(|(snapshot, unit)| (snapshot, Some(unit)))?,
        };
        let remembered = recalled.join(&mut snapshot);
        let shelf = match self.book.shelf(games_of(&snapshot, orders)).await {
            Ok(shelf) => shelf,
            Err(error) => {
                roll_back(unit).await?;
                return Err(match error {
                    Error::Internal(why) => StoreError::Corrupt(why),
                    other => StoreError::Unavailable(other.to_string()),
                });
            }
        };
        let mut desk = Desk::new(snapshot, self.tools(&shelf));
        let answers = orders.iter().map(|order| desk.decide(order)).collect();
        if desk.is_unchanged() {
            roll_back(unit).await?;
            return Ok(Decided { answers, written: false });
        }
        let (changes, played) = desk.into_changes(remembered);
        match unit {
            Some(unit) => unit.finish(&changes).await?,
            None => units.write_unlocked(&changes).await?,
        }
        self.meters.committed(begun.elapsed(), changes.events.len());
        for (game_id, played) in &played {
            shelf.find(*game_id).iter().for_each(|playable| self.meters.played(&playable.game, played));
        }
        self.notices.give(changes.events.iter().map(|event| event.body.session_id));
        self.recall.keep(changes);
        Ok(Decided { answers, written: true })
    }

    /// What the desk decides with, now.
    fn tools<'a>(&'a self, shelf: &'a Shelf) -> Tools<'a> {
        Tools {
            dealer: self.ports.dealer.as_ref(),
            signer: self.ports.signer.as_ref(),
            randomness: self.ports.randomness.as_ref(),
            shelf,
            idle_timeout: self.settings.idle_timeout,
            waiting_jobs: self.settings.waiting_jobs,
            now: reelhouse_domain::time::to_millis(self.ports.clock.now()),
        }
    }
}

async fn roll_back(unit: Option<Box<dyn UnitOfWork>>) -> Result<(), StoreError> {
    match unit {
        Some(unit) => unit.rollback().await,
        None => Ok(()),
    }
}

/// What the orders need.
fn needs_of(orders: &[Order]) -> Needs {
    let mut needs = Needs::default();
    for order in orders {
        order.command.add_needs(order.key.as_ref(), &mut needs);
    }
    needs
}

/// The games that the batch's sessions and simulations play or will play.
fn games_of(snapshot: &Snapshot, orders: &[Order]) -> BTreeSet<reelhouse_domain::GameId> {
    let played = snapshot.sessions.values().map(|session| session.game_id);
    let opened = orders.iter().filter_map(|order| match &order.command {
        Command::SessionCreate(draft) => Some(draft.game_id),
        Command::SimulationCreate(draft) => Some(draft.game_id),
        _ => None,
    });
    played.chain(opened).collect()
}

/// The span of a batch: it is part of its first caller's trace, and follows from the others.
fn batch_span(callers: &[Caller]) -> Span {
    let first = callers.first().and_then(|caller| caller.span.id());
    let span = tracing::debug_span!(parent: first, "batch", orders = callers.len());
    for caller in callers.iter().skip(1) {
        span.follows_from(&caller.span);
    }
    span
}

/// What is told when a batch ended without an answer.
fn given_up() -> Error {
    Error::Unavailable("the write was given up".to_owned())
}

/// What a panic says, as far as it is text.
fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it does not say why")
}

/// What an order is told when its batch was given up.
fn settle(order: &Order, error: StoreError) -> Error {
    match error {
        // The key is not in this order's shard, or it would have been found: it guards something else.
        StoreError::Clash(_) if order.key.is_some() => Refusal::IdempotencyKeyReused.into(),
        other => other.into(),
    }
}
