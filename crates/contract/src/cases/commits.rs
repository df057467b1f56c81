//! Commits: all or nothing, seen at once or never.

use std::sync::Arc;
use std::time::Duration;

use reelhouse_domain::ports::{Changes, MetricRow, Needs, SessionFilter, Snapshot};
use reelhouse_domain::session::{Action, MetricValue};
use reelhouse_domain::{Money, Shard};
use tokio::time::timeout;

use crate::Store;
use crate::fixtures::{House, OpenedWallet, SHARD, answered, batch, noon, session_created, spin, step_taken};
use crate::work::{begin, in_time, needs_of, needs_session, needs_wallet, save, try_save};

/// A session that is played a step, and everything that a batch can change, in one batch.
struct Everything {
    house: House,
    changes: Changes,
}

impl Everything {
    /// Stores a house with a session, and makes changes of every kind on top of it.
    async fn over(store: &dyn Store) -> Self {
        let house = House::new();
        let opened = house.wallet("100");
        let session = house.session(Some(&opened.wallet));
        save(store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
        let step = house.act(session, Some(opened.wallet), &spin(Some("1")));
        let metrics = step.session.metrics.entries().into_iter().map(|(key, value)| MetricRow {
            session_id: step.session.session_id,
            key,
            value,
            recorded_at: house.now,
        });
        let metrics = Changes { metrics: metrics.collect(), ..Changes::default() };
        let other = house.wallet_in(Shard::from_bits(5), "3");
        let fresh = [
            Changes { games: vec![house.game_numbered(1)], ..Changes::default() },
            other.created(),
            session_created(&house.session(Some(&other.wallet))),
            answered(&house.answer(SHARD, "everything")),
        ];
        let changes = batch([batch(fresh), step_taken(&step), metrics]);
        Self { house, changes }
    }

    /// Checks that all of the batch is there.
    async fn is_there(&self, store: &dyn Store) {
        let changes = &self.changes;
        for game in &changes.games {
            assert_eq!(store.game_find(game.game_id).await.as_ref(), Ok(&Some(game.clone())));
        }
        for wallet in changes.wallets_created.iter().chain(&changes.wallets_updated) {
            assert_eq!(store.wallet_find(wallet.wallet_id).await.as_ref(), Ok(&Some(wallet.clone())));
            let entries: Vec<_> =
                changes.entries.iter().filter(|entry| entry.wallet_id == wallet.wallet_id).cloned().collect();
            let after = wallet.ledger_seq - i64::try_from(entries.len()).unwrap();
            assert_eq!(store.ledger_list(wallet.wallet_id, after, 100).await, Ok(entries));
        }
        for session in changes.sessions_created.iter().chain(&changes.sessions_updated) {
            assert_eq!(store.session_find(session.session_id).await.as_ref(), Ok(&Some(session.clone())));
        }
        let id = changes.sessions_updated[0].session_id;
        assert_eq!(store.event_list(id, 0, 100).await.as_ref(), Ok(&changes.events));
        assert_eq!(store.transition_list(id, 0, 100).await.as_ref(), Ok(&changes.transitions));
        assert_eq!(self.answers_found(store).await, 1);
    }

    /// Checks that none of the batch is there.
    async fn is_not_there(&self, store: &dyn Store) {
        let changes = &self.changes;
        assert_eq!(store.game_list(None, 10).await.as_deref(), Ok(std::slice::from_ref(&self.house.game)));
        assert_eq!(store.wallet_find(changes.wallets_created[0].wallet_id).await, Ok(None));
        assert_eq!(store.session_find(changes.sessions_created[0].session_id).await, Ok(None));
        let wallet = store.wallet_find(changes.wallets_updated[0].wallet_id).await.unwrap().unwrap();
        assert_eq!((wallet.balance, wallet.ledger_seq), (Money::from_units(1_000_000), 1));
        assert_eq!(store.ledger_list(wallet.wallet_id, 1, 100).await, Ok(vec![]));
        assert_eq!(store.ledger_list(changes.wallets_created[0].wallet_id, 0, 100).await, Ok(vec![]));
        let session = store.session_find(changes.sessions_updated[0].session_id).await.unwrap().unwrap();
        assert_eq!(session.last_seq, 0);
        assert_eq!(store.event_list(session.session_id, 0, 100).await, Ok(vec![]));
        assert_eq!(store.transition_list(session.session_id, 0, 100).await, Ok(vec![]));
        assert_eq!(store.session_list(SessionFilter::default(), None, 10).await.unwrap().len(), 1);
    }

    async fn answers_found(&self, store: &dyn Store) -> usize {
        let keys = self.changes.answers.iter().map(|answer| answer.key.clone()).collect();
        let (snapshot, unit) = begin(store, &Needs { keys, ..Needs::default() }).await;
        unit.rollback().await.unwrap();
        snapshot.answers.len()
    }
}

/// Before the commit no read sees anything of the batch, nor waits for it; after it, all see all.
pub async fn a_commit_is_seen_at_once_and_nothing_before(store: Arc<dyn Store>) {
    let everything = Everything::over(&*store).await;
    let (_, unit) = begin(&*store, &needs_of(&everything.changes)).await;
    let reads = everything.is_not_there(&*store);
    timeout(Duration::from_secs(5), reads).await.expect("reads do not wait for an open unit of work");
    unit.finish(&everything.changes).await.unwrap();
    everything.is_there(&*store).await;
}

/// A unit of work that is rolled back leaves nothing, and the same work can be done after it.
pub async fn a_rollback_leaves_nothing(store: Arc<dyn Store>) {
    let everything = Everything::over(&*store).await;
    let (_, unit) = begin(&*store, &needs_of(&everything.changes)).await;
    unit.rollback().await.unwrap();
    everything.is_not_there(&*store).await;
    save(&*store, &everything.changes).await;
    everything.is_there(&*store).await;
}

/// A unit of work that is dropped leaves nothing, and its locks are free within a second.
pub async fn a_dropped_unit_leaves_nothing_and_lets_go(store: Arc<dyn Store>) {
    let everything = Everything::over(&*store).await;
    let needs = needs_of(&everything.changes);
    for _ in 0..20 {
        let (_, unit) = begin(&*store, &needs).await;
        drop(unit);
        let next = timeout(Duration::from_secs(1), store.begin(&needs));
        let (_, unit) = next.await.expect("the locks are free within a second").unwrap();
        drop(unit);
    }
    everything.is_not_there(&*store).await;
    save(&*store, &everything.changes).await;
    everything.is_there(&*store).await;
}

/// A commit that is cancelled in mid-flight has taken hold as a whole or not at all, and lets go.
pub async fn a_cancelled_commit_is_all_or_nothing(store: Arc<dyn Store>) {
    let house = House::new();
    let mut opened = house.wallet("1");
    save(&*store, &opened.created()).await;
    let id = opened.wallet.wallet_id;
    for micros in [0, 50, 100, 200, 400, 800, 1600, 3200, 6400] {
        let next =
            house.operate(opened.wallet.clone(), reelhouse_domain::wallet::Operation::Deposit, Money::from_units(1));
        let (_, unit) = begin(&*store, &needs_wallet(id)).await;
        let changes = next.updated();
        let commit = tokio::spawn(async move { unit.finish(&changes).await });
        tokio::time::sleep(Duration::from_micros(micros)).await;
        commit.abort();
        let _ = in_time(commit).await;

        // The locks come back, and what is found under them is one of the two truths.
        let (snapshot, unit) = begin(&*store, &needs_wallet(id)).await;
        let found = snapshot.wallets[&id].clone();
        let entries = store.ledger_list(id, opened.wallet.ledger_seq, 10).await.unwrap();
        if found == next.wallet {
            assert_eq!(entries, next.entry.iter().cloned().collect::<Vec<_>>());
            opened = next;
        } else {
            assert_eq!((found, entries), (opened.wallet.clone(), vec![]));
        }
        unit.rollback().await.unwrap();
    }
}

/// One batch may create a game, a wallet and a session that refer to each other, and play it.
pub async fn a_batch_may_build_on_itself(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let step = house.act(house.session(Some(&opened.wallet)), Some(opened.wallet.clone()), &spin(Some("1")));
    let wallet = step.wallet.clone().unwrap();
    let changes = Changes {
        games: vec![house.game.clone()],
        wallets_created: vec![wallet.clone()],
        sessions_created: vec![step.session.clone()],
        operations: opened.operation.into_iter().collect(),
        entries: opened.entry.into_iter().chain(step.entries).collect(),
        events: step.events.clone(),
        transitions: step.transitions,
        ..Changes::default()
    };
    save(&*store, &changes).await;
    assert_eq!(store.wallet_find(wallet.wallet_id).await, Ok(Some(wallet.clone())));
    assert_eq!(store.ledger_list(wallet.wallet_id, 0, 100).await, Ok(changes.entries));
    assert_eq!(store.event_list(step.session.session_id, 0, 100).await, Ok(step.events));
    assert_eq!(store.session_find(step.session.session_id).await, Ok(Some(step.session)));
}

/// Hundreds of sessions are opened in one commit, and played in another.
pub async fn a_large_batch_is_written(store: Arc<dyn Store>) {
    let house = House::new();
    let opened: Vec<_> = (0..500).map(|at| house.wallet_in(Shard::from_bits(at * 8), "100")).collect();
    let sessions: Vec<_> = opened.iter().map(|opened| house.session(Some(&opened.wallet))).collect();
    let wallets = opened.iter().map(OpenedWallet::created);
    save(&*store, &batch([house.opening(), batch(wallets), batch(sessions.iter().map(session_created))])).await;

    let mut parts = vec![];
    for (session, opened) in sessions.into_iter().zip(opened) {
        let bet = house.act(session, Some(opened.wallet), &Action::Bet { amount: "1".parse().unwrap() });
        let mut step = house.act(bet.session, bet.wallet, &spin(None));
        step.events.splice(0..0, bet.events);
        step.entries.splice(0..0, bet.entries);
        step.transitions.splice(0..0, bet.transitions);
        let answer = house.answer(step.session.session_id.shard(), &step.session.session_id.to_string());
        parts.push(batch([step_taken(&step), answered(&answer)]));
    }
    let changes = batch(parts.clone());
    save(&*store, &changes).await;
    for part in &parts {
        let session = &part.sessions_updated[0];
        assert_eq!(store.session_find(session.session_id).await.as_ref(), Ok(&Some(session.clone())));
        assert_eq!(store.event_list(session.session_id, 0, 10).await.as_ref(), Ok(&part.events));
        assert_eq!(store.ledger_list(part.wallets_updated[0].wallet_id, 1, 10).await.as_ref(), Ok(&part.entries));
    }
    let needs = Needs { keys: changes.answers.iter().map(|answer| answer.key.clone()).collect(), ..Needs::default() };
    let (Snapshot { answers, .. }, unit) = begin(&*store, &needs).await;
    unit.rollback().await.unwrap();
    assert_eq!(answers.len(), 500);
}

/// Metrics of every size are accepted: counts and amounts to the end of their range.
pub async fn metrics_are_accepted(store: Arc<dyn Store>) {
    let house = House::new();
    let session = house.session(None);
    save(&*store, &batch([house.opening(), session_created(&session)])).await;
    let values = [
        ("spins", MetricValue::Count(0)),
        ("hits", MetricValue::Count(1 << 53)),
        ("net", MetricValue::Amount(Money::from_units(-i64::MAX))),
        ("won", MetricValue::Amount(Money::from_units(i64::MAX))),
    ];
    let session_id = session.session_id;
    let rows = values.map(|(key, value)| MetricRow { session_id, key, value, recorded_at: noon() });
    assert_eq!(try_save(&*store, &Changes { metrics: rows.to_vec(), ..Changes::default() }).await, Ok(()));
}

/// Units of work that are rolled back give their locks and connections back, however many there were.
pub async fn a_unit_that_was_rolled_back_frees_its_session(store: Arc<dyn Store>) {
    let everything = Everything::over(&*store).await;
    let id = everything.changes.sessions_updated[0].session_id;
    for _ in 0..50 {
        let (_, unit) = begin(&*store, &needs_session(id)).await;
        in_time(unit.rollback()).await.unwrap();
    }
}
