//! Background jobs: carried out once, whatever becomes of the workers, with the result of an undisturbed run.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use reelhouse_application::{
    Error, House, JobView, PlayerDraft, Ports, Settings, SimulationDraft, WorkSettings, Workers,
};
use reelhouse_domain::document;
use reelhouse_domain::game::{Game, Readiness, readiness};
use reelhouse_domain::job::{Job, JobKind, JobRequest, JobState, Lease};
use reelhouse_domain::ports::{Changes, GameRepository as _, JobRepository as _, Needs, Snapshot, StoreError};
use reelhouse_domain::ports::{UnitOfWork, UnitOfWorkFactory};
use reelhouse_domain::simulation::{Behavior, Monitor, SimulationPlan, State, simulate};
use reelhouse_domain::{GameId, JobId, Refusal, Shard};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::FixedClock;
use serde_json::{Value, json};
use support::{Fixture, clock, credits, draft, fixture, ports, settings};
use uuid::Uuid;

/// Rounds of three blocks.
const THREE_BLOCKS: u64 = 700_000;

/// Workers that look often, so that no test waits long. The fixed clock keeps their leases from running out.
fn work() -> WorkSettings {
    let often = Duration::from_millis(20);
    WorkSettings { heartbeat: often, poll: often, ..WorkSettings::default() }
}

fn of(game: &Game, rounds: u64) -> SimulationDraft {
    SimulationDraft {
        game_id: game.game_id,
        rounds,
        seed: Some(1),
        stake: credits("0.10"),
        half_width: None,
        player: None,
    }
}

fn plan(rounds: u64) -> SimulationPlan {
    SimulationPlan { rounds, seed: 1, stake: credits("0.10"), half_width: None, player: None }
}

