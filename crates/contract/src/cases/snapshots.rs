//! Snapshots: what a unit of work finds of what it needs.

use std::sync::Arc;

use reelhouse_domain::ports::{Changes, Needs, Snapshot};
use reelhouse_domain::session::Action;
use reelhouse_domain::{Digest, SessionId, Shard, WalletId};

use crate::Store;
use crate::fixtures::{House, OpenedWallet, SHARD, answered, batch, noon, session_created, step_taken};
use crate::work::{begin, needs_session, needs_wallet, play, save};

async fn snapshot(store: &dyn Store, needs: &Needs) -> Snapshot {
    let (snapshot, unit) = begin(store, needs).await;
    unit.rollback().await.unwrap();
    snapshot
}

/// Needs of every kind bring what exists; what does not exist is left out.
pub async fn a_snapshot_holds_what_exists_and_no_more(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("5");
    let idle = house.session(None);
    let answer = house.answer(SHARD, "answered");
    save(&*store, &batch([house.opening(), opened.created(), session_created(&idle), answered(&answer)])).await;
    // Rows that nobody asked for stay out as well.
    save(&*store, &batch([house.wallet("7").created(), session_created(&house.session(None))])).await;

    let missing = house.answer(SHARD, "never answered");
    let needs = Needs {
        sessions: [idle.session_id, SessionId::mint(noon(), SHARD, &house.randomness)].into(),
        wallets: [opened.wallet.wallet_id, WalletId::mint(noon(), SHARD, &house.randomness)].into(),
        keys: [answer.key.clone(), missing.key].into(),
        fingerprints: [house.game.fingerprint, Digest([9; 32])].into(),
        ..Needs::default()
    };
    let found = snapshot(&*store, &needs).await;
    let expected = Snapshot {
        sessions: [(idle.session_id, idle)].into(),
        wallets: [(opened.wallet.wallet_id, opened.wallet)].into(),
        answers: [(answer.key.clone(), answer)].into(),
        games: [(house.game.fingerprint, house.game)].into(),
        ..Snapshot::default()
    };
    assert_eq!(found, expected);
}

/// Needing nothing finds nothing, and what it changes is written all the same.
pub async fn a_unit_that_needs_nothing_can_write(store: Arc<dyn Store>) {
    let house = House::new();
    let (found, unit) = begin(&*store, &Needs::default()).await;
    assert_eq!(found, Snapshot::default());
    unit.finish(&house.opening()).await.unwrap();
    assert_eq!(store.game_find(house.game.game_id).await, Ok(Some(house.game)));
}

/// Changing nothing is no error.
pub async fn a_unit_may_change_nothing(store: Arc<dyn Store>) {
    let (_, unit) = begin(&*store, &Needs::default()).await;
    assert_eq!(unit.finish(&Changes::default()).await, Ok(()));
}

/// A session brings its wallet along, once, also when both are asked for.
pub async fn a_session_brings_its_wallet(store: Arc<dyn Store>) {
    let house = House::new();
    let (opened, other) = (house.wallet("5"), house.wallet("6"));
    let sessions = [house.session(Some(&opened.wallet)), house.session(Some(&opened.wallet))];
    let rows = batch([opened.created(), other.created(), batch(sessions.iter().map(session_created))]);
    save(&*store, &batch([house.opening(), rows])).await;

    let found = snapshot(&*store, &needs_session(sessions[0].session_id)).await;
    assert_eq!(found.sessions.into_values().collect::<Vec<_>>(), sessions[..1]);
    assert_eq!(found.wallets.values().collect::<Vec<_>>(), [&opened.wallet]);

    let needs = Needs {
        sessions: sessions.iter().map(|session| session.session_id).collect(),
        wallets: [opened.wallet.wallet_id, other.wallet.wallet_id].into(),
        ..Needs::default()
    };
    let found = snapshot(&*store, &needs).await;
    assert_eq!((found.sessions.len(), found.wallets.len()), (2, 2));
}

/// The wallet that comes along is the one attached last, not the one of the start.
pub async fn a_session_brings_the_wallet_attached_last(store: Arc<dyn Store>) {
    let house = House::new();
    let (first, second) = (house.wallet("5"), house.wallet_in(Shard::from_bits(0x123), "6"));
    let idle = house.session(None);
    let rows = [house.opening(), first.created(), second.created(), session_created(&idle)];
    save(&*store, &batch(rows)).await;
    let attach = |wallet_id| Action::AttachWallet { wallet_id };
    play(&*store, &house, idle.session_id, &attach(first.wallet.wallet_id)).await;
    let found = snapshot(&*store, &needs_session(idle.session_id)).await;
    assert_eq!(found.wallets.into_keys().collect::<Vec<_>>(), [first.wallet.wallet_id]);

    let mut session = found.sessions.into_values().next().unwrap();
    session.state = reelhouse_domain::session::SessionState::Playing;
    let step = house.act(session, Some(second.wallet.clone()), &attach(second.wallet.wallet_id));
    save(&*store, &step_taken(&step)).await;
    let found = snapshot(&*store, &needs_session(idle.session_id)).await;
    assert_eq!(found.wallets.into_values().collect::<Vec<_>>(), [second.wallet]);
}

/// The same key in another shard is another question, which has no answer.
pub async fn a_key_is_looked_up_in_its_shard(store: Arc<dyn Store>) {
    let house = House::new();
    let answer = house.answer(Shard::from_bits(1), "key");
    save(&*store, &answered(&answer)).await;
    let elsewhere = house.answer(Shard::from_bits(2), "key");
    let needs = Needs { keys: [answer.key.clone(), elsewhere.key].into(), ..Needs::default() };
    let found = snapshot(&*store, &needs).await;
    assert_eq!(found.answers.into_values().collect::<Vec<_>>(), [answer]);
}

/// Hundreds of needs at once are all met.
pub async fn many_needs_are_met_at_once(store: Arc<dyn Store>) {
    let house = House::new();
    let opened: Vec<_> = (0..400).map(|at| house.wallet_in(Shard::from_bits(at * 7), "5")).collect();
    let sessions: Vec<_> = opened.iter().map(|opened| house.session(Some(&opened.wallet))).collect();
    let answers: Vec<_> = (0..400).map(|at| house.answer(SHARD, &format!("key {at}"))).collect();
    let rows = [
        house.opening(),
        batch(opened.iter().map(OpenedWallet::created)),
        batch(sessions.iter().map(session_created)),
        batch(answers.iter().map(answered)),
    ];
    save(&*store, &batch(rows)).await;
    let needs = Needs {
        sessions: sessions.iter().map(|session| session.session_id).collect(),
        keys: answers.iter().map(|answer| answer.key.clone()).collect(),
        ..needs_wallet(opened[0].wallet.wallet_id)
    };
    let found = snapshot(&*store, &needs).await;
    assert_eq!(found.sessions.len(), 400);
    assert_eq!(found.answers.len(), 400);
    for opened in opened {
        assert_eq!(found.wallets.get(&opened.wallet.wallet_id), Some(&opened.wallet));
    }
}
