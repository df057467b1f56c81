//! Idempotency keys: a replay gets the first answer, whatever has happened since.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Client, Reply, Request, fixture, text, tiny_game};

fn assert_same(first: &Reply, again: &Reply) {
    assert_eq!(first.status, again.status);
    // A request's id is its own, and all that differs.
    let told = |reply: &Reply| {
        let mut body = reply.json();
        body.as_object_mut().unwrap().remove("request_id");
        body
    };
    assert_eq!(told(first), told(again));
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(first.header("content-type"), again.header("content-type"));
}

async fn count(client: &Client, path: String) -> usize {
    client.get(path).await.expect(200)["items"].as_array().unwrap().len()
}

#[actix_web::test]
async fn every_write_is_done_once() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "100" })).await;
    let session = client.session(&wallet).await;
    let game = client.game().await;
    for (path, body, status) in [
        (
            "/games".to_owned(),
            {
                let mut other = tiny_game("Other");
                other["symbol_map"]["pays"]["seven"]["3"] = json!(4);
                other
            },
            201,
        ),
        ("/games".to_owned(), tiny_game("Tiny again"), 200),
        ("/wallets".to_owned(), json!({ "balance": "7" }), 201),
        (format!("/wallets/{wallet}/operations"), json!({ "type": "deposit", "amount": "1" }), 200),
        ("/sessions".to_owned(), json!({ "game_id": game, "wallet_id": wallet }), 201),
        ("/sessions".to_owned(), json!({ "game_id": game }), 201),
        (format!("/sessions/{session}/action"), json!({ "type": "spin", "amount": "1" }), 200),
    ] {
        let key = format!("{path} {status}{body}").chars().take(200).collect::<String>();
        let first = client.send(Request::post(path.clone(), &body).key(&key)).await;
        first.expect(status);
        // Something else happens in between.
        client.act(&session, json!({ "type": "probe", "spins": 1 })).await;
        assert_same(&first, &client.send(Request::post(path.clone(), &body).key(&key)).await);
        let other = client.send(Request::post(path.clone(), &body)).await;
        if status == 201 && path != "/games" {
            assert_ne!(other.json(), first.json(), "{path}: without a key it is done again");
        }
    }
    assert_eq!(count(&client, "/wallets".to_owned()).await, 3);
}

#[actix_web::test]
async fn refusals_are_replayed_too() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "1" })).await;
    let session = client.session(&wallet).await;
    let spin =
        || Request::post(format!("/sessions/{session}/action"), &json!({ "type": "spin", "amount": "5" })).key("k");
    let operations = format!("/wallets/{wallet}/operations");
    let withdraw = || Request::post(operations.clone(), &json!({ "type": "withdraw", "amount": "5" })).key("w");
    let (spun, withdrawn) = (client.send(spin()).await, client.send(withdraw()).await);
    spun.problem(422, "insufficient_funds");
    withdrawn.problem(422, "insufficient_funds");
    client.post(&operations, json!({ "type": "deposit", "amount": "50" })).await.expect(200);
    assert_same(&spun, &client.send(spin()).await);
    assert_same(&withdrawn, &client.send(withdraw()).await);
    client.act(&session, json!({ "type": "spin", "amount": "5" })).await.expect(200);
}

#[actix_web::test]
async fn a_key_is_bound_to_its_request() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10" })).await;
    let session = client.session(&wallet).await;
    let send = |path: String, body: Value| client.send(Request::post(path, &body).key("one"));
    let operations = format!("/wallets/{wallet}/operations");
    let first = send(operations.clone(), json!({ "type": "deposit", "amount": "1" })).await;
    first.expect(200);
    // The same request in other words is the same request.
    assert_same(&first, &send(operations.clone(), json!({ "amount": "1.0000", "type": "deposit" })).await);
    for (path, body) in [
        (operations.clone(), json!({ "type": "deposit", "amount": "2" })),
        (operations, json!({ "type": "withdraw", "amount": "1" })),
        (format!("/sessions/{session}/action"), json!({ "type": "spin", "amount": "1" })),
        ("/wallets".to_owned(), json!({ "balance": "1" })),
        ("/games".to_owned(), tiny_game("Tiny")),
    ] {
        send(path, body).await.problem(422, "idempotency_key_reused");
    }
}

#[actix_web::test]
async fn a_malformed_request_binds_no_key() {
    let client = fixture().await.client;
    let send = |body: Value| client.send(Request::post("/wallets", &body).key("k"));
    send(json!({ "balance": 1 })).await.problem(422, "invalid_amount");
    send(json!({ "balance": "1", "x": 1 })).await.problem(422, "invalid_request");
    send(json!({ "balance": "1" })).await.expect(201);
}

#[actix_web::test]
async fn many_at_once_are_done_once() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "100" })).await;
    let session = client.session(&wallet).await;
    let game = client.game().await;
    for (path, body) in [
        (format!("/sessions/{session}/action"), json!({ "type": "spin", "amount": "1" })),
        (format!("/wallets/{wallet}/operations"), json!({ "type": "deposit", "amount": "1" })),
        ("/wallets".to_owned(), json!({ "balance": "3" })),
        ("/sessions".to_owned(), json!({ "game_id": game, "wallet_id": wallet })),
    ] {
        let key = path.replace('/', "-");
        let replies = join_all((0..64).map(|_| client.send(Request::post(path.clone(), &body).key(&key)))).await;
        assert!(replies[0].status.is_success());
        for reply in &replies {
            assert_same(&replies[0], reply);
        }
    }
    assert_eq!(count(&client, format!("/sessions/{session}/events")).await, 1);
    // The opening deposit, the stake, the payout of three sevens, the deposit.
    assert_eq!(count(&client, format!("/wallets/{wallet}/ledger")).await, 4);
    assert_eq!(count(&client, "/wallets".to_owned()).await, 2);
    assert_eq!(count(&client, "/sessions".to_owned()).await, 2);
}

#[actix_web::test]
async fn many_without_a_key_are_done_each() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "100" })).await;
    let session = client.session(&wallet).await;
    let spins = (0..64).map(|_| client.act(&session, json!({ "type": "spin", "amount": "1" })));
    let mut seqs: Vec<i64> =
        join_all(spins).await.iter().map(|reply| reply.expect(200)["event"]["seq"].as_i64().unwrap()).collect();
    seqs.sort_unstable();
    assert!(seqs.into_iter().eq(1..=64));
    let events = client.get(format!("/sessions/{session}/events")).await.expect(200);
    assert_eq!(
        text(&events["items"][63], "hash"),
        text(&client.get(format!("/sessions/{session}")).await.json(), "chain_head")
    );
}
