//! The use cases over the memory store: play, idempotency, expiry.

mod support;

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_application::Error;
use reelhouse_domain::Refusal;
use reelhouse_domain::ports::{Changes, Needs, UnitOfWorkFactory as _};
use reelhouse_domain::session::Session;
use reelhouse_domain::session::{Action, SessionState, verify_chain};
use reelhouse_domain::wallet::Operation;
use support::{credits, document, draft, fixture, new_wallet};

fn spin(amount: &str) -> Action {
    Action::Spin { amount: Some(credits(amount)) }
}

#[tokio::test]
async fn a_session_is_played_to_its_cash_out_and_read_back() {
    let fixture = fixture();
    let game = fixture.game(1).await;
    let wallet = fixture.wallet("100").await;
    let opened = fixture.session(&game, Some(&wallet)).await;
    assert_eq!((opened.state, opened.fairness.server_seed.clone()), (SessionState::Initialized, None));
    for _ in 0..50 {
        let session = fixture.house.session_find(opened.session_id).await.unwrap();
        let action =
            if session.state == SessionState::FreeGames { Action::Spin { amount: None } } else { spin("1.00") };
        fixture.house.session_act(opened.session_id, action, None).await.unwrap();
    }
    while fixture.house.session_find(opened.session_id).await.unwrap().state == SessionState::FreeGames {
        fixture.house.session_act(opened.session_id, Action::Spin { amount: None }, None).await.unwrap();
    }
    let last = fixture.house.session_act(opened.session_id, Action::CashOut, None).await.unwrap();
    assert_eq!(last.session.state, SessionState::Completed);
    assert!(last.session.fairness.server_seed.is_some());

    let events = fixture.house.event_list(opened.session_id, 0, 1000).await.unwrap();
    assert_eq!((events.items.len() as i64, events.next), (last.session.last_seq, None));
    let genesis = Session::genesis(opened.session_id, game.fingerprint, opened.fairness.commitment, false).unwrap();
    assert_eq!(verify_chain(genesis, &events.items), Ok(last.session.chain_head));

    let wallet = fixture.house.wallet_find(wallet.wallet_id).await.unwrap();
    let ledger = fixture.house.ledger_list(wallet.wallet_id, 0, 1000).await.unwrap();
    let sum: i64 = ledger.items.iter().map(|entry| entry.amount.units()).sum();
    assert_eq!(sum, wallet.balance.units());
    assert_eq!(wallet.balance, credits("100").checked_add(last.session.metrics.net).unwrap());
    assert!(fixture.house.trial_balance().await.unwrap().sum().unwrap().is_zero());
}

#[tokio::test]
async fn lists_come_in_pages_that_join_without_a_gap() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await;
    for _ in 0..7 {
        fixture.house.session_act(session.session_id, spin("0.05"), None).await.unwrap();
    }
    let (mut after, mut seen) = (Some(0), Vec::new());
    while let Some(seq) = after {
        let page = fixture.house.event_list(session.session_id, seq, 3).await.unwrap();
        assert!(page.items.len() <= 3);
        seen.extend(page.items.iter().map(|event| event.body.seq));
        after = page.next;
    }
    assert_eq!(seen, (1..=7).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_same_definition_is_the_same_game() {
    let fixture = fixture();
    let (_, rng_signature, symbol_map) = document(0);
    let first = fixture.game(0).await;
    let again = fixture.house.game_create("Other name".to_owned(), rng_signature, symbol_map, None, None).await;
    assert_eq!(again.unwrap(), (first, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_replayed_64_times_at_once_executes_once() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let house = Arc::clone(&fixture.house);
        calls.spawn(async move { house.session_act(session.session_id, spin("1"), Some("k1".to_owned())).await });
    }
    let answers = calls.join_all().await;
    let first = answers[0].clone().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref() == Ok(&first)));
    assert_eq!(fixture.house.session_find(session.session_id).await.unwrap().last_seq, 1);

    let other = fixture.house.session_act(session.session_id, spin("2"), Some("k1".to_owned())).await;
    assert_eq!(other, Err(Error::Refused(Refusal::IdempotencyKeyReused)));
}

#[tokio::test]
async fn every_creation_under_a_key_happens_once_and_a_refusal_is_remembered() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let key = |name: &str| Some(name.to_owned());

    let first = fixture.house.wallet_create(new_wallet("5"), key("w")).await.unwrap();
    assert_eq!(fixture.house.wallet_create(new_wallet("5"), key("w")).await, Ok(first.clone()));
    let reused = fixture.house.wallet_create(new_wallet("6"), key("w")).await;
    assert_eq!(reused, Err(Error::Refused(Refusal::IdempotencyKeyReused)));
    // The key is one for the whole database, whatever it was used for.
    let reused = fixture.house.session_create(draft(&game, Some(&first)), key("w")).await;
    assert_eq!(reused, Err(Error::Refused(Refusal::IdempotencyKeyReused)));

    let idle = fixture.house.session_create(draft(&game, None), key("s")).await.unwrap();
    assert_eq!(fixture.house.session_create(draft(&game, None), key("s")).await, Ok(idle));

    let session = fixture.session(&game, Some(&first)).await;
    let refused = fixture.house.session_act(session.session_id, spin("100"), key("a")).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::InsufficientFunds { .. }))), "{refused:?}");
    fixture.house.wallet_operate(first.wallet_id, Operation::Deposit, credits("500"), key("d")).await.unwrap();
    assert_eq!(fixture.house.session_act(session.session_id, spin("100"), key("a")).await, refused);
    fixture.house.session_act(session.session_id, spin("100"), key("b")).await.unwrap();
}

