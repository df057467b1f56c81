//! Keyset pages: rows in the order of their key, those after a key, at most so many.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::ports::{Changes, SessionFilter, StoreError, WalletFilter};
use reelhouse_domain::session::Action;
use reelhouse_domain::wallet::Operation;
use reelhouse_domain::{Money, Shard};

use crate::Store;
use crate::fixtures::{House, batch, credits, new_wallet, noon, session_created};
use crate::work::{play, save};

/// Reads `rows` page by page with every size of page, from the start and from past the end.
pub(super) async fn reads_in_pages<K, T, P>(rows: &[T], start: K, key: impl Fn(&T) -> K, read: impl Fn(K, u32) -> P)
where
    K: Copy,
    T: Clone + Debug + PartialEq,
    P: Future<Output = Result<Vec<T>, StoreError>>,
{
    assert!(rows.len() > 2, "there is something to page through");
    for limit in 1..=rows.len() + 1 {
        let mut after = start;
        for expected in rows.chunks(limit) {
            let page = read(after, u32::try_from(limit).unwrap()).await.unwrap();
            assert_eq!(page, expected, "pages of {limit}");
            after = key(&page[page.len() - 1]);
        }
        assert_eq!(read(after, 10).await, Ok(vec![]), "after the last row");
    }
    assert_eq!(read(start, 0).await, Ok(vec![]), "a page of nothing");
    assert_eq!(read(start, u32::MAX).await.as_deref(), Ok(rows), "a page without an end");
}

/// Games come in the order of their ids, whatever the order of their writing.
pub async fn games_come_in_pages(store: Arc<dyn Store>) {
    let house = House::new();
    let games: Vec<_> = (1..=5).map(|number| house.game_numbered(number)).collect();
    let reversed = games.iter().rev().cloned().collect();
    save(&*store, &Changes { games: reversed, ..Changes::default() }).await;
    reads_in_pages(&games, None, |game| Some(game.game_id), |after, limit| store.game_list(after, limit)).await;
}

/// Wallets come in the order of their ids, which is that of time, then shard, then chance.
pub async fn wallets_come_in_pages(store: Arc<dyn Store>) {
    let house = House::new();
    let mut wallets = vec![];
    for (millis, shard) in [(3, 1), (2, 4095), (2, 0), (2, 0x800), (1, 9), (1, 9)] {
        let at = noon() + TimeDelta::milliseconds(millis);
        let opened = house.wallet_of(Shard::from_bits(shard), &new_wallet("1"), at);
        wallets.push(opened.wallet.clone());
        save(&*store, &opened.created()).await;
    }
    wallets.sort_by_key(|wallet| wallet.wallet_id);
    assert_eq!(wallets[0].created_at, noon() + TimeDelta::milliseconds(1));
    reads_in_pages(
        &wallets,
        None,
        |wallet| Some(wallet.wallet_id),
        |after, limit| store.wallet_list(WalletFilter::default(), after, limit),
    )
    .await;
    wallets.reverse();
    let newest = WalletFilter { newest_first: true, ..WalletFilter::default() };
    reads_in_pages(
        &wallets,
        None,
        |wallet| Some(wallet.wallet_id),
        |after, limit| store.wallet_list(newest, after, limit),
    )
    .await;
}

/// Sessions come in the order of their ids.
pub async fn sessions_come_in_pages(store: Arc<dyn Store>) {
    let mut house = House::new();
    save(&*store, &house.opening()).await;
    let mut sessions = vec![];
    for millis in [5, 3, 4, 1, 2] {
        house.now = noon() + TimeDelta::milliseconds(millis);
        let opened = house.wallet_in(Shard::from_bits(4096 - millis.unsigned_abs()), "1");
        sessions.push(house.session(Some(&opened.wallet)));
        save(&*store, &batch([opened.created(), session_created(&sessions[sessions.len() - 1])])).await;
    }
    sessions.sort_by_key(|session| session.session_id);
    let everything = SessionFilter::default();
    reads_in_pages(
        &sessions,
        None,
        |session| Some(session.session_id),
        |after, limit| store.session_list(everything, after, limit),
    )
    .await;
}

/// A wallet's ledger entries come in the order of their `seq`, and nobody else's among them.
pub async fn ledger_entries_come_in_pages(store: Arc<dyn Store>) {
    let house = House::new();
    let (mut opened, other) = (house.wallet("1"), house.wallet("1"));
    save(&*store, &batch([opened.created(), other.created()])).await;
    let mut entries: Vec<_> = opened.entry.iter().cloned().collect();
    for units in 1..=6 {
        opened = house.operate(opened.wallet, Operation::Deposit, Money::from_units(units));
        save(&*store, &opened.updated()).await;
        entries.extend(opened.entry.clone());
        let other = house.operate(other.wallet.clone(), Operation::SetDailyLimit, Money::from_units(units));
        save(&*store, &other.updated()).await;
    }
    let id = opened.wallet.wallet_id;
    reads_in_pages(&entries, 0, |entry| entry.seq, |after, limit| store.ledger_list(id, after, limit)).await;
    assert_eq!(store.ledger_list(id, i64::MAX, 10).await, Ok(vec![]));
}

/// A session's events and transitions come in the order of their `seq`, and nobody else's among them.
pub async fn events_and_transitions_come_in_pages(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let (session, other) = (house.session(Some(&opened.wallet)), house.session(Some(&opened.wallet)));
    let sessions = [session_created(&session), session_created(&other)];
    save(&*store, &batch([house.opening(), opened.created(), batch(sessions)])).await;
    let (mut events, mut transitions) = (vec![], vec![]);
    for turn in 0..6 {
        let action = if turn % 2 == 0 { Action::Bet { amount: credits("0.1") } } else { Action::Void };
        let step = play(&*store, &house, session.session_id, &action).await;
        play(&*store, &house, other.session_id, &action).await;
        events.extend(step.events);
        transitions.extend(step.transitions);
    }
    let id = session.session_id;
    reads_in_pages(&events, 0, |event| event.body.seq, |after, limit| store.event_list(id, after, limit)).await;
    reads_in_pages(&transitions, 0, |row| row.seq, |after, limit| store.transition_list(id, after, limit)).await;
    assert_eq!(store.event_list(id, i64::MAX, 10).await, Ok(vec![]));
    assert_eq!(store.transition_list(id, i64::MAX, 10).await, Ok(vec![]));
}

/// An empty store lists nothing.
pub async fn an_empty_store_lists_nothing(store: Arc<dyn Store>) {
    assert_eq!(store.game_list(None, 10).await, Ok(vec![]));
    assert_eq!(store.wallet_list(WalletFilter::default(), None, 10).await, Ok(vec![]));
    assert_eq!(store.session_list(SessionFilter::default(), None, 10).await, Ok(vec![]));
    assert_eq!(store.session_idle_list(noon(), 10).await, Ok(vec![]));
}
