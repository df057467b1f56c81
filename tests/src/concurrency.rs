//! Many clients at once: limits and balances hold exactly, sequences have no gap.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::on_both_stores;
use crate::support::{Api, Server, Store, check_ledger};

const CLIENTS: usize = 64;
const BETS: usize = 1000;

/// Every client spins `BETS` times in a session of its own, all from one wallet whose daily limit
/// has room for exactly 100 stakes.
async fn storm(apis: &[Api]) {
    let game = apis[0].game("fruit").await;
    let wallet = apis[0].wallet(&json!({"balance": "1000", "daily_limit": "100"})).await;
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
        let api = apis[client % apis.len()].clone();
        let session = api.session(&game, &wallet).await;
        clients.spawn(async move {
            let mut codes: BTreeMap<String, usize> = BTreeMap::new();
            for _ in 0..BETS {
                let answer = api.act(&session, &json!({"type": "spin", "amount": "1.00"})).await;
                let code = if answer.status == 200 { "passed" } else { answer.code() };
                *codes.entry(code.to_owned()).or_default() += 1;
            }
            codes
        });
    }
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for of_client in clients.join_all().await {
        for (code, count) in of_client {
            *codes.entry(code).or_default() += count;
        }
    }
    let refused = CLIENTS * BETS - 100;
    let expected = BTreeMap::from([("passed".to_owned(), 100), ("daily_limit_exceeded".to_owned(), refused)]);
    assert_eq!(codes, expected);
    let entries = check_ledger(&apis[0], &wallet).await;
    assert_eq!(entries.iter().filter(|entry| entry["kind"] == "stake").count(), 100);
    let wallet = apis[0].get(&format!("/wallets/{wallet}")).await.ok();
    assert_eq!(wallet["spent_today"], "100.0000");
}

on_both_stores! {
    async fn a_wallet_with_room_for_100_bets_takes_exactly_100_of_64000(server: Server) {
        storm(&[server.client()]).await;
    }

    async fn a_balance_of_100_stakes_holds_exactly_100(server: Server) {
        let api = server.client();
        let game = api.game("fruit").await;
        let wallet = api.wallet(&json!({"balance": "100"})).await;
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CLIENTS {
            let (api, game, wallet) = (api.clone(), game.clone(), wallet.clone());
            clients.spawn(async move {
                let mut passed = 0;
                for _ in 0..5 {
                    let session = api.session(&game, &wallet).await;
                    let answer = api.act(&session, &json!({"type": "bet", "amount": "1.00"})).await;
                    match answer.status.as_u16() {
                        200 => passed += 1,
                        _ => assert_eq!((answer.status.as_u16(), answer.code()), (422, "insufficient_funds")),
                    }
                }
                passed
            });
        }
        assert_eq!(clients.join_all().await.iter().sum::<usize>(), 100);
        let wallet_now = api.get(&format!("/wallets/{wallet}")).await.ok();
        assert_eq!(wallet_now["balance"], "0.0000");
        check_ledger(&api, &wallet).await;
    }

    async fn thirty_two_clients_in_one_session_leave_no_gap(server: Server) {
        let api = server.client();
        let game = api.game("pearl").await;
        let wallet = api.wallet(&json!({"balance": "100000"})).await;
        let session = Arc::new(api.session(&game, &wallet).await);
        let mut clients = tokio::task::JoinSet::new();
        for client in 0..32 {
            let (api, session) = (api.clone(), Arc::clone(&session));
            clients.spawn(async move {
                for turn in 0..30 {
                    let action = match (client + turn) % 4 {
                        0 => json!({"type": "bet", "amount": "1.00"}),
                        1 => json!({"type": "spin"}),
                        2 => json!({"type": "void"}),
                        _ => json!({"type": "spin", "amount": "0.50"}),
                    };
                    let answer = api.act(&session, &action).await;
                    assert!(matches!(answer.status.as_u16(), 200 | 409), "{answer:?}");
                }
            });
        }
        clients.join_all().await;
        check_transitions(&api.all(&format!("/sessions/{session}/events")).await);
        check_ledger(&api, &wallet).await;
    }
}

