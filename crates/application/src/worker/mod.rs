//! The workers: they claim jobs, carry them out on threads of their own, and write down how far they are.
//!
//! A server has one worker for each kind of job, so that a long simulation does not keep a game from getting
//! its profile. The computing is done on threads of low priority outside of the runtime; what is here only
//! waits, renews the lease and writes checkpoints.

mod profile;
mod simulation;
mod watch;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use reelhouse_domain::id::{self, Shard};
use reelhouse_domain::job::{Checkpoint, Failure, Job, JobKind, JobRequest, Lease, Progress, Update};
use serde_json::Value;
use tokio::sync::{oneshot, watch as channel};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use crate::error::Error;
use crate::house::House;
use watch::Watch;

/// How often the end of a job is told to a store that does not answer, a second apart.
const END_ATTEMPTS: u32 = 60;

/// How the workers work.
#[derive(Clone, Copy, Debug)]
pub struct WorkSettings {
    /// How many threads compute for one job.
    pub threads: NonZeroUsize,
    /// How long a job is left to a worker that says nothing.
    pub lease: Duration,
    /// How often a worker renews its lease and writes down how far it is; much less than the lease.
    pub heartbeat: Duration,
    /// How often an idle worker looks for jobs that others have queued or left.
    pub poll: Duration,
    /// Called on every thread that computes, before it begins: lowers its priority, where that can be done.
    pub on_thread: fn(),
}

impl Default for WorkSettings {
    fn default() -> Self {
        Self {
            threads: NonZeroUsize::MIN,
            lease: Duration::from_secs(15),
            heartbeat: Duration::from_secs(2),
            poll: Duration::from_secs(2),
            on_thread: || {},
        }
    }
}

/// The workers of a server.
pub struct Workers {
    stop: channel::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts a worker for each kind of job on the present tokio runtime.
    #[must_use]
    pub fn start(house: &Arc<House>, settings: WorkSettings) -> Self {
        let (stop, stopped) = channel::channel(false);
        let work = |kind| {
            let worker = Worker { house: Arc::clone(house), settings, kind, stopped: stopped.clone() };
            tokio::spawn(worker.work())
        };
        Self { tasks: JobKind::ALL.map(work).into(), stop }
    }

    /// Stops the workers: jobs in work are written down as far as they are and given back, so that whoever
    /// comes next goes on at once.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker was broken off");
            }
        }
    }
}

/// How a computation ended.
enum Ended {
    /// It is done.
    Completed {
        progress: Progress,
        result: Option<Value>,
        /// The profile of the game, if that is what was computed.
        profile: Option<Value>,
    },
    /// It was told to stop.
    Stopped(Option<Checkpoint>),
    /// It cannot be done. The profile says why a game is not to be played.
    Failed { failure: Failure, profile: Option<Value> },
}

impl Ended {
    fn failed(reason: impl Into<String>) -> Self {
        Self::Failed { failure: Failure::new(reason), profile: None }
    }
}

struct Worker {
    house: Arc<House>,
    settings: WorkSettings,
    kind: JobKind,
    stopped: channel::Receiver<bool>,
}

impl Worker {
    async fn work(mut self) {
        while !self.is_stopped() {
            // Asked for before looking, so that what is queued meanwhile is not missed.
            let house = Arc::clone(&self.house);
            let queued = house.queued.notified();
            match self.claim().await {
                Ok(Some(job)) => {
                    self.carry_out(job).await;
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "jobs could not be looked for"),
            }
            tokio::select! {
                () = queued => {}
                () = sleep(self.settings.poll) => {}
                _ = self.stopped.changed() => {}
            }
        }
    }

    /// Whether the worker was told to stop, or whoever could tell it is gone.
    fn is_stopped(&self) -> bool {
        *self.stopped.borrow() || self.stopped.has_changed().is_err()
    }

    async fn claim(&self) -> Result<Option<Job>, Error> {
        let (now, randomness) = (self.house.ports.clock.now(), &self.house.ports.randomness);
        let token = id::mint(now, Shard::default(), randomness.id_bits());
        self.house.job_claim(self.kind, Lease { token, until: now + self.lease() }).await
    }

    fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings.lease).unwrap_or(TimeDelta::MAX)
    }

    /// Carries a job out, to its end or until it is no longer ours.
    async fn carry_out(&mut self, job: Job) {
        let Some(Lease { token, .. }) = job.lease else { return };
        let (job_id, kind) = (job.job_id, self.kind.name());
        tracing::info!(%job_id, kind, done = job.progress.done, "a job is begun");
        self.house.meters.job_begun(self.kind);
        let watch = Arc::new(Watch::new(Arc::clone(&self.house.ports.clock), &job.progress));
        let mut ended = match self.begin(&job, &watch).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::warn!(%error, %job_id, "a job could not be begun");
                self.end(&job, token, Ended::Stopped(None)).await;
                // Whatever kept it from beginning is given time to pass.
                return sleep(self.settings.poll).await;
            }
        };
        let mut beats = interval(self.settings.heartbeat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut held, mut stopping) = (true, false);
        let ended = loop {
            tokio::select! {
                ended = &mut ended => break ended.unwrap_or_else(|_| Ended::failed("the computation panicked")),
                _ = beats.tick(), if held => {
                    held = self.renew(&job, token, &watch).await;
                    if !held {
                        watch.cancel();
                    }
                }
                _ = self.stopped.changed(), if !stopping => {
                    stopping = true;
                    watch.cancel();
                }
            }
        };
        if held {
            self.end(&job, token, ended).await;
        } else {
            tracing::info!(%job_id, kind, "a job was cancelled, or another worker has it");
            self.house.meters.job_ended(self.kind, "lost");
        }
    }

    /// Starts the computation on a thread of its own, which tells how it ended.
    async fn begin(&self, job: &Job, watch: &Arc<Watch>) -> Result<oneshot::Receiver<Ended>, Error> {
        let game = self.house.game_find(job.game_id).await?;
        let faults = |faults| Error::Internal(format!("the game of job {} does not play: {faults}", job.job_id));
        let definition = game.definition().map_err(faults)?;
        let (tell, ended) = oneshot::channel();
        let (job, watch, WorkSettings { threads, on_thread, .. }) = (job.clone(), Arc::clone(watch), self.settings);
        let compute = move || {
            // Threads that this one starts have its priority.
            on_thread();
            let outcome = match &job.request {
                JobRequest::Simulation { plan } => simulation::run(&definition, plan, &job, threads, &watch),
                JobRequest::Profile { declared } => profile::run(&definition, declared.as_ref(), &job, threads, &watch),
            };
            // Nobody listens any more when the runtime is gone.
            drop(tell.send(outcome.unwrap_or_else(|error| Ended::failed(error.to_string()))));
        };
        let name = format!("job-{}", self.kind.name());
        let started = std::thread::Builder::new().name(name).spawn(compute);
        started.map_err(|error| Error::Internal(format!("a thread could not be started: {error}")))?;
        Ok(ended)
    }

    /// Renews the lease and writes down how far the job is; tells whether it is still ours.
    async fn renew(&self, job: &Job, token: Uuid, watch: &Watch) -> bool {
        let checkpoint = watch.checkpoint().unwrap_or_else(|error| {
            tracing::error!(%error, job_id = %job.job_id, "a checkpoint could not be written");
            None
        });
        let until = self.house.ports.clock.now() + self.lease();
        match self.house.job_update(job.job_id, token, Update::Renewed { until, checkpoint }, None).await {
            Ok(held) => held,
            Err(error) => {
                // The lease may run out meanwhile, and another worker begin: then the next renewal says so.
                tracing::warn!(%error, job_id = %job.job_id, "a lease could not be renewed");
                true
            }
        }
    }

    /// Says how a job ended.
    async fn end(&self, job: &Job, token: Uuid, ended: Ended) {
        let (word, outcome, update, profile) = match ended {
            Ended::Completed { progress, result, profile } => {
                ("a job is completed", "completed", Update::Completed { progress, result }, profile)
            }
            Ended::Stopped(checkpoint) => ("a job is given back", "released", Update::Released { checkpoint }, None),
            Ended::Failed { failure, profile } => ("a job has failed", "failed", Update::Failed(failure), profile),
        };
        self.house.meters.job_ended(self.kind, outcome);
        for _ in 0..END_ATTEMPTS {
            match self.house.job_update(job.job_id, token, update.clone(), profile.clone()).await {
                Ok(held) => {
                    tracing::info!(job_id = %job.job_id, kind = self.kind.name(), held, "{word}");
                    return;
                }
                Err(error) => tracing::warn!(%error, job_id = %job.job_id, "the end of a job could not be told"),
            }
            if self.is_stopped() {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}
