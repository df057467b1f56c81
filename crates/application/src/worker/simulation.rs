//! A simulation, from its start or from its last checkpoint.

use std::num::NonZeroUsize;

use reelhouse_domain::document;
use reelhouse_domain::game::{Definition, Engine};
use reelhouse_domain::job::Job;
use reelhouse_domain::simulation::{self, Rounds, SimulationError, SimulationPlan, State, simulate_rounds};

use super::Ended;
use super::watch::{Watch, value_of};
use crate::error::Error;

/// Simulates to the end, or until the watch says stop.
pub(super) fn run(
    definition: &Definition,
    plan: &SimulationPlan,
    job: &Job,
    threads: NonZeroUsize,
    watch: &Watch,
) -> Result<Ended, Error> {
    let unit_bet = Engine::compile(definition).unit_bet();
    let rounds = Rounds::compile(definition);
    let ended = match simulate_from(definition, &rounds, plan, checkpoint_of(job), threads, watch) {
        Ok(ended) => ended,
        Err(error) => return Ok(Ended::failed(error.to_string())),
    };
    if !ended.state.complete {
        let counted = ended.state.blocks > 0;
        let checkpoint = counted.then(|| watch.checkpoint_of(&ended.state, unit_bet));
        return Ok(Ended::Stopped(checkpoint.transpose()?));
    }
    let Some(report) = &ended.report else { return Ok(Ended::failed("no round was played")) };
    let progress = watch.progress(&ended.state, unit_bet);
    Ok(Ended::Completed { progress, result: Some(value_of(report)?), profile: None })
}

/// Simulates from a state; from the start, when the state is not of this simulation as this program plays
/// it. That costs time but changes nothing: a plan has one result.
pub(super) fn simulate_from(
    definition: &Definition,
    rounds: &Rounds,
    plan: &SimulationPlan,
    from: Option<State>,
    threads: NonZeroUsize,
    watch: &Watch,
) -> Result<simulation::Ended, SimulationError> {
    let monitor = watch.over(Engine::compile(definition).unit_bet());
    match simulate_rounds(definition, rounds, plan, from, threads, &monitor) {
        Err(SimulationError::State) => simulate_rounds(definition, rounds, plan, None, threads, &monitor),
        ended => ended,
    }
}

/// The state that the job's last worker left.
fn checkpoint_of(job: &Job) -> Option<State> {
    let checkpoint = job.checkpoint.as_ref()?;
    let read = document::read(&checkpoint.to_string());
    read.inspect_err(|error| tracing::warn!(%error, job_id = %job.job_id, "a checkpoint does not read")).ok()
}
