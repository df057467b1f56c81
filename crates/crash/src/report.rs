//! What came of a run, as a table.

use std::fmt;
use std::time::Duration;

use crate::check::Findings;
use crate::journal::Promise;
use crate::plan::{Fault, Store};
use crate::run::ByFault;

/// How many findings are shown.
const SHOWN: usize = 20;

/// What came of a run.
pub(crate) struct Report {
    store: Store,
    seed: u64,
    /// How often each fault came, and the longest recovery from it.
    faults: ByFault<(u32, Duration)>,
    events: usize,
    operations: usize,
    refused: usize,
    /// Requests that had no answer when their fault was over; each was then asked again.
    pub(crate) unanswered: usize,
    pub(crate) replies_dropped: u32,
    lost: usize,
    doubled: usize,
    pub(crate) wrong: Vec<String>,
    /// The fault after which something was wrong.
    pub(crate) stopped_at: Option<String>,
}

impl Report {
    pub(crate) fn new(store: Store, seed: u64) -> Self {
        Self {
            store,
            seed,
            faults: ByFault::new(),
            events: 0,
            operations: 0,
            refused: 0,
            unanswered: 0,
            replies_dropped: 0,
            lost: 0,
            doubled: 0,
            wrong: vec![],
            stopped_at: None,
        }
    }

    /// Counts a fault that is over.
    pub(crate) fn suffered(&mut self, fault: Fault, recovery: Duration) {
        let (count, longest) = self.faults.entry(fault).or_default();
        *count += 1;
        *longest = recovery.max(*longest);
    }

    /// Counts what was acknowledged.
    pub(crate) fn promised(&mut self, promises: &[Promise]) {
        for promise in promises {
            match promise {
                Promise::Event { .. } => self.events += 1,
                Promise::Operation { .. } => self.operations += 1,
                Promise::Refused => self.refused += 1,
            }
        }
    }

    /// Adds what the checker found.
    pub(crate) fn found(&mut self, findings: Findings) {
        self.lost += findings.lost;
        self.doubled += findings.doubled;
        self.wrong.extend(findings.wrong);
    }

    /// Whether nothing was wrong.
    pub(crate) fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.wrong.is_empty()
    }

    fn kills(&self) -> u32 {
        self.faults.iter().filter(|(fault, _)| fault.is_kill()).map(|(_, (count, _))| count).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &dyn fmt::Display, value: &dyn fmt::Display| {
            let name = format!("  {name:<42}");
            writeln!(f, "{name}{value:>12}")
        };
        line(&format!("{}, seed {}", self.store, self.seed), &"")?;
        line(&"kills", &self.kills())?;
        for (fault, (count, longest)) in &self.faults {
            let recovery = format!("{:.2} s", longest.as_secs_f64());
            line(&format!("  {fault}: {count}, longest recovery"), &recovery)?;
        }
        if self.replies_dropped > 0 {
            line(&"commit replies that never arrived", &self.replies_dropped)?;
        }
        line(&"actions and operations acknowledged", &(self.events + self.operations))?;
        line(&"  of them first unanswered, then asked again", &self.unanswered)?;
        line(&"refusals acknowledged", &self.refused)?;
        line(&"lost", &self.lost)?;
        line(&"doubled", &self.doubled)?;
        line(&"other faults found", &self.wrong.len())?;
        if let Some(place) = &self.stopped_at {
            writeln!(f, "  stopped after {place}")?;
        }
        for wrong in self.wrong.iter().take(SHOWN) {
            writeln!(f, "  ! {wrong}")?;
        }
        Ok(())
    }
}
