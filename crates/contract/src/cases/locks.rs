//! Locks: two units of work on one row follow one another, and no two wait for each other.

use std::sync::Arc;
use std::time::Duration;

use reelhouse_domain::Money;
use reelhouse_domain::ports::{Needs, StoreError};
use reelhouse_domain::session::{Action, verify_chain};
use reelhouse_domain::wallet::Operation;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::Store;
use crate::fixtures::{House, OpenedWallet, batch, credits, session_created, step_taken};
use crate::work::{begin, in_time, needs_session, needs_wallet, play, save};

/// How long a unit of work that must wait is watched waiting.
const WATCHED: Duration = Duration::from_millis(300);

/// Begins with `second` while `first` is open, watches it wait, ends `first` and sees what it left.
///
/// `first` deposits one unit into the wallet and commits; the second's snapshot must show that.
async fn the_second_waits_for_the_first(store: &Arc<dyn Store>, house: &House, first: &Needs, second: Needs) {
    let (snapshot, unit) = begin(&**store, first).await;
    let wallet = snapshot.wallets.values().next().expect("the first locks the wallet").clone();
    let waiting = {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let (snapshot, unit) = begin(&*store, &second).await;
            unit.rollback().await.unwrap();
            snapshot
        })
    };
    tokio::time::sleep(WATCHED).await;
    assert!(!waiting.is_finished(), "the second does not begin while the first is open");
    let next = house.operate(wallet, Operation::Deposit, Money::from_units(1));
    unit.finish(&next.updated()).await.unwrap();
    let snapshot = in_time(waiting).await.unwrap();
    assert_eq!(snapshot.wallets.get(&next.wallet.wallet_id), Some(&next.wallet), "the second sees what was committed");
}

/// Of two units on one session the second begins when the first has committed, and sees its result.
pub async fn a_second_unit_on_a_session_waits(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let needs = needs_session(session.session_id);
    let (snapshot, unit) = begin(&*store, &needs).await;
    let waiting = {
        let (store, needs) = (Arc::clone(&store), needs.clone());
        tokio::spawn(async move {
            let (snapshot, unit) = begin(&*store, &needs).await;
            unit.rollback().await.unwrap();
            snapshot
        })
    };
    tokio::time::sleep(WATCHED).await;
    assert!(!waiting.is_finished(), "the second does not begin while the first is open");
    let (session, wallet) = (snapshot.sessions.into_values().next(), snapshot.wallets.into_values().next());
    let step = house.act(session.unwrap(), wallet, &Action::Bet { amount: credits("1") });
    unit.finish(&step_taken(&step)).await.unwrap();
    let snapshot = in_time(waiting).await.unwrap();
    assert_eq!(snapshot.sessions.into_values().collect::<Vec<_>>(), [step.session]);
    assert_eq!(snapshot.wallets.into_values().next(), step.wallet);
}

/// Of two units on one wallet the second waits, whichever of them comes to it through a session.
pub async fn a_second_unit_on_a_wallet_waits(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let sessions = [house.session(Some(&opened.wallet)), house.session(Some(&opened.wallet))];
    let rows = batch(sessions.iter().map(session_created));
    save(&*store, &batch([house.opening(), opened.created(), rows])).await;
    let wallet = needs_wallet(opened.wallet.wallet_id);
    let [first, second] = sessions.map(|session| needs_session(session.session_id));
    the_second_waits_for_the_first(&store, &house, &wallet, wallet.clone()).await;
    the_second_waits_for_the_first(&store, &house, &wallet, first.clone()).await;
    the_second_waits_for_the_first(&store, &house, &first, wallet).await;
    the_second_waits_for_the_first(&store, &house, &first, second).await;
}

/// A `begin` that is given up while it waits leaves no lock behind.
pub async fn a_begin_given_up_leaves_no_lock(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    save(&*store, &opened.created()).await;
    let needs = needs_wallet(opened.wallet.wallet_id);
    for _ in 0..5 {
        let (_, unit) = begin(&*store, &needs).await;
        let given_up = timeout(Duration::from_millis(50), store.begin(&needs)).await;
        assert!(given_up.is_err(), "the second does not begin while the first is open");
        unit.rollback().await.unwrap();
        let next = timeout(Duration::from_secs(2), store.begin(&needs)).await.expect("the lock is free");
        next.unwrap().1.rollback().await.unwrap();
    }
}

