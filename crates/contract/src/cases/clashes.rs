//! Clashes: a row that exists already refuses the whole batch, and says so.

use std::sync::Arc;

use reelhouse_domain::ports::{AnsweredKey, Changes, Needs, StoreError};
use reelhouse_domain::wallet::Operation;
use reelhouse_domain::{Digest, EntryId, GameId, Money, Shard};
use serde_json::json;
use tokio::task::JoinSet;

use crate::Store;
use crate::fixtures::{House, OpenedWallet, SHARD, answered, batch, noon, session_created, spin, step_taken};
use crate::work::{begin, in_time, needs_of, needs_session, save, try_save};

fn is_clash(outcome: &Result<(), StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Clash(_)))
}

/// What the store holds as the answer of a key.
async fn answer_of(store: &dyn Store, answer: &AnsweredKey) -> Option<AnsweredKey> {
    let needs = Needs { keys: [answer.key.clone()].into(), ..Needs::default() };
    let (mut snapshot, unit) = begin(store, &needs).await;
    unit.rollback().await.unwrap();
    snapshot.answers.remove(&answer.key)
}

/// Checks that `clashing` is refused, and that nothing of a batch that ends with it is written.
async fn refuses_the_whole_batch(store: &dyn Store, house: &House, clashing: Changes) {
    let opened = house.wallet("3");
    let answer = house.answer(SHARD, "beside the clashing row");
    let changes = batch([opened.created(), answered(&answer), clashing.clone()]);
    let outcome = try_save(store, &changes).await;
    assert!(is_clash(&outcome), "{outcome:?}");
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(None));
    assert_eq!(store.ledger_list(opened.wallet.wallet_id, 0, 10).await, Ok(vec![]));
    assert_eq!(answer_of(store, &answer).await, None);
    // Without the row that clashes the rest goes through: the refusal has left no trace.
    let without = batch([opened.created(), answered(&answer)]);
    assert_eq!(try_save(store, &without).await, Ok(()));
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(Some(opened.wallet)));
}

/// An answered key is read back equal, with answers of every form.
pub async fn an_answered_key_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let forms = [json!(null), json!([]), json!({}), json!("text"), json!({"version": 1, "refusal": {"code": "x"}})];
    for (answer, number) in forms.into_iter().zip(0_u8..) {
        let mut answered_key = house.answer(Shard::from_bits(u64::from(number) * 1000), &format!("key {number}"));
        answered_key.answer = answer;
        answered_key.request = Digest([number; 32]);
        save(&*store, &answered(&answered_key)).await;
        assert_eq!(answer_of(&*store, &answered_key).await, Some(answered_key));
    }
}

/// A key that is answered already clashes, and its first answer stands.
pub async fn the_same_key_twice_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    let first = house.answer(SHARD, "key");
    save(&*store, &answered(&first)).await;
    let second = AnsweredKey { answer: json!("another"), ..first.clone() };
    refuses_the_whole_batch(&*store, &house, answered(&second)).await;
    assert_eq!(answer_of(&*store, &first).await, Some(first));
}

/// A key is unique in the whole store, not only in its shard.
pub async fn the_same_key_in_another_shard_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    let first = house.answer(Shard::from_bits(1), "key");
    save(&*store, &answered(&first)).await;
    let second = house.answer(Shard::from_bits(4095), "key");
    refuses_the_whole_batch(&*store, &house, answered(&second)).await;
    assert_eq!(answer_of(&*store, &second).await, None);
    assert_eq!(answer_of(&*store, &first).await, Some(first));
}

/// A key that comes twice in one batch clashes with itself.
pub async fn the_same_key_twice_in_a_batch_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    let twice = [answered(&house.answer(SHARD, "key")), answered(&house.answer(Shard::from_bits(2), "key"))];
    refuses_the_whole_batch(&*store, &house, batch(twice)).await;
}

/// A definition that is there already clashes, whatever its id and name.
pub async fn the_same_fingerprint_twice_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    save(&*store, &house.opening()).await;
    let mut second = house.game.clone();
    second.game_id = GameId::mint(noon(), SHARD, &house.randomness);
    second.name = "another name".to_owned();
    let clashing = Changes { games: vec![second.clone()], ..Changes::default() };
    refuses_the_whole_batch(&*store, &house, clashing).await;
    assert_eq!(store.game_find(second.game_id).await, Ok(None));
    assert_eq!(store.game_list(None, 10).await, Ok(vec![house.game.clone()]));
}

