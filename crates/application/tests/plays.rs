//! Lists of actions in one transaction: order, refusals in the middle, keys, bounds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use reelhouse_application::{Error, MAX_ACTIONS, Play};
use reelhouse_domain::Refusal;
use reelhouse_domain::session::{Action, SessionState, verify_chain};
use support::{credits, fixture};

fn bet_and_void() -> [Action; 2] {
    [Action::Bet { amount: credits("1.00") }, Action::Void]
}

fn refused(error: Error) -> Refusal {
    let Error::Refused(refusal) = error else { panic!("{error:?} is no refusal") };
    refusal
}

#[tokio::test]
async fn a_play_is_done_in_its_order() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await;
    let mut actions: Vec<Action> = (0..20).flat_map(|_| bet_and_void()).collect();
    actions.push(Action::CashOut);
    let play = Play { session_id: session.session_id, actions };

    let outcomes = fixture.house.sessions_act(vec![play], None).await.unwrap();
    let [Ok(answer)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!(answer.events.iter().map(|event| event.body.seq).collect::<Vec<_>>(), (1..=41).collect::<Vec<_>>());
    assert_eq!(verify_chain(session.chain_head, &answer.events), Ok(answer.session.chain_head));
    assert_eq!((answer.session.state, answer.session.last_seq), (SessionState::Completed, 41));
    assert_eq!(answer.observation.state, SessionState::Completed);
    assert!(answer.head.is_some() && answer.refused.is_none() && answer.not_tried == 0);
    assert_eq!(answer.wallet.as_ref().unwrap().balance, credits("100"));
    assert_eq!(fixture.house.session_find(session.session_id).await.unwrap(), answer.session);
    let stored = fixture.house.event_list(session.session_id, 0, 100).await.unwrap();
    assert_eq!(stored.items, answer.events);
}

#[tokio::test]
async fn a_play_stops_at_its_first_refusal_and_keeps_what_was_done() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let [first, second] = [fixture.session(&game, Some(&wallet)).await, fixture.session(&game, Some(&wallet)).await];
    let [bet, void] = bet_and_void();
    let stopped = Play { session_id: first.session_id, actions: vec![bet.clone(), bet.clone(), void.clone(), bet] };
    let whole = Play { session_id: second.session_id, actions: bet_and_void().to_vec() };
    let nothing = Play { session_id: second.session_id, actions: vec![void] };

    let outcomes = fixture.house.sessions_act(vec![stopped, whole, nothing], None).await.unwrap();
    let [Ok(stopped), Ok(whole), Err(nothing)] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((stopped.events.len(), stopped.not_tried), (1, 2));
    assert!(matches!(stopped.refused, Some(Refusal::InvalidTransition { .. })), "{stopped:?}");
    assert_eq!(fixture.house.session_find(first.session_id).await.unwrap().state, SessionState::BetPlaced);
    assert_eq!((whole.events.len(), &whole.refused), (2, &None));
    assert!(matches!(nothing, Refusal::InvalidTransition { .. }), "{nothing:?}");
    assert_eq!(fixture.house.session_find(second.session_id).await.unwrap().last_seq, 2);
    assert_eq!(fixture.house.wallet_find(wallet.wallet_id).await.unwrap().balance, credits("99"));
}

#[tokio::test]
async fn a_key_covers_all_plays() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await;
    let act = async |actions: &[Action], key: &str| {
        let play = Play { session_id: session.session_id, actions: actions.to_vec() };
        fixture.house.sessions_act(vec![play], Some(key.to_owned())).await
    };
    let [bet, void] = bet_and_void();
    let first = act(&[bet.clone(), bet.clone()], "a").await.unwrap();
    assert_eq!(act(&[bet.clone(), bet.clone()], "a").await.unwrap(), first, "a replay gives the first answer");
    let refused_first = act(std::slice::from_ref(&bet), "b").await.unwrap();
    act(&[void], "c").await.unwrap();
    assert_eq!(act(std::slice::from_ref(&bet), "b").await.unwrap(), refused_first, "refusals are replayed too");
    assert_eq!(refused(act(&[bet], "a").await.unwrap_err()), Refusal::IdempotencyKeyReused);
    assert_eq!(fixture.house.session_find(session.session_id).await.unwrap().last_seq, 2);
}

#[tokio::test]
async fn what_would_hold_a_transaction_open_for_long_is_refused() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await;
    let act = async |actions: Vec<Action>| {
        fixture.house.sessions_act(vec![Play { session_id: session.session_id, actions }], None).await
    };
    let [bet, _] = bet_and_void();
    let many = refused(act(vec![bet; MAX_ACTIONS + 1]).await.unwrap_err());
    assert!(many.to_string().contains("at most 1000 actions"), "{many}");
    let probes = refused(act(vec![Action::Probe { spins: 5001 }; 2]).await.unwrap_err());
    assert!(probes.to_string().contains("at most 10000 spins"), "{probes}");
    assert!(act(vec![Action::Probe { spins: 5000 }; 2]).await.unwrap()[0].is_ok());
    let empty = act(vec![]).await.unwrap();
    assert!(matches!(empty[..], [Err(Refusal::InvalidRequest { .. })]), "{empty:?}");
    let nobody = Play { session_id: "01976e3c-9f00-7abc-8000-000000000000".parse().unwrap(), actions: vec![] };
    let outcomes = fixture.house.sessions_act(vec![nobody], None).await.unwrap();
    assert!(outcomes[0].is_err());
}