/// Waiting for a lock is bounded: past the bound the store asks to try again.
pub async fn waiting_for_a_lock_is_bounded(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    save(&*store, &opened.created()).await;
    let needs = needs_wallet(opened.wallet.wallet_id);
    let (_, unit) = begin(&*store, &needs).await;
    let refused = in_time(store.begin(&needs)).await.err();
    assert!(matches!(refused, Some(StoreError::Retry(_))), "{refused:?}");
    unit.rollback().await.unwrap();
    begin(&*store, &needs).await.1.rollback().await.unwrap();
}

/// A number below `bound` that looks random and is the same in every run (Knuth, TAOCP 2, 3.3.4).
fn scattered(number: usize, bound: usize) -> usize {
    (number.wrapping_mul(2_654_435_761) >> 7) % bound
}

/// Many units on random pairs of sessions and wallets never wait for each other in a circle.
pub async fn units_on_the_same_rows_do_not_deadlock(store: Arc<dyn Store>) {
    let house = Arc::new(House::new());
    let opened: Vec<_> = (0..8).map(|_| house.wallet("100")).collect();
    // Two sessions on each wallet, so that the orders of sessions and of wallets differ.
    let sessions: Vec<_> = (0..16).map(|at| house.session(Some(&opened[(at * 5 + 3) % 8].wallet))).collect();
    let wallets = batch(opened.iter().map(OpenedWallet::created));
    save(&*store, &batch([house.opening(), wallets, batch(sessions.iter().map(session_created))])).await;

    let mut tasks = JoinSet::new();
    for task in 0..50 {
        let needs = Needs {
            sessions: [0, 1].map(|at| sessions[scattered(task * 2 + at, 16)].session_id).into(),
            wallets: [opened[scattered(task + 1000, 8)].wallet.wallet_id].into(),
            ..Needs::default()
        };
        let (store, house) = (Arc::clone(&store), Arc::clone(&house));
        tasks.spawn(async move {
            let (snapshot, unit) = store.begin(&needs).await?;
            tokio::task::yield_now().await;
            let parts = snapshot
                .wallets
                .into_values()
                .map(|wallet| house.operate(wallet, Operation::Deposit, Money::from_units(1)).updated());
            unit.finish(&batch(parts)).await
        });
    }
    let outcomes = in_time(tasks.join_all()).await;
    assert_eq!(outcomes, vec![Ok(()); 50]);
    assert_eq!(store.trial_balance().await.unwrap().sum(), Some(Money::ZERO));
}

/// A hundred writers on one wallet lose nothing: each adds one to what the one before it left.
pub async fn increments_of_a_wallet_are_not_lost(store: Arc<dyn Store>) {
    let house = Arc::new(House::new());
    let opened = house.wallet("0");
    save(&*store, &opened.created()).await;
    let id = opened.wallet.wallet_id;
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (store, house) = (Arc::clone(&store), Arc::clone(&house));
        tasks.spawn(async move {
            // The ports allow a store under load to ask for another try; nothing was written then.
            for _ in 0..20 {
                let (snapshot, unit) = match store.begin(&needs_wallet(id)).await {
                    Err(StoreError::Retry(_)) => continue,
                    begun => begun.unwrap(),
                };
                let next = house.operate(snapshot.wallets[&id].clone(), Operation::Deposit, Money::from_units(1));
                match unit.finish(&next.updated()).await {
                    Err(StoreError::Retry(_)) => {}
                    committed => return committed.unwrap(),
                }
            }
            panic!("the store asked for another try 20 times");
        });
    }
    in_time(tasks.join_all()).await;
    let wallet = store.wallet_find(id).await.unwrap().unwrap();
    assert_eq!((wallet.balance, wallet.ledger_seq), (Money::from_units(100), 100));
    let entries = store.ledger_list(id, 0, 200).await.unwrap();
    assert!(entries.iter().zip(1..).all(|(entry, seq)| entry.seq == seq && entry.balance_after.units() == seq));
    assert_eq!(entries.len(), 100);
}

/// Writers on one session never interleave: its `seq` has no gap and its chain holds.
pub async fn actions_of_a_session_do_not_interleave(store: Arc<dyn Store>) {
    let house = Arc::new(House::new());
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, house, id) = (Arc::clone(&store), Arc::clone(&house), session.session_id);
        tasks.spawn(async move { play(&*store, &house, id, &Action::Probe { spins: 2 }).await });
    }
    in_time(tasks.join_all()).await;
    let events = store.event_list(session.session_id, 0, 100).await.unwrap();
    let stored = store.session_find(session.session_id).await.unwrap().unwrap();
    assert_eq!((stored.last_seq, events.len()), (20, 20));
    assert_eq!(verify_chain(session.chain_head, &events), Ok(stored.chain_head));
}
