//! Simulations: queue one, watch it, end it. They are carried out by the workers.

use reelhouse_domain::document;
use reelhouse_domain::game::{Game, Readiness};
use reelhouse_domain::id::Randomness;
use reelhouse_domain::job::{Failure, Job, JobKind, JobRequest, JobState, Lease, Progress, Update};
use reelhouse_domain::ports::JobFilter;
use reelhouse_domain::simulation::{Behavior, Player, Report, SimulationPlan};
use reelhouse_domain::time::millis_format;
use reelhouse_domain::{GameId, JobId, Money, Refusal, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::command::{Answer, Command};
use crate::error::Error;
use crate::house::{House, misanswered};
use crate::page::Page;

/// The seeds that are drawn where none is given have so many bits: every JSON reader holds such a number.
const SEED_BITS: u32 = 53;
/// How many rounds a player's session has where nobody says.
const SESSION_ROUNDS: u64 = 1000;
/// How many stakes a player starts with where nobody says.
const STARTING_STAKES: i64 = 100;

/// A simulation as it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SimulationDraft {
    /// The game to simulate.
    pub game_id: GameId,
    /// How many rounds at most.
    pub rounds: u64,
    /// The seed of the generator; one is drawn where there is none.
    pub seed: Option<u64>,
    /// The stake of a round; with a player the lowest one.
    pub stake: Money,
    /// Stop once the 95 % interval of the RTP reaches no further than this to either side, as a part of 1.
    pub half_width: Option<f64>,
    /// Whose bankroll to follow, if anyone's.
    pub player: Option<PlayerDraft>,
}

/// A player as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlayerDraft {
    /// How stakes are chosen.
    pub behavior: Behavior,
    /// The balance at the start of every session; 100 stakes where none is given.
    pub starting_balance: Option<Money>,
    /// After how many rounds a session ends; 1000 where nothing is given.
    pub session_rounds: Option<u64>,
    /// The largest stake, if it is not the game's own.
    pub max_bet: Option<Money>,
}

impl SimulationDraft {
    /// The plan, with what was left open decided.
    pub(crate) fn plan(&self, randomness: &dyn Randomness) -> Result<SimulationPlan, Refusal> {
        let player = self.player.as_ref().map(|player| {
            let hundred = || self.stake.units().checked_mul(STARTING_STAKES).map(Money::from_units);
            Ok(Player {
                behavior: player.behavior,
                starting_balance: player.starting_balance.or_else(hundred).ok_or_else(|| {
                    Refusal::invalid_request("/starting_balance", "100 stakes are too much, so say how much")
                })?,
                session_rounds: player.session_rounds.unwrap_or(SESSION_ROUNDS),
                max_bet: player.max_bet,
            })
        });
        Ok(SimulationPlan {
            rounds: self.rounds,
            seed: self.seed.unwrap_or_else(|| randomness.id_bits() >> (u64::BITS - SEED_BITS)),
            stake: self.stake,
            half_width: self.half_width,
            player: player.transpose()?,
        })
    }
}

/// A job as callers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// The job's id.
    pub job_id: JobId,
    /// The game that it is about.
    pub game_id: GameId,
    /// What is to be done.
    pub request: JobRequest,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub progress: Progress,
    /// What a completed simulation found.
    pub report: Option<Report>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// When it was asked for.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "millis_format")]
    pub updated_at: Timestamp,
}

impl JobView {
    /// What may be shown of the job.
    ///
    /// # Errors
    /// [`Error::Internal`] when its result is not a report that this program reads.
    pub(crate) fn of(job: Job) -> Result<Self, Error> {
        let read = |result: &Value| document::read::<Report>(&result.to_string());
        let unreadable = |error| Error::Internal(format!("the result of job {} does not read: {error}", job.job_id));
        Ok(Self {
            report: job.result.as_ref().map(read).transpose().map_err(unreadable)?,
            job_id: job.job_id,
            game_id: job.game_id,
            request: job.request,
            state: job.state,
            progress: job.progress,
            failure: job.failure,
            created_at: job.created_at,
            updated_at: job.updated_at,
        })
    }
}

impl House {
    /// Queues a simulation.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the game; [`Refusal::InvalidStake`] and [`Refusal::InvalidRequest`] for a plan
    /// that does not fit it; [`Error::QueueFull`].
    pub async fn simulation_create(&self, draft: SimulationDraft, key: Option<String>) -> Result<JobView, Error> {
        match self.submit(Command::SimulationCreate(draft), key).await? {
            Answer::Simulation(job) => {
                self.queued.notify_waiters();
                Ok(*job)
            }
            _ => misanswered(),
        }
    }

    /// Ends a simulation before it is done. What it had counted by its last checkpoint stays in its progress.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::JobEnded`] for one that is completed or failed.
    pub async fn simulation_cancel(&self, job_id: JobId, key: Option<String>) -> Result<JobView, Error> {
        match self.submit(Command::SimulationCancel { job_id }, key).await? {
            Answer::Simulation(job) => Ok(*job),
            _ => misanswered(),
        }
    }

    /// The simulation of that id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn simulation_find(&self, job_id: JobId) -> Result<JobView, Error> {
        let found = self.ports.jobs.job_find(job_id).await?;
        let simulation = found.filter(|job| job.request.kind() == JobKind::Simulation);
        JobView::of(simulation.ok_or_else(|| Refusal::not_found("simulation", job_id))?)
    }

    /// A page of the simulations of a game, or of all, in that state, or in any.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn simulation_list(
        &self,
        game_id: Option<GameId>,
        state: Option<JobState>,
        after: Option<JobId>,
        limit: u32,
    ) -> Result<Page<JobView, JobId>, Error> {
        let filter = JobFilter { kind: Some(JobKind::Simulation), game_id, state };
        let jobs = self.ports.jobs.job_list(filter, after, limit + 1).await?;
        let page = Page::cut(jobs, limit, |job| job.job_id);
        let items = page.items.into_iter().map(JobView::of).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    /// The job that computes the profile of a game, or that could not; none for a game that is ready.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn profile_job(&self, game: &Game) -> Result<Option<JobView>, Error> {
        if game.readiness() == Readiness::Ready {
            return Ok(None);
        }
        self.ports.jobs.job_latest(game.game_id, JobKind::Profile).await?.map(JobView::of).transpose()
    }

    /// Claims the job of a kind that has waited longest, if there is one that is due.
    pub(crate) async fn job_claim(&self, kind: JobKind, lease: Lease) -> Result<Option<Job>, Error> {
        // A few at once: the first ones may be gone by the time they are locked.
        for job_id in self.ports.jobs.job_due_list(kind, self.ports.clock.now(), 8).await? {
            match self.submit(Command::JobClaim { job_id, lease }, None).await? {
                Answer::Claimed(Some(job)) => return Ok(Some(*job)),
                Answer::Claimed(None) => {}
                _ => return misanswered(),
            }
        }
        Ok(None)
    }

    /// Says something of a job; tells whether it is still the worker's.
    pub(crate) async fn job_update(
        &self,
        job_id: JobId,
        token: Uuid,
        update: Update,
        profile: Option<Value>,
    ) -> Result<bool, Error> {
        match self.submit(Command::JobUpdate { job_id, token, update, profile }, None).await? {
            Answer::Held(held) => Ok(held),
            _ => misanswered(),
        }
    }
}
