//! What the store holds, and how a batch of changes is checked and taken in.

use std::collections::{BTreeMap, BTreeSet};

use reelhouse_domain::access::ApiKey;
use reelhouse_domain::analytics::{GameTally, Span};
use reelhouse_domain::game::{Game, Readiness};
use reelhouse_domain::job::{Job, JobState};
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{AnsweredKey, Changes, MetricRow, Needs, Progress, Remembered, Snapshot, StoreError};
use reelhouse_domain::session::{GameplayEvent, MetricValue, Session, Transition};
use reelhouse_domain::wallet::{LedgerEntry, Wallet, WalletMark, WalletOperation};
use reelhouse_domain::{Digest, EntryId, EventId, GameId, JobId, KeyId, OperationId, SessionId, Timestamp, WalletId};

/// The tables, each in the order of its key.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) games: BTreeMap<GameId, Game>,
    pub(crate) jobs: BTreeMap<JobId, Job>,
    pub(crate) wallets: BTreeMap<WalletId, Wallet>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) entries: BTreeMap<(WalletId, i64), LedgerEntry>,
    pub(crate) events: BTreeMap<(SessionId, i64), GameplayEvent>,
    pub(crate) transitions: BTreeMap<(SessionId, i64), Transition>,
    pub(crate) keys: BTreeMap<KeyId, ApiKey>,
    pub(crate) observations: BTreeMap<GameId, Observation>,
    pub(crate) progress: BTreeMap<SessionId, Progress>,
    pub(crate) tallies: BTreeMap<(GameId, Span, Timestamp), GameTally>,
    operations: BTreeMap<OperationId, WalletOperation>,
    pub(crate) metrics: BTreeMap<(SessionId, &'static str, Timestamp), MetricValue>,
    /// By the key alone, which is unique whatever its shard.
    answers: BTreeMap<String, AnsweredKey>,
    fingerprints: BTreeMap<Digest, GameId>,
    event_ids: BTreeSet<EventId>,
    transition_ids: BTreeSet<EventId>,
    entry_ids: BTreeSet<EntryId>,
}

