//! Jobs: long computations that run beside play, survive a restart, and can be watched and cancelled.
//!
//! A job is claimed under a [`Lease`], whose token is new for every claim. Whatever its worker writes later is
//! taken only while the job still holds that token: a worker that was slow, frozen or cut off finds that
//! another one has gone on, and nothing it says counts any more. When a lease runs out, the job may be
//! claimed again and goes on from its last checkpoint.

mod progress;
mod state;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::document::Document;
use crate::game::Fault;
use crate::id::{GameId, JobId};
use crate::refusal::Refusal;
use crate::simulation::SimulationPlan;
use crate::time::{Timestamp, millis_format};

pub use progress::{Progress, RunningRtp};
pub use state::{JobKind, JobState};

/// How many workers in a row may leave a job without having got any further, before it is given up.
pub const MAX_LAPSES: u32 = 5;

/// A long computation about a game.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The job's id.
    pub job_id: JobId,
    /// The game that it is about.
    pub game_id: GameId,
    /// What is to be done.
    pub request: JobRequest,
    /// Where it stands.
    pub state: JobState,
    /// How far it is, as of the last checkpoint.
    pub progress: Progress,
    /// What to go on from after an interruption, if there is anything.
    pub checkpoint: Option<Value>,
    /// What a completed simulation found. A profile is in its game.
    pub result: Option<Value>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// How many workers in a row have left it without having got any further.
    pub lapses: u32,
    /// Who works on it; there exactly while it is running.
    pub lease: Option<Lease>,
    /// When it was asked for.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "millis_format")]
    pub updated_at: Timestamp,
}

/// What a job is to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobRequest {
    /// Simulate rounds of the game.
    Simulation {
        /// Which and how many.
        plan: SimulationPlan,
    },
    /// Compute the game's profile.
    Profile {
        /// The profile that the client declared, to be compared.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declared: Option<Value>,
    },
}

impl JobRequest {
    /// The kind of job that does it.
    #[must_use]
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Simulation { .. } => JobKind::Simulation,
            Self::Profile { .. } => JobKind::Profile,
        }
    }
}

impl Document for JobRequest {
    const VERSION: u64 = 1;
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For people, a sentence.
    pub reason: String,
    /// Every figure of a declared profile that differs from the computed one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

impl Failure {
    /// A failure without faults to list.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), faults: Vec::new() }
    }
}

impl Document for Failure {
    const VERSION: u64 = 1;
}

/// The right to work on a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// New for every claim, so that it tells one worker from the next, in the same program as well.
    pub token: Uuid,
    /// When it runs out unless it is renewed.
    #[serde(with = "millis_format")]
    pub until: Timestamp,
}

/// How far a worker has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// What to show.
    pub progress: Progress,
    /// What to go on from; none when the computation can only begin anew.
    pub state: Option<Value>,
}

/// What a worker says of the job that it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// It is at work until then at least.
    Renewed {
        /// When the lease runs out next.
        #[serde(with = "millis_format")]
        until: Timestamp,
        /// How far it is, when there is news.
        checkpoint: Option<Checkpoint>,
    },
    /// It stops, and whoever comes next may go on.
    Released {
        /// How far it came, when there is news.
        checkpoint: Option<Checkpoint>,
    },
    /// It is done.
    Completed {
        /// What to show for ever.
        progress: Progress,
        /// What was found.
        result: Option<Value>,
    },
    /// It cannot be done.
    Failed(Failure),
}

/// The job is no longer the worker's: another one has claimed it, or it was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the job is held by another worker, or has ended")]
pub struct LeaseLost;

impl Job {
    /// A job that waits for a worker.
    #[must_use]
    pub fn queue(job_id: JobId, game_id: GameId, request: JobRequest, now: Timestamp) -> Self {
        let progress = match &request {
            JobRequest::Simulation { plan } => Progress { total: Some(plan.rounds), ..Progress::default() },
            JobRequest::Profile { .. } => Progress::default(),
        };
        Self {
            job_id,
            game_id,
            request,
            state: JobState::Queued,
            progress,
            checkpoint: None,
            result: None,
            failure: None,
            lapses: 0,
            lease: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether a worker may claim the job: it waits, or its worker's lease has run out.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        match self.state {
            JobState::Queued => true,
            JobState::Running => self.lease.is_none_or(|lease| lease.until <= now),
            JobState::Completed | JobState::Failed | JobState::Cancelled => false,
        }
    }

    /// Hands the job to a worker. One that [`MAX_LAPSES`] workers in a row have left without a word is failed
    /// instead: it may be what ended them.
    ///
    /// # Errors
    /// [`LeaseLost`] when the job is not due.
    pub fn claim(self, lease: Lease, now: Timestamp) -> Result<Self, LeaseLost> {
        if !self.is_due(now) {
            return Err(LeaseLost);
        }
        let lapses = self.lapses + u32::from(self.state == JobState::Running);
        let job = Self { lapses, updated_at: now, ..self };
        if lapses < MAX_LAPSES {
            return Ok(Self { state: JobState::Running, lease: Some(lease), ..job });
        }
        let reason = format!("{lapses} workers in a row stopped in the midst of it without getting any further");
        Ok(job.fail(Failure::new(reason)))
    }

    /// Takes what the worker with that token says.
    ///
    /// A lease that has run out still holds until somebody else claims the job.
    ///
    /// # Errors
    /// [`LeaseLost`] when the job is not that worker's.
    pub fn update(self, token: Uuid, update: Update, now: Timestamp) -> Result<Self, LeaseLost> {
        if self.state != JobState::Running || self.lease.is_none_or(|lease| lease.token != token) {
            return Err(LeaseLost);
        }
        let job = Self { updated_at: now, ..self };
        Ok(match update {
            Update::Renewed { until, checkpoint } => {
                let lease = Some(Lease { token, until });
                Self { lease, ..job.advance(checkpoint) }
            }
            Update::Released { checkpoint } => Self { state: JobState::Queued, lease: None, ..job.advance(checkpoint) },
            Update::Completed { progress, result } => Self { progress, result, ..job.end(JobState::Completed) },
            Update::Failed(failure) => job.fail(failure),
        })
    }

    /// Ends the job before it is done. What was counted until its last checkpoint stays in its progress.
    /// Cancelling it once more changes nothing.
    ///
    /// # Errors
    /// [`Refusal::JobEnded`] when it is completed or failed.
    pub fn cancel(self, now: Timestamp) -> Result<Self, Refusal> {
        match self.state {
            JobState::Queued | JobState::Running => Ok(Self { updated_at: now, ..self }.end(JobState::Cancelled)),
            JobState::Cancelled => Ok(self),
            JobState::Completed | JobState::Failed => Err(Refusal::JobEnded { state: self.state }),
        }
    }

    fn advance(self, checkpoint: Option<Checkpoint>) -> Self {
        let Some(Checkpoint { progress, state }) = checkpoint else { return self };
        // Only what the next worker can go on from is any further.
        let lapses = if state.is_some() { 0 } else { self.lapses };
        Self { lapses, progress, checkpoint: state.or(self.checkpoint), ..self }
    }

    fn fail(self, failure: Failure) -> Self {
        Self { failure: Some(failure), ..self.end(JobState::Failed) }
    }

    /// Ends the job. There is nothing to go on from then, and nobody who holds it.
    fn end(self, state: JobState) -> Self {
        Self { state, checkpoint: None, lease: None, ..self }
    }
}