#[tokio::test]
async fn a_session_left_idle_expires_and_one_that_was_played_does_not() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let left = fixture.session(&game, Some(&wallet)).await;
    let played = fixture.session(&game, Some(&wallet)).await;
    let held = fixture.session(&game, Some(&wallet)).await;
    fixture.house.session_act(left.session_id, Action::Bet { amount: credits("10") }, None).await.unwrap();
    fixture.house.session_act(held.session_id, Action::Suspend, None).await.unwrap();

    fixture.clock.advance(TimeDelta::minutes(59));
    fixture.house.session_act(played.session_id, Action::Bet { amount: credits("1") }, None).await.unwrap();
    assert_eq!(fixture.house.sessions_sweep(10).await, Ok((0, 0)));
    fixture.clock.advance(TimeDelta::minutes(1));
    assert_eq!(fixture.house.sessions_sweep(10).await, Ok((1, 3)));

    let state = |id| {
        let house = Arc::clone(&fixture.house);
        async move { house.session_find(id).await.unwrap().state }
    };
    assert_eq!(state(left.session_id).await, SessionState::Expired);
    assert_eq!(state(played.session_id).await, SessionState::BetPlaced);
    assert_eq!(state(held.session_id).await, SessionState::Suspended);
    assert_eq!(fixture.house.wallet_find(wallet.wallet_id).await.unwrap().balance, credits("99"));

    // The played one is looked at again an hour after it was played, no sooner.
    assert_eq!(fixture.house.sessions_sweep(10).await, Ok((0, 0)));
    fixture.clock.advance(TimeDelta::minutes(60));
    assert_eq!(fixture.house.sessions_sweep(10).await, Ok((1, 2)));
    assert_eq!(state(played.session_id).await, SessionState::Expired);
    assert_eq!(state(held.session_id).await, SessionState::Suspended);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("1").await;
    let session = fixture.session(&game, Some(&wallet)).await;
    let nowhere = reelhouse_domain::SessionId(wallet.wallet_id.0);
    let found = fixture.house.event_list(nowhere, 0, 10).await;
    assert_eq!(found.unwrap_err(), Error::Refused(Refusal::not_found("session", nowhere)));
    let no_game = reelhouse_domain::GameId(session.session_id.0);
    let mut unknown = draft(&game, Some(&wallet));
    unknown.game_id = no_game;
    let refused = fixture.house.session_create(unknown, None).await;
    assert_eq!(refused.unwrap_err(), Error::Refused(Refusal::not_found("game", no_game)));
}

/// A stored game may be refused by the rules of a newer version. That is told, and nobody else's play suffers from it.
#[tokio::test]
async fn a_game_that_plays_no_more_takes_nothing_else_with_it() {
    let fixture = fixture();
    let game = fixture.game(1).await;
    let wallet = fixture.wallet("100").await;
    let mut outdated = game.clone();
    outdated.game_id = "01976e3c-9f00-7abc-8000-00000000beef".parse().unwrap();
    outdated.symbol_map["credit"] = serde_json::json!("900000000000.0000");
    outdated.fingerprint = reelhouse_domain::Digest([7; 32]);
    let (_, mut unit) = fixture.store.begin(&Needs::default()).await.unwrap();
    unit.write(&Changes { games: vec![outdated.clone()], ..Changes::default() }).await.unwrap();
    unit.commit().await.unwrap();
    let open = |game| fixture.house.session_create(draft(game, Some(&wallet)), None);
    let answers = tokio::join!(open(&game), open(&outdated), open(&game), open(&outdated), open(&game));
    let refused = Refusal::outdated_game();
    for refused_one in [answers.1, answers.3] {
        assert_eq!(refused_one.unwrap_err(), refused.clone().into());
    }
    assert!(answers.0.is_ok() && answers.2.is_ok() && answers.4.is_ok());
    assert_eq!(fixture.house.game_list(None, 10).await.unwrap().items.len(), 2);
    assert_eq!(fixture.house.rl_spaces(outdated.game_id, None).await.unwrap_err(), refused.clone().into());
    assert_eq!(fixture.house.par_sheet(outdated.game_id).await.unwrap_err(), refused.clone().into());
    assert_eq!(fixture.house.game_fingerprint(outdated.game_id).await.unwrap_err(), refused.into());
    fixture.house.games_observe(None).await.unwrap();
}
