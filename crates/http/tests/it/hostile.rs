//! Hostile input: whatever is sent, the answer is a refusal with a code or a success, never a 500.

use serde_json::{Value, json};

use crate::support::{Client, Request, fixture, redacted, text, tiny_game};

/// A request body that is accepted, with where it goes.
async fn accepted(client: &Client) -> Vec<(String, Value)> {
    let (game, wallet) = (client.game().await, client.wallet(json!({ "balance": "1000" })).await);
    let session = client.session(&wallet).await;
    let rates = json!({ "per_spin": "0.01", "per_query": "0.001" });
    let profile = json!({ "behavior": "random", "max_bet": "5", "more": "x" });
    vec![
        ("/games".to_owned(), {
            let mut body = tiny_game("Tiny");
            body["statistical_profile"] = json!(null);
            body
        }),
        ("/wallets".to_owned(), {
            json!({ "balance": "1", "daily_limit": "5", "cost_rate": rates, "time_zone": "UTC" })
        }),
        (format!("/wallets/{wallet}/operations"), json!({ "type": "deposit", "amount": "1" })),
        ("/sessions".to_owned(), {
            json!({ "game_id": game, "wallet_id": wallet, "player_profile": profile, "client_seed": "s" })
        }),
        (format!("/sessions/{session}/action"), json!({ "type": "spin", "amount": "0.01" })),
        (format!("/sessions/{session}/action"), json!({ "type": "probe", "spins": 2 })),
        (format!("/sessions/{session}/action"), json!({ "type": "attach_wallet", "wallet_id": wallet })),
    ]
}

/// The pointers to everything in a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, item)| pointers(item, &format!("{at}/{name}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

fn bad_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("x"),
        json!("\u{0}"),
        json!("\u{202e}\u{feff}💥"),
        json!("-1"),
        json!("1e9"),
        json!("0.00001"),
        json!("99999999999999999999999999"),
        json!("'; DROP TABLE wallets; --"),
        json!([]),
        json!([1, [2]]),
        json!({}),
        json!({ "$ne": null }),
    ]
}

#[actix_web::test]
async fn no_value_anywhere_is_the_server_s_fault() {
    let client = fixture().await.client;
    for (path, body) in accepted(&client).await {
        let mut places = Vec::new();
        pointers(&body, "", &mut places);
        for place in places {
            for bad in bad_values() {
                let mut body = body.clone();
                *body.pointer_mut(&place).unwrap() = bad.clone();
                let reply = client.post(path.clone(), body).await;
                let known = [200, 201, 404, 409, 422].contains(&reply.status.as_u16());
                assert!(known, "{path} {place} {bad}: {:#}", reply.json());
            }
        }
    }
}

#[actix_web::test]
async fn money_is_a_string_of_four_decimals_at_most() {
    let client = fixture().await.client;
    let amounts = [
        json!(1),
        json!(-1),
        json!(0.1),
        json!(true),
        json!([]),
        json!({}),
        json!("-1"),
        json!("+1"),
        json!("1e3"),
        json!("0.00001"),
        json!("1,000"),
        json!("01"),
        json!(" 1"),
        json!("1 "),
        json!("٣"),
        json!("NaN"),
        json!("Infinity"),
        json!("0x1"),
        json!("1\u{0}"),
        json!(""),
        json!("."),
        json!("1000000000000.0001"),
        json!("9".repeat(5000)),
    ];
    let places = [
        "/balance",
        "/daily_limit",
        "/cost_rate/per_spin",
        "/cost_rate/per_query",
        "/player_profile/max_bet",
        "/amount",
    ];
    for (path, body) in accepted(&client).await {
        for place in places {
            for amount in &amounts {
                let mut body = body.clone();
                let Some(field) = body.pointer_mut(place) else {
                    continue;
                };
                *field = amount.clone();
                let problem = client.post(path.clone(), body).await.problem(422, "invalid_amount");
                assert_eq!(problem["pointer"], place, "{path} {amount}");
                assert!(problem.to_string().len() < 1000, "a problem repeats what was sent at length");
            }
        }
    }
}

#[actix_web::test]
async fn unknown_fields_are_named() {
    let client = fixture().await.client;
    for (path, body) in accepted(&client).await {
        let mut odd = body.clone();
        odd["balance_after"] = json!("1");
        odd["id"] = json!(1);
        let problem = client.post(path.clone(), odd).await.problem(422, "invalid_request");
        assert_eq!(problem["pointer"], "/balance_after");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("\"balance_after\", \"id\""), "{detail}");
        for field in body.as_object().unwrap().keys() {
            assert!(detail.contains(field.as_str()), "{path}: {field} is not among the expected fields: {detail}");
        }
    }
    let rates = json!({ "balance": "1", "cost_rate": { "per_year": "1" } });
    let problem = client.post("/wallets", rates).await.problem(422, "invalid_request");
    assert_eq!(problem["pointer"], "/cost_rate/per_year");
}

