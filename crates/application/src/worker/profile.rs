//! A game's profile: exact where the budget of a job allows it, else from simulated rounds.

use std::num::NonZeroUsize;

use reelhouse_domain::document::{self, Document};
use reelhouse_domain::game::definition::fault::Fault;
use reelhouse_domain::game::profile::{Budget, Computed, Method, compute, simulated_profile};
use reelhouse_domain::game::{Definition, Engine, StatisticalProfile, readiness};
use reelhouse_domain::job::{Failure, Job, Progress};
use reelhouse_domain::simulation::{Rounds, SimulationPlan, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ended;
use super::simulation::simulate_from;
use super::watch::Watch;
use crate::error::Error;
use crate::profiling::write;

/// The most rounds of a simulated profile.
const ROUNDS: u64 = 100_000_000;
/// The half-width of the 95 % interval of the RTP at which a simulated profile is good enough.
const HALF_WIDTH: f64 = 0.001;
/// The seed of a simulated profile: the same for every game, so that anyone can have the same figures.
const SEED: u64 = 1;

/// What a profile from simulated rounds goes on from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ProfileState {
    /// The figures that could be counted exactly.
    pub(super) known: StatisticalProfile,
    /// The rounds so far.
    pub(super) simulation: State,
}

impl Document for ProfileState {
    const VERSION: u64 = 1;
}

/// Computes the profile and holds a declared one against it.
pub(super) fn run(
    definition: &Definition,
    declared: Option<&Value>,
    job: &Job,
    threads: NonZeroUsize,
    watch: &Watch,
) -> Result<Ended, Error> {
    let (known, from) = match left_behind(job) {
        Some(state) => (state.known, Some(state.simulation)),
        None => match compute(definition, threads, Budget::BACKGROUND, &watch.over_count()) {
            Computed::Whole(profile) => return conclude(&profile, declared, watch.last()),
            Computed::Partial(known, _) => (*known, None),
            Computed::Cancelled => return Ok(Ended::Stopped(None)),
        },
    };
    watch.knows(known.clone());
    let engine = Engine::compile(definition);
    let stake = engine.unit_bet();
    let plan = SimulationPlan { rounds: ROUNDS, seed: SEED, stake, half_width: Some(HALF_WIDTH), player: None };
    let rounds = Rounds::for_profile(definition, &known);
    let state = match simulate_from(definition, &rounds, &plan, from, threads, watch) {
        Ok(ended) => ended.state,
        Err(error) => return Ok(Ended::failed(error.to_string())),
    };
    if !state.complete {
        let checkpoint = (state.blocks > 0).then(|| watch.checkpoint_of(&state, stake));
        return Ok(Ended::Stopped(checkpoint.transpose()?));
    }
    match state.for_profile(&engine) {
        Some(rounds) => conclude(&simulated_profile(&known, &rounds), declared, watch.progress(&state, stake)),
        None => Ok(Ended::failed("no round was played")),
    }
}

/// The end of a job whose profile is there: it is completed, or failed when the declared profile differs.
fn conclude(profile: &StatisticalProfile, declared: Option<&Value>, progress: Progress) -> Result<Ended, Error> {
    let document = write(profile)?;
    let faults = declared.map(|declared| differences(profile, declared)).unwrap_or_default();
    if faults.is_empty() {
        let progress = Progress { total: Some(progress.done), ..progress };
        return Ok(Ended::Completed { progress, result: None, profile: Some(document) });
    }
    let reason = "the declared profile differs from the computed one";
    let rejected = readiness::rejected_profile(reason, &faults, Some(&document));
    Ok(Ended::Failed { failure: Failure { reason: reason.to_owned(), faults }, profile: Some(rejected) })
}

/// Every figure that was declared otherwise. Of a simulated profile that is the RTP alone: an exact one as it is, a
/// simulated one when it lies beyond the widest interval. No other declared figure could be told from chance.
fn differences(profile: &StatisticalProfile, declared: &Value) -> Vec<Fault> {
    let compare = |declared: &Value| profile.compare(declared).err().map(|faults| faults.0).unwrap_or_default();
    if profile.method != Method::Simulated {
        return compare(declared);
    }
    if profile.has_exact_return() {
        return declared.get("rtp").map(|rtp| compare(&json!({ "rtp": rtp }))).unwrap_or_default();
    }
    let figure = &declared["rtp"]["total"]["percent"];
    let number = |text: &str| text.parse::<f64>().ok();
    let declared = figure.as_f64().or_else(|| figure.as_str().and_then(number));
    let computed = profile.rtp.as_ref().and_then(|rtp| number(&rtp.total.percent));
    let interval = profile.simulation.as_ref().and_then(|source| source.rtp_intervals.last());
    let reach = interval.and_then(|interval| number(&interval.half_width_percent));
    let (Some(declared), Some(computed), Some(reach)) = (declared, computed, reach) else { return Vec::new() };
    if (declared - computed).abs() <= reach {
        return Vec::new();
    }
    let reason = format!("declared {declared} %, simulated {computed} % ± {reach} % at the widest interval");
    vec![Fault { pointer: "/statistical_profile/rtp/total/percent".to_owned(), reason }]
}

/// What the job's last worker left.
fn left_behind(job: &Job) -> Option<ProfileState> {
    let checkpoint = job.checkpoint.as_ref()?;
    let read = document::read(&checkpoint.to_string());
    read.inspect_err(|error| tracing::warn!(%error, job_id = %job.job_id, "a checkpoint does not read")).ok()
}
