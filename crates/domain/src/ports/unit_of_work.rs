//! The unit of work: the one way to write. Load and lock, decide in pure code, write all, commit.
//!
//! A batch of commands is one unit of work: [`UnitOfWorkFactory::begin`] locks and loads what all
//! of them need, the caller decides each command on the snapshot, [`UnitOfWork::write`] writes every
//! change in a fixed number of statements, whatever the size of the batch, and [`UnitOfWork::commit`] ends it.
//!
//! A writer that remembers a row as it left it need not load it again: it says with the change what the row must
//! still be, and the store refuses the change when somebody else has written the row since.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::Value;

use super::StoreError;
use crate::canonical::Digest;
use crate::game::Game;
use crate::id::{GameId, JobId, SessionId, Shard, WalletId};
use crate::job::{Job, JobKind};
use crate::session::{GameplayEvent, MetricValue, Session, Transition};
use crate::time::Timestamp;
use crate::wallet::{LedgerEntry, Wallet, WalletMark, WalletOperation};

/// An idempotency key and the shard that its row lives in, which is the shard of what it guards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey {
    /// The shard of the guarded row.
    pub shard: Shard,
    /// The key as the client sent it, 1 to 255 characters.
    pub key: String,
}

/// An idempotency key with the answer it was given, so that a replay gets the same.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredKey {
    /// The key.
    pub key: IdempotencyKey,
    /// The digest of the request that the key came with.
    pub request: Digest,
    /// The answer or refusal, as the application wrote it.
    pub answer: Value,
    /// When it was answered.
    pub created_at: Timestamp,
}

/// What a batch must see, and hold locked, before it can be decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Sessions to lock, each with its current wallet.
    pub sessions: BTreeSet<SessionId>,
    /// Further wallets to lock.
    pub wallets: BTreeSet<WalletId>,
    /// Keys whose answers to look up.
    pub keys: BTreeSet<IdempotencyKey>,
    /// Definitions whose games to look up.
    pub fingerprints: BTreeSet<Digest>,
    /// Jobs to lock.
    pub jobs: BTreeSet<JobId>,
    /// Whether to count the jobs that wait.
    pub queue: bool,
}

/// What was found of the needs. What is not there does not exist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The sessions that exist, locked.
    pub sessions: BTreeMap<SessionId, Session>,
    /// The wallets that exist, those of the sessions included, locked.
    pub wallets: BTreeMap<WalletId, Wallet>,
    /// The keys that were answered before.
    pub answers: BTreeMap<IdempotencyKey, AnsweredKey>,
    /// The games that exist.
    pub games: BTreeMap<Digest, Game>,
    /// The jobs that exist, locked.
    pub jobs: BTreeMap<JobId, Job>,
    /// How many jobs of each kind wait for a worker; a kind of which none do may be left out.
    pub queue: BTreeMap<JobKind, u64>,
}

/// A row of the metrics table.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRow {
    /// The session that was measured.
    pub session_id: SessionId,
    /// The metric's name.
    pub key: &'static str,
    /// Its value.
    pub value: MetricValue,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// What rows were when their writer last saw them, as far as it remembers them and holds no lock on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// How many events each session had.
    pub sessions: BTreeMap<SessionId, i64>,
    /// What each wallet was like.
    pub wallets: BTreeMap<WalletId, WalletMark>,
}

impl Remembered {
    /// Whether every row was locked and loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.wallets.is_empty()
    }
}

/// Everything that a batch changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Of the sessions and wallets to update, those that were not in the snapshot, and what they must still be.
    pub remembered: Remembered,
    /// Games to insert.
    pub games: Vec<Game>,
    /// Profiles to put in the place of pending or rejected ones, which is all that ever changes of a game.
    pub profiles: Vec<(GameId, Value)>,
    /// Jobs to insert.
    pub jobs_created: Vec<Job>,
    /// Jobs to update; each was in the snapshot.
    pub jobs_updated: Vec<Job>,
    /// Wallets to insert.
    pub wallets_created: Vec<Wallet>,
    /// Wallets to update; each was in the snapshot or is remembered.
    pub wallets_updated: Vec<Wallet>,
    /// Sessions to insert.
    pub sessions_created: Vec<Session>,
    /// Sessions to update; each was in the snapshot or is remembered.
    pub sessions_updated: Vec<Session>,
    /// Wallet operations to append.
    pub operations: Vec<WalletOperation>,
    /// Ledger entries to append.
    pub entries: Vec<LedgerEntry>,
    /// Events to append.
    pub events: Vec<GameplayEvent>,
    /// RL transitions to append.
    pub transitions: Vec<Transition>,
    /// Metrics to append.
    pub metrics: Vec<MetricRow>,
    /// Idempotency keys to append.
    pub answers: Vec<AnsweredKey>,
}

/// Begins units of work.
#[async_trait]
pub trait UnitOfWorkFactory: Send + Sync {
    /// Opens a transaction, locks the needed sessions in the order of their ids, then the needed
    /// wallets in the order of theirs, then the needed jobs, and loads them with the answers and games
    /// asked for.
    ///
    /// The order is what keeps two processes from deadlocking; rows that are written without having been locked
    /// are written in the same order. The snapshot must be read after
    /// the locks are held, so that it shows what the last holder committed. Waiting for a lock is
    /// bounded: past the bound the answer is [`StoreError::Retry`].
    ///
    /// A session that an answered key guards is locked like any other, so of two writers with one
    /// key on one session the second sees the first's answer.
    async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError>;

    /// Writes and commits, in a unit of work of its own, changes that needed nothing to be locked: new rows, and rows
    /// that are remembered.
    ///
    /// The errors are those of [`UnitOfWork::write`] and [`UnitOfWork::commit`].
    async fn write_unlocked(&self, changes: &Changes) -> Result<(), StoreError> {
        self.begin(&Needs::default()).await?.1.finish(changes).await
    }

    /// The part of the store that holds a shard's rows. A unit of work that stays in one part is
    /// the cheapest; shards of one part are better put together in a batch than others.
    fn part(&self, shard: Shard) -> u32 {
        shard.number().into()
    }
}

/// An open unit of work. Ending it consumes it.
///
/// Dropped without an end, it must be undone at once: its locks are released and its connection is
/// not handed to anybody else in the middle of a transaction.
#[async_trait]
pub trait UnitOfWork: Send {
    /// Writes all changes, which nobody sees before the commit; once at most. A store that commits no
    /// sooner by it may keep them for [`Self::commit`], which then has the same errors.
    ///
    /// A remembered row that is not there any more as it was is a [`StoreError::Retry`]: somebody else has
    /// written it, and what was decided on it is void. That is told before any other error, as it may be the cause.
    /// A row that exists already (an idempotency key, a game's fingerprint) is a
    /// [`StoreError::Clash`]. After any error the unit of work can only be rolled back.
    async fn write(&mut self, changes: &Changes) -> Result<(), StoreError>;

    /// Commits what was written. On return it is durable and seen by every reader.
    ///
    /// All or nothing: on any error no change is seen, save that after
    /// [`StoreError::Unavailable`] it is unknown whether the commit took hold.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;

    /// Undoes the unit of work and releases its locks.
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;

    /// Writes all changes and commits them, or rolls back.
    async fn finish(mut self: Box<Self>, changes: &Changes) -> Result<(), StoreError> {
        match self.write(changes).await {
            Ok(()) => self.commit().await,
            Err(error) => {
                // What cannot be rolled back is undone by being dropped; the first error is the cause.
                drop(self.rollback().await);
                Err(error)
            }
        }
    }
}
