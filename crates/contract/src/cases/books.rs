//! The books: all accounts together sum to zero, at every instant that a reader can see.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reelhouse_domain::session::Action;
use reelhouse_domain::wallet::{Account, Operation, TrialBalance};
use reelhouse_domain::{Money, Shard};
use tokio::task::JoinSet;

use crate::Store;
use crate::fixtures::{House, OpenedWallet, batch, credits, session_created, spin};
use crate::work::{in_time, play, save};

/// The books of an empty store are empty.
pub async fn an_empty_store_is_balanced(store: Arc<dyn Store>) {
    assert_eq!(store.trial_balance().await, Ok(TrialBalance::default()));
}

/// After deposits, withdrawals, stakes, fees, refunds and payouts every account is what its entries say.
pub async fn accounts_are_the_sums_of_their_entries(store: Arc<dyn Store>) {
    let house = House::new();
    let opened: Vec<_> = (0..3).map(|at| house.wallet_in(Shard::from_bits(at * 1000), "1000.0001")).collect();
    let sessions: Vec<_> = opened.iter().map(|opened| house.session(Some(&opened.wallet))).collect();
    let wallets = batch(opened.iter().map(OpenedWallet::created));
    save(&*store, &batch([house.opening(), wallets, batch(sessions.iter().map(session_created))])).await;
    let withdrawn = house.operate(opened[0].wallet.clone(), Operation::Withdraw, credits("0.0001"));
    save(&*store, &withdrawn.updated()).await;
    let voided = play(&*store, &house, sessions[0].session_id, &Action::Bet { amount: credits("1") }).await;
    play(&*store, &house, voided.session.session_id, &Action::Void).await;
    for session in &sessions {
        play(&*store, &house, session.session_id, &Action::Probe { spins: 3 }).await;
        for _ in 0..10 {
            let open = store.session_find(session.session_id).await.unwrap().unwrap().round_open();
            play(&*store, &house, session.session_id, &spin((!open).then_some("1"))).await;
        }
    }

    let mut expected = TrialBalance::default();
    for opened in &opened {
        let id = opened.wallet.wallet_id;
        let entries = store.ledger_list(id, 0, 1000).await.unwrap();
        let mut balance = Money::ZERO;
        for entry in &entries {
            let account = match entry.account {
                Account::House => &mut expected.house,
                Account::Fees => &mut expected.fees,
                Account::Cashier => &mut expected.cashier,
            };
            *account = account.checked_sub(entry.amount).unwrap();
            assert_eq!(entry.balance_before, balance);
            balance = balance.checked_add(entry.amount).unwrap();
            assert_eq!(entry.balance_after, balance);
        }
        assert_eq!(store.wallet_find(id).await.unwrap().unwrap().balance, balance);
        expected.wallets = expected.wallets.checked_add(balance).unwrap();
    }
    assert!(!expected.house.is_zero() && !expected.fees.is_zero(), "{expected:?}");
    assert_eq!(store.trial_balance().await, Ok(expected));
    assert_eq!(expected.sum(), Some(Money::ZERO));
}

/// A reader that looks while writers are busy never sees books that do not balance.
pub async fn books_balance_while_writers_are_busy(store: Arc<dyn Store>) {
    let house = Arc::new(House::new());
    let opened: Vec<_> = (0..4).map(|at| house.wallet_in(Shard::from_bits(at), "100")).collect();
    let sessions: Vec<_> = opened.iter().map(|opened| house.session(Some(&opened.wallet))).collect();
    let wallets = batch(opened.iter().map(OpenedWallet::created));
    save(&*store, &batch([house.opening(), wallets, batch(sessions.iter().map(session_created))])).await;

    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (store, done) = (Arc::clone(&store), Arc::clone(&done));
        tokio::spawn(async move {
            let mut looks = 0;
            while !done.load(Ordering::Relaxed) || looks == 0 {
                let books = store.trial_balance().await.unwrap();
                assert_eq!(books.sum(), Some(Money::ZERO), "{books:?}");
                looks += 1;
                tokio::task::yield_now().await;
            }
        })
    };
    let mut writers = JoinSet::new();
    for session in sessions {
        let (store, house) = (Arc::clone(&store), Arc::clone(&house));
        writers.spawn(async move {
            for _ in 0..10 {
                play(&*store, &house, session.session_id, &Action::Bet { amount: credits("1") }).await;
                play(&*store, &house, session.session_id, &Action::Void).await;
            }
        });
    }
    in_time(writers.join_all()).await;
    done.store(true, Ordering::Relaxed);
    in_time(reader).await.unwrap();
}
