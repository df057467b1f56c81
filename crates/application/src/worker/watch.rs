//! The watch over a computation: tells it to stop, and keeps how far it is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use reelhouse_domain::document::{self, Document};
use reelhouse_domain::game::StatisticalProfile;
use reelhouse_domain::game::profile;
use reelhouse_domain::job::{Checkpoint, Progress};
use reelhouse_domain::simulation::{self, State};
use reelhouse_domain::time::Clock;
use reelhouse_domain::{Money, Timestamp};
use serde_json::Value;

use super::profile::ProfileState;
use crate::error::Error;

/// The watch over one computation, shared by the worker and the threads that compute.
pub(super) struct Watch {
    cancelled: AtomicBool,
    clock: Arc<dyn Clock>,
    began: Timestamp,
    /// What was done already when this worker began.
    before: u64,
    /// What was counted exactly before the simulation of a profile began.
    known: OnceLock<StatisticalProfile>,
    /// How far the count is.
    counted: Mutex<Progress>,
    /// What was not written down yet.
    news: Mutex<Option<News>>,
}

enum News {
    /// The count has come this far.
    Counted,
    /// The simulation of a game with this unit bet has.
    Simulated(Box<State>, Money),
}

/// A panic of another thread ends the computation anyway.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    pub(super) fn new(clock: Arc<dyn Clock>, progress: &Progress) -> Self {
        let began = clock.now();
        Self {
            cancelled: AtomicBool::new(false),
            clock,
            began,
            before: progress.done,
            known: OnceLock::new(),
            counted: Mutex::default(),
            news: Mutex::default(),
        }
    }

    /// Tells the computation to stop.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// What to write down, if there is news.
    pub(super) fn checkpoint(&self) -> Result<Option<Checkpoint>, Error> {
        let news = lock(&self.news).take();
        Ok(match news {
            None => None,
            Some(News::Counted) => Some(Checkpoint { progress: self.last(), state: None }),
            Some(News::Simulated(state, unit_bet)) => Some(self.checkpoint_of(&state, unit_bet)?),
        })
    }

    /// What to write down of a state.
    pub(super) fn checkpoint_of(&self, state: &State, unit_bet: Money) -> Result<Checkpoint, Error> {
        let value = match self.known.get() {
            Some(known) => value_of(&ProfileState { known: known.clone(), simulation: state.clone() })?,
            None => value_of(state)?,
        };
        Ok(Checkpoint { progress: self.progress(state, unit_bet), state: Some(value) })
    }

    /// How far a state is, and how fast this worker came there.
    pub(super) fn progress(&self, state: &State, unit_bet: Money) -> Progress {
        let progress = Progress::of(state, unit_bet);
        // A profile's simulation begins after a count, whose steps are no rounds.
        let before = if self.known.get().is_some() { 0 } else { self.before };
        let per_second = self.per_second(progress.done.saturating_sub(before));
        Progress { per_second, ..progress }
    }

    /// How far the count was when it last said so.
    pub(super) fn last(&self) -> Progress {
        let progress = lock(&self.counted).clone();
        Progress { per_second: self.per_second(progress.done), ..progress }
    }

    #[allow(clippy::cast_precision_loss, reason = "a speed has three digits")]
    fn per_second(&self, done: u64) -> Option<f64> {
        let millis = (self.clock.now() - self.began).num_milliseconds();
        (millis > 0 && done > 0).then(|| (done as f64 * 1000.0 / millis as f64).round())
    }

    /// Keeps what was counted exactly, as a part of every checkpoint from here on.
    pub(super) fn knows(&self, known: StatisticalProfile) {
        // It is told once.
        drop(self.known.set(known));
    }

    /// The monitor of a simulation of a game with this unit bet.
    pub(super) fn over(&self, unit_bet: Money) -> Over<'_> {
        Over { watch: self, unit_bet }
    }

    /// The monitor of an exact count.
    pub(super) fn over_count(&self) -> OverCount<'_> {
        OverCount(self)
    }
}

/// The watch over a simulation.
pub(super) struct Over<'a> {
    watch: &'a Watch,
    unit_bet: Money,
}

impl simulation::Monitor for Over<'_> {
    fn cancelled(&self) -> bool {
        self.watch.is_cancelled()
    }

    fn advanced(&self, state: &State) {
        *lock(&self.watch.news) = Some(News::Simulated(Box::new(state.clone()), self.unit_bet));
    }
}

/// The watch over an exact count.
pub(super) struct OverCount<'a>(&'a Watch);

impl profile::Monitor for OverCount<'_> {
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    fn advanced(&self, steps: u64, budget: u64) {
        let mut counted = lock(&self.0.counted);
        // Threads say so in any order.
        counted.done = counted.done.max(steps);
        counted.total = Some(budget);
        drop(counted);
        *lock(&self.0.news) = Some(News::Counted);
    }
}

/// A document as it is stored, with its version.
pub(super) fn value_of<T: Document>(body: &T) -> Result<Value, Error> {
    let unwritable = |error: &dyn std::fmt::Display| Error::Internal(format!("a document cannot be written: {error}"));
    let text = document::write(body).map_err(|error| unwritable(&error))?;
    serde_json::from_str(&text).map_err(|error| unwritable(&error))
}
