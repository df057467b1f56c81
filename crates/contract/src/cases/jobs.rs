//! Jobs: what is written reads back, one of many claims, and what has ended stays.

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::game::{Fault, readiness};
use reelhouse_domain::job::{Checkpoint, Failure, Job, JobKind, JobRequest, JobState, Lease, Progress, Update};
use reelhouse_domain::job::{LeaseLost, RunningRtp};
use reelhouse_domain::ports::{Changes, JobFilter, Needs};
use reelhouse_domain::simulation::statistics::Interval;
use reelhouse_domain::simulation::{Behavior, Player, SimulationPlan};
use reelhouse_domain::{GameId, JobId, Timestamp};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::Store;
use crate::fixtures::{House, SHARD, batch, credits, noon};
use crate::work::{begin, in_time, save, try_save};

fn at(seconds: i64) -> Timestamp {
    noon() + TimeDelta::seconds(seconds)
}

fn plan() -> SimulationPlan {
    SimulationPlan { rounds: 1_000_000, seed: 7, stake: credits("0.10"), half_width: None, player: None }
}

/// A plan with every option, at the ends of the ranges.
fn whole_plan() -> SimulationPlan {
    let player = Player {
        behavior: Behavior::Adaptive,
        starting_balance: credits("100.0001"),
        session_rounds: 1000,
        max_bet: Some(credits("5")),
    };
    SimulationPlan { seed: u64::MAX, half_width: Some(1e-9), player: Some(player), ..plan() }
}

fn simulation(house: &House, game_id: GameId, seconds: i64) -> Job {
    let id = JobId::mint(at(seconds), SHARD, &house.randomness);
    Job::queue(id, game_id, JobRequest::Simulation { plan: plan() }, at(seconds))
}

fn profile(house: &House, game_id: GameId, seconds: i64) -> Job {
    let declared = Some(json!({ "rtp": { "total": { "percent": 95.0 } }, "note": "é\u{1F3B0}" }));
    let id = JobId::mint(at(seconds), SHARD, &house.randomness);
    Job::queue(id, game_id, JobRequest::Profile { declared }, at(seconds))
}

fn created(jobs: &[Job]) -> Changes {
    Changes { jobs_created: jobs.to_vec(), ..Changes::default() }
}

fn updated(job: &Job) -> Changes {
    Changes { jobs_updated: vec![job.clone()], ..Changes::default() }
}

fn needs_job(job: &Job) -> Needs {
    Needs { jobs: [job.job_id].into(), ..Needs::default() }
}

fn lease(token: u128, seconds: i64) -> Lease {
    Lease { token: Uuid::from_u128(token), until: at(seconds) }
}

fn checkpoint() -> Checkpoint {
    let interval = |confidence| Interval { confidence, low: 0.1, high: 0.300_000_000_000_000_04 };
    let rtp = RunningRtp { value: 1e-7, intervals: [90, 95, 99].map(interval) };
    let progress = Progress { done: 3, total: Some(u64::MAX), per_second: Some(1e17), rtp: Some(rtp) };
    Checkpoint { progress, state: Some(json!({ "blocks": 3, "won": "340282366920938463463374607431768211455" })) }
}

/// The job as every read gives it.
async fn finds(store: &dyn Store, job: &Job) {
    assert_eq!(store.job_find(job.job_id).await.unwrap().as_ref(), Some(job));
    let (snapshot, unit) = begin(store, &needs_job(job)).await;
    assert_eq!(snapshot.jobs.get(&job.job_id), Some(job));
    unit.rollback().await.unwrap();
}

/// A job that waits reads back equal, of either kind; one that was never written is not found.
pub async fn a_queued_job_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let jobs = [simulation(&house, house.game.game_id, 0), profile(&house, house.game.game_id, 1)];
    save(&*store, &batch([house.opening(), created(&jobs)])).await;
    finds(&*store, &jobs[0]).await;
    finds(&*store, &jobs[1]).await;
    let nothing = simulation(&house, house.game.game_id, 2);
    assert_eq!(store.job_find(nothing.job_id).await, Ok(None));
    let (snapshot, unit) = begin(&*store, &needs_job(&nothing)).await;
    assert!(snapshot.jobs.is_empty());
    unit.rollback().await.unwrap();
    assert!(try_save(&*store, &created(&[Job { game_id: GameId(nothing.job_id.0), ..nothing }])).await.is_err());
}

/// A job that is claimed, has come some way and has every option in its plan reads back equal.
pub async fn a_job_with_all_its_options_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let whole = JobRequest::Simulation { plan: whole_plan() };
    let job = Job { request: whole, ..simulation(&house, house.game.game_id, 0) };
    let job = job.claim(lease(u128::MAX, 30), at(1)).unwrap();
    let renewed = Update::Renewed { until: at(40), checkpoint: Some(checkpoint()) };
    let job = Job { lapses: 4, ..job.update(Uuid::from_u128(u128::MAX), renewed, at(2)).unwrap() };
    save(&*store, &batch([house.opening(), created(std::slice::from_ref(&job))])).await;
    finds(&*store, &job).await;
}

