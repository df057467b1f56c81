//! What is left of a budget while a count goes on.

use std::sync::atomic::{AtomicU64, Ordering};

use super::budget::{Budget, Monitor, NotCounted};

/// After how many steps the monitor is asked and told.
const INTERVAL: u64 = 1 << 16;

/// Counts the steps of all threads. A step is spent whatever the thread, so that the sum is the same for any number.
pub(super) struct Meter<'a> {
    budget: Budget,
    spent: AtomicU64,
    monitor: &'a dyn Monitor,
}

impl<'a> Meter<'a> {
    pub(super) const fn new(budget: Budget, monitor: &'a dyn Monitor) -> Self {
        Self { budget, spent: AtomicU64::new(0), monitor }
    }

    /// How many steps there were at first.
    pub(super) const fn steps(&self) -> u64 {
        self.budget.steps
    }

    /// The most wins that are kept at once.
    pub(super) const fn entries(&self) -> u64 {
        self.budget.entries
    }

    /// Spends steps on something.
    ///
    /// # Errors
    /// [`NotCounted`] when there are none left, or the monitor wants no more.
    pub(super) fn spend(&self, steps: u64, on: &'static str) -> Result<(), NotCounted> {
        let before = self.spent.fetch_add(steps, Ordering::Relaxed);
        let spent = before.saturating_add(steps);
        if spent > self.budget.steps {
            return Err(NotCounted::OverBudget(on));
        }
        if before / INTERVAL != spent / INTERVAL {
            if self.monitor.cancelled() {
                return Err(NotCounted::Cancelled);
            }
            self.monitor.advanced(spent, self.budget.steps);
        }
        Ok(())
    }
}
