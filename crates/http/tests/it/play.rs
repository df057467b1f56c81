//! Play from the catalogue to the cash-out, with the bodies as they are.

use reelhouse_domain::fairness::{SessionProof, verify};
use serde_json::{Value, json};

use crate::support::{at_hour, fixture, redacted, text, tiny_game};

fn assert_snapshot(name: &str, body: &Value) {
    insta::assert_json_snapshot!(name, redacted(body));
}

#[actix_web::test]
async fn from_the_catalogue_to_the_cash_out() {
    let client = fixture().await.client;

    let created = client.post("/games", tiny_game("Tiny")).await;
    let mut game = created.expect(201);
    let game_id = text(&game, "game_id");
    assert_eq!(created.header("location"), format!("/games/{game_id}"));
    assert_eq!(client.get(format!("/games/{game_id}")).await.expect(200), game);
    game["statistical_profile"] = json!("[profile]");
    assert_snapshot("game", &game);

    let rates = json!({ "per_spin": "0.01", "per_query": "0.001" });
    let body = json!({ "balance": "100.00", "daily_limit": "50", "cost_rate": rates, "time_zone": "Europe/Berlin" });
    let created = client.post("/wallets", body).await;
    let wallet = created.expect(201);
    let wallet_id = text(&wallet, "wallet_id");
    assert_eq!(created.header("location"), format!("/wallets/{wallet_id}"));
    assert_eq!(client.get(format!("/wallets/{wallet_id}")).await.expect(200), wallet);
    assert_snapshot("wallet", &wallet);

    let profile = json!({ "behavior": "conservative", "max_bet": "5.00", "mood": { "calm": true } });
    let body = json!({ "game_id": game_id, "wallet_id": wallet_id, "player_profile": profile, "client_seed": "lucky" });
    let created = client.post("/sessions", body).await;
    let session = created.expect(201);
    let session_id = text(&session, "session_id");
    assert_eq!(created.header("location"), format!("/sessions/{session_id}"));
    assert_eq!(client.get(format!("/sessions/{session_id}")).await.expect(200), session);
    assert_snapshot("session", &session);

    let bet = client.act(&session_id, json!({ "type": "bet", "amount": "1.00" })).await.expect(200);
    assert_snapshot("bet", &bet);
    let win = client.act(&session_id, json!({ "type": "spin" })).await.expect(200);
    assert_eq!(win["event"]["result"]["payout"], "5.0000");
    assert_snapshot("spin", &win);
    let loss = client.act(&session_id, json!({ "type": "spin", "amount": "2.00" })).await.expect(200);
    assert_eq!(loss["event"]["reward"], -2.01);
    client.act(&session_id, json!({ "type": "probe", "spins": 3 })).await.expect(200);
    client.act(&session_id, json!({ "type": "bet", "amount": "0.50" })).await.expect(200);
    client.act(&session_id, json!({ "type": "void" })).await.expect(200);

    let before = client.get(format!("/sessions/{session_id}/fairness")).await.expect(200);
    assert_eq!(before["server_seed"], Value::Null);
    let end = client.act(&session_id, json!({ "type": "cash_out" })).await.expect(200);
    assert_snapshot("cash_out", &end);
    let after = client.get(format!("/sessions/{session_id}/fairness")).await.expect(200);
    assert_eq!(after["commitment"], before["commitment"]);
    assert!(after["server_seed"].is_string());
    assert_snapshot("fairness", &after);
    assert_eq!(end["head"], after["head"]);
    assert_eq!(before["head"], Value::Null);
    assert_snapshot("metrics", &client.get(format!("/sessions/{session_id}/metrics")).await.expect(200));

    let events = client.get(format!("/sessions/{session_id}/events")).await.expect(200);
    assert_eq!(events["items"][0], bet["event"]);
    assert_eq!(events["items"][6], end["event"]);
    assert_eq!(events["items"].as_array().unwrap().len(), 7);
    let ledger = client.get(format!("/wallets/{wallet_id}/ledger")).await.expect(200);
    assert_snapshot("ledger", &ledger);
    let last = ledger["items"].as_array().unwrap().last().unwrap()["balance_after"].clone();
    assert_eq!(client.get(format!("/wallets/{wallet_id}")).await.expect(200)["balance"], last);
}