/// An update replaces every field of a job that can change, and optional ones both ways.
pub async fn a_job_update_writes_every_field(store: Arc<dyn Store>) {
    let house = House::new();
    let job = simulation(&house, house.game.game_id, 0);
    save(&*store, &batch([house.opening(), created(std::slice::from_ref(&job))])).await;
    let token = Uuid::from_u128(1);
    let claimed = job.claim(lease(1, 30), at(1)).unwrap();
    let renewed = Update::Renewed { until: at(40), checkpoint: Some(checkpoint()) };
    let renewed = claimed.clone().update(token, renewed, at(2)).unwrap();
    let released = renewed.clone().update(token, Update::Released { checkpoint: None }, at(3)).unwrap();
    let again = released.clone().claim(lease(2, 50), at(4)).unwrap();
    let lapsed = again.clone().claim(lease(1, 90), at(60)).unwrap();
    let result = json!({ "rtp": 0.957_2, "final_balance": [[50, "1.0000"]], "best_win": 12.0 });
    let done = Update::Completed { progress: checkpoint().progress, result: Some(result) };
    let done = lapsed.clone().update(token, done, at(61)).unwrap();
    for job in [claimed, renewed, released, again, lapsed, done] {
        save(&*store, &updated(&job)).await;
        finds(&*store, &job).await;
    }
    let mut failed = profile(&house, house.game.game_id, 5).claim(lease(1, 30), at(6)).unwrap();
    save(&*store, &created(std::slice::from_ref(&failed))).await;
    let fault = Fault { pointer: "/statistical_profile/rtp".to_owned(), reason: "declared 1, computed 2".to_owned() };
    let failure = Failure { reason: "it differs".to_owned(), faults: vec![fault] };
    failed = failed.update(token, Update::Failed(failure), at(7)).unwrap();
    save(&*store, &updated(&failed)).await;
    finds(&*store, &failed).await;
}

/// Lists are filtered by kind, game and state, and come in the order of ids after a key.
pub async fn jobs_are_filtered_and_come_in_pages(store: Arc<dyn Store>) {
    let house = House::new();
    let other = house.game_numbered(1);
    let mut jobs: Vec<Job> = (0..4).map(|seconds| simulation(&house, house.game.game_id, seconds)).collect();
    jobs.push(profile(&house, house.game.game_id, 4));
    jobs.push(simulation(&house, other.game_id, 5));
    jobs[1] = jobs[1].clone().cancel(at(9)).unwrap();
    let games = Changes { games: vec![other.clone()], ..Changes::default() };
    save(&*store, &batch([house.opening(), games, created(&jobs)])).await;
    let kind = Some(JobKind::Simulation);
    for (filter, expected) in [
        (JobFilter::default(), vec![0, 1, 2, 3, 4, 5]),
        (JobFilter { kind, ..JobFilter::default() }, vec![0, 1, 2, 3, 5]),
        (JobFilter { game_id: Some(other.game_id), ..JobFilter::default() }, vec![5]),
        (JobFilter { kind, state: Some(JobState::Cancelled), ..JobFilter::default() }, vec![1]),
        (JobFilter { kind, game_id: Some(house.game.game_id), state: Some(JobState::Queued) }, vec![0, 2, 3]),
    ] {
        let expected: Vec<Job> = expected.into_iter().map(|at: usize| jobs[at].clone()).collect();
        assert_eq!(store.job_list(filter, None, 100).await, Ok(expected.clone()), "{filter:?}");
        let mut after = None;
        for job in &expected {
            assert_eq!(store.job_list(filter, after, 1).await, Ok(vec![job.clone()]), "{filter:?}");
            after = Some(job.job_id);
        }
        assert_eq!(store.job_list(filter, after, 1).await, Ok(vec![]), "{filter:?}");
    }
}

/// A job is due while it waits and when its lease has run out, and not when it has ended.
pub async fn jobs_are_due_when_queued_or_left(store: Arc<dyn Store>) {
    let house = House::new();
    let mut jobs: Vec<Job> = (0..4).map(|seconds| simulation(&house, house.game.game_id, seconds)).collect();
    jobs[1] = jobs[1].clone().claim(lease(1, 30), at(5)).unwrap();
    jobs[2] = jobs[2].clone().cancel(at(5)).unwrap();
    let other = profile(&house, house.game.game_id, 4);
    save(&*store, &batch([house.opening(), created(&jobs), created(std::slice::from_ref(&other))])).await;
    let ids = |chosen: &[usize]| chosen.iter().map(|at| jobs[*at].job_id).collect::<Vec<_>>();
    let kind = JobKind::Simulation;
    assert_eq!(store.job_due_list(kind, at(29), 10).await, Ok(ids(&[0, 3])));
    assert_eq!(store.job_due_list(kind, at(30), 10).await, Ok(ids(&[0, 1, 3])));
    assert_eq!(store.job_due_list(kind, at(30), 2).await, Ok(ids(&[0, 1])));
    assert_eq!(store.job_due_list(JobKind::Profile, at(0), 10).await, Ok(vec![other.job_id]));
}

