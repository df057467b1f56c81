//! What a count may cost, who watches over it, and why it was given up.

use std::fmt;

/// How much a count may cost before it is given up: the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Machine steps and additions.
    pub steps: u64,
    /// Wins that are kept at once, over all joint states.
    pub entries: u64,
}

impl Budget {
    /// What a game may cost that is profiled while its sender waits: below a second in a release build, about 100 MB.
    pub const REQUEST: Self = Self { steps: 20_000_000, entries: 1_000_000 };
    /// What a game may cost that is profiled in the background: some minutes in a release build, about 500 MB.
    pub const BACKGROUND: Self = Self { steps: 5_000_000_000, entries: 5_000_000 };
    /// Nothing.
    pub(super) const SPENT: Self = Self { steps: 0, entries: 0 };
    /// No bound.
    pub const NONE: Self = Self { steps: u64::MAX, entries: u64::MAX };
}

impl Budget {
    /// This budget, or that of a request where it is larger.
    pub(super) fn at_least_a_request(self) -> Self {
        let Self { steps, entries } = Self::REQUEST;
        Self { steps: self.steps.max(steps), entries: self.entries.max(entries) }
    }
}

/// Watches over a count, from any of its threads.
pub trait Monitor: Sync {
    /// Whether to stop. Asked often, so it must be cheap; once true, it must stay so.
    fn cancelled(&self) -> bool {
        false
    }

    /// Told now and then how many steps of the budget are spent. Nobody knows how many it will take in all.
    fn advanced(&self, _steps: u64, _budget: u64) {}
}

/// Nobody watches.
impl Monitor for () {}

/// Why something was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCounted {
    /// It costs more than the [`Budget`]: what of it.
    OverBudget(&'static str),
    /// The [`Monitor`] said so.
    Cancelled,
}

impl fmt::Display for NotCounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OverBudget(reason) => write!(f, "beyond the budget of an exact count: {reason}"),
            Self::Cancelled => f.write_str("the count was cancelled"),
        }
    }
}

impl std::error::Error for NotCounted {}