#[actix_web::test]
async fn the_same_definition_is_the_same_game() {
    let client = fixture().await.client;
    let first = client.post("/games", tiny_game("First")).await.expect(201);
    let again = client.post("/games", tiny_game("Second")).await;
    assert_eq!(again.expect(200), first);
    assert_eq!(again.header("location"), "");
    assert_eq!(client.get("/games").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_idle_session_attaches_a_wallet_or_is_closed() {
    let client = fixture().await.client;
    let (game, wallet) = (client.game().await, client.wallet(json!({ "balance": "1" })).await);
    let idle = client.post("/sessions", json!({ "game_id": game })).await.expect(201);
    assert_eq!((&idle["state"], &idle["current_wallet_id"]), (&json!("idle"), &Value::Null));
    let session = text(&idle, "session_id");
    let attach = json!({ "type": "attach_wallet", "wallet_id": wallet });
    let attached = client.act(&session, attach).await.expect(200);
    assert_eq!(attached["session"]["state"], "initialized");
    assert_eq!(attached["wallet"]["wallet_id"], wallet);

    let idle = client.post("/sessions", json!({ "game_id": game, "wallet_id": null })).await.expect(201);
    let closed = client.act(&text(&idle, "session_id"), json!({ "type": "close" })).await.expect(200);
    assert_eq!((&closed["session"]["state"], &closed["wallet"]), (&json!("completed"), &Value::Null));
}

#[actix_web::test]
async fn operations_move_the_balance_and_the_limit() {
    let fixture = fixture().await;
    let client = fixture.client;
    let wallet = client.wallet(json!({ "balance": "10", "daily_limit": "5" })).await;
    let operate = |kind: &str, amount: &str| {
        client.post(format!("/wallets/{wallet}/operations"), json!({ "type": kind, "amount": amount }))
    };
    let deposit = operate("deposit", "2.5").await.expect(200);
    assert_snapshot("operation", &deposit);
    assert_eq!(operate("withdraw", "0.5").await.expect(200)["wallet"]["balance"], "12.0000");
    assert_eq!(operate("set_daily_limit", "4").await.expect(200)["wallet"]["daily_limit"], "4.0000");

    let raised = operate("set_daily_limit", "9").await.expect(200);
    assert_eq!(raised["wallet"]["daily_limit"], "4.0000");
    let pending = json!({ "daily_limit": "9.0000", "from": "2026-01-02T12:00:00.000Z" });
    assert_eq!(raised["wallet"]["pending_daily_limit"], pending);
    fixture.clock.set(at_hour(24));
    let later = client.get(format!("/wallets/{wallet}")).await.expect(200);
    assert_eq!((&later["daily_limit"], &later["pending_daily_limit"]), (&json!("9.0000"), &Value::Null));
}

#[actix_web::test]
async fn an_operator_holds_a_session_and_lets_it_go_on() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10" })).await;
    let session = client.session(&wallet).await;
    let held = client.act(&session, json!({ "type": "suspend" })).await.expect(200);
    assert_eq!(held["session"]["state"], "suspended");
    let refused =
        client.act(&session, json!({ "type": "bet", "amount": "1" })).await.problem(409, "invalid_transition");
    assert_eq!(refused["allowed_actions"], json!(["resume", "cash_out"]));
    let resumed = client.act(&session, json!({ "type": "resume" })).await.expect(200);
    assert_eq!(resumed["session"]["state"], "initialized");
}

#[actix_web::test]
async fn a_proof_is_downloaded_once_the_session_has_ended() {
    let client = fixture().await.client;
    let wallet = client.wallet(json!({ "balance": "10" })).await;
    let session = client.session(&wallet).await;
    let rotated = client.act(&session, json!({ "type": "rotate_seed", "client_seed": "mine" })).await.expect(200);
    assert_eq!(rotated["event"]["result"]["commitment"], rotated["session"]["fairness"]["commitment"]);
    assert_eq!(rotated["session"]["fairness"]["client_seed"], "mine");
    client.act(&session, json!({ "type": "spin", "amount": "1" })).await.expect(200);
    let refused = client.get(format!("/sessions/{session}/proof")).await.problem(409, "session_not_ended");
    assert_eq!(refused["state"], "playing");
    client.act(&session, json!({ "type": "cash_out" })).await.expect(200);

    let download = client.get(format!("/sessions/{session}/proof")).await;
    let body = download.expect(200);
    let name = format!("attachment; filename=\"session-{session}.proof.json\"");
    assert_eq!(download.header("content-disposition"), name);
    assert_eq!(download.header("content-type"), "application/json");
    let text = String::from_utf8(download.body.to_vec()).unwrap();
    let proof = SessionProof::read(&text).unwrap();
    assert_eq!((proof.body.events.len(), proof.body.seeds.len()), (3, 2));
    let fairness = client.get(format!("/sessions/{session}/fairness")).await.expect(200);
    assert_eq!((&fairness["genesis"], &fairness["head"]), (&body["genesis"], &body["head"]));
    assert_eq!(fairness["public_key"], body["head"]["public_key"]);
    // The draws of this house are scripted, and that is what the verifier finds.
    let findings = verify(&proof, Some(&proof.body.head.public_key)).unwrap_err();
    assert!(findings.iter().all(|finding| finding.seq == Some(2)), "{findings:#?}");
    assert!(findings.iter().any(|finding| finding.pointer.starts_with("/result/stops")), "{findings:#?}");
}
