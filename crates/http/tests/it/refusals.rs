//! Every code that a client can bring about, with the members that its problem has.

use serde_json::{Value, json};

use crate::support::{Client, NOBODY, Request, fixture, tiny_game};

#[track_caller]
fn assert_members(problem: &Value, members: Value) {
    for (name, value) in members.as_object().unwrap() {
        assert_eq!(&problem[name], value, "{name} of {problem:#}");
    }
}

async fn post_raw(client: &Client, body: &str) -> crate::support::Reply {
    client.send(Request::new("POST", "/wallets").header("content-type", "application/json").raw(body)).await
}

#[actix_web::test]
async fn bodies_that_are_not_json() {
    let client = fixture().await.client;
    let problem = post_raw(&client, "{\"balance\":\n  nope}").await.problem(400, "malformed_json");
    assert_members(&problem, json!({ "line": 2, "column": 4 }));
    for body in ["", "{", "{}x", "{\"balance\": 1e400}", "{\"balance\": \"\\ud800\"}", "{'balance': 1}", "NaN"] {
        post_raw(&client, body).await.problem(400, "malformed_json");
    }
    for body in ["[]", "null", "7", "\"x\"", "[{\"balance\":\"1\"}]"] {
        let problem = post_raw(&client, body).await.problem(422, "invalid_request");
        assert!(problem["detail"].as_str().unwrap().starts_with("an object was expected"), "{problem}");
    }
}

#[actix_web::test]
async fn media_types() {
    let client = fixture().await.client;
    let send = |content_type: &str| {
        let request = Request::new("POST", "/wallets").raw(r#"{"balance":"1"}"#);
        client.send(request.header("content-type", content_type))
    };
    for taken in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
        send(taken).await.expect(201);
    }
    for refused in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "json"] {
        send(refused).await.problem(415, "unsupported_media_type");
    }
    client.send(Request::new("POST", "/wallets").raw("{}")).await.problem(415, "unsupported_media_type");
    let zipped = Request::post("/wallets", &json!({})).header("content-encoding", "gzip");
    assert_eq!(client.send(zipped).await.header("accept-encoding"), "identity");
}

#[actix_web::test]
async fn ids_in_paths() {
    let client = fixture().await.client;
    for id in ["1", "x", &NOBODY[1..], &NOBODY.replace('-', ""), "%00", "%ff", "' OR 1=1", &"a".repeat(3000)] {
        let id = id.replace(' ', "%20");
        for path in ["/games", "/wallets", "/sessions"] {
            client.get(format!("{path}/{id}")).await.problem(400, "invalid_id");
        }
        client.act(&id, json!({ "type": "spin" })).await.problem(400, "invalid_id");
    }
    for path in [
        "/games/ID",
        "/wallets/ID",
        "/wallets/ID/ledger",
        "/sessions/ID",
        "/sessions/ID/events",
        "/sessions/ID/fairness",
        "/sessions/ID/metrics",
    ] {
        let problem = client.get(path.replace("ID", NOBODY)).await.problem(404, "not_found");
        assert_eq!(problem["id"], NOBODY);
    }
    client.act(NOBODY, json!({ "type": "spin" })).await.problem(404, "not_found");
    let deposit = json!({ "type": "deposit", "amount": "1" });
    client.post(format!("/wallets/{NOBODY}/operations"), deposit).await.problem(404, "not_found");
}

