//! Idempotency keys over HTTP: a replay gets the first answer, another body is refused.

use serde_json::{Value, json};

use crate::on_both_stores;
use crate::support::{Answer, Api, Server, check_ledger};

/// Posts the same request 64 times at once and gives the one answer that all of them got.
async fn post_64_times(api: &Api, path: &str, key: &str, body: &Value) -> Answer {
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (api, path, key, body) = (api.clone(), path.to_owned(), key.to_owned(), body.clone());
        calls.spawn(async move { api.post_keyed(&path, &key, &body).await });
    }
    let answers = calls.join_all().await;
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
    answers[0].clone()
}

on_both_stores! {
    async fn every_post_under_a_key_executes_once(server: Server) {
        let api = server.client();
        let document: Value = api.get("/games?limit=1").await.ok()["items"][0].clone();
        let game_body = json!({
            "name": "Again", "rng_signature": document["rng_signature"], "symbol_map": document["symbol_map"],
        });
        let game = post_64_times(&api, "/games", "key-game", &game_body).await;
        assert_eq!((game.status.as_u16(), &game.body["game_id"]), (200, &document["game_id"]));

        let wallet_body = json!({"balance": "50"});
        let wallet = post_64_times(&api, "/wallets", "key-wallet", &wallet_body).await;
        assert_eq!(wallet.status, 201);
        assert_eq!(api.all("/wallets").await.len(), 1);
        let wallet_id = wallet.body["wallet_id"].as_str().unwrap();

        let operations = format!("/wallets/{wallet_id}/operations");
        let deposit = json!({"type": "deposit", "amount": "5"});
        let deposited = post_64_times(&api, &operations, "key-deposit", &deposit).await;
        assert_eq!(deposited.ok()["wallet"]["balance"], "55.0000");

        let session_body = json!({"game_id": document["game_id"], "wallet_id": wallet_id});
        let session = post_64_times(&api, "/sessions", "key-session", &session_body).await;
        assert_eq!(session.status, 201);
        assert_eq!(api.all("/sessions").await.len(), 1);
        let idle = post_64_times(&api, "/sessions", "key-idle", &json!({"game_id": document["game_id"]})).await;
        assert_eq!((idle.status.as_u16(), api.all("/sessions").await.len()), (201, 2));

        let action = format!("/sessions/{}/action", session.body["session_id"].as_str().unwrap());
        post_64_times(&api, &action, "key-act", &json!({"type": "bet", "amount": "1"})).await.ok();
        let refused = post_64_times(&api, &action, "key-refused", &json!({"type": "bet", "amount": "1"})).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "invalid_transition"));
        // The first answer stays, although the same request would pass by now.
        api.post(&action, &json!({"type": "void"})).await.ok();
        assert_eq!(api.post_keyed(&action, "key-refused", &json!({"type": "bet", "amount": "1"})).await, refused);
        assert_eq!(check_ledger(&api, wallet_id).await.len(), 4);

        for (path, key, body) in [
            ("/wallets", "key-wallet", json!({"balance": "51"})),
            (operations.as_str(), "key-deposit", json!({"type": "withdraw", "amount": "5"})),
            (operations.as_str(), "key-deposit", json!({"type": "deposit", "amount": "5.0001"})),
            ("/sessions", "key-session", json!({"game_id": document["game_id"]})),
            ("/sessions", "key-wallet", session_body),
            (action.as_str(), "key-act", json!({"type": "bet", "amount": "2"})),
            (action.as_str(), "key-refused", json!({"type": "void"})),
            ("/wallets", "key-act", wallet_body),
        ] {
            let reused = api.post_keyed(path, key, &body).await;
            assert_eq!((reused.status.as_u16(), reused.code()), (422, "idempotency_key_reused"), "{path} {key}");
        }
    }
}
