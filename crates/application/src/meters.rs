//! Meters: what the house counts of its own work since it was opened, for whoever watches it in production.
//!
//! They are atomics that the work adds to in passing, batch by batch. What can be read at any time, such as how much
//! waits, is read when somebody asks. `docs/watching.md` lists them all.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use reelhouse_domain::game::Game;
use reelhouse_domain::job::JobKind;
use reelhouse_domain::observation::Report;
use reelhouse_domain::ports::Connections;
use reelhouse_domain::session::SessionMetrics;
use reelhouse_domain::{GameId, Money};

/// How many games are told apart; play of any further game is counted under [`OTHERS`].
const GAMES: usize = 500;

/// What stands in the place of a game that is one too many.
const OTHERS: &str = "others";

/// A gauge of numbers that are no whole ones.
type Ratio = Gauge<f64, std::sync::atomic::AtomicU64>;

/// Which game.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct GameLabels {
    game_id: String,
    game: String,
}

/// Which lane of the committer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LaneLabels {
    lane: usize,
}

/// Which kind of job.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabels {
    kind: &'static str,
}

/// Which kind of job, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndLabels {
    kind: &'static str,
    outcome: &'static str,
}

/// Which pool of connections.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolLabels {
    pool: &'static str,
}

/// What play came to, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Played {
    spins: u64,
    free_games: u64,
    probe_spins: u64,
    wagered: u64,
    won: u64,
    fees: u64,
}

impl Played {
    /// Adds what a session's counters have grown by.
    pub(crate) fn add(&mut self, before: &SessionMetrics, after: &SessionMetrics) {
        let grown = |before: Money, after: Money| after.units().saturating_sub(before.units()).max(0).unsigned_abs();
        self.spins += after.spins.saturating_sub(before.spins);
        self.free_games += after.free_games.saturating_sub(before.free_games);
        self.probe_spins += after.probe_spins.saturating_sub(before.probe_spins);
        self.wagered += grown(before.wagered, after.wagered);
        self.won += grown(before.won, after.won);
        self.fees += grown(before.fees, after.fees);
    }
}

/// Counters of play, by game.
#[derive(Default)]
struct PlayMeters {
    spins: Family<GameLabels, Counter>,
    free_games: Family<GameLabels, Counter>,
    probe_spins: Family<GameLabels, Counter>,
    wagered: Family<GameLabels, Counter>,
    won: Family<GameLabels, Counter>,
    fees: Family<GameLabels, Counter>,
}

/// What is observed of games, against what is expected of them.
#[derive(Default)]
struct ObservedMeters {
    rounds: Family<GameLabels, Gauge>,
    alarms: Family<GameLabels, Gauge>,
    rtp: Family<GameLabels, Ratio>,
    rtp_expected: Family<GameLabels, Ratio>,
    rtp_error: Family<GameLabels, Ratio>,
}

/// A pool of connections.
#[derive(Default)]
struct PoolMeters {
    most: Family<PoolLabels, Gauge>,
    open: Family<PoolLabels, Gauge>,
    used: Family<PoolLabels, Gauge>,
    waiting: Family<PoolLabels, Gauge>,
}

/// Everything that the house counts.
pub(crate) struct Meters {
    actions: Histogram,
    commands: Histogram,
    commit: Histogram,
    again: Counter,
    recalled_in_vain: Counter,
    given_up: Counter,
    panicked: Counter,
    events: Counter,
    play: PlayMeters,
    observed: ObservedMeters,
    running: Family<JobLabels, Gauge>,
    ended: Family<EndLabels, Counter>,
    queue: Family<LaneLabels, Gauge>,
    capacity: Gauge,
    streams: Gauge,
    exports: Gauge,
    pools: PoolMeters,
    /// The games that are told apart, with the revision of each one's observation that is shown; 0 for none.
    games: Mutex<BTreeMap<GameId, i64>>,
}

impl Default for Meters {
    fn default() -> Self {
        // 1 to 2048 in doubling steps; 0.25 ms to 8 s.
        let (sizes, seconds) = (|| exponential_buckets(1.0, 2.0, 12), exponential_buckets(0.000_25, 2.0, 16));
        Self {
            actions: Histogram::new(sizes()),
            commands: Histogram::new(sizes()),
            commit: Histogram::new(seconds),
            again: Counter::default(),
            recalled_in_vain: Counter::default(),
            given_up: Counter::default(),
            panicked: Counter::default(),
            events: Counter::default(),
            play: PlayMeters::default(),
            observed: ObservedMeters::default(),
            running: Family::default(),
            ended: Family::default(),
            queue: Family::default(),
            capacity: Gauge::default(),
            streams: Gauge::default(),
            exports: Gauge::default(),
            pools: PoolMeters::default(),
            games: Mutex::default(),
        }
    }
}