#[actix_web::test]
async fn nul_is_refused_in_every_string_and_key() {
    let client = fixture().await.client;
    for (path, body) in accepted(&client).await {
        let mut places = Vec::new();
        pointers(&body, "", &mut places);
        for place in places {
            let mut odd = body.clone();
            let target = odd.pointer_mut(&place).unwrap();
            if target.is_object() {
                target["a\u{0}b"] = json!(1);
            } else {
                *target = json!("a\u{0}b");
            }
            let problem = client.post(path.clone(), odd).await.expect(422);
            let code = problem["code"].as_str().unwrap();
            assert!(["invalid_request", "invalid_amount"].contains(&code), "{path} {place}: {problem:#}");
            assert!(problem["pointer"].as_str().unwrap().starts_with(&place), "{path} {place}: {problem:#}");
        }
    }
}

#[actix_web::test]
async fn two_megabytes_anywhere_are_too_large() {
    let client = fixture().await.client;
    let long = "x".repeat(2_000_000);
    for (path, body) in accepted(&client).await {
        let field = body.as_object().unwrap().keys().next().unwrap().clone();
        let mut value = body.clone();
        value[&field] = json!(long);
        let mut key = body;
        key[&long] = json!(1);
        for odd in [value, key, json!(long)] {
            let reply = client.post(path.clone(), odd).await;
            if path == "/games" {
                assert_eq!(reply.problem(422, "invalid_game")["faults"][0]["pointer"], "");
            } else {
                assert_eq!(reply.problem(413, "body_too_large")["limit"], 1 << 20);
            }
        }
    }
    // Inside the limit, a long text is refused without being repeated.
    let name = "n".repeat(1_000_000);
    for body in [json!({ "balance": name }), json!({ "balance": "1", "time_zone": name }), json!({ name: 1 })] {
        let reply = client.post("/wallets", body).await;
        assert_eq!(reply.status, 422);
        assert!(reply.body.len() < 2000);
    }
    client
        .send(Request::post("/wallets", &json!({ "balance": "1" })).key(&long))
        .await
        .problem(422, "invalid_idempotency_key");
}

#[actix_web::test]
async fn sql_is_kept_as_text() {
    let client = fixture().await.client;
    let sql = "'; DROP TABLE wallets; --\" \\ $1 %s";
    let mut game = tiny_game(sql);
    assert_eq!(client.post("/games", game.clone()).await.expect(201)["name"], sql);
    game["symbol_map"]["symbols"][0]["name"] = json!("'; --");
    client.post("/games", game).await.problem(422, "invalid_game");
    let profile = json!({ "behavior": sql, sql: { sql: [sql] } });
    let body = json!({ "game_id": client.game().await, "player_profile": profile, "client_seed": sql });
    let opened = client.send(Request::post("/sessions", &body).key(sql)).await.expect(201);
    let session = client.get(format!("/sessions/{}", text(&opened, "session_id"))).await.expect(200);
    assert_eq!(session["player_profile"], profile);
    assert_eq!(session["fairness"]["client_seed"], sql);
    assert_eq!(redacted(&opened), redacted(&session));
}

#[actix_web::test]
async fn a_key_given_twice_counts_once() {
    let client = fixture().await.client;
    let body = r#"{"balance":"1","balance":"2"}"#;
    let reply =
        client.send(Request::new("POST", "/wallets").header("content-type", "application/json").raw(body)).await;
    assert_eq!(reply.expect(201)["balance"], "2.0000");
    let numbers = r#"{"type":"probe","spins":1,"spins":-0.0}"#;
    let session = client.session(&client.wallet(json!({ "balance": "1" })).await).await;
    let request =
        Request::new("POST", format!("/sessions/{session}/action")).header("content-type", "application/json");
    client.send(request.raw(numbers)).await.problem(422, "invalid_request");
}

#[actix_web::test]
async fn numbers_beyond_doubles_are_kept_or_refused_but_replayed_the_same() {
    let client = fixture().await.client;
    let game = client.game().await;
    let body = json!({ "game_id": game, "player_profile": { "n": u64::MAX, "m": i64::MIN, "f": 1e308, "t": 5e-324 } });
    let first = client.send(Request::post("/sessions", &body).key("n")).await;
    assert_eq!(client.send(Request::post("/sessions", &body).key("n")).await.expect(201), first.expect(201));
}