impl Tables {
    /// What is there of the needs.
    pub(crate) fn snapshot(&self, needs: &Needs) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let mut wallets = needs.wallets.clone();
        for session in needs.sessions.iter().filter_map(|id| self.sessions.get(id)) {
            wallets.extend(session.current_wallet_id);
            snapshot.sessions.insert(session.session_id, session.clone());
        }
        for wallet in wallets.iter().filter_map(|id| self.wallets.get(id)) {
            snapshot.wallets.insert(wallet.wallet_id, wallet.clone());
        }
        for key in &needs.keys {
            if let Some(answer) = self.answers.get(&key.key).filter(|answer| answer.key == *key) {
                snapshot.answers.insert(key.clone(), answer.clone());
            }
        }
        for game in needs.fingerprints.iter().filter_map(|print| self.games.get(self.fingerprints.get(print)?)) {
            snapshot.games.insert(game.fingerprint, game.clone());
        }
        for job in needs.jobs.iter().filter_map(|id| self.jobs.get(id)) {
            snapshot.jobs.insert(job.job_id, job.clone());
        }
        for job in self.jobs.values().filter(|job| needs.queue && job.state == JobState::Queued) {
            *snapshot.queue.entry(job.request.kind()).or_default() += 1;
        }
        snapshot
    }

    /// Checks everything that [`Self::apply`] relies on, so that it cannot stop half-way.
    ///
    /// # Errors
    /// [`StoreError::Retry`] for a row that is not what is remembered of it, [`StoreError::Clash`] for one that
    /// exists already, [`StoreError::Corrupt`] for one that refers to or replaces a row that does not.
    pub(crate) fn check(&self, changes: &Changes) -> Result<(), StoreError> {
        self.check_remembered(&changes.remembered)?;
        let Changes { games, wallets_created, sessions_created, .. } = changes;
        fresh("game", games.iter().map(|game| game.game_id), |id| self.games.contains_key(id))?;
        fresh("fingerprint", games.iter().map(|game| game.fingerprint), |print| self.fingerprints.contains_key(print))?;
        fresh("wallet", wallets_created.iter().map(|wallet| wallet.wallet_id), |id| self.wallets.contains_key(id))?;
        fresh("session", sessions_created.iter().map(|session| session.session_id), |id| {
            self.sessions.contains_key(id)
        })?;
        fresh("job", changes.jobs_created.iter().map(|job| job.job_id), |id| self.jobs.contains_key(id))?;
        self.check_records(changes)?;
        self.check_jobs(changes)?;
        self.check_references(changes)
    }

    /// Checks that rows are what is remembered of them.
    fn check_remembered(&self, remembered: &Remembered) -> Result<(), StoreError> {
        let session = |(id, seq): (_, &i64)| self.sessions.get(id).is_some_and(|session| session.last_seq == *seq);
        let wallet = |(id, mark): (_, &WalletMark)| self.wallets.get(id).is_some_and(|wallet| wallet.mark() == *mark);
        if remembered.sessions.iter().all(session) && remembered.wallets.iter().all(wallet) {
            return Ok(());
        }
        Err(StoreError::Retry("a row is not as it is remembered".to_owned()))
    }

    /// Checks that no appended row is there already.
    fn check_records(&self, changes: &Changes) -> Result<(), StoreError> {
        let Changes { operations, entries, events, transitions, answers, .. } = changes;
        fresh("operation", operations.iter().map(|operation| operation.operation_id), |id| {
            self.operations.contains_key(id)
        })?;
        fresh("ledger entry", entries.iter().map(|entry| entry.entry_id), |id| self.entry_ids.contains(id))?;
        fresh("ledger entry", entries.iter().map(entry_key).map(Shown), |key| self.entries.contains_key(&key.0))?;
        fresh("event", events.iter().map(|event| event.body.event_id), |id| self.event_ids.contains(id))?;
        fresh("event", events.iter().map(event_key).map(Shown), |key| self.events.contains_key(&key.0))?;
        fresh("transition", transitions.iter().map(|row| row.id), |id| self.transition_ids.contains(id))?;
        fresh("transition", transitions.iter().map(transition_key).map(Shown), |key| {
            self.transitions.contains_key(&key.0)
        })?;
        fresh("idempotency key", answers.iter().map(|answer| &answer.key.key), |key| {
            self.answers.contains_key(key.as_str())
        })
    }

    /// Checks what the databases' triggers do: an ended job stays as it is, and a profile that is there as well.
    fn check_jobs(&self, changes: &Changes) -> Result<(), StoreError> {
        let open = |id: &JobId| {
            let job = self.jobs.get(id);
            job.is_some_and(|job| matches!(job.state, JobState::Queued | JobState::Running))
        };
        there("open job", changes.jobs_updated.iter().map(|job| job.job_id), open)?;
        there("game without a profile", changes.profiles.iter().map(|(game_id, _)| *game_id), |id| {
            self.games.get(id).is_some_and(|game| game.readiness() != Readiness::Ready)
        })
    }

    /// Checks that what is updated or referred to is there, as the databases' keys do.
    fn check_references(&self, changes: &Changes) -> Result<(), StoreError> {
        let Changes { games, wallets_created, sessions_created, .. } = changes;
        let new_games: BTreeSet<_> = games.iter().map(|game| game.game_id).collect();
        let new_wallets: BTreeSet<_> = wallets_created.iter().map(|wallet| wallet.wallet_id).collect();
        let new_sessions: BTreeSet<_> = sessions_created.iter().map(|session| session.session_id).collect();
        let wallet_there = |id: &WalletId| self.wallets.contains_key(id) || new_wallets.contains(id);
        let session_there = |id: &SessionId| self.sessions.contains_key(id) || new_sessions.contains(id);

        there("wallet", changes.wallets_updated.iter().map(|wallet| wallet.wallet_id), wallet_there)?;
        there("session", changes.sessions_updated.iter().map(|session| session.session_id), session_there)?;
        there("game", sessions_created.iter().map(|session| session.game_id), |id| {
            self.games.contains_key(id) || new_games.contains(id)
        })?;
        there("game", changes.jobs_created.iter().map(|job| job.game_id), |id| {
            self.games.contains_key(id) || new_games.contains(id)
        })?;
        let owners = wallets_created.iter().filter_map(|wallet| wallet.owner);
        let owners = owners.chain(sessions_created.iter().filter_map(|session| session.owner));
        there("key", owners, |id| self.keys.contains_key(id))?;
        there("wallet", changes.operations.iter().map(|operation| operation.wallet_id), wallet_there)?;
        there("wallet", changes.entries.iter().map(|entry| entry.wallet_id), wallet_there)?;
        there("session", changes.events.iter().map(|event| event.body.session_id), session_there)
    }

    /// Takes the changes in. They have passed [`Self::check`] under the same lock.
    pub(crate) fn apply(&mut self, changes: &Changes) {
        for game in &changes.games {
            self.fingerprints.insert(game.fingerprint, game.game_id);
            self.games.insert(game.game_id, game.clone());
        }
        for (game_id, profile) in &changes.profiles {
            if let Some(game) = self.games.get_mut(game_id) {
                game.statistical_profile = profile.clone();
            }
        }
        for job in changes.jobs_created.iter().chain(&changes.jobs_updated) {
            self.jobs.insert(job.job_id, job.clone());
        }
        for wallet in changes.wallets_created.iter().chain(&changes.wallets_updated) {
            self.wallets.insert(wallet.wallet_id, wallet.clone());
        }
        for session in changes.sessions_created.iter().chain(&changes.sessions_updated) {
            self.sessions.insert(session.session_id, session.clone());
        }
        self.operations.extend(changes.operations.iter().map(|row| (row.operation_id, row.clone())));
        self.entry_ids.extend(changes.entries.iter().map(|row| row.entry_id));
        self.entries.extend(changes.entries.iter().map(|row| (entry_key(row), row.clone())));
        self.event_ids.extend(changes.events.iter().map(|row| row.body.event_id));
        self.events.extend(changes.events.iter().map(|row| (event_key(row), row.clone())));
        self.transition_ids.extend(changes.transitions.iter().map(|row| row.id));
        self.transitions.extend(changes.transitions.iter().map(|row| (transition_key(row), row.clone())));
        self.metrics.extend(changes.metrics.iter().map(|row| (metric_key(row), row.value)));
        self.answers.extend(changes.answers.iter().map(|row| (row.key.key.clone(), row.clone())));
    }
}