/// A number of things as gauges hold it.
fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Meters {
    /// Enters every meter, without the prefix that all names of this program have.
    pub(crate) fn register(&self, registry: &mut Registry) {
        self.register_writes(registry);
        self.register_play(registry);
        self.register_observed(registry);
        self.register_background(registry);
        let PoolMeters { most, open, used, waiting } = &self.pools;
        registry.register("pool_connections_most", "Connections that the pool may open", most.clone());
        registry.register("pool_connections_open", "Connections that are open", open.clone());
        registry.register("pool_connections_used", "Connections that are in use", used.clone());
        registry.register("pool_waiting", "Callers that wait for a connection", waiting.clone());
    }

    fn register_writes(&self, registry: &mut Registry) {
        registry.register("batch_actions", "Actions of a batch that was tried", self.actions.clone());
        registry.register("batch_commands", "Commands of a batch that was tried", self.commands.clone());
        let help = "Seconds from the beginning of a unit of work to the end of its commit";
        registry.register("commit_duration_seconds", help, self.commit.clone());
        registry.register(
            "batches_again",
            "Batches begun again after another writer disturbed them",
            self.again.clone(),
        );
        let help = "Batches loaded after what was remembered of their rows had failed them";
        registry.register("batches_recalled_in_vain", help, self.recalled_in_vain.clone());
        registry.register("batches_given_up", "Batches that were not committed", self.given_up.clone());
        registry.register("batches_panicked", "Batches that met a defect of the server", self.panicked.clone());
        registry.register("events", "Gameplay events committed", self.events.clone());
        let help = "Room that is taken in a lane's queue: a command by itself takes 1, one of a list a quarter";
        registry.register("queue_depth", help, self.queue.clone());
        registry.register("queue_capacity", "Room in the queue of each lane", self.capacity.clone());
    }

    fn register_play(&self, registry: &mut Registry) {
        let PlayMeters { spins, free_games, probe_spins, wagered, won, fees } = &self.play;
        registry.register("spins", "Paid spins", spins.clone());
        registry.register("free_games", "Free games played", free_games.clone());
        registry.register("probe_spins", "Demo spins of probes", probe_spins.clone());
        registry.register("wagered_units", "Stakes played, in units of 0.0001 credits", wagered.clone());
        registry.register("won_units", "Payouts, in units of 0.0001 credits", won.clone());
        registry.register("fees_units", "Fees, in units of 0.0001 credits", fees.clone());
    }

    fn register_observed(&self, registry: &mut Registry) {
        let ObservedMeters { rounds, alarms, rtp, rtp_expected, rtp_error } = &self.observed;
        registry.register("observed_rounds", "Rounds counted by the observer, from all servers", rounds.clone());
        registry.register("drift_alarms", "Alarms of the drift test, from all servers", alarms.clone());
        registry.register("observed_rtp_ratio", "Return to player of the rounds counted", rtp.clone());
        registry.register("expected_rtp_ratio", "Return to player of the game's profile", rtp_expected.clone());
        let help = "Standard error of the observed return to player";
        registry.register("observed_rtp_standard_error_ratio", help, rtp_error.clone());
    }

    fn register_background(&self, registry: &mut Registry) {
        registry.register("jobs_running", "Background jobs that this server works on", self.running.clone());
        registry.register("jobs_ended", "Background jobs that this server let go of, by outcome", self.ended.clone());
        registry.register("event_streams", "Streams of events that are open", self.streams.clone());
        registry.register("exports_running", "Exports that are being written", self.exports.clone());
    }

    /// A batch that is tried.
    #[allow(clippy::cast_precision_loss, reason = "batches are far smaller than 2^52")]
    pub(crate) fn batch(&self, commands: usize, actions: usize) {
        self.commands.observe(commands as f64);
        self.actions.observe(actions as f64);
    }

    /// A unit of work that was committed, with so many events.
    pub(crate) fn committed(&self, took: Duration, events: usize) {
        self.commit.observe(took.as_secs_f64());
        self.events.inc_by(events as u64);
    }

    /// A batch that is begun again.
    pub(crate) fn begun_again(&self) {
        self.again.inc();
    }

    /// A batch that failed on what was recalled, and is loaded.
    pub(crate) fn recalled_in_vain(&self) {
        self.recalled_in_vain.inc();
    }

    /// A batch that was given up.
    pub(crate) fn given_up(&self) {
        self.given_up.inc();
    }

    /// A batch that panicked.
    pub(crate) fn panicked(&self) {
        self.panicked.inc();
    }

    /// What committed play of a game came to.
    pub(crate) fn played(&self, game: &Game, played: &Played) {
        if *played == Played::default() {
            return;
        }
        let labels = self.labels(game);
        let add = |family: &Family<GameLabels, Counter>, count: u64| {
            // A counter of nothing yet is there as well, so that its first step is seen as one.
            family.get_or_create(&labels).inc_by(count);
        };
        add(&self.play.spins, played.spins);
        add(&self.play.free_games, played.free_games);
        add(&self.play.probe_spins, played.probe_spins);
        add(&self.play.wagered, played.wagered);
        add(&self.play.won, played.won);
        add(&self.play.fees, played.fees);
    }

    /// What is observed of a game now, unless that revision of it is shown already.
    pub(crate) fn observed(&self, game: &Game, revision: i64, report: impl FnOnce() -> Report) {
        let labels = self.labels(game);
        // A game that is one too many has no entry.
        let shown = self.games().get_mut(&game.game_id).map(|shown| std::mem::replace(shown, revision));
        if shown.is_none_or(|shown| shown == revision) {
            return;
        }
        let (report, ObservedMeters { rounds, alarms, rtp, rtp_expected, rtp_error }) = (report(), &self.observed);
        rounds.get_or_create(&labels).set(i64::try_from(report.rtp.rounds).unwrap_or(i64::MAX));
        alarms.get_or_create(&labels).set(i64::try_from(report.drift.alarms).unwrap_or(i64::MAX));
        for (family, figure) in
            [(rtp, report.rtp.observed), (rtp_expected, report.rtp.expected), (rtp_error, report.rtp.standard_error)]
        {
            if let Some(figure) = figure {
                family.get_or_create(&labels).set(figure);
            }
        }
    }

    /// A job that is begun.
    pub(crate) fn job_begun(&self, kind: JobKind) {
        self.running.get_or_create(&JobLabels { kind: kind.name() }).inc();
    }

    /// A job that the server lets go of.
    pub(crate) fn job_ended(&self, kind: JobKind, outcome: &'static str) {
        self.running.get_or_create(&JobLabels { kind: kind.name() }).dec();
        self.ended.get_or_create(&EndLabels { kind: kind.name(), outcome }).inc();
    }

    /// How much waits in each lane, of how much may.
    pub(crate) fn queues(&self, depths: impl Iterator<Item = usize>, capacity: usize) {
        for (lane, depth) in depths.enumerate() {
            self.queue.get_or_create(&LaneLabels { lane }).set(whole(depth));
        }
        self.capacity.set(whole(capacity));
    }

    /// How many streams and exports are open.
    pub(crate) fn open(&self, streams: usize, exports: usize) {
        self.streams.set(whole(streams));
        self.exports.set(whole(exports));
    }

    /// How a pool of connections is used.
    pub(crate) fn pool(&self, pool: &'static str, connections: Connections) {
        let labels = PoolLabels { pool };
        let PoolMeters { most, open, used, waiting } = &self.pools;
        most.get_or_create(&labels).set(whole(connections.most));
        open.get_or_create(&labels).set(whole(connections.open));
        used.get_or_create(&labels).set(whole(connections.used));
        if let Some(count) = connections.waiting {
            waiting.get_or_create(&labels).set(whole(count));
        }
    }

    /// The labels of a game, or those of all games that are too many.
    fn labels(&self, game: &Game) -> GameLabels {
        let mut games = self.games();
        if !games.contains_key(&game.game_id) && games.len() >= GAMES {
            return GameLabels { game_id: OTHERS.to_owned(), game: OTHERS.to_owned() };
        }
        games.entry(game.game_id).or_default();
        GameLabels { game_id: game.game_id.to_string(), game: game.name.clone() }
    }

    fn games(&self) -> MutexGuard<'_, BTreeMap<GameId, i64>> {
        self.games.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What play came to, by game.
pub(crate) type PlayedByGame = BTreeMap<GameId, Played>;