/// An id that is there already clashes, for every kind of row that has one.
pub async fn the_same_id_twice_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let step = house.act(session.clone(), Some(opened.wallet.clone()), &spin(Some("1")));
    save(&*store, &step_taken(&step)).await;

    let game = Changes {
        games: vec![reelhouse_domain::game::Game { game_id: house.game.game_id, ..house.game_numbered(1) }],
        ..Changes::default()
    };
    let wallet = Changes { wallets_created: vec![opened.wallet.clone()], ..Changes::default() };
    let operation = Changes { operations: opened.operation.clone().into_iter().collect(), ..Changes::default() };
    let event = Changes { events: step.events.clone(), ..Changes::default() };
    let transition = Changes { transitions: step.transitions.clone(), ..Changes::default() };
    // An id is taken whatever the place in the session.
    let (mut next_event, mut next_transition) = (event.clone(), transition.clone());
    next_event.events[0].body.seq += 1;
    next_transition.transitions[0].seq += 1;
    let records = [operation, event, transition, next_event, next_transition];
    for clashing in [game, wallet, session_created(&session)].into_iter().chain(records) {
        let outcome = try_save(&*store, &clashing).await;
        assert!(is_clash(&outcome), "{outcome:?} for {clashing:?}");
    }
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(step.wallet));
    assert_eq!(store.session_find(session.session_id).await, Ok(Some(step.session)));
}

/// A place in a wallet's ledger is taken once, whatever the entry's id.
pub async fn the_same_place_in_a_ledger_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    save(&*store, &opened.created()).await;
    let mut entry = opened.entry.clone().unwrap();
    entry.entry_id = EntryId::mint(noon(), SHARD, &house.randomness);
    refuses_the_whole_batch(&*store, &house, Changes { entries: vec![entry], ..Changes::default() }).await;
    assert_eq!(store.ledger_list(opened.wallet.wallet_id, 0, 10).await, Ok(opened.entry.into_iter().collect()));
}

/// Updates, events and entries are undone too when the last row of their batch clashes.
pub async fn a_clash_undoes_a_step(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    let first = house.answer(SHARD, "key");
    let rows = [house.opening(), opened.created(), session_created(&session), answered(&first)];
    save(&*store, &batch(rows)).await;
    let step = house.act(session.clone(), Some(opened.wallet.clone()), &spin(Some("1")));
    let outcome = try_save(&*store, &batch([step_taken(&step), answered(&first)])).await;
    assert!(is_clash(&outcome), "{outcome:?}");
    assert_eq!(store.session_find(session.session_id).await, Ok(Some(session.clone())));
    assert_eq!(store.wallet_find(opened.wallet.wallet_id).await, Ok(Some(opened.wallet)));
    assert_eq!(store.event_list(session.session_id, 0, 10).await, Ok(vec![]));
    assert_eq!(store.transition_list(session.session_id, 0, 10).await, Ok(vec![]));
    // The locks of the refused unit are free, and the step goes through under a key of its own.
    let own = house.answer(SHARD, "another key");
    save(&*store, &batch([step_taken(&step), answered(&own)])).await;
    assert_eq!(store.event_list(session.session_id, 0, 10).await, Ok(step.events));
}

/// Of two writers with one key on one session, the second finds the first's answer.
pub async fn a_second_writer_finds_the_first_ones_answer(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let answer = house.answer(SHARD, "key");
    let needs = Needs { keys: [answer.key.clone()].into(), ..needs_session(session.session_id) };
    let (snapshot, unit) = begin(&*store, &needs).await;
    assert!(snapshot.answers.is_empty());
    let second = {
        let (store, needs) = (Arc::clone(&store), needs.clone());
        tokio::spawn(async move {
            let (snapshot, unit) = begin(&*store, &needs).await;
            unit.rollback().await.unwrap();
            snapshot
        })
    };
    // The second is given time to begin waiting, so that it cannot have looked after the commit only.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let step = house.act(session, Some(opened.wallet), &spin(Some("1")));
    unit.finish(&batch([step_taken(&step), answered(&answer)])).await.unwrap();
    let snapshot = in_time(second).await.unwrap();
    assert_eq!(snapshot.answers.get(&answer.key), Some(&answer));
    assert_eq!(snapshot.sessions.into_values().next(), Some(step.session));
}

/// Of many writers that race with one key on different wallets, exactly one is written.
pub async fn a_race_with_one_key_has_one_winner(store: Arc<dyn Store>) {
    let house = House::new();
    let opened: Vec<_> = (0..10).map(|at| house.wallet_in(Shard::from_bits(at), "0")).collect();
    save(&*store, &batch(opened.iter().map(OpenedWallet::created))).await;
    let mut tasks = JoinSet::new();
    for opened in &opened {
        let next = house.operate(opened.wallet.clone(), Operation::Deposit, Money::from_units(1));
        let answer = house.answer(opened.wallet.wallet_id.shard(), "key");
        let changes = batch([next.updated(), answered(&answer)]);
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            let (_, unit) = begin(&*store, &needs_of(&changes)).await;
            unit.finish(&changes).await
        });
    }
    let outcomes = in_time(tasks.join_all()).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|outcome| is_clash(outcome)).count(), 9, "{outcomes:?}");
    assert_eq!(store.trial_balance().await.unwrap().wallets, Money::from_units(1));
}