/// Reads until the simulation is as asked. A time-out would only make a slow machine fail.
async fn until(house: &House, job_id: JobId, asked: impl Fn(&JobView) -> bool) -> JobView {
    loop {
        let job = house.simulation_find(job_id).await.unwrap();
        if asked(&job) {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn ended(house: &House, job_id: JobId) -> JobView {
    until(house, job_id, |job| !matches!(job.state, JobState::Queued | JobState::Running)).await
}

/// The state after the first block.
fn one_block(game: &Game, plan: &SimulationPlan) -> State {
    struct First(Mutex<Option<State>>);
    impl Monitor for First {
        fn cancelled(&self) -> bool {
            self.0.lock().unwrap().is_some()
        }
        fn advanced(&self, state: &State) {
            self.0.lock().unwrap().get_or_insert_with(|| state.clone());
        }
    }
    let first = First(Mutex::default());
    simulate(&game.definition().unwrap(), plan, None, NonZeroUsize::MIN, &first).unwrap();
    first.0.into_inner().unwrap().unwrap()
}

/// Writes a job as a program that was killed leaves it: held, with a checkpoint.
async fn leave_behind(fixture: &Fixture, game_id: GameId, state: &State, until: TimeDelta) -> JobId {
    let now = fixture.clock_now();
    let id = reelhouse_domain::id::mint(now, Shard::default(), 0x7777_7777);
    let job = Job::queue(JobId(id), game_id, JobRequest::Simulation { plan: state.plan.clone() }, now);
    let lease = Lease { token: Uuid::from_u128(1), until: now + until };
    let checkpoint: Value = serde_json::from_str(&document::write(state).unwrap()).unwrap();
    let job = Job { checkpoint: Some(checkpoint), ..job.claim(lease, now).unwrap() };
    save(&fixture.store, Changes { jobs_created: vec![job], ..Changes::default() }).await;
    JobId(id)
}

async fn save(store: &MemoryStore, changes: Changes) {
    let (_, unit) = store.begin(&Needs::default()).await.unwrap();
    unit.finish(&changes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulation_is_carried_out_as_the_domain_does() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let player = PlayerDraft {
        behavior: Behavior::Random,
        starting_balance: None,
        session_rounds: Some(100),
        max_bet: Some(credits("1")),
    };
    let asked = SimulationDraft { player: Some(player), ..of(&game, THREE_BLOCKS) };
    let queued = fixture.house.simulation_create(asked, None).await.unwrap();
    assert_eq!((queued.state, queued.progress.total), (JobState::Queued, Some(THREE_BLOCKS)));
    let workers = Workers::start(&fixture.house, WorkSettings { threads: NonZeroUsize::new(2).unwrap(), ..work() });
    let done = ended(&fixture.house, queued.job_id).await;
    assert_eq!(done.state, JobState::Completed, "{:?}", done.failure);
    let JobRequest::Simulation { plan } = &done.request else { panic!("a simulation") };
    assert_eq!(plan.player.as_ref().unwrap().starting_balance, credits("10"));
    let alone = simulate(&game.definition().unwrap(), plan, None, NonZeroUsize::MIN, &()).unwrap();
    assert_eq!(done.report, alone.report);
    assert_eq!(done.progress.done, alone.state.tally.rounds);
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_that_is_not_given_is_drawn_and_a_replay_has_the_same() {
    let fixture = fixture();
    let asked = SimulationDraft { seed: None, ..of(&fixture.game(0).await, 10) };
    let first = fixture.house.simulation_create(asked.clone(), Some("key".to_owned())).await.unwrap();
    let again = fixture.house.simulation_create(asked.clone(), Some("key".to_owned())).await.unwrap();
    assert_eq!(first, again);
    let other = fixture.house.simulation_create(asked, None).await.unwrap();
    assert_ne!(first.job_id, other.job_id);
    let listed = fixture.house.simulation_list(None, Some(JobState::Queued), None, 10).await.unwrap();
    assert!(listed.items.len() == 2 && listed.items.contains(&first) && listed.items.contains(&other));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_left_ends_as_if_nothing_had_happened() {
    let fixture = fixture();
    let game = fixture.game(1).await;
    let plan = plan(THREE_BLOCKS);
    let job_id = leave_behind(&fixture, game.game_id, &one_block(&game, &plan), TimeDelta::zero()).await;
    let workers = Workers::start(&fixture.house, work());
    let done = ended(&fixture.house, job_id).await;
    let alone = simulate(&game.definition().unwrap(), &plan, None, NonZeroUsize::MIN, &()).unwrap();
    assert_eq!(done.report, alone.report);
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_goes_on_from_its_checkpoint_and_from_the_start_when_that_is_of_another_plan() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    // A mark that only a checkpoint can have brought in.
    let marked = |mut state: State| {
        state.tally.best = 777_777_777;
        state
    };
    let state = marked(one_block(&game, &plan(THREE_BLOCKS)));
    let other = State { plan: plan(THREE_BLOCKS + 1), ..state.clone() };
    let goes_on = leave_behind(&fixture, game.game_id, &state, TimeDelta::zero()).await;
    let workers = Workers::start(&fixture.house, work());
    let report = ended(&fixture.house, goes_on).await.report.unwrap();
    assert!(report.best_win > 1_000_000.0, "{}", report.best_win);
    workers.stop().await;

    let fixture = self::fixture();
    save(&fixture.store, Changes { games: vec![game.clone()], ..Changes::default() }).await;
    let fresh = leave_behind(&fixture, game.game_id, &other, TimeDelta::zero()).await;
    let mut left = fixture.store.job_find(fresh).await.unwrap().unwrap();
    left.request = JobRequest::Simulation { plan: plan(THREE_BLOCKS) };
    save(&fixture.store, Changes { jobs_updated: vec![left], ..Changes::default() }).await;
    let workers = Workers::start(&fixture.house, work());
    let report = ended(&fixture.house, fresh).await.report.unwrap();
    assert!(report.best_win < 1_000_000.0, "{}", report.best_win);
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_held_elsewhere_waits_for_the_lease_to_run_out() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let held =
        leave_behind(&fixture, game.game_id, &one_block(&game, &plan(THREE_BLOCKS)), TimeDelta::seconds(15)).await;
    let workers = Workers::start(&fixture.house, work());
    let queued = fixture.house.simulation_create(of(&game, 10), None).await.unwrap();
    ended(&fixture.house, queued.job_id).await;
    let job = fixture.store.job_find(held).await.unwrap().unwrap();
    assert_eq!(job.lease.unwrap().token, Uuid::from_u128(1), "the younger job went first");
    fixture.clock.advance(TimeDelta::seconds(15));
    assert_eq!(ended(&fixture.house, held).await.state, JobState::Completed);
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_simulation_lets_its_worker_go_and_stays_cancelled() {
    let fixture = fixture();
    let game = fixture.game(1).await;
    let workers = Workers::start(&fixture.house, work());
    let long = fixture.house.simulation_create(of(&game, 10_000_000_000), None).await.unwrap();
    let running = until(&fixture.house, long.job_id, |job| job.progress.done > 0).await;
    assert_eq!(running.state, JobState::Running);
    assert!(running.progress.rtp.unwrap().value > 0.0 && running.progress.per_second.is_none(), "the clock stands");
    let cancelled = fixture.house.simulation_cancel(long.job_id, None).await.unwrap();
    assert_eq!((cancelled.state, cancelled.report), (JobState::Cancelled, None));
    assert!(cancelled.progress.done > 0);
    let short = fixture.house.simulation_create(of(&game, 10), None).await.unwrap();
    assert_eq!(ended(&fixture.house, short.job_id).await.state, JobState::Completed);
    let again = fixture.house.simulation_cancel(long.job_id, None).await.unwrap();
    assert_eq!(again.state, JobState::Cancelled);
    let refused = fixture.house.simulation_cancel(short.job_id, None).await;
    assert_eq!(refused, Err(Refusal::JobEnded { state: JobState::Completed }.into()));
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_gives_its_job_back_with_what_it_has() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let workers = Workers::start(&fixture.house, work());
    let long = fixture.house.simulation_create(of(&game, 10_000_000_000), None).await.unwrap();
    until(&fixture.house, long.job_id, |job| job.progress.done > 0).await;
    workers.stop().await;
    let job = fixture.store.job_find(long.job_id).await.unwrap().unwrap();
    assert_eq!((job.state, job.lease, job.lapses), (JobState::Queued, None, 0));
    let state: State = document::read(&job.checkpoint.unwrap().to_string()).unwrap();
    assert_eq!(state.tally.rounds, job.progress.done);
    let workers = Workers::start(&fixture.house, work());
    until(&fixture.house, long.job_id, |later| later.progress.done > job.progress.done).await;
    workers.stop().await;
}

/// Notes which worker was given which job.
#[derive(Clone)]
struct Noting {
    store: MemoryStore,
    claims: Arc<Mutex<Vec<(JobId, Uuid)>>>,
}

struct NotingUnit {
    unit: Box<dyn UnitOfWork>,
    claims: Arc<Mutex<Vec<(JobId, Uuid)>>>,
}

#[async_trait]
impl UnitOfWorkFactory for Noting {
    async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        let (snapshot, unit) = self.store.begin(needs).await?;
        Ok((snapshot, Box::new(NotingUnit { unit, claims: Arc::clone(&self.claims) })))
    }
}

#[async_trait]
impl UnitOfWork for NotingUnit {
    async fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let held = changes.jobs_updated.iter().filter_map(|job| Some((job.job_id, job.lease?.token)));
        self.claims.lock().unwrap().extend(held);
        self.unit.write(changes).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.unit.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        self.unit.rollback().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_houses_on_one_store_never_both_have_a_job() {
    let (store, clock) = (MemoryStore::default(), clock());
    let noting = Noting { store: store.clone(), claims: Arc::default() };
    let shared = ports(&store, &clock);
    let open = || {
        let ports = Ports { units: Arc::new(noting.clone()), ..shared.clone() };
        Arc::new(House::open(ports, settings()))
    };
    let houses = [open(), open()];
    let fixture =
        Fixture { house: Arc::clone(&houses[0]), clock: Arc::<FixedClock>::clone(&clock), store: store.clone() };
    let game = fixture.game(0).await;
    let workers = [0, 1].map(|at| Workers::start(&houses[at], work()));
    let mut jobs = Vec::new();
    for number in 0..12 {
        let asked = SimulationDraft { seed: Some(number), ..of(&game, THREE_BLOCKS) };
        jobs.push(houses[usize::from(number % 2 == 0)].simulation_create(asked, None).await.unwrap().job_id);
    }
    for job_id in &jobs {
        assert_eq!(ended(&houses[0], *job_id).await.state, JobState::Completed);
    }
    for workers in workers {
        workers.stop().await;
    }
    let mut claims = noting.claims.lock().unwrap().clone();
    claims.sort_unstable();
    claims.dedup();
    let workers_of = |job_id: &JobId| claims.iter().filter(|(claimed, _)| claimed == job_id).count();
    assert_eq!(jobs.iter().map(workers_of).collect::<Vec<_>>(), vec![1; jobs.len()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_takes_no_more_and_still_answers_replays() {
    let (store, clock) = (MemoryStore::default(), clock());
    let house = Arc::new(House::open(ports(&store, &clock), Settings { waiting_jobs: 2, ..settings() }));
    let fixture = Fixture { house, clock, store };
    let asked = of(&fixture.game(0).await, 10);
    let key = || Some("first".to_owned());
    let first = fixture.house.simulation_create(asked.clone(), key()).await.unwrap();
    fixture.house.simulation_create(asked.clone(), None).await.unwrap();
    let refused = fixture.house.simulation_create(asked.clone(), Some("third".to_owned())).await;
    assert!(matches!(refused, Err(Error::QueueFull { waiting: 2, .. })), "{refused:?}");
    assert_eq!(fixture.house.simulation_create(asked.clone(), key()).await, Ok(first.clone()));
    fixture.house.simulation_cancel(first.job_id, None).await.unwrap();
    fixture.house.simulation_create(asked, Some("third".to_owned())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_does_not_fit_the_game_is_refused_by_field() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let player =
        PlayerDraft { behavior: Behavior::Adaptive, starting_balance: None, session_rounds: None, max_bet: None };
    let low = PlayerDraft { starting_balance: Some(credits("0.04")), ..player.clone() };
    let shy = PlayerDraft { max_bet: Some(credits("0.01")), ..player };
    for (asked, pointer) in [
        (of(&game, 0), "/rounds"),
        (of(&game, 10_000_000_001), "/rounds"),
        (SimulationDraft { half_width: Some(0.0), ..of(&game, 1) }, "/half_width"),
        (SimulationDraft { player: Some(low), ..of(&game, 1) }, "/starting_balance"),
        (SimulationDraft { player: Some(shy), ..of(&game, 1) }, "/max_bet"),
    ] {
        let refused = fixture.house.simulation_create(asked, None).await.unwrap_err();
        assert!(
            matches!(&refused, Error::Refused(Refusal::InvalidRequest { pointer: found, .. }) if found == pointer),
            "{pointer}: {refused:?}"
        );
    }
    let stake = SimulationDraft { stake: credits("0.0001"), ..of(&game, 1) };
    let refused = fixture.house.simulation_create(stake, None).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::InvalidStake { .. })), "{refused:?}");
    let nowhere = SimulationDraft { game_id: GameId(Uuid::nil()), ..of(&game, 1) };
    let refused = fixture.house.simulation_create(nowhere, None).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::NotFound { .. })), "{refused:?}");
}

/// A reference game whose profile is still to come, with the job that computes it.
async fn pending(fixture: &Fixture, declared: Option<Value>) -> (Game, JobId) {
    let elsewhere = self::fixture();
    let mut game = elsewhere.game(0).await;
    game.statistical_profile = readiness::pending_profile("for the test");
    let job_id = JobId(reelhouse_domain::id::mint(fixture.clock_now(), Shard::default(), 0x9999_9999));
    let job = Job::queue(job_id, game.game_id, JobRequest::Profile { declared }, fixture.clock_now());
    save(&fixture.store, Changes { games: vec![game.clone()], jobs_created: vec![job], ..Changes::default() }).await;
    (game, job_id)
}

async fn profiled(fixture: &Fixture, game_id: GameId, job_id: JobId) -> (Game, Job) {
    loop {
        let job = fixture.store.job_find(job_id).await.unwrap().unwrap();
        if matches!(job.state, JobState::Completed | JobState::Failed) {
            return (fixture.store.game_find(game_id).await.unwrap().unwrap(), job);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_game_is_played_once_its_profile_is_there_and_simulated_before_that() {
    let fixture = fixture();
    let (game, job_id) = pending(&fixture, None).await;
    let wallet = fixture.wallet("10").await;
    let refused = fixture.house.session_create(draft(&game, Some(&wallet)), None).await;
    assert_eq!(refused, Err(Refusal::GameNotReady { profile: "pending".to_owned() }.into()));
    let shown = fixture.house.profile_job(&game).await.unwrap().unwrap();
    assert_eq!((shown.job_id, shown.state), (job_id, JobState::Queued));
    fixture.house.simulation_create(of(&game, 10), None).await.unwrap();

    let workers = Workers::start(&fixture.house, work());
    let (ready, job) = profiled(&fixture, game.game_id, job_id).await;
    assert_eq!((job.state, ready.readiness()), (JobState::Completed, Readiness::Ready));
    assert_eq!(ready.statistical_profile, self::fixture().game(0).await.statistical_profile);
    assert_eq!(fixture.house.profile_job(&ready).await, Ok(None));
    fixture.session(&ready, Some(&wallet)).await;
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_declaration_rejects_the_game_until_it_is_posted_without() {
    let fixture = fixture();
    let wrong = json!({ "engine_version": 99 });
    let (game, job_id) = pending(&fixture, Some(wrong.clone())).await;
    let workers = Workers::start(&fixture.house, work());
    let (rejected, job) = profiled(&fixture, game.game_id, job_id).await;
    assert_eq!((job.state, rejected.readiness()), (JobState::Failed, Readiness::Rejected));
    let [fault] = &job.failure.unwrap().faults[..] else { panic!("one fault") };
    assert_eq!(fault.pointer, "/statistical_profile/engine_version");
    assert!(fault.reason.contains("declared 99") && fault.reason.contains("computed 1"), "{}", fault.reason);
    assert_eq!(rejected.statistical_profile["faults"], json!([fault]));
    let refused = fixture.house.session_create(draft(&game, None), None).await;
    assert_eq!(refused, Err(Refusal::GameNotReady { profile: "rejected".to_owned() }.into()));

    let post = |declared| {
        let (name, rng_signature, symbol_map) = support::document(0);
        fixture.house.game_create(name, rng_signature, symbol_map, declared, None)
    };
    let refused = post(Some(wrong)).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::InvalidGame { .. }))), "{refused:?}");
    let (taken, new) = post(None).await.unwrap();
    assert_eq!((taken.game_id, taken.readiness(), new), (game.game_id, Readiness::Ready, false));
    fixture.session(&taken, None).await;
    workers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_job_that_is_given_up_rejects_the_game_and_a_new_post_tries_again() {
    let fixture = fixture();
    let (game, job_id) = pending(&fixture, None).await;
    let left = fixture.store.job_find(job_id).await.unwrap().unwrap();
    let lease = Lease { token: Uuid::from_u128(1), until: fixture.clock_now() };
    let left = Job { lapses: 4, ..left.claim(lease, fixture.clock_now()).unwrap() };
    save(&fixture.store, Changes { jobs_updated: vec![left], ..Changes::default() }).await;
    let workers = Workers::start(&fixture.house, work());
    let (rejected, job) = profiled(&fixture, game.game_id, job_id).await;
    assert_eq!((job.state, rejected.readiness()), (JobState::Failed, Readiness::Rejected));
    workers.stop().await;
    let (name, rng_signature, symbol_map) = support::document(0);
    let (taken, _) = fixture.house.game_create(name, rng_signature, symbol_map, None, None).await.unwrap();
    assert_eq!(taken.readiness(), Readiness::Ready, "this one is computed while its sender waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_are_no_simulations() {
    let fixture = fixture();
    let (_, job_id) = pending(&fixture, None).await;
    assert!(fixture.house.simulation_find(job_id).await.is_err());
    assert!(fixture.house.simulation_cancel(job_id, None).await.is_err());
    assert_eq!(fixture.house.simulation_list(None, None, None, 10).await.unwrap().items, []);
    let found = fixture.store.job_due_list(JobKind::Profile, fixture.clock_now(), 10).await;
    assert_eq!(found, Ok(vec![job_id]));
}
