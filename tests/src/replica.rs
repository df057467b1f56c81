//! Reads from a replica: lists and pages go there, what is found by its id does not.

use std::sync::Arc;

use serde_json::json;

use crate::support::{Server, Store};

/// The replica here is another database without a row in it, so that it shows which read went where.
#[tokio::test(flavor = "multi_thread")]
async fn lists_and_pages_come_from_the_replica_and_the_rest_does_not() {
    let (primary, replica) = (Store::postgres().await, Store::postgres().await);
    // Migrates the replica's schema.
    drop(Server::start(Arc::clone(&replica)).await);
    let read_url = format!("{}%20-cdefault_transaction_read_only%3Don", replica.url());
    let server = Server::start_with(primary, &[("DATABASE_READ_URL", &read_url)]).await;
    let api = server.client();

    // Both have the seeded games, under ids of their own.
    let game = api.game("fruit").await;
    assert_eq!(api.get(&format!("/games/{game}")).await.code(), "not_found");
    let game = own_game(&api).await;
    let wallet = api.wallet(&json!({"balance": "10"})).await;
    let session = api.session(&game, &wallet).await;
    api.act(&session, &json!({"type": "bet", "amount": "1"})).await.ok();

    assert_eq!(api.get(&format!("/wallets/{wallet}")).await.ok()["balance"], "9.0000");
    assert_eq!(api.get(&format!("/sessions/{session}")).await.ok()["state"], "bet_placed");
    for list in ["/wallets".to_owned(), "/sessions".to_owned(), format!("/wallets/{wallet}/ledger")] {
        assert!(api.all(&list).await.is_empty(), "{list}");
    }
    assert!(api.all(&format!("/sessions/{session}/events")).await.is_empty());
    assert_eq!(api.get(&format!("/sessions/{}/events", uuid())).await.code(), "not_found");
    // A proof is put together from the store itself, whatever the replica has.
    api.act(&session, &json!({"type": "void"})).await.ok();
    api.act(&session, &json!({"type": "cash_out"})).await.ok();
    api.get(&format!("/sessions/{session}/fairness")).await.ok();
}

/// A game of the primary: posting its definition gives its id there.
async fn own_game(api: &crate::support::Api) -> String {
    let game = api.get("/games?limit=1").await.ok()["items"][0].clone();
    let definition = json!({
        "name": game["name"], "rng_signature": game["rng_signature"], "symbol_map": game["symbol_map"],
    });
    api.post("/games", &definition).await.ok()["game_id"].as_str().unwrap().to_owned()
}

fn uuid() -> String {
    "019a0000-0000-7abc-8000-000000000000".to_owned()
}
