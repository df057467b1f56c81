//! The plan of a run: which faults come, and when. It follows from the seed alone, so a run repeats.

use std::fmt;
use std::time::Duration;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// The store under the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// A SQLite file.
    Sqlite,
    /// A PostgreSQL cluster of the run's own.
    Postgres,
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// SIGKILL to the server, which is then started again.
    KillServer,
    /// SIGKILL to the postmaster, which is then started again; the server is left alone.
    KillDatabase,
    /// The answers to some commits never arrive: their connections are cut after the database gave them.
    DropCommitReplies,
    /// All connections between the server and the database are cut.
    CutDatabase,
    /// Every message between the server and the database is late.
    DelayDatabase,
    /// Clients cut their connections in the middle of a request, or before its answer.
    ResetClients,
    /// Writes to the database's files fail: no space left on the device.
    DiskFull,
    /// Writes to the database's files fail: input/output error.
    WriteError,
    /// Syncs of the database's files fail: input/output error.
    SyncError,
}

impl Fault {
    /// Whether a process is killed.
    pub(crate) fn is_kill(self) -> bool {
        matches!(self, Self::KillServer | Self::KillDatabase)
    }

    fn kills(store: Store) -> &'static [Self] {
        match store {
            Store::Sqlite => &[Self::KillServer],
            Store::Postgres => &[Self::KillServer, Self::KillDatabase],
        }
    }

    fn others(store: Store, shim: bool) -> &'static [Self] {
        match (store, shim) {
            (Store::Sqlite, true) => &[Self::ResetClients, Self::DiskFull, Self::WriteError, Self::SyncError],
            (Store::Sqlite, false) => &[Self::ResetClients],
            (Store::Postgres, _) => {
                &[Self::DropCommitReplies, Self::CutDatabase, Self::DelayDatabase, Self::ResetClients]
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KillServer => "server killed",
            Self::KillDatabase => "postmaster killed",
            Self::DropCommitReplies => "commit replies dropped",
            Self::CutDatabase => "database connections cut",
            Self::DelayDatabase => "database delayed",
            Self::ResetClients => "clients reset",
            Self::DiskFull => "disk full (ENOSPC)",
            Self::WriteError => "write error (EIO)",
            Self::SyncError => "sync error (EIO)",
        })
    }
}

/// One fault in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// How long clients play before it.
    pub(crate) after: Duration,
    /// What goes wrong.
    pub(crate) fault: Fault,
    /// How long it goes on, unless it is a kill.
    pub(crate) lasts: Duration,
}

/// All faults of a run: `kills` kills, and about two other faults for every three of them.
pub(crate) fn plan(store: Store, seed: u64, kills: u32, shim: bool) -> Vec<Step> {
    let mut dice = Dice::new(seed ^ if store == Store::Sqlite { 1 } else { 2 });
    let mut steps = Vec::new();
    let mut step = |dice: &mut Dice, faults: &[Fault]| {
        let fault = faults.get(dice.below(faults.len() as u64) as usize).copied().unwrap_or(Fault::KillServer);
        let after = Duration::from_millis(50 + dice.below(400));
        steps.push(Step { after, fault, lasts: Duration::from_millis(100 + dice.below(400)) });
    };
    for _ in 0..kills {
        if dice.below(3) < 2 {
            step(&mut dice, Fault::others(store, shim));
        }
        step(&mut dice, Fault::kills(store));
    }
    steps
}

/// Numbers that follow from a seed.
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number below `bound`; 0 when there is none. Its slight bias does no harm here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64().checked_rem(bound).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_the_shim(step: &Step) -> bool {
        matches!(step.fault, Fault::DiskFull | Fault::WriteError | Fault::SyncError)
    }

    #[test]
    fn a_plan_repeats_from_its_seed() {
        let first = plan(Store::Postgres, 7, 20, true);
        assert_eq!(first, plan(Store::Postgres, 7, 20, true));
        assert_ne!(first, plan(Store::Postgres, 8, 20, true));
        assert_eq!(first.iter().filter(|step| step.fault.is_kill()).count(), 20);
        assert!(!first.iter().any(of_the_shim));
    }

    #[test]
    fn every_fault_of_a_store_comes_in_a_long_plan() {
        for (store, count) in [(Store::Sqlite, 5), (Store::Postgres, 6)] {
            let faults: std::collections::BTreeSet<Fault> =
                plan(store, 1, 200, true).into_iter().map(|step| step.fault).collect();
            assert_eq!(faults.len(), count, "{faults:?}");
        }
        assert!(!plan(Store::Sqlite, 1, 200, false).iter().any(of_the_shim));
    }
}
