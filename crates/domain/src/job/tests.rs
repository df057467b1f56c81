//! Tests of jobs: who may claim them, whose word counts, how they end.

use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::id::Shard;
use crate::time::from_millis;

fn noon() -> Timestamp {
    from_millis(1_767_268_800_000).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    noon() + TimeDelta::seconds(seconds)
}

fn plan() -> SimulationPlan {
    SimulationPlan { rounds: 1000, seed: 1, stake: "0.05".parse().unwrap(), half_width: None, player: None }
}

fn queued() -> Job {
    let id = |random| crate::id::mint(noon(), Shard::default(), random);
    Job::queue(JobId(id(1)), GameId(id(2)), JobRequest::Simulation { plan: plan() }, noon())
}

fn lease(token: u128, seconds: i64) -> Lease {
    Lease { token: Uuid::from_u128(token), until: at(seconds) }
}

fn checkpoint(done: u64) -> Checkpoint {
    Checkpoint { progress: Progress { done, ..Progress::default() }, state: Some(json!({ "blocks": done })) }
}

fn renewed(seconds: i64, done: Option<u64>) -> Update {
    Update::Renewed { until: at(seconds), checkpoint: done.map(checkpoint) }
}

#[test]
fn a_job_that_is_held_is_not_claimed_until_the_lease_runs_out() {
    let first = queued().claim(lease(1, 10), at(0)).unwrap();
    assert_eq!(first.state, JobState::Running);
    assert_eq!(first.clone().claim(lease(2, 20), at(9)), Err(LeaseLost));
    let second = first.claim(lease(2, 20), at(10)).unwrap();
    assert_eq!(second.lease, Some(lease(2, 20)));
}

#[test]
fn only_the_last_token_counts_and_also_when_its_lease_has_run_out() {
    let first = queued().claim(lease(1, 10), at(0)).unwrap();
    let late = first.clone().update(Uuid::from_u128(1), renewed(60, Some(7)), at(50)).unwrap();
    assert_eq!(late.lease, Some(lease(1, 60)));
    let second = first.claim(lease(2, 20), at(10)).unwrap();
    for update in [
        renewed(60, Some(7)),
        Update::Released { checkpoint: None },
        Update::Completed { progress: Progress::default(), result: Some(json!({})) },
        Update::Failed(Failure::new("x")),
    ] {
        assert_eq!(second.clone().update(Uuid::from_u128(1), update, at(11)), Err(LeaseLost));
    }
    assert!(second.update(Uuid::from_u128(2), renewed(60, None), at(11)).is_ok());
}

#[test]
fn a_released_job_waits_again_with_its_checkpoint() {
    let held = queued().claim(lease(1, 10), at(0)).unwrap();
    let held = held.update(Uuid::from_u128(1), renewed(20, Some(5)), at(5)).unwrap();
    let free = held.update(Uuid::from_u128(1), Update::Released { checkpoint: None }, at(6)).unwrap();
    assert_eq!((free.state, free.lease, free.lapses), (JobState::Queued, None, 0));
    assert_eq!((free.progress.done, free.checkpoint), (5, Some(json!({ "blocks": 5 }))));
}

#[test]
fn a_job_that_ends_its_workers_is_given_up_unless_it_gets_further() {
    let mut job = queued().claim(lease(0, 1), at(0)).unwrap();
    for token in 1..u128::from(MAX_LAPSES) {
        job = job.claim(lease(token, 1), at(1)).unwrap();
        assert_eq!(job.state, JobState::Running);
    }
    let further = job.clone().update(Uuid::from_u128(u128::from(MAX_LAPSES) - 1), renewed(1, Some(1)), at(1)).unwrap();
    assert_eq!(further.claim(lease(99, 1), at(1)).unwrap().state, JobState::Running);
    let given_up = job.claim(lease(99, 1), at(1)).unwrap();
    assert_eq!((given_up.state, given_up.lease), (JobState::Failed, None));
    assert!(given_up.failure.unwrap().reason.contains("5 workers"));
}

#[test]
fn an_ended_job_stays_ended() {
    let token = Uuid::from_u128(1);
    let held = queued().claim(lease(1, 10), at(0)).unwrap();
    let done = Update::Completed { progress: Progress::default(), result: Some(json!({})) };
    let completed = held.clone().update(token, done, at(1)).unwrap();
    let failed = held.clone().update(token, Update::Failed(Failure::new("x")), at(1)).unwrap();
    let cancelled = held.cancel(at(1)).unwrap();
    for job in [&completed, &failed, &cancelled] {
        assert!(!job.is_due(at(1_000_000)) && job.lease.is_none() && job.checkpoint.is_none());
        assert_eq!(job.clone().claim(lease(2, 20), at(99)), Err(LeaseLost));
        assert_eq!(job.clone().update(token, renewed(60, None), at(2)), Err(LeaseLost));
    }
    assert_eq!(completed.cancel(at(2)), Err(Refusal::JobEnded { state: JobState::Completed }));
    assert_eq!(failed.cancel(at(2)), Err(Refusal::JobEnded { state: JobState::Failed }));
    assert_eq!(cancelled.clone().cancel(at(2)), Ok(cancelled));
}

#[test]
fn a_queued_job_may_be_cancelled_and_names_read_back() {
    assert_eq!(queued().cancel(at(1)).unwrap().state, JobState::Cancelled);
    assert_eq!(JobState::ALL.map(|state| JobState::named(state.name())), JobState::ALL.map(Some));
    assert_eq!(JobKind::ALL.map(|kind| JobKind::named(kind.name())), JobKind::ALL.map(Some));
    assert_eq!(JobState::named("Queued"), None);
}