/// The job of a kind that was made last for a game is found, whatever its state.
pub async fn the_latest_job_of_a_game_is_found(store: Arc<dyn Store>) {
    let house = House::new();
    let game_id = house.game.game_id;
    let jobs = [profile(&house, game_id, 0), profile(&house, game_id, 1), simulation(&house, game_id, 2)];
    let jobs = jobs.map(|job| job.cancel(at(9)).unwrap());
    save(&*store, &batch([house.opening(), created(&jobs)])).await;
    assert_eq!(store.job_latest(game_id, JobKind::Profile).await, Ok(Some(jobs[1].clone())));
    assert_eq!(store.job_latest(game_id, JobKind::Simulation).await, Ok(Some(jobs[2].clone())));
    assert_eq!(store.job_latest(GameId(jobs[0].job_id.0), JobKind::Profile).await, Ok(None));
}

/// Jobs that wait are counted by kind; those that run or have ended are not.
pub async fn waiting_jobs_are_counted_by_kind(store: Arc<dyn Store>) {
    let house = House::new();
    let game_id = house.game.game_id;
    let jobs = [
        simulation(&house, game_id, 0),
        simulation(&house, game_id, 1),
        simulation(&house, game_id, 2).claim(lease(1, 30), at(3)).unwrap(),
        simulation(&house, game_id, 3).cancel(at(3)).unwrap(),
        profile(&house, game_id, 4),
    ];
    save(&*store, &batch([house.opening(), created(&jobs)])).await;
    let (snapshot, unit) = begin(&*store, &Needs { queue: true, ..Needs::default() }).await;
    assert_eq!(snapshot.queue, [(JobKind::Simulation, 2), (JobKind::Profile, 1)].into());
    unit.rollback().await.unwrap();
}

/// Of many workers that go for one job, exactly one gets it.
pub async fn a_job_is_claimed_by_one_of_many(store: Arc<dyn Store>) {
    let house = House::new();
    let job = simulation(&house, house.game.game_id, 0);
    save(&*store, &batch([house.opening(), created(std::slice::from_ref(&job))])).await;
    let mut tasks = JoinSet::new();
    for token in 1..=8 {
        let (store, needs, job_id) = (Arc::clone(&store), needs_job(&job), job.job_id);
        tasks.spawn(async move {
            let (mut snapshot, unit) = begin(&*store, &needs).await;
            let found = snapshot.jobs.remove(&job_id).unwrap();
            match found.claim(lease(token, 30), at(1)) {
                Ok(claimed) => unit.finish(&updated(&claimed)).await.map(|()| true).unwrap(),
                Err(LeaseLost) => unit.rollback().await.map(|()| false).unwrap(),
            }
        });
    }
    let claimed = in_time(tasks.join_all()).await;
    assert_eq!(claimed.iter().filter(|claimed| **claimed).count(), 1, "{claimed:?}");
}

/// The database itself keeps a job that has ended as it is.
pub async fn an_ended_job_is_not_written_again(store: Arc<dyn Store>) {
    let house = House::new();
    let ended = simulation(&house, house.game.game_id, 0).cancel(at(1)).unwrap();
    save(&*store, &batch([house.opening(), created(std::slice::from_ref(&ended))])).await;
    let revived = Job { state: JobState::Queued, ..ended.clone() };
    assert!(try_save(&*store, &updated(&revived)).await.is_err());
    finds(&*store, &ended).await;
    let missing = simulation(&house, house.game.game_id, 2);
    assert!(try_save(&*store, &updated(&missing)).await.is_err());
}

/// A pending or rejected profile gives way to another; a computed one stays, and a game that is not there
/// gets none.
pub async fn a_pending_profile_is_replaced_once(store: Arc<dyn Store>) {
    let mut house = House::new();
    house.game.statistical_profile = readiness::pending_profile("it takes long");
    let game_id = house.game.game_id;
    save(&*store, &house.opening()).await;
    let with = |game_id, profile: &Value| Changes { profiles: vec![(game_id, profile.clone())], ..Changes::default() };
    let exact = json!({ "method": "exact", "rtp": 0.5, "max": 1e21 });
    let rejected = readiness::rejected_profile("it differs", &[], Some(&exact));
    for profile in [&rejected, &exact] {
        save(&*store, &with(game_id, profile)).await;
        let found = store.game_find(game_id).await.unwrap().unwrap();
        assert_eq!(found.statistical_profile, *profile);
    }
    for profile in [rejected, json!({ "method": "exact", "rtp": 0.6 })] {
        assert!(try_save(&*store, &with(game_id, &profile)).await.is_err());
    }
    house.game.statistical_profile = exact;
    assert_eq!(store.game_find(game_id).await, Ok(Some(house.game.clone())));
    let nobody = GameId::mint(noon(), SHARD, &house.randomness);
    assert!(try_save(&*store, &with(nobody, &json!({}))).await.is_err());
}