fn entry_key(entry: &LedgerEntry) -> (WalletId, i64) {
    (entry.wallet_id, entry.seq)
}

fn event_key(event: &GameplayEvent) -> (SessionId, i64) {
    (event.body.session_id, event.body.seq)
}

fn transition_key(transition: &Transition) -> (SessionId, i64) {
    (transition.session_id, transition.seq)
}

pub(crate) fn metric_key(metric: &MetricRow) -> (SessionId, &'static str, Timestamp) {
    (metric.session_id, metric.key, metric.recorded_at)
}

/// A compound key that an error message shows as its parts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shown<K>(K);

impl<K: std::fmt::Debug> std::fmt::Display for Shown<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// Refuses a key that is taken, or that comes twice in the batch itself.
fn fresh<K: Ord + std::fmt::Display>(
    what: &str,
    keys: impl Iterator<Item = K>,
    taken: impl Fn(&K) -> bool,
) -> Result<(), StoreError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if taken(&key) || seen.contains(&key) {
            return Err(StoreError::Clash(format!("there is a {what} {key} already")));
        }
        seen.insert(key);
    }
    Ok(())
}

/// Refuses a key that names nothing.
fn there<K: std::fmt::Display>(
    what: &str,
    mut keys: impl Iterator<Item = K>,
    there: impl Fn(&K) -> bool,
) -> Result<(), StoreError> {
    match keys.find(|key| !there(key)) {
        Some(key) => Err(StoreError::Corrupt(format!("the batch refers to the {what} {key}, which is not there"))),
        None => Ok(()),
    }
}
