//! The repository of jobs. Jobs are written by units of work, like everything else.

use async_trait::async_trait;

use super::StoreError;
use crate::id::{GameId, JobId};
use crate::job::{Job, JobKind, JobState};
use crate::time::Timestamp;

/// Which jobs to list. An absent field filters nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Jobs of this kind.
    pub kind: Option<JobKind>,
    /// Jobs about this game.
    pub game_id: Option<GameId>,
    /// Jobs in this state.
    pub state: Option<JobState>,
}

/// Reads jobs.
#[async_trait]
pub trait JobRepository: Send + Sync {
    /// The job of that id.
    async fn job_find(&self, job_id: JobId) -> Result<Option<Job>, StoreError>;

    /// Jobs that pass the filter, in the order of their ids, which is that of their making.
    async fn job_list(&self, filter: JobFilter, after: Option<JobId>, limit: u32) -> Result<Vec<Job>, StoreError>;

    /// The job of that kind about the game that was made last.
    async fn job_latest(&self, game_id: GameId, kind: JobKind) -> Result<Option<Job>, StoreError>;

    /// Jobs of the kind that a worker may claim at `now` ([`Job::is_due`]), in the order of their ids. Whether
    /// one still is shows when it is locked.
    async fn job_due_list(&self, kind: JobKind, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError>;
}
