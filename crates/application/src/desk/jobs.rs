//! Jobs: they are queued, claimed, told of and ended.

use std::time::Duration;

use reelhouse_domain::game::readiness;
use reelhouse_domain::job::{Job, JobKind, JobRequest, JobState, Lease, Update};
use reelhouse_domain::simulation::PlanError;
use reelhouse_domain::{GameId, JobId, Refusal, Shard};
use serde_json::Value;
use uuid::Uuid;

use super::{Desk, Held};
use crate::command::Answer;
use crate::error::Error;
use crate::simulations::{JobView, SimulationDraft};

/// When a caller should come back to a full queue.
const QUEUE_RETRY_AFTER: Duration = Duration::from_secs(30);

impl Desk<'_> {
    pub(super) fn simulation_create(&mut self, draft: &SimulationDraft, shard: Shard) -> Result<Answer, Error> {
        let playable = self.playable(draft.game_id)?;
        let plan = draft.plan(self.tools.randomness)?;
        plan.check(&playable.engine).map_err(|error| refused(&error, draft))?;
        let job = self.queue_job(draft.game_id, JobRequest::Simulation { plan }, shard)?;
        Ok(Answer::Simulation(Box::new(JobView::of(job)?)))
    }

    pub(super) fn simulation_cancel(&mut self, job_id: JobId) -> Result<Answer, Error> {
        let found = self.jobs.get_mut(&job_id);
        let simulation = found.filter(|held| held.value.request.kind() == JobKind::Simulation);
        let held = simulation.ok_or_else(|| Refusal::not_found("simulation", job_id))?;
        let before = held.value.state;
        held.value = held.value.clone().cancel(self.tools.now)?;
        // An ended job is never written again, also when nothing would change.
        held.changed |= held.value.state != before;
        Ok(Answer::Simulation(Box::new(JobView::of(held.value.clone())?)))
    }

    pub(super) fn job_claim(&mut self, job_id: JobId, lease: Lease) -> Answer {
        let Some(held) = self.jobs.get_mut(&job_id) else { return Answer::Claimed(None) };
        let Ok(job) = held.value.clone().claim(lease, self.tools.now) else { return Answer::Claimed(None) };
        *held = Held { value: job.clone(), changed: true, ..*held };
        if job.state == JobState::Running {
            return Answer::Claimed(Some(Box::new(job)));
        }
        self.reject_game_of(&job);
        Answer::Claimed(None)
    }

    pub(super) fn job_update(
        &mut self,
        job_id: JobId,
        token: Uuid,
        update: &Update,
        profile: Option<&Value>,
    ) -> Answer {
        let Some(held) = self.jobs.get_mut(&job_id) else { return Answer::Held(false) };
        let Ok(job) = held.value.clone().update(token, update.clone(), self.tools.now) else {
            return Answer::Held(false);
        };
        *held = Held { value: job.clone(), changed: true, ..*held };
        match profile {
            Some(profile) => self.changes.profiles.push((job.game_id, profile.clone())),
            None => self.reject_game_of(&job),
        }
        Answer::Held(true)
    }

    /// Takes a job into the queue, if there is room.
    pub(super) fn queue_job(&mut self, game_id: GameId, request: JobRequest, shard: Shard) -> Result<Job, Error> {
        let waiting = self.queue.entry(request.kind()).or_default();
        if *waiting >= self.tools.waiting_jobs {
            return Err(Error::QueueFull { waiting: *waiting, retry_after: QUEUE_RETRY_AFTER });
        }
        *waiting += 1;
        let job_id = JobId::mint(self.tools.now, shard, self.tools.randomness);
        let job = Job::queue(job_id, game_id, request, self.tools.now);
        self.jobs.insert(job_id, Held { value: job.clone(), created: true, changed: true });
        Ok(job)
    }

    /// A game whose profile could not be computed is not left waiting for it.
    fn reject_game_of(&mut self, job: &Job) {
        if let (JobKind::Profile, Some(failure)) = (job.request.kind(), &job.failure) {
            let profile = readiness::rejected_profile(&failure.reason, &failure.faults, None);
            self.changes.profiles.push((job.game_id, profile));
        }
    }
}

/// The refusal of a plan that does not fit the game, in the words of the request.
fn refused(error: &PlanError, draft: &SimulationDraft) -> Refusal {
    let pointer = match error {
        PlanError::Stake { unit, most } => {
            return Refusal::InvalidStake { stake: draft.stake, unit_bet: *unit, max_stake: *most };
        }
        PlanError::Rounds => "/rounds",
        PlanError::HalfWidth => "/half_width",
        PlanError::SessionRounds => "/session_rounds",
        PlanError::StartingBalance => "/starting_balance",
        PlanError::MaxBet => "/max_bet",
    };
    Refusal::invalid_request(pointer, error.to_string())
}
