//! A clock that stands still until it is told to move.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use reelhouse_domain::Timestamp;
use reelhouse_domain::time::{Clock, to_millis};

/// A clock that stands still until a test moves it, forwards or back.
#[derive(Debug)]
pub struct FixedClock {
    now: Mutex<Timestamp>,
}

impl FixedClock {
    /// A clock that stands at `now`, cut to whole milliseconds.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now: Mutex::new(to_millis(now)) }
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = to_millis(now);
    }

    /// Moves the clock on; a negative `by` moves it back.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = to_millis(*now + by);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reelhouse_domain::time::from_millis;

    #[test]
    fn moves_only_when_told() {
        let start = from_millis(1_767_268_800_000).unwrap();
        let clock = FixedClock::new(start + TimeDelta::microseconds(999));
        assert_eq!((clock.now(), clock.now()), (start, start));
        clock.advance(TimeDelta::hours(2));
        clock.advance(TimeDelta::hours(-3));
        assert_eq!(clock.now(), start - TimeDelta::hours(1));
        clock.set(start);
        assert_eq!(clock.now(), start);
    }
}
