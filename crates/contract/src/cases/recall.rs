//! Recall: rows that are written without having been locked, if they are still what their writer remembers.

use std::sync::Arc;

use reelhouse_domain::ports::{Changes, Needs, Remembered, StoreError};
use reelhouse_domain::session::{Action, Session};
use reelhouse_domain::wallet::{Operation, Wallet};
use tokio::task::JoinSet;

use crate::Store;
use crate::fixtures::{House, batch, credits, session_created, step_taken};
use crate::work::{begin, in_time, needs_session, play, save, try_save};

/// A bet of one credit, decided on rows as they are remembered.
fn bet(house: &House, session: &Session, wallet: &Wallet) -> Changes {
    let step = house.act(session.clone(), Some(wallet.clone()), &Action::Bet { amount: credits("1") });
    let remembered = Remembered {
        sessions: [(session.session_id, session.last_seq)].into(),
        wallets: [(wallet.wallet_id, wallet.mark())].into(),
    };
    Changes { remembered, ..step_taken(&step) }
}

/// Writes changes in a unit of work that locks nothing.
async fn write_unlocked(store: &dyn Store, changes: &Changes) -> Result<(), StoreError> {
    in_time(store.write_unlocked(changes)).await
}

/// A stored session with its wallet.
async fn opened(store: &dyn Store, house: &House) -> (Session, Wallet) {
    save(store, &house.opening()).await;
    another(store, house).await
}

/// Another one, of the same game.
async fn another(store: &dyn Store, house: &House) -> (Session, Wallet) {
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(store, &batch([opened.created(), session_created(&session)])).await;
    (session, opened.wallet)
}

/// Asserts that the changes are refused as out of date, and that nothing of them is kept.
async fn refused_whole(store: &dyn Store, house: &House, changes: Changes) {
    let bystander = house.wallet("5");
    let session = store.session_find(changes.sessions_updated[0].session_id).await.unwrap();
    let wallet = store.wallet_find(changes.wallets_updated[0].wallet_id).await.unwrap();
    let created = bystander.created();
    let changes = Changes {
        wallets_created: created.wallets_created,
        operations: created.operations,
        entries: [created.entries, changes.entries].concat(),
        ..changes
    };
    let refused = write_unlocked(store, &changes).await;
    assert!(matches!(refused, Err(StoreError::Retry(_))), "{refused:?}");
    assert_eq!(store.session_find(changes.sessions_updated[0].session_id).await.unwrap(), session);
    assert_eq!(store.wallet_find(changes.wallets_updated[0].wallet_id).await.unwrap(), wallet);
    assert_eq!(store.wallet_find(bystander.wallet.wallet_id).await.unwrap(), None);
}

/// What is still as it is remembered is written, by a unit of work that needed nothing.
pub async fn what_is_remembered_rightly_is_written(store: Arc<dyn Store>) {
    let house = House::new();
    let (session, wallet) = opened(&*store, &house).await;
    let changes = bet(&house, &session, &wallet);
    write_unlocked(&*store, &changes).await.unwrap();
    let session = store.session_find(session.session_id).await.unwrap();
    assert_eq!(session.as_ref(), changes.sessions_updated.first());
    assert_eq!(store.wallet_find(wallet.wallet_id).await.unwrap().as_ref(), changes.wallets_updated.first());
    assert_eq!(store.event_list(changes.sessions_updated[0].session_id, 0, 10).await.unwrap(), changes.events);
}

/// A session that was played since is not written over, nor is anything else of the batch kept.
pub async fn a_session_played_since_is_not_written(store: Arc<dyn Store>) {
    let house = House::new();
    let (session, wallet) = opened(&*store, &house).await;
    let late = bet(&house, &session, &wallet);
    play(&*store, &house, session.session_id, &Action::Probe { spins: 1 }).await;
    refused_whole(&*store, &house, late).await;
}

