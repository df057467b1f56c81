//! Playing: a seeded game from the wallet to the cash-out, and what is recorded of it.

use serde_json::{Value, json};

use crate::on_both_stores;
use crate::support::{Api, Server, check_ledger, units};

/// Plays `rounds` paid spins with their free games.
async fn play(api: &Api, session: &str, stake: &str, rounds: usize) {
    let mut state = api.get(&format!("/sessions/{session}")).await.ok()["state"].clone();
    let mut played = 0;
    while played < rounds || state == "free_games" {
        let action = if state == "free_games" {
            json!({"type": "spin"})
        } else {
            played += 1;
            json!({"type": "spin", "amount": stake})
        };
        state = api.act(session, &action).await.ok()["session"]["state"].clone();
    }
}

on_both_stores! {
    async fn a_seeded_game_is_played_to_its_cash_out(server: Server) {
        let api = server.client();
        let game = api.game("pearl").await;
        let wallet = api.wallet(&json!({
            "balance": "500.00", "daily_limit": "400", "cost_rate": {"per_spin": "0.01", "per_query": "0.001"},
        })).await;
        let body = json!({
            "game_id": game, "wallet_id": wallet, "client_seed": "lucky",
            "player_profile": {"behavior": "conservative", "max_bet": "5.00", "note": "kept as it came"},
        });
        let opened = api.post("/sessions", &body).await.ok();
        assert_eq!(opened["state"], "initialized");
        assert_eq!(opened["player_profile"]["note"], "kept as it came");
        assert_eq!(opened["fairness"]["commitment"].as_str().unwrap().len(), 64);
        assert_eq!(opened["fairness"]["server_seed"], Value::Null);
        let session = opened["session_id"].as_str().unwrap();

        api.act(session, &json!({"type": "bet", "amount": "1"})).await.ok();
        let voided = api.act(session, &json!({"type": "void"})).await.ok();
        assert_eq!(voided["wallet"]["spent_today"], "0.0000");
        api.act(session, &json!({"type": "bet", "amount": "2.00"})).await.ok();
        let spun = api.act(session, &json!({"type": "spin"})).await.ok();
        assert_eq!(spun["event"]["result"]["stake"], "2.0000");
        play(&api, session, "1.00", 150).await;
        api.act(session, &json!({"type": "probe", "spins": 100})).await.ok();
        let out = api.act(session, &json!({"type": "cash_out"})).await.ok();
        assert_eq!(out["session"]["state"], "completed");
        assert_eq!(out["session"]["fairness"]["server_seed"].as_str().unwrap().len(), 64);
        let refused = api.act(session, &json!({"type": "spin", "amount": "1.00"})).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "invalid_transition"));
        assert_eq!(refused.body["state"], "completed");
        assert_eq!(refused.body["allowed_actions"], json!([]));

        let events = api.all(&format!("/sessions/{session}/events")).await;
        let seqs: Vec<i64> = events.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
        assert_eq!(seqs, (1..=events.len() as i64).collect::<Vec<_>>());
        let entries = check_ledger(&api, &wallet).await;
        let fees: i64 = entries.iter().filter(|entry| entry["account"] == "fees").map(|e| -units(&e["amount"])).sum();
        assert_eq!(fees, 151 * 100 + 100 * 10);
        let metrics = api.get(&format!("/sessions/{session}/metrics")).await.ok();
        let metrics = metrics.get("metrics").unwrap_or(&metrics);
        assert_eq!(metrics["spins"], 151);
        assert_eq!(units(&metrics["fees"]), fees);
        let payouts: i64 = events.iter().filter_map(|event| event["result"].get("payout")).map(units).sum();
        assert_eq!(units(&metrics["won"]), payouts);
        assert_eq!(units(&metrics["wagered"]), 152 * 10_000);
    }

    async fn a_session_without_a_wallet_waits_for_one(server: Server) {
        let api = server.client();
        let game = api.game("fruit").await;
        let idle = api.post("/sessions", &json!({"game_id": game})).await.ok();
        assert_eq!((idle["state"].clone(), idle["allowed_actions"].clone()), (json!("idle"), json!(["attach_wallet", "close"])));
        let session = idle["session_id"].as_str().unwrap();
        let refused = api.act(session, &json!({"type": "bet", "amount": "1"})).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "invalid_transition"));
        // The wallet is of another shard than the session, save once in 4096 runs.
        let wallet = api.wallet(&json!({"balance": "10"})).await;
        let attached = api.act(session, &json!({"type": "attach_wallet", "wallet_id": wallet})).await.ok();
        assert_eq!(attached["session"]["state"], "initialized");
        api.act(session, &json!({"type": "spin", "amount": "1"})).await.ok();
        let other = api.wallet(&json!({"balance": "20"})).await;
        let attached = api.act(session, &json!({"type": "attach_wallet", "wallet_id": other})).await.ok();
        assert_eq!(attached["wallet"], json!({"wallet_id": other, "balance": "20.0000", "spent_today": "0.0000"}));
        api.act(session, &json!({"type": "spin", "amount": "1"})).await.ok();
        check_ledger(&api, &wallet).await;
        check_ledger(&api, &other).await;
    }

    async fn an_operator_holds_a_session(server: Server) {
        let api = server.client();
        let (game, wallet) = (api.game("fruit").await, api.wallet(&json!({"balance": "10"})).await);
        let session = api.session(&game, &wallet).await;
        api.act(&session, &json!({"type": "bet", "amount": "1"})).await.ok();
        api.act(&session, &json!({"type": "suspend"})).await.ok();
        let refused = api.act(&session, &json!({"type": "cash_out"})).await;
        assert_eq!((refused.code(), refused.body["allowed_actions"].clone()), ("invalid_transition", json!(["resume"])));
        let resumed = api.act(&session, &json!({"type": "resume"})).await.ok();
        assert_eq!(resumed["session"]["state"], "bet_placed");
        api.act(&session, &json!({"type": "spin"})).await.ok();
    }

    async fn what_was_written_outlives_the_server(server: Server) {
        let api = server.client();
        let (game, wallet) = (api.game("fruit").await, api.wallet(&json!({"balance": "10"})).await);
        let session = api.session(&game, &wallet).await;
        play(&api, &session, "0.50", 5).await;
        let before = api.get(&format!("/sessions/{session}")).await;
        let events = api.all(&format!("/sessions/{session}/events")).await;
        let mut server = server;
        server.child.kill().await.unwrap();
        let server = Server::start(std::sync::Arc::clone(&server.store)).await;
        let api = server.client();
        assert_eq!(api.get(&format!("/sessions/{session}")).await, before);
        assert_eq!(api.all(&format!("/sessions/{session}/events")).await, events);
        play(&api, &session, "0.50", 1).await;
        check_ledger(&api, &wallet).await;
    }
}
