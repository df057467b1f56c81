//! Ports: what the domain asks of the world. An adapter implements these traits; their docs say how.
//!
//! Beside the storage ports here stand [`crate::time::Clock`], [`crate::id::Randomness`] and
//! [`crate::fairness::Dealer`].

mod analytics;
mod archives;
mod experience;
mod jobs;
mod keys;
mod observations;
mod repositories;
mod unit_of_work;

pub use analytics::{AnalyticsRepository, RecordedMetric, TallyQuery};
pub use archives::ArchiveRepository;
pub use experience::{Episode, EpisodeFilter, ExperienceRepository, RecordedStep, StepQuery};
pub use jobs::{JobFilter, JobRepository};
pub use keys::KeyRepository;
pub use observations::{Counted, ObservationRepository, Progress, Unobserved};
pub use repositories::{
    Connections, GameRepository, SessionFilter, SessionRepository, StoreProbe, WalletFilter, WalletRepository,
};
pub use unit_of_work::{
    AnsweredKey, Changes, IdempotencyKey, MetricRow, Needs, Remembered, Snapshot, UnitOfWork, UnitOfWorkFactory,
};

/// Why a store could not do what was asked. The driver's own error stays inside the adapter, as text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A row of the batch exists already: another writer was first with an idempotency key or a
    /// definition. Nothing was written; beginning again sees the other writer's row.
    #[error("another writer was first: {0}")]
    Clash(String),
    /// The database undid the work for a reason that passes (deadlock, serialization failure, lock
    /// time-out). Nothing was written; the same work may be begun again.
    #[error("the store asks to try again: {0}")]
    Retry(String),
    /// The store cannot be reached or did not answer. Whether a commit took hold is unknown.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The rows were moved to an archive that is not at hand.
    #[error("what was asked for is archived: {manifest}, {why}")]
    Archived {
        /// The manifest that tells where the rows are.
        manifest: String,
        /// Why they cannot be read from there.
        why: String,
    },
    /// A stored row does not read as what it should be.
    #[error("a stored row does not read: {0}")]
    Corrupt(String),
}