/// A wallet whose money moved since, or whose limit was set, is not written over.
pub async fn a_wallet_changed_since_is_not_written(store: Arc<dyn Store>) {
    let house = House::new();
    let (session, mut wallet) = opened(&*store, &house).await;
    for (operation, amount) in [
        (Operation::Deposit, "7"),
        // A first limit, a lower one, one that waits to be raised, and another one in its place.
        (Operation::SetDailyLimit, "50"),
        (Operation::SetDailyLimit, "40"),
        (Operation::SetDailyLimit, "60"),
        (Operation::SetDailyLimit, "70"),
        (Operation::Withdraw, "7"),
    ] {
        let late = bet(&house, &session, &wallet);
        let next = house.operate(wallet, operation, credits(amount));
        save(&*store, &next.updated()).await;
        refused_whole(&*store, &house, late).await;
        wallet = next.wallet;
    }
    write_unlocked(&*store, &bet(&house, &session, &wallet)).await.unwrap();
}

/// What was never stored cannot be remembered.
pub async fn a_row_that_is_not_there_is_not_as_remembered(store: Arc<dyn Store>) {
    let house = House::new();
    let (_, wallet) = opened(&*store, &house).await;
    let nowhere = house.session(Some(&wallet));
    let refused = write_unlocked(&*store, &bet(&house, &nowhere, &wallet)).await;
    assert!(matches!(refused, Err(StoreError::Retry(_))), "{refused:?}");
    assert_eq!(store.wallet_find(wallet.wallet_id).await.unwrap(), Some(wallet));
}

/// Rows that are locked and rows that are remembered go together in a batch.
pub async fn locked_and_remembered_rows_go_together(store: Arc<dyn Store>) {
    let house = House::new();
    let (locked, _) = opened(&*store, &house).await;
    let (remembered, remembered_wallet) = another(&*store, &house).await;
    let late = bet(&house, &remembered, &remembered_wallet);
    for written in [true, false] {
        let (mut snapshot, unit) = begin(&*store, &needs_session(locked.session_id)).await;
        let session = snapshot.sessions.remove(&locked.session_id).unwrap();
        let seq = session.last_seq;
        let wallet = snapshot.wallets.into_values().next();
        let step = house.act(session, wallet, &Action::Probe { spins: 1 });
        let both = Changes { remembered: late.remembered.clone(), ..batch([step_taken(&step), late.clone()]) };
        let outcome = in_time(unit.finish(&both)).await;
        assert_eq!(outcome.is_ok(), written, "{outcome:?}");
        let stored = store.session_find(locked.session_id).await.unwrap().unwrap();
        assert_eq!(stored.last_seq, seq + i64::from(written));
    }
}

/// Of many writers who remember the same, one writes.
pub async fn of_many_who_remember_the_same_one_writes(store: Arc<dyn Store>) {
    let house = House::new();
    let (session, wallet) = opened(&*store, &house).await;
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (store, changes) = (Arc::clone(&store), bet(&house, &session, &wallet));
        tasks.spawn(async move { write_unlocked(&*store, &changes).await });
    }
    let outcomes = in_time(tasks.join_all()).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(()) | Err(StoreError::Retry(_)))), "{outcomes:?}");
    let stored = store.session_find(session.session_id).await.unwrap().unwrap();
    assert_eq!((stored.last_seq, store.event_list(session.session_id, 0, 100).await.unwrap().len()), (1, 1));
    assert_eq!(store.trial_balance().await.unwrap().sum(), Some(reelhouse_domain::Money::ZERO));
}

/// A unit of work that needed nothing and wrote nothing leaves nothing, however it ends.
pub async fn a_unit_that_needed_nothing_may_end_at_once(store: Arc<dyn Store>) {
    let house = House::new();
    begin(&*store, &Needs::default()).await.1.rollback().await.unwrap();
    begin(&*store, &Needs::default()).await.1.commit().await.unwrap();
    drop(begin(&*store, &Needs::default()).await);
    try_save(&*store, &house.wallet("1").created()).await.unwrap();
}
