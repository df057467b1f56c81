//! The daily limit: lowered at once, raised only after a day's delay.

use chrono::TimeDelta;

use crate::money::Money;
use crate::time::Timestamp;

/// How long a raise of the limit waits, in hours.
pub const RAISE_DELAY_HOURS: i64 = 24;

/// A hard limit on the spend of a day, with the raise that waits to come into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyLimit {
    /// The limit in force until a raise is due; `None` is no limit.
    pub current: Option<Money>,
    /// A higher limit and the instant from which it holds.
    pub raise: Option<(Money, Timestamp)>,
}

impl DailyLimit {
    /// A limit that holds from the start.
    #[must_use]
    pub const fn new(limit: Option<Money>) -> Self {
        Self { current: limit, raise: None }
    }

    /// The limit in force at `at`.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> Option<Money> {
        match self.raise {
            Some((raised, from)) if at >= from => Some(raised),
            _ => self.current,
        }
    }

    /// Asks for a limit: a lower one (or the first) holds at once and drops a raise that waits, a
    /// higher one from [`RAISE_DELAY_HOURS`] later.
    #[must_use]
    pub fn set(self, limit: Money, at: Timestamp) -> Self {
        let current = self.at(at);
        match current {
            Some(in_force) if limit > in_force => {
                Self { current, raise: Some((limit, at + TimeDelta::hours(RAISE_DELAY_HOURS))) }
            }
            _ => Self::new(Some(limit)),
        }
    }
}
