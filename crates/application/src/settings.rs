//! What the house is opened with: one adapter per port, and how it works.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use reelhouse_domain::fairness::{Dealer, HeadSigner};
use reelhouse_domain::id::Randomness;
use reelhouse_domain::ports::{
    AnalyticsRepository, ExperienceRepository, GameRepository, JobRepository, KeyRepository, ObservationRepository,
    SessionRepository, StoreProbe, UnitOfWorkFactory, WalletRepository,
};
use reelhouse_domain::time::Clock;

/// What the house works with: one adapter per port.
#[derive(Clone)]
pub struct Ports {
    /// Begins the writes.
    pub units: Arc<dyn UnitOfWorkFactory>,
    /// Reads games.
    pub games: Arc<dyn GameRepository>,
    /// Reads jobs.
    pub jobs: Arc<dyn JobRepository>,
    /// Reads wallets.
    pub wallets: Arc<dyn WalletRepository>,
    /// Reads sessions.
    pub sessions: Arc<dyn SessionRepository>,
    /// Keeps what was observed of games.
    pub observations: Arc<dyn ObservationRepository>,
    /// Reads what observing leaves.
    pub analytics: Arc<dyn AnalyticsRepository>,
    /// Reads what sessions recorded to be learnt from.
    pub experience: Arc<dyn ExperienceRepository>,
    /// Keeps keys.
    pub keys: Arc<dyn KeyRepository>,
    /// Tells whether the store is there.
    pub probe: Arc<dyn StoreProbe>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives seeds and ids.
    pub randomness: Arc<dyn Randomness>,
    /// Draws outcomes.
    pub dealer: Arc<dyn Dealer>,
    /// Signs what ended sessions came to.
    pub signer: Arc<dyn HeadSigner>,
}

/// Where reads go that may be a little behind: a replica of the database, or the database itself.
#[derive(Clone)]
pub struct Reads {
    /// Reads games.
    pub games: Arc<dyn GameRepository>,
    /// Reads wallets.
    pub wallets: Arc<dyn WalletRepository>,
    /// Reads sessions.
    pub sessions: Arc<dyn SessionRepository>,
    /// Tells how the replica is; none when there is no replica.
    pub replica: Option<Arc<dyn StoreProbe>>,
}

impl Reads {
    /// Reads from where everything else is read.
    pub(crate) fn of(ports: &Ports) -> Self {
        Self {
            games: Arc::clone(&ports.games),
            wallets: Arc::clone(&ports.wallets),
            sessions: Arc::clone(&ports.sessions),
            replica: None,
        }
    }
}

/// How the house works.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How writes are gathered.
    pub committer: CommitterSettings,
    /// How long a session may be left alone before it expires.
    pub idle_timeout: TimeDelta,
    /// How sessions are followed.
    pub follow: FollowSettings,
    /// How many jobs of a kind may wait before callers are told to come back later. Several programs that
    /// queue at the same moment may pass it by as many.
    pub waiting_jobs: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            committer: CommitterSettings::default(),
            idle_timeout: TimeDelta::hours(24),
            follow: FollowSettings::default(),
            waiting_jobs: 100,
        }
    }
}

/// How the group committer gathers.
#[derive(Clone, Copy, Debug)]
pub struct CommitterSettings {
    /// How many batches may be under way at once; each holds a connection of the store. More of them are smaller.
    pub lanes: usize,
    /// How many commands may wait in a lane before callers are told to come back later; a list of actions counts as a
    /// quarter of them.
    pub queue: usize,
    /// The most actions of a batch, unless one command has more.
    pub batch: usize,
}

impl Default for CommitterSettings {
    fn default() -> Self {
        Self { lanes: 2, queue: 1024, batch: 512 }
    }
}

/// How sessions are followed.
#[derive(Clone, Copy, Debug)]
pub struct FollowSettings {
    /// How many may follow at once.
    pub most: usize,
    /// How often the store is looked into for events that another process wrote.
    pub poll: Duration,
}

impl Default for FollowSettings {
    /// 512 followers, who see what another process wrote within a second.
    fn default() -> Self {
        Self { most: 512, poll: Duration::from_secs(1) }
    }
}