/// Checks that the events follow one another and that each was legal after the one before.
fn check_transitions(events: &[Value]) {
    let (mut held, mut free_games) = (false, 0);
    for (event, seq) in events.iter().zip(1..) {
        assert_eq!(event["seq"], seq);
        let action = &event["action"];
        match action["type"].as_str().unwrap() {
            "bet" => {
                assert!(!held && free_games == 0, "{event}");
                held = true;
            }
            "void" => {
                assert!(held, "{event}");
                held = false;
            }
            "spin" => {
                let with_amount = action.get("amount").is_some();
                assert_eq!(with_amount, !held && free_games == 0, "{event}");
                held = false;
                free_games = event["result"]["free_games"]["left"].as_i64().unwrap();
            }
            other => panic!("{other} was not asked for"),
        }
    }
}

/// Three servers on one database, as three machines would run them.
async fn three_servers() -> [Server; 3] {
    let store = Store::postgres().await;
    let start = || Server::start(Arc::clone(&store));
    let (first, second, third) = tokio::join!(start(), start(), start());
    [first, second, third]
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_on_one_postgres_share_a_limit() {
    let servers = three_servers().await;
    storm(&servers.each_ref().map(Server::client)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_servers_on_one_postgres_share_a_session_and_a_key() {
    let servers = three_servers().await;
    let apis = servers.each_ref().map(Server::client);
    let game = apis[0].game("fruit").await;
    let wallet = apis[0].wallet(&json!({"balance": "1000"})).await;
    let session = apis[0].session(&game, &wallet).await;
    for round in 0..20 {
        let mut clients = tokio::task::JoinSet::new();
        for client in 0..9 {
            let (api, session) = (apis[client % 3].clone(), session.clone());
            let key = format!("round-{round}");
            clients.spawn(async move {
                let path = format!("/sessions/{session}/action");
                api.post_keyed(&path, &key, &json!({"type": "spin", "amount": "1.00"})).await
            });
        }
        let answers = clients.join_all().await;
        assert_eq!(answers[0].status, 200, "{:?}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    check_transitions(&apis[1].all(&format!("/sessions/{session}/events")).await);
    let entries = check_ledger(&apis[2], &wallet).await;
    assert_eq!(entries.iter().filter(|entry| entry["kind"] == "stake").count(), 20);
}

/// Nine sessions on three wallets, each played through all three servers at once, with deposits in between.
#[tokio::test(flavor = "multi_thread")]
async fn three_servers_play_the_same_sessions_and_wallets() {
    let servers = three_servers().await;
    let apis = servers.each_ref().map(Server::client);
    let game = apis[0].game("pearl").await;
    let mut wallets = Vec::new();
    let mut sessions = Vec::new();
    for api in &apis {
        let wallet = api.wallet(&json!({"balance": "10000"})).await;
        for opener in &apis {
            // Opened on another server than the wallet, and seen there at once.
            sessions.push(opener.session(&game, &wallet).await);
        }
        wallets.push(wallet);
    }
    let mut clients = tokio::task::JoinSet::new();
    for (place, session) in sessions.iter().enumerate() {
        for (number, api) in apis.iter().enumerate() {
            let (api, session, wallet) = (api.clone(), session.clone(), wallets[place / 3].clone());
            clients.spawn(play_and_deposit(api, session, wallet, number));
        }
    }
    let deposited: usize = clients.join_all().await.into_iter().sum();
    let mut deposits = 0;
    for wallet in &wallets {
        let entries = check_ledger(&apis[0], wallet).await;
        deposits += entries.iter().filter(|entry| entry["kind"] == "deposit").count() - 1;
    }
    assert_eq!(deposits, deposited);
    for (session, api) in sessions.iter().zip(apis.iter().cycle()) {
        check_transitions(&api.all(&format!("/sessions/{session}/events")).await);
    }
}

/// Plays 30 actions, a deposit after every tenth; tells how many deposits were made.
async fn play_and_deposit(api: Api, session: String, wallet: String, number: usize) -> usize {
    let mut deposits = 0;
    for turn in 0..30 {
        let action = match (number + turn) % 3 {
            0 => json!({"type": "bet", "amount": "1.00"}),
            1 => json!({"type": "spin"}),
            _ => json!({"type": "spin", "amount": "0.50"}),
        };
        let answer = api.act(&session, &action).await;
        assert!(matches!(answer.status.as_u16(), 200 | 409), "{answer:?}");
        if turn % 10 == 9 {
            api.post(&format!("/wallets/{wallet}/operations"), &json!({"type": "deposit", "amount": "1"})).await.ok();
            deposits += 1;
        }
    }
    deposits
}