#[actix_web::test]
async fn games() {
    let client = fixture().await.client;
    let mut game = tiny_game("Broken");
    game["symbol_map"]["pays"] = json!({ "apple": { "3": 5 }, "seven": { "9": 1 } });
    game["rng_signature"]["seed"] = json!(1);
    let problem = client.post("/games", game).await.problem(422, "invalid_game");
    let pointers: Vec<&str> =
        problem["faults"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert!(pointers.contains(&"/rng_signature/seed"), "{pointers:?}");
    assert!(pointers.iter().any(|pointer| pointer.starts_with("/symbol_map/pays/apple")), "{pointers:?}");
    assert!(pointers.len() >= 3, "{pointers:?}");

    let mut game = tiny_game("Boastful");
    game["statistical_profile"] = json!({ "rtp": { "total": 0.99 } });
    client.post("/games", game).await.problem(422, "invalid_game");
    for name in [json!(""), json!("x".repeat(201)), json!(7)] {
        let mut game = tiny_game("");
        game["name"] = name;
        let problem = client.post("/games", game).await.problem(422, "invalid_request");
        assert_eq!(problem["pointer"], "/name");
    }
}

#[actix_web::test]
async fn what_names_nothing_in_a_body() {
    let client = fixture().await.client;
    let (game, wallet) = (client.game().await, client.wallet(json!({ "balance": "1" })).await);
    let open = |game: &str, wallet: &str| client.post("/sessions", json!({ "game_id": game, "wallet_id": wallet }));
    let problem = open(NOBODY, &wallet).await.problem(404, "not_found");
    assert_members(&problem, json!({ "resource": "game", "id": NOBODY }));
    let problem = open(&game, NOBODY).await.problem(404, "not_found");
    assert_members(&problem, json!({ "resource": "wallet", "id": NOBODY }));
    let problem = open(&game, "me").await.problem(422, "invalid_request");
    assert_members(&problem, json!({ "pointer": "/wallet_id" }));
}

#[actix_web::test]
async fn rules_of_play() {
    let client = fixture().await.client;
    let rates = json!({ "per_spin": "0.01" });
    let wallet = client.wallet(json!({ "balance": "10", "daily_limit": "4", "cost_rate": rates })).await;
    let body = json!({ "game_id": client.game().await, "wallet_id": wallet, "player_profile": { "max_bet": "6" } });
    let session = crate::support::text(&client.post("/sessions", body).await.expect(201), "session_id");
    let spin = |amount: &str| client.act(&session, json!({ "type": "spin", "amount": amount }));

    let problem = client.act(&session, json!({ "type": "spin" })).await.problem(409, "invalid_transition");
    let allowed = json!(["bet", "spin", "probe", "rotate_seed", "cash_out"]);
    assert_members(&problem, json!({ "state": "initialized", "allowed_actions": allowed }));
    let problem = spin("0.005").await.problem(422, "invalid_stake");
    assert_members(&problem, json!({ "stake": "0.0050", "unit_bet": "0.0100" }));
    spin("0").await.problem(422, "invalid_stake");
    let problem = spin("6.01").await.problem(422, "max_bet_exceeded");
    assert_members(&problem, json!({ "stake": "6.0100", "max_bet": "6.0000" }));
    let problem = spin("4").await.problem(422, "daily_limit_exceeded");
    assert_members(&problem, json!({ "daily_limit": "4.0000", "spent_today": "0.0000", "needed": "4.0100" }));
    let withdraw = json!({ "type": "withdraw", "amount": "10.0001" });
    let operations = format!("/wallets/{wallet}/operations");
    let problem = client.post(&operations, withdraw).await.problem(422, "insufficient_funds");
    assert_members(&problem, json!({ "balance": "10.0000", "needed": "10.0001" }));
    let problem = client.post(&operations, json!({ "type": "deposit", "amount": "0" })).await;
    assert_members(&problem.problem(422, "invalid_amount"), json!({ "pointer": "/amount" }));

    // Nothing of it left a trace.
    assert_eq!(client.get(format!("/sessions/{session}/events")).await.expect(200)["items"], json!([]));
    assert_eq!(client.get(format!("/wallets/{wallet}")).await.expect(200)["balance"], "10.0000");
}

#[actix_web::test]
async fn amounts_that_would_leave_their_range() {
    let client = fixture().await.client;
    let most = "1000000000000";
    let wallet = client.wallet(json!({ "balance": most })).await;
    let deposit = Request::post(format!("/wallets/{wallet}/operations"), &json!({ "type": "deposit", "amount": most }));
    client.send(deposit).await.expect(200);
    let mut answer = 200;
    for _ in 0..1000 {
        let body = json!({ "type": "deposit", "amount": most });
        let reply = client.post(format!("/wallets/{wallet}/operations"), body).await;
        answer = reply.status.as_u16();
        if answer != 200 {
            reply.problem(422, "amount_out_of_range");
            break;
        }
    }
    assert_eq!(answer, 422);
}

#[actix_web::test]
async fn actions() {
    let client = fixture().await.client;
    let session = client.session(&client.wallet(json!({ "balance": "10" })).await).await;
    for (body, pointer) in [
        (json!({}), "/type"),
        (json!({ "type": "expire" }), "/type"),
        (json!({ "type": "jackpot" }), "/type"),
        (json!({ "type": ["spin"] }), "/type"),
        (json!({ "type": "spin", "stake": "1" }), "/stake"),
        (json!({ "type": "cash_out", "amount": "1" }), "/amount"),
        (json!({ "type": "probe" }), "/spins"),
        (json!({ "type": "probe", "spins": 0 }), "/spins"),
        (json!({ "type": "probe", "spins": 10_001 }), "/spins"),
        (json!({ "type": "probe", "spins": 1.5 }), "/spins"),
        (json!({ "type": "attach_wallet" }), "/wallet_id"),
        (json!({ "type": "bet" }), "/amount"),
        (json!([{ "type": "spin", "stake": "1" }]), "/0/stake"),
        (json!("spin"), ""),
    ] {
        let problem = client.act(&session, body).await.problem(422, "invalid_request");
        assert_eq!(problem["pointer"], pointer, "{problem:#}");
    }
    let problem = client.act(&session, json!({ "type": "jackpot" })).await.problem(422, "invalid_request");
    assert_eq!(problem["expected"].as_array().unwrap().len(), 10);
}

#[actix_web::test]
async fn profiles() {
    let client = fixture().await.client;
    let game = client.game().await;
    let open = |profile: Value| client.post("/sessions", json!({ "game_id": game, "player_profile": profile }));
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    for (profile, code, pointer) in [
        (json!([]), "invalid_request", "/player_profile"),
        (json!({ "behavior": 1 }), "invalid_request", "/player_profile/behavior"),
        (json!({ "behavior": "x".repeat(65) }), "invalid_request", "/player_profile/behavior"),
        (json!({ "max_bet": 5 }), "invalid_amount", "/player_profile/max_bet"),
        (json!({ "max_bet": "0" }), "invalid_amount", "/player_profile/max_bet"),
        (json!({ "max_bet": "-1" }), "invalid_amount", "/player_profile/max_bet"),
        (json!({ "note": "x".repeat(16 * 1024) }), "invalid_request", "/player_profile"),
        (json!({ "deep": deep }), "invalid_request", "/player_profile"),
        (json!({ "version": 7 }), "invalid_request", "/player_profile/version"),
        (json!({ "a": [{ "b\u{0}": 1 }] }), "invalid_request", "/player_profile/a/0/b\u{0}"),
    ] {
        let problem = open(profile).await.problem(422, code);
        assert_eq!(problem["pointer"], pointer, "{problem:#}");
    }
    let kept =
        json!({ "behavior": "é".repeat(64), "max_bet": "5.0000", "tags": [1, null, 2.5, { "x": "y" }], "n": -0.1 });
    assert_eq!(open(kept.clone()).await.expect(201)["player_profile"], kept);
    for none in [json!(null), json!({}), json!({ "behavior": null, "max_bet": null })] {
        assert_eq!(open(none).await.expect(201)["player_profile"], json!({}));
    }
}

#[actix_web::test]
async fn seeds_and_zones() {
    let client = fixture().await.client;
    let game = client.game().await;
    let open = |seed: Value| client.post("/sessions", json!({ "game_id": game, "client_seed": seed }));
    for seed in [json!("x".repeat(257)), json!(7), json!("a\u{0}b")] {
        assert_eq!(open(seed).await.problem(422, "invalid_request")["pointer"], "/client_seed");
    }
    assert_eq!(open(json!("x".repeat(256))).await.expect(201)["fairness"]["client_seed"], "x".repeat(256));
    for zone in [json!("Mars/Olympus"), json!(""), json!(1), json!("europe berlin")] {
        let problem = client.post("/wallets", json!({ "balance": "1", "time_zone": zone })).await;
        assert_eq!(problem.problem(422, "invalid_request")["pointer"], "/time_zone");
    }
}

#[actix_web::test]
async fn idempotency_keys() {
    let client = fixture().await.client;
    let send = |key: Vec<u8>| {
        client.send(Request::post("/wallets", &json!({ "balance": "1" })).header("idempotency-key", key))
    };
    send(vec![b'k'; 255]).await.expect(201);
    for key in [vec![], vec![b'k'; 256], "schlüssel".into(), vec![0xff, 0xfe]] {
        send(key).await.problem(422, "invalid_idempotency_key");
    }
    let twice = Request::post("/wallets", &json!({ "balance": "1" })).key("a").key("b");
    client.send(twice).await.problem(422, "invalid_idempotency_key");
}
